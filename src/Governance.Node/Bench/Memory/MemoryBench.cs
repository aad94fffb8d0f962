using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Grpc.Core;
using Grpc.Net.Client;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>Sizes of one measurement.</summary>
/// <param name="Each">Sources, and cases, that are added before the heap is weighed again.</param>
internal sealed record MemoryWork(int Each, int Detectors, int Subscribers, int Rounds);

/// <summary>Bytes of managed heap that each of them added, idle, after a full collection.</summary>
/// <param name="Source">A source in service with one detector that has not spoken.</param>
/// <param name="Detector">One more detector that has not spoken.</param>
/// <param name="Heard">What a detector's first reading adds to it.</param>
/// <param name="Case">An open case, with what its source, desks, register and feed keep of it.</param>
/// <param name="Subscriber">A stream of alerts.</param>
internal sealed record MemoryRound(double Source, double Detector, double Heard, double Case, double Subscriber);

/// <summary>Weighs a node's managed heap before and after it is given more to hold.</summary>
internal sealed class MemoryBench(MemoryWork work, Action<string> tell)
{
    private const int StreamsPerConnection = 50, AtOnce = 64;
    /// <summary>Long enough that nobody falls silent while it is weighed.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);
    /// <summary>Until everything that was told is delivered and confirmed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal async Task<(IReadOnlyList<MemoryRound> Rounds, long HeapBytes, long RssBytes)> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        try
        {
            await using var node = await BenchNode.StartAsync(Path.Combine(folder, "node"), "", cancel, isWeighed: true);
            var rounds = new List<MemoryRound>();
            // One round more than asked: in the first one the node makes what it makes once.
            for (var round = 0; round <= work.Rounds; round++)
            {
                var r = await RoundAsync(node, round * 2 * work.Each, cancel);
                tell(string.Create(CultureInfo.InvariantCulture, $"round {round}: source {r.Source:N0} B, detector {r.Detector:N0} B and {r.Heard:N0} B when heard, open case {r.Case:N0} B, subscriber {r.Subscriber:N0} B"));
                if (round > 0) rounds.Add(r);
            }
            return (rounds, (long)await WeighAsync(node, cancel), node.Process.Memory.NowBytes);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private async Task<MemoryRound> RoundAsync(BenchNode node, int first, CancellationToken cancel)
    {
        var empty = await WeighAsync(node, cancel);
        await node.CommissionAsync(work.Each, 1, Period, cancel, first);
        var small = await WeighAsync(node, cancel);
        await node.CommissionAsync(work.Each, work.Detectors, Period, cancel, first + work.Each);
        var large = await WeighAsync(node, cancel);
        await HearAsync(node, first + work.Each, cancel);
        var heard = await WeighAsync(node, cancel);
        await OpenCasesAsync(node, first, cancel);
        var cases = await WeighAsync(node, cancel);
        var source = (small - empty) / work.Each;
        return new MemoryRound(source, ((large - small) / work.Each - source) / (work.Detectors - 1), (heard - large) / work.Each / work.Detectors, (cases - heard) / work.Each, await SubscriberAsync(node, cases, cancel));
    }

    private static async Task<double> WeighAsync(BenchNode node, CancellationToken cancel)
    {
        await node.Process.QuietAsync(TimeSpan.FromSeconds(2), Patience, cancel);
        return double.Parse(await node.Process.AskAsync("heap", cancel), CultureInfo.InvariantCulture);
    }

    /// <summary>A reading of every detector.</summary>
    private async Task HearAsync(BenchNode node, int first, CancellationToken cancel)
    {
        var hello = new Hello { GatewayId = "bench-memory", Epoch = first + 1, Clock = Clock.Live, MarkColumns = true };
        for (var number = first; number < first + work.Each; number++)
            hello.Sources.Add(new SourceDeclaration { SourceId = BenchNode.SourceId(number), Detectors = { Enumerable.Range(0, work.Detectors).Select(d => new DetectorDeclaration { DetectorId = $"D{d:00}", Unit = "mg/m3" }) } });
        using var channel = NodeChannel.To(node.Endpoint);
        using var enough = new CancellationTokenSource();
        var load = new FrameLoad(channel, node.Token(Roles.Gateway), hello, work.Detectors, 0);
        var running = load.RunAsync(enough.Token, cancel);
        while (load.AcknowledgedReadings < work.Each * work.Detectors && !running.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(5), cancel);
        await enough.CancelAsync();
        await running;
    }

    private async Task OpenCasesAsync(BenchNode node, int first, CancellationToken cancel)
    {
        var (client, headers, at) = (new DeviceGateway.DeviceGatewayClient(node.Channel), node.Headers(Roles.Relay), Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow));
        await Parallel.ForEachAsync(Enumerable.Range(first, work.Each), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (number, stop) =>
            await client.RelayWarningAsync(new RelayWarningRequest
            {
                CommandId = Guid.NewGuid().ToString(), Sender = "province", Identifier = $"{number}", Sent = at, SourceId = BenchNode.SourceId(number), DetectorId = "D00", Point = "P00", Kind = HazardKind.ToxicGas,
                Level = AlarmLevel._1, Value = 21, Threshold = 20, Unit = "mg/m3", ObservedAt = at, Text = "chlorine",
            }, headers, cancellationToken: stop));
    }

    private async Task<double> SubscriberAsync(BenchNode node, double before, CancellationToken cancel)
    {
        var (channels, calls) = (new List<GrpcChannel>(), new List<AsyncServerStreamingCall<AlertEnvelope>>());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            for (var i = 0; i < work.Subscribers; i++)
            {
                if (i % StreamsPerConnection == 0) channels.Add(NodeChannel.To(node.Endpoint));
                // An area without alerts: what is weighed is the subscription, not what it is told at first.
                calls.Add(new Alerts.AlertsClient(channels[^1]).Subscribe(new SubscribeRequest { Areas = { "410803009" }, HeartbeatS = 60 }, node.Headers(Roles.Viewer), cancellationToken: ending.Token));
            }
            foreach (var call in calls) await call.ResponseStream.MoveNext(cancel);
            return (await WeighAsync(node, cancel) - before) / work.Subscribers;
        }
        finally
        {
            await ending.CancelAsync();
            foreach (var call in calls) call.Dispose();
            foreach (var channel in channels) channel.Dispose();
        }
    }
}
