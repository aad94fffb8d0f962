using System.Globalization;
using System.Text.Json;

namespace Governance.Node.Bench;

/// <summary>
/// A whole nation's hazard sources on one node, at the pace they really send: 20,000 sources with 22 detectors each, 9,260
/// readings/s. What counts is not how fast, but how little it takes.
/// </summary>
internal sealed class NationBench(int sources, int detectors, double readingsPerSecond, TimeSpan measured, string postgres, Action<string> tell)
{
    private const int FrameReadings = 100, Gateways = 16;

    /// <summary>The first round is as long as every detector needs to report once: its first trust is journaled.</summary>
    internal async Task<NationResult> RunAsync(CancellationToken cancel)
    {
        var first = TimeSpan.FromSeconds(sources * detectors / readingsPerSecond + 10);
        var work = new IngestWork(sources, detectors, FrameReadings, Gateways, readingsPerSecond, measured, 1, postgres, []) { Warming = first, KeepsEpoch = true };
        var result = await new IngestBench(work, tell).RunAsync(cancel);
        return new NationResult(work, result.Rounds[0], result.Sent, result.InLedger, result.PeakMemoryBytes);
    }
}

/// <param name="Round">The measured minutes, after every detector reported once.</param>
internal sealed record NationResult(IngestWork Work, IngestRound Round, long Sent, long InLedger, long PeakMemoryBytes)
{
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"""
        {Work.Sources:N0} sources, {Work.Sources * Work.Detectors:N0} detectors, {(Work.Postgres.Length > 0 ? "PostgreSQL" : "SQLite")}, {Machine.Name}
        {Round.ReadingsPerSecond:N0} readings/s for {Work.Measured.TotalMinutes:0.0} min: ack p50 {Round.Latency.P50:0.0} ms, p99 {Round.Latency.P99:0.0} ms, max {Round.Latency.Max:0} ms; node: {Round.Cores:0.00} cores, peak {PeakMemoryBytes >> 20:N0} MiB
        {Sent:N0} sent in all, {InLedger:N0} in the ledger
        """);

    internal string Json => JsonSerializer.Serialize(new
    {
        bench = "nation", machine = Machine.Name, storage = Work.Postgres.Length > 0 ? "postgres" : "sqlite", sources = Work.Sources, detectors = Work.Sources * Work.Detectors, minutes = Work.Measured.TotalMinutes,
        readings_per_second = Math.Round(Round.ReadingsPerSecond), ack_p50_ms = Math.Round(Round.Latency.P50, 2), ack_p99_ms = Math.Round(Round.Latency.P99, 2), ack_max_ms = Math.Round(Round.Latency.Max, 1),
        cores = Math.Round(Round.Cores, 3), peak_mib = PeakMemoryBytes >> 20, sent = Sent, in_ledger = InLedger,
    });
}
