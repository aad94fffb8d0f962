using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Governance.Contracts.Codecs.Blocks;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Packs the readings of one ledger chunk into columns and back. Times keep microseconds.</summary>
public static class ChunkPayload
{
    [ThreadStatic] private static ColumnWriter? _writer;

    public static byte[] Pack(IEnumerable<ReadingSegment> segments) => Written(segments).ToArray();

    /// <summary>Whether <see cref="Pack"/> makes exactly these bytes of the segments.</summary>
    internal static bool Makes(IEnumerable<ReadingSegment> segments, ReadOnlySpan<byte> payload) => Written(segments).Written.SequenceEqual(payload);

    private static ColumnWriter Written(IEnumerable<ReadingSegment> segments)
    {
        var writer = _writer ??= new ColumnWriter();
        writer.Clear();
        foreach (var segment in segments) Write(writer, segment);
        return writer;
    }

    /// <summary>As <c>journal/v1/ledger.proto</c> says; a test holds it against the generated class.</summary>
    private static void Write(ColumnWriter to, ReadingSegment segment)
    {
        var readings = segment.Readings.AsSpan();
        var (all, sentUs) = (to.Begin(1), Wire.Us(segment.SentAt));
        to.Text(1, segment.Gateway.Value);
        to.Number(2, segment.Epoch);
        to.Text(3, segment.Clock.Value);
        to.Number(4, Wire.Us(segment.ReceivedAt));
        to.Number(5, sentUs);
        to.Number(6, segment.Historical ? 1 : 0);
        if (readings.Length > 0) Columns(to, readings, sentUs);
        to.End(all);
    }

    private static void Columns(ColumnWriter to, ReadOnlySpan<Reading> readings, long sentUs)
    {
        var (column, before, allGood) = (to.Begin(7), 0L, true);
        foreach (ref readonly var reading in readings) to.Varint((uint)reading.Detector);
        to.End(column);
        column = to.Begin(8);
        foreach (ref readonly var reading in readings)
        {
            to.Zigzag(reading.Seq - before);
            before = reading.Seq;
        }
        to.End(column);
        column = to.Begin(9);
        foreach (ref readonly var reading in readings) to.Zigzag(sentUs - Wire.UsOfTicks(reading.SampledTicks));
        to.End(column);
        column = to.Begin(10);
        foreach (ref readonly var reading in readings) to.Zigzag(Wire.UsOfTicks(reading.TakenTicks) - Wire.UsOfTicks(reading.SampledTicks));
        to.End(column);
        column = to.Begin(11);
        foreach (ref readonly var reading in readings)
        {
            to.Double(reading.Value);
            allGood &= reading.Quality == Quality.Good;
        }
        to.End(column);
        if (allGood) return;
        column = to.Begin(12);
        foreach (ref readonly var reading in readings) to.Byte((byte)reading.Quality);
        to.End(column);
    }

    public static ImmutableArray<ReadingSegment> Unpack(ReadOnlyMemory<byte> payload) => ChunkReading.TryRead(payload.Span) ??
        [.. J.ReadingChunk.Parser.ParseFrom(payload.Span).Segments.Select(From)];

    /// <summary>As <see cref="LedgerBlock.Readings"/>, of one chunk.</summary>
    public static IEnumerable<ReadingSegment> Readings(ReadOnlyMemory<byte> payload, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to) =>
        new Wanted(detectors, from.UtcTicks, to.UtcTicks).Of(Unpack(payload));

    /// <summary>As <see cref="Unpack"/>; null where the bytes are no such payload.</summary>
    public static ImmutableArray<ReadingSegment>? TryUnpack(ReadOnlyMemory<byte> payload)
    {
        try { return Unpack(payload); }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or IndexOutOfRangeException or MalformedIdException) { return null; }
    }

    public static J.ReadingSegment To(ReadingSegment segment)
    {
        var wire = new J.ReadingSegment
        {
            Gateway = segment.Gateway.Value, Epoch = segment.Epoch, Clock = segment.Clock.Value, ReceivedAtUs = Wire.Us(segment.ReceivedAt),
            SentAtUs = Wire.Us(segment.SentAt), Historical = segment.Historical,
        };
        var count = segment.Readings.Length;
        wire.Detector.Capacity = wire.SeqDelta.Capacity = wire.SampledBeforeUs.Capacity = wire.TakenOffsetUs.Capacity = wire.Value.Capacity = count;
        var quality = new byte[count];
        var (before, i, allGood) = (0L, 0, true);
        foreach (ref readonly var reading in segment.Readings.AsSpan())
        {
            var sampledBefore = wire.SentAtUs - Wire.Us(reading.SampledAt);
            wire.Detector.Add((uint)reading.Detector);
            wire.SeqDelta.Add(reading.Seq - before);
            wire.SampledBeforeUs.Add(sampledBefore);
            wire.TakenOffsetUs.Add(sampledBefore - (wire.SentAtUs - Wire.Us(reading.TakenAt)));
            wire.Value.Add(reading.Value);
            quality[i++] = (byte)reading.Quality;
            allGood &= reading.Quality == Quality.Good;
            before = reading.Seq;
        }
        if (!allGood) wire.Quality = UnsafeByteOperations.UnsafeWrap(quality);
        return wire;
    }

    public static ReadingSegment From(J.ReadingSegment wire)
    {
        var readings = new Reading[wire.Detector.Count];
        var seq = 0L;
        for (var i = 0; i < readings.Length; i++)
        {
            seq += wire.SeqDelta[i];
            var sampledUs = wire.SentAtUs - wire.SampledBeforeUs[i];
            readings[i] = new Reading((int)wire.Detector[i], seq, Wire.At(sampledUs), Wire.At(sampledUs + wire.TakenOffsetUs[i]), wire.Value[i],
                wire.Quality.IsEmpty ? Quality.Good : (Quality)wire.Quality[i]);
        }
        return new ReadingSegment(new GatewayId(wire.Gateway), wire.Epoch, new ClockId(wire.Clock), Wire.At(wire.ReceivedAtUs), Wire.At(wire.SentAtUs),
            wire.Historical, ImmutableCollectionsMarshal.AsImmutableArray(readings));
    }
}
