using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
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
    /// <summary>Who did something was allowed to: what a role may do is not asked again.</summary>
    private static readonly ImmutableSortedSet<string> AnyRole =
        [Roles.Operator, Roles.Leader, Roles.Handler, Roles.GridWorker, Roles.Admin, Roles.DepartmentLeader, Roles.CommunityDesk, Roles.SubdistrictDesk, Roles.MicroGridHead, Roles.WeeklyChair, Roles.CrisisChair, Roles.Inspection, Roles.Discipline, Roles.Enterprise];

    public static ImmutableList<RecordedStep> Of(string key, IEnumerable<CaseEvent> events)
    {
        var (state, steps) = (CaseState.New(key), ImmutableList.CreateBuilder<RecordedStep>());
        foreach (var happened in events)
        {
            if (Step(state, happened) is { } step) steps.Add(step);
            state = CaseEvolution.Evolve(state, happened);
        }
        return steps.ToImmutable();
    }

    private static RecordedStep? Step(CaseState state, CaseEvent happened) => happened switch
    {
        // The first occurrence, which follows, opens it.
        CaseRegistered => null,
        OccurrenceLinked e => Told(e, Linked(state, e)),
        OccurrenceLevelNoted e => Told(e, new OccurrenceChanged(e.Occurrence, e.Level, e.Peak, state.Level, double.NaN, e.At, "")),
        OccurrenceEnded e => Told(e, new OccurrenceCleared(e.Occurrence, e.At)),
        OccurrenceSilent e => Told(e, new OccurrenceDataLost(e.Occurrence, e.Unwatched, e.At)),
        OccurrenceHeard e => Told(e, new OccurrenceDataRestored(e.Occurrence, e.At)),
        CaseEvent.LevelChanged { By: "system" } e => Told(e, new OccurrenceChanged(state.Occurrences[^1].Id, state.Occurrences[^1].Level, state.Occurrences[^1].Peak, e.To, double.NaN, e.At, e.Reason)),
        CaseEvent.LevelChanged e => Done(state, e, new RaiseLevel(e.To, e.Reason), e.By, ""),
        NumberAssigned e => Confirmed(e, new NumberRequested(state.Key, ""), EntityKinds.CaseRegister, new Outcome(CaseRegisterRules.NumberAssigned, e.Number)),
        TaskNotified e => Confirmed(e, new TaskOffered(state.Key, e.Organisation, IsLead(state, e.Organisation), state.Subject!.Category, state.Level, "", "", state.Subject.Drill, e.At), EntityKinds.Department, DepartmentState.Delivered) with { ByLead = IsLead(state, e.Organisation) },
        TaskAccepted e => Done(state, e, new AcceptTask(""), e.By, e.Organisation),
        TaskEnRoute e => Done(state, e, new Depart(""), e.By, e.Organisation),
        TaskOnScene e => Done(state, e, new ArriveOnScene(e.Proof == "QR" ? "QR" : "MANUAL", 0, 0, 0, e.Proof), e.By, e.Organisation),
        ProgressReported e => Done(state, e, new ReportProgress(e.Text, e.Cause), e.By, e.Organisation),
        HazardControlled e => Done(state, e, new DeclareControlled(e.Evidence), e.By, e.Organisation),
        TaskDone e => Done(state, e, new CompleteTask(e.Outcome, e.Evidence), e.By, e.Organisation),
        FeedbackSubmitted e => Done(state, e, new SubmitFeedback(e.Summary), e.By, state.Lead.Organisation),
        Verified e => Done(state, e, new Verify(true, e.Method), e.By, e.Organisation),
        ReworkOrdered e => Done(state, e, new Verify(false, e.Method), e.By, e.Organisation),
        CaseClosed e => Done(state, e, new CancelOff(e.Outcome, e.Note), e.By, ""),
        CaseUrged { By: "system" } => null,
        CaseUrged e => Done(state, e, new Urge(e.Reason), e.By, ""),
        CaseSuspended e => Done(state, e, new Suspend(e.Code, e.Until, e.Reason), e.By, ""),
        CaseResumed { By: "system" } => null,
        // Raised to orange it runs by itself.
        CaseResumed e => state.Level >= Colour.Orange ? null : Done(state, e, new Resume(e.Reason), e.By, ""),
        ExtensionRequested e => Done(state, e, new RequestExtension(e.Extra.ToString(), e.Reason, e.Plan), e.By, state.Lead.Organisation),
        // Ended by the feedback or by a rise of level: nobody decided.
        ExtensionDecided { By: "system" } => null,
        ExtensionDecided { Granted: false } e when state.Level >= Colour.Orange || state.Phase == CasePhase.PendingVerification => null,
        ExtensionDecided e => Done(state, e, new DecideExtension(e.Granted, e.Reason), e.By, ""),
        CaseAssigned or ClockStarted or ClockMoved or ClockPaused or ClockResumed or ClockMarked or ClockMet or CalendarApplied or DeadlineBreached or Escalated or VerificationVoided => null,
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is neither a step nor a consequence"),
    };

    /// <summary>As yellow as it can be: a rise of level is an event of its own.</summary>
    private static IEntityMessage Linked(CaseState state, OccurrenceLinked e)
    {
        var (o, s) = (e.Occurrence, state.Subject!);
        var colour = state.Phase == CasePhase.NotOpened ? state.Level : Colour.Yellow;
        return o.Witness == Witness.Monitoring || s.Kind is null
            ? new MonitoringFaultRaised(o.Id, s.Gateway, s.Source, s.SourceName, s.Enterprise, s.Area, o.Detector, o.RaisedAt, o.Text)
            : new OccurrenceRaised(o.Id, o.Witness, s.Source!.Value, s.SourceName, s.Enterprise, s.Area, o.Detector, s.Kind.Value, o.Level, colour, double.NaN, double.NaN, "", s.Drill, s.Clock, o.RaisedAt, o.Text);
    }

    private static bool IsLead(CaseState state, string organisation) => state.Tasks.Exists(t => t.Lead && t.Organisation == organisation);

    private static RecordedStep Told(CaseEvent happened, IEntityMessage message) =>
        new(happened.At, new Stimulus.Delivered(message, new EntityAddress(EntityKinds.HazardSource, "recorded")), message.GetType().Name, false);

    private static RecordedStep Confirmed(CaseEvent happened, IEntityMessage message, string kind, Outcome outcome) =>
        new(happened.At, new Stimulus.Confirmed(message, new EntityAddress(kind, "recorded"), outcome), happened.GetType().Name, false);

    private static RecordedStep Done(CaseState state, CaseEvent happened, CaseCommand command, string by, string organisation) =>
        new(happened.At, new Stimulus.Commanded(command, new Caller(by, organisation.Length > 0 ? organisation : "recorded", AnyRole)), command.GetType().Name, IsLead(state, organisation));
}
