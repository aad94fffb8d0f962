using Governance.Cluster.Tests.Harness;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Xunit.Abstractions;

namespace Governance.Cluster.Tests.Faults;

/// <summary>Nobody is there when deadlines fall due.</summary>
public sealed class WholeClusterTests(ITestOutputHelper output)
{
    private const int Cases = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ClusterFact]
    public async Task Deadlines_that_fell_due_while_the_whole_cluster_was_down_fire_once_after_the_start_in_order_and_say_how_late()
    {
        // Signature after 15 s, then somebody asks after 24 s; nothing else while the test looks.
        var clocks = string.Join('\n', from level in new[] { "red", "orange", "yellow" } from clock in new[] { "SIGN|0.25", "STALE|0.4", "ON_SCENE|60", "CONTROL|60", "VERIFY|60", "DUE|600" } select $"{level}|{clock}");
        await using var cluster = await TestCluster.StartAsync(supervise: false, clocks);
        await RelayAsync(cluster);
        await using var records = new Records(cluster.Connection);
        await cluster.UntilAsync(async () => (await CasesAsync(records)).Count(c => Records.CaseOf(c).Clocks.Count >= 2) == Cases, $"{Cases} cases with their clocks", Patience);
        foreach (var node in cluster.Nodes) node.Kill9();
        foreach (var node in cluster.Nodes) await node.ExitAsync(Patience);
        var due = (await CasesAsync(records)).SelectMany(c => Records.CaseOf(c).Clocks).Where(c => c is { Phase: ClockPhase.Running, Name: ClockName.Sign or ClockName.Stale }).Select(c => c.Due).ToList();
        var rest = due.Max() - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(3);
        if (rest > TimeSpan.Zero) await Task.Delay(rest);

        var started = DateTimeOffset.UtcNow;
        await cluster.StartAllAsync();
        await cluster.UntilAsync(async () => (await BreachesAsync(records)).Count >= due.Count, $"{due.Count} deadlines fired", Patience);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var journals = await CasesAsync(records);
        foreach (var journal in journals)
        {
            var breaches = journal.Events.Select(e => e.Event).OfType<CaseEvent.DeadlineBreached>().ToList();
            Assert.Equal(breaches.Count, breaches.DistinctBy(b => (b.Clock, b.Due)).Count());
            Assert.Equal(breaches.OrderBy(b => b.Due), breaches);
            Assert.All(breaches, b => Assert.Equal(b.Due, b.At));
        }
        var all = await BreachesAsync(records);
        var late = all.Where(b => b.Due < started && b.LateBy > TimeSpan.FromSeconds(1)).ToList();
        Assert.Equal(due.Order(), late.Select(b => b.Due).Order());
        Assert.All(late, b => Assert.True(b.Due + b.LateBy >= started, $"{b.Clock} fired before anybody was there"));
        Tell($"{late.Count} deadlines of {Cases} cases fired once each, {late.Min(b => (b.Due + b.LateBy - started).TotalSeconds):0.0} to {late.Max(b => (b.Due + b.LateBy - started).TotalSeconds):0.0} s after the start command, late by {late.Min(b => b.LateBy.TotalSeconds):0.0} to {late.Max(b => b.LateBy.TotalSeconds):0.0} s");
    }

    /// <summary>One warning of another system per source, so one case each.</summary>
    private static async Task RelayAsync(TestCluster cluster)
    {
        var plant = new Plant("W", Cases, 1);
        var (commissioning, gateway) = (new Commissioning.CommissioningClient(cluster.Channels[0]), new DeviceGateway.DeviceGatewayClient(cluster.Channels[0]));
        for (var s = 0; s < Cases; s++) await commissioning.RegisterDetectorsAsync(plant.Registration(s), cluster.As(Roles.Admin));
        var now = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow);
        await Task.WhenAll(Enumerable.Range(0, Cases).Select(s => gateway.RelayWarningAsync(new RelayWarningRequest
        {
            CommandId = $"warn-{s}", SourceId = plant.Source(s), Sender = "province", Identifier = $"W{s}", Sent = now, ObservedAt = now, Point = "scale 15",
            Kind = Edge.V1.HazardKind.ToxicGas, Level = Edge.V1.AlarmLevel._1, Value = 3, Threshold = 1, Unit = "mg/m3", Text = "chlorine",
        }, cluster.As(Roles.Relay)).ResponseAsync));
    }

    private static async Task<List<Records.Journal>> CasesAsync(Records records) => [.. (await records.JournalsAsync()).Values.Where(j => j.Id.StartsWith("case/", StringComparison.Ordinal))];

    private static async Task<List<CaseEvent.DeadlineBreached>> BreachesAsync(Records records) =>
        [.. (await CasesAsync(records)).SelectMany(j => j.Events).Select(e => e.Event).OfType<CaseEvent.DeadlineBreached>()];

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
