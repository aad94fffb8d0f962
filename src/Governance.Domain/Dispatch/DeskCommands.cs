using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Dispatch;

/// <summary>Orders to a desk.</summary>
internal static class DeskCommands
{
    private const int TextLimitCharacters = 1000;

    internal static Decision<DepartmentEvent> Decide(DeskFold fold, DepartmentCommand command, Caller caller)
    {
        if (!Desks.MayActFor(caller, fold.State.Code)) return Decision<DepartmentEvent>.Nothing with { Refusal = Desks.NotYours(caller, fold.State.Code) };
        return command switch
        {
            DepartmentCommand.ConfirmDelivery c => Confirm(fold, c, caller),
            DepartmentCommand.TestPage c => Test(fold, c, caller),
            DepartmentCommand.SetDuty c => SetDuty(fold, c, caller),
            DepartmentCommand.RetryDeadLetter c => Retry(fold, c, caller),
            _ => throw new InvalidOperationException($"a desk knows no {command.GetType().Name}"),
        };
    }

    private static Decision<DepartmentEvent> Confirm(DeskFold fold, DepartmentCommand.ConfirmDelivery c, Caller caller)
    {
        if (!fold.State.Notifications.TryGetValue(c.Notification, out var notification)) return Unknown(c.Notification);
        if (notification.Phase == NotificationPhase.Over) return Refuse("NOTIFICATION_OVER", $"{c.Notification} is over: {notification.Why}");
        if (notification.Phase == NotificationPhase.Calling) fold.Happen(new NotificationConfirmed(fold.Now, c.Notification, caller.Subject));
        return fold.Decision;
    }

    private static Decision<DepartmentEvent> Test(DeskFold fold, DepartmentCommand.TestPage c, Caller caller)
    {
        if (c.Text.Length > TextLimitCharacters) return TooLong("text");
        if (fold.State.Calling.FirstOrDefault(n => n.Kind == NotificationKind.Test) is { } running) return Refuse("TEST_RUNNING", $"{running.Id} is being called");
        if (!fold.Policy.Roster.ChainOf(fold.State.Code).Any()) return Refuse("NO_CHAIN", $"the roster has nobody to call at {fold.State.Code}");
        var text = c.Text.Length > 0 ? c.Text : $"Test of the on-call chain of {fold.State.Code}: please confirm.";
        fold.Tell(AlertKind.TestPaged, $"{fold.NextId}/test", Colour.Red, "", "", true, $"{fold.NextId}: {caller.Subject} tests the on-call chain of {fold.State.Code}");
        Calls.Open(fold, new NotificationOpened(fold.Now, fold.NextId, NotificationKind.Test, "", Colour.Red, "", text, false, caller.Subject, RosterPerson.Desk));
        return fold.Decision;
    }

    private static Decision<DepartmentEvent> SetDuty(DeskFold fold, DepartmentCommand.SetDuty c, Caller caller)
    {
        if (c.Reason.Length > TextLimitCharacters) return TooLong("reason");
        if (fold.Policy.Roster.Of(fold.State.Code).All(p => p.Person != c.Person)) return Refuse("UNKNOWN_PERSON", $"the roster of {fold.State.Code} has no {c.Person}", RefusalKind.NotFound);
        var latest = fold.Policy.Notifications.DutyChangeAtMost.Due(fold.Now, [], fold.Policy.Calendar);
        if (c.Duty != Duty.AsRostered && (c.Until is not { } end || end <= fold.Now || end > latest)) return Refuse("UNTIL_INVALID", $"until: after now, and not after {latest:O}", RefusalKind.Invalid);
        if (fold.State.Duties.Count(d => d.Value.Until > fold.Now) >= DepartmentState.DutyLimit && !fold.State.Duties.ContainsKey(c.Person)) return Refuse("TOO_MANY_DUTY_CHANGES", $"{DepartmentState.DutyLimit} absences and extra duties at once", RefusalKind.Exhausted);
        fold.Happen(new DutyChanged(fold.Now, new DutyChange(c.Person, c.Duty, c.Until ?? fold.Now, c.Reason, caller.Subject)));
        if (c.Duty == Duty.Off) Calls.Away(fold, c.Person);
        return fold.Decision;
    }

    private static Decision<DepartmentEvent> Retry(DeskFold fold, DepartmentCommand.RetryDeadLetter c, Caller caller)
    {
        if (!fold.State.Notifications.TryGetValue(c.Notification, out var notification)) return Unknown(c.Notification);
        var dead = notification.AllSendings.Where(s => s.Phase == SendingPhase.Dead && (c.Sending == 0 || s.No == c.Sending)).ToList();
        if (dead.Count == 0) return Refuse("NO_DEAD_LETTER", $"{c.Notification} has no {(c.Sending == 0 ? "" : $"{c.Sending}. ")}sending that is a dead letter");
        foreach (var sending in dead) fold.Happen(new SendingBegun(fold.Now, c.Notification, sending.No, caller.Subject));
        return fold.Decision;
    }

    private static Decision<DepartmentEvent> Unknown(string id) => Refuse("UNKNOWN_NOTIFICATION", $"there is no notification {id}, or it ended long ago", RefusalKind.NotFound);
    private static Decision<DepartmentEvent> TooLong(string field) => Refuse("TEXT_TOO_LONG", $"{field}: at most {TextLimitCharacters} characters", RefusalKind.Invalid);
    private static Decision<DepartmentEvent> Refuse(string reason, string message, RefusalKind kind = RefusalKind.Precondition) => Decision<DepartmentEvent>.Refuse(reason, message, kind);
}

/// <summary>Whose a desk is.</summary>
public static class Desks
{
    /// <summary>Its own people, and those of the dispatch centre.</summary>
    public static bool MayActFor(Caller caller, string desk) => caller.Organisation == desk || caller.Is(Roles.Operator) || caller.Is(Roles.Leader) || caller.Is(Roles.Admin) || caller.Is(Roles.System);

    public static Refusal NotYours(Caller caller, string desk) =>
        new("NOT_YOUR_DESK", $"{caller.Subject} acts for {(caller.Organisation.Length > 0 ? caller.Organisation : "nobody")}, not for {desk}", RefusalKind.Denied);
}
