using Governance.Domain.Calendars;
using Governance.Edge.V1;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Drills;

/// <summary>
/// Script 3 of cases.md, from the registration of the case: opinion, petition and police within a day are one orange case.
/// Four departments, a reminder slip of 72 hours, mediated on the third day, the slip cancelled by two persons, every reporter
/// called back.
/// </summary>
internal static class CertificateFee
{
    internal const string Name = "certificate-fee";
    private const string Area = "410803001", Community = "410803001002", Lead = "ZJ";
    internal static readonly DateTimeOffset Begins = At(4, 8, 0);

    private static DateTimeOffset At(int day, int hour, int minute) => new(2025, 8, day, hour, minute, 0, WorkCalendar.Local);

    internal static async Task<DrillResult> RunAsync(DrillStage stage, CancellationToken cancel)
    {
        var platform = stage.As("correlation", "", Kernel.Roles.Relay);
        var (officer, leader, second) = (stage.As("duty-officer", "DISPATCH", Kernel.Roles.Operator), stage.As("duty-leader", "DISPATCH", Kernel.Roles.Leader), stage.As("centre-director", "DISPATCH", Kernel.Roles.Leader));
        string[] departments = [Lead, "ZR", "XF", "PA"];
        var people = departments.ToDictionary(d => d, d => stage.As($"{d}-handler", d, Kernel.Roles.Handler));
        var (id, slip) = (Guid.NewGuid().ToString("n"), "");
        await stage.StepAsync(At(4, 9, 0), "opinion, petition and police within a day: one orange case", c => stage.RegisterAsync(new RegisterCaseRequest
        {
            CommandId = DrillStage.Id(), Channel = "CO", SourceEventId = $"{id}-corr", Category = "0805", Confidence = 0.95, Level = Colour.Orange, Subdistrict = Area, Text = "幸福家园不动产证办理中物业代收费用，业主拒交，三个渠道一天内反映", Drill = true,
            RecordedGateway = stage.Clock.GatewayId, Place = new Place { Community = Community, Address = "幸福家园" }, Reporter = "vault-wang", Reachable = true,
        }, platform, c), cancel);
        await stage.StepAsync(At(4, 9, 5), "the three signals are its reports", async c =>
        {
            foreach (var (channel, text, reporter) in new[] { ("OP", "网帖：办证为何要多交钱", ""), ("PT", "联名信访：要求退还代收费用", "vault-zhao"), ("PO", "110：售楼部业主聚集", "") })
                await stage.Cases.AttachReportAsync(new AttachReportRequest
                {
                    CommandId = DrillStage.Id(), CaseId = stage.CaseId, Channel = channel, SourceEventId = $"{id}-{channel}", Text = text, Reporter = reporter, Reachable = reporter.Length > 0, Score = 0.84,
                }, officer, cancellationToken: c);
            return $"{(await stage.CaseAsync(c)).Reports.Count} reports";
        }, cancel);
        await stage.StepAsync(At(4, 9, 8), "signed; four departments, none of whom may be missing", async c =>
        {
            await stage.Cases.AcceptTaskAsync(stage.Note(), people[Lead], cancellationToken: c);
            await stage.Cases.AssignAsync(new AssignRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Co = { departments[1..] }, Mandatory = { departments[1..] }, Basis = "three channels, one cause" }, leader, cancellationToken: c);
            var offered = await stage.UntilAsync(v => departments.All(d => v.Tasks.Any(t => t.Organisation == d && t.NotifiedAt is not null)), c);
            foreach (var department in departments[1..]) await stage.Cases.AcceptTaskAsync(stage.Note(), people[department], cancellationToken: c);
            return string.Join(", ", offered.Tasks.Select(t => t.Organisation));
        }, cancel);
        await stage.StepAsync(At(4, 9, 20), "reminder slip (风险提醒单), 72 hours", async c =>
        {
            await stage.Cases.IssueReminderAsync(stage.Note("prominent risk, several departments"), leader, cancellationToken: c);
            var view = await stage.UntilAsync(v => v.Slips.Any(s => s.Number.Length > 0), c);
            slip = view.Slips[0].SlipId;
            stage.Wants(view.Slips[0].Due.ToDateTimeOffset() - stage.Clock.Now == TimeSpan.FromHours(72), "the slip has 72 hours");
            return $"{view.Slips[0].Number}, due {view.Slips[0].Due.ToDateTimeOffset().ToOffset(WorkCalendar.Local):MM-dd HH:mm}";
        }, cancel);
        await stage.StepAsync(At(4, 9, 25), "the lead signs the slip, and is on the spot", async c =>
        {
            await stage.Meetings.SignSlipAsync(new SlipCommandRequest { CommandId = DrillStage.Id(), SlipId = slip }, people[Lead], cancellationToken: c);
            await stage.Cases.ArriveOnSceneAsync(new ArriveOnSceneRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Proof = "MANUAL", Reason = "meeting with the owners at the sales office" }, people[Lead], cancellationToken: c);
            await stage.Cases.ContactReporterAsync(new ContactReporterRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Method = "VISIT", Reached = true, Note = "owners heard" }, people[Lead], cancellationToken: c);
            await stage.Cases.ReportProgressAsync(new ReportProgressRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Text = "thirty owners at the sales office, calm" }, people[Lead], cancellationToken: c);
        }, cancel);
        await stage.StepAsync(At(4, 11, 0), "nobody gathers any more: under control", async c =>
        {
            await stage.Cases.ReportProgressAsync(new ReportProgressRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Text = "first meeting held", Cause = "物业违规代收办证费用" }, people[Lead], cancellationToken: c);
            await stage.Cases.DeclareControlledAsync(new DeclareControlledRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Evidence = "owners left, date for the mediation agreed" }, people[Lead], cancellationToken: c);
        }, cancel);
        // An orange case wants a word every two hours, day and night.
        for (var at = At(4, 12, 45); at < At(6, 15, 0); at += TimeSpan.FromMinutes(105))
        {
            await stage.Clock.AdvanceAsync(at, cancel);
            await stage.Cases.ReportProgressAsync(new ReportProgressRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Text = "accounts checked, owners informed" }, people[Lead], cancellationToken: cancel);
        }
        await stage.StepAsync(At(6, 15, 0), "mediated on the third day: fees are paid back", async c =>
        {
            foreach (var department in departments[1..])
                await stage.Cases.CompleteTaskAsync(new CompleteTaskRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Outcome = "RESOLVED", Evidence = "own share done" }, people[department], cancellationToken: c);
            await stage.Cases.CompleteTaskAsync(new CompleteTaskRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Outcome = "RESOLVED", Evidence = "signed agreement", Kinds = { "S" } }, people[Lead], cancellationToken: c);
        }, cancel);
        await stage.StepAsync(At(6, 15, 20), "the slip is answered and reviewed", async c =>
        {
            await stage.Meetings.ReplySlipAsync(new ReplySlipRequest { CommandId = DrillStage.Id(), SlipId = slip, Measures = "mediation with all owners", Result = "fees are paid back within a month", Evidence = "signed agreement", RemainingRisk = "none" }, people[Lead], cancellationToken: c);
            await stage.Meetings.ReviewSlipAsync(new ReviewSlipRequest { CommandId = DrillStage.Id(), SlipId = slip, Accepted = true, Note = "agreement seen" }, officer, cancellationToken: c);
        }, cancel);
        await stage.StepAsync(At(6, 15, 40), "the slip is cancelled (销号) by a second person", async c =>
        {
            await stage.Meetings.CancelSlipAsync(new SlipCommandRequest { CommandId = DrillStage.Id(), SlipId = slip, Text = "agreement and payment list" }, second, cancellationToken: c);
            var view = await stage.UntilAsync(v => v.Slips.All(s => s.Result.Length > 0), c);
            return $"{view.Slips[0].Number} {view.Slips[0].Result}";
        }, cancel);
        await stage.StepAsync(At(6, 16, 0), "feedback with a public reply", c => stage.Cases.SubmitFeedbackAsync(
            new SubmitFeedbackRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Summary = "mediated, fees are paid back", PublicReply = "经调解，物业公司将在一个月内退还代收费用。" }, people[Lead], cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(6, 17, 0), "the dispatch centre verifies", c => stage.Cases.VerifyAsync(
            new VerifyRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Passed = true, Method = "agreement and payment list seen" }, leader, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(6, 17, 30), "the reporters are called back: resolved", c => stage.Cases.RecordCallbackAsync(
            new RecordCallbackRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Reached = true, Resolved = true, Satisfied = true, Note = "all owners agree" }, officer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(6, 17, 45), "cancelled (销号)", c => stage.Cases.CancelOffAsync(
            new CancelOffRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Outcome = CloseOutcome.Mediated, Note = "agreement signed" }, leader, cancellationToken: c).ResponseAsync, cancel);
        var result = await stage.EndAsync(Name, cancel);
        stage.Wants(result.Slips.Count == 1 && result.Slips[0].State == "CANCELLED", "one reminder slip, cancelled");
        return result;
    }
}
