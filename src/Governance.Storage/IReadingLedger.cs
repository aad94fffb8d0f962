namespace Governance.Storage;

/// <summary>What a chunk is.</summary>
public enum ChunkKind
{
    Readings = 1,
    /// <summary>Marks that a new activation owns the source from here on. Holds no readings.</summary>
    Ownership = 2,
}

/// <summary>
/// One row of the reading ledger: what one source committed at once. <see cref="ChunkNo"/> is dense from 1 per
/// source: whoever writes number n has seen n − 1, so a former owner meets a taken number and stops.
/// </summary>
/// <param name="Writer">The activation that wrote it. Readings follow only a chunk of their own writer; ownership follows any.</param>
/// <param name="FirstSampledAt">Earliest sample; for an ownership chunk the time of taking over.</param>
/// <param name="Count">Number of readings.</param>
/// <param name="Payload">Packed segments (<c>journal/v1/ledger.proto</c>); opaque here.</param>
public sealed record LedgerChunk(
    string SourceId, long ChunkNo, Guid Writer, ChunkKind Kind, DateTimeOffset FirstSampledAt, DateTimeOffset LastSampledAt,
    int Count, ReadOnlyMemory<byte> Payload);

/// <summary>A stretch of a source's history as it lies in the ledger: a chunk as it was committed, or many merged into a block.</summary>
/// <param name="IsBlock">Whether the payload is a block (<c>LedgerBlock</c>) rather than the payload of one chunk (<c>ChunkPayload</c>).</param>
public sealed record LedgerPart(long FirstChunkNo, long LastChunkNo, bool IsBlock, ReadOnlyMemory<byte> Payload);

/// <summary>What a merge did.</summary>
/// <param name="Chunks">Chunks that went into blocks.</param>
/// <param name="Blocks">Blocks written.</param>
public sealed record MergeReport(int Chunks, int Blocks);

/// <summary>How an append ended.</summary>
public enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Stored,
    /// <summary>The chunk number is taken by another writer, or does not follow the writer's own last one: the writer lost its ownership.</summary>
    Conflict,
    /// <summary>Not known to be written (disk full, database away): never acknowledge; the same chunk may be tried again.</summary>
    Failed,
}

/// <summary>
/// The reading history. Append-only, group-committed; an append that returned <see cref="AppendOutcome.Stored"/>
/// survives any crash. A conflict costs one source, never the batch. Chunks stored a while ago are merged into blocks:
/// what is read is the same before, after and while that happens.
/// </summary>
public interface IReadingLedger : IAsyncDisposable
{
    /// <summary>Appends a chunk. A repeat of a chunk that this very writer stored already (same number, same writer) is <see cref="AppendOutcome.Stored"/>.</summary>
    Task<AppendOutcome> AppendAsync(LedgerChunk chunk);

    /// <summary>The same; <paramref name="done"/> hears the outcome, and why where it failed, on the writer's thread, which it must not hold up.</summary>
    void Append(LedgerChunk chunk, Action<AppendOutcome, Exception?> done);

    /// <summary>Inserts an ownership chunk after the last one and returns its number. Retries on a race.</summary>
    Task<long> TakeOwnershipAsync(string sourceId, Guid writer, DateTimeOffset at, CancellationToken cancel);

    /// <summary>Chunks with numbers in (<paramref name="after"/>, <paramref name="before"/>), in number order = arrival order.</summary>
    IAsyncEnumerable<LedgerChunk> ReadTailAsync(string sourceId, long after, long before, CancellationToken cancel);

    /// <summary>Reading chunks that hold a sample in [from, to], in number order.</summary>
    IAsyncEnumerable<LedgerChunk> ReadRangeAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);

    /// <summary>The same stretch of time as it lies there, for who wants to read blocks by column: parts that may hold a sample in [from, to], in number order.</summary>
    IAsyncEnumerable<LedgerPart> ReadPartsAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);

    /// <summary>Commits a mark of no meaning through the very writer of the readings: completes when the next reading could be stored, fails when not.</summary>
    Task ProbeAsync();

    /// <summary>Fails when the disk below has no room to grow by 1 MiB. Writes may still go well then, for a while, and by chance.</summary>
    Task ProveRoomAsync();

    /// <summary>
    /// Merges chunks that were stored longer than <paramref name="storedFor"/> ago into blocks, step by step, on a thread of
    /// its own, until none is left, until cancelled, or until another node is seen to merge. Whatever ends it leaves the
    /// old or the new.
    /// </summary>
    Task<MergeReport> MergeAsync(TimeSpan storedFor, CancellationToken cancel);

    /// <summary>
    /// Deletes blocks whose every sample was taken, and whose every chunk was stored, before <paramref name="before"/>: history
    /// that arrives late is kept as long as any other. Returns their number. A source's last number and writer are kept.
    /// </summary>
    Task<int> RetireAsync(DateTimeOffset before, CancellationToken cancel);

    /// <summary>Readings of a source, or of all sources when null, counted in the database.</summary>
    Task<long> CountReadingsAsync(string? sourceId, CancellationToken cancel);
}
