using System.Globalization;

namespace Governance.Node.Bench;

/// <summary>Says what a measurement came to; ratios are the result.</summary>
internal static class IngestReport
{
    internal static string Text(IngestResult result)
    {
        var (work, rates) = (result.Work, Rates(result.Rounds));
        var lines = new List<string>
        {
            Invariant($"{work.Sources} sources x {work.Detectors} detectors, frames of {work.FrameReadings}, {work.Gateways} gateways, {(work.Postgres.Length > 0 ? "PostgreSQL" : "SQLite")}, {Machine.Name}"),
            Invariant($"product           {Median(rates),12:N0} readings/s ({rates[0]:N0} to {rates[^1]:N0}), ack p50 {Median(result.Rounds, r => r.Latency.P50):0.0} ms, p99 {Median(result.Rounds, r => r.Latency.P99):0.0} ms, server {Median(result.Rounds, r => r.Server):0.00} µs and load {Median(result.Rounds, r => r.Generator):0.00} µs CPU per reading, peak {result.PeakMemoryBytes >> 20} MiB"),
        };
        foreach (var (mode, rounds) in result.Limits)
            lines.Add(Invariant($"limit {mode,-12}{Median(Rates(rounds)),12:N0} readings/s; product = {Median(rates) / Median(Rates(rounds)):P0} of it"));
        lines.Add(Invariant($"{result.Sent:N0} sent in all, {result.InLedger:N0} in the ledger"));
        return string.Join(Environment.NewLine, lines);
    }

    internal static object Figures(IngestResult result) => new
    {
        bench = "ingest", machine = Machine.Name, sources = result.Work.Sources, detectors = result.Work.Detectors, frame = result.Work.FrameReadings, gateways = result.Work.Gateways,
        storage = result.Work.Postgres.Length > 0 ? "postgres" : "sqlite", rounds = result.Rounds.Count, readings_per_second = Math.Round(Median(Rates(result.Rounds))),
        spread = Rates(result.Rounds).Select(r => Math.Round(r)), ack_p50_ms = Math.Round(Median(result.Rounds, r => r.Latency.P50), 2), ack_p99_ms = Math.Round(Median(result.Rounds, r => r.Latency.P99), 2),
        server_us_per_reading = Math.Round(Median(result.Rounds, r => r.Server), 3), load_us_per_reading = Math.Round(Median(result.Rounds, r => r.Generator), 3), peak_mib = result.PeakMemoryBytes >> 20,
        limits = result.Limits.ToDictionary(l => l.Key.ToString(), l => new { limit = Math.Round(Median(Rates(l.Value))), ratio = Math.Round(Median(Rates(result.Rounds)) / Median(Rates(l.Value)), 3) }),
        sent = result.Sent, in_ledger = result.InLedger,
    };

    private static List<double> Rates(IEnumerable<IngestRound> rounds) => [.. rounds.Select(r => r.ReadingsPerSecond).Order()];
    private static double Median(IReadOnlyList<double> sorted) => sorted[sorted.Count / 2];
    private static double Median(IReadOnlyList<IngestRound> rounds, Func<IngestRound, double> of) => Median([.. rounds.Select(of).Order()]);
    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
