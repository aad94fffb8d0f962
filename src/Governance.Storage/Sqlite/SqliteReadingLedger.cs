using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// The reading ledger in one SQLite file. Rows are appended by row id, so a commit touches few pages however many
/// sources it holds; a small unique index fences former owners.
/// </summary>
public sealed class SqliteReadingLedger : IReadingLedger
{
    private const string Schema = """
        CREATE TABLE source (source INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE chunk (
          source INTEGER NOT NULL, chunk_no INTEGER NOT NULL, writer BLOB NOT NULL, kind INTEGER NOT NULL,
          first_sampled INTEGER NOT NULL, last_sampled INTEGER NOT NULL, count INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE UNIQUE INDEX chunk_number ON chunk (source, chunk_no);
        CREATE INDEX chunk_sampled ON chunk (source, last_sampled, first_sampled)
        """;

    private readonly SqliteFile _file;
    private readonly GroupCommit<LedgerChunk, AppendOutcome> _writer;
    private readonly Dictionary<string, long> _sources = [];
    private SqliteCommand? _last, _insert;

    public SqliteReadingLedger(string path, ICommitFaults? faults = null)
    {
        _file = new SqliteFile(path, 1, Schema);
        _writer = new GroupCommit<LedgerChunk, AppendOutcome>("ledger", _file.OpenWriter(), Write, faults, _sources.Clear);
    }

    public async Task<AppendOutcome> AppendAsync(LedgerChunk chunk)
    {
        try { return await _writer.SubmitAsync(chunk, chunk.Payload.Length + 100).ConfigureAwait(false); }
        catch (Exception e) when (e is SqliteException or IOException or InvalidOperationException) { return AppendOutcome.Failed; }
    }

    public async Task<long> TakeOwnershipAsync(string sourceId, Guid writer, DateTimeOffset at, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var number = LastChunk(sourceId) + 1;
            var outcome = await AppendAsync(new LedgerChunk(sourceId, number, writer, ChunkKind.Ownership, at, at, 0, ReadOnlyMemory<byte>.Empty)).ConfigureAwait(false);
            if (outcome == AppendOutcome.Stored) return number;
            if (outcome == AppendOutcome.Failed) throw new IOException($"the ledger could not store the ownership of {sourceId}");
        }
    }

    public IAsyncEnumerable<LedgerChunk> ReadTailAsync(string sourceId, long after, long before, CancellationToken cancel) =>
        Read(sourceId, "c.chunk_no > $a AND c.chunk_no < $b", after, before, cancel);

    public IAsyncEnumerable<LedgerChunk> ReadRangeAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Read(sourceId, $"c.last_sampled >= $a AND c.first_sampled <= $b AND c.kind = {(int)ChunkKind.Readings}", Ticks(from), Ticks(to), cancel);

    public Task<long> CountReadingsAsync(string? sourceId, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(c.count), 0) FROM chunk c JOIN source s USING (source) WHERE $id IS NULL OR s.id = $id";
        command.Parameters.AddWithValue("$id", (object?)sourceId ?? DBNull.Value);
        return Task.FromResult((long)command.ExecuteScalar()!);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>Inside the transaction, so that a chunk of another process is seen: dense or nothing.</summary>
    private AppendOutcome Write(SqliteConnection connection, SqliteTransaction transaction, LedgerChunk chunk)
    {
        var source = SourceOf(connection, transaction, chunk.SourceId);
        _last ??= Prepared(connection, "SELECT max(chunk_no) FROM chunk WHERE source = $s", "$s");
        _last.Transaction = transaction;
        _last.Parameters[0].Value = source;
        var last = _last.ExecuteScalar() is long number ? number : 0;
        if (chunk.ChunkNo <= last) return IsRepeat(connection, transaction, source, chunk) ? AppendOutcome.Stored : AppendOutcome.Conflict;
        if (chunk.ChunkNo != last + 1) return AppendOutcome.Conflict;
        _insert ??= Prepared(connection,
            "INSERT INTO chunk (source, chunk_no, writer, kind, first_sampled, last_sampled, count, payload) VALUES ($s, $n, $w, $k, $f, $l, $c, $p)",
            "$s", "$n", "$w", "$k", "$f", "$l", "$c", "$p");
        _insert.Transaction = transaction;
        object[] values = [source, chunk.ChunkNo, chunk.Writer.ToByteArray(), (int)chunk.Kind, Ticks(chunk.FirstSampledAt), Ticks(chunk.LastSampledAt), chunk.Count, chunk.Payload.ToArray()];
        for (var i = 0; i < values.Length; i++) _insert.Parameters[i].Value = values[i];
        _insert.ExecuteNonQuery();
        return AppendOutcome.Stored;
    }

    private static bool IsRepeat(SqliteConnection connection, SqliteTransaction transaction, long source, LedgerChunk chunk)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT writer FROM chunk WHERE source = $s AND chunk_no = $n";
        command.Parameters.AddWithValue("$s", source);
        command.Parameters.AddWithValue("$n", chunk.ChunkNo);
        return command.ExecuteScalar() is byte[] writer && new Guid(writer) == chunk.Writer;
    }

    private long SourceOf(SqliteConnection connection, SqliteTransaction transaction, string id)
    {
        // Forgotten when a batch is rolled back: an id that was interned there does not exist.
        if (_sources.TryGetValue(id, out var known)) return known;
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT source FROM source WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        if (command.ExecuteScalar() is long found) return _sources[id] = found;
        command.CommandText = "INSERT INTO source (id) VALUES ($id) RETURNING source";
        return (long)command.ExecuteScalar()!;
    }

    private long LastChunk(string sourceId)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT max(c.chunk_no) FROM chunk c JOIN source s USING (source) WHERE s.id = $id";
        command.Parameters.AddWithValue("$id", sourceId);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private async IAsyncEnumerable<LedgerChunk> Read(string sourceId, string where, long a, long b, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = _file.OpenReader();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT c.chunk_no, c.writer, c.kind, c.first_sampled, c.last_sampled, c.count, c.payload
            FROM chunk c JOIN source s USING (source) WHERE s.id = $id AND {where} ORDER BY c.chunk_no
            """;
        command.Parameters.AddWithValue("$id", sourceId);
        command.Parameters.AddWithValue("$a", a);
        command.Parameters.AddWithValue("$b", b);
        await using var rows = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        while (await rows.ReadAsync(cancel).ConfigureAwait(false))
            yield return new LedgerChunk(sourceId, rows.GetInt64(0), new Guid(rows.GetFieldValue<byte[]>(1)), (ChunkKind)rows.GetInt32(2),
                At(rows.GetInt64(3)), At(rows.GetInt64(4)), rows.GetInt32(5), rows.GetFieldValue<byte[]>(6));
    }

    private static SqliteCommand Prepared(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private static long Ticks(DateTimeOffset at) => at.UtcTicks;
    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
