using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Packs the readings of one ledger chunk into columns and back. Times keep microseconds.</summary>
public static class ChunkPayload
{
    public static byte[] Pack(IEnumerable<ReadingSegment> segments)
    {
        var wire = new J.ReadingChunk();
        foreach (var segment in segments) wire.Segments.Add(To(segment));
        return wire.ToByteArray();
    }

    public static ImmutableArray<ReadingSegment> Unpack(ReadOnlyMemory<byte> payload) =>
        [.. J.ReadingChunk.Parser.ParseFrom(payload.Span).Segments.Select(From)];

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
