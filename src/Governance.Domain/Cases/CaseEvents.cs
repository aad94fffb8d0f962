using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>What can happen to a case.</summary>
public abstract record CaseEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record CaseRegistered(DateTimeOffset At, CaseSubject Subject, Colour Level) : CaseEvent(At), IClockBinding;
    public sealed record OccurrenceLinked(DateTimeOffset At, LinkedOccurrence Occurrence) : CaseEvent(At);
    public sealed record OccurrenceLevelNoted(DateTimeOffset At, OccurrenceId Occurrence, AlarmLevel Level, AlarmLevel Peak) : CaseEvent(At);
    public sealed record OccurrenceEnded(DateTimeOffset At, OccurrenceId Occurrence) : CaseEvent(At);
    public sealed record OccurrenceSilent(DateTimeOffset At, OccurrenceId Occurrence, bool Unwatched) : CaseEvent(At);
    public sealed record OccurrenceHeard(DateTimeOffset At, OccurrenceId Occurrence) : CaseEvent(At);
    public sealed record LevelChanged(DateTimeOffset At, Colour From, Colour To, string Reason, string By) : CaseEvent(At);
    /// <param name="Rule">Which rule chose the organisations.</param>
    public sealed record CaseAssigned(DateTimeOffset At, string Lead, ImmutableList<string> Co, string Rule) : CaseEvent(At);
    public sealed record NumberAssigned(DateTimeOffset At, string Number) : CaseEvent(At);
    public sealed record TaskNotified(DateTimeOffset At, string Organisation) : CaseEvent(At);
    public sealed record TaskAccepted(DateTimeOffset At, string Organisation, string By) : CaseEvent(At);
    public sealed record TaskEnRoute(DateTimeOffset At, string Organisation, string By) : CaseEvent(At);
    /// <param name="Proof">How presence was proved.</param>
    public sealed record TaskOnScene(DateTimeOffset At, string Organisation, string By, string Proof) : CaseEvent(At);
    public sealed record ProgressReported(DateTimeOffset At, string Organisation, string By, string Text, string Cause) : CaseEvent(At);
    public sealed record HazardControlled(DateTimeOffset At, string Organisation, string By, string Evidence) : CaseEvent(At);
    public sealed record TaskDone(DateTimeOffset At, string Organisation, string By, string Outcome, string Evidence) : CaseEvent(At);
    public sealed record FeedbackSubmitted(DateTimeOffset At, string By, string Summary) : CaseEvent(At);
    public sealed record Verified(DateTimeOffset At, string By, string Organisation, string Method) : CaseEvent(At);
    public sealed record ReworkOrdered(DateTimeOffset At, string By, string Organisation, string Method) : CaseEvent(At);
    /// <summary>What was verified no longer holds: a rise of level or another occurrence came after it.</summary>
    /// <param name="BackToScene">Another occurrence: the lead is on scene again.</param>
    public sealed record VerificationVoided(DateTimeOffset At, string Reason, bool BackToScene) : CaseEvent(At);
    public sealed record CaseClosed(DateTimeOffset At, string By, string Outcome, string Note) : CaseEvent(At);
    /// <param name="Budget">None in what was journaled before clocks had budgets: calendar time up to <paramref name="Due"/>.</param>
    public sealed record ClockStarted(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, Budget? Budget = null, ImmutableArray<ClockMark> Marks = default) : CaseEvent(At);
    /// <param name="Since">From when the budget counts.</param>
    public sealed record ClockMoved(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, Budget? Budget = null, DateTimeOffset? Since = null, ImmutableArray<ClockMark> Marks = default) : CaseEvent(At);
    public sealed record ClockPaused(DateTimeOffset At, ClockName Clock) : CaseEvent(At);
    public sealed record ClockResumed(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, ImmutableArray<ClockMark> Marks) : CaseEvent(At);
    /// <summary>A share of a clock's time is used.</summary>
    public sealed record ClockMarked(DateTimeOffset At, ClockName Clock, int Percent, TimeSpan LateBy) : CaseEvent(At);
    /// <summary>A newer official calendar: what it moves follows.</summary>
    public sealed record CalendarApplied(DateTimeOffset At, int Version) : CaseEvent(At);
    public sealed record CaseUrged(DateTimeOffset At, string By, string Reason) : CaseEvent(At);
    public sealed record CaseSuspended(DateTimeOffset At, string Code, DateTimeOffset Until, string By, string Reason) : CaseEvent(At);
    public sealed record CaseResumed(DateTimeOffset At, string By, string Reason, TimeSpan LateBy) : CaseEvent(At);
    public sealed record ExtensionRequested(DateTimeOffset At, string By, Budget Extra, string Reason, string Plan, DateTimeOffset AnswerBy) : CaseEvent(At);
    public sealed record ExtensionDecided(DateTimeOffset At, bool Granted, string By, string Reason, TimeSpan LateBy) : CaseEvent(At);
    public sealed record ClockMet(DateTimeOffset At, ClockName Clock) : CaseEvent(At);
    /// <param name="LateBy">How long after it was due it was noticed: a late timer fires once and says so.</param>
    public sealed record DeadlineBreached(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, TimeSpan LateBy) : CaseEvent(At);
    public sealed record Escalated(DateTimeOffset At, Supervision To, string Told, ClockName Clock) : CaseEvent(At);
}
