using System.Collections.Concurrent;
using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Grpc.Net.Client;

namespace Governance.Node.Bench;

/// <summary>An alarm that was handed to a gateway, and when its alert was first heard.</summary>
internal sealed class FailoverAlarm(long sentAt)
{
    private int _heard;

    internal long SentAt { get; } = sentAt;
    internal long HeardAt { get; private set; }
    internal int Heard => Volatile.Read(ref _heard);

    internal void Hear(long at)
    {
        if (Interlocked.Increment(ref _heard) == 1) HeardAt = at;
    }
}

/// <summary>Gateways that keep a steady rate through every fault, one that alarms four times a second, and a subscriber.</summary>
internal sealed class FailoverLoad : IAsyncDisposable
{
    internal const int Gateways = 4, SourcesPerGateway = 10, Detectors = 10, AlarmSources = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50), AlarmTick = TimeSpan.FromMilliseconds(250);
    private readonly List<GatewayClient> _gateways = [];
    private readonly long[] _last = new long[Gateways];
    private readonly GatewayClient _alarming;
    private readonly AlertReader _alerts;
    private readonly ConcurrentDictionary<string, FailoverAlarm> _alarms = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _running = [];

    internal FailoverLoad(IReadOnlyList<GrpcChannel> nodes, Func<string, string> token, double readingsPerSecond)
    {
        _alerts = new AlertReader(nodes, () => token(Domain.Kernel.Roles.Viewer), new SubscribeRequest { Areas = { "410803001" }, HeartbeatS = 1 });
        _alerts.Arrived += Hear;
        for (var g = 0; g < Gateways; g++)
        {
            _gateways.Add(Gateway($"bench-{g}", Declared(g * SourcesPerGateway, SourcesPerGateway)));
            var gateway = g;
            _running.Add(Task.Run(() => SendAsync(gateway, readingsPerSecond / Gateways)));
        }
        _alarming = Gateway("bench-alarms", Declared(Gateways * SourcesPerGateway, AlarmSources));
        _running.Add(Task.Run(AlarmAsync));

        GatewayClient Gateway(string id, IReadOnlyList<SourceDeclaration> sources) =>
            new(new GatewayOptions { Nodes = nodes, Token = () => token(Domain.Kernel.Roles.Gateway), GatewayId = id, Epoch = 1 }, sources);
    }

    internal ICollection<FailoverAlarm> Alarms => _alarms.Values;
    internal long Sent => _gateways.Sum(g => g.Sent) + _alarming.Sent;
    internal long Acknowledged => _gateways.Sum(g => g.Acknowledged) + _alarming.Acknowledged;

    internal Task WaitUntilSubscribedAsync(CancellationToken cancel) => _alerts.WaitUntilSubscribedAsync(cancel);

    /// <summary>Waits until every gateway holds the answer to a batch that it took after now; each batch has readings of all its sources.</summary>
    internal Task AllAcknowledgeAgainAsync(CancellationToken cancel) => Task.WhenAll(_gateways.Select((gateway, g) => gateway.WaitUntilAcknowledgedAsync(Interlocked.Read(ref _last[g]) + 1, cancel).AsTask()));

    /// <summary>Nothing new is sent; returns when everything is answered and every alarm was heard, or after <paramref name="patience"/>.</summary>
    internal async Task EndAsync(TimeSpan patience, CancellationToken cancel)
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < patience && (Acknowledged < Sent || Alarms.Any(a => a.Heard == 0))) await Task.Delay(Tick, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var gateway in _gateways.Append(_alarming)) await gateway.DisposeAsync();
        await _alerts.DisposeAsync();
        _ending.Dispose();
    }

    private static List<SourceDeclaration> Declared(int first, int sources) => [.. Enumerable.Range(first, sources).Select(number => new SourceDeclaration
    {
        SourceId = BenchNode.SourceId(number), Detectors = { Enumerable.Range(0, Detectors).Select(d => new DetectorDeclaration { DetectorId = $"D{d:00}", Unit = "mg/m3" }) },
    })];

    private async Task SendAsync(int gateway, double perSecond)
    {
        var (begun, sent) = (Stopwatch.GetTimestamp(), 0L);
        using var tick = new PeriodicTimer(Tick);
        while (await tick.WaitForNextTickAsync(_ending.Token))
        {
            var (now, samples) = (DateTimeOffset.UtcNow, new List<Sample>());
            for (var due = (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond); sent < due; sent++)
                samples.Add(new Sample((int)(sent % SourcesPerGateway), (int)(sent / SourcesPerGateway % Detectors), now, 10 + sent % 7));
            // A batch speaks for every source of its gateway, so it holds one reading of each at least.
            if (samples.Count >= SourcesPerGateway) Interlocked.Exchange(ref _last[gateway], await _gateways[gateway].SendAsync(now, samples.ToArray(), _ending.Token));
            else sent -= samples.Count;
        }
    }

    private async Task AlarmAsync()
    {
        var seqs = new long[AlarmSources];
        using var tick = new PeriodicTimer(AlarmTick);
        for (var turn = 0; await tick.WaitForNextTickAsync(_ending.Token); turn++)
        {
            var (source, now) = (turn % AlarmSources, DateTimeOffset.UtcNow);
            // Every second word of a source is an alarm, every other its end.
            if (++seqs[source] % 2 == 1) _alarms[$"{BenchNode.SourceId(Gateways * SourcesPerGateway + source)}/D00/1.{seqs[source]}"] = new FailoverAlarm(Stopwatch.GetTimestamp());
            await _alarming.SendAsync(now, new Sample(source, 0, now, seqs[source] % 2 == 1 ? 50 : 5), _ending.Token);
        }
    }

    private void Hear(Alert alert)
    {
        if (alert.Kind == AlertKind.OccurrenceRaised && _alarms.TryGetValue(alert.OccurrenceId, out var alarm)) alarm.Hear(Stopwatch.GetTimestamp());
    }
}
