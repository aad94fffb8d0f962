using Governance.Storage.Blocks;
using Governance.Storage.Reading;
using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>
/// The reading ledger in PostgreSQL. A batch is one statement, sent whole before the server begins it: a node that
/// freezes half-way through sending holds no lock that a new owner would wait for, which a COPY would.
/// </summary>
public sealed class PostgresReadingLedger : IReadingLedger
{
    /// <summary>36 bytes each: 1 MiB.</summary>
    private const int RoomRows = 30_000;
    private readonly PostgresDatabase _database;
    private readonly ICommitFaults? _faults;
    private readonly ChunkWriter _chunks;
    private readonly LedgerHistory _history;
    private readonly GroupCommit<LedgerChunk?, AppendOutcome> _writer;

    public PostgresReadingLedger(PostgresDatabase database, ICommitFaults? faults = null)
    {
        (_database, _faults) = (database, faults);
        _history = new LedgerHistory(new PostgresStretches(database));
        _chunks = new ChunkWriter(database, faults);
        _writer = new GroupCommit<LedgerChunk?, AppendOutcome>("ledger", _chunks.Write, faults);
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
            var number = await LastChunkAsync(sourceId, cancel).ConfigureAwait(false) + 1;
            var outcome = await AppendAsync(new LedgerChunk(sourceId, number, writer, ChunkKind.Ownership, at, at, 0, ReadOnlyMemory<byte>.Empty)).ConfigureAwait(false);
            if (outcome == AppendOutcome.Stored) return number;
            if (outcome == AppendOutcome.Failed) throw new IOException($"the ledger could not store the ownership of {sourceId}");
        }
    }

    public IAsyncEnumerable<LedgerChunk> ReadTailAsync(string sourceId, long after, long before, CancellationToken cancel) => _history.TailAsync(sourceId, after, before, cancel);

    public IAsyncEnumerable<LedgerChunk> ReadRangeAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => _history.RangeAsync(sourceId, from, to, cancel);

    public IAsyncEnumerable<LedgerPart> ReadPartsAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => _history.PartsAsync(sourceId, from, to, cancel);

    public Task<MergeReport> MergeAsync(TimeSpan storedFor, CancellationToken cancel) => MergeThread.RunAsync(() => new PostgresMerge(_database, _faults).Run(storedFor, cancel));

    public Task<int> RetireAsync(DateTimeOffset before, CancellationToken cancel) => MergeThread.RunAsync(() => new PostgresMerge(_database, _faults).Retire(before, cancel));

    public Task ProbeAsync() => _writer.SubmitAsync(null);

    /// <summary>One message, so that the server goes through with it whatever becomes of this process.</summary>
    public async Task ProveRoomAsync()
    {
        await using var command = _database.Source.CreateCommand($"BEGIN; TRUNCATE room; INSERT INTO room SELECT generate_series(1, {RoomRows}); ROLLBACK");
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    public async Task<long> CountReadingsAsync(string? sourceId, CancellationToken cancel)
    {
        await using var command = _database.Source.CreateCommand("""
            SELECT coalesce(sum(c.count), 0)::bigint FROM (SELECT source, count FROM chunk UNION ALL SELECT source, count FROM block) c
            JOIN source s USING (source) WHERE $1::text IS NULL OR s.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)sourceId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<long> LastChunkAsync(string sourceId, CancellationToken cancel)
    {
        await using var command = _database.Source.CreateCommand("SELECT max(c.chunk_no) FROM chunk c JOIN source s USING (source) WHERE s.id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sourceId });
        return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) is long number ? number : 0;
    }
}
