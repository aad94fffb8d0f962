using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Tests;

/// <summary>Readings in columns and back.</summary>
public sealed class ChunkPayloadTests
{
    private static readonly DateTimeOffset At = new(2025, 8, 3, 6, 10, 0, TimeSpan.Zero);

    [Fact]
    public void Every_quality_time_and_value_comes_back()
    {
        var readings = Enum.GetValues<Quality>().Select((q, i) => new Reading(i * 3, 50 - i, At.AddMilliseconds(-7 * i), At.AddMilliseconds(i), i == 2 ? double.NaN : i * 1.5, q)).ToImmutableArray();
        var segment = new ReadingSegment(new GatewayId("gw"), 9, ClockId.Recorded("gw"), At.AddSeconds(1), At, true, readings);
        var back = Assert.Single(ChunkPayload.Unpack(ChunkPayload.Pack([segment])));
        Assert.Equal(readings.ToArray(), back.Readings.ToArray());
        Assert.Equal(segment with { Readings = [] }, back with { Readings = [] });
    }

    [Fact]
    public void Good_readings_carry_no_quality_column()
    {
        ReadingSegment Of(Quality q) => new(new GatewayId("gw"), 1, ClockId.Wall, At, At, false, [new Reading(0, 1, At, At, 1, q), new Reading(0, 2, At, At, 1, q)]);
        Assert.True(ChunkPayload.Pack([Of(Quality.Good)]).Length < ChunkPayload.Pack([Of(Quality.Bad)]).Length);
        Assert.All(ChunkPayload.Unpack(ChunkPayload.Pack([Of(Quality.Good)]))[0].Readings, r => Assert.Equal(Quality.Good, r.Quality));
    }

    /// <summary>Written by hand for speed; what is on disk must stay what the schema says, to the byte.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Bytes_are_those_of_the_generated_class(int seed)
    {
        var random = new Random(seed);
        var segments = Enumerable.Range(0, 20).Select(_ => Segment(random)).ToList();
        var generated = new Journal.V1.ReadingChunk { Segments = { segments.Select(ChunkPayload.To) } };
        Assert.Equal(Google.Protobuf.MessageExtensions.ToByteArray(generated), ChunkPayload.Pack(segments));
    }

    private static ReadingSegment Segment(Random random)
    {
        long[] offsets = [0, 1, -1, 63, 64, 8_191, 8_192, TimeSpan.TicksPerDay * 400];
        double[] values = [0, -0.0, 1.5, double.NaN, double.MaxValue, double.NegativeInfinity];
        var readings = Enumerable.Range(0, random.Next(300)).Select(_ => new Reading(
            random.Next(3) == 0 ? random.Next(100_000) : random.Next(30), random.Next(2) == 0 ? random.NextInt64(1, long.MaxValue) : random.Next(1, 200),
            At.AddTicks(Offset()), At.AddTicks(Offset()), values[random.Next(values.Length)], random.Next(4) == 0 ? Quality.Bad : Quality.Good)).ToImmutableArray();
        return new ReadingSegment(new GatewayId(random.Next(2) == 0 ? "gw" : new string('g', 60)), random.NextInt64(0, 3), random.Next(2) == 0 ? ClockId.Wall : ClockId.Recorded("gw"),
            At.AddTicks(Offset()), At.AddTicks(Offset()), random.Next(2) == 0, readings);

        long Offset() => offsets[random.Next(offsets.Length)] * TimeSpan.TicksPerMicrosecond / (random.Next(2) * 9 + 1) * (random.Next(2) * 2 - 1);
    }
}
