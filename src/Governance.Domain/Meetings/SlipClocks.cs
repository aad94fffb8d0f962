using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>What runs out when, and what happens then. Every clock fires once, at its own instant.</summary>
internal static class SlipClocks
{
    internal const string NewCalendar = "NEW_CALENDAR";

    internal static IEnumerable<Deadline> Deadlines(SlipState state, CasePolicy policy)
    {
        if (state.IsOver) yield break;
        foreach (var clock in state.Clocks.Where(c => c.Phase == ClockPhase.Running)) yield return new Deadline(Names.Of(clock.Name), clock.Due);
        if (Moved(state, policy).FirstOrDefault() is { } moved) yield return new Deadline(NewCalendar, moved.StartedAt);
    }

    internal static void Fire(SlipFold fold)
    {
        ApplyCalendar(fold);
        while (!fold.State.IsOver && fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running && c.Due <= fold.Now).OrderBy(c => c.Due).ThenBy(c => c.Name).FirstOrDefault() is { } due)
            Miss(fold, due);
    }

    /// <summary>When a clock is due by the calendar of today: extensions of the whole follow its end.</summary>
    internal static DateTimeOffset DueOf(SlipState state, SlipClock clock, CasePolicy policy)
    {
        var due = policy.Slips.Due(state.Content!.Kind, clock.Name, clock.Budget, clock.StartedAt, policy.Calendar);
        return clock.Name == SlipClockName.Limit ? state.Extensions.Aggregate(due, (d, extra) => extra.Due(d, [], policy.Calendar)) : due;
    }

    private static void Miss(SlipFold fold, SlipClock clock)
    {
        var at = clock.Due;
        fold.Happen(new DeadlineMissed(at, clock.Name, fold.Now - at));
        switch (clock.Name)
        {
            case SlipClockName.Sign:
                // Nobody gains time by not signing.
                fold.Happen(new SlipSigned(at, "", fold.Content.Lead));
                SlipHandling.AfterSignature(fold, at);
                Late(fold, at, "not signed in time: it counts as signed");
                break;
            case SlipClockName.Limit: Overdue(fold, at); break;
            case SlipClockName.Draft: Again(fold, clock, "drafted, and neither issued nor withdrawn in time"); break;
            case SlipClockName.Review: Again(fold, clock, "the reply was not reviewed in time"); break;
            case SlipClockName.Plan: Again(fold, clock, "no plan was filed in time"); break;
            case SlipClockName.Progress: Again(fold, clock, "no progress was reported in time"); break;
            case SlipClockName.Inspect: Again(fold, clock, "not inspected in time"); break;
            case SlipClockName.Cancel: Again(fold, clock, "accepted, and not cancelled in time"); break;
            default: throw new InvalidOperationException($"slip {fold.State.Key} has no clock {clock.Name}");
        }
    }

    /// <summary>Told again and again until somebody does it; after a long absence once, not once for every round missed.</summary>
    private static void Again(SlipFold fold, SlipClock clock, string text)
    {
        Late(fold, clock.Due, text);
        fold.Start(clock.Name, clock.Budget.Due(clock.Due, [], fold.Policy.Calendar) > fold.Now ? clock.Due : fold.Now);
    }

    private static void Late(SlipFold fold, DateTimeOffset at, string text) => fold.Tell(AlertKind.SlipOverdue, "late", at, text);

    /// <summary>A reminder comes before the weekly meeting; a supervision slip before the crisis meeting and the discipline inspection.</summary>
    private static void Overdue(SlipFold fold, DateTimeOffset at)
    {
        var (content, policy) = (fold.Content, fold.Policy);
        fold.ToCases(new SlipOverdue(fold.State.Key, content.Kind, at));
        if (content.Kind == SlipKind.Reminder)
        {
            fold.Tell(AlertKind.SlipOverdue, "overdue", at, $"overdue in {Names.Of(fold.State.OverdueIn)}: an item of the next weekly meeting");
            if (!content.Drill) ToMeeting(fold, policy.Meetings.Next(MeetingKind.Weekly, fold.Now, policy.Calendar), null, at);
            return;
        }
        fold.Happen(new ReferredToDiscipline(at, policy.Slips.Discipline));
        fold.Tell(AlertKind.SlipOverdue, "overdue", at, $"overdue in {Names.Of(fold.State.OverdueIn)}: on the agenda of the crisis meeting, referred to {policy.Slips.Discipline}", policy.Slips.Discipline);
        if (content.Drill) return;
        var (key, cutOff, start) = policy.Meetings.Crisis(fold.Now, content.Level == Colour.Red, policy.Calendar);
        ToMeeting(fold, key, new MeetingCall(cutOff, start, content.Level == Colour.Red), at);
    }

    internal static void ToMeeting(SlipFold fold, MeetingKey meeting, MeetingCall? call, DateTimeOffset since)
    {
        var reminder = fold.Content.Kind == SlipKind.Reminder;
        fold.Send(meeting.Address, new MeetingItemRaised(new RaisedItem(
            $"slip/{fold.State.Key}", reminder ? "REMINDER_OVERDUE" : "SUPERVISION_OVERDUE", fold.State.Number.Length > 0 ? fold.State.Number : fold.State.Key.Value,
            $"{fold.Content.Lead} did not finish in time: {fold.Content.Reason}", fold.Content.Level, fold.Content.Area.Value, true, 0, since), call, fold.Now));
    }

    private static IEnumerable<SlipClock> Moved(SlipState state, CasePolicy policy) =>
        state.IsOver || state.Content is null || policy.Calendar.Version <= state.CalendarVersion ? []
        : state.Clocks.Where(c => c.Phase == ClockPhase.Running && DueOf(state, c, policy) != c.Due);

    /// <summary>A new official calendar moves every clock that counts working time; nothing else.</summary>
    private static void ApplyCalendar(SlipFold fold)
    {
        foreach (var clock in Moved(fold.State, fold.Policy).ToList())
            fold.Happen(new ClockMoved(fold.Now, clock.Name, DueOf(fold.State, clock, fold.Policy), fold.Policy.Calendar.Version));
    }
}
