using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Grpc.Net.Client;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>What one round came to.</summary>
/// <param name="Server">CPU microseconds of the server per reading.</param>
/// <param name="Generator">CPU microseconds of the load generator per reading.</param>
/// <param name="Cores">Cores that the server was busy on, on average.</param>
internal sealed record IngestRound(double ReadingsPerSecond, Quantiles Latency, double Server, double Generator, double Cores);

/// <summary>
/// Gateway stream → evaluated, durable and acknowledged; and in the same run what the machine gives at most: the same
/// frames appended to a file and synced, and the same readings as plain rows.
/// </summary>
internal sealed class IngestBench(IngestWork work, Action<string> tell)
{
    private long _epoch;

    internal async Task<IngestResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        try
        {
            await using var node = await BenchNode.StartAsync(Path.Combine(folder, "node"), work.Postgres, cancel);
            await node.CommissionAsync(work.Sources, work.Detectors, TimeSpan.FromMinutes(1), cancel);
            tell($"{work.Sources} sources commissioned");
            var (product, rounds) = (new List<IngestRound>(), new Dictionary<LimitMode, List<IngestRound>>());
            var sent = 0L;
            // One round more than asked: the first one warms the compiler. A single long one has a warm-up of its own.
            for (var round = work.KeepsEpoch ? 1 : 0; round <= work.Rounds; round++)
            {
                var token = node.Token(Roles.Gateway);
                var (measured, readings) = await RoundAsync(node.Endpoint, token, node.Process, cancel);
                sent += readings;
                tell($"round {round}: {measured.ReadingsPerSecond:N0} readings/s, ack p50 {measured.Latency.P50:0.0} p99 {measured.Latency.P99:0.0} ms, CPU per reading: server {measured.Server:0.00} µs, load {measured.Generator:0.00} µs");
                if (round > 0) product.Add(measured);
                foreach (var mode in work.Limits)
                {
                    await using var limit = await ChildProcess.StartAsync(["bench-child", "limit", "--mode", mode.ToString(), "--folder", Path.Combine(folder, $"limit-{mode}-{round}")], cancel, new Dictionary<string, string> { ["GOVERNANCE_POSTGRES"] = work.Postgres });
                    var (bound, _) = await RoundAsync(limit.Told("gRPC"), token, limit, cancel);
                    tell($"         limit {mode}: {bound.ReadingsPerSecond:N0} readings/s, ack p50 {bound.Latency.P50:0.0} p99 {bound.Latency.P99:0.0} ms");
                    if (round > 0) (rounds.TryGetValue(mode, out var known) ? known : rounds[mode] = []).Add(bound);
                    await limit.KillAsync();
                    if (Directory.Exists(Path.Combine(folder, $"limit-{mode}-{round}"))) Directory.Delete(Path.Combine(folder, $"limit-{mode}-{round}"), recursive: true);
                }
            }
            var memory = node.Process.Memory;
            var stored = await node.CountAsync(work.Postgres, cancel);
            return new IngestResult(work, product, rounds, sent, stored, memory.PeakBytes);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private async Task<(IngestRound Round, long Sent)> RoundAsync(string endpoint, string token, ChildProcess server, CancellationToken cancel)
    {
        var (epoch, channels) = (++_epoch, new List<GrpcChannel>());
        try
        {
            var loads = new List<FrameLoad>();
            for (var gateway = 0; gateway < work.Gateways; gateway++)
            {
                channels.Add(NodeChannel.To(endpoint));
                loads.Add(new FrameLoad(channels[gateway], token, BenchNode.Hello(gateway, work.Gateways, work.Sources, work.Detectors, epoch), work.FrameReadings, work.ReadingsPerSecond / work.Gateways));
            }
            using var enough = new CancellationTokenSource();
            var running = Task.WhenAll(loads.Select(l => Task.Run(() => l.RunAsync(enough.Token, cancel), cancel)));
            if (await Task.WhenAny(running, Task.Delay(work.Warming, cancel)) == running) await running;
            foreach (var load in loads) load.Latencies.Take();
            var before = (At: System.Diagnostics.Stopwatch.GetTimestamp(), Readings: loads.Sum(l => l.AcknowledgedReadings), Server: server.CpuTime, Own: Environment.CpuUsage.TotalTime);
            if (await Task.WhenAny(running, Task.Delay(work.Measured, cancel)) == running) await running;
            var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(before.At).TotalSeconds;
            var readings = loads.Sum(l => l.AcknowledgedReadings) - before.Readings;
            var latency = Quantiles.Of([.. loads.Select(l => l.Latencies.Take())]);
            if (latency.Sorted.Count == 0) throw new InvalidOperationException("no frame was acknowledged in the measured time: measure longer, or ask for a higher rate");
            var (serverCpu, own) = (server.CpuTime - before.Server, Environment.CpuUsage.TotalTime - before.Own);
            await enough.CancelAsync();
            await running;
            return (new IngestRound(readings / seconds, latency, serverCpu.TotalMicroseconds / Math.Max(1, readings), own.TotalMicroseconds / Math.Max(1, readings), serverCpu.TotalSeconds / seconds), loads.Sum(l => l.SentReadings));
        }
        finally
        {
            foreach (var channel in channels) channel.Dispose();
        }
    }
}

/// <summary>Sizes of one measurement.</summary>
/// <param name="ReadingsPerSecond">0: as fast as it goes.</param>
internal sealed record IngestWork(int Sources, int Detectors, int FrameReadings, int Gateways, double ReadingsPerSecond, TimeSpan Measured, int Rounds, string Postgres, IReadOnlyList<LimitMode> Limits)
{
    /// <summary>Load without measuring at the beginning of a round.</summary>
    internal TimeSpan Warming { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>No round before the measured ones: every new epoch of a gateway would begin all marks anew.</summary>
    internal bool KeepsEpoch { get; init; }
}

/// <param name="Sent">Readings sent in all rounds, warm-up included.</param>
/// <param name="InLedger">Readings that the ledger holds afterwards, counted in the database.</param>
internal sealed record IngestResult(IngestWork Work, IReadOnlyList<IngestRound> Rounds, IReadOnlyDictionary<LimitMode, List<IngestRound>> Limits, long Sent, long InLedger, long PeakMemoryBytes);
