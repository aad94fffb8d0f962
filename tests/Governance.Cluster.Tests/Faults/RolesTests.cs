using System.Globalization;
using Governance.Cluster.Tests.Harness;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Cluster.Tests.Faults;

/// <summary>What a node does is a matter of its configuration.</summary>
public sealed class RolesTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    [ClusterFact]
    public async Task Two_engines_and_an_edge_and_only_the_named_founder_founds()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: false, null, null, nodes =>
            ["--role", nodes[0] == nodes[3] ? "edge" : "engine", "--founder", string.Create(CultureInfo.InvariantCulture, $"{nodes[2].Host}:{nodes[2].ClusterPort}")]);
        var edge = cluster.Channels[2];
        await using var scene = await Scene.BeginAsync(cluster, new Plant("R", 6, 5), only: [edge]);
        await scene.UntilAcknowledgedAsync(1_000, Settled);

        var look = await new Inspection.InspectionClient(edge).InspectClusterAsync(new InspectClusterRequest(), cluster.As(Roles.Operator));
        Assert.True(look.Ready);
        Assert.Equal(["engine", "engine", "edge"], look.Members.OrderBy(m => m.Address, StringComparer.Ordinal).Select(m => Assert.Single(m.Roles)));
        Assert.Equal("engine", Assert.Single(Assert.Single(look.Members, m => m.OnDuty).Roles));
        Assert.All(look.EntitiesHere, e => Assert.Equal(0, e.Value));
        var refused = await Assert.ThrowsAsync<RpcException>(() => new Inspection.InspectionClient(cluster.Channels[0]).InspectClusterAsync(new InspectClusterRequest(), cluster.As(Roles.Operator)).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);

        await using var records = new Records(cluster.Connection);
        Assert.Equal($"akka.tcp://governance@{cluster.Nodes[1].Options.Host}:{cluster.Nodes[1].Options.ClusterPort}", await records.FounderAsync());
        var lies = await scene.EndAsync(records);
        Assert.True(lies.Count == 0, string.Join("\n", lies.Take(20)));
    }
}
