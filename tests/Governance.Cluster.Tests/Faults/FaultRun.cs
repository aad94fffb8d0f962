using System.Diagnostics;
using System.Globalization;
using System.Text;
using Governance.Domain.Kernel;
using Governance.Edge.V1;

namespace Governance.Cluster.Tests.Faults;

/// <summary>
/// Faults at random moments under load, then the comparison of what was acknowledged, seen and journaled.
/// </summary>
internal sealed class FaultRun(int seed, TimeSpan length, Action<string> tell)
{
    /// <summary>Clocks so short that deadlines fall due all through the run.</summary>
    internal const string ShortClocks = """
        red|SIGN|0.5
        red|ON_SCENE|1
        red|CONTROL|2
        red|STALE|0.7
        red|VERIFY|1
        red|DUE|3
        orange|SIGN|0.5
        orange|ON_SCENE|1
        orange|CONTROL|2
        orange|STALE|0.7
        orange|VERIFY|1
        orange|DUE|3
        yellow|SIGN|0.5
        yellow|ON_SCENE|1
        yellow|CONTROL|2
        yellow|STALE|0.7
        yellow|VERIFY|1
        yellow|DUE|3
        """;
    private static readonly TimeSpan CalmPatience = TimeSpan.FromSeconds(120);
    private readonly Random _random = new(seed);
    private readonly List<string> _faults = [];
    private readonly Dictionary<Fault, List<TimeSpan>> _lateAlarms = [];

    internal async Task<(IReadOnlyList<string> Lies, string Report)> RunAsync()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: true, ShortClocks, null, Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_LOG") is { Length: > 0 } level ? ["--log", level] : []);
        // 20 sources with 5 detectors at 10 readings/s each, twice: 2,000 readings/s.
        Plant[] plants = [new Plant("A", 20, 5), new Plant("B", 20, 5)];
        foreach (var plant in plants) await CommissionAsync(cluster, plant);
        await using var listener = new Listener(cluster.Channels, () => cluster.Token("", Roles.Viewer));
        await listener.WaitUntilSubscribedAsync(new CancellationTokenSource(CalmPatience).Token);
        var loads = plants.Select((p, i) => new Load(p, $"gw-{i}", [.. cluster.Channels.Skip(i), .. cluster.Channels.Take(i)], () => cluster.Token($"gw-{i}", Roles.Gateway))).ToList();
        try
        {
            var begun = Stopwatch.GetTimestamp();
            await PauseAsync(3, 6);
            var script = new FaultScript(cluster, _random);
            foreach (var fault in script.Endless())
            {
                await OneAsync(cluster, script, fault, begun, loads, listener);
                if (Stopwatch.GetElapsedTime(begun) > length) break;
            }
            foreach (var load in loads) await load.FinishAsync(CalmPatience);
            await QuietAsync(cluster, loads, listener);
            await using var records = new Records(cluster.Connection);
            var checker = new Checker(records, loads, listener);
            var lies = (await checker.LiesAsync(DateTimeOffset.UtcNow)).ToList();
            lies.AddRange(await FoldedAsync(cluster, listener));
            if (Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_LOG") is { Length: > 0 }) tell(cluster.Said());
            return (lies, Report(checker, loads, listener, cluster, Stopwatch.GetElapsedTime(begun)));
        }
        catch (Exception e)
        {
            tell($"the run broke: {e.Message}\n{string.Join("\n", _faults)}\n{cluster.Said()}");
            throw;
        }
        finally { foreach (var load in loads) await load.DisposeAsync(); }
    }

