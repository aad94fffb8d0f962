using Governance.Contracts.Codecs.Blocks;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs;

/// <summary>A chunk of the reading ledger as a block keeps it.</summary>
/// <param name="IsOwnership">Marks that a new activation owns the source from here on; holds no readings.</param>
/// <param name="Payload">As <see cref="ChunkPayload"/> packs it.</param>
public sealed record BlockChunk(
    long ChunkNo, Guid Writer, bool IsOwnership, DateTimeOffset FirstSampledAt, DateTimeOffset LastSampledAt, int Count, ReadOnlyMemory<byte> Payload);

/// <summary>Readings of one detector that were sampled in one UTC minute.</summary>
/// <param name="Detector">Ordinal in its source.</param>
public readonly record struct DetectorMinute(int Detector, DateTimeOffset Start, ReadingTally Tally);

/// <summary>
/// Consecutive chunks of one source merged: what came in is what goes out, byte for byte. Inside it lie columns per
/// detector, and minutes beside them (<c>Blocks/README.md</c>), so history is drawn without reading what is not drawn.
/// Every method throws <see cref="LedgerBlockException"/> for bytes that are no block.
/// </summary>
public static class LedgerBlock
{
    public static byte[] Pack(IReadOnlyList<BlockChunk> chunks) => BlockPacking.Pack(chunks);

    public static IReadOnlyList<BlockChunk> Unpack(ReadOnlyMemory<byte> block) => Checked(() =>
    {
        if (FirstFormat.Is(block.Span)) return FirstFormat.Read(block);
        var image = BlockImage.Open(block);
        var rows = image.Chunks();
        var (verbatim, segments) = (image.Verbatim(rows), BlockReadings.Read(image, Wanted.All));
        var (chunks, spans, at) = (new List<BlockChunk>(rows.Length), default(ChunkSpans), 0);
        foreach (var row in rows)
        {
            var own = new ArraySegment<ReadingSegment>(segments, at, row.Segments);
            at += row.Segments;
            var span = row.Span + spans.Found(own);
            spans.Pass(span);
            chunks.Add(new BlockChunk(row.ChunkNo, row.Writer, row.IsOwnership, new DateTimeOffset(span.First, TimeSpan.Zero), new DateTimeOffset(span.Last, TimeSpan.Zero),
                checked((int)span.Count), row.Verbatim >= 0 ? verbatim.Dequeue() : ChunkPayload.Pack(own)));
        }
        return chunks;
    });

    /// <summary>
    /// Readings of these detectors (null: of all) sampled in [<paramref name="from"/>, <paramref name="to"/>], in order of
    /// arrival: the segments as they were, with gateway, epoch, clock, received and sent time, less what is not asked for.
    /// </summary>
    public static IReadOnlyList<ReadingSegment> Readings(ReadOnlyMemory<byte> block, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to) => Checked(() =>
    {
        var wanted = new Wanted(detectors, from.UtcTicks, to.UtcTicks);
        if (FirstFormat.Is(block.Span)) return [.. wanted.Of(FirstFormat.Read(block).SelectMany(c => ChunkPayload.Unpack(c.Payload)))];
        var image = BlockImage.Open(block);
        var rows = image.Chunks();
        var (verbatim, segments, found, at) = (image.Verbatim(rows), image.Detectors.Any(d => wanted.Touches(d)) ? BlockReadings.Read(image, wanted) : [], new List<ReadingSegment>(), 0);
        foreach (var row in rows)
        {
            if (row.Verbatim >= 0) found.AddRange(wanted.Of(ChunkPayload.Unpack(verbatim.Dequeue())));
            for (var end = at + row.Segments; at < end; at++)
                if (segments.Length > 0 && segments[at].Readings.Length > 0) found.Add(segments[at]);
        }
        return found;
    });

    /// <summary>
    /// What these detectors (null: all) told from <paramref name="from"/> to <paramref name="to"/>, both included, minute
    /// by minute; of a minute that reaches beyond only what lies within. A minute may come twice: both count. Columns of
    /// readings are decoded only for minutes that are cut, and for detectors that tell too seldom to have minutes kept.
    /// </summary>
    public static IReadOnlyList<DetectorMinute> Minutes(ReadOnlyMemory<byte> block, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to) => Checked(() =>
    {
        var wanted = new Wanted(detectors, from.UtcTicks, to.UtcTicks);
        var minutes = new BlockMinutes(wanted);
        if (FirstFormat.Is(block.Span))
        {
            minutes.Fold(wanted.Of(FirstFormat.Read(block).SelectMany(c => ChunkPayload.Unpack(c.Payload))));
            return (IReadOnlyList<DetectorMinute>)[.. minutes.Folded()];
        }
        var image = BlockImage.Open(block);
        if (image.HasVerbatim)
            foreach (var payload in image.Verbatim(image.Chunks())) minutes.Fold(wanted.Of(ChunkPayload.Unpack(payload)));
        return [.. minutes.Of(image)];
    });

    /// <summary>A block whose checksum is right may still have been written wrongly; whatever that leads to has one name.</summary>
    private static T Checked<T>(Func<T> read)
    {
        try { return read(); }
        catch (Exception e) when (e is not (LedgerBlockException or OutOfMemoryException))
        {
            throw new LedgerBlockException($"the block holds what cannot be: {e.Message}", e);
        }
    }
}
