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
}
