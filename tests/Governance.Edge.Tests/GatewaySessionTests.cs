using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Edge.Tests;

/// <summary>The gateway as an entity, over real sockets: fence, silence as one case, security events, a clock that is off.</summary>
public sealed class GatewaySessionTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task P5_the_older_of_two_streams_of_one_gateway_is_fenced_and_its_readings_were_kept()
    {
        const string source = "HS-SESSION-1";
        await edge.CommissionAsync(source);
        using var older = await edge.StreamAsync(source, gateway: "gw-session-1");
        await older.SendAsync(source, (1, 0.1));
        await older.DurableAsync(1);
        using var newer = await edge.StreamAsync(source, gateway: "gw-session-1");
        await newer.SendAsync(source, (2, 0.1));
        await newer.DurableAsync(2);
        var fenced = await FencedAsync(older);
        Assert.Equal("SUPERSEDED", fenced.Reason);
        await newer.SendAsync(source, (3, 2.6));
        await newer.DurableAsync(3);
        var gateway = await InspectAsync("gw-session-1");
        Assert.Contains("SessionOpened", string.Join('\n', gateway.RecentEvents), StringComparison.Ordinal);
        Assert.Contains("HS-SESSION-1", gateway.StateJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P5_a_stream_of_an_epoch_that_is_over_is_fenced_and_told()
    {
        const string source = "HS-SESSION-2";
        await edge.CommissionAsync(source);
        using var alerts = await SubscribeAsync();
        using var now = await edge.StreamAsync(source, gateway: "gw-session-2", epoch: 7);
        await now.SendAsync(source, (1, 0.1));
        await now.DurableAsync(1);
        using var zombie = await edge.StreamAsync(source, gateway: "gw-session-2", epoch: 6);
        Assert.Equal("OLD_EPOCH", (await FencedAsync(zombie)).Reason);
        var told = await AlertAsync(alerts, a => a.Kind == AlertKind.SecurityEvent && a.Text.Contains("gw-session-2", StringComparison.Ordinal));
        Assert.Contains("epoch 6", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P2_a_number_used_twice_is_refused_and_a_security_event()
    {
        const string source = "HS-SESSION-3";
        await edge.CommissionAsync(source);
        using var alerts = await SubscribeAsync();
        using var gateway = await edge.StreamAsync(source, gateway: "gw-session-3");
        await gateway.SendAsync(source, (1, 0.1));
        await gateway.DurableAsync(1);
        await gateway.SendAsync(source, (1, 0.7));
        Assert.Equal("SEQ_REUSED", (await gateway.RefusedAsync()).Reason);
        var told = await AlertAsync(alerts, a => a.Kind == AlertKind.SecurityEvent && a.SourceId == source);
        Assert.Contains("gw-session-3", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section5_a_gateways_clock_that_is_off_is_told()
    {
        const string source = "HS-SESSION-4";
        await edge.CommissionAsync(source);
        using var alerts = await SubscribeAsync();
        using var gateway = await edge.StreamAsync(source, gateway: "gw-session-4");
        var skewed = gateway.Batch(source, (1, 0.1));
        skewed.SentAt = Timestamp.FromDateTime(DateTime.UtcNow.AddSeconds(-30));
        await gateway.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = skewed });
        await gateway.DurableAsync(1);
        var told = await AlertAsync(alerts, a => a.Kind == AlertKind.ClockSkewed);
        Assert.Contains("gw-session-4", told.Text, StringComparison.Ordinal);
        Assert.Contains("behind", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section3_a_silent_gateway_is_one_case_that_lives_until_it_is_heard_again()
    {
        const string source = "HS-SESSION-5", name = "gw-session-5";
        var spec = EdgeUnderTest.Source(source);
        spec.Detectors[0].Period = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        await new Commissioning.CommissioningClient(edge.Channel).RegisterDetectorsAsync(spec, edge.As(Roles.Admin));
        using var alerts = await SubscribeAsync();
        using (var gateway = await edge.StreamAsync(source, gateway: name))
        {
            await gateway.SendAsync(source, (1, 0.1));
            await gateway.DurableAsync(1);
        }
        var lost = await AlertAsync(alerts, a => a.Kind == AlertKind.GatewayLost && a.Text.Contains(name, StringComparison.Ordinal));
        Assert.Contains("1 detectors of 1 sources", lost.Text, StringComparison.Ordinal);
        var opened = await AlertAsync(alerts, a => a.Kind == AlertKind.CaseOpened && a.Text.Contains(name, StringComparison.Ordinal));
        Assert.Equal("0104", opened.Category);
        using var again = await edge.StreamAsync(source, gateway: name);
        await AlertAsync(alerts, a => a.Kind == AlertKind.GatewayReturned && a.Text.Contains(name, StringComparison.Ordinal));
        var inspection = await new V1.Inspection.InspectionClient(edge.Channel).InspectCaseAsync(new InspectCaseRequest { CaseId = opened.CaseId }, edge.As(Roles.Operator));
        Assert.Contains(inspection.CauseChain, l => l.Contains("GatewayLost", StringComparison.Ordinal));
        Assert.Contains(inspection.CauseChain, l => l.Contains("OccurrenceEnded", StringComparison.Ordinal) || l.Contains("GatewayReturned", StringComparison.Ordinal));
    }

    private async Task<EntityInspection> InspectAsync(string gateway) =>
        await new V1.Inspection.InspectionClient(edge.Channel).InspectEntityAsync(new InspectEntityRequest { Kind = "gateway", Id = gateway }, edge.As(Roles.Operator));

    private static async Task<Fenced> FencedAsync(GatewayWire wire)
    {
        using var late = new CancellationTokenSource(Patience);
        while (await wire.Call.ResponseStream.MoveNext(late.Token))
            if (wire.Call.ResponseStream.Current.Fenced is { } fenced) return fenced;
        throw new InvalidOperationException("the stream ended without a fence");
    }

    private async Task<AsyncServerStreamingCall<AlertEnvelope>> SubscribeAsync()
    {
        var call = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { HeartbeatS = 1 }, new CallOptions(new Metadata { { "authorization", $"Bearer {edge.Token(Roles.Operator)}" } }));
        using var late = new CancellationTokenSource(Patience);
        Assert.True(await call.ResponseStream.MoveNext(late.Token));
        return call;
    }

    private static async Task<Alert> AlertAsync(AsyncServerStreamingCall<AlertEnvelope> alerts, Func<Alert, bool> wanted)
    {
        using var late = new CancellationTokenSource(Patience);
        while (await alerts.ResponseStream.MoveNext(late.Token))
            if (alerts.ResponseStream.Current.Alert is { } alert && wanted(alert)) return alert;
        throw new InvalidOperationException("the alert stream ended");
    }
}
