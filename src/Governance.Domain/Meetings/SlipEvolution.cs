using System.Collections.Immutable;
using Governance.Domain.Cases;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>How events change a slip. Throws on what is impossible.</summary>
public static class SlipEvolution
{
    public static SlipState Evolve(SlipState state, SlipEvent happened) => After(state, happened) with { Events = state.Events + 1 };

    private static SlipState After(SlipState state, SlipEvent happened) => happened switch
    {
        SlipDrafted e => From(state, SlipPhase.NotOpened) with { Phase = SlipPhase.Drafted, Content = e.Content, Cases = e.Cases, DraftedBy = e.By, DraftedAt = e.At },
        CaseJoined e => state with { Cases = state.Cases.Add(e.Case) },
        CaseDropped e => state with { Cases = state.Cases.ConvertAll(c => c.Case == e.Case ? c with { Over = true } : c) },
        SlipApproved e => From(state, SlipPhase.Drafted) with { Phase = SlipPhase.Approved, ApprovedBy = e.By },
        SlipIssued e => From(state, SlipPhase.Drafted, SlipPhase.Approved) with { Phase = SlipPhase.Issued, IssuedBy = e.By, IssuedAt = e.At, Content = state.Content! with { Ground = e.Ground, Level = e.Level } },
        NumberGiven e => state with { Number = e.Number },
        SlipSigned e => From(state, SlipPhase.Issued, SlipPhase.Signed) with
        {
            Phase = SlipPhase.Signed, SignedBy = e.By, SignedAt = e.At,
        },
        SlipReplied e => From(state, SlipPhase.Signed) with { Phase = SlipPhase.Replied, Reply = e.Reply },
        ReplyReviewed { Accepted: true } e => From(state, SlipPhase.Replied) with { Phase = SlipPhase.Reviewed, ReviewedBy = e.By },
        ReplyReviewed => From(state, SlipPhase.Replied) with { Phase = SlipPhase.Signed, RefusedReplies = state.RefusedReplies + 1 },
        SlipEvent.PlanFiled e => From(state, SlipPhase.Signed) with { Phase = SlipPhase.PlanFiled, Plan = e.Plan, ProgressAt = e.At },
        ProgressReported e => From(state, SlipPhase.PlanFiled, SlipPhase.InProgress) with { Phase = SlipPhase.InProgress, Progress = e.Text, ProgressAt = e.At, Reports = state.Reports + 1 },
        SlipEvent.CancelRequested e => From(state, SlipPhase.InProgress) with { Phase = SlipPhase.CancelRequested, CancelAskedBy = e.By, CancelEvidence = e.Evidence },
        SlipInspected { Passed: true } e => From(state, SlipPhase.CancelRequested) with { Phase = SlipPhase.Inspected, InspectedBy = e.By, InspectedFor = e.Organisation, Finding = e.Finding },
        SlipInspected e => From(state, SlipPhase.CancelRequested) with { Phase = SlipPhase.InProgress, Finding = e.Finding, FailedInspections = state.FailedInspections + 1, CancelAskedBy = "", CancelEvidence = "" },
        CancelSeconded e => From(state, SlipPhase.Inspected) with { SecondedBy = e.By },
        SlipExtended e => state with { Extensions = state.Extensions.Add(e.Extra) },
        ReferredToDiscipline e => state with { ReferredTo = e.To },
        SlipCancelled e => Ended(From(state, SlipPhase.Reviewed, SlipPhase.Inspected), SlipPhase.Cancelled, SlipResults.Cancelled, e.At) with { EndedBy = e.By, EndNote = e.Evidence },
        SlipWithdrawn e => Ended(state, SlipPhase.Withdrawn, SlipResults.Withdrawn, e.At) with { EndedBy = e.By, EndNote = e.Reason },
        SlipReplaced e => Ended(state, SlipPhase.Superseded, SlipResults.Superseded, e.At) with { ReplacedBy = e.By },
        ClockStarted e => state with { Clocks = Kept(state.Clocks, e.Clock).Add(new SlipClock(e.Clock, ClockPhase.Running, e.Budget, e.At, e.Due, null, TimeSpan.Zero)) },
        ClockMoved e => WithClock(state, e.Clock, c => c with { Due = e.Due }) with { CalendarVersion = e.Calendar },
        ClockMet e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Met, EndedAt = e.At }),
        DeadlineMissed e => Missed(state, e),
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static SlipState Missed(SlipState state, DeadlineMissed e)
    {
        var missed = WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Breached, EndedAt = e.At, LateBy = e.LateBy });
        return e.Clock == SlipClockName.Limit ? missed with { OverdueAt = e.At, OverdueIn = state.Phase } : missed;
    }

    private static SlipState From(SlipState state, params ReadOnlySpan<SlipPhase> phases) =>
        phases.Contains(state.Phase) ? state : throw new InvalidOperationException($"impossible in {state.Phase} of slip {state.Key}");

    private static SlipState Ended(SlipState state, SlipPhase phase, string result, DateTimeOffset at) =>
        state.IsOver ? throw new InvalidOperationException($"slip {state.Key} is over") : state with
        {
            Phase = phase, Result = result, EndedAt = at,
            // What still ran stands still for ever.
            Clocks = state.Clocks.ConvertAll(c => c.Phase == ClockPhase.Running ? c with { Phase = ClockPhase.Paused, EndedAt = at } : c),
        };

    /// <summary>
    /// What was missed stays visible when its clock starts anew; what was met does not need to. Beyond the limit the oldest that a newer
    /// one of its name follows makes room, so the last word of each clock stays: meetings read the limit of every slip.
    /// </summary>
    private static ImmutableList<SlipClock> Kept(ImmutableList<SlipClock> clocks, SlipClockName started)
    {
        var kept = clocks.RemoveAll(c => c.Name == started && c.Phase != ClockPhase.Breached);
        return kept.Count < SlipState.ClockLimit ? kept : kept.RemoveAt(kept.FindIndex(c => c.Name == started || !ReferenceEquals(c, kept.FindLast(k => k.Name == c.Name))));
    }

    private static SlipState WithClock(SlipState state, SlipClockName name, Func<SlipClock, SlipClock> change)
    {
        var index = state.Clocks.FindIndex(c => c.Name == name && c.Phase == ClockPhase.Running);
        if (index < 0) throw new InvalidOperationException($"clock {name} of slip {state.Key} does not run");
        return state with { Clocks = state.Clocks.SetItem(index, change(state.Clocks[index])) };
    }
}
