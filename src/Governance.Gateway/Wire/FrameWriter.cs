using Governance.Gateway.Sending;

namespace Governance.Gateway.Wire;

/// <summary>
/// Writes a frame's readings as a GatewayFrame with a ReadingBatch: grouped by source, every column packed, columns that
/// say nothing left out. Measured first, then written into exactly that many bytes; nothing is made per reading. One
/// instance per stream.
/// </summary>
internal sealed class FrameWriter
{
    /// <summary>Readings of one source in the frame, and the bytes of their columns; 0 bytes: left out.</summary>
    private struct Part
    {
        internal int Source, Begin, Count;
        internal int DetectorBytes, SeqBytes, SampledBytes, TakenBytes, Length;
        internal bool HasQuality;
    }

    private const long UsPerSecond = 1_000_000;
    private const int NanosPerUs = 1_000;
    private readonly SourceTable _table;
    private readonly int[] _partOf;
    private readonly int[] _inOrder;
    private readonly int[] _sorted;
    private readonly int[] _part;
    private readonly ulong[] _sampled;
    private readonly ulong[] _taken;
    private Part[] _parts = new Part[16];
    private int _count;
    private int[] _order;
    private int _sentAtBytes;
    private int _batchBytes;

    /// <param name="capacity">Readings in a frame at most.</param>
    internal FrameWriter(SourceTable table, int capacity)
    {
        (_table, _partOf, _sorted, _part, _sampled, _taken) = (table, new int[table.Sources], new int[capacity], new int[capacity], new ulong[capacity], new ulong[capacity]);
        _partOf.AsSpan().Fill(-1);
        _order = _inOrder = [.. Enumerable.Range(0, capacity)];
    }

    /// <summary>Bytes of the whole message. Nothing of the frame may change between this and <see cref="Write"/>.</summary>
    internal int Measure(FrameColumns frame)
    {
        Group(frame);
        _batchBytes = Protobuf.LengthOfVarintField((ulong)frame.Frame);
        var (seconds, nanos) = Stamp(frame.SentAtUs);
        _sentAtBytes = Protobuf.LengthOfVarintField((ulong)seconds) + Protobuf.LengthOfVarintField((ulong)nanos);
        _batchBytes += Protobuf.LengthOfField(_sentAtBytes);
        foreach (ref var part in _parts.AsSpan(0, _count))
        {
            MeasureColumns(frame, ref part);
            _batchBytes += Protobuf.LengthOfField(part.Length);
        }
        return Protobuf.LengthOfField(_batchBytes);
    }

    /// <summary>Writes what was measured into a span of at least that length. Returns the bytes written.</summary>
    internal int Write(FrameColumns frame, Span<byte> to)
    {
        var wire = new Protobuf(to);
        wire.Begin(Fields.GatewayFrame.Batch, _batchBytes);
        wire.Field(Fields.ReadingBatch.Frame, (ulong)frame.Frame);
        wire.Begin(Fields.ReadingBatch.SentAt, _sentAtBytes);
        var (seconds, nanos) = Stamp(frame.SentAtUs);
        wire.Field(Fields.Timestamp.Seconds, (ulong)seconds);
        wire.Field(Fields.Timestamp.Nanos, (ulong)nanos);
        foreach (ref readonly var part in _parts.AsSpan(0, _count))
        {
            wire.Begin(Fields.ReadingBatch.Sources, part.Length);
            WriteColumns(frame, part, ref wire);
        }
        return wire.Written;
    }

    /// <summary>Finds the parts. Sweeps come source by source: then nothing has to be sorted.</summary>
    private void Group(FrameColumns frame)
    {
        var sourceOf = _table.SourceOf;
        var (last, current, sorted) = (-1, -1, true);
        _count = 0;
        for (var i = 0; i < frame.Count; i++)
        {
            var source = sourceOf[frame.Detector[i]];
            if (source != last)
            {
                (last, current) = (source, _partOf[source]);
                if (current < 0) current = Open(source);
                else sorted = false;
            }
            _part[i] = current;
            _parts[current].Count++;
        }
        var begin = 0;
        foreach (ref var part in _parts.AsSpan(0, _count))
        {
            part.Begin = begin;
            begin += part.Count;
            _partOf[part.Source] = -1;
        }
        _order = sorted ? _inOrder : _sorted;
        if (!sorted) Sort(frame.Count);
    }

