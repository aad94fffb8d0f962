using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;

namespace Governance.Edge.Tests;

/// <summary>Load figures and the hand-over of a shift over real sockets, after a shift that was streamed, handled and taken out (alarms.md §8).</summary>
public sealed class LoadReportTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private static readonly Timestamp Soon = new() { Seconds = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds() };

    private V1.Alarms.AlarmsClient Desk => new(edge.Channel);
    private Commissioning.CommissioningClient Engineering => new(edge.Channel);
    private V1.Cases.CasesClient Cases => new(edge.Channel);

    /// <summary>
    /// One source with one detector: six alarms, of which the fifth makes it chatter and the sixth is of level 2, seen and
    /// left active; another one shelved and over its limit; a third taken out under a permit, grey since.
    /// </summary>
    [Fact]
    public async Task A_streamed_shift_gives_exactly_these_figures_and_this_hand_over()
    {
        var begun = DateTime.UtcNow;
        var area = "410803002";
        foreach (var id in new[] { "HS-LOAD-1", "HS-LOAD-2", "HS-LOAD-3" }) await CommissionAsync(id, area, latched: id == "HS-LOAD-1");
        using var first = await edge.StreamAsync("HS-LOAD-1", gateway: "gw-load-1");
        for (var seq = 1; seq <= 10; seq++) await first.SendAsync("HS-LOAD-1", (seq, seq % 2 == 1 ? 1.4 : 0.1));
        await first.SendAsync("HS-LOAD-1", (11, 2.6));
        await first.DurableAsync(11);
        var live = await Desk.GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = "HS-LOAD-1" }, edge.As(Roles.Viewer));
        var occurrence = live.Detectors[0].OccurrenceId;
        await Desk.AcknowledgeAsync(new AcknowledgeRequest { CommandId = Id(), SourceId = "HS-LOAD-1", OccurrenceId = occurrence, Note = "seen" }, edge.As(Roles.Operator));

        using var second = await edge.StreamAsync("HS-LOAD-2", gateway: "gw-load-2");
        await second.SendAsync("HS-LOAD-2", (1, 0.1));
        await second.DurableAsync(1);
        await Desk.ShelveAsync(new ShelveRequest { CommandId = Id(), SourceId = "HS-LOAD-2", DetectorId = "A", Until = Soon, Reason = "drifts" }, edge.As(Roles.Operator));
        await second.SendAsync("HS-LOAD-2", (2, 1.4));
        await second.DurableAsync(2);

        using var third = await edge.StreamAsync("HS-LOAD-3", gateway: "gw-load-3");
        await third.SendAsync("HS-LOAD-3", (1, 0.1));
        await third.DurableAsync(1);
        await Engineering.OpenPermitAsync(new OpenPermitRequest { CommandId = Id(), SourceId = "HS-LOAD-3", PermitId = "PTW-9", DetectorIds = { "A" }, Until = Soon, Reason = "calibration" }, edge.As(Roles.Leader));
        await Desk.TakeOutOfServiceAsync(new TakeOutOfServiceRequest { CommandId = Id(), SourceId = "HS-LOAD-3", DetectorId = "A", PermitId = "PTW-9", Until = Soon, Reason = "calibration" }, edge.As(Roles.Leader));

        // The case goes as far as the scene.
        var its = live.Incidents.Single().CaseId;
        var lead = await LeadAsync(its);
        await Cases.AcceptTaskAsync(new TaskCommand { CommandId = Id(), CaseId = its }, edge.As(Roles.Handler, lead));
        await Cases.DepartAsync(new TaskCommand { CommandId = Id(), CaseId = its }, edge.As(Roles.Handler, lead));
        await Cases.ArriveOnSceneAsync(new ArriveOnSceneRequest { CommandId = Id(), CaseId = its, Proof = "QR" }, edge.As(Roles.Handler, lead));
        var done = DateTime.UtcNow;

        var report = await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = area }, done);
        Assert.Equal((6, 1, 6), (report.Alarms, report.SuppressedOccurrences, report.Peak10Min));
        Assert.Equal(6 / ((report.To - report.From).ToTimeSpan() / TimeSpan.FromMinutes(10)), report.AlarmsPer10Min, 6);
        Assert.Equal(report.AsOf, report.To);
        Assert.Equal((0.0, 0, 0), (report.FloodShare, report.Floods, report.StaleTotal));
        Assert.Equal([(AlarmLevel._1, 5), (AlarmLevel._2, 1)], report.Levels.Select(l => (l.Level, l.Alarms)));
        Assert.Equal(("HS-LOAD-1", "A", 6, 1.0, 1.0), (report.MostFrequent.Single().SourceId, report.MostFrequent.Single().DetectorId, report.MostFrequent.Single().Alarms, report.MostFrequent.Single().Share, report.MostFrequentShare));
        Assert.Equal(("HS-LOAD-1", 1, 6), (report.Chattering.Single().SourceId, report.Chattering.Single().Episodes, report.Chattering.Single().Alarms));
        // Shelf, permit and grey began in the test and last to the end of the period.
        Assert.All(new[] { report.Bypassed.Shelved, report.Bypassed.OutOfService }, hours => Assert.InRange(hours, 1e-7, (report.To.ToDateTime() - begun).TotalHours));
        Assert.Equal(0, report.Bypassed.ByDesign);
        Assert.Equal(report.Bypassed.Shelved + report.Bypassed.OutOfService, report.Bypassed.Total, 9);
        Assert.True(report.GreyHours > report.Bypassed.OutOfService);
        // One case: the first alarm opened it, and waited for everything that came after.
        Assert.Equal([false, true, true, true, true, true], report.Responses.Select(r => r.JoinedCase));
        Assert.All(report.Responses, r => Assert.Equal((its, true, true, false), (r.CaseId, r.HasToAcceptS, r.HasToArriveS, r.HasToCloseS)));
        Assert.Equal([true, true, true, true, true, false], report.Responses.Select(r => r.HasToClearS));
        Assert.Equal((6, 6, 5, 0), (report.Accept.Count, report.Arrive.Count, report.Clear.Count, report.Close.Count));
        Assert.True(report.Responses[0].ToAcceptS <= report.Responses[0].ToArriveS && report.Arrive.MaxS == report.Responses[0].ToArriveS);

        // Only these are theirs.
        Assert.Equal(0, (await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = "410803003" }, done)).Alarms);
        Assert.Equal((0, 1), await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), SourceId = "HS-LOAD-2" }, done) is var shelved ? (shelved.Alarms, shelved.SuppressedOccurrences) : default);
        Assert.Equal(0, (await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = area, Drill = true }, done)).Alarms);

        var paged = new List<string>();
        var page = new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = area, PageSize = 4 };
        do
        {
            var part = await ReportAsync(page, done);
            Assert.Equal(6, part.Alarms);
            paged.AddRange(part.Responses.Select(r => r.OccurrenceId));
            page.PageToken = part.NextPageToken;
        }
        while (page.PageToken.Length > 0);
        Assert.Equal(report.Responses.Select(r => r.OccurrenceId), paged);

        var handover = await Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest { Area = area, Since = Timestamp.FromDateTime(begun) }, edge.As(Roles.Viewer));
        var active = handover.Active.Single();
        Assert.Equal((occurrence, AlarmLevel._2, false, "tester", its, ""), (active.OccurrenceId, active.Level, active.Unacknowledged, active.AcknowledgedBy, active.CaseId, active.Suppression));
        Assert.NotNull(active.AcknowledgementExpires);
        Assert.Equal(("HS-LOAD-1", AlarmLevel._2), (handover.Latched.Single().SourceId, handover.Latched.Single().Peak));
        Assert.Equal(("HS-LOAD-2", "tester", "drifts", AlarmLevel._1, Soon), handover.Shelved.Single() is var shelf ? (shelf.SourceId, shelf.By, shelf.Reason, shelf.ActiveLevel, shelf.Until) : default);
        Assert.Equal(("HS-LOAD-3", "PTW-9", AlarmLevel.None), handover.OutOfService.Single() is var taken ? (taken.SourceId, taken.PermitId, taken.ActiveLevel) : default);
        Assert.Equal(("HS-LOAD-3", area), (handover.Grey.Single().SourceId, handover.Grey.Single().Area));
        Assert.Equal(("PTW-9", "A", "calibration"), (handover.Permits.Single().PermitId, handover.Permits.Single().DetectorIds.Single(), handover.Permits.Single().Reason));
        Assert.Equal((its, "HANDLING", lead, "ON_SCENE", true), handover.Cases.Single() is var open ? (open.CaseId, open.State, open.Holder, open.HolderState, open.NextDeadline.Length > 0) : default);
        Assert.Equal((6, 5, 1, 1, 1), (Changes("RAISED"), Changes("CLEARED"), Changes("SHELVED"), Changes("TAKEN_OUT"), Changes("PERMIT_OPENED")));
        Assert.Equal(handover.Changes.Select(c => c.At.ToDateTime()).Order(), handover.Changes.Select(c => c.At.ToDateTime()));
        Assert.Empty(handover.Truncated);

        await Engineering.ClosePermitAsync(new ClosePermitRequest { CommandId = Id(), SourceId = "HS-LOAD-3", PermitId = "PTW-9", Note = "done" }, edge.As(Roles.Leader));
        await Desk.UnshelveAsync(new UnshelveRequest { CommandId = Id(), SourceId = "HS-LOAD-2", DetectorId = "A" }, edge.As(Roles.Operator));
        await ReportAsync(new ReportLoadRequest(), DateTime.UtcNow);
        handover = await Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest { Area = area, Since = Timestamp.FromDateTime(begun), Limit = 1 }, edge.As(Roles.Viewer));
        // What stood behind the shelf is told now, and nobody has seen it: it comes first, and the rest is said to be cut.
        Assert.Equal(("HS-LOAD-2", true), (handover.Active.Single().SourceId, handover.Active.Single().Unacknowledged));
        Assert.Equal((2, 0, 0, 0), (handover.Totals["active"], handover.Totals["shelved"], handover.Totals["out_of_service"], handover.Totals["permits"]));
        Assert.Equal(["active", "cases", "changes"], handover.Truncated);

        int Changes(string what) => handover.Changes.Count(c => c.What == what);
    }

    [Fact]
    public async Task Eleven_alarms_in_ten_minutes_are_a_flood_of_their_desk_and_of_no_other()
    {
        var begun = DateTime.UtcNow;
        var batch = new ReadingBatch { Frame = 1, SentAt = Timestamp.FromDateTime(begun) };
        var hello = new Hello { GatewayId = "gw-load-flood", Epoch = 1, Clock = Clock.Live };
        for (var n = 0; n < 12; n++)
        {
            var id = $"HS-LOAD-F{n}";
            await CommissionAsync(id, "410803004", latched: false);
            hello.Sources.Add(new SourceDeclaration { SourceId = id, Detectors = { new DetectorDeclaration { DetectorId = "A", Unit = "mg/m3" } } });
            batch.Sources.Add(new SourceReadings { SourceId = id, Detector = { 0 }, Seq = { 1 }, Value = { 1.4 } });
        }
        using var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(edge.As(Roles.Gateway)));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Hello = hello });
        Assert.NotNull((await wire.NextAsync()).Welcome);
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
        LoadReport report;
        var until = DateTime.UtcNow.AddSeconds(60);
        do report = await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), SourceId = "HS-LOAD-F7" }, DateTime.UtcNow);
        while (report.Floods == 0 && DateTime.UtcNow < until);
        Assert.InRange(report.FloodShare, 1e-9, 1);
        Assert.Equal((1, 12), await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = "410803004" }, DateTime.UtcNow) is var desk ? (desk.Floods, desk.Peak10Min) : default);
        Assert.Equal(0, (await ReportAsync(new ReportLoadRequest { From = Timestamp.FromDateTime(begun), Area = "410803005" }, DateTime.UtcNow)).Floods);
        Assert.Equal("410803004", (await Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest { Area = "410803004" }, edge.As(Roles.Viewer))).Floods.Single().Area);
    }

    [Fact]
    public async Task A_period_that_makes_no_sense_is_refused_by_name()
    {
        await ReportAsync(new ReportLoadRequest(), DateTime.UtcNow.AddSeconds(-30));
        var now = DateTime.UtcNow;
        Timestamp Ago(double hours) => Timestamp.FromDateTime(now.AddHours(-hours));
        await RefusedAsync("PERIOD_EMPTY", StatusCode.InvalidArgument, new ReportLoadRequest { From = Ago(1), To = Ago(2) });
        await RefusedAsync("PERIOD_EMPTY", StatusCode.InvalidArgument, new ReportLoadRequest { From = Ago(1), To = Ago(1) });
        await RefusedAsync("PERIOD_TOO_LONG", StatusCode.InvalidArgument, new ReportLoadRequest { From = Ago(24 * 367), To = Ago(0) });
        await RefusedAsync("PERIOD_NOT_YET", StatusCode.InvalidArgument, new ReportLoadRequest { From = Ago(-1) });
        await RefusedAsync("TIME_INVALID", StatusCode.InvalidArgument, new ReportLoadRequest { From = new Timestamp { Nanos = -5 } });
        await RefusedAsync("UNKNOWN_AREA", StatusCode.InvalidArgument, new ReportLoadRequest { Area = "410899001" });
        await RefusedAsync("MALFORMED_ID", StatusCode.InvalidArgument, new ReportLoadRequest { Area = "the north" });
        await RefusedAsync("UNKNOWN_SOURCE", StatusCode.NotFound, new ReportLoadRequest { SourceId = "HS-NOWHERE" });
        await RefusedAsync("DRILL_MISMATCH", StatusCode.InvalidArgument, new ReportLoadRequest { SourceId = EdgeUnderTest.Live, Drill = true });
        await RefusedAsync("PAGE_SIZE_INVALID", StatusCode.InvalidArgument, new ReportLoadRequest { PageSize = 1001 });
        await RefusedAsync("PAGE_TOKEN_INVALID", StatusCode.InvalidArgument, new ReportLoadRequest { PageToken = "bm90IG9uZQ==" });
        foreach (var since in new[] { Ago(-1), Ago(24 * 8) })
            await RefusedAsync("SHIFT_INVALID", StatusCode.InvalidArgument, () => Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest { Since = since }, edge.As(Roles.Viewer)).ResponseAsync);
        await RefusedAsync("LIMIT_INVALID", StatusCode.InvalidArgument, () => Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest { Limit = -1 }, edge.As(Roles.Viewer)).ResponseAsync);
        await RefusedAsync("ROLE_REQUIRED", StatusCode.PermissionDenied, () => Desk.ReportLoadAsync(new ReportLoadRequest(), edge.As(Roles.Gateway)).ResponseAsync);
        await RefusedAsync("ROLE_REQUIRED", StatusCode.PermissionDenied, () => Desk.GetShiftHandoverAsync(new GetShiftHandoverRequest(), edge.As(Roles.Gateway)).ResponseAsync);
    }

    [Fact]
    public async Task Both_reports_are_there_as_JSON_too()
    {
        await ReportAsync(new ReportLoadRequest(), DateTime.UtcNow.AddSeconds(-30));
        using var http = new HttpClient { BaseAddress = edge.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token(Roles.Viewer));
        Assert.Contains("\"alarmsPer10Min\"", await http.GetStringAsync("/v1/alarms/load?area=410803"), StringComparison.Ordinal);
        Assert.Contains("\"asOf\"", await http.GetStringAsync("/v1/alarms/handover"), StringComparison.Ordinal);
    }

    private async Task CommissionAsync(string id, string area, bool latched)
    {
        var spec = EdgeUnderTest.Source(id);
        spec.Subdistrict = area;
        if (latched) spec.Detectors[0].LatchFrom = AlarmLevel._2;
        await Engineering.RegisterDetectorsAsync(spec, edge.As(Roles.Admin));
    }

    /// <summary>The report, once everything up to that moment is in it.</summary>
    private async Task<LoadReport> ReportAsync(ReportLoadRequest request, DateTime complete)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(50))
            try
            {
                var report = await Desk.ReportLoadAsync(request, edge.As(Roles.Viewer));
                if (report.AsOf.ToDateTime() > complete) return report;
                Assert.True(DateTime.UtcNow < until, "the records never came so far");
            }
            catch (RpcException e) when (DateTime.UtcNow < until && (e.Status.Detail.StartsWith("RECORDS_NOT_COMPLETE", StringComparison.Ordinal) || e.Status.Detail.StartsWith("UNKNOWN_SOURCE", StringComparison.Ordinal)
                || e.Status.Detail.StartsWith("PERIOD_NOT_YET", StringComparison.Ordinal))) { /* not yet */ }
    }

    private async Task<string> LeadAsync(string caseId)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(50))
            try { return (await Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId }, edge.As(Roles.Viewer))).Tasks.Single(t => t.Lead).Organisation; }
            catch (Exception e) when (e is RpcException or InvalidOperationException && DateTime.UtcNow < until) { /* its source is still telling it */ }
    }

    private Task RefusedAsync(string reason, StatusCode status, ReportLoadRequest request) => RefusedAsync(reason, status, () => Desk.ReportLoadAsync(request, edge.As(Roles.Viewer)).ResponseAsync);

    private static async Task RefusedAsync<T>(string reason, StatusCode status, Func<Task<T>> call) =>
        Assert.Equal((status, reason), await Assert.ThrowsAsync<RpcException>(call) is var e ? (e.StatusCode, e.Status.Detail.Split(':')[0]) : default);

    private static string Id() => Guid.NewGuid().ToString();
}
