using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Commands that move clocks: suspend and resume (29), extend (27, 28), urge (31).</summary>
internal static class CaseDelays
{
    internal static Refusal? Suspend(CaseFold fold, Suspend c, Caller caller)
    {
        if (fold.State.Level >= Colour.Orange) return new Refusal("LEVEL_NOT_SUSPENDABLE", $"clocks of a {fold.State.Level} case never stand still").With("level", fold.State.Level.ToString());
        if (fold.State.IsLive) return CaseHandling.Live(fold.State);
        if (fold.State.Asked is not null) return new Refusal("EXTENSION_PENDING", "an extension has been asked for: decide it first");
        if (!fold.Policy.Limits.SuspensionCodes.Contains(c.Code))
            return new Refusal("SUSPENSION_CODE_UNKNOWN", $"one of {string.Join(", ", fold.Policy.Limits.SuspensionCodes)}", RefusalKind.Invalid).With("field", "code");
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        if (c.Until <= fold.Now || c.Until > fold.Policy.Limits.SuspensionAtMost.Due(fold.Now, [], fold.Policy.Calendar))
            return new Refusal("SUSPENSION_END_INVALID", $"it ends within {fold.Policy.Limits.SuspensionAtMost}", RefusalKind.Invalid).With("field", "until");
        CaseClocks.Suspend(fold, new Suspension(c.Code, c.Until, caller.Subject, c.Reason));
        return null;
    }

    internal static Refusal? Resume(CaseFold fold, Resume c, Caller caller)
    {
        CaseClocks.Resume(fold, caller.Subject, c.Reason, fold.Now);
        return null;
    }

    internal static Refusal? Urge(CaseFold fold, Urge c, Caller caller)
    {
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        var byReporter = !CaseHandling.IsDutyDesk(caller);
        if (byReporter && CaseHandling.NotYourReport(fold.State, caller, "may urge") is { } other) return other;
        if (byReporter && fold.State.UrgedByReporterAt is { } last && fold.Policy.Limits.UrgeEvery.Due(last, [], fold.Policy.Calendar) > fold.Now)
            return new Refusal("URGED_ALREADY", $"once in {fold.Policy.Limits.UrgeEvery}", RefusalKind.Exhausted);
        CaseClocks.Urge(fold, caller.Subject, c.Reason, fold.Now, byReporter);
        return null;
    }

    internal static Refusal? AskReporter(CaseFold fold, AskReporter c, Caller caller)
    {
        var (state, limits) = (fold.State, fold.Policy.Limits);
        if (c.Question.Length == 0) return CaseHandling.Missing("question");
        if (state.Level >= Colour.Orange) return new Refusal("LEVEL_NOT_SUSPENDABLE", $"clocks of a {state.Level} case never stand still").With("level", state.Level.ToString());
        if (state.IsLive) return CaseHandling.Live(state);
        if (!state.HasReachableReporter) return new Refusal("NO_REPORTER", "no report of this case names a reporter who can be reached");
        if (state.InfoAsks >= limits.InfoAsks) return new Refusal("TOO_MANY_QUESTIONS", $"the reporter was asked {state.InfoAsks} times", RefusalKind.Exhausted);
        if (state.Asked is not null) return new Refusal("EXTENSION_PENDING", "an extension has been asked for: decide it first");
        if (!CaseHandling.IsDutyDesk(caller) && state.LeadOrNone?.IsOf(caller.Organisation) != true) return new Refusal("LEAD_ONLY", "the lead handler asks the reporter", RefusalKind.Denied);
        CaseClocks.Question(fold, c.Question, caller.Subject);
        return null;
    }

    internal static Refusal? Answer(CaseFold fold, AnswerQuestion c, Caller caller)
    {
        if (c.Text.Length == 0) return CaseHandling.Missing("text");
        if (!CaseHandling.IsDutyDesk(caller) && CaseHandling.NotYourReport(fold.State, caller, "answers") is { } other) return other;
        CaseClocks.Answered(fold, true, c.Text, caller.Subject, fold.Now);
        return null;
    }

