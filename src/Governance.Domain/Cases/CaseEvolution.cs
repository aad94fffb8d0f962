using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>How events change a case: live, and again after every crash. By room: clocks, merging and slips have evolutions of their own.</summary>
public static class CaseEvolution
{
    public static CaseState Evolve(CaseState state, CaseEvent happened) => state.Subject is null && happened is not CaseRegistered
        ? throw new InvalidOperationException($"{happened.GetType().Name} before case {state.Key} was opened")
        : Applied(state, happened) with { Events = state.Events + 1 };

    private static CaseState Applied(CaseState state, CaseEvent happened) =>
        ClockEvolution.Applied(state, happened) ?? BesideEvolution.Applied(state, happened) ?? Intake(state, happened) ?? Work(state, happened) ?? Conclusion(state, happened)
        ?? throw new InvalidOperationException($"unknown event {happened.GetType().Name}");

    private static CaseState? Intake(CaseState state, CaseEvent happened) => happened switch
    {
        CaseRegistered e => state with { Phase = CasePhase.Registered, Subject = e.Subject, Level = e.Level, LevelSince = e.At, Milestones = state.Milestones.Add(Milestone.Received, e.At) },
        JudgmentAwaited => state with { Phase = CasePhase.PendingJudgment },
        CaseJudged e => state with { Phase = CasePhase.PendingAssignment, Level = e.Level, LevelSince = e.Level == state.Level ? state.LevelSince : e.At, Subject = state.Subject! with { Category = e.Category, Tags = e.Tags }, Rejecting = null },
        RejectionProposed e => state with { Rejecting = new ProposedRejection(e.Code, e.Basis, e.WhereToGo, e.By) },
        CaseRejected e => state with { Phase = CasePhase.Rejected, RefusedAs = e.Code, Rejecting = null, Milestones = state.Milestones.SetItem(Milestone.Closed, e.At) },
        CaseVoided e => state with { Phase = CasePhase.Void, RefusedAs = e.Code, Supervision = Supervision.None, Milestones = state.Milestones.SetItem(Milestone.Closed, e.At) },
        OccurrenceLinked e => WithAllClear(state with { Occurrences = state.Occurrences.Add(e.Occurrence) }, e.At),
        OccurrenceLevelNoted e => WithOccurrence(state, e.Occurrence, o => o with { Level = e.Level, Peak = e.Peak }),
        OccurrenceEnded e => WithAllClear(WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.Cleared, ClearedAt = e.At }), e.At),
        OccurrenceSilent e => WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.DataLost }),
        OccurrenceHeard e => WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.Active }),
        CaseEvent.LevelChanged e => state with { Level = e.To, LevelSince = e.At },
        NumberAssigned e => state with { Number = e.Number },
        CaseCorrected { Field: "CATEGORY" } e => state with { Subject = state.Subject! with { Category = e.Value } },
        CaseCorrected { Field: "ADDRESS" } e => state with { Subject = state.Subject! with { Place = state.Subject.Place with { Address = e.Value } } },
        CaseCorrected { Field: "TAGS" } e => state with { Subject = state.Subject! with { Tags = [.. e.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)] } },
        CaseMoved e => state with { Subject = state.Subject! with { Area = e.Area, Place = state.Subject.Place with { Community = e.Community, Grid = e.Grid } } },
        _ => null,
    };

    private static CaseState? Work(CaseState state, CaseEvent happened) => happened switch
    {
        CaseAssigned e => Assigned(state, e),
        TaskAdded e => state with { Tasks = state.Tasks.RemoveAll(t => t.Organisation == e.Organisation).Add(new CaseTask(e.Organisation, false, TaskPhase.Offered, e.At, null, null) { Mandatory = e.Mandatory }) },
        TaskNotified e => Reached(WithTask(state, e.Organisation, t => t with { NotifiedAt = e.At }), e.Organisation, Milestone.Notified, e.At),
        TaskAccepted e => Reached(Started(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Accepted, AcceptedAt = e.At }), e.Organisation), e.Organisation, Milestone.Accepted, e.At),
        TaskRejected e => Rejected(state, e),
        TaskDelegated { Up: false } e => WithTask(state, e.Organisation, t => t with { Unit = e.To }),
        TaskDelegated e => Raised(state, e),
        TaskEnRoute e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.EnRoute }), e.Organisation, Milestone.EnRoute, e.At),
        TaskOnScene e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.OnScene, Visited = true }), e.Organisation, Milestone.OnScene, e.At),
        ProgressReported e => state with { Cause = e.Cause.Length > 0 ? e.Cause : state.Cause },
        HazardControlled e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Controlled }), e.Organisation, Milestone.Controlled, e.At),
        ReporterContacted e => state with { Contacted = state.Contacted || e.Reached, ContactAttempts = state.ContactAttempts + 1 },
        TaskDone e => WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Done }),
        TaskFailed e => WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Failed }),
        TaskDropped e => WithTask(state, e.Organisation, t => t with { Phase = e.To }),
        _ => null,
    };

    private static CaseState? Conclusion(CaseState state, CaseEvent happened) => happened switch
    {
        FeedbackSubmitted e => state with { Phase = CasePhase.PendingVerification, Verified = false, PublicReply = e.PublicReply },
        Verified e => state with
        {
            Verified = true, Milestones = state.Milestones.SetItem(Milestone.Verified, e.At), Phase = state.HasReachableReporter ? CasePhase.PendingCallback : state.Phase,
        },
        ReworkOrdered => BackAtWork(state with { Rework = state.Rework + 1 }, TaskPhase.OnScene),
        VerificationVoided { BackToScene: false } => state with { Phase = CasePhase.PendingVerification, Verified = false, Milestones = state.Milestones.Remove(Milestone.Verified) },
        VerificationVoided => BackAtWork(state with { Milestones = state.Milestones.RemoveRange([Milestone.Verified, Milestone.Controlled]) }, TaskPhase.OnScene),
        CallbackRecorded e => state with
        {
            Callbacks = Bounded(state.Callbacks.Add(new Callback(e.At, e.Reached, e.Resolved, e.Satisfied, e.By))), Unresolved = state.Unresolved + (e is { Reached: true, Resolved: false } ? 1 : 0),
        },
        CaseClosed e => state with { Phase = CasePhase.Closed, Outcome = e.Outcome, Supervision = Supervision.None, Milestones = state.Milestones.SetItem(Milestone.Closed, e.At) },
        CaseReopened e => Reopened(state, e),
        CaseArchived => state with { Phase = CasePhase.Archived },
        _ => null,
    };

    /// <summary>The first assignment, or another one after the lead gave it back: co-departments that are at work stay.</summary>
    private static CaseState Assigned(CaseState state, CaseAssigned e)
    {
        var kept = state.Tasks.RemoveAll(t => t.Organisation == e.Lead || (e.Co.Contains(t.Organisation) && !t.IsOpen)).ConvertAll(t => t with { Lead = false });
        var co = e.Co.Where(c => c != e.Lead && !kept.Exists(t => t.Organisation == c)).Distinct().Select(c => new CaseTask(c, false, TaskPhase.Offered, e.At, null, null) { Mandatory = e.Mandatory.Contains(c) });
        return state with
        {
            Phase = CasePhase.Assigned, Tasks = [new(e.Lead, true, TaskPhase.Offered, e.At, null, null) { Mandatory = true, Forced = e.Forced }, .. co, .. kept],
            Rule = e.Rule, RulesetVersion = e.RulesetVersion, RouteExplain = e.Explain, SelfHandling = e.SelfHandling,
        };
    }

    private static CaseState Rejected(CaseState state, TaskRejected e)
    {
        var wasLead = state.Tasks.Exists(t => t.Lead && t.Organisation == e.Organisation);
        var next = WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Rejected, Lead = false });
        return wasLead ? next with { Phase = CasePhase.PendingAssignment, Rejections = state.Rejections + 1, SelfHandling = false } : next;
    }

    /// <summary>The tier above has it now, and has to sign; where the case was, it stays.</summary>
    private static CaseState Raised(CaseState state, TaskDelegated e)
    {
        var next = WithTask(state with { Tasks = state.Tasks.RemoveAll(t => t.Organisation == e.To) }, e.Organisation,
            t => new CaseTask(e.To, t.Lead, TaskPhase.Offered, e.At, null, null) { Mandatory = t.Mandatory, Forced = t.Forced });
        return next.LeadOrNone?.Organisation == e.To && next.Phase == CasePhase.Handling ? next with { Phase = CasePhase.Assigned } : next;
    }

    private static CaseState BackAtWork(CaseState state, TaskPhase lead) =>
        WithTask(state with { Phase = CasePhase.Handling, Verified = false, Callbacks = [] }, state.Lead.Organisation, t => t with { Phase = lead });

    private static CaseState Reopened(CaseState state, CaseReopened e)
    {
        var next = state with
        {
            Verified = false, Callbacks = [], Outcome = "", RefusedAs = "", Reopened = state.Reopened + 1, ReopenedByReporter = state.ReopenedByReporter + (e.ByReporter ? 1 : 0),
            Supervision = state.Supervision > Supervision.Urged ? state.Supervision : Supervision.Urged,
            // What comes after it is counted again: the ledger's legs lead to the close that holds.
            Milestones = state.Milestones.RemoveRange([Milestone.Controlled, Milestone.Verified, Milestone.Closed]),
        };
        if (next.LeadOrNone is not { } lead) return next with { Phase = CasePhase.PendingJudgment };
        return WithTask(next with { Phase = CasePhase.Assigned }, lead.Organisation, t => t with { Phase = TaskPhase.Offered, OfferedAt = e.At, NotifiedAt = null, AcceptedAt = null });
    }

    /// <summary>The lead's first step of a kind is a point of the time ledger.</summary>
    private static CaseState Reached(CaseState state, string organisation, Milestone milestone, DateTimeOffset at) =>
        state.LeadOrNone?.Organisation != organisation || state.Milestones.ContainsKey(milestone) ? state : state with { Milestones = state.Milestones.Add(milestone, at) };

    private static CaseState Started(CaseState state, string organisation) =>
        state.Phase == CasePhase.Assigned && state.LeadOrNone?.Organisation == organisation ? state with { Phase = CasePhase.Handling } : state;

    /// <summary>All clear is when the last occurrence ends; it is taken back when another is linked.</summary>
    private static CaseState WithAllClear(CaseState state, DateTimeOffset at) => state.IsLive
        ? state with { Milestones = state.Milestones.Remove(Milestone.ReturnedToNormal) }
        : state with { Milestones = state.Milestones.SetItem(Milestone.ReturnedToNormal, at) };

    private static CaseState WithOccurrence(CaseState state, OccurrenceId id, Func<LinkedOccurrence, LinkedOccurrence> change)
    {
        var index = state.Occurrences.FindIndex(o => o.Id == id);
        if (index < 0) throw new InvalidOperationException($"{id} is not linked to case {state.Key}");
        return state with { Occurrences = state.Occurrences.SetItem(index, change(state.Occurrences[index])) };
    }

    private static CaseState WithTask(CaseState state, string organisation, Func<CaseTask, CaseTask> change)
    {
        var index = state.Tasks.FindIndex(t => t.Organisation == organisation);
        if (index < 0) throw new InvalidOperationException($"{organisation} has no task in case {state.Key}");
        return state with { Tasks = state.Tasks.SetItem(index, change(state.Tasks[index])) };
    }

    internal static ImmutableList<T> Bounded<T>(ImmutableList<T> list) => list.Count <= CaseState.BesideLimit ? list : list.RemoveAt(0);
}
