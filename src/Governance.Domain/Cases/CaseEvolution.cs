using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>How events change a case: live, and again after every crash.</summary>
public static class CaseEvolution
{
    public static CaseState Evolve(CaseState state, CaseEvent happened) => state.Subject is null && happened is not CaseRegistered
        ? throw new InvalidOperationException($"{happened.GetType().Name} before case {state.Key} was opened")
        : Applied(state, happened) with { Events = state.Events + 1 };

    private static CaseState Applied(CaseState state, CaseEvent happened) => happened switch
    {
        CaseRegistered e => state with { Subject = e.Subject, Level = e.Level, Milestones = state.Milestones.Add(Milestone.Received, e.At) },
        OccurrenceLinked e => WithAllClear(state with { Occurrences = state.Occurrences.Add(e.Occurrence) }, e.At),
        OccurrenceLevelNoted e => WithOccurrence(state, e.Occurrence, o => o with { Level = e.Level, Peak = e.Peak }),
        OccurrenceEnded e => WithAllClear(WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.Cleared, ClearedAt = e.At }), e.At),
        OccurrenceSilent e => WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.DataLost }),
        OccurrenceHeard e => WithOccurrence(state, e.Occurrence, o => o with { Phase = OccurrencePhase.Active }),
        CaseEvent.LevelChanged e => state with { Level = e.To },
        CaseAssigned e => state with
        {
            Phase = CasePhase.Assigned,
            Tasks = [new(e.Lead, true, TaskPhase.Offered, e.At, null, null), .. e.Co.Select(co => new CaseTask(co, false, TaskPhase.Offered, e.At, null, null))],
        },
        NumberAssigned e => state with { Number = e.Number },
        TaskNotified e => Reached(WithTask(state, e.Organisation, t => t with { NotifiedAt = e.At }), e.Organisation, Milestone.Notified, e.At),
        TaskAccepted e => Reached(Started(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Accepted, AcceptedAt = e.At }), e.Organisation), e.Organisation, Milestone.Accepted, e.At),
        TaskEnRoute e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.EnRoute }), e.Organisation, Milestone.EnRoute, e.At),
        TaskOnScene e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.OnScene }), e.Organisation, Milestone.OnScene, e.At),
        ProgressReported e => state with { Cause = e.Cause.Length > 0 ? e.Cause : state.Cause },
        HazardControlled e => Reached(WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Controlled }), e.Organisation, Milestone.Controlled, e.At),
        TaskDone e => WithTask(state, e.Organisation, t => t with { Phase = TaskPhase.Done }),
        FeedbackSubmitted => state with { Phase = CasePhase.PendingVerification, Verified = false },
        Verified e => state with { Verified = true, Milestones = state.Milestones.SetItem(Milestone.Verified, e.At) },
        ReworkOrdered => WithTask(state with { Phase = CasePhase.Handling, Rework = state.Rework + 1, Verified = false }, state.Lead.Organisation, t => t with { Phase = TaskPhase.OnScene }),
        VerificationVoided { BackToScene: false } => state with { Verified = false, Milestones = state.Milestones.Remove(Milestone.Verified) },
        VerificationVoided => WithTask(state with
        {
            Phase = CasePhase.Handling, Verified = false, Milestones = state.Milestones.RemoveRange([Milestone.Verified, Milestone.Controlled]),
        }, state.Lead.Organisation, t => t with { Phase = TaskPhase.OnScene }),
        CaseClosed e => state with
        {
            Phase = CasePhase.Closed, Outcome = e.Outcome, Supervision = Supervision.None, Milestones = state.Milestones.SetItem(Milestone.Closed, e.At),
        },
        ClockStarted e => state with { Clocks = Kept(state.Clocks, e.Clock).Add(Started(e)) },
        ClockMoved e => WithClock(state, e.Clock, c => Moved(c, e)),
        ClockPaused e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Paused, Pauses = c.Pauses.Add(new Pause(e.At, null)) }),
        ClockResumed e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Running, Due = e.Due, Marks = Ahead(e.Marks, c.Marks), Pauses = c.Pauses.SetItem(c.Pauses.Count - 1, c.Pauses[^1] with { To = e.At }) }, ClockPhase.Paused),
        ClockMarked e => Marked(state, e),
        CalendarApplied e => state with { CalendarVersion = e.Version },
        CaseUrged => state with { Supervision = state.Supervision > Supervision.Urged ? state.Supervision : Supervision.Urged },
        CaseSuspended e => state with { Suspension = new Suspension(e.Code, e.Until, e.By, e.Reason) },
        CaseResumed => state with { Suspension = null },
        ExtensionRequested e => state with { Asked = new AskedExtension(e.Extra, e.By, e.Reason, e.Plan, e.AnswerBy) },
        ExtensionDecided e => state with { Asked = null, Granted = e.Granted ? state.Granted.Add(state.Asked!.Extra) : state.Granted },
        ClockMet e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Met, EndedAt = e.At }),
        DeadlineBreached e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Breached, EndedAt = e.At, LateBy = e.LateBy }),
        Escalated e => state with { Supervision = e.To > state.Supervision ? e.To : state.Supervision },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static CaseClock Started(ClockStarted e)
    {
        var clock = new CaseClock(e.Clock, ClockPhase.Running, e.At, e.Due, null, TimeSpan.Zero);
        return e.Budget is { } budget ? clock with { Budget = budget, Marks = e.Marks.IsDefault ? [] : e.Marks } : clock;
    }

    /// <summary>A budget that counts from another time begins without pauses, and all its marks are ahead.</summary>
    private static CaseClock Moved(CaseClock clock, ClockMoved e)
    {
        if (e.Budget is not { } budget || e.Since is not { } since) return clock with { Due = e.Due };
        var anew = since != clock.StartedAt;
        return clock with { Due = e.Due, Budget = budget, StartedAt = since, Pauses = anew ? [] : clock.Pauses, Marks = anew ? e.Marks : Ahead(e.Marks, clock.Marks) };
    }

    /// <summary>A mark that was reached does not come again when the clock moves.</summary>
    private static ImmutableArray<ClockMark> Ahead(ImmutableArray<ClockMark> all, ImmutableArray<ClockMark> left) =>
        left.IsDefaultOrEmpty ? [] : [.. all.Where(m => m.Percent >= left[0].Percent)];

    private static CaseState Marked(CaseState state, ClockMarked e)
    {
        var index = state.Clocks.FindLastIndex(c => c.Name == e.Clock && !c.Marks.IsDefaultOrEmpty && c.Marks[0].Percent == e.Percent);
        if (index < 0) throw new InvalidOperationException($"clock {e.Clock} of case {state.Key} has no mark at {e.Percent} %");
        return state with { Clocks = state.Clocks.SetItem(index, state.Clocks[index] with { Marks = state.Clocks[index].Marks.RemoveAt(0) }) };
    }

    /// <summary>A breach stays visible when its clock starts anew; what was met does not need to.</summary>
    private static ImmutableList<CaseClock> Kept(ImmutableList<CaseClock> clocks, ClockName started)
    {
        var kept = clocks.RemoveAll(c => c.Name == started && c.Phase != ClockPhase.Breached)
            // What was ahead of a clock that ran out is the new one's to tell.
            .ConvertAll(c => c.Name == started ? c with { Marks = [] } : c);
        return kept.Count <= CaseState.ClockLimit ? kept : kept.RemoveAt(kept.FindIndex(c => c.Phase == ClockPhase.Breached));
    }

    /// <summary>The lead's first step of a kind is a point of the time ledger.</summary>
    private static CaseState Reached(CaseState state, string organisation, Milestone milestone, DateTimeOffset at) =>
        state.Lead.Organisation != organisation || state.Milestones.ContainsKey(milestone) ? state : state with { Milestones = state.Milestones.Add(milestone, at) };

    private static CaseState Started(CaseState state, string organisation) =>
        state.Phase == CasePhase.Assigned && state.Lead.Organisation == organisation ? state with { Phase = CasePhase.Handling } : state;

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

    private static CaseState WithClock(CaseState state, ClockName name, Func<CaseClock, CaseClock> change, ClockPhase phase = ClockPhase.Running)
    {
        var index = state.Clocks.FindIndex(c => c.Name == name && c.Phase == phase);
        if (index < 0) throw new InvalidOperationException($"clock {name} of case {state.Key} does not run");
        return state with { Clocks = state.Clocks.SetItem(index, change(state.Clocks[index])) };
    }
}
