using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Node.Replay;

/// <summary>A recording as the segments that the gateway stream would have made of it, a row each.</summary>
internal static class RecordedSegments
{
    private static readonly GatewayId Gateway = new("backtest");
    private static readonly ClockId Clock = ClockId.Recorded("backtest");

    internal static IEnumerable<ReadingSegment> Of(IEnumerable<Row> rows)
    {
        var (seq, latest) = (0L, DateTimeOffset.MinValue);
        foreach (var row in rows)
        {
            seq++;
            // A recorded clock never runs backwards; the sample keeps its own stamp as evidence.
            latest = row.At > latest ? row.At : latest;
            var (at, values, readings) = (row.At, row.Values, ImmutableArray.CreateBuilder<Reading>(row.Values.Length));
            for (var i = 0; i < values.Length; i++) readings.Add(new Reading(i, seq, at, latest, values[i], Quality.Good));
            yield return new ReadingSegment(Gateway, 1, Clock, latest, latest, false, readings.MoveToImmutable());
        }
    }
}
