using Governance.Storage.Blocks;
using Governance.Storage.Reading;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The reading ledger in one SQLite file: groups of chunks as they were committed, and blocks of one source each.</summary>
public sealed class SqliteReadingLedger : IReadingLedger
{
    private const long RoomBytes = 1 << 20;
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly LedgerIndex _index = new();
    private readonly LedgerWriter _batches;
    private readonly LedgerHistory _history;
    private readonly SqliteMerge _merge;
    private readonly GroupCommit<LedgerWork, AppendOutcome> _writer;

    /// <summary>A file of an older version is brought up to date first, which takes about two minutes per 10 GB.</summary>
    public SqliteReadingLedger(string path, ICommitFaults? faults = null)
    {
        _file = new SqliteFile(path, "ledger");
        _connection = _file.OpenWriter();
        OldChunks.Fold(_connection);
        _batches = new LedgerWriter(_connection, _index, faults);
        _history = new LedgerHistory(new SqliteStretches(_file, _index));
        _writer = new GroupCommit<LedgerWork, AppendOutcome>("ledger", _batches.Commit, faults);
        _merge = new SqliteMerge(_file, (change, bytes) => _writer.SubmitAsync(change, bytes).GetAwaiter().GetResult());
        using var reader = _file.OpenReader();
        using var snapshot = reader.BeginTransaction(deferred: true);
        _index.CatchUp(reader);
    }

    public Task<AppendOutcome> AppendAsync(LedgerChunk chunk)
    {
        var done = new TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Append(chunk, (outcome, _) => done.SetResult(outcome));
        return done.Task;
    }

    public void Append(LedgerChunk chunk, Action<AppendOutcome, Exception?> done) =>
        _writer.Submit(new LedgerWork.Append(chunk), chunk.Payload.Length + 100, (outcome, failed) => done(failed is null ? outcome : AppendOutcome.Failed, failed));

    public async Task<long> TakeOwnershipAsync(string sourceId, Guid writer, DateTimeOffset at, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            // What another process wrote meanwhile makes this a conflict, and is known after it.
            var number = (_index.TipOf(sourceId)?.Last ?? 0) + 1;
            var outcome = await AppendAsync(new LedgerChunk(sourceId, number, writer, ChunkKind.Ownership, at, at, 0, ReadOnlyMemory<byte>.Empty)).ConfigureAwait(false);
            if (outcome == AppendOutcome.Stored) return number;
            if (outcome == AppendOutcome.Failed) throw new IOException($"the ledger could not store the ownership of {sourceId}");
        }
    }

    public IAsyncEnumerable<LedgerChunk> ReadTailAsync(string sourceId, long after, long before, CancellationToken cancel) => _history.TailAsync(sourceId, after, before, cancel);

    public IAsyncEnumerable<LedgerChunk> ReadRangeAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => _history.RangeAsync(sourceId, from, to, cancel);

    public IAsyncEnumerable<LedgerPart> ReadPartsAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => _history.PartsAsync(sourceId, from, to, cancel);

    public Task ProbeAsync() => _writer.SubmitAsync(new LedgerWork.Probe());

    /// <summary>A file that was deleted still takes writes, and loses them all when it is closed.</summary>
    public Task ProveRoomAsync() => !File.Exists(_file.Path) ? Task.FromException(new IOException($"{_file.Path} is gone: what is written now is lost with this process"))
        : _file.FreeBytes < RoomBytes ? Task.FromException(new IOException($"the disk of {_file.Path} is full"))
        : Task.CompletedTask;

    public Task<MergeReport> MergeAsync(TimeSpan storedFor, CancellationToken cancel) =>
        MergeThread.RunAsync(() => _merge.Run(storedFor, cancel));

    public Task<int> RetireAsync(DateTimeOffset before, CancellationToken cancel) => MergeThread.RunAsync(() => _merge.Retire(before.UtcTicks, cancel));

    public Task<long> CountReadingsAsync(string? sourceId, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        using var heads = new Statement(connection, """
            SELECT s.source, s.merged, coalesce((SELECT sum(b.count) FROM block b WHERE b.source = s.source), 0)
            FROM source s WHERE $id IS NULL OR s.id = $id
            """, "$id");
        var (merged, count) = (new Dictionary<long, long>(), 0L);
        using (var rows = heads.Rows(sourceId))
            while (rows.Read())
            {
                merged[rows.GetInt64(0)] = rows.GetInt64(1);
                count += rows.GetInt64(2);
            }
        using var groups = new Statement(connection, "SELECT directory FROM chunk_group");
        using var directories = groups.Rows();
        while (directories.Read())
            foreach (var entry in GroupDirectory.Read(directories.GetFieldValue<byte[]>(0)))
                if (merged.TryGetValue(entry.Source, out var head) && entry.ChunkNo > head) count += entry.Count;
        return Task.FromResult(count);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _batches.Dispose();
        await _connection.DisposeAsync();
    }
}
