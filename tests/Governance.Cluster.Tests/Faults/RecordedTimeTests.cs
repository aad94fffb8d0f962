using Governance.Cluster.Tests.Harness;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Gateway;

namespace Governance.Cluster.Tests.Faults;

/// <summary>A recorded stream moves the time of a drill on every node, wherever its cases live.</summary>
public sealed class RecordedTimeTests
{
    private const int Sources = 12, Ticks = 500;
    private static readonly DateTimeOffset Begin = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromSeconds(30);

    [ClusterFact]
    public async Task Every_case_of_a_drill_lives_in_the_recordings_time_on_whatever_node()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: false);
        var plant = new Plant("D", Sources, 1);
        var commissioning = new Commissioning.CommissioningClient(cluster.Channels[0]);
        for (var s = 0; s < Sources; s++)
        {
            var registration = plant.Registration(s);
            registration.Drill = true;
            await commissioning.RegisterDetectorsAsync(registration, cluster.As(Roles.Admin));
        }
        var options = new GatewayOptions { Nodes = [cluster.Channels[1]], Token = () => cluster.Token("gw-drill", Roles.Gateway), GatewayId = "gw-drill", Epoch = 1, Clock = Clock.Recorded };
        await using var gateway = new GatewayClient(options, plant.Declarations());
        var (last, at) = (0L, Begin);
        for (long tick = 0; tick < Ticks; tick++)
        {
            at = Begin + tick * Tick;
            last = await gateway.SendAsync(at, Enumerable.Range(0, Sources).Select(s => new Sample(s, 0, at, plant.Value(s, 0, tick))).ToArray(), CancellationToken.None);
        }
        using var deadline = new CancellationTokenSource(Patience);
        await gateway.WaitUntilAcknowledgedAsync(last, deadline.Token);

        await using var records = new Records(cluster.Connection);
        List<string> cases = [];
        await cluster.UntilAsync(async () =>
        {
            cases = [.. (await records.JournalsAsync()).Keys.Where(k => k.StartsWith("case/", StringComparison.Ordinal)).Select(Records.Key)];
            return cases.Count >= Sources;
        }, "a case of every source", Patience);
        var nodes = new HashSet<string>();
        var inspection = new Inspection.InspectionClient(cluster.Channels[2]);
        foreach (var key in cases)
            await cluster.UntilAsync(async () =>
            {
                var entity = await inspection.InspectEntityAsync(new InspectEntityRequest { Kind = EntityKinds.Case, Id = key }, cluster.As(Roles.Operator));
                nodes.Add(entity.Node);
                return entity.Now.ToDateTimeOffset() == at;
            }, $"case {key} stands where the recording stands", Patience);
        Assert.True(nodes.Count > 1, "all cases live on one node: nothing is shown");
    }
}
