using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Accountability;

/// <summary>Something that came to a case from outside: who did or told what, when.</summary>
/// <param name="ByLead">A step of whoever led the case: under other rules it is another organisation's.</param>
public sealed record RecordedStep(DateTimeOffset At, Stimulus Stimulus, string What, bool ByLead);

/// <summary>
/// What people and devices did in a recorded case, read back from its events; what the rules made of it is left out. Every kind
/// of event is either a step or a consequence; one that is neither is loud.
/// </summary>
public static class RecordedCourse
{
    /// <summary>Who did something was allowed to, and is not asked again. Roles that restrict (a grid worker does not verify his own work) are left out.</summary>
    private static readonly ImmutableSortedSet<string> AnyRole =
        [Roles.Operator, Roles.Leader, Roles.Handler, Roles.Admin, Roles.DepartmentLeader, Roles.CommunityDesk, Roles.SubdistrictDesk, Roles.WeeklyChair, Roles.CrisisChair];
    private const string System = "system";

    public static ImmutableList<RecordedStep> Of(string key, IReadOnlyList<CaseEvent> events)
    {
        var (state, steps) = (CaseState.New(key), ImmutableList.CreateBuilder<RecordedStep>());
        for (var i = 0; i < events.Count; i++)
        {
            if (Step(state, events, i) is { } step) steps.Add(step);
            state = CaseEvolution.Evolve(state, events[i]);
        }
        return steps.ToImmutable();
    }

    private static RecordedStep? Step(CaseState state, IReadOnlyList<CaseEvent> events, int index) => events[index] switch
    {
        // What the rules made of it.
        CaseRegistered or JudgmentAwaited or ClockStarted or ClockMoved or ClockPaused or ClockResumed or ClockMarked or ClockDropped or ClockMet or CalendarApplied or DeadlineBreached or VerificationVoided => null,
        CaseUrged { By: System } or CaseResumed { By: System } or InfoProvided { By: System } or ExtensionDecided { By: System } or CaseJudged { By: System } or CaseAssigned { By: "" } or SlipAsked { By: System }
            or TaskDelegated { By: System } or CaseArchived { By: System } or CaseReopened { By: "call-back" } or TaskDropped { Reason: "routed anew" } => null,
        // Raised to orange it runs by itself, and nobody decides what ended with the rise or with the feedback.
        CaseResumed when state.Level >= Colour.Orange => null,
        ExtensionDecided { Granted: false } when state.Level >= Colour.Orange || state.Phase == CasePhase.PendingVerification => null,
        // Who assigns has judged.
        CaseJudged { Decision: CaseIntake.ToAssign } e when IsByAssignment(events, index, e) => null,
        Escalated when index > 0 && events[index - 1] is DeadlineBreached or ClockMarked => null,
        var happened => RecordedMessages.Of(state, events, index) ?? OfTask(state, happened) ?? OfDesk(state, happened) ?? throw new InvalidOperationException($"{happened.GetType().Name} is neither a step nor a consequence"),
    };

    private static RecordedStep? OfTask(CaseState state, CaseEvent happened) => happened switch
    {
        TaskAccepted e => Done(state, e, new AcceptTask(""), e.By, e.Organisation),
        TaskRejected e => Done(state, e, new RejectTask(e.Code, e.Suggested, e.Basis), e.By, e.Organisation),
        TaskDelegated { Up: true } e => Done(state, e, new ReportUp(e.Reason), e.By, e.Organisation),
        TaskDelegated e => Done(state, e, new CaseCommand.Delegate(e.To, e.Reason), e.By, e.Organisation),
        TaskEnRoute e => Done(state, e, new Depart(""), e.By, e.Organisation),
        TaskOnScene e => Done(state, e, e.Proof == "QR" ? new ArriveOnScene("QR", 0, 0, 0, "") : new ArriveOnScene("MANUAL", 0, 0, 0, e.Proof), e.By, e.Organisation),
        ProgressReported e => Done(state, e, new ReportProgress(e.Text, e.Cause), e.By, e.Organisation),
        HazardControlled e => Done(state, e, new DeclareControlled(e.Evidence), e.By, e.Organisation),
        ReporterContacted e => Done(state, e, new ContactReporter(e.Method, e.Reached, e.Note), e.By, e.Organisation),
        TaskDone e => Done(state, e, new CompleteTask(e.Outcome, e.Evidence, e.Kinds), e.By, e.Organisation),
        TaskFailed e => Done(state, e, new CompleteTask(CaseField.CannotFix, e.Why, []), e.By, e.Organisation),
        FeedbackSubmitted e => Done(state, e, new SubmitFeedback(e.Summary, e.PublicReply), e.By, state.Lead.Organisation),
        ExtensionRequested e => Done(state, e, new RequestExtension(e.Extra.ToString(), e.Reason, e.Plan), e.By, state.Lead.Organisation),
        _ => null,
    };