    internal static Refusal? Ask(CaseFold fold, CaseTask task, RequestExtension c, Caller caller)
    {
        var limits = fold.Policy.Limits;
        if (fold.State.Level >= Colour.Orange) return new Refusal("LEVEL_NOT_EXTENDABLE", $"the time of a {fold.State.Level} case is never extended").With("level", fold.State.Level.ToString());
        if (fold.State.Asked is not null) return new Refusal("EXTENSION_PENDING", "an extension has been asked for and not decided");
        if (fold.State.Running(ClockName.Due) is not { } clock) return new Refusal("DEADLINE_PASSED", "the time to resolve has run out, or its clock does not run");
        if (fold.State.Granted.Count >= limits.Extensions) return new Refusal("TOO_MANY_EXTENSIONS", $"{limits.Extensions} extensions were granted", RefusalKind.Exhausted);
        if (c.Reason.Length == 0 || c.Plan.Length == 0) return new Refusal("REASON_MISSING", "reason and plan are mandatory", RefusalKind.Invalid).With("field", c.Reason.Length == 0 ? "reason" : "plan");
        if (Budget.Parse(c.Extra) is not { } extra) return new Refusal("EXTENSION_INVALID", $"'{c.Extra}' is no time limit, e.g. 2WD", RefusalKind.Invalid).With("field", "extra");
        if (extra.Kind != clock.Budget.Kind) return new Refusal("EXTENSION_KIND", $"the time to resolve is {clock.Budget}: an extension counts the same", RefusalKind.Invalid).With("field", "extra");
        var original = fold.Policy.BudgetOf(fold.State, ClockName.Due) ?? clock.Budget;
        if (original.Kind != extra.Kind || fold.State.Granted.Exists(g => g.Kind != extra.Kind))
            return new Refusal("EXTENSION_KIND", $"the time to resolve was {clock.Budget} and is {original} now: what counts differently is not added", RefusalKind.Invalid).With("field", "extra");
        if (extra.IsLongerThan(original)) return new Refusal("EXTENSION_TOO_LONG", $"at most {original} at once", RefusalKind.Invalid).With("field", "extra");
        var total = fold.State.Granted.Aggregate(extra, (sum, granted) => sum.And(granted));
        if (total.Kind == limits.ExtensionTotal.Kind && total.IsLongerThan(limits.ExtensionTotal)) return new Refusal("EXTENSION_TOO_LONG", $"at most {limits.ExtensionTotal} together", RefusalKind.Invalid).With("field", "extra");
        if (clock.Budget.Used(clock.StartedAt, clock.Pauses, fold.Policy.Calendar, fold.Now) * 100 >= limits.ExtensionBeforePercent)
            return new Refusal("EXTENSION_TOO_LATE", $"an extension is asked for before {limits.ExtensionBeforePercent} % of the time is used");
        fold.Happen(new ExtensionRequested(fold.Now, caller.Subject, extra, c.Reason, c.Plan, limits.ExtensionAnswer.Due(fold.Now, [], fold.Policy.Calendar)));
        fold.Tell(Alerts.AlertKind.CaseProgressed, "extension-asked", fold.Now, $"{task.Organisation} asks for {extra} more: {c.Reason}");
        return null;
    }

    /// <summary>The first by the duty desk, every further one by a leader.</summary>
    internal static Refusal? Decide(CaseFold fold, DecideExtension c, Caller caller)
    {
        if (fold.State.Asked is null) return new Refusal("NO_EXTENSION_ASKED", "nobody has asked for an extension");
        var supervised = fold.State.Slips.Exists(k => k.IsOpen && k.Kind == Meetings.SlipKind.Supervision);
        if (supervised && !caller.Is(Roles.WeeklyChair))
            return new Refusal("WEEKLY_CHAIR_ONLY", "while a supervision slip is open, the weekly meeting's chair decides", RefusalKind.Denied);
        if (!supervised && !CaseHandling.IsDutyDesk(caller))
            return new Refusal("NO_SUPERVISION_SLIP", "without an open supervision slip the duty desk decides", RefusalKind.Denied);
        if (fold.State.HasOpenSlip && !caller.Is(Roles.Leader) && !caller.Is(Roles.WeeklyChair)) return new Refusal("LEADER_ONLY", "while a reminder slip is open, who issues slips decides", RefusalKind.Denied);
        if (!fold.State.Granted.IsEmpty && !caller.Is(Roles.Leader) && !caller.Is(Roles.WeeklyChair)) return new Refusal("LEADER_ONLY", "a second extension is a duty leader's to decide", RefusalKind.Denied);
        if (fold.State.Tasks.Exists(t => t.Organisation == caller.Organisation)) return new Refusal("DECIDER_IS_HANDLER", "who handles a case does not grant himself time", RefusalKind.Denied);
        if (c.Reason.Length == 0) return new Refusal("REASON_MISSING", "reason is mandatory: the reporter reads it", RefusalKind.Invalid).With("field", "reason");
        if (c.Granted && fold.State.Running(ClockName.Due) is null) return new Refusal("DEADLINE_PASSED", "the time to resolve has run out: there is nothing to extend");
        // A rise of level or a merge came after it was asked for.
        if (c.Granted && fold.State.Level >= Colour.Orange) return new Refusal("LEVEL_NOT_EXTENDABLE", $"the time of a {fold.State.Level} case is never extended").With("level", fold.State.Level.ToString());
        if (c.Granted && fold.State.Running(ClockName.Due)!.Budget.Kind != fold.State.Asked.Extra.Kind)
            return new Refusal("EXTENSION_KIND", $"the time to resolve is {fold.State.Running(ClockName.Due)!.Budget} now: {fold.State.Asked.Extra} is not added to it; refuse it, and it is asked for anew");
        CaseClocks.Decided(fold, c.Granted, caller.Subject, c.Reason, fold.Now);
        return null;
    }
}
