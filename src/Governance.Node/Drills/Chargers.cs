using Governance.Domain.Calendars;
using Governance.Edge.V1;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Drills;

/// <summary>
/// Script 2 of cases.md: a resident's photo of broken chargers. The lead within ten seconds, a neighbour's report joins, five
/// working days, every pile checked, another community's grid worker verifies, the reporter is satisfied, closed within a week.
/// </summary>
internal static class Chargers
{
    internal const string Name = "chargers";
    private const string Area = "410803001", Community = "410803001001", Lead = "ZJ";
    internal static readonly DateTimeOffset Begins = At(4, 9, 0);

    private static DateTimeOffset At(int day, int hour, int minute) => new(2025, 8, day, hour, minute, 0, WorkCalendar.Local);

    internal static async Task<DrillResult> RunAsync(DrillStage stage, CancellationToken cancel)
    {
        var (app, resident) = (stage.As("zhonghaoban", "", Kernel.Roles.Relay), stage.As("vault-han", "", Kernel.Roles.Reporter));
        var (engineer, desk, verifier) = (stage.As("zj-engineer", Lead, Kernel.Roles.Handler), stage.As("duty-officer", "DISPATCH", Kernel.Roles.Operator), stage.As("grid-worker-2", "CS-410803001002", Kernel.Roles.GridWorker));
        var id = Guid.NewGuid().ToString("n");
        await stage.StepAsync(At(4, 9, 12), "韩女士 sends photo and text from the mini-program", c => stage.RegisterAsync(new RegisterCaseRequest
        {
            CommandId = DrillStage.Id(), Channel = "AP", SourceEventId = $"{id}-1", Category = "0801", Confidence = 0.93, Subdistrict = Area, Text = "小区东门电动车充电桩八个坏了五个，晚上没法充电", Drill = true, RecordedGateway = stage.Clock.GatewayId,
            Place = new Place { Community = Community, Address = "向阳社区东门充电棚", Asset = "CHG-XY-EAST" }, Reporter = "vault-han", Reachable = true, Media = { "media/chargers-1.jpg" },
        }, app, c), cancel);
        var opened = await stage.CaseAsync(cancel);
        stage.Wants(stage.DeskMs <= 10_000, "on the lead's desk within 10 s");
        stage.Wants(opened.Tasks.Any(t => t.Lead && t.Organisation == Lead) && opened.Tasks.Count > 1, $"{Lead} leads, with co-departments");
        stage.Wants(opened.Clocks.Any(c => c is { Clock: "DUE", Budget: "5WD" }), "five working days to resolve");
        await stage.StepAsync(At(4, 9, 31), "a neighbour's report joins", async c =>
        {
            await stage.Cases.AttachReportAsync(new AttachReportRequest
            {
                CommandId = DrillStage.Id(), CaseId = stage.CaseId, Channel = "HL", SourceEventId = $"{id}-2", Text = "东门充电桩充不了电", Reporter = "vault-li", Reachable = true, Score = 0.86,
            }, app, cancellationToken: c);
            return $"{(await stage.CaseAsync(c)).Reports.Count} reports";
        }, cancel);
        stage.Wants((await stage.CaseAsync(cancel)).Reports.Count == 2, "the duplicate is attached");
        await stage.StepAsync(At(4, 9, 40), "the housing bureau signs", c => stage.Cases.AcceptTaskAsync(stage.Note(), engineer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(4, 10, 20), "it calls 韩女士", c => stage.Cases.ContactReporterAsync(
            new ContactReporterRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Method = "CALL", Reached = true, Note = "will be there this afternoon" }, engineer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(4, 14, 40), "on the scene, shown by the charger's code", c => stage.Cases.ArriveOnSceneAsync(new ArriveOnSceneRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Proof = "QR" }, engineer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(4, 15, 30), "eight piles checked, one line each", async c =>
        {
            for (var pile = 1; pile <= 8; pile++)
                await stage.Cases.ReportProgressAsync(new ReportProgressRequest
                {
                    CommandId = DrillStage.Id(), CaseId = stage.CaseId, Text = $"pile {pile}: {(pile is 2 or 3 or 5 or 7 or 8 ? "no output, contactor burnt" : "works")}", Cause = pile == 8 ? "接触器烧毁" : "",
                }, engineer, cancellationToken: c);
        }, cancel);
        await stage.StepAsync(At(6, 16, 5), "five contactors replaced, all piles charge", c => stage.Cases.CompleteTaskAsync(
            new CompleteTaskRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Outcome = "RESOLVED", Evidence = "photos of all eight piles charging", Kinds = { "P" } }, engineer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(6, 16, 30), "feedback with a public reply", c => stage.Cases.SubmitFeedbackAsync(
            new SubmitFeedbackRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Summary = "five of eight contactors replaced", PublicReply = "东门八个充电桩已全部修复，可以正常充电，感谢您的反映。" }, engineer, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(7, 9, 20), "the grid worker of another community verifies on the spot", c => stage.Cases.VerifyAsync(
            new VerifyRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Passed = true, Method = "all eight piles tried" }, verifier, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(7, 10, 5), "韩女士 says in the app: resolved, satisfied", c => stage.Cases.RecordCallbackAsync(
            new RecordCallbackRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Reached = true, Resolved = true, Satisfied = true, Note = "很快" }, resident, cancellationToken: c).ResponseAsync, cancel);
        await stage.StepAsync(At(7, 10, 15), "cancelled (销号)", c => stage.Cases.CancelOffAsync(
            new CancelOffRequest { CommandId = DrillStage.Id(), CaseId = stage.CaseId, Outcome = CloseOutcome.Resolved, Note = "closed loop complete" }, desk, cancellationToken: c).ResponseAsync, cancel);
        var result = await stage.EndAsync(Name, cancel);
        stage.Wants(result.Case.Ledger.TotalS < 7 * 86_400, "closed before seven days");
        return result;
    }
}