    private async Task OneAsync(TestCluster cluster, FaultScript script, Fault fault, long begun, List<Load> loads, Listener listener)
    {
        var (at, from) = (Stopwatch.GetElapsedTime(begun), DateTimeOffset.UtcNow);
        var what = await script.DoAsync(fault);
        await cluster.UntilAllReadyAsync();
        await cluster.UntilAsync(() => Task.FromResult(loads.All(l => l.Open < 500)), "everything acknowledged again", CalmPatience);
        await PauseAsync(2, 5);
        var late = Late(loads, listener, from);
        if (!_lateAlarms.TryGetValue(fault, out var all)) _lateAlarms[fault] = all = [];
        all.Add(late);
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"  {at.TotalSeconds,6:0.0} s  {what}; latest alarm of it after {late.TotalSeconds:0.0} s; all well after {(DateTimeOffset.UtcNow - from).TotalSeconds:0.0} s"));
        tell(_faults[^1]);
        if (Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_LOG") is not { Length: > 0 }) return;
        foreach (var (occurrence, taken) in loads.SelectMany(l => l.Expected).Where(e => e.Value >= from).OrderBy(e => e.Value))
            if (listener.RaisedAt.TryGetValue(occurrence, out var seen) && seen - taken > TimeSpan.FromSeconds(0.5)) tell(string.Create(CultureInfo.InvariantCulture, $"           {taken:HH:mm:ss.fff} → {seen:HH:mm:ss.fff}  {(seen - taken).TotalSeconds:0.0} s  {occurrence}"));
    }

    /// <summary>The longest way of an alarm, from its reading to the subscriber, since then.</summary>
    private static TimeSpan Late(List<Load> loads, Listener listener, DateTimeOffset since) => loads.SelectMany(l => l.Expected).Where(e => e.Value >= since - TimeSpan.FromSeconds(1))
        .Select(e => (listener.RaisedAt.TryGetValue(e.Key, out var seen) ? seen : DateTimeOffset.UtcNow) - e.Value).DefaultIfEmpty().Max();

    private async Task CommissionAsync(TestCluster cluster, Plant plant)
    {
        var client = new Commissioning.CommissioningClient(cluster.Channels[0]);
        for (var s = 0; s < plant.Sources; s++) await client.RegisterDetectorsAsync(plant.Registration(s), cluster.As(Roles.Admin));
    }

    /// <summary>Until the last alarm has reached the subscriber and the lists have caught up.</summary>
    private static async Task QuietAsync(TestCluster cluster, List<Load> loads, Listener listener)
    {
        await using var records = new Records(cluster.Connection);
        await cluster.UntilAsync(() => Task.FromResult(loads.SelectMany(l => l.Expected.Keys).All(listener.RaisedAt.ContainsKey)), "every alarm at the subscriber", CalmPatience);
        await cluster.UntilAsync(async () =>
        {
            var checker = new Checker(records, loads, listener);
            return (await checker.LiesAsync(DateTimeOffset.UtcNow)).Count == 0;
        }, "a moment at which everything agrees", TimeSpan.FromSeconds(30)).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>A new subscriber's snapshot is what the old one has folded from everything it saw.</summary>
    private static async Task<IEnumerable<string>> FoldedAsync(TestCluster cluster, Listener listener)
    {
        IEnumerable<string> difference = [];
        await cluster.UntilAsync(async () =>
        {
            await using var fresh = new Listener(cluster.Channels, () => cluster.Token("", Roles.Viewer));
            await fresh.WaitUntilSubscribedAsync(new CancellationTokenSource(CalmPatience).Token);
            var (server, subscriber) = (fresh.Folded(), listener.Folded());
            difference = [.. server.Except(subscriber).Select(l => $"live at the server only: {l}"), .. subscriber.Except(server).Select(l => $"live at the subscriber only: {l}")];
            return !difference.Any();
        }, "the subscriber's fold equals the server's", TimeSpan.FromSeconds(15)).ContinueWith(_ => { }, TaskScheduler.Default);
        return difference;
    }

    private Task PauseAsync(int fromS, int toS) => Task.Delay(TimeSpan.FromSeconds(fromS + _random.NextDouble() * (toS - fromS)));

    private string Report(Checker checker, List<Load> loads, Listener listener, TestCluster cluster, TimeSpan took)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}, {took.TotalMinutes:0.0} min, {loads.Sum(l => l.Sent) / took.TotalSeconds:0} readings/s, network {(cluster.Network.CanCut ? "of namespaces" : cluster.Network.WhyNot)}");
        foreach (var fault in _faults) text.AppendLine(fault);
        text.AppendLine(CultureInfo.InvariantCulture, $"sent {loads.Sum(l => l.Sent)}, acknowledged {loads.Sum(l => l.Acknowledged)}, refused {loads.Sum(l => l.Refused)}, streams {loads.Sum(l => l.Connections)}, node exits {string.Join(" | ", cluster.Nodes.Select(n => string.Join(",", n.ExitCodes)))}");
        text.AppendLine(string.Join(", ", checker.Counts.OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}")));
        var ways = loads.SelectMany(l => l.Expected).Where(e => listener.RaisedAt.ContainsKey(e.Key)).Select(e => listener.RaisedAt[e.Key] - e.Value).Order().ToList();
        text.AppendLine(Distribution("reading to subscriber, faults included", ways));
        text.AppendLine(Distribution("deadline noticed late by", [.. checker.LateBy.Order()]));
        foreach (var (fault, late) in _lateAlarms) text.AppendLine(Distribution($"latest alarm of a {fault}", [.. late.Order()]));
        return text.ToString();
    }

    private static string Distribution(string what, List<TimeSpan> sorted) => sorted.Count == 0 ? $"{what}: none" : string.Create(CultureInfo.InvariantCulture,
        $"{what}: n {sorted.Count}, p50 {At(sorted, 0.5):0.000} s, p90 {At(sorted, 0.9):0.000} s, p99 {At(sorted, 0.99):0.000} s, max {sorted[^1].TotalSeconds:0.000} s");

    private static double At(List<TimeSpan> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))].TotalSeconds;
}
