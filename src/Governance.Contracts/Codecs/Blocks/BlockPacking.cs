using System.Buffers.Binary;
using System.IO.Hashing;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>Puts the chunks of a block into columns (README.md).</summary>
internal sealed class BlockPacking
{
    private readonly List<ChunkRow> _chunks = [];
    private readonly List<ReadingSegment> _segments = [];
    private readonly List<ReadOnlyMemory<byte>> _verbatim = [];
    private ChunkSpans _spans;
    private int _readings;

    internal static byte[] Pack(IReadOnlyList<BlockChunk> chunks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks.Count, BlockLayout.MostOfAKind);
        var packing = new BlockPacking();
        foreach (var chunk in chunks) packing.Add(chunk);
        return packing.Write();
    }

    private void Add(BlockChunk chunk)
    {
        var said = new ChunkSpan(chunk.FirstSampledAt.UtcTicks, chunk.LastSampledAt.UtcTicks, chunk.Count);
        var segments = Segments(chunk.Payload);
        if (segments is null) _verbatim.Add(chunk.Payload);
        else _segments.AddRange(segments);
        _chunks.Add(new ChunkRow(chunk.ChunkNo, chunk.Writer, chunk.IsOwnership, segments?.Count ?? 0, segments is null ? chunk.Payload.Length : -1, said - _spans.Found(segments ?? [])));
        _spans.Pass(said);
    }

    /// <summary>What the payload says, if it says it exactly as <see cref="ChunkPayload"/> would; null keeps the payload as it came.</summary>
    private IReadOnlyList<ReadingSegment>? Segments(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length == 0) return [];
        if (ChunkPayload.TryUnpack(payload) is not { } segments) return null;
        var readings = segments.Sum(s => s.Readings.Length);
        if (_readings + readings > BlockLayout.MostOfAKind || _segments.Count + segments.Length > BlockLayout.MostOfAKind) return null;
        if (!ChunkPayload.Makes(segments, payload.Span)) return null;
        _readings += readings;
        return segments;
    }

    private byte[] Write()
    {
        var (order, detectors) = Order();
        var (head, body) = (new ColumnWriter(), new ColumnWriter());
        head.Varint((uint)_chunks.Count);
        head.Varint((uint)_segments.Count);
        head.Varint((uint)_readings);
        head.Varint((uint)detectors.Count);
        Section(() => ChunkTable.Write(body, _chunks));
        Section(() => SegmentTable.Write(body, _segments));
        Section(() => ArrivalOrder.Write(body, order, detectors.Count));
        Detectors(head, body, order, detectors);
        foreach (var payload in _verbatim) body.Raw(payload.Span);
        return Sealed(head.Written, body.Written);

        void Section(Action write)
        {
            var before = body.Length;
            write();
            head.Varint((uint)(body.Length - before));
        }
    }

    /// <summary>Index of the detector of every reading, and the ordinals of the detectors, ascending.</summary>
    private (int[] Order, List<int> Detectors) Order()
    {
        var index = new Dictionary<int, int>();
        var (order, at) = (new int[_readings], 0);
        // In order of first appearance at first; looked up only where another detector follows than the last time.
        var (next, before) = (new List<(int Ordinal, int Index)>(), 0);
        foreach (var segment in _segments)
            foreach (ref readonly var reading in segment.Readings.AsSpan())
            {
                if (next.Count == 0 || next[before].Ordinal != reading.Detector)
                {
                    if (!index.TryGetValue(reading.Detector, out var found)) index.Add(reading.Detector, found = index.Count);
                    if (found == next.Count) next.Add((reading.Detector, found));
                    next[before] = (reading.Detector, found);
                }
                order[at++] = before = next[before].Index;
            }
        var detectors = index.Keys.Order().ToList();
        var sorted = new int[detectors.Count];
        for (var i = 0; i < sorted.Length; i++) sorted[index[detectors[i]]] = i;
        foreach (ref var detector in order.AsSpan()) detector = sorted[detector];
        return (order, detectors);
    }

    /// <summary>Minutes of all detectors, then columns of all: who reads minutes only finds them together.</summary>
    private void Detectors(ColumnWriter head, ColumnWriter body, int[] order, List<int> detectors)
    {
        using var rented = new Rented<Reading>(_readings);
        using var sent = Rented.Longs(_readings);
        var begins = Gather(order, detectors.Count, rented.Span, sent.Span);
        var columns = new ColumnWriter();
        var (ordinalBefore, earliestBefore) = (0L, 0L);
        for (var i = 0; i < detectors.Count; i++)
        {
            var own = begins[i]..(i + 1 < begins.Length ? begins[i + 1] : _readings);
            var readings = rented.Span[own];
            var (minutesFrom, columnsFrom) = (body.Length, columns.Length);
            MinuteColumns.Write(body, MinuteColumns.Of(readings), ValueColumn.Places(readings));
            DetectorColumns.Write(columns, readings, sent.Span[own]);
            var (earliest, latest) = Span(readings);
            head.Zigzag(detectors[i] - ordinalBefore);
            head.Varint((uint)readings.Length);
            head.Varint((uint)(body.Length - minutesFrom));
            head.Varint((uint)(columns.Length - columnsFrom));
            head.Zigzag(earliest - earliestBefore);
            head.Varint((ulong)(latest - earliest));
            (ordinalBefore, earliestBefore) = (detectors[i], earliest);
        }
        body.Raw(columns.Written);
    }

    /// <summary>Puts the readings of every detector together, and when the segment of each was sent. Returns where each detector's begin.</summary>
    private int[] Gather(int[] order, int detectors, Span<Reading> readings, Span<long> sent)
    {
        var at = new int[detectors];
        foreach (var detector in order) at[detector]++;
        for (int i = 0, begin = 0; i < at.Length; i++) (at[i], begin) = (begin, begin + at[i]);
        var (begins, next) = ((int[])at.Clone(), 0);
        foreach (var segment in _segments)
        {
            var sentUs = Wire.Us(segment.SentAt);
            foreach (ref readonly var reading in segment.Readings.AsSpan())
            {
                var place = at[order[next++]]++;
                readings[place] = reading;
                sent[place] = sentUs;
            }
        }
        return begins;
    }

    /// <summary>First and last sampled time, ticks.</summary>
    private static (long Earliest, long Latest) Span(ReadOnlySpan<Reading> readings)
    {
        var (earliest, latest) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var reading in readings) (earliest, latest) = (Math.Min(earliest, reading.SampledTicks), Math.Max(latest, reading.SampledTicks));
        return (earliest, latest);
    }

    private static byte[] Sealed(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var block = new byte[BlockLayout.HeadBytes + head.Length + body.Length + BlockLayout.ChecksumBytes];
        BlockLayout.Magic.CopyTo(block);
        block[BlockLayout.Magic.Length] = BlockLayout.Version;
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(BlockLayout.Magic.Length + 1), block.Length);
        head.CopyTo(block.AsSpan(BlockLayout.HeadBytes));
        body.CopyTo(block.AsSpan(BlockLayout.HeadBytes + head.Length));
        var checkedBytes = block.AsSpan(0, block.Length - BlockLayout.ChecksumBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(checkedBytes.Length), XxHash3.HashToUInt64(checkedBytes));
        return block;
    }
}
