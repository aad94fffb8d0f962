using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>What can happen to a slip.</summary>
public abstract record SlipEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record SlipDrafted(DateTimeOffset At, SlipContent Content, ImmutableList<SlipCase> Cases, string By) : SlipEvent(At), IClockBinding;
    /// <summary>Another case is covered.</summary>
    public sealed record CaseJoined(DateTimeOffset At, SlipCase Case) : SlipEvent(At);
    /// <summary>It was over when the slip reached it.</summary>
    public sealed record CaseDropped(DateTimeOffset At, CaseKey Case) : SlipEvent(At);
    public sealed record SlipApproved(DateTimeOffset At, string By, string Note) : SlipEvent(At);
    public sealed record SlipIssued(DateTimeOffset At, string By, SlipGround Ground, Colour Level) : SlipEvent(At);
    public sealed record NumberGiven(DateTimeOffset At, string Number) : SlipEvent(At);
    /// <param name="By">Empty: nobody signed in time, it counts as signed.</param>
    public sealed record SlipSigned(DateTimeOffset At, string By, string Organisation) : SlipEvent(At);
    public sealed record SlipReplied(DateTimeOffset At, SlipReply Reply) : SlipEvent(At);
    public sealed record ReplyReviewed(DateTimeOffset At, string By, string Organisation, bool Accepted, string Note) : SlipEvent(At);
    public sealed record PlanFiled(DateTimeOffset At, string By, string Plan) : SlipEvent(At);
    public sealed record ProgressReported(DateTimeOffset At, string By, string Text) : SlipEvent(At);
    public sealed record CancelRequested(DateTimeOffset At, string By, string Evidence) : SlipEvent(At);
    public sealed record SlipInspected(DateTimeOffset At, string By, string Organisation, bool Passed, string Finding) : SlipEvent(At);
    public sealed record CancelSeconded(DateTimeOffset At, string By, string Note) : SlipEvent(At);
    public sealed record SlipExtended(DateTimeOffset At, string By, Budget Extra, string Reason) : SlipEvent(At);
    public sealed record ReferredToDiscipline(DateTimeOffset At, string To) : SlipEvent(At);
    public sealed record SlipCancelled(DateTimeOffset At, string By, string Evidence) : SlipEvent(At);
    public sealed record SlipWithdrawn(DateTimeOffset At, string By, string Reason) : SlipEvent(At);
    public sealed record SlipReplaced(DateTimeOffset At, SlipKey By) : SlipEvent(At);
    public sealed record ClockStarted(DateTimeOffset At, SlipClockName Clock, Budget Budget, DateTimeOffset Due) : SlipEvent(At);
    /// <param name="Calendar">Version of the official calendar by which it is due then.</param>
    public sealed record ClockMoved(DateTimeOffset At, SlipClockName Clock, DateTimeOffset Due, int Calendar) : SlipEvent(At);
    public sealed record ClockMet(DateTimeOffset At, SlipClockName Clock) : SlipEvent(At);
    /// <summary>Once for each clock, at its own instant.</summary>
    /// <param name="LateBy">How long after it was due it was noticed.</param>
    public sealed record DeadlineMissed(DateTimeOffset At, SlipClockName Clock, TimeSpan LateBy) : SlipEvent(At);
}
