using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// The segments of a block without their readings. What the segments of a stream have in common (gateway, clock, epoch,
/// historical) stands once; then, as columns: which of these, readings, sent time, received − sent.
/// </summary>
internal static class SegmentTable
{
    private sealed record Stream(GatewayId Gateway, ClockId Clock, long Epoch, bool Historical)
    {
        internal static Stream Of(ReadingSegment segment) => new(segment.Gateway, segment.Clock, segment.Epoch, segment.Historical);
    }

    internal static void Write(ColumnWriter to, IReadOnlyList<ReadingSegment> segments)
    {
        var (streams, index) = Streams(segments);
        to.Varint((uint)streams.Count);
        foreach (var stream in streams.Keys)
        {
            Text(to, stream.Gateway.Value);
            Text(to, stream.Clock.Value);
            to.Zigzag(stream.Epoch);
            to.Byte(stream.Historical ? (byte)1 : (byte)0);
        }
        IntegerColumn.Write(to, index);
        IntegerColumn.Write(to, segments.Select(s => (long)s.Readings.Length).ToArray());
        IntegerColumn.Write(to, segments.Select(s => Wire.Us(s.SentAt)).ToArray());
        IntegerColumn.Write(to, segments.Select(s => Wire.Us(s.ReceivedAt) - Wire.Us(s.SentAt)).ToArray());
    }

    private static (OrderedDictionary<Stream, long> Streams, long[] Index) Streams(IReadOnlyList<ReadingSegment> segments)
    {
        var (streams, index) = (new OrderedDictionary<Stream, long>(), new long[segments.Count]);
        for (var i = 0; i < index.Length; i++)
        {
            var stream = Stream.Of(segments[i]);
            if (!streams.TryGetValue(stream, out index[i])) streams.Add(stream, index[i] = streams.Count);
        }
        return (streams, index);
    }

    /// <param name="readings">Readings of all segments together.</param>
    /// <returns>The segments, empty, and how many readings each has.</returns>
    internal static (ReadingSegment[] Segments, long[] Readings) Read(ref BlockCursor from, int segments, int readings)
    {
        var streams = new Stream[from.Count(segments)];
        for (var i = 0; i < streams.Length; i++) streams[i] = new Stream(new GatewayId(from.Text()), new ClockId(from.Text()), from.Zigzag(), from.Byte() == 1);
        var (index, counts, sent, delay) = (new long[segments], new long[segments], new long[segments], new long[segments]);
        IntegerColumn.Read(ref from, index);
        IntegerColumn.Read(ref from, counts);
        IntegerColumn.Read(ref from, sent);
        IntegerColumn.Read(ref from, delay);
        var (all, left) = (new ReadingSegment[segments], (long)readings);
        for (var i = 0; i < segments; i++)
        {
            if ((ulong)index[i] >= (ulong)streams.Length) throw new LedgerBlockException("a segment of no stream");
            if (counts[i] < 0 || (left -= counts[i]) < 0) throw new LedgerBlockException("segments of more readings than there are");
            var stream = streams[index[i]];
            all[i] = new ReadingSegment(stream.Gateway, stream.Epoch, stream.Clock, Wire.At(sent[i] + delay[i]), Wire.At(sent[i]), stream.Historical, ImmutableArray<Reading>.Empty);
        }
        return left == 0 ? (all, counts) : throw new LedgerBlockException("readings of no segment");
    }

    private static void Text(ColumnWriter to, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        to.Varint((uint)bytes.Length);
        to.Raw(bytes);
    }
}
