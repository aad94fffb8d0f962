using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>Commands of people on a slip: who may, from where, under which guard (cases.md).</summary>
internal static class SlipHandling
{
    internal const int TextLimitCharacters = 4000;

    internal static Decision<SlipEvent> Decide(SlipState state, CasePolicy policy, SlipCommand command, Caller caller, DateTimeOffset now)
    {
        if (SlipTexts.TooLong(command, TextLimitCharacters) is { } field)
            return Refused(new Refusal("TEXT_TOO_LONG", $"{field} is longer than {TextLimitCharacters} characters", RefusalKind.Invalid).With("field", field));
        if (command is SlipCommand.Draft draft) return Draft(state, policy, draft, caller, now);
        if (state.Content is not { } content) return Refused(new Refusal("UNKNOWN_SLIP", $"there is no slip {state.Key}", RefusalKind.NotFound));
        if (SlipEntitlement.Refusal(state, command, caller) is { } denied) return Refused(denied);
        if (!SlipTransitions.Allowed(state).Contains(command.GetType().Name)) return Refused(SlipTransitions.Illegal(state, command));
        var fold = new SlipFold(state, policy, now);
        var refusal = command switch
        {
            SlipCommand.Approve c => Approve(fold, c.Note, caller),
            SlipCommand.Issue c => Issue(fold, c.Note, caller),
            SlipCommand.Sign => Sign(fold, caller),
            SlipCommand.Reply c => Reply(fold, c, caller),
            SlipCommand.Review c => Review(fold, c, caller),
            SlipCommand.FilePlan c => Plan(fold, c, caller),
            SlipCommand.Report c => Report(fold, c, caller),
            SlipCommand.RequestCancel c => AskCancel(fold, c, caller),
            SlipCommand.Inspect c => Inspect(fold, c, caller),
            SlipCommand.Cancel c => content.Kind == SlipKind.Reminder ? SlipEnding.CancelReminder(fold, c, caller) : SlipEnding.CancelSupervision(fold, c, caller),
            SlipCommand.Withdraw c => SlipEnding.Withdraw(fold, c, caller),
            SlipCommand.Extend c => SlipEnding.Extend(fold, c, caller),
            _ => throw new InvalidOperationException($"a slip has no command {command.GetType().Name}"),
        };
        return refusal is null ? fold.Decision : Refused(refusal);
    }

    /// <summary>The plan's time and that of the first progress begin with the signature, or with what counts as one.</summary>
    internal static void AfterSignature(SlipFold fold, DateTimeOffset at)
    {
        if (fold.Content.Kind == SlipKind.Supervision) fold.Start(SlipClockName.Plan, at);
    }

    private static Decision<SlipEvent> Draft(SlipState state, CasePolicy policy, SlipCommand.Draft c, Caller caller, DateTimeOffset now)
    {
        if (state.Phase != SlipPhase.NotOpened) return Refused(new Refusal("SLIP_EXISTS", $"slip {state.Key} is {state.StateName}", RefusalKind.AlreadyExists));
        var content = c.Content;
        string[] roles = content.Kind == SlipKind.Reminder ? [Roles.Leader] : c.Step == SlipStep.Draft ? [Roles.Leader, Roles.WeeklyChair] : [Roles.WeeklyChair];
        if (SlipEntitlement.Role(caller, roles) is { } denied) return Refused(denied);
        if (c.Cases.IsEmpty || c.Cases.Count > SlipState.CaseLimit) return Refused(Invalid("CASES_INVALID", "case_ids", $"a slip covers 1 to {SlipState.CaseLimit} cases"));
        if (c.Cases.DistinctBy(k => k.Case).Count() != c.Cases.Count) return Refused(Invalid("CASES_INVALID", "case_ids", "a case is listed twice"));
        if (content.Reason.Length == 0) return Refused(Missing("reason"));
        if (!SlipLimits.Levels.Contains(content.Level)) return Refused(Invalid("LEVEL_INVALID", "level", "blue, yellow, orange or red"));
        if (content.Lead.Length == 0) return Refused(new Refusal("LEAD_MISSING", "nobody leads these cases: assign one first"));
        if (content.Kind == SlipKind.Reminder && c.Step == SlipStep.Approve) return Refused(Invalid("STEP_INVALID", "step", "a reminder slip needs no approval"));
        if (c.Step != SlipStep.Draft && Grounded(content) is { } groundless) return Refused(groundless);
        var at = content.Clock.IsWall ? now : c.At;
        var fold = new SlipFold(state, policy, at);
        SlipDrafting.Begin(fold, content, c.Cases, caller.Subject, at);
        if (c.Step == SlipStep.Draft) return fold.Decision;
        if (content.Kind == SlipKind.Supervision) fold.Happen(new SlipApproved(at, caller.Subject, ""));
        if (c.Step == SlipStep.Issue) SlipDrafting.Issue(fold, caller.Subject, content.Ground!.Value, content.Level, at);
        return fold.Decision;
    }

    private static Refusal? Approve(SlipFold fold, string note, Caller caller)
    {
        if (Grounded(fold.Content) is { } groundless) return groundless;
        fold.Happen(new SlipApproved(fold.Now, caller.Subject, note));
        return Told(fold, "approved", $"approved by {caller.Subject}");
    }

    private static Refusal? Issue(SlipFold fold, string note, Caller caller)
    {
        var now = fold.Now;
        if (Grounded(fold.Content) is { } groundless) return groundless;
        // Only the chair of the weekly meeting reaches this from a draft.
        if (fold.Content.Kind == SlipKind.Supervision && fold.State.Phase == SlipPhase.Drafted) fold.Happen(new SlipApproved(now, caller.Subject, note));
        SlipDrafting.Issue(fold, caller.Subject, fold.Content.Ground!.Value, fold.Content.Level, now);
        return null;
    }

