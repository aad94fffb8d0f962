using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Commands;
using Governance.Node.Gateway;
using Governance.Edge.Security;
using Governance.Storage;
using Grpc.Core;
using Grpc.Net.Client;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Demo;

/// <summary>What the demonstration came to.</summary>
/// <param name="InLedger">Counted in the ledger where it is at hand; else what was acknowledged.</param>
internal sealed record DemoResult(
    CaseView Case, DateTimeOffset RaisedAt, DateTimeOffset ClearedAt, double DispatchedMs, long Sent, long Acknowledged, long InLedger, int SubscriberAlerts, TimeSpan Wall);

/// <summary>
/// Plays 3 August: commissions the district, streams its 924 detectors through a real gateway client in recorded time,
/// and lets the people of the script act when the recording reaches their second.
/// </summary>
internal sealed class DemoRun(TokenIssuer issuer, IReadingLedger? ledger, GrpcChannel channel, double speed, Action<DateTimeOffset, string> tell, Action<double> progress)
{
    internal async Task<DemoResult> RunAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        if (ledger is not null && await ledger.CountReadingsAsync(null, cancel) > 0) throw new UsageException("the node holds readings already: the demonstration wants a fresh --data-dir");
        await CommissionAsync(cancel);
        var viewer = issuer.For("demo-subscriber", "", Kernel.Roles.Viewer);
        await using var alerts = new AlertReader([channel], () => viewer, new SubscribeRequest { HeartbeatS = 1 });
        long dispatched = 0;
        alerts.Arrived += alert =>
        {
            if (alert.Kind == AlertKind.CaseDispatched) Interlocked.CompareExchange(ref dispatched, Stopwatch.GetTimestamp(), 0);
            if (alert.SourceId == PlantDistrict.SourceId(PlantDistrict.ChlorineSource) && alert.At.ToDateTimeOffset() >= Incident.Warning) tell(alert.At.ToDateTimeOffset(), $"[{alert.Colour}] {alert.Text}");
        };
        await alerts.WaitUntilSubscribedAsync(cancel);
        var gatewayToken = issuer.Issue("demo-gateway", "", [Kernel.Roles.Gateway], "demo-gateway", TimeSpan.FromHours(1));
        await using var gateway = new GatewayClient(
            new GatewayOptions { Nodes = [channel], Token = () => gatewayToken, GatewayId = "demo-gateway", Epoch = 1, Clock = Clock.Recorded }, PlantDistrict.Declarations());
        var script = new Script(issuer, channel, alerts, tell);
        var (steps, crossing, last) = (script.Steps, 0L, 0L);
        var clock = Stopwatch.StartNew();
        for (var at = Incident.Begins; at <= Incident.Ends; at += TimeSpan.FromSeconds(1))
        {
            var ahead = (at - Incident.Begins) / speed - clock.Elapsed;
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead, cancel);
            if (at == Incident.Warning) crossing = Stopwatch.GetTimestamp();
            last = await gateway.SendAsync(at, Incident.Samples(at), cancel);
            if (!steps.TryGetValue(at, out var step)) continue;
            // The recorded clock stands at this second once its frame is durable: then the people act.
            await gateway.WaitUntilAcknowledgedAsync(last, cancel);
            await step(cancel);
            progress((at - Incident.Begins) / (Incident.Ends - Incident.Begins));
        }
        await gateway.WaitUntilAcknowledgedAsync(last, cancel);
        progress(1);
        var inLedger = ledger is null ? gateway.Acknowledged : await ledger.CountReadingsAsync(null, cancel);
        return new DemoResult(await script.CaseAsync(cancel), RaisedAt(alerts), ClearedAt(alerts), Stopwatch.GetElapsedTime(crossing, dispatched).TotalMilliseconds,
            gateway.Sent, gateway.Acknowledged, inLedger, alerts.Alerts.Count, Stopwatch.GetElapsedTime(began));
    }

    private async Task CommissionAsync(CancellationToken cancel)
    {
        var admin = new Metadata { { "authorization", $"Bearer {issuer.For("demo-admin", "", Kernel.Roles.Admin)}" } };
        var commissioning = new Commissioning.CommissioningClient(channel);
        await Task.WhenAll(PlantDistrict.Commissioning().Select(r => commissioning.RegisterDetectorsAsync(r, admin, cancellationToken: cancel).ResponseAsync));
        tell(Incident.Begins, $"{PlantDistrict.Sources} hazard sources with {PlantDistrict.Sources * (PlantDistrict.GasDetectors + PlantDistrict.ProcessDetectors)} detectors in service");
    }

    private static DateTimeOffset RaisedAt(AlertReader alerts) =>
        alerts.Alerts.First(a => a.Kind == AlertKind.OccurrenceRaised && a.DetectorId == "CL2-SCALE-15").At.ToDateTimeOffset();

    private static DateTimeOffset ClearedAt(AlertReader alerts) =>
        alerts.Alerts.Last(a => a.Kind == AlertKind.ReturnedToNormal && a.DetectorId == "CL2-SCALE-15").At.ToDateTimeOffset();
}
