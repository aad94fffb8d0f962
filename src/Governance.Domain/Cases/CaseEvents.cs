using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Domain.Cases;

/// <summary>What can happen to a case.</summary>
public abstract record CaseEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record CaseRegistered(DateTimeOffset At, CaseSubject Subject, Colour Level) : CaseEvent(At), IClockBinding;
    /// <summary>No rule was sure enough: a person judges.</summary>
    public sealed record JudgmentAwaited(DateTimeOffset At, string Why) : CaseEvent(At);
    /// <param name="Category">As judged.</param>
    /// <param name="Decision">ASSIGN, SELF_HANDLE or AGENDA.</param>
    public sealed record CaseJudged(DateTimeOffset At, Colour Level, string Category, ImmutableList<string> Tags, string Decision, string By, string Reason) : CaseEvent(At);
    /// <summary>The first of two persons.</summary>
    public sealed record RejectionProposed(DateTimeOffset At, string Code, string Basis, string WhereToGo, string By) : CaseEvent(At);
    public sealed record CaseRejected(DateTimeOffset At, string Code, string Basis, string WhereToGo, string By) : CaseEvent(At);
    public sealed record InfoRequested(DateTimeOffset At, string Question, string By, DateTimeOffset Until) : CaseEvent(At);
    /// <param name="Answered">False: the time for an answer ran out.</param>
    public sealed record InfoProvided(DateTimeOffset At, bool Answered, string Text, string By, TimeSpan LateBy) : CaseEvent(At);

    public sealed record ReportAttached(DateTimeOffset At, CaseReport Report, double Score, string By) : CaseEvent(At);
    public sealed record ReportDetached(DateTimeOffset At, string ReportId, string Reason, string By) : CaseEvent(At);
    public sealed record ReporterForgotten(DateTimeOffset At, string ReportId, string By) : CaseEvent(At);

    public sealed record OccurrenceLinked(DateTimeOffset At, LinkedOccurrence Occurrence) : CaseEvent(At);
    public sealed record OccurrenceLevelNoted(DateTimeOffset At, OccurrenceId Occurrence, AlarmLevel Level, AlarmLevel Peak) : CaseEvent(At);
    public sealed record OccurrenceEnded(DateTimeOffset At, OccurrenceId Occurrence) : CaseEvent(At);
    public sealed record OccurrenceSilent(DateTimeOffset At, OccurrenceId Occurrence, bool Unwatched) : CaseEvent(At);
    public sealed record OccurrenceHeard(DateTimeOffset At, OccurrenceId Occurrence) : CaseEvent(At);
    public sealed record LevelChanged(DateTimeOffset At, Colour From, Colour To, string Reason, string By) : CaseEvent(At);

    /// <summary>Lead and co-departments, and why these.</summary>
    /// <param name="Rule">Which rule chose the organisations.</param>
    public sealed record CaseAssigned(DateTimeOffset At, string Lead, ImmutableList<string> Co, string Rule) : CaseEvent(At)
    {
        public ImmutableList<string> Mandatory { get; init; } = [];
        public string Person { get; init; } = "";
        public int RulesetVersion { get; init; }
        /// <summary>A sentence per rule that was considered.</summary>
        public ImmutableList<string> Explain { get; init; } = [];
        /// <summary>Empty: by rule.</summary>
        public string By { get; init; } = "";
        /// <summary>Cannot be rejected.</summary>
        public bool Forced { get; init; }
        /// <summary>The grid deals with it alone.</summary>
        public bool SelfHandling { get; init; }
        /// <summary>Experts who are called beside the desks.</summary>
        public ImmutableList<string> Called { get; init; } = [];
    }
    public sealed record TaskAdded(DateTimeOffset At, string Organisation, bool Mandatory, string By, string Basis) : CaseEvent(At);
    public sealed record NumberAssigned(DateTimeOffset At, string Number) : CaseEvent(At);
    public sealed record TaskNotified(DateTimeOffset At, string Organisation) : CaseEvent(At);
    public sealed record TaskAccepted(DateTimeOffset At, string Organisation, string By) : CaseEvent(At);
    public sealed record TaskRejected(DateTimeOffset At, string Organisation, string Code, string Suggested, string Basis, string By) : CaseEvent(At);
    /// <summary>Down to a unit, or up a tier.</summary>
    public sealed record TaskDelegated(DateTimeOffset At, string Organisation, string To, bool Up, string Reason, string By) : CaseEvent(At);
    public sealed record TaskEnRoute(DateTimeOffset At, string Organisation, string By) : CaseEvent(At);
    /// <param name="Proof">How presence was proved.</param>
    public sealed record TaskOnScene(DateTimeOffset At, string Organisation, string By, string Proof) : CaseEvent(At);
    public sealed record ProgressReported(DateTimeOffset At, string Organisation, string By, string Text, string Cause) : CaseEvent(At);
    public sealed record HazardControlled(DateTimeOffset At, string Organisation, string By, string Evidence) : CaseEvent(At);
    public sealed record ReporterContacted(DateTimeOffset At, string Organisation, string By, string Method, bool Reached, string Note) : CaseEvent(At);
    public sealed record TaskDone(DateTimeOffset At, string Organisation, string By, string Outcome, string Evidence) : CaseEvent(At)
    {
        public ImmutableList<string> Kinds { get; init; } = [];
    }
    /// <summary>It could not be done.</summary>
    public sealed record TaskFailed(DateTimeOffset At, string Organisation, string By, string Why) : CaseEvent(At);
    /// <param name="To">Waived or withdrawn.</param>
    public sealed record TaskDropped(DateTimeOffset At, string Organisation, TaskPhase To, string Reason, string By) : CaseEvent(At);
    public sealed record FeedbackSubmitted(DateTimeOffset At, string By, string Summary) : CaseEvent(At)
    {
        public string PublicReply { get; init; } = "";
    }
    public sealed record Verified(DateTimeOffset At, string By, string Organisation, string Method) : CaseEvent(At);
    public sealed record ReworkOrdered(DateTimeOffset At, string By, string Organisation, string Method) : CaseEvent(At);
    /// <summary>What was verified no longer holds: a rise of level or another occurrence came after it.</summary>
    /// <param name="BackToScene">Another occurrence: the lead is on scene again.</param>
    public sealed record VerificationVoided(DateTimeOffset At, string Reason, bool BackToScene) : CaseEvent(At);
    public sealed record CallbackRecorded(DateTimeOffset At, string By, bool Reached, bool Resolved, bool Satisfied, string Note) : CaseEvent(At);
    public sealed record CaseClosed(DateTimeOffset At, string By, string Outcome, string Note) : CaseEvent(At);
    public sealed record CaseVoided(DateTimeOffset At, string By, string Code, string Proof) : CaseEvent(At);
    /// <param name="ByReporter">Counted apart: a reporter may twice.</param>
    public sealed record CaseReopened(DateTimeOffset At, string By, string Reason, bool ByReporter) : CaseEvent(At);
    public sealed record CaseArchived(DateTimeOffset At, string By) : CaseEvent(At);

    public sealed record MergeBegun(DateTimeOffset At, CaseKey Target, string By, string Reason) : CaseEvent(At);
    public sealed record MergeRefused(DateTimeOffset At, CaseKey Target, string Why) : CaseEvent(At);
    public sealed record CaseMerged(DateTimeOffset At, CaseKey Target) : CaseEvent(At);
    public sealed record UnmergeBegun(DateTimeOffset At, string By, string Reason) : CaseEvent(At);
    public sealed record UnmergeRefused(DateTimeOffset At, string Why) : CaseEvent(At);
    public sealed record CaseUnmerged(DateTimeOffset At) : CaseEvent(At);
    /// <summary>Another case was merged into this one: what it brought, and what this one was before.</summary>
    public sealed record CaseAbsorbed(DateTimeOffset At, Absorption Absorbed) : CaseEvent(At);
    /// <summary>It is on its own again: what it brought leaves, and what it changed is as before.</summary>
    public sealed record CaseReleased(DateTimeOffset At, CaseKey From) : CaseEvent(At);

    public sealed record SlipLinked(DateTimeOffset At, SlipKey Slip, SlipKind Kind, DateTimeOffset Due, string Reason, string By) : CaseEvent(At);
    public sealed record SlipNumberNoted(DateTimeOffset At, SlipKey Slip, string Number) : CaseEvent(At);
    public sealed record SlipRanOut(DateTimeOffset At, SlipKey Slip) : CaseEvent(At);
    public sealed record SlipUnlinked(DateTimeOffset At, SlipKey Slip, string Result) : CaseEvent(At);
    /// <summary>A slip was asked for.</summary>
    public sealed record SlipAsked(DateTimeOffset At, SlipKey Slip, SlipKind Kind, string By, string Reason) : CaseEvent(At);

    /// <param name="Field">CATEGORY, ADDRESS or TAGS.</param>
    public sealed record CaseCorrected(DateTimeOffset At, string Field, string Value, string Reason, string By) : CaseEvent(At);
    public sealed record CaseMoved(DateTimeOffset At, AreaCode Area, string Community, string Grid, string Reason, string By) : CaseEvent(At);
    public sealed record PiiUnmasked(DateTimeOffset At, string Field, string Purpose, string By, DateTimeOffset Until) : CaseEvent(At);

    /// <param name="Budget">None in what was journaled before clocks had budgets: calendar time up to <paramref name="Due"/>.</param>
    public sealed record ClockStarted(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, Budget? Budget = null, ImmutableArray<ClockMark> Marks = default) : CaseEvent(At);
    /// <param name="Since">From when the budget counts.</param>
    public sealed record ClockMoved(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, Budget? Budget = null, DateTimeOffset? Since = null, ImmutableArray<ClockMark> Marks = default) : CaseEvent(At);
    public sealed record ClockPaused(DateTimeOffset At, ClockName Clock) : CaseEvent(At);
    public sealed record ClockResumed(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, ImmutableArray<ClockMark> Marks) : CaseEvent(At);
    /// <summary>A share of a clock's time is used.</summary>
    public sealed record ClockMarked(DateTimeOffset At, ClockName Clock, int Percent, TimeSpan LateBy) : CaseEvent(At);
    /// <summary>Nobody needs it any more: it was neither met nor missed.</summary>
    public sealed record ClockDropped(DateTimeOffset At, ClockName Clock) : CaseEvent(At);
    /// <summary>A newer official calendar: what it moves follows.</summary>
    public sealed record CalendarApplied(DateTimeOffset At, int Version) : CaseEvent(At);
    public sealed record CaseUrged(DateTimeOffset At, string By, string Reason) : CaseEvent(At)
    {
        public bool ByReporter { get; init; }
    }
    public sealed record CaseSuspended(DateTimeOffset At, string Code, DateTimeOffset Until, string By, string Reason) : CaseEvent(At);
    public sealed record CaseResumed(DateTimeOffset At, string By, string Reason, TimeSpan LateBy) : CaseEvent(At);
    public sealed record ExtensionRequested(DateTimeOffset At, string By, Budget Extra, string Reason, string Plan, DateTimeOffset AnswerBy) : CaseEvent(At);
    public sealed record ExtensionDecided(DateTimeOffset At, bool Granted, string By, string Reason, TimeSpan LateBy) : CaseEvent(At);
    public sealed record ClockMet(DateTimeOffset At, ClockName Clock) : CaseEvent(At);
    /// <param name="LateBy">How long after it was due it was noticed: a late timer fires once and says so.</param>
    public sealed record DeadlineBreached(DateTimeOffset At, ClockName Clock, DateTimeOffset Due, TimeSpan LateBy) : CaseEvent(At);
    public sealed record Escalated(DateTimeOffset At, Supervision To, string Told, ClockName Clock) : CaseEvent(At);
}
