using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Feedback, verification, call-back, cancellation, and back (cases.md, 21 to 24, 26, 35).</summary>
internal static partial class CaseConclusion
{
    private static readonly string[] Outcomes = ["RESOLVED", "MEDIATED", "CONTROLLED_WITH_FOLLOW_UP", "REFERRED", "NO_FAULT", CaseField.CannotFix];

    internal static Refusal? Feedback(CaseFold fold, CaseTask task, SubmitFeedback c, Caller caller)
    {
        if (c.Summary.Length == 0) return CaseHandling.Missing("summary");
        if (fold.State.Tasks.Where(t => t is { Mandatory: true, Lead: false, IsOpen: true }).Select(t => t.Organisation).ToList() is { Count: > 0 } open)
            return new Refusal("TASKS_OPEN", $"not done or waived: {string.Join(", ", open)}").With("organisations", string.Join(",", open));
        if (fold.State.HasReachableReporter)
        {
            if (!fold.State.Contacted && fold.State.ContactAttempts < fold.Policy.Limits.ContactAttempts)
                return new Refusal("REPORTER_NOT_CONTACTED", $"contact the reporter, or try {fold.Policy.Limits.ContactAttempts} times");
            if (c.PublicReply.Length == 0) return CaseHandling.Missing("public_reply");
        }
        if (Personal().IsMatch(c.PublicReply)) return new Refusal("PERSONAL_DATA_IN_REPLY", "the public reply holds what looks like an identity card or telephone number", RefusalKind.Invalid).With("field", "public_reply");
        fold.Drop(ClockName.Contact);
        fold.Meet(ClockName.Feedback);
        CaseField.Progress(fold, task, new FeedbackSubmitted(fold.Now, caller.Subject, c.Summary) { PublicReply = c.PublicReply }, "feedback submitted");
        // Nobody may decide it any more, and a rework counts another time.
        if (fold.State.Asked is not null) CaseClocks.Decided(fold, false, caller.Subject, "feedback was submitted", fold.Now);
        fold.Meet(ClockName.Due);
        fold.Drop(ClockName.SelfHandle);
        fold.Start(ClockName.Verify, fold.Now);
        return null;
    }

