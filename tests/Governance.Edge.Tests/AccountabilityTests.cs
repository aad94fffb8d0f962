using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Edge.Tests;

/// <summary>Scorecards, decisions, re-inspections, forecasts, what-if and seals as clients reach them.</summary>
public sealed class AccountabilityTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private readonly V1.Accountability.AccountabilityClient _client = new(edge.Channel);
    private readonly V1.Cases.CasesClient _cases = new(edge.Channel);
    private static readonly string Now = Month.Of(DateTimeOffset.UtcNow).ToString();

    private static string Id => Guid.NewGuid().ToString();

    private CallOptions By(string subject, string organisation, params string[] roles) => new(new Metadata { { "authorization", $"Bearer {edge.Node.Token(subject, organisation, roles)}" } }, DateTime.UtcNow.AddSeconds(30));

    /// <summary>A resident's report, handled and closed; its key and its lead.</summary>
    private async Task<(string Case, string Lead)> ClosedAsync(string evidence = "photo")
    {
        var registered = await _cases.RegisterCaseAsync(new RegisterCaseRequest
        {
            CommandId = Id, Channel = "AP", SourceEventId = Id, Category = "0602", Confidence = 0.95, Subdistrict = "410803001", Text = "the lamp is dark", Reporter = "zhang",
        }, By("platform", "", Roles.Relay));
        var lead = (await _cases.GetCaseAsync(new GetCaseRequest { CaseId = registered.CaseId }, edge.As(Roles.Viewer))).Tasks.Single(t => t.Lead).Organisation;
        var (handler, id) = (By("wang", lead, Roles.Handler), registered.CaseId);
        await _cases.AcceptTaskAsync(new TaskCommand { CaseId = id, CommandId = Id }, handler);
        await _cases.ArriveOnSceneAsync(new ArriveOnSceneRequest { CaseId = id, CommandId = Id, Proof = "QR" }, handler);
        await _cases.CompleteTaskAsync(new CompleteTaskRequest { CaseId = id, CommandId = Id, Outcome = "RESOLVED", Evidence = evidence, Kinds = { "P" } }, handler);
        await _cases.SubmitFeedbackAsync(new SubmitFeedbackRequest { CaseId = id, CommandId = Id, Summary = "done", PublicReply = "it shines" }, handler);
        await _cases.VerifyAsync(new VerifyRequest { CaseId = id, CommandId = Id, Passed = true, Method = "on site" }, By("li", "DISPATCH", Roles.Leader));
        await _cases.CancelOffAsync(new CancelOffRequest { CaseId = id, CommandId = Id, Outcome = CloseOutcome.Resolved }, By("li", "DISPATCH", Roles.Leader));
        await EventuallyAsync(async () => (await _client.BallInCourtAsync(new AccountedCaseRequest { CaseId = id }, edge.As(Roles.Viewer))).Stretches is { Count: > 0 } s && s[^1].To is not null);
        return (id, lead);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> fact)
    {
        var until = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            try { if (await fact()) return; }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition) { /* the records come after the journal */ }
            Assert.True(DateTime.UtcNow < until, "it never became true");
            await Task.Delay(100);
        }
    }

    private static async Task RefusedAsync(StatusCode status, string reason, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_counts_for_its_lead_until_two_persons_leave_it_out()
    {
        var (id, lead) = await ClosedAsync();
        var before = await _client.ScorecardAsync(new ScorecardRequest { Organisation = lead, Month = Now }, edge.As(Roles.Viewer));
        var response = before.Indicators.Single(i => i.Name == "RESPONSE");
        Assert.True(response.Of > 0 && response.Good == response.Of && Math.Abs(response.Points - 15) < 1e-9);
        Assert.True(before.Cases > 0 && before.CasesByCategory["0602"] > 0);
        ExcludeRequest Out(string code = "DUPLICATE", string kind = "") => new() { CommandId = Id, Organisation = lead, Month = Now, CaseId = id, Code = code, Kind = kind };
        await RefusedAsync(StatusCode.InvalidArgument, "EXCLUSION_CODE_UNKNOWN", async () => await _client.ExcludeAsync(Out("BAD_LUCK"), By("li", "DISPATCH", Roles.Leader)));
        await RefusedAsync(StatusCode.FailedPrecondition, "NOTHING_COUNTED", async () => await _client.ExcludeAsync(Out(kind: "REOPENED"), By("li", "DISPATCH", Roles.Leader)));
        await RefusedAsync(StatusCode.InvalidArgument, "KIND_UNKNOWN", async () => await _client.ExcludeAsync(Out(kind: "LUNCH"), By("li", "DISPATCH", Roles.Leader)));
        await RefusedAsync(StatusCode.PermissionDenied, "", async () => await _client.ExcludeAsync(Out(), By("wang", lead, Roles.Handler)));
        Assert.Equal("", (await _client.ExcludeAsync(Out(), By("li", "DISPATCH", Roles.Leader))).Exclusions.Single(e => e.CaseId == id).ConfirmedBy);
        await RefusedAsync(StatusCode.PermissionDenied, "SECOND_PERSON_NEEDED", async () => await _client.ExcludeAsync(Out(), By("li", "DISPATCH", Roles.Leader)));
        Assert.Equal("zhao", (await _client.ExcludeAsync(Out(), By("zhao", "DC", Roles.Inspection))).Exclusions.Single(e => e.CaseId == id).ConfirmedBy);
        await EventuallyAsync(async () => (await _client.ScorecardAsync(new ScorecardRequest { Organisation = lead, Month = Now }, edge.As(Roles.Viewer))) is var after && after.ExcludedCases > before.ExcludedCases && after.Exclusions.Count > 0);
    }

    [Fact]
    public async Task An_organisation_appeals_and_the_inspection_office_decides()
    {
        var (id, lead) = await ClosedAsync();
        var appeal = new AppealRequest { CommandId = Id, Organisation = lead, Month = Now, CaseId = id, Kind = "SIGNED", Reason = "the desk was closed" };
        await RefusedAsync(StatusCode.PermissionDenied, "NOT_YOUR_SCORECARD", async () => await _client.AppealAsync(new AppealRequest(appeal) { CommandId = Id }, By("x", "YJ", Roles.Handler)));
        var filed = await _client.AppealAsync(appeal, By("wang", lead, Roles.Handler));
        // The answer of a command that is sent again is the first one.
        Assert.Equal(filed.Appeals.Count, (await _client.AppealAsync(appeal, By("wang", lead, Roles.Handler))).Appeals.Count);
        var mine = filed.Appeals.Single(a => a.CaseId == id);
        Assert.Equal("OPEN", mine.State);
        var decided = await _client.DecideAppealAsync(new DecideAppealRequest { CommandId = Id, Organisation = lead, Month = Now, AppealId = mine.AppealId, Upheld = true, Reason = "it was" }, By("zhao", "DC", Roles.Inspection));
        Assert.Equal("UPHELD", decided.Appeals.Single(a => a.CaseId == id).State);
    }

    [Fact]
    public async Task Who_had_a_case_sums_to_its_age()
    {
        var (id, lead) = await ClosedAsync();
        var ball = await _client.BallInCourtAsync(new AccountedCaseRequest { CaseId = id }, edge.As(Roles.Viewer));
        Assert.Equal([lead, Holder.VerifierName, Holder.DispatchDeskName], ball.Stretches.Select(s => s.Holder));
        Assert.Equal(ball.AgeS, ball.Shares.Sum(s => s.TimeS), 6);
        Assert.Equal((ball.Stretches[^1].To - ball.Stretches[0].From).ToTimeSpan().TotalSeconds, ball.AgeS, 6);
        var forecast = await _client.ForecastAsync(new AccountedCaseRequest { CaseId = id }, edge.As(Roles.Viewer));
        Assert.Equal((lead, "0602", false), (forecast.Organisation, forecast.Category, forecast.HasProbability));
        Assert.Null(forecast.HalfWayAt);
        await RefusedAsync(StatusCode.NotFound, "UNKNOWN_CASE", async () => await _client.BallInCourtAsync(new AccountedCaseRequest { CaseId = CaseKey.Of("never").Value }, edge.As(Roles.Viewer)));
        Assert.Empty((await _client.ListForecastsAsync(new ListForecastsRequest(), edge.As(Roles.Viewer))).Forecasts);
    }

    [Fact]
    public async Task A_closure_within_moments_and_without_evidence_is_listed_with_its_reasons()
    {
        var (id, lead) = await ClosedAsync(evidence: "");
        var found = await _client.ListPrematureClosuresAsync(new ListPrematureClosuresRequest { Organisation = lead }, By("zhao", "DC", Roles.Inspection));
        Assert.Equal(["NO_EVIDENCE", "CLOSED_AT_ONCE", "HANDLED_AT_ONCE"], found.Closures.Where(c => c.CaseId == id).Select(c => c.Sign));
        Assert.All(found.Closures, c => Assert.NotEmpty(c.Reason));
        await RefusedAsync(StatusCode.InvalidArgument, "PERIOD_EMPTY", async () => await _client.ListPrematureClosuresAsync(
            new ListPrematureClosuresRequest { From = Timestamp.FromDateTime(DateTime.UtcNow), To = Timestamp.FromDateTime(DateTime.UtcNow.AddDays(-1)) }, By("zhao", "DC", Roles.Inspection)));
    }

    /// <summary>Received before the period, closed in it, and open again: neither among the closed nor among the received.</summary>
    [Fact]
    public async Task A_closure_that_did_not_last_is_listed_whenever_the_case_was_received()
    {
        var (id, lead) = await ClosedAsync();
        var received = (await _client.BallInCourtAsync(new AccountedCaseRequest { CaseId = id }, edge.As(Roles.Viewer))).Stretches[0].From.ToDateTimeOffset();
        await _cases.ReopenAsync(new TaskCommand { CaseId = id, CommandId = Id, Note = "dark again" }, By("li", "DISPATCH", Roles.Leader));
        await EventuallyAsync(async () => (await _client.BallInCourtAsync(new AccountedCaseRequest { CaseId = id }, edge.As(Roles.Viewer))).Stretches[^1].To is null);
        var found = await _client.ListPrematureClosuresAsync(new ListPrematureClosuresRequest { Organisation = lead, From = Timestamp.FromDateTimeOffset(received.AddMicroseconds(1)) }, By("zhao", "DC", Roles.Inspection));
        Assert.Equal("REOPENED_AFTER_CLOSE", Assert.Single(found.Closures, c => c.CaseId == id).Sign);
    }

    [Fact]
    public async Task A_seed_is_committed_for_a_month_that_is_not_over_and_drawn_after_it()
    {
        var (inspector, month) = (By("zhao", "DC", Roles.Inspection), Month.Of(DateTimeOffset.UtcNow.AddDays(62)).ToString());
        var hash = Reinspection.HashOf("a seed of some length");
        await RefusedAsync(StatusCode.InvalidArgument, "HASH_INVALID", async () => await _client.CommitReinspectionAsync(new CommitReinspectionRequest { CommandId = Id, Month = month, SeedHash = "x" }, inspector));
        Assert.Equal(hash, (await _client.CommitReinspectionAsync(new CommitReinspectionRequest { CommandId = Id, Month = month, SeedHash = hash }, inspector)).SeedHash);
        await RefusedAsync(StatusCode.FailedPrecondition, "MONTH_NOT_OVER", async () => await _client.DrawReinspectionAsync(new DrawReinspectionRequest { CommandId = Id, Month = month, Seed = "a seed of some length" }, inspector));
        await RefusedAsync(StatusCode.FailedPrecondition, "NOT_COMMITTED", async () => await _client.DrawReinspectionAsync(new DrawReinspectionRequest { CommandId = Id, Month = "202401", Seed = "a seed of some length" }, inspector));
        await RefusedAsync(StatusCode.InvalidArgument, "MALFORMED_ID", async () => await _client.GetReinspectionAsync(new GetReinspectionRequest { Month = "soon" }, inspector));
        Assert.Empty((await _client.GetReinspectionAsync(new GetReinspectionRequest { Month = month }, inspector)).Cases);
    }

    [Fact]
    public async Task What_if_plays_recorded_cases_under_other_files_and_touches_nothing()
    {
        var (id, _) = await ClosedAsync();
        var inspector = By("zhao", "DC", Roles.Inspection);
        WhatIfRequest Ask(params (string, string)[] files)
        {
            var request = new WhatIfRequest { From = Timestamp.FromDateTime(DateTime.UtcNow.AddDays(-1)) };
            foreach (var (name, text) in files) request.PolicyFiles.Add(name, text);
            return request;
        }
        var same = await _client.WhatIfAsync(Ask(), inspector);
        Assert.True(same.Replayed > 0);
        Assert.Equal((0, 0), (same.Differing, same.Impossible));
        var limits = await File.ReadAllTextAsync(Path.Combine(Governance.Node.Hosting.NodeOptions.ShippedConfig, "district", "categories.psv"));
        var shorter = await _client.WhatIfAsync(Ask(("categories", limits.Replace("|路灯故障|Street lamp|B|CG||3WD|", "|路灯故障|Street lamp|B|CG||1WD|", StringComparison.Ordinal))), inspector);
        Assert.Contains(shorter.Cases, c => c.CaseId == id && c.Replayed.Due < c.Recorded.Due);
        await RefusedAsync(StatusCode.InvalidArgument, "POLICY_REFUSED", async () => await _client.WhatIfAsync(Ask(("categories", "nonsense")), inspector));
        await RefusedAsync(StatusCode.InvalidArgument, "POLICY_FILE_UNKNOWN", async () => await _client.WhatIfAsync(Ask(("areas", "")), inspector));
        await RefusedAsync(StatusCode.PermissionDenied, "", async () => await _client.WhatIfAsync(Ask(), edge.As(Roles.Viewer)));
    }

    [Fact]
    public async Task Scorecards_the_year_and_the_seals_are_there_as_json_too()
    {
        await ClosedAsync();
        using var http = new HttpClient { BaseAddress = edge.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", edge.Node.Token("zhao", "DC", Roles.Inspection));
        Assert.Contains("\"RESPONSE\"", await http.GetStringAsync($"/v1/scorecards/{Now}"), StringComparison.Ordinal);
        Assert.Contains("organisation,year,month_01", await http.GetStringAsync($"/v1/appraisal/{DateTime.UtcNow.Year}"), StringComparison.Ordinal);
        var year = await _client.ExportYearAsync(new ExportYearRequest { Year = DateTime.UtcNow.Year }, By("zhao", "DC", Roles.Inspection));
        Assert.True(YearReport.IsSigned(year.Csv));
        // Nothing is sealed before the first midnight.
        Assert.Empty((await _client.ListSealsAsync(new ListSealsRequest(), edge.As(Roles.Viewer))).Seals);
        await RefusedAsync(StatusCode.NotFound, "UNKNOWN_ORGANISATION", async () => await _client.ScorecardAsync(new ScorecardRequest { Organisation = "NOBODY", Month = Now }, edge.As(Roles.Viewer)));
    }
}
