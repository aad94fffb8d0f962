using System.Runtime.CompilerServices;
using Governance.Contracts.Codecs;
using Governance.Storage.Blocks;

namespace Governance.Storage.Reading;

/// <summary>What is wanted of a source: numbers in (After, Before), samples in [From, To] (ticks), ends left open where all is wanted.</summary>
internal sealed record Window(long After, long Before, long From = long.MinValue, long To = long.MaxValue);

/// <summary>A block, or a chunk that is in none yet.</summary>
internal sealed record Stretch(long FirstChunk, long LastChunk, LedgerChunk? Chunk, byte[]? Block);

/// <summary>Stretches in number order, bounded in bytes, seen at one moment.</summary>
/// <param name="IsLast">Nothing follows.</param>
internal sealed record Page(IReadOnlyList<Stretch> Stretches, bool IsLast);

/// <summary>A database's blocks and chunks. A page is seen at one moment: no merge makes it skip a chunk or tell one twice.</summary>
internal interface IStretches
{
    /// <summary>Stretches that may hold what is wanted, from the lowest number on.</summary>
    Task<Page> ReadAsync(string sourceId, Window window, CancellationToken cancel);

    /// <summary>A number below everything that may hold a sample in [from, to], so that what lies before it need not be looked at.</summary>
    Task<long> BelowAsync(string sourceId, long from, long to, CancellationToken cancel);
}

/// <summary>
/// Reads a source's history page by page. Nothing is held in the database while the reader looks at a page, however slow
/// it is; a merge between two pages changes nothing, because the next page begins after the last number told.
/// </summary>
internal sealed class LedgerHistory(IStretches stretches)
{
    internal async IAsyncEnumerable<LedgerChunk> TailAsync(string sourceId, long after, long before, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (stretch, from) in ReadAsync(sourceId, new Window(after, before), cancel).ConfigureAwait(false))
            foreach (var chunk in Chunks(sourceId, stretch))
                if (chunk.ChunkNo > from && chunk.ChunkNo < before) yield return chunk;
    }

    internal async IAsyncEnumerable<LedgerChunk> RangeAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var part in RangeStretchesAsync(sourceId, from, to, cancel).ConfigureAwait(false))
            foreach (var chunk in Overlapping(sourceId, part, from, to)) yield return chunk;
    }

    internal async IAsyncEnumerable<LedgerPart> PartsAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var part in RangeStretchesAsync(sourceId, from, to, cancel).ConfigureAwait(false))
            // A block that was made between two pages out of what was told already, and more: only the rest, as chunks.
            if (part.Stretch.Block is { } block && part.Stretch.FirstChunk > part.After) yield return new LedgerPart(part.Stretch.FirstChunk, part.Stretch.LastChunk, true, block);
            else
                foreach (var chunk in Overlapping(sourceId, part, from, to)) yield return new LedgerPart(chunk.ChunkNo, chunk.ChunkNo, false, chunk.Payload);
    }

    private async IAsyncEnumerable<(Stretch Stretch, long After)> RangeStretchesAsync(string sourceId, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancel)
    {
        var below = await stretches.BelowAsync(sourceId, from.UtcTicks, to.UtcTicks, cancel).ConfigureAwait(false);
        await foreach (var part in ReadAsync(sourceId, new Window(below, long.MaxValue, from.UtcTicks, to.UtcTicks), cancel).ConfigureAwait(false)) yield return part;
    }

    private async IAsyncEnumerable<(Stretch Stretch, long After)> ReadAsync(string sourceId, Window window, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await stretches.ReadAsync(sourceId, window, cancel).ConfigureAwait(false);
            foreach (var stretch in page.Stretches)
            {
                yield return (stretch, window.After);
                window = window with { After = stretch.LastChunk };
            }
            if (page.IsLast) yield break;
        }
    }

    private static IEnumerable<LedgerChunk> Overlapping(string sourceId, (Stretch Stretch, long After) part, DateTimeOffset from, DateTimeOffset to) =>
        Chunks(sourceId, part.Stretch).Where(c => c.ChunkNo > part.After && c.Kind == ChunkKind.Readings && c.LastSampledAt >= from && c.FirstSampledAt <= to);

    private static IEnumerable<LedgerChunk> Chunks(string sourceId, Stretch stretch) =>
        stretch.Chunk is { } one ? [one] : LedgerBlock.Unpack(stretch.Block!).Select(c => BlockChunks.From(sourceId, c));
}