    private int Open(int source)
    {
        if (_count == _parts.Length) Array.Resize(ref _parts, _count * 2);
        _parts[_count] = new Part { Source = source };
        return _partOf[source] = _count++;
    }

    /// <summary>By part, in the order of sending within each: the order in which they will be evaluated.</summary>
    private void Sort(int count)
    {
        foreach (ref var part in _parts.AsSpan(0, _count)) part.Count = 0;
        for (var i = 0; i < count; i++)
        {
            ref var part = ref _parts[_part[i]];
            _sorted[part.Begin + part.Count++] = i;
        }
    }

    private void MeasureColumns(FrameColumns frame, ref Part part)
    {
        var (first, sentAt) = (_table.First[part.Source], frame.SentAtUs);
        var (detector, seq, sampled, taken) = (0, 0, 0, 0);
        var (anySampled, anyTaken, odd) = (0UL, 0UL, 0);
        foreach (var i in _order.AsSpan(part.Begin, part.Count))
        {
            detector += Protobuf.LengthOf((ulong)(frame.Detector[i] - first));
            seq += Protobuf.LengthOf((ulong)frame.Seq[i]);
            var sampledBefore = _sampled[i] = Protobuf.ZigZag(sentAt - frame.SampledUs[i]);
            var takenBefore = _taken[i] = Protobuf.ZigZag(sentAt - frame.TakenUs[i]);
            sampled += Protobuf.LengthOf(sampledBefore);
            taken += Protobuf.LengthOf(takenBefore);
            anySampled |= sampledBefore;
            anyTaken |= sampledBefore ^ takenBefore;
            odd |= frame.Quality[i] ^ (int)Edge.V1.Quality.Good;
        }
        (part.DetectorBytes, part.SeqBytes, part.HasQuality) = (detector, seq, odd != 0);
        (part.SampledBytes, part.TakenBytes) = (anySampled == 0 ? 0 : sampled, anyTaken == 0 ? 0 : taken);
        part.Length = Protobuf.LengthOfField(_table.Name(part.Source).Length) + Protobuf.LengthOfField(detector) + Protobuf.LengthOfField(seq)
            + Optional(part.SampledBytes) + Optional(part.TakenBytes) + Protobuf.LengthOfField(part.Count * sizeof(double)) + (part.HasQuality ? Protobuf.LengthOfField(part.Count) : 0);

        static int Optional(int bytes) => bytes == 0 ? 0 : Protobuf.LengthOfField(bytes);
    }

    private void WriteColumns(FrameColumns frame, in Part part, ref Protobuf wire)
    {
        var order = _order.AsSpan(part.Begin, part.Count);
        var (first, name) = (_table.First[part.Source], _table.Name(part.Source));
        wire.Begin(Fields.SourceReadings.SourceId, name.Length);
        wire.Bytes(name);
        wire.Begin(Fields.SourceReadings.Detector, part.DetectorBytes);
        foreach (var i in order) wire.Varint((ulong)(frame.Detector[i] - first));
        wire.Begin(Fields.SourceReadings.Seq, part.SeqBytes);
        foreach (var i in order) wire.Varint((ulong)frame.Seq[i]);
        if (part.SampledBytes > 0)
        {
            wire.Begin(Fields.SourceReadings.SampledBeforeUs, part.SampledBytes);
            foreach (var i in order) wire.Varint(_sampled[i]);
        }
        if (part.TakenBytes > 0)
        {
            wire.Begin(Fields.SourceReadings.TakenBeforeUs, part.TakenBytes);
            foreach (var i in order) wire.Varint(_taken[i]);
        }
        wire.Begin(Fields.SourceReadings.Value, part.Count * sizeof(double));
        if (_order == _inOrder) wire.Doubles(frame.Value.AsSpan(part.Begin, part.Count));
        else foreach (var i in order) wire.Double(frame.Value[i]);
        if (!part.HasQuality) return;
        wire.Begin(Fields.SourceReadings.Quality, part.Count);
        foreach (var i in order) wire.Byte(frame.Quality[i]);
    }

    private static (long Seconds, long Nanos) Stamp(long us)
    {
        var seconds = Math.DivRem(us, UsPerSecond, out var rest);
        return rest >= 0 ? (seconds, rest * NanosPerUs) : (seconds - 1, (rest + UsPerSecond) * NanosPerUs);
    }
}
