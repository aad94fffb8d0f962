using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>The clocks of a case: what runs out when, what happens then, and what moves it (cases.md "Clock rules").</summary>
internal static class CaseClocks
{
    /// <summary>Names of deadlines that are no clocks.</summary>
    internal const string SuspensionEnds = "SUSPENSION_ENDS", ExtensionAnswer = "EXTENSION_ANSWER", NewCalendar = "NEW_CALENDAR";

    internal static IEnumerable<Deadline> Deadlines(CaseState state)
    {
        if (state.Phase is CasePhase.NotOpened or CasePhase.Closed) yield break;
        foreach (var clock in state.Clocks)
        {
            if (clock.Phase == ClockPhase.Running) yield return new Deadline(Names.Of(clock.Name), clock.Due);
            if (NextMark(state, clock) is { } mark) yield return new Deadline($"{Names.Of(clock.Name)}_{mark.Percent}", mark.At);
        }
        if (state.Suspension is { } suspension) yield return new Deadline(SuspensionEnds, suspension.Until);
        if (state.Asked is { } asked) yield return new Deadline(ExtensionAnswer, asked.AnswerBy);
    }

    /// <summary>Everything that is due, oldest first, once each.</summary>
    internal static void Fire(CaseFold fold)
    {
        ApplyCalendar(fold);
        // Cases that were opened before there was a time to resolve get it now, whole.
        if (fold.State is { Phase: CasePhase.Assigned or CasePhase.Handling, Suspension: null } && !fold.State.Clocks.Exists(c => c.Name == ClockName.Due)) fold.Start(ClockName.Due, fold.Now);
        while (Deadlines(fold.State).Where(d => d.Due <= fold.Now).OrderBy(d => d.Due).ThenBy(d => d.Name, StringComparer.Ordinal).Select(d => (Deadline?)d).FirstOrDefault() is { } due)
            FireOne(fold, due);
    }

    private static void FireOne(CaseFold fold, Deadline due)
    {
        switch (due.Name)
        {
            case SuspensionEnds: Resume(fold, "system", "its time is over", due.Due); return;
            case ExtensionAnswer: Decided(fold, false, "system", "nobody decided in time", due.Due); return;
        }
        var clock = fold.State.Clocks.First(c => (c.Phase == ClockPhase.Running && c.Due == due.Due && Names.Of(c.Name) == due.Name)
            || (NextMark(fold.State, c) is { } next && next.At == due.Due && $"{Names.Of(c.Name)}_{next.Percent}" == due.Name));
        if (due.Name == Names.Of(clock.Name)) Breach(fold, clock);
        else Mark(fold, clock, NextMark(fold.State, clock)!.Value);
    }

    private static void Breach(CaseFold fold, CaseClock clock)
    {
        fold.Happen(new DeadlineBreached(clock.Due, clock.Name, clock.Due, fold.Now - clock.Due));
        Escalate(fold, clock, clock.Due, $"breach/{Names.Of(clock.Name)}", "deadline missed");
        // Somebody is told again and again until progress is reported; after a long absence once, not once for every round missed.
        if (clock.Name != ClockName.Stale) return;
        var next = fold.Policy.Budgets[(fold.State.Level, ClockName.Stale)].Due(clock.Due, [], fold.Policy.Calendar);
        fold.Start(ClockName.Stale, next > fold.Now ? clock.Due : fold.Now);
    }

    private static void Mark(CaseFold fold, CaseClock clock, ClockMark mark)
    {
        fold.Happen(new ClockMarked(mark.At, clock.Name, mark.Percent, fold.Now - mark.At));
        if (mark.Percent >= 100) Escalate(fold, clock, mark.At, $"mark/{Names.Of(clock.Name)}/{mark.Percent}", $"{mark.Percent} % of the time has passed");
        else if (mark.Percent >= CaseLimits.UrgedFromPercent) Urge(fold, "system", $"{mark.Percent} % of the time for {Names.Of(clock.Name)} is used", mark.At);
    }

    private static void Escalate(CaseFold fold, CaseClock clock, DateTimeOffset at, string cause, string words)
    {
        var step = fold.Policy.Escalation.Find(s => s.Supervision > fold.State.Supervision) ?? fold.Policy.Escalation[^1];
        fold.Happen(new Escalated(at, step.Supervision, step.Told, clock.Name));
        fold.Tell(AlertKind.DeadlineBreached, cause, at, $"{Names.Of(clock.Name)} {words}: {step.Told} told");
    }

    internal static void Urge(CaseFold fold, string by, string reason, DateTimeOffset at)
    {
        fold.Happen(new CaseUrged(at, by, reason));
        fold.Tell(AlertKind.CaseProgressed, "urged", at, $"urged by {by}: {reason}");
    }

