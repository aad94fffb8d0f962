using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Colour = Governance.Edge.V1.Colour;

namespace Governance.Edge.Tests;

/// <summary>A node whose crisis meeting sits twelve seconds after it is called, and two sources with an alarm each.</summary>
public sealed class MeetingsUnderTest : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meetings-").FullName;
    private NodeHost _node = null!;

    internal GrpcChannel Channel { get; private set; } = null!;
    internal Uri Http => _node.Http;
    internal V1.Meetings.MeetingsClient Meetings => new(Channel);
    internal V1.Cases.CasesClient Cases => new(Channel);
    /// <summary>An orange case, assigned.</summary>
    internal CaseView Orange { get; private set; } = null!;
    internal string Lead => Orange.Tasks.Single(t => t.Lead).Organisation;

    internal string Token(string who, string org, params string[] roles) => _node.Token(who, org, roles);
    internal CallOptions As(string who, string org, params string[] roles) => new(new Metadata { { "authorization", $"Bearer {Token(who, org, roles)}" } }, DateTime.UtcNow.AddSeconds(30));
    internal CallOptions Leader(int number = 1) => As($"leader-{number}", "DC", Roles.Leader);
    internal CallOptions Viewer => As("viewer", "DC", Roles.Viewer);
    internal CallOptions Handler => As("wang", Lead, Roles.Handler);

    public async Task InitializeAsync()
    {
        var district = Directory.CreateDirectory(Path.Combine(_folder, "config", "district")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(NodeOptions.ShippedConfig, "district"))) File.Copy(file, Path.Combine(district, Path.GetFileName(file)));
        var meetings = Path.Combine(district, "meetings.psv");
        File.WriteAllText(meetings, File.ReadAllText(meetings).Replace("CRISIS_WITHIN|2h", "CRISIS_WITHIN|0.2").Replace("CRISIS_CUT_OFF_BEFORE|15min", "CRISIS_CUT_OFF_BEFORE|0.15"));
        _node = await NodeHost.StartAsync(NodeOptions.Embedded(Path.Combine(_folder, "data")) with { ConfigDir = Path.Combine(_folder, "config") }, CancellationToken.None);
        Channel = GrpcChannel.ForAddress(_node.Grpc);
        Orange = await CaseAsync("HS-MEET-1");
    }

    internal async Task<CaseView> CaseAsync(string source)
    {
        await new Commissioning.CommissioningClient(Channel).RegisterDetectorsAsync(EdgeUnderTest.Source(source), As("admin", "DC", Roles.Admin));
        using var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(Channel).StreamReadings(As("gw", "", Roles.Gateway)));
        await wire.HelloAsync(source, "mg/m3", $"gw-{source}", 1);
        await wire.SendAsync(source, (1, 2.6));
        await wire.DurableAsync(1);
        CaseSummary? listed = null;
        await EventuallyAsync(async () => (listed = (await Cases.ListCasesAsync(new ListCasesRequest { SourceId = source }, Viewer)).Cases.FirstOrDefault()) is { CaseNumber.Length: > 0 }, $"a case of {source}");
        return await Cases.GetCaseAsync(new GetCaseRequest { CaseId = listed!.CaseId }, Viewer);
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> fact, string what)
    {
        var until = DateTime.UtcNow.AddSeconds(30);
        while (!await fact())
        {
            Assert.True(DateTime.UtcNow < until, $"never became true: {what}");
            await Task.Delay(50);
        }
    }

    public async Task DisposeAsync()
    {
        Channel.Dispose();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Meetings and slips over real sockets.</summary>
public sealed class MeetingsTests(MeetingsUnderTest edge) : IClassFixture<MeetingsUnderTest>
{
    private static string Id() => Guid.NewGuid().ToString();

    private IssueSlipRequest Reminder(SlipStep step = SlipStep.Issue) => new() { CommandId = Id(), Kind = SlipKind.Reminder, CaseIds = { edge.Orange.CaseId }, Reason = "chlorine, =1+1 \"again\"", Step = step };
    private static SlipCommandRequest Text(string slip, string text = "as the files say") => new() { CommandId = Id(), SlipId = slip, Text = text };

    [Fact]
    public async Task A_reminder_slip_goes_its_way_is_listed_and_exported_and_its_case_knows()
    {
        var draft = await edge.Meetings.IssueSlipAsync(Reminder(SlipStep.Draft), edge.Leader());
        Assert.Equal(("DRAFTED", ""), (draft.State, draft.Number));
        var issue = new IssueSlipRequest { CommandId = Id(), SlipId = draft.SlipId };
        var issued = await edge.Meetings.IssueSlipAsync(issue, edge.Leader());
        // A repeat gets the first answer; a command for another version is told so.
        Assert.Equal(issued.Version, (await edge.Meetings.IssueSlipAsync(issue, edge.Leader())).Version);
        await RefusedAsync("VERSION_CONFLICT", StatusCode.Aborted, () => edge.Meetings.SignSlipAsync(new SlipCommandRequest { CommandId = Id(), SlipId = draft.SlipId, ExpectedVersion = 1 }, edge.Handler).ResponseAsync);
        var number = "";
        await MeetingsUnderTest.EventuallyAsync(async () => (number = (await SlipAsync(draft.SlipId)).Number).Length > 0, "a number");
        Assert.Matches(@"\ATX-20[0-9]{2}-[0-9]{4}\z", number);
        await RefusedAsync("NOT_YOUR_SLIP", StatusCode.PermissionDenied, () => edge.Meetings.SignSlipAsync(Text(number), edge.As("li", "XF", Roles.Handler)).ResponseAsync);
        // By its number as well as by its key.
        Assert.Equal("SIGNED", (await edge.Meetings.SignSlipAsync(Text(number), edge.Handler)).State);
        await RefusedAsync("EVIDENCE_MISSING", StatusCode.InvalidArgument, () => edge.Meetings.ReplySlipAsync(new ReplySlipRequest { CommandId = Id(), SlipId = number, Measures = "m", Result = "r", RemainingRisk = "none" }, edge.Handler).ResponseAsync);
        await edge.Meetings.ReplySlipAsync(new ReplySlipRequest { CommandId = Id(), SlipId = number, Measures = "gasket", Result = "tight", Evidence = "photo", RemainingRisk = "none" }, edge.Handler);
        await edge.Meetings.ReviewSlipAsync(new ReviewSlipRequest { CommandId = Id(), SlipId = number, Accepted = true, Note = "seen" }, edge.Leader(2));
        await RefusedAsync("CANCELLER_IS_ISSUER", StatusCode.PermissionDenied, () => edge.Meetings.CancelSlipAsync(Text(number), edge.Leader()).ResponseAsync);
        Assert.Equal("CANCELLED", (await edge.Meetings.CancelSlipAsync(Text(number), edge.Leader(3))).State);
        await RefusedAsync("ILLEGAL_TRANSITION", StatusCode.FailedPrecondition, () => edge.Meetings.CancelSlipAsync(Text(number), edge.Leader(3)).ResponseAsync);

        var slip = await SlipAsync(number);
        Assert.Equal((draft.SlipId, edge.Lead, "leader-1", "wang", "leader-2", "leader-3", "CANCELLED", "LEVEL"), (slip.SlipId, slip.Lead, slip.IssuedBy, slip.SignedBy, slip.ReviewedBy, slip.EndedBy, slip.Result, slip.Ground));
        Assert.Equal((Colour.Orange, 72 * 3600), (slip.Level, (int)(slip.Due - slip.IssuedAt).ToTimeSpan().TotalSeconds));
        Assert.Contains(slip.History, h => h is { Event: "SlipReplied", By: "wang" });
        Assert.Empty(slip.Allowed);
        await MeetingsUnderTest.EventuallyAsync(async () => (await edge.Meetings.ListSlipsAsync(new ListSlipsRequest { States = { "CANCELLED" }, CaseId = edge.Orange.CaseNumber, Lead = edge.Lead, Levels = { Colour.Orange } }, edge.Viewer)).Slips.Any(s => s.Number == number), "the list has it");
        Assert.DoesNotContain((await edge.Meetings.ListSlipsAsync(new ListSlipsRequest { Open = true }, edge.Viewer)).Slips, s => s.Number == number);
        Assert.DoesNotContain((await edge.Meetings.ListSlipsAsync(new ListSlipsRequest { Kinds = { SlipKind.Supervision } }, edge.Viewer)).Slips, s => s.Number == number);
        Assert.DoesNotContain((await edge.Meetings.ListSlipsAsync(new ListSlipsRequest { Overdue = true }, edge.Viewer)).Slips, s => s.Number == number);
        var export = await edge.Meetings.ExportSlipsAsync(new ExportSlipsRequest { IssuedFrom = slip.IssuedAt }, edge.Viewer);
        Assert.StartsWith("number,kind,issued,organisation,level,limit,due,signed,overdue,result,ended,cases\r\n", export.Csv);
        Assert.Contains(export.Csv.Split("\r\n"), line => line.StartsWith($"{number},REMINDER,", StringComparison.Ordinal) && line.Contains($",{edge.Lead},ORANGE,4320min,", StringComparison.Ordinal) && line.Contains(",NO,CANCELLED,", StringComparison.Ordinal) && line.EndsWith($",{edge.Orange.CaseNumber}", StringComparison.Ordinal));
        Assert.DoesNotContain(number, (await edge.Meetings.ExportSlipsAsync(new ExportSlipsRequest { IssuedTo = slip.IssuedAt }, edge.Viewer)).Csv);
        Assert.DoesNotContain(number, (await edge.Meetings.ExportSlipsAsync(new ExportSlipsRequest { Drills = true }, edge.Viewer)).Csv);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token("viewer", "DC", Roles.Viewer));
        Assert.Contains($"\"number\":\"{number}\"", (await http.GetStringAsync(new Uri(edge.Http, $"/v1/slips/{number}"))).Replace(" ", ""));
        Assert.Contains(number, await http.GetStringAsync(new Uri(edge.Http, "/v1/slips:export")));
    }

    [Fact]
    public async Task A_case_knows_its_open_slip_and_when_it_is_over()
    {
        var held = await edge.CaseAsync("HS-MEET-2");
        var slip = await edge.Meetings.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Reminder, CaseIds = { held.CaseNumber }, Reason = "chlorine" }, edge.Leader());
        await MeetingsUnderTest.EventuallyAsync(async () => (await SlipsOf(held)) is [{ Number.Length: > 0, Result: "" } one] && one.SlipId == slip.SlipId, "the case knows its slip and its number");
        await edge.Meetings.WithdrawSlipAsync(Text(slip.SlipId, "a mistake"), edge.Leader(2));
        await MeetingsUnderTest.EventuallyAsync(async () => (await SlipsOf(held)) is [{ Result: "WITHDRAWN" }], "the case is free again");
        Assert.Equal(("WITHDRAWN", "leader-2", "a mistake"), await SlipAsync(slip.SlipId) is var ended ? (ended.State, ended.EndedBy, ended.EndNote) : default);
    }

    [Fact]
    public async Task A_crisis_meeting_is_called_fixes_its_agenda_issues_a_supervision_slip_and_closes()
    {
        var subject = await edge.CaseAsync("HS-MEET-3");
        using var alerts = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { Areas = { "410803" }, Kinds = { AlertKind.MeetingCalled } }, edge.Viewer);
        await edge.Cases.EscalateCrisisAsync(new TaskCommand { CommandId = Id(), CaseId = subject.CaseId, Note = "a cloud over the school" }, edge.As("head", "ZF", Roles.CrisisChair));
        var chair = edge.As("head", "ZF", Roles.CrisisChair);
        var item = $"case/{subject.CaseId}";
        AgendaView? agenda = null;
        await MeetingsUnderTest.EventuallyAsync(async () => (agenda = await CrisisAsync()) is { State: "AGENDA_FIXED" }, "the agenda is fixed");
        Assert.Equal((false, true, 1), (agenda!.Provisional, agenda.LiveDanger, agenda.Sitting));
        Assert.Equal(("CALLED", "CALLED"), agenda.Items.Single(i => i.Key == item) is var called ? (called.Section, called.Rules[0]) : default);
        while (await alerts.ResponseStream.MoveNext(CancellationToken.None))
            if (alerts.ResponseStream.Current.Alert?.Text.Contains("live danger", StringComparison.Ordinal) == true) break;
        await RefusedAsync("ITEMS_UNDECIDED", StatusCode.FailedPrecondition, () => edge.Meetings.CloseMeetingAsync(new CloseMeetingRequest { CommandId = Id(), Kind = MeetingKind.Crisis, Date = agenda.Date }, chair).ResponseAsync);
        await RefusedAsync("ROLE_REQUIRED", StatusCode.PermissionDenied, () => DecideAsync(item, MeetingDecision.SupervisionSlip, edge.Leader()));
        var decided = await DecideAsync(item, MeetingDecision.SupervisionSlip, chair);
        await MeetingsUnderTest.EventuallyAsync(async () => await TryAsync(decided.SlipId) is { Number.Length: > 0 }, "the slip is issued");
        var slip = await SlipAsync(decided.SlipId);
        Assert.Equal((SlipKind.Supervision, "ISSUED", "head", "MEETING"), (slip.Kind, slip.State, slip.ApprovedBy, slip.Ground));
        Assert.StartsWith("DB-", slip.Number);
        foreach (var other in agenda.Items.Where(i => i.Key != item)) await DecideAsync(other.Key, MeetingDecision.CaseOwner, chair);
        var closed = await edge.Meetings.CloseMeetingAsync(new CloseMeetingRequest { CommandId = Id(), Kind = MeetingKind.Crisis, Date = agenda.Date, Note = "that is all" }, chair);
        Assert.Equal(("CLOSED", 64), (closed.State, closed.Minutes.Length));

        async Task<AgendaView?> CrisisAsync()
        {
            foreach (var seconds in new[] { 0, -60 })
                try
                {
                    if (await edge.Meetings.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Crisis, Date = DateTime.UtcNow.AddHours(8).AddSeconds(seconds).ToString("yyyy-MM-dd") }, edge.Viewer) is { Sitting: > 0 } found) return found;
                }
                catch (RpcException none) when (none.StatusCode == StatusCode.NotFound) { /* not that day */ }
            return null;
        }

        Task<MeetingReply> DecideAsync(string of, MeetingDecision decision, CallOptions by) => edge.Meetings.RecordDecisionAsync(
            new RecordDecisionRequest { CommandId = Id(), Kind = MeetingKind.Crisis, Date = agenda!.Date, Item = of, Decision = decision, Note = "evacuate", Lead = "deputy head" }, by).ResponseAsync;
    }

    [Fact]
    public async Task Before_the_cut_off_the_agenda_is_provisional_and_nothing_is_decided()
    {
        AgendaView? agenda = null;
        await MeetingsUnderTest.EventuallyAsync(async () => (agenda = await edge.Meetings.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Daily }, edge.Viewer)).Items.Any(i => i.Key == $"case/{edge.Orange.CaseId}"), "the orange case comes before the daily meeting");
        Assert.True(agenda!.Provisional);
        Assert.Equal("OPEN_RED_ORANGE", agenda.Items.Single(i => i.Key == $"case/{edge.Orange.CaseId}").Section);
        await MeetingsUnderTest.EventuallyAsync(async () => (await edge.Meetings.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Daily }, edge.Viewer)).State == "CALLED", "the round calls the regular meetings");
        await RefusedAsync("ILLEGAL_TRANSITION", StatusCode.FailedPrecondition, () => edge.Meetings.RecordDecisionAsync(
            new RecordDecisionRequest { CommandId = Id(), Kind = MeetingKind.Daily, Date = agenda.Date, Item = $"case/{edge.Orange.CaseId}", Decision = MeetingDecision.Close, Note = "done" }, edge.Leader()).ResponseAsync);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_by_name()
    {
        var m = edge.Meetings;
        (string Reason, StatusCode Code, Func<Task> Call)[] all =
        [
            ("SLIP_ID_MALFORMED", StatusCode.InvalidArgument, () => SlipAsync("S1")), ("UNKNOWN_SLIP", StatusCode.NotFound, () => SlipAsync("S" + new string('0', 24))), ("UNKNOWN_SLIP", StatusCode.NotFound, () => SlipAsync("TX-2019-0001")),
            ("UNKNOWN_SLIP", StatusCode.NotFound, () => m.SignSlipAsync(Text("S" + new string('0', 24)), edge.Handler).ResponseAsync),
            ("SLIP_KIND_MISSING", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), CaseIds = { edge.Orange.CaseId }, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("CASES_INVALID", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Reminder, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("CASES_INVALID", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Reminder, CaseIds = { edge.Orange.CaseId, edge.Orange.CaseNumber }, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("UNKNOWN_CASE", StatusCode.NotFound, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Reminder, CaseIds = { "C" + new string('0', 24) }, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("REASON_MISSING", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Reminder, CaseIds = { edge.Orange.CaseId } }, edge.Leader()).ResponseAsync),
            ("COMMAND_ID_MISSING", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { Kind = SlipKind.Reminder, CaseIds = { edge.Orange.CaseId }, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("STEP_INVALID", StatusCode.InvalidArgument, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), SlipId = "S" + new string('0', 24), Step = SlipStep.Draft }, edge.Leader()).ResponseAsync),
            ("ROLE_REQUIRED", StatusCode.PermissionDenied, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Supervision, CaseIds = { edge.Orange.CaseId }, Reason = "x" }, edge.Leader()).ResponseAsync),
            ("ITEM_NOT_OVERDUE", StatusCode.FailedPrecondition, () => m.IssueSlipAsync(new IssueSlipRequest { CommandId = Id(), Kind = SlipKind.Supervision, CaseIds = { edge.Orange.CaseId }, Reason = "x" }, edge.As("chair", "ZF", Roles.WeeklyChair)).ResponseAsync),
            ("ROLE_REQUIRED", StatusCode.PermissionDenied, () => m.ExtendSlipAsync(new ExtendSlipRequest { CommandId = Id(), SlipId = "S" + new string('0', 24) }, edge.Leader()).ResponseAsync),
            ("PAGE_TOKEN_INVALID", StatusCode.InvalidArgument, () => m.ListSlipsAsync(new ListSlipsRequest { PageToken = "%%%" }, edge.Viewer).ResponseAsync),
            ("PAGE_SIZE_INVALID", StatusCode.InvalidArgument, () => m.ListSlipsAsync(new ListSlipsRequest { PageSize = 5000 }, edge.Viewer).ResponseAsync),
            ("MEETING_KIND_MISSING", StatusCode.InvalidArgument, () => m.GetAgendaAsync(new GetAgendaRequest(), edge.Viewer).ResponseAsync),
            ("DATE_MALFORMED", StatusCode.InvalidArgument, () => m.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Daily, Date = "tomorrow" }, edge.Viewer).ResponseAsync),
            ("DATE_TOO_FAR", StatusCode.InvalidArgument, () => m.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Daily, Date = "1999-01-01" }, edge.Viewer).ResponseAsync),
            ("NO_MEETING_ON_THAT_DAY", StatusCode.NotFound, () => m.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Weekly, Date = NextSunday() }, edge.Viewer).ResponseAsync),
            ("DECISION_MISSING", StatusCode.InvalidArgument, () => m.RecordDecisionAsync(new RecordDecisionRequest { CommandId = Id(), Kind = MeetingKind.Daily, Date = NextSunday(), Item = "case/x" }, edge.Leader()).ResponseAsync),
        ];
        foreach (var (reason, code, call) in all) await RefusedAsync(reason, code, call);
    }

    /// <summary>In August, where no Sunday is a working day.</summary>
    private static string NextSunday()
    {
        var day = new DateOnly(DateTime.UtcNow.Year, 8, 1);
        while (day.DayOfWeek != DayOfWeek.Sunday) day = day.AddDays(1);
        return day.ToString("yyyy-MM-dd");
    }

    private Task<SlipView> SlipAsync(string id) => edge.Meetings.GetSlipAsync(new GetSlipRequest { SlipId = id }, edge.Viewer).ResponseAsync;

    private async Task<IList<CaseSlip>> SlipsOf(CaseView of) => (await edge.Cases.GetCaseAsync(new GetCaseRequest { CaseId = of.CaseId }, edge.Viewer)).Slips;

    private async Task<SlipView?> TryAsync(string id)
    {
        try { return await SlipAsync(id); }
        catch (RpcException none) when (none.StatusCode == StatusCode.NotFound) { return null; }
    }

    private static async Task RefusedAsync(string reason, StatusCode code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(refused.Status.Detail.StartsWith(reason, StringComparison.Ordinal) && refused.StatusCode == code, $"{refused.Status}, wanted {reason} {code}");
    }
}
