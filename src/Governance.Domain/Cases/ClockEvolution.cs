using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>How events change a case's clocks, and what holds them.</summary>
internal static class ClockEvolution
{
    /// <summary>Null for an event of another room.</summary>
    internal static CaseState? Applied(CaseState state, CaseEvent happened) => happened switch
    {
        ClockStarted e => state with { Clocks = Kept(state.Clocks, e.Clock).Add(Started(e)) },
        ClockMoved e => WithClock(state, e.Clock, c => Moved(c, e)),
        ClockPaused e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Paused, Pauses = c.Pauses.Add(new Pause(e.At, null)) }),
        ClockResumed e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Running, Due = e.Due, Marks = Ahead(e.Marks, c.Marks), Pauses = c.Pauses.SetItem(c.Pauses.Count - 1, c.Pauses[^1] with { To = e.At }) }, ClockPhase.Paused),
        ClockMarked e => Marked(state, e),
        ClockMet e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Met, EndedAt = e.At }),
        ClockDropped e => state with { Clocks = state.Clocks.RemoveAll(c => c.Name == e.Clock && c.Phase is ClockPhase.Running or ClockPhase.Paused) },
        DeadlineBreached e => WithClock(state, e.Clock, c => c with { Phase = ClockPhase.Breached, EndedAt = e.At, LateBy = e.LateBy }),
        CalendarApplied e => state with { CalendarVersion = e.Version },
        CaseSuspended e => state with { Suspension = new Suspension(e.Code, e.Until, e.By, e.Reason, e.At) },
        CaseResumed e => StoodStill(state, state.Suspension?.Since, e.At) with { Suspension = null },
        InfoRequested e => state with { Info = new InfoRequest(e.Question, e.By, e.At, e.Until), InfoAsks = state.InfoAsks + 1 },
        InfoProvided e => StoodStill(state, state.Info?.Since, e.At) with { Info = null },
        ExtensionRequested e => state with { Asked = new AskedExtension(e.Extra, e.By, e.Reason, e.Plan, e.AnswerBy) },
        ExtensionDecided e => state with { Asked = null, Granted = e.Granted ? state.Granted.Add(state.Asked!.Extra) : state.Granted },
        CaseUrged e => state with
        {
            Supervision = state.Supervision > Supervision.Urged ? state.Supervision : Supervision.Urged, UrgedByReporterAt = e.ByReporter ? e.At : state.UrgedByReporterAt,
        },
        Escalated e => state with { Supervision = e.To > state.Supervision ? e.To : state.Supervision },
        _ => null,
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

    /// <summary>What is still to be told of a clock that ran out before waits as long as the others did.</summary>
    private static CaseState StoodStill(CaseState state, DateTimeOffset? since, DateTimeOffset until) => since is not { } from || until <= from ? state : state with
    {
        Clocks = state.Clocks.ConvertAll(c => c.Phase != ClockPhase.Breached || c.Marks.IsDefaultOrEmpty ? c
            : c with { Marks = [.. c.Marks.Select(m => m.At <= from ? m : m with { At = m.At + (until - from) })] }),
    };

    /// <summary>
    /// A breach stays visible when its clock starts anew; what was met does not need to. Beyond the limit the oldest breach that a newer clock
    /// of its name follows makes room: a case that stands still must not lose, and by that renew, its time to resolve.
    /// </summary>
    private static ImmutableList<CaseClock> Kept(ImmutableList<CaseClock> clocks, ClockName started)
    {
        var kept = clocks.RemoveAll(c => c.Name == started && c.Phase != ClockPhase.Breached)
            // What was ahead of a clock that ran out is the new one's to tell.
            .ConvertAll(c => c.Name == started ? c with { Marks = [] } : c);
        return kept.Count <= CaseState.ClockLimit ? kept : kept.RemoveAt(kept.FindIndex(c => c.Phase == ClockPhase.Breached && (c.Name == started || !ReferenceEquals(c, kept.FindLast(k => k.Name == c.Name)))));
    }

    private static CaseState WithClock(CaseState state, ClockName name, Func<CaseClock, CaseClock> change, ClockPhase phase = ClockPhase.Running)
    {
        var index = state.Clocks.FindIndex(c => c.Name == name && c.Phase == phase);
        if (index < 0) throw new InvalidOperationException($"clock {name} of case {state.Key} does not run");
        return state with { Clocks = state.Clocks.SetItem(index, change(state.Clocks[index])) };
    }
}