    /// <summary>
    /// A rise never needs approval: a running clock gets the shorter of what is left and the new budget, and danger knows no
    /// office hours, so from orange on every clock runs in calendar time.
    /// </summary>
    internal static void Shorten(CaseFold fold, Colour level)
    {
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running))
        {
            var budget = fold.Policy.Budgets[(level, clock.Name)];
            var due = budget.Due(fold.Now, [], fold.Policy.Calendar);
            if (due < clock.Due) fold.Happen(new ClockMoved(fold.Now, clock.Name, due, budget, fold.Now, fold.MarksOf(clock.Name, budget, fold.Now, [])));
            else if (level >= Colour.Orange && clock.Budget.Kind != BudgetKind.Calendar && Budget.OfCalendar(clock.Due - fold.Now) is var left)
                fold.Happen(new ClockMoved(fold.Now, clock.Name, clock.Due, left, fold.Now, fold.MarksOf(clock.Name, left, fold.Now, [])));
        }
    }

    internal static void Suspend(CaseFold fold, Suspension suspension)
    {
        fold.Happen(new CaseSuspended(fold.Now, suspension.Code, suspension.Until, suspension.By, suspension.Reason));
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running)) fold.Happen(new ClockPaused(fold.Now, clock.Name));
        fold.Tell(AlertKind.CaseProgressed, "suspended", fold.Now, $"suspended until {suspension.Until:u} by {suspension.By}, {suspension.Code}: {suspension.Reason}");
    }

    /// <summary>Every clock gets the time back that it stood still, in the kind that it counts.</summary>
    internal static void Resume(CaseFold fold, string by, string reason, DateTimeOffset at)
    {
        if (fold.State.Suspension is null) return;
        fold.Happen(new CaseResumed(at, by, reason, fold.Now - at));
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Paused))
        {
            var pauses = clock.Pauses.SetItem(clock.Pauses.Count - 1, clock.Pauses[^1] with { To = at });
            fold.Happen(new ClockResumed(at, clock.Name, clock.Budget.Due(clock.StartedAt, pauses, fold.Policy.Calendar), fold.MarksOf(clock.Name, clock.Budget, clock.StartedAt, pauses)));
        }
        fold.Tell(AlertKind.CaseProgressed, "resumed", at, $"resumed by {by}: {reason}");
    }

    internal static void Decided(CaseFold fold, bool granted, string by, string reason, DateTimeOffset at)
    {
        var asked = fold.State.Asked!;
        fold.Happen(new ExtensionDecided(at, granted, by, reason, fold.Now - at));
        if (granted && fold.State.Running(ClockName.Due) is { } clock)
        {
            var budget = clock.Budget.And(asked.Extra);
            fold.Happen(new ClockMoved(at, ClockName.Due, budget.Due(clock.StartedAt, clock.Pauses, fold.Policy.Calendar), budget, clock.StartedAt, fold.MarksOf(ClockName.Due, budget, clock.StartedAt, clock.Pauses)));
        }
        fold.Tell(AlertKind.CaseProgressed, granted ? "extended" : "extension-refused", at, $"extension by {asked.Extra} {(granted ? "granted" : "refused")} by {by}: {reason}");
    }

    /// <summary>Clocks that a new official calendar moves are due now: to be computed anew, for one may be due sooner.</summary>
    internal static IEnumerable<Deadline> NewCalendarDeadlines(CaseState state, WorkCalendar calendar) =>
        Moved(state, calendar).Take(1).Select(c => new Deadline(NewCalendar, c.StartedAt));

    private static IEnumerable<CaseClock> Moved(CaseState state, WorkCalendar calendar) =>
        state.Phase is CasePhase.NotOpened or CasePhase.Closed || calendar.Version <= state.CalendarVersion ? []
        : state.Clocks.Where(c => c.Phase == ClockPhase.Running && c.Budget.Kind != BudgetKind.Calendar && c.Budget.Due(c.StartedAt, c.Pauses, calendar) != c.Due);

    /// <summary>A new official calendar moves every clock that counts working time; nothing else.</summary>
    private static void ApplyCalendar(CaseFold fold)
    {
        var calendar = fold.Policy.Calendar;
        var moved = Moved(fold.State, calendar).ToList();
        if (moved.Count == 0) return;
        fold.Happen(new CalendarApplied(fold.Now, calendar.Version));
        foreach (var clock in moved)
            fold.Happen(new ClockMoved(fold.Now, clock.Name, clock.Budget.Due(clock.StartedAt, clock.Pauses, calendar), clock.Budget, clock.StartedAt, fold.MarksOf(clock.Name, clock.Budget, clock.StartedAt, clock.Pauses)));
    }

    /// <summary>The next mark of a clock; after a breach, while nobody has handled it yet, those beyond 100 %.</summary>
    private static ClockMark? NextMark(CaseState state, CaseClock clock) =>
        clock.Marks.IsDefaultOrEmpty || state.Suspension is not null ? null
        : clock.Phase == ClockPhase.Running || (clock.Phase == ClockPhase.Breached && state.Phase is CasePhase.Assigned or CasePhase.Handling) ? clock.Marks[0] : null;
}
