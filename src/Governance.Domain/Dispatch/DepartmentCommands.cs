using Governance.Domain.Kernel;

namespace Governance.Domain.Dispatch;

/// <summary>Orders to a desk. Who gives them is of its organisation, or of the dispatch centre (NOT_YOUR_DESK).</summary>
public abstract record DepartmentCommand : ICommand
{
    /// <summary>A person saw it on a device of his. Confirming again changes nothing. Refusals: UNKNOWN_NOTIFICATION, NOTIFICATION_OVER.</summary>
    public sealed record ConfirmDelivery(string Notification) : DepartmentCommand;

    /// <summary>Calls the chain for a test. Refusals: TEST_RUNNING, NO_CHAIN, TEXT_TOO_LONG.</summary>
    public sealed record TestPage(string Text) : DepartmentCommand;

    /// <summary>Off duty until then, on duty until then, or as the roster has it. Refusals: UNKNOWN_PERSON, UNTIL_INVALID, TEXT_TOO_LONG.</summary>
    /// <param name="Until">Of the first two.</param>
    public sealed record SetDuty(string Person, Duty Duty, DateTimeOffset? Until, string Reason) : DepartmentCommand;

    /// <summary>Sends a dead letter again. Refusals: UNKNOWN_NOTIFICATION, NO_DEAD_LETTER.</summary>
    public sealed record RetryDeadLetter(string Notification, int Sending) : DepartmentCommand;
}

/// <summary>How an attempt to send ended.</summary>
/// <param name="Phase">Sent, skipped, or dead for "failed": the rules decide whether it is tried again.</param>
public sealed record SendingResult(string Notification, int Sending, SendingPhase Phase, string Note);
