using System.Buffers.Binary;
using System.IO.Hashing;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>A block that was looked at: its checksum is right and its directory read, its columns are not.</summary>
internal sealed class BlockImage
{
    private readonly ReadOnlyMemory<byte> _block;
    private readonly int _chunks, _segments;
    private readonly int _chunksAt, _segmentsAt, _orderAt, _minutesAt, _verbatimAt;

    internal int Readings { get; }
    internal IReadOnlyList<DetectorPlace> Detectors { get; }
    /// <summary>Whether a payload is in no column: only then the chunks matter to who wants readings in any order.</summary>
    internal bool HasVerbatim => _verbatimAt < _block.Length - BlockLayout.ChecksumBytes;

    private BlockImage(ReadOnlyMemory<byte> block)
    {
        _block = block;
        var end = block.Length - BlockLayout.ChecksumBytes;
        var head = new BlockCursor(block.Span, BlockLayout.HeadBytes, end);
        _chunks = head.Count(BlockLayout.MostOfAKind);
        _segments = head.Count(BlockLayout.MostOfAKind);
        Readings = head.Count(BlockLayout.MostOfAKind);
        var detectors = new DetectorPlace[head.Count(Readings)];
        var (chunks, segments, order) = (head.Count(end), head.Count(end), head.Count(end));
        var (ordinal, earliest, left) = (0L, 0L, Readings);
        for (var i = 0; i < detectors.Length; i++)
        {
            var (delta, count, minutes, columns) = (head.Zigzag(), head.Count(left), head.Count(end), head.Count(end));
            earliest += head.Zigzag();
            detectors[i] = new DetectorPlace((int)(ordinal += delta), count, 0, minutes, 0, columns, earliest, earliest + (long)head.Varint());
            left -= count;
        }
        if (left != 0) throw new LedgerBlockException("readings of no detector");
        var at = (long)head.At;
        _chunksAt = Take(chunks);
        _segmentsAt = Take(segments);
        _orderAt = Take(order);
        _minutesAt = Take(0);
        foreach (ref var place in detectors.AsSpan()) place = place with { MinutesAt = Take(place.MinutesBytes) };
        foreach (ref var place in detectors.AsSpan()) place = place with { ColumnsAt = Take(place.ColumnsBytes) };
        _verbatimAt = Take(0);
        Detectors = detectors;

        int Take(int bytes)
        {
            var from = at;
            at += bytes;
            return at <= end ? (int)from : throw new LedgerBlockException("the block announces more than it holds");
        }
    }

    internal static BlockImage Open(ReadOnlyMemory<byte> block)
    {
        var bytes = block.Span;
        if (bytes.Length < BlockLayout.HeadBytes + BlockLayout.ChecksumBytes || !bytes.StartsWith(BlockLayout.Magic)) throw new LedgerBlockException("the bytes are no block");
        var version = bytes[BlockLayout.Magic.Length];
        if (version != BlockLayout.Version) throw new LedgerBlockException($"the block is of version {version}; this build reads {BlockLayout.Version} and the one before");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(BlockLayout.Magic.Length + 1)..]);
        if (length != bytes.Length) throw new LedgerBlockException($"{bytes.Length} bytes of a block of {length}");
        if (XxHash3.HashToUInt64(bytes[..^BlockLayout.ChecksumBytes]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^BlockLayout.ChecksumBytes..]))
            throw new LedgerBlockException("the block's checksum does not match: it is damaged");
        return new BlockImage(block);
    }

    internal ChunkRow[] Chunks()
    {
        var from = new BlockCursor(_block.Span, _chunksAt, _segmentsAt);
        return ChunkTable.Read(ref from, _chunks, _segments);
    }

    /// <summary>Without their readings, and how many each has.</summary>
    internal (ReadingSegment[] Segments, long[] Readings) Segments()
    {
        var from = new BlockCursor(_block.Span, _segmentsAt, _orderAt);
        return SegmentTable.Read(ref from, _segments, Readings);
    }

    /// <summary>Index in <see cref="Detectors"/> of every reading.</summary>
    internal void Order(Span<int> order)
    {
        var from = new BlockCursor(_block.Span, _orderAt, _minutesAt);
        ArrivalOrder.Read(ref from, order, Detectors.Count);
    }

    /// <summary>Empty where the detector's minutes are not kept.</summary>
    internal MinuteTally[] Minutes(in DetectorPlace of)
    {
        if (of.MinutesBytes == 0) return [];
        var from = new BlockCursor(_block.Span, of.MinutesAt, of.MinutesAt + of.MinutesBytes);
        return MinuteColumns.Read(ref from, of.Count);
    }

    internal void Columns(in DetectorPlace of, ReadOnlySpan<long> sentUs, Span<Reading> into)
    {
        var from = new BlockCursor(_block.Span, of.ColumnsAt, of.ColumnsAt + of.ColumnsBytes);
        DetectorColumns.Read(ref from, of.Ordinal, sentUs, into);
    }

    /// <summary>Payloads that are kept as they came, in the order of their chunks.</summary>
    internal Queue<ReadOnlyMemory<byte>> Verbatim(ChunkRow[] chunks)
    {
        var (payloads, rest) = (new Queue<ReadOnlyMemory<byte>>(), _block[_verbatimAt..^BlockLayout.ChecksumBytes]);
        foreach (var chunk in chunks)
        {
            if (chunk.Verbatim < 0) continue;
            if (chunk.Verbatim > rest.Length) throw new LedgerBlockException("the block announces more than it holds");
            payloads.Enqueue(rest[..chunk.Verbatim]);
            rest = rest[chunk.Verbatim..];
        }
        return payloads;
    }
}
