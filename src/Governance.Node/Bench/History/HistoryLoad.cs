using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Node.Replay;
using Governance.Storage;

namespace Governance.Node.Bench;

/// <summary>The chunks that a source's gateway leaves in the ledger: a scan of all detectors per frame, stamped when it is sent.</summary>
internal static class HistoryLoad
{
    internal const string Source = "HS-BENCH";
    internal static readonly DateTimeOffset Begin = RecordingFormat.TimeZero;
    private static readonly Guid Writer = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    /// <summary>A slow wave with the noise of an instrument, two decimals.</summary>
    internal static IEnumerable<Row> Paper(int detectors, TimeSpan length)
    {
        var noise = new Random(1);
        for (var second = 0L; second < length.TotalSeconds; second++)
        {
            var values = new double[detectors];
            for (var d = 0; d < detectors; d++) values[d] = Math.Round(10 + d + Math.Sin(second / 900.0 + d) + noise.NextDouble() * 0.2, 2);
            yield return new Row(Begin.AddSeconds(second), values);
        }
    }

    internal static IEnumerable<LedgerChunk> Chunks(IEnumerable<Row> rows, int rowsPerFrame)
    {
        var (number, seq, jitter) = (0L, 0L, new Random(2));
        foreach (var frame in rows.Chunk(rowsPerFrame))
        {
            var late = TimeSpan.FromMicroseconds(jitter.Next(2_000));
            var sent = Micros(frame[^1].At + late);
            var readings = ImmutableArray.CreateBuilder<Reading>(frame.Length * frame[0].Values.Length);
            foreach (var row in frame)
            {
                var at = Micros(row.At + late);
                seq++;
                for (var d = 0; d < row.Values.Length; d++)
                    readings.Add(new Reading(d, seq, at, at, row.Values[d], double.IsNaN(row.Values[d]) ? Quality.Bad : Quality.Good));
            }
            var segment = new ReadingSegment(new GatewayId("gw-bench"), 1, ClockId.Wall, sent.AddMicroseconds(jitter.Next(200, 5_000)), sent, false, readings.DrainToImmutable());
            yield return new LedgerChunk(Source, ++number, Writer, ChunkKind.Readings, segment.Readings[0].SampledAt, segment.Readings[^1].SampledAt, segment.Readings.Length, ChunkPayload.Pack([segment]));
        }
    }

    private static DateTimeOffset Micros(DateTimeOffset at) => at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
}
