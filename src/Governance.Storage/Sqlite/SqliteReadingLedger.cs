using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The reading ledger in one SQLite file.</summary>
public sealed class SqliteReadingLedger : IReadingLedger
{
    private const long RoomBytes = 1 << 20;
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly GroupCommit<LedgerChunk?, AppendOutcome> _writer;
    private readonly Dictionary<string, long> _sources = [];
    /// <summary>The last chunk of a source that this process stored. Anything uncertain is forgotten.</summary>
    private readonly Dictionary<long, (Guid Writer, long ChunkNo)> _stored = [];
    private SqliteCommand? _last, _insert;

    public SqliteReadingLedger(string path, ICommitFaults? faults = null)
    {
        _file = new SqliteFile(path, "ledger");
        _connection = _file.OpenWriter();
        // Forgotten when a batch is rolled back: an id that was interned there does not exist.
        _writer = new GroupCommit<LedgerChunk?, AppendOutcome>("ledger", SqliteFile.Transaction<LedgerChunk?, AppendOutcome>(_connection, Write, faults, Forget), faults);
    }

    public Task<AppendOutcome> AppendAsync(LedgerChunk chunk)
    {
        var done = new TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Append(chunk, (outcome, _) => done.SetResult(outcome));
        return done.Task;
    }

    public void Append(LedgerChunk chunk, Action<AppendOutcome, Exception?> done) =>
        _writer.Submit(chunk, chunk.Payload.Length + 100, (outcome, failed) => done(failed is null ? outcome : AppendOutcome.Failed, failed));

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

    public IAsyncEnumerable<LedgerPart> ReadPartsAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        ReadRangeAsync(sourceId, from, to, cancel).Select(c => new LedgerPart(c.ChunkNo, c.ChunkNo, false, c.Payload));

    public Task<long> CountReadingsAsync(string? sourceId, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(c.count), 0) FROM chunk c JOIN source s USING (source) WHERE $id IS NULL OR s.id = $id";
        command.Parameters.AddWithValue("$id", (object?)sourceId ?? DBNull.Value);
        return Task.FromResult((long)command.ExecuteScalar()!);
    }

    public Task ProbeAsync() => _writer.SubmitAsync(null);

    public Task ProveRoomAsync() => _file.FreeBytes < RoomBytes ? Task.FromException(new IOException($"the disk of {_file.Path} is full")) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private void Forget()
    {
        _sources.Clear();
        _stored.Clear();
    }

    /// <summary>Inside the transaction, so that a chunk of another process is seen: dense or nothing.</summary>
    private AppendOutcome Write(SqliteConnection connection, SqliteTransaction transaction, LedgerChunk? work)
    {
        if (work is not { } chunk) return Probe(connection, transaction);
        var source = SourceOf(connection, transaction, chunk.SourceId);
        // The usual chunk follows what this very process stored last, and the unique key says whether that is still so.
        if (_stored.TryGetValue(source, out var mine) && mine == (chunk.Writer, chunk.ChunkNo - 1) && TryInsert(connection, transaction, source, chunk)) return AppendOutcome.Stored;
        _stored.Remove(source);
        var (last, writer) = Last(connection, transaction, source);
        if (chunk.ChunkNo <= last) return IsRepeat(connection, transaction, source, chunk) ? AppendOutcome.Stored : AppendOutcome.Conflict;
        if (chunk.ChunkNo != last + 1) return AppendOutcome.Conflict;
        // What a former owner still had in its hands must not land behind the new owner's first chunk.
        if (writer is not null && writer != chunk.Writer && chunk.Kind != ChunkKind.Ownership) return AppendOutcome.Conflict;
        return TryInsert(connection, transaction, source, chunk) ? AppendOutcome.Stored : AppendOutcome.Conflict;
    }

    private bool TryInsert(SqliteConnection connection, SqliteTransaction transaction, long source, LedgerChunk chunk)
    {
        _insert ??= Prepared(connection,
            "INSERT INTO chunk (source, chunk_no, writer, kind, first_sampled, last_sampled, count, payload) VALUES ($s, $n, $w, $k, $f, $l, $c, $p)",
            "$s", "$n", "$w", "$k", "$f", "$l", "$c", "$p");
        _insert.Transaction = transaction;
        var payload = MemoryMarshal.TryGetArray(chunk.Payload, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : chunk.Payload.ToArray();
        object[] values = [source, chunk.ChunkNo, chunk.Writer.ToByteArray(), (int)chunk.Kind, Ticks(chunk.FirstSampledAt), Ticks(chunk.LastSampledAt), chunk.Count, payload];
        for (var i = 0; i < values.Length; i++) _insert.Parameters[i].Value = values[i];
        try { _insert.ExecuteNonQuery(); }
        catch (SqliteException taken) when (StorageFaults.IsConflict(taken)) { return false; }
        _stored[source] = (chunk.Writer, chunk.ChunkNo);
        return true;
    }

    private (long ChunkNo, Guid? Writer) Last(SqliteConnection connection, SqliteTransaction transaction, long source)
    {
        _last ??= Prepared(connection, "SELECT chunk_no, writer FROM chunk WHERE source = $s ORDER BY chunk_no DESC LIMIT 1", "$s");
        _last.Transaction = transaction;
        _last.Parameters[0].Value = source;
        using var row = _last.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), new Guid(row.GetFieldValue<byte[]>(1))) : (0, null);
    }

    private static AppendOutcome Probe(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE probe SET count = count + 1";
        command.ExecuteNonQuery();
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