    private static Refusal? Sign(SlipFold fold, Caller caller)
    {
        var late = fold.State.IsDeemedSigned;
        fold.Meet(SlipClockName.Sign, fold.Now);
        fold.Happen(new SlipSigned(fold.Now, caller.Subject, caller.Organisation));
        if (!late) AfterSignature(fold, fold.Now);
        return Told(fold, "signed", $"signed by {caller.Subject}{(late ? ", after its time" : "")}");
    }

    private static Refusal? Reply(SlipFold fold, SlipCommand.Reply c, Caller caller)
    {
        if (c.Measures.Length == 0) return Missing("measures");
        if (c.Result.Length == 0) return Missing("result");
        if (c.Evidence.Length == 0) return Missing("evidence");
        if (c.RemainingRisk.Length == 0) return Missing("remaining_risk");
        fold.Happen(new SlipReplied(fold.Now, new SlipReply(caller.Subject, fold.Now, c.Measures, c.Result, c.Evidence, c.RemainingRisk)));
        fold.Start(SlipClockName.Review, fold.Now);
        return Told(fold, "replied", $"replied by {caller.Subject}: {c.Result}");
    }

    private static Refusal? Review(SlipFold fold, SlipCommand.Review c, Caller caller)
    {
        if (fold.Content.Departments.Contains(caller.Organisation)) return new Refusal("REVIEWER_IS_HANDLER", "a reply is reviewed by another organisation", RefusalKind.Denied);
        if (c.Note.Length == 0) return Missing("note");
        fold.Meet(SlipClockName.Review, fold.Now);
        fold.Happen(new ReplyReviewed(fold.Now, caller.Subject, caller.Organisation, c.Accepted, c.Note));
        // What is refused goes back, in no more time.
        if (!c.Accepted) return Told(fold, "refused", $"reply refused by {caller.Subject}: {c.Note}");
        fold.Meet(SlipClockName.Limit, fold.Now);
        fold.Start(SlipClockName.Cancel, fold.Now);
        return Told(fold, "reviewed", $"reply accepted by {caller.Subject}");
    }

    private static Refusal? Plan(SlipFold fold, SlipCommand.FilePlan c, Caller caller)
    {
        if (c.Plan.Length == 0) return Missing("plan");
        fold.Meet(SlipClockName.Plan, fold.Now);
        fold.Happen(new SlipEvent.PlanFiled(fold.Now, caller.Subject, c.Plan));
        fold.Start(SlipClockName.Progress, fold.Now);
        return Told(fold, "planned", $"plan filed by {caller.Subject}");
    }

    private static Refusal? Report(SlipFold fold, SlipCommand.Report c, Caller caller)
    {
        if (c.Text.Length == 0) return Missing("text");
        fold.Meet(SlipClockName.Progress, fold.Now);
        fold.Happen(new ProgressReported(fold.Now, caller.Subject, c.Text));
        fold.Start(SlipClockName.Progress, fold.Now);
        return Told(fold, "progress", $"progress by {caller.Subject}: {c.Text}");
    }

    private static Refusal? AskCancel(SlipFold fold, SlipCommand.RequestCancel c, Caller caller)
    {
        if (c.Evidence.Length == 0) return Missing("evidence");
        fold.Meet(SlipClockName.Progress, fold.Now);
        fold.Happen(new SlipEvent.CancelRequested(fold.Now, caller.Subject, c.Evidence));
        fold.Start(SlipClockName.Inspect, fold.Now);
        return Told(fold, "cancel-requested", $"cancellation asked for by {caller.Subject}");
    }

    private static Refusal? Inspect(SlipFold fold, SlipCommand.Inspect c, Caller caller)
    {
        if (fold.Content.Departments.Contains(caller.Organisation)) return new Refusal("INSPECTOR_IS_HANDLER", "who works on it does not inspect it", RefusalKind.Denied);
        if (caller.Organisation.Length == 0) return new Refusal("ORGANISATION_MISSING", "an inspection is made for an organisation", RefusalKind.Denied);
        if (c.Finding.Length == 0) return Missing("finding");
        fold.Meet(SlipClockName.Inspect, fold.Now);
        fold.Happen(new SlipInspected(fold.Now, caller.Subject, caller.Organisation, c.Passed, c.Finding));
        if (c.Passed)
        {
            fold.Meet(SlipClockName.Limit, fold.Now);
            fold.Start(SlipClockName.Cancel, fold.Now);
            return Told(fold, "inspected", $"inspected by {caller.Organisation}: passed");
        }
        fold.Start(SlipClockName.Progress, fold.Now);
        return Told(fold, "inspection-failed", $"inspected by {caller.Organisation}: not finished, {c.Finding}");
    }

    private static Refusal? Grounded(SlipContent content) => content.Ground is not null ? null : content.Kind == SlipKind.Reminder
        ? new Refusal("GROUND_MISSING", "a reminder slip is for orange and red, for several departments, for what is well over its time, or decided by a meeting")
        : new Refusal("ITEM_NOT_OVERDUE", "a supervision slip is for what was not finished in time, or decided by the weekly meeting");

    internal static Refusal? Told(SlipFold fold, string cause, string text)
    {
        fold.Tell(AlertKind.SlipIssued, cause, fold.Now, text);
        return null;
    }

    internal static Refusal Missing(string field) => Invalid($"{field.ToUpperInvariant()}_MISSING", field, $"{field} is mandatory");
    internal static Refusal Invalid(string reason, string field, string message) => new Refusal(reason, message, RefusalKind.Invalid).With("field", field);
    private static Decision<SlipEvent> Refused(Refusal refusal) => Decision<SlipEvent>.Nothing with { Refusal = refusal };
}
