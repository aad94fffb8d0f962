using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Grpc.Core;
using Colour = Governance.Edge.V1.Colour;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Edge.Tests;

/// <summary>Reported cases over real sockets: from a signal to its cancellation, merged and apart again, refused by name, found in the lists, and as JSON.</summary>
public sealed class CaseCommandTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private static int _signals;

    private V1.Cases.CasesClient Cases => new(edge.Channel);

    [Fact]
    public async Task A_signal_that_is_repeated_is_one_case_with_one_number()
    {
        var request = Signal("0801");
        var first = await Cases.RegisterCaseAsync(request, edge.As(Roles.Relay));
        request.CommandId = Id();
        Assert.Equal(first.CaseId, (await Cases.RegisterCaseAsync(request, edge.As(Roles.Relay))).CaseId);
        var view = await UntilAsync(first.CaseId, v => v.CaseNumber.Length > 0 && v.Tasks.All(t => t.NotifiedAt is not null));
        Assert.Matches("^410803-[0-9]{8}-HL-[0-9]{5}-[0-9A-Z]$", view.CaseNumber);
        Assert.Equal(("ASSIGNED", "ZJ"), (view.State, view.Tasks.Single(t => t.Lead).Organisation));
        Assert.NotEmpty(view.RuleExplanation);
        Assert.Equal(view.CaseId, (await Cases.GetCaseAsync(new GetCaseRequest { CaseId = view.CaseNumber }, edge.As(Roles.Viewer))).CaseId);
    }

    /// <summary>What was merged and came apart again is what it was, for both, to the last bit.</summary>
    [Fact]
    public async Task A_merge_that_is_undone_leaves_the_state_hash_of_both_cases()
    {
        var (a, b) = (await OpenAsync("0801"), await OpenAsync("0801"));
        await Cases.RaiseLevelAsync(new RaiseLevelRequest { CommandId = Id(), CaseId = b.CaseId, Level = Colour.Yellow, Reason = "worse" }, edge.As(Roles.Operator));
        await Cases.UrgeAsync(Note(b.CaseId, "again"), edge.As(Roles.Operator));
        (a, b) = (await SettledAsync(a.CaseId), await SettledAsync(b.CaseId));
        await Cases.MergeIntoAsync(new MergeIntoRequest { CommandId = Id(), CaseId = b.CaseId, Target = a.CaseNumber, Reason = "the same chargers" }, edge.As(Roles.Operator));
        var merged = await UntilAsync(b.CaseId, v => v.State == "MERGED");
        Assert.Equal(a.CaseId, merged.MergedInto);
        var both = await GetAsync(a.CaseId);
        Assert.Equal((2, Colour.Yellow, "URGED"), (both.Reports.Count, both.Level, both.Supervision));
        Assert.NotEqual(a.StateHash, both.StateHash);
        await Cases.UnmergeAsync(Note(b.CaseId, "two places"), edge.As(Roles.Leader));
        await UntilAsync(b.CaseId, v => v.State == "ASSIGNED");
        Assert.Equal((a.StateHash, b.StateHash), ((await SettledAsync(a.CaseId)).StateHash, (await SettledAsync(b.CaseId)).StateHash));
    }

    [Fact]
    public async Task A_refusal_has_a_name_and_says_what_is_allowed()
    {
        var view = await OpenAsync("0801");
        var illegal = await RefusedAsync(() => Cases.VerifyAsync(new VerifyRequest { CommandId = Id(), CaseId = view.CaseId, Passed = true }, edge.As(Roles.Leader)).ResponseAsync);
        Assert.Equal((StatusCode.FailedPrecondition, "ILLEGAL_TRANSITION", "ASSIGNED"), (illegal.Status, illegal.Reason, illegal.Metadata["state"]));
        Assert.Contains("AcceptTask", illegal.Metadata["allowed"].Split(','));
        Assert.Equal("NOT_YOUR_TASK", (await RefusedAsync(() => Cases.AcceptTaskAsync(Note(view.CaseId), edge.As(Roles.Handler, "XF")).ResponseAsync)).Reason);
        Assert.Equal((StatusCode.PermissionDenied, "ROLE_REQUIRED"), (await RefusedAsync(() => Cases.ForceAssignAsync(new ForceAssignRequest { CommandId = Id(), CaseId = view.CaseId, Organisation = "CG", Basis = "x" }, edge.As(Roles.Viewer)).ResponseAsync)) is var denied ? (denied.Status, denied.Reason) : default);
        Assert.Equal("CATEGORY_UNKNOWN", (await RefusedAsync(() => Cases.RegisterCaseAsync(Signal("7777"), edge.As(Roles.Relay)).ResponseAsync)).Reason);
        // A feed that nobody may subscribe to would be the end of its alerts.
        Assert.Equal("UNKNOWN_AREA", (await RefusedAsync(() => Cases.RegisterCaseAsync(new RegisterCaseRequest { CommandId = Id(), SourceEventId = "x", Channel = "HL", Subdistrict = "410899001", Text = "x" }, edge.As(Roles.Relay)).ResponseAsync)).Reason);
        Assert.Equal("SOURCE_EVENT_ID_MISSING", (await RefusedAsync(() => Cases.RegisterCaseAsync(new RegisterCaseRequest { CommandId = Id(), Channel = "HL", Subdistrict = "410803001", Text = "x" }, edge.As(Roles.Relay)).ResponseAsync)).Reason);
        Assert.Equal("RECORDED_CLOCK_UNKNOWN", (await RefusedAsync(() =>
        {
            var drill = Signal("0801");
            (drill.Drill, drill.RecordedGateway) = (true, "never-streamed");
            return Cases.RegisterCaseAsync(drill, edge.As(Roles.Relay)).ResponseAsync;
        })).Reason);
        Assert.Equal("UNKNOWN_CASE", (await RefusedAsync(() => Cases.MergeIntoAsync(new MergeIntoRequest { CommandId = Id(), CaseId = view.CaseId, Target = "C0123456789abcdef01234567", Reason = "x" }, edge.As(Roles.Operator)).ResponseAsync)).Reason);
    }

    [Fact]
    public async Task An_unsure_signal_waits_for_a_judgment_a_danger_does_not()
    {
        var unsure = Signal("");
        unsure.Confidence = 0.2;
        var waiting = await Cases.RegisterCaseAsync(unsure, edge.As(Roles.Relay));
        Assert.Equal("PENDING_JUDGMENT", waiting.State);
        var judged = await Cases.JudgeAsync(new JudgeRequest { CommandId = Id(), CaseId = waiting.CaseId, Category = "0602", Decision = "ASSIGN", Reason = "a street lamp" }, edge.As(Roles.Operator));
        Assert.Equal("ASSIGNED", judged.State);
        Assert.Equal("CG", (await GetAsync(waiting.CaseId)).Tasks.Single(t => t.Lead).Organisation);
        var fire = Signal("0201");
        fire.Confidence = 0.1;
        Assert.Equal("ASSIGNED", (await Cases.RegisterCaseAsync(fire, edge.As(Roles.Relay))).State);
    }

    [Fact]
    public async Task A_case_is_given_back_asked_about_called_back_and_opened_again()
    {
        var id = (await OpenAsync("0602", "vault-7")).CaseId;
        await Cases.RejectTaskAsync(new RejectTaskRequest { CommandId = Id(), CaseId = id, Code = "NOT_OURS", SuggestedOrganisation = "ZJ", Basis = "inside a compound" }, edge.As(Roles.Handler, "CG"));
        Assert.Equal("PENDING_ASSIGNMENT", (await GetAsync(id)).State);
        await Cases.AssignAsync(new AssignRequest { CommandId = Id(), CaseId = id, Lead = "ZJ", Basis = "compound" }, edge.As(Roles.Operator));
        await Cases.AcceptTaskAsync(Note(id), edge.As(Roles.Handler, "ZJ"));
        await Cases.AskReporterAsync(Note(id, "which lamp?"), edge.As(Roles.Handler, "ZJ"));
        var asked = await GetAsync(id);
        Assert.Equal(("AWAITING_INFO", "which lamp?"), (asked.State, asked.Question.Text));
        Assert.All(asked.Clocks.Where(c => c.Clock is "DUE" or "STALE"), c => Assert.Equal("PAUSED", c.State));
        Assert.Equal("NOT_YOUR_REPORT", (await RefusedAsync(() => Cases.AnswerQuestionAsync(Note(id, "the third"), edge.As(Roles.Reporter)).ResponseAsync)).Reason);
        await Cases.AnswerQuestionAsync(Note(id, "the third"), Reporter("vault-7"));
        await Cases.ContactReporterAsync(new ContactReporterRequest { CommandId = Id(), CaseId = id, Method = "CALL", Reached = true }, edge.As(Roles.Handler, "ZJ"));
        Assert.Equal("P", (await RefusedAsync(() => Cases.CompleteTaskAsync(new CompleteTaskRequest { CommandId = Id(), CaseId = id, Outcome = "RESOLVED" }, edge.As(Roles.Handler, "ZJ")).ResponseAsync)).Metadata["kinds"]);
        await FinishAsync(id, "ZJ");
        var unresolved = await Cases.RecordCallbackAsync(new RecordCallbackRequest { CommandId = Id(), CaseId = id, Reached = true, Note = "still dark" }, Reporter("vault-7"));
        Assert.Equal("ASSIGNED", unresolved.State);
        await Cases.AcceptTaskAsync(Note(id), edge.As(Roles.Handler, "ZJ"));
        await FinishAsync(id, "ZJ");
        await Cases.RecordCallbackAsync(new RecordCallbackRequest { CommandId = Id(), CaseId = id, Reached = true, Resolved = true, Satisfied = true }, Reporter("vault-7"));
        Assert.Equal("CLOSED", (await Cases.CancelOffAsync(new CancelOffRequest { CommandId = Id(), CaseId = id, Outcome = CloseOutcome.Resolved }, edge.As(Roles.Operator))).State);
        Assert.Equal("ASSIGNED", (await Cases.ReopenAsync(Note(id, "dark again"), Reporter("vault-7"))).State);
        var history = (await GetAsync(id)).History.Select(h => h.Event).ToList();
        Assert.Superset(new HashSet<string> { "TaskRejected", "InfoRequested", "InfoProvided", "ReporterContacted", "CallbackRecorded", "CaseReopened" }, history.ToHashSet());
    }

    [Fact]
    public async Task A_list_finds_what_is_written_in_a_case_and_the_json_form_does_the_same()
    {
        var request = Signal("0801");
        request.Text = "幸福路口充电柜着火冒烟";
        var id = (await Cases.RegisterCaseAsync(request, edge.As(Roles.Relay))).CaseId;
        var until = DateTime.UtcNow.AddSeconds(20);
        ListCasesReply found;
        do found = await Cases.ListCasesAsync(new ListCasesRequest { Text = "充电柜着火", Channels = { "HL" }, Organisation = "ZJ" }, edge.As(Roles.Viewer));
        while (found.Cases.Count == 0 && DateTime.UtcNow < until);
        Assert.Equal(id, Assert.Single(found.Cases).CaseId);
        using var http = new HttpClient { BaseAddress = edge.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token(Roles.Operator));
        var list = await http.GetFromJsonAsync<JsonElement>($"v1/cases?text={Uri.EscapeDataString("充电柜着火")}");
        Assert.Equal(id, list.GetProperty("cases")[0].GetProperty("caseId").GetString());
        var urged = await http.PostAsJsonAsync($"v1/cases/{id}:urge", new { commandId = Id(), note = "smoke" });
        Assert.True(urged.IsSuccessStatusCode, await urged.Content.ReadAsStringAsync());
        Assert.Equal("URGED", (await GetAsync(id)).Supervision);
    }

    [Fact]
    public async Task An_enterprise_sees_the_cases_that_it_has_a_task_in_and_no_others()
    {
        var view = await OpenAsync("0801");
        Assert.Equal("NOT_YOUR_TASK", (await RefusedAsync(() => Cases.GetCaseAsync(new GetCaseRequest { CaseId = view.CaseId }, edge.As(Roles.Enterprise, "EN-1")).ResponseAsync)).Reason);
        Assert.Equal(view.CaseId, (await Cases.GetCaseAsync(new GetCaseRequest { CaseId = view.CaseId }, edge.As(Roles.Enterprise, "ZJ"))).CaseId);
        Assert.Empty((await Cases.ListCasesAsync(new ListCasesRequest { IncludeDrills = true }, edge.As(Roles.Enterprise, "EN-1"))).Cases);
        Assert.Equal(view.CaseId, (await Cases.GetCaseAsync(new GetCaseRequest { CaseId = view.CaseId }, edge.As(Roles.CommunityDesk, "CS-410803001001"))).CaseId);
    }

    private async Task FinishAsync(string id, string lead)
    {
        await Cases.CompleteTaskAsync(new CompleteTaskRequest { CommandId = Id(), CaseId = id, Outcome = "RESOLVED", Evidence = "photo", Kinds = { "P" } }, edge.As(Roles.Handler, lead));
        await Cases.SubmitFeedbackAsync(new SubmitFeedbackRequest { CommandId = Id(), CaseId = id, Summary = "repaired", PublicReply = "路灯已修好。" }, edge.As(Roles.Handler, lead));
        Assert.Equal("PENDING_CALLBACK", (await Cases.VerifyAsync(new VerifyRequest { CommandId = Id(), CaseId = id, Passed = true, Method = "seen" }, edge.As(Roles.Operator, "DISPATCH"))).State);
    }

    private async Task<CaseView> OpenAsync(string category, string reporter = "")
    {
        var request = Signal(category);
        (request.Reporter, request.Reachable) = (reporter, reporter.Length > 0);
        return await SettledAsync((await Cases.RegisterCaseAsync(request, edge.As(Roles.Relay))).CaseId);
    }

    /// <summary>Number given, every desk has answered.</summary>
    private Task<CaseView> SettledAsync(string id) => UntilAsync(id, v => v.CaseNumber.Length > 0 && v.Tasks.All(t => t.NotifiedAt is not null));

    private async Task<CaseView> UntilAsync(string id, Func<CaseView, bool> holds)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(20))
        {
            var view = await GetAsync(id);
            if (holds(view)) return view;
            Assert.True(DateTime.UtcNow < until, $"case is {view.State}");
        }
    }

    private async Task<CaseView> GetAsync(string id) => await Cases.GetCaseAsync(new GetCaseRequest { CaseId = id }, edge.As(Roles.Viewer));

    private CallOptions Reporter(string vault) => new(new Metadata { { "authorization", $"Bearer {edge.Node.Token(vault, "", Roles.Reporter)}" } }, DateTime.UtcNow.AddSeconds(30));

    private static async Task<(StatusCode Status, string Reason, IDictionary<string, string> Metadata)> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        var info = refused.GetRpcStatus()!.Details.Where(d => d.Is(Google.Rpc.ErrorInfo.Descriptor)).Select(d => d.Unpack<Google.Rpc.ErrorInfo>()).Single();
        return (refused.StatusCode, info.Reason, info.Metadata);
    }

    private static RegisterCaseRequest Signal(string category) => new()
    {
        CommandId = Id(), Channel = "HL", SourceEventId = $"signal-{Interlocked.Increment(ref _signals)}", Category = category, Confidence = 0.95, Subdistrict = "410803001", Text = "小区东门坏了",
        Place = new Place { Address = "向阳社区", Community = "410803001001" },
    };

    private static TaskCommand Note(string id, string note = "") => new() { CommandId = Id(), CaseId = id, Note = note };
    private static string Id() => Guid.NewGuid().ToString();
}
