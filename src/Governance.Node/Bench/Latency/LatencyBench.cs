using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Grpc.Core;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>One background rate: how long from sending a crossing reading until a subscriber holds its alert.</summary>
/// <param name="Sync">One page synced to the same disk, between the alarms.</param>
internal sealed record LatencyRound(double BackgroundPerSecond, double ReachedPerSecond, Quantiles Alert, Quantiles Acknowledged, Quantiles Sync);

/// <param name="There">One reading there, synced to the disk, and back: no alert can be faster on this machine.</param>
internal sealed record LatencyResult(IReadOnlyList<LatencyRound> Rounds, Quantiles There);

/// <summary>
/// Sends readings that cross a level-2 limit, one at a time, and waits for each alert at a subscriber; durable in between,
/// as everywhere. Beside it a load of readings that cross nothing.
/// </summary>
internal sealed class LatencyBench(IReadOnlyList<double> backgrounds, int samples, string postgres, Action<string> tell)
{
    private const int Sources = 42, Detectors = 22, FrameReadings = 1000;
    /// <summary>Sources that alarm in turn, so that no case gathers thousands of occurrences.</summary>
    private const int Alarming = 20;
    private const int WarmSamples = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), LoadWarm = TimeSpan.FromSeconds(2);

    internal async Task<LatencyResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        try
        {
            var there = await ThereAsync(folder, cancel);
            tell($"there, synced, and back: p50 {there.P50:0.00} ms, p99 {there.P99:0.00} ms");
            await using var node = await BenchNode.StartAsync(Path.Combine(folder, "node"), postgres, cancel);
            await node.CommissionAsync(Sources + Alarming, Detectors, TimeSpan.FromMinutes(1), cancel);
            await using var alerts = new AlertReader([node.Channel], () => node.Token(Roles.Viewer), new SubscribeRequest { Areas = { "410803001" }, HeartbeatS = 5 });
            await alerts.WaitUntilSubscribedAsync(cancel);
            using var probe = new AlarmProbe(node, alerts, Sources, Alarming);
            await probe.OpenAsync(cancel);
            await probe.RunAsync(WarmSamples, Patience, cancel);
            var rounds = new List<LatencyRound>();
            foreach (var background in backgrounds)
            {
                rounds.Add(await RoundAsync(node, probe, background, rounds.Count + 1, cancel));
                tell($"background {background:N0}/s (reached {rounds[^1].ReachedPerSecond:N0}): alert p50 {rounds[^1].Alert.P50:0.00} ms, p99 {rounds[^1].Alert.P99:0.00} ms, max {rounds[^1].Alert.Max:0.0} ms");
            }
            return new LatencyResult(rounds, there);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private async Task<LatencyRound> RoundAsync(BenchNode node, AlarmProbe probe, double background, long epoch, CancellationToken cancel)
    {
        if (background <= 0)
        {
            var (quiet, answers, synced) = await probe.RunAsync(samples, Patience, cancel);
            return new LatencyRound(0, 0, quiet, answers, synced);
        }
        using var channel = NodeChannel.To(node.Endpoint);
        using var enough = new CancellationTokenSource();
        var load = new FrameLoad(channel, node.Token(Roles.Gateway), BenchNode.Hello(0, 1, Sources, Detectors, epoch), FrameReadings, background);
        var running = Task.Run(() => load.RunAsync(enough.Token, cancel), cancel);
        await Task.Delay(LoadWarm, cancel);
        var (begun, before) = (Stopwatch.GetTimestamp(), load.AcknowledgedReadings);
        var (alert, acknowledged, sync) = await probe.RunAsync(samples, Patience, cancel);
        var reached = (load.AcknowledgedReadings - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await enough.CancelAsync();
        await running;
        return new LatencyRound(background, reached, alert, acknowledged, sync);
    }

    private async Task<Quantiles> ThereAsync(string folder, CancellationToken cancel)
    {
        await using var limit = await ChildProcess.StartAsync(["bench-child", "limit", "--mode", nameof(LimitMode.Log), "--folder", Path.Combine(folder, "there")], cancel);
        using var channel = NodeChannel.To(limit.Told("gRPC"));
        using var enough = new CancellationTokenSource();
        // A credit of one reading would be the same: the next leaves when the last is answered.
        var load = new FrameLoad(channel, "", BenchNode.Hello(0, 1, 1, 1, 1), 1, 0) { CreditLimit = 1 };
        var running = Task.Run(() => load.RunAsync(enough.Token, cancel), cancel);
        await Task.Delay(LoadWarm, cancel);
        load.Latencies.Take();
        await Task.Delay(LoadWarm, cancel);
        var there = load.Latencies.Take();
        await enough.CancelAsync();
        await running;
        return there;
    }
}

/// <summary>A gateway whose detectors alarm one after the other, and an ear that hears when each alert arrives.</summary>
internal sealed class AlarmProbe : IDisposable
{
    /// <summary>Behind an alert its confirmations are still committed; the next alarm of a plant does not come into them.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);
    private readonly BenchNode _node;
    private readonly AlertReader _alerts;
    private readonly Hello _hello;
    private readonly byte[][] _sources;
    private readonly long[] _seqs;
    private readonly FrameEncoder _encoder = new();
    private readonly SyncProbe _disk;
    private readonly Lock _gate = new();
    private (string Source, AlertKind Kind, TaskCompletionSource<long> Heard)? _awaited;
    private (long Frame, TaskCompletionSource<long> Answered)? _unanswered;
    private AsyncDuplexStreamingCall<byte[], EdgeFrame>? _call;
    private long _frame;
    private int _turn;

    internal AlarmProbe(BenchNode node, AlertReader alerts, int firstSource, int sources)
    {
        (_node, _alerts) = (node, alerts);
        _hello = new Hello { GatewayId = "bench-alarms", Epoch = 1, Clock = Clock.Live, MarkColumns = true };
        for (var i = 0; i < sources; i++)
            _hello.Sources.Add(new SourceDeclaration { SourceId = BenchNode.SourceId(firstSource + i), Detectors = { new DetectorDeclaration { DetectorId = "D00", Unit = "mg/m3" } } });
        _sources = [.. _hello.Sources.Select(s => System.Text.Encoding.UTF8.GetBytes(s.SourceId))];
        _seqs = new long[sources];
        _disk = new SyncProbe(node.Folder);
        alerts.Arrived += Hear;
    }

    internal async Task OpenAsync(CancellationToken cancel)
    {
        _call = _node.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(FrameLoad.Stream, null, new CallOptions(_node.Headers(Roles.Gateway), cancellationToken: cancel));
        await _call.RequestStream.WriteAsync(Google.Protobuf.MessageExtensions.ToByteArray(new GatewayFrame { Hello = _hello }), cancel);
        _ = Task.Run(async () =>
        {
            await foreach (var answer in _call.ResponseStream.ReadAllAsync(cancel)) Take(answer);
        }, cancel);
    }

    /// <summary>Alarms so many times; from sending until the alert is here, and until the acknowledgement is.</summary>
    internal async Task<(Quantiles Alert, Quantiles Acknowledged, Quantiles Sync)> RunAsync(int samples, TimeSpan patience, CancellationToken cancel)
    {
        var (alert, acknowledged) = (new Latencies(), new Latencies());
        for (var i = 0; i < samples; i++)
        {
            var source = _turn++ % _sources.Length;
            var (sent, heard, answered) = await SendAsync(source, 50, AlertKind.OccurrenceRaised, cancel);
            alert.Add(Stopwatch.GetElapsedTime(sent, await heard.WaitAsync(patience, cancel)).TotalMilliseconds);
            acknowledged.Add(Stopwatch.GetElapsedTime(sent, await answered.WaitAsync(patience, cancel)).TotalMilliseconds);
            (_, heard, answered) = await SendAsync(source, 5, AlertKind.ReturnedToNormal, cancel);
            await heard.WaitAsync(patience, cancel);
            await answered.WaitAsync(patience, cancel);
        }
        return (alert.Take(), acknowledged.Take(), _disk.Latencies.Take());
    }

    public void Dispose()
    {
        _alerts.Arrived -= Hear;
        _call?.Dispose();
        _disk.Dispose();
    }

    private async Task<(long SentAt, Task<long> Heard, Task<long> Answered)> SendAsync(int source, double value, AlertKind expected, CancellationToken cancel)
    {
        await Task.Delay(Apart / 2, cancel);
        _disk.Sync();
        await Task.Delay(Apart / 2, cancel);
        var (heard, answered) = (new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate) (_awaited, _unanswered) = ((_hello.Sources[source].SourceId, expected, heard), (++_frame, answered));
        var sentAtUs = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        _encoder.Encode(_frame, sentAtUs, [new Position(source, 0, 0)], [++_seqs[source]], [value], _sources);
        var sent = Stopwatch.GetTimestamp();
        await _call!.RequestStream.WriteAsync(_encoder.Written.ToArray(), cancel);
        return (sent, heard.Task, answered.Task);
    }

    private void Hear(Alert alert)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
            if (_awaited is { } awaited && awaited.Source == alert.SourceId && awaited.Kind == alert.Kind) awaited.Heard.TrySetResult(now);
    }

    private void Take(EdgeFrame answer)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
            if (answer.Ack is { } ack && _unanswered is { } unanswered && ack.Frame >= unanswered.Frame) unanswered.Answered.TrySetResult(now);
    }
}
