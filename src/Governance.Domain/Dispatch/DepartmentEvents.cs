using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Dispatch;

/// <summary>What happens at a desk.</summary>
public abstract record DepartmentEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record TaskReceived(DateTimeOffset At, DeskTask Task) : DepartmentEvent(At);
    public sealed record TaskEnded(DateTimeOffset At, CaseKey Case) : DepartmentEvent(At);

    /// <param name="By">Who asked for a test; empty for a task.</param>
    /// <param name="Post">Whose chain is called.</param>
    public sealed record NotificationOpened(DateTimeOffset At, string Notification, NotificationKind Kind, string Case, Colour Level, string Category, string Text, bool Drill, string By, string Post) : DepartmentEvent(At);
    /// <param name="Due">Not confirmed by then, the next one is called.</param>
    /// <param name="Withheld">A drill calls nobody.</param>
    public sealed record PersonPaged(DateTimeOffset At, string Notification, int Round, string Person, bool OnDuty, DateTimeOffset Due, ImmutableList<string> Addresses, bool Withheld) : DepartmentEvent(At);
    /// <summary>Nobody confirmed within the limit of the level.</summary>
    public sealed record ReceiptMissed(DateTimeOffset At, string Notification, string Person, TimeSpan LateBy) : DepartmentEvent(At);
    /// <summary>Everybody who could be called was called.</summary>
    public sealed record ChainExhausted(DateTimeOffset At, string Notification, int Round) : DepartmentEvent(At);
    public sealed record NotificationConfirmed(DateTimeOffset At, string Notification, string By) : DepartmentEvent(At);
    public sealed record NotificationEnded(DateTimeOffset At, string Notification, string Why) : DepartmentEvent(At);

    /// <param name="By">Who had a dead letter tried again; empty when its time came.</param>
    public sealed record SendingBegun(DateTimeOffset At, string Notification, int Sending, string By) : DepartmentEvent(At);
    /// <param name="Phase">Sent, skipped or dropped.</param>
    public sealed record SendingEnded(DateTimeOffset At, string Notification, int Sending, SendingPhase Phase, string Note) : DepartmentEvent(At);
    /// <param name="NextAt">None: it is a dead letter, or nobody waits for it any more.</param>
    public sealed record SendingFailed(DateTimeOffset At, string Notification, int Sending, string Error, DateTimeOffset? NextAt) : DepartmentEvent(At);

    public sealed record DutyChanged(DateTimeOffset At, DutyChange Change) : DepartmentEvent(At);
}
