using System.Net;
using System.Text.Json;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Health.V1;

namespace Governance.Edge.Tests;

/// <summary>What a node says of itself: to a supervisor, to a load balancer, to an operator.</summary>
public sealed class NodeHealthTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    [Fact]
    public async Task A_node_is_live_at_once_and_ready_when_it_can_work()
    {
        using var http = new HttpClient { BaseAddress = edge.Http };
        Assert.Equal("live", await http.GetStringAsync("healthz/live"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await http.GetAsync("healthz/ready", patience.Token)).StatusCode != HttpStatusCode.OK) await Task.Delay(50, patience.Token);
        var ready = JsonDocument.Parse(await http.GetStringAsync("healthz/ready", patience.Token)).RootElement;
        Assert.True(ready.GetProperty("ready").GetBoolean());
        Assert.Empty(ready.GetProperty("reasons").EnumerateArray());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(edge.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: patience.Token)).Status);
    }

    [Fact]
    public async Task An_operator_sees_the_cluster_and_nobody_else_does()
    {
        var inspection = new V1.Inspection.InspectionClient(edge.Channel);
        var look = await inspection.InspectClusterAsync(new InspectClusterRequest(), edge.As(Roles.Operator));
        var member = Assert.Single(look.Members);
        Assert.Equal((look.Node, "Up", true, true), (member.Address, member.Status, member.Reachable, member.OnDuty));
        Assert.Equal(["edge", "engine"], member.Roles);
        Assert.True(look.EntitiesHere[EntityKinds.HazardSource] >= 1);
        var refused = await Assert.ThrowsAsync<RpcException>(() => inspection.InspectClusterAsync(new InspectClusterRequest(), edge.As(Roles.Gateway)).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }
}
