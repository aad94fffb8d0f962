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
    internal const string SuspensionEnds = "SUSPENSION_ENDS", ExtensionAnswer = "EXTENSION_ANSWER", NewCalendar = "NEW_CALENDAR", InfoAnswer = "INFO_ANSWER";

    internal static IEnumerable<Deadline> Deadlines(CaseState state)
    {
        // What is over keeps one clock: until nobody can have it opened again.
        if (!state.IsOpen && state.Phase != CasePhase.Closed) yield break;
        foreach (var clock in state.Clocks)
        {
            if (clock.Phase == ClockPhase.Running) yield return new Deadline(Names.Of(clock.Name), clock.Due);
            if (NextMark(state, clock) is { } mark) yield return new Deadline($"{Names.Of(clock.Name)}_{mark.Percent}", mark.At);
        }
        if (state.Suspension is { } suspension) yield return new Deadline(SuspensionEnds, suspension.Until);
        if (state.Info is { } info) yield return new Deadline(InfoAnswer, info.Until);
        if (state.Asked is { } asked) yield return new Deadline(ExtensionAnswer, asked.AnswerBy);
    }

    /// <summary>Everything that is due, oldest first, once each.</summary>
    internal static void Fire(CaseFold fold)
    {
        ApplyCalendar(fold);
        // Cases that were opened before there was a time to resolve get it now, whole.
        if (fold.State is { Phase: CasePhase.Assigned or CasePhase.Handling, IsWaiting: false } && !fold.State.Clocks.Exists(c => c.Name == ClockName.Due)) fold.Start(ClockName.Due, fold.Now);
        while (Deadlines(fold.State).Where(d => d.Due <= fold.Now).OrderBy(d => d.Due).ThenBy(d => d.Name, StringComparer.Ordinal).Select(d => (Deadline?)d).FirstOrDefault() is { } due)
            FireOne(fold, due);
    }

    private static void FireOne(CaseFold fold, Deadline due)
    {
        switch (due.Name)
        {
            case SuspensionEnds: Resume(fold, "system", "its time is over", due.Due); return;
            case InfoAnswer: Answered(fold, false, "", "system", due.Due); return;
            case ExtensionAnswer: Decided(fold, false, "system", "nobody decided in time", due.Due); return;
        }
        var clock = fold.State.Clocks.First(c => (c.Phase == ClockPhase.Running && c.Due == due.Due && Names.Of(c.Name) == due.Name)
            || (NextMark(fold.State, c) is { } next && next.At == due.Due && $"{Names.Of(c.Name)}_{next.Percent}" == due.Name));
        if (due.Name == Names.Of(clock.Name)) Breach(fold, clock);
        else Mark(fold, clock, NextMark(fold.State, clock)!.Value);
    }

    private static void Breach(CaseFold fold, CaseClock clock)
    {
        if (clock.Name == ClockName.Archive)
        {
            CaseConclusion.Archive(fold, Caller.System.Subject, clock.Due);
            return;
        }
        fold.Happen(new DeadlineBreached(clock.Due, clock.Name, clock.Due, fold.Now - clock.Due));
        Escalate(fold, clock, clock.Due, $"breach/{Names.Of(clock.Name)}", "deadline missed");
        // The grid's hours are over: the next tier has it.
        if (clock.Name == ClockName.SelfHandle && fold.State.LeadOrNone is { IsOpen: true } lead) CaseAssignment.Up(fold, lead, $"not done within {clock.Budget}", "system", clock.Due);
        // Somebody is told again and again until progress is reported; after a long absence once, not once for every round missed.
        if (clock.Name != ClockName.Stale || fold.Policy.BudgetOf(fold.State, ClockName.Stale) is not { } again) return;
        fold.Start(ClockName.Stale, again.Due(clock.Due, [], fold.Policy.Calendar) > fold.Now ? clock.Due : fold.Now);
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
        var rises = step.Supervision > fold.State.Supervision;
        fold.Happen(new Escalated(at, step.Supervision, step.Told, clock.Name));
        fold.Tell(AlertKind.DeadlineBreached, cause, at, $"{Names.Of(clock.Name)} {words}: {step.Told} told");
        if (rises) CaseSlips.ByRule(fold, step.Supervision, $"{Names.Of(clock.Name)} {words}");
    }

    internal static void Urge(CaseFold fold, string by, string reason, DateTimeOffset at, bool byReporter = false)
    {
        fold.Happen(new CaseUrged(at, by, reason) { ByReporter = byReporter });
        fold.Tell(AlertKind.CaseProgressed, "urged", at, $"urged by {by}: {reason}");
    }

    /// <summary>
    /// A rise never needs approval: a running clock gets the shorter of what is left and the new budget, and danger knows no
    /// office hours, so from orange on every clock runs in calendar time.
    /// </summary>
    internal static void Shorten(CaseFold fold, Colour level) => AsIfRunning(fold, () =>
    {
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running && c.Name != ClockName.Archive).ToList())
            if (Shorter(fold, clock, level) is { } shorter) fold.Happen(new ClockMoved(fold.Now, clock.Name, shorter.Due, shorter.Budget, fold.Now, fold.MarksOf(clock.Name, shorter.Budget, fold.Now, [])));
        foreach (var clock in Wanted(fold.State).Where(name => !fold.State.Clocks.Exists(c => c.Name == name)).ToList()) fold.Start(clock, fold.Now);
    });

    /// <summary>What a level asks for where the one before did without: the way, a first word, and control.</summary>
    private static IEnumerable<ClockName> Wanted(CaseState state)
    {
        if (state.Phase is not (CasePhase.Assigned or CasePhase.Handling) || state.LeadOrNone is not { IsOpen: true } lead) yield break;
        yield return ClockName.Feedback;
        if (lead.Phase is TaskPhase.Accepted or TaskPhase.EnRoute) yield return ClockName.OnScene;
        if (lead.Phase == TaskPhase.OnScene && CaseField.NeedsControl(state)) yield return ClockName.Control;
    }

    /// <summary>Another category: the time to resolve is the new one's, with the start and the pauses that it had; danger keeps what is shorter.</summary>
    internal static void Recount(CaseFold fold)
    {
        if (fold.State.Level >= Colour.Orange) Shorten(fold, fold.State.Level);
        else AsIfRunning(fold, () => Counted(fold, fold.State.Running(ClockName.Due)));
    }

    /// <summary>A level changes while clocks stand still, too: what is left of them is measured now and stands still again.</summary>
    private static void AsIfRunning(CaseFold fold, Action move)
    {
        var waits = fold.State.IsWaiting;
        if (waits) Continue(fold, fold.Now);
        move();
        if (waits) Pause(fold);
    }

    private static (DateTimeOffset Due, Budget Budget)? Shorter(CaseFold fold, CaseClock clock, Colour level)
    {
        if (fold.Policy.BudgetOf(level, clock.Name, fold.State.Subject!.Category) is { } budget && budget.Due(fold.Now, [], fold.Policy.Calendar) is var due && due < clock.Due) return (due, budget);
        return level >= Colour.Orange && clock.Budget.Kind != BudgetKind.Calendar && clock.Due > fold.Now ? (clock.Due, Budget.OfCalendar(clock.Due - fold.Now)) : null;
    }

    /// <summary>A clock as it runs after a merge: what the level asks, and no later than the other case was to be resolved.</summary>
    internal static CaseClock Merged(CaseFold fold, CaseClock clock, Colour level, DateTimeOffset? resolve)
    {
        var next = level > fold.State.Level && Shorter(fold, clock, level) is { } shorter ? Since(clock, shorter.Due, shorter.Budget) : clock;
        return next.Name == ClockName.Due && resolve is { } due && due < next.Due && due > fold.Now ? Since(next, due, Budget.OfCalendar(due - fold.Now)) : next;

        CaseClock Since(CaseClock k, DateTimeOffset at, Budget budget) =>
            k with { Due = at, Budget = budget, StartedAt = fold.Now, Pauses = [], Marks = fold.MarksOf(k.Name, budget, fold.Now, []) };
    }

    /// <summary>A fall of level: the new budget from where the clock began.</summary>
    internal static void Lengthen(CaseFold fold) => AsIfRunning(fold, () =>
    {
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running && c.Name != ClockName.Archive).ToList()) Counted(fold, clock);
    });

    /// <summary>By the budget of level and category as they are now, and never so little that nothing can be done any more.</summary>
    private static void Counted(CaseFold fold, CaseClock? clock)
    {
        if (clock is null) return;
        if (fold.Policy.BudgetOf(fold.State, clock.Name) is not { } budget)
        {
            fold.Drop(clock.Name);
            return;
        }
        var due = budget.Due(clock.StartedAt, clock.Pauses, fold.Policy.Calendar);
        var least = fold.Now + (budget.Due(fold.Now, [], fold.Policy.Calendar) - fold.Now) / 4;
        if (due >= least) fold.Happen(new ClockMoved(fold.Now, clock.Name, due, budget, clock.StartedAt, fold.MarksOf(clock.Name, budget, clock.StartedAt, clock.Pauses)));
        else fold.Happen(new ClockMoved(fold.Now, clock.Name, least, Budget.OfCalendar(least - fold.Now), fold.Now, fold.MarksOf(clock.Name, Budget.OfCalendar(least - fold.Now), fold.Now, [])));
    }

    internal static void Question(CaseFold fold, string question, string by)
    {
        fold.Happen(new InfoRequested(fold.Now, question, by, fold.Policy.Limits.InfoAnswer.Due(fold.Now, [], fold.Policy.Calendar)));
        Pause(fold);
        fold.Tell(AlertKind.CaseProgressed, "asked", fold.Now, $"the reporter is asked by {by}: {question}");
    }

    internal static void EndQuestion(CaseFold fold, string why)
    {
        if (fold.State.Info is not null) Answered(fold, false, why, "system", fold.Now);
    }

    internal static void Answered(CaseFold fold, bool answered, string text, string by, DateTimeOffset at)
    {
        fold.Happen(new InfoProvided(at, answered, text, by, fold.Now - at));
        Continue(fold, at);
        fold.Tell(AlertKind.CaseProgressed, "answered", at, answered ? $"the reporter answers: {text}" : "the reporter did not answer: it goes on without");
    }

    internal static void Suspend(CaseFold fold, Suspension suspension)
    {
        fold.Happen(new CaseSuspended(fold.Now, suspension.Code, suspension.Until, suspension.By, suspension.Reason));
        Pause(fold);
        fold.Tell(AlertKind.CaseProgressed, "suspended", fold.Now, $"suspended until {suspension.Until:u} by {suspension.By}, {suspension.Code}: {suspension.Reason}");
    }

    /// <summary>Every clock gets the time back that it stood still, in the kind that it counts.</summary>
    internal static void Resume(CaseFold fold, string by, string reason, DateTimeOffset at)
    {
        if (fold.State.Suspension is null) return;
        fold.Happen(new CaseResumed(at, by, reason, fold.Now - at));
        Continue(fold, at);
        fold.Tell(AlertKind.CaseProgressed, "resumed", at, $"resumed by {by}: {reason}");
    }

    private static void Pause(CaseFold fold)
    {
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running).Select(c => c.Name).ToList()) fold.Happen(new ClockPaused(fold.Now, clock));
    }

    private static void Continue(CaseFold fold, DateTimeOffset at)
    {
        foreach (var clock in fold.State.Clocks.Where(c => c.Phase == ClockPhase.Paused).ToList())
        {
            var pauses = clock.Pauses.SetItem(clock.Pauses.Count - 1, clock.Pauses[^1] with { To = at });
            fold.Happen(new ClockResumed(at, clock.Name, clock.Budget.Due(clock.StartedAt, pauses, fold.Policy.Calendar), fold.MarksOf(clock.Name, clock.Budget, clock.StartedAt, pauses)));
        }
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
        !state.IsOpen || calendar.Version <= state.CalendarVersion ? []
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
        clock.Marks.IsDefaultOrEmpty || state.IsWaiting ? null
        : clock.Phase == ClockPhase.Running || (clock.Phase == ClockPhase.Breached && state.Phase is CasePhase.Assigned or CasePhase.Handling) ? clock.Marks[0] : null;
}