    internal static Refusal? Verify(CaseFold fold, Verify c, Caller caller)
    {
        var state = fold.State;
        if (c.Passed && state.IsLive) return CaseHandling.Live(state);
        if (state.Verified) return CaseHandling.Illegal(nameof(CaseCommand.Verify), "PENDING_VERIFICATION/VERIFIED", [nameof(CancelOff)]);
        var isHandler = state.Tasks.Exists(t => t.IsOf(caller.Organisation));
        if ((state.Level >= Colour.Orange || state.Supervision >= Supervision.Reminded) && isHandler)
            return new Refusal("VERIFIER_IS_HANDLER", "orange, red and supervised cases are verified by another organisation", RefusalKind.Denied);
        if (caller.Is(Roles.GridWorker) && isHandler) return new Refusal("VERIFIER_IS_HANDLER", "a grid worker does not verify what he handled", RefusalKind.Denied);
        if (state.Level == Colour.Red && !caller.Is(Roles.Leader)) return new Refusal("LEADER_ONLY", "a red case is verified by a duty leader", RefusalKind.Denied);
        fold.Meet(ClockName.Verify);
        if (c.Passed)
        {
            fold.Happen(new Verified(fold.Now, caller.Subject, caller.Organisation, c.Method));
            if (fold.State.Phase == CasePhase.PendingCallback) fold.Start(ClockName.Callback, fold.Now);
            fold.Alive();
            fold.Tell(AlertKind.CaseProgressed, "verified", fold.Now, $"verified by {caller.Organisation}");
            return null;
        }
        fold.Happen(new ReworkOrdered(fold.Now, caller.Subject, caller.Organisation, c.Method));
        if (CaseField.NeedsControl(fold.State)) fold.Start(ClockName.Control, fold.Now, half: true);
        fold.Start(ClockName.Due, fold.Now, half: true);
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, "rework", fold.Now, $"rework ordered by {caller.Organisation}");
        return null;
    }

    internal static Refusal? Callback(CaseFold fold, RecordCallback c, Caller caller)
    {
        if (!CaseHandling.IsDutyDesk(caller) && CaseHandling.NotYourReport(fold.State, caller, "says whether it is resolved") is { } other) return other;
        if (c is { Reached: false, Resolved: true } or { Reached: false, Satisfied: true }) return new Refusal("CALLBACK_CONTRADICTS", "who was not reached said nothing", RefusalKind.Invalid).With("field", "reached");
        fold.Happen(new CallbackRecorded(fold.Now, caller.Subject, c.Reached, c.Resolved, c.Satisfied, c.Note));
        if (c.Reached || IsUnreachable(fold.State, fold.Policy)) fold.Meet(ClockName.Callback);
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, "called-back", fold.Now, !c.Reached ? "reporter not reached" : c.Resolved ? $"reporter says resolved, {(c.Satisfied ? "satisfied" : "not satisfied")}" : "reporter says not resolved");
        // Once by itself; a second time a leader decides.
        if (c is { Reached: true, Resolved: false } && fold.State.Unresolved == 1) Again(fold, "call-back", $"not resolved: {c.Note}", byReporter: false);
        return null;
    }

    internal static Refusal? Close(CaseFold fold, CancelOff c, Caller caller)
    {
        var state = fold.State;
        if (state.IsLive) return CaseHandling.Live(state);
        if (state.HasOpenSlip) return CaseSlips.Open(state);
        if (!state.Verified) return new Refusal("NOT_VERIFIED", "a case is verified before it is cancelled").With("state", Names.StateOf(state)).With("allowed", nameof(CaseCommand.Verify));
        if (!Outcomes.Contains(c.Outcome)) return new Refusal("OUTCOME_MISSING", $"outcome is one of {string.Join(", ", Outcomes)}", RefusalKind.Invalid).With("field", "outcome");
        if (c.Outcome == CaseField.CannotFix && c.Note.Length == 0) return new Refusal("PLAN_MISSING", "what cannot be fixed now needs a plan", RefusalKind.Invalid).With("field", "note");
        var supervised = state.Slips.Exists(s => s.Kind == Meetings.SlipKind.Supervision);
        if (supervised && !caller.Is(Roles.WeeklyChair))
            return new Refusal("WEEKLY_CHAIR_ONLY", "a case with a supervision slip is cancelled by the weekly meeting's chair", RefusalKind.Denied);
        if (!supervised && !CaseHandling.IsDutyDesk(caller))
            return new Refusal("NO_SUPERVISION_SLIP", "a case without a supervision slip is cancelled by the duty desk", RefusalKind.Denied);
        if (!state.Slips.IsEmpty && !caller.Is(Roles.Leader) && !caller.Is(Roles.WeeklyChair)) return new Refusal("LEADER_ONLY", "a case with a reminder slip is cancelled by a duty leader", RefusalKind.Denied);
        if (!CalledBack(fold, caller, out var why)) return why;
        foreach (var clock in state.Clocks.Where(k => k.Phase == ClockPhase.Running).Select(k => k.Name).ToList()) fold.Happen(new ClockMet(fold.Now, clock));
        fold.Happen(new CaseClosed(fold.Now, caller.Subject, c.Outcome, c.Note));
        fold.Start(ClockName.Archive, fold.Now);
        fold.ToDesks(_ => new TaskClosed(fold.State.Key, fold.Now));
        fold.Tell(AlertKind.CaseClosed, "closed", fold.Now, $"closed: {c.Outcome}");
        return null;
    }

    private static bool CalledBack(CaseFold fold, Caller caller, out Refusal? why)
    {
        var state = fold.State;
        why = state.Phase != CasePhase.PendingCallback || state.Callbacks.Exists(k => k.Resolved) || IsUnreachable(state, fold.Policy) ? null
            : !state.Callbacks.Exists(k => k.Reached) ? new Refusal("NOT_CALLED_BACK", $"call the reporter back: {fold.Policy.Limits.CallbackAttempts} attempts on {fold.Policy.Limits.CallbackDays} days make him unreachable")
            : caller.Is(Roles.Leader) || caller.Is(Roles.WeeklyChair) ? null : new Refusal("LEADER_ONLY", "the reporter says it is not resolved: a duty leader decides", RefusalKind.Denied);
        return why is null;
    }

    private static bool IsUnreachable(CaseState state, CasePolicy policy) =>
        !state.Callbacks.Exists(k => k.Reached) && state.Callbacks.Count >= policy.Limits.CallbackAttempts
        && state.Callbacks.Select(k => k.At.ToOffset(WorkCalendar.Local).Date).Distinct().Count() >= policy.Limits.CallbackDays;

    internal static Refusal? Reopen(CaseFold fold, Reopen c, Caller caller)
    {
        var (state, limits) = (fold.State, fold.Policy.Limits);
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        var byReporter = caller.Is(Roles.Reporter) && !caller.Is(Roles.Operator) && !caller.Is(Roles.Leader) && !caller.Is(Roles.Inspection);
        if (byReporter && CaseHandling.NotYourReport(state, caller, "may have it opened again") is { } other) return other;
        if (byReporter && state.ReopenedByReporter >= limits.ReopensByReporter) return new Refusal("TOO_MANY_REOPENINGS", $"opened again {state.ReopenedByReporter} times: a duty leader decides", RefusalKind.Exhausted);
        var within = state.Phase == CasePhase.Rejected ? limits.Appeal : byReporter ? limits.ReopenByReporter : limits.ReopenByDesk;
        if (within.Due(state.Milestones[Milestone.Closed], [], fold.Policy.Calendar) < fold.Now) return new Refusal("REOPEN_TOO_LATE", $"within {within} after it was over");
        Again(fold, caller.Subject, c.Reason, byReporter);
        return null;
    }

    private static void Again(CaseFold fold, string by, string reason, bool byReporter)
    {
        foreach (var clock in new[] { ClockName.Archive, ClockName.Callback, ClockName.Verify }) fold.Drop(clock);
        fold.Happen(new CaseReopened(fold.Now, by, reason, byReporter));
        if (fold.State.LeadOrNone is { } lead)
        {
            fold.Start(ClockName.Sign, fold.Now);
            fold.Start(ClockName.Due, fold.Now, half: true);
            CaseAssignment.Offer(fold, lead, fold.Now);
            // Whoever had not finished his share when it was closed has it again.
            foreach (var task in fold.State.Tasks.Where(t => t is { Lead: false, IsOpen: true })) CaseAssignment.Offer(fold, task, fold.Now);
        }
        else
        {
            fold.Start(ClockName.Judge, fold.Now);
            // A time to resolve that had run out before it was not taken in is over; the appeal brings another.
            if (fold.State.Clocks.Exists(c => c.Name == ClockName.Due)) fold.Start(ClockName.Due, fold.Now);
        }
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, "reopened", fold.Now, $"opened again by {by}: {reason}");
    }

    internal static Refusal? Archive(CaseFold fold, string by, DateTimeOffset at)
    {
        if (by != Caller.System.Subject && fold.State.Clocks.Exists(c => c is { Name: ClockName.Archive, Phase: ClockPhase.Running } && c.Due > fold.Now))
            return new Refusal("REOPEN_POSSIBLE", "a case is archived when nobody can have it opened again");
        fold.Drop(ClockName.Archive);
        fold.Happen(new CaseArchived(at, by));
        return null;
    }

    /// <summary>An identity card number, or a mobile number of this country, in one piece or in its usual groups, in digits of any width.</summary>
    [GeneratedRegex(@"(?<!\d)(\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ]|((00|[+])?86[ -]?)?[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")] private static partial Regex Personal();
}
