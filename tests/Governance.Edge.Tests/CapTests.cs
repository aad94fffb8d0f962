using System.Globalization;
using System.Xml;
using System.Xml.Schema;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Node.Tests;
using Grpc.Core;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;

namespace Governance.Edge.Tests;

/// <summary>Warnings of other systems as CAP, in and out, over real sockets (alarms.md §6, P11).</summary>
public sealed class CapTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private DeviceGateway.DeviceGatewayClient Relay => new(edge.Channel);

    private static string Cap(string id, string type = "Alert", string references = "", string severity = "Severe", string status = "Actual", double hours = 2, string parameters = "", string info = "") =>
        Cap(id, DateTimeOffset.UtcNow, type, references, severity, status, hours, parameters, info);

    private static string Cap(string id, DateTimeOffset sent, string type, string references, string severity, string status, double hours, string parameters, string info) => $"""
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>henan-platform</sender><sent>{Time(sent)}</sent>
        <status>{status}</status><msgType>{type}</msgType><scope>Public</scope>{(references.Length > 0 ? $"<references>{references}</references>" : "")}
        {(info == "none" ? "" : $"<info><language>zh-CN</language><category>CBRNE</category><event>液氯泄漏</event>{info}<urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty><expires>{Time(sent.AddHours(hours))}</expires><headline>{id}</headline>{parameters}<area><areaDesc>filling hall</areaDesc></area></info>")}</alert>
        """;

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string Parameter(string name, string value) => $"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>";

    private RelayWarningReply Send(string xml, string source = "") =>
        Relay.RelayWarning(new RelayWarningRequest { CommandId = Guid.NewGuid().ToString(), CapXml = xml, SourceId = source, Kind = source.Length > 0 ? HazardKindOf : default }, edge.As(Roles.Relay));

    private static Governance.Edge.V1.HazardKind HazardKindOf => Governance.Edge.V1.HazardKind.ToxicGas;

    private void Refused(string reason, string xml, string source = "") =>
        Assert.Contains(reason, Assert.Throws<RpcException>(() => Send(xml, source)).Status.Detail, StringComparison.Ordinal);

    [Fact]
    public async Task P11_a_warning_without_a_source_is_told_updated_and_cancelled_in_the_district_s_feed()
    {
        using var alerts = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { HeartbeatS = 1, Areas = { "410803" } }, edge.As(Roles.Viewer));
        var sent = DateTimeOffset.UtcNow;
        var xml = Cap("D-1", sent, "Alert", "", "Extreme", "Actual", 2, "", "");
        var first = Send(xml);
        Assert.Equal((false, AlarmLevel._3, "cap-levels/1"), (first.Repeated, first.Level, first.LevelTable));
        Assert.True(Send(xml).Repeated);
        var second = sent.AddSeconds(1);
        var update = Send(Cap("D-2", second, "Update", $"henan-platform,D-1,{Time(sent)}", "Moderate", "Actual", 2, "", ""));
        Assert.Equal(first.OccurrenceId, update.OccurrenceId);
        Send(Cap("D-3", second.AddSeconds(1), "Cancel", $"henan-platform,D-2,{Time(second)}", "Moderate", "Actual", 2, "", "none"));
        Refused("UNKNOWN_WARNING", Cap("D-4", "Cancel", $"henan-platform,D-2,{Time(second)}", info: "none"));
        var told = new List<Alert>();
        while (told.Count < 3 && await alerts.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)))
            if (alerts.ResponseStream.Current.Alert is { } alert && alert.OccurrenceId == first.OccurrenceId) told.Add(alert);
        Assert.Equal([AlertKind.WarningRelayed, AlertKind.WarningUpdated, AlertKind.WarningEnded], told.Select(a => a.Kind));
        Assert.Equal([AlarmLevel._3, AlarmLevel._1, AlarmLevel._1], told.Select(a => a.Level));
    }

    [Fact]
    public async Task P11_a_warning_for_a_source_opens_its_case_rises_and_ends_by_reference()
    {
        const string source = "HS-CAP-1";
        await edge.CommissionAsync(source);
        var sent = DateTimeOffset.UtcNow;
        // The source stands in the message itself.
        var raised = Send(Cap("S-1", sent, "Alert", "", "Moderate", "Actual", 2, Parameter("governance:source", source) + Parameter("kind", "ToxicGas") + Parameter("value", "1.4"), ""));
        Assert.NotEmpty(raised.CaseId);
        var risen = Send(Cap("S-2", sent.AddSeconds(1), "Update", $"henan-platform,S-1,{Time(sent)}", "Extreme", "Actual", 2, "", ""), source);
        Assert.Equal((raised.OccurrenceId, AlarmLevel._3), (risen.OccurrenceId, risen.Level));
        // The first message again, late: the same warning, and no way back to its level.
        Assert.Equal(AlarmLevel._3, Send(Cap("S-1", sent, "Alert", "", "Moderate", "Actual", 2, "", ""), source).Level);
        var look = await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.Equal(Colour(4), look.Colour);
        Send(Cap("S-3", sent.AddSeconds(2), "Cancel", $"henan-platform,S-1,{Time(sent)}", "Minor", "Actual", 2, "", "none"), source);
        look = await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.True(Assert.Single(look.Warnings).Cleared);
    }

    [Fact]
    public void What_cannot_be_acted_on_is_refused_by_name()
    {
        Refused("WARNING_EXPIRED", Cap("X-1", DateTimeOffset.UtcNow.AddHours(-3), "Alert", "", "Severe", "Actual", 2, "", ""));
        Refused("WARNING_EXPIRED", Cap("X-2", DateTimeOffset.UtcNow.AddHours(-3), "Alert", "", "Severe", "Actual", 2, "", ""), EdgeUnderTest.Live);
        Refused("CAP_STATUS_NOT_ACTIONABLE", Cap("X-3", status: "Draft"));
        Refused("CAP_TYPE_NOT_ACTIONABLE", Cap("X-4", "Ack", "henan-platform,X-1,2025-08-03T14:10:00+08:00"));
        Refused("CAP_REFERENCES_MISSING", Cap("X-5", "Cancel"));
        Refused("CAP_MISSING_ELEMENT", Cap("X-6").Replace("<scope>Public</scope>", "", StringComparison.Ordinal));
        Refused("CAP_DTD_FORBIDDEN", "<!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + Cap("X-7"));
        Refused("DRILL_ON_LIVE_SOURCE", Cap("X-8", status: "Exercise"), EdgeUnderTest.Live);
        Refused("UNKNOWN_WARNING", Cap("X-9", "Cancel", "henan-platform,NEVER,2025-08-03T14:10:00+08:00", info: "none"), EdgeUnderTest.Live);
        var both = new RelayWarningRequest { CommandId = "x", CapXml = Cap("X-10"), Sender = "somebody" };
        Assert.Contains("TWO_FORMS", Assert.Throws<RpcException>(() => Relay.RelayWarning(both, edge.As(Roles.Relay))).Status.Detail, StringComparison.Ordinal);
    }

    [RealDataTheory("cap/xsd/CAP-v1.2.xsd")]
    [InlineData("410803001")]
    public async Task What_goes_out_is_valid_and_refers_to_what_went_before(string area)
    {
        const string source = "HS-CAP-OUT";
        await edge.CommissionAsync(source);
        using var alerts = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { HeartbeatS = 1, Areas = { area } }, edge.As(Roles.Viewer));
        using var gateway = await edge.StreamAsync(source, gateway: "gw-cap-out");
        await gateway.SendAsync(source, (1, 2.6));
        await gateway.SendAsync(source, (2, 0.1));
        await gateway.DurableAsync(2);
        var told = new List<Alert>();
        while (!told.Any(a => a.Kind == AlertKind.ReturnedToNormal) && await alerts.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)))
            if (alerts.ResponseStream.Current.Alert is { } alert && alert.SourceId == source && alert.Kind is AlertKind.OccurrenceRaised or AlertKind.ReturnedToNormal) told.Add(alert);
        var schemas = new XmlSchemaSet { XmlResolver = null };
        using (var xsd = XmlReader.Create(RealData.Path("cap/xsd/CAP-v1.2.xsd"))) schemas.Add("urn:oasis:names:tc:emergency:cap:1.2", xsd);
        var messages = new List<Governance.Cap.CapAlert>();
        foreach (var alert in told)
        {
            var cap = await new V1.Alerts.AlertsClient(edge.Channel).GetCapAsync(new GetCapRequest { Area = area, Position = alert.Position }, edge.As(Roles.Viewer));
            using var reader = XmlReader.Create(new StringReader(cap.Xml), new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas });
            while (reader.Read()) { }
            messages.Add(Governance.Cap.CapReader.Read(cap.Xml));
        }
        Assert.Equal([Governance.Cap.CapMessageType.Alert, Governance.Cap.CapMessageType.Cancel], messages.Select(m => m.Type));
        Assert.Equal(messages[0].Identity.Identifier, messages[1].References[0].Identifier);
        Assert.Equal((Governance.Cap.CapSeverity.Severe, "2.6"), (messages[0].Infos[0].Severity, messages[0].Infos[0].Parameters.Find(p => p.Name == "value")!.Value));
        var missing = Assert.Throws<RpcException>(() => new V1.Alerts.AlertsClient(edge.Channel).GetCap(new GetCapRequest { Area = area, Position = 1_000_000 }, edge.As(Roles.Viewer)));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    private static V1.Colour Colour(int level) => (V1.Colour)(level + 1);
}
