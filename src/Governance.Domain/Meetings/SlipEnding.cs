using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>How a slip ends, and how it is given more time.</summary>
internal static class SlipEnding
{
    /// <summary>By a leader who neither issued it nor accepted the reply.</summary>
    internal static Refusal? CancelReminder(SlipFold fold, SlipCommand.Cancel c, Caller caller)
    {
        if (caller.Subject == fold.State.ReviewedBy) return Same("CANCELLER_IS_REVIEWER", "who accepted the reply does not cancel the slip");
        if (caller.Subject == fold.State.IssuedBy) return Same("CANCELLER_IS_ISSUER", "who issued a slip does not cancel it");
        return Cancel(fold, c, caller);
    }

    /// <summary>Two persons: a leader agrees, then the chair of the weekly meeting cancels.</summary>
    internal static Refusal? CancelSupervision(SlipFold fold, SlipCommand.Cancel c, Caller caller)
    {
        if (c.Evidence.Length == 0) return SlipHandling.Missing("evidence");
        if (fold.State.SecondedBy.Length > 0)
        {
            if (!caller.Is(Roles.WeeklyChair)) return new Refusal("SECONDED_ALREADY", $"{fold.State.SecondedBy} has agreed; the chair of the weekly meeting cancels", RefusalKind.AlreadyExists);
            return caller.Subject == fold.State.SecondedBy ? Same("SAME_PERSON", "a second person cancels") : Cancel(fold, c, caller);
        }
        if (!caller.Is(Roles.Leader)) return new Refusal("SECOND_PERSON_MISSING", "a duty leader agrees before the chair of the weekly meeting cancels").With("role", Roles.Leader);
        fold.Happen(new CancelSeconded(fold.Now, caller.Subject, c.Evidence));
        return SlipHandling.Told(fold, "seconded", $"{caller.Subject} agrees to the cancellation");
    }

    internal static Refusal? Withdraw(SlipFold fold, SlipCommand.Withdraw c, Caller caller)
    {
        if (c.Reason.Length == 0) return SlipHandling.Missing("reason");
        // It comes before its meeting, whoever issued it.
        if (fold.State.IsOverdue) return new Refusal("SLIP_OVERDUE", "an overdue slip is not withdrawn: its meeting decides");
        fold.End(new SlipWithdrawn(fold.Now, caller.Subject, c.Reason));
        fold.Tell(AlertKind.SlipEnded, "withdrawn", fold.Now, $"withdrawn by {caller.Subject}: {c.Reason}");
        return null;
    }

    internal static Refusal? Extend(SlipFold fold, SlipCommand.Extend c, Caller caller)
    {
        var (limits, calendar) = (fold.Policy.Slips, fold.Policy.Calendar);
        if (c.Reason.Length == 0) return SlipHandling.Missing("reason");
        if (Budget.Parse(c.Extra) is not { } extra) return SlipHandling.Invalid("EXTENSION_INVALID", "extra", $"'{c.Extra}' is no time limit, e.g. 2WD");
        if (fold.State.Extensions.Count >= limits.Extensions) return new Refusal("TOO_MANY_EXTENSIONS", $"{limits.Extensions} extensions were granted", RefusalKind.Exhausted);
        if (fold.State.Running(SlipClockName.Limit) is not { } clock) return new Refusal("DEADLINE_PASSED", "its time has run out: there is nothing to extend");
        if (extra.Due(clock.Due, [], calendar) > limits.ExtensionAtMost.Due(clock.Due, [], calendar)) return SlipHandling.Invalid("EXTENSION_TOO_LONG", "extra", $"at most {limits.ExtensionAtMost}");
        fold.Happen(new SlipExtended(fold.Now, caller.Subject, extra, c.Reason));
        fold.Happen(new ClockMoved(fold.Now, SlipClockName.Limit, SlipClocks.DueOf(fold.State, clock, fold.Policy), calendar.Version));
        return SlipHandling.Told(fold, "extended", $"extended by {extra} by {caller.Subject}: {c.Reason}");
    }

    private static Refusal? Cancel(SlipFold fold, SlipCommand.Cancel c, Caller caller)
    {
        if (c.Evidence.Length == 0) return SlipHandling.Missing("evidence");
        fold.Meet(SlipClockName.Cancel, fold.Now);
        fold.End(new SlipCancelled(fold.Now, caller.Subject, c.Evidence));
        fold.Tell(AlertKind.SlipEnded, "cancelled", fold.Now, $"cancelled by {caller.Subject}{(fold.State.OverdueAt is null ? "" : ", after its time")}");
        return null;
    }

    private static Refusal Same(string reason, string message) => new(reason, message, RefusalKind.Denied);
}