    private static RecordedStep? OfDesk(CaseState state, CaseEvent happened) => happened switch
    {
        CaseJudged e => Done(state, e, new Judge(e.Level, e.Category, e.Tags, e.Decision, e.Reason), e.By),
        RejectionProposed e => Done(state, e, new RejectIntake(e.Code, e.Basis, e.WhereToGo), e.By),
        CaseRejected e => Done(state, e, new RejectIntake(e.Code, e.Basis, e.WhereToGo), e.By),
        CaseVoided e => Done(state, e, new VoidCase(e.Code, e.Proof), e.By),
        InfoRequested e => Done(state, e, new AskReporter(e.Question), e.By),
        InfoProvided e => Done(state, e, new AnswerQuestion(e.Text), e.By),
        ReportAttached e => Done(state, e, new AttachReport(e.Report.Channel, SourceEventOf(e.Report), e.Report.Text, e.Report.Reporter, e.Report.Reachable, e.Report.Media, e.Score), e.By),
        ReportDetached e => Done(state, e, new DetachReport(e.ReportId, e.Reason), e.By),
        ReporterForgotten e => Done(state, e, new ForgetReporter(e.ReportId), e.By),
        CaseEvent.LevelChanged e when e.To > e.From => Done(state, e, new RaiseLevel(e.To, e.Reason), e.By),
        CaseEvent.LevelChanged e => Done(state, e, new LowerLevel(e.To, e.Reason), e.By),
        CaseAssigned { Forced: true } e => Done(state, e, new ForceAssign(e.Lead, Basis(e)), e.By),
        CaseAssigned e => Done(state, e, new Assign(e.Lead, e.Co, e.Mandatory, e.Person, Basis(e)), e.By),
        TaskAdded e => Done(state, e, new Assign("", [e.Organisation], e.Mandatory ? [e.Organisation] : [], "", e.Basis), e.By),
        TaskDropped { To: TaskPhase.Waived } e => Done(state, e, new WaiveTask(e.Organisation, e.Reason), e.By),
        TaskDropped e => Done(state, e, new WithdrawTask(e.Organisation, e.Reason), e.By),
        Verified e => Done(state, e, new Verify(true, e.Method), e.By, e.Organisation, false),
        ReworkOrdered e => Done(state, e, new Verify(false, e.Method), e.By, e.Organisation, false),
        CallbackRecorded e => Done(state, e, new RecordCallback(e.Reached, e.Resolved, e.Satisfied, e.Note), e.By),
        CaseClosed e => Done(state, e, new CancelOff(e.Outcome, e.Note), e.By),
        CaseReopened { ByReporter: true } e => Reported(e, new Reopen(e.Reason), e.By),
        CaseReopened e => Done(state, e, new Reopen(e.Reason), e.By),
        CaseArchived e => Done(state, e, new Archive(), e.By),
        CaseUrged { ByReporter: true } e => Reported(e, new Urge(e.Reason), e.By),
        CaseUrged e => Done(state, e, new Urge(e.Reason), e.By),
        CaseSuspended e => Done(state, e, new Suspend(e.Code, e.Until, e.Reason), e.By),
        CaseResumed e => Done(state, e, new Resume(e.Reason), e.By),
        ExtensionDecided e => Done(state, e, new DecideExtension(e.Granted, e.Reason), e.By),
        SlipAsked { Kind: Meetings.SlipKind.Reminder } e => Done(state, e, new IssueReminder(e.Reason), e.By),
        SlipAsked e => Done(state, e, new IssueSupervision(e.Reason), e.By),
        Escalated e => Done(state, e, new EscalateCrisis("as recorded"), e.Told),
        CaseCorrected e => Done(state, e, new Correct(e.Field, e.Value, e.Reason), e.By),
        CaseMoved e => Done(state, e, new MoveToGrid(e.Area.Value, e.Community, e.Grid, e.Reason), e.By),
        PiiUnmasked e => Done(state, e, new Unmask(e.Field, e.Purpose), e.By),
        MergeBegun e => Done(state, e, new MergeInto(e.Target, e.Reason), e.By),
        UnmergeBegun e => Done(state, e, new Unmerge(e.Reason), e.By),
        _ => null,
    };

    /// <summary>As the case explains who decided.</summary>
    private static string Basis(CaseAssigned e) => e.Explain is [var first, ..] && first.StartsWith($"{e.By} decided: ", StringComparison.Ordinal) ? first[$"{e.By} decided: ".Length..] : "as recorded";

    internal static string SourceEventOf(CaseReport report) => report.Id.StartsWith(report.Channel + "/", StringComparison.Ordinal) ? report.Id[(report.Channel.Length + 1)..] : report.Id;

    private static bool IsByAssignment(IReadOnlyList<CaseEvent> events, int index, CaseJudged judged) =>
        index + 1 < events.Count && events[index + 1] is CaseAssigned assigned && assigned.By == judged.By && assigned.At == judged.At;

    private static RecordedStep Reported(CaseEvent happened, CaseCommand command, string by) =>
        new(happened.At, new Stimulus.Commanded(command, new Caller(by, "", [Roles.Reporter])), command.GetType().Name, false);

    private static RecordedStep Done(CaseState state, CaseEvent happened, CaseCommand command, string by, string organisation = "", bool ofTask = true) => new(
        happened.At, new Stimulus.Commanded(command, new Caller(by, organisation.Length > 0 ? organisation : "recorded", AnyRole)), command.GetType().Name, ofTask && state.LeadOrNone?.Organisation == organisation);
}
