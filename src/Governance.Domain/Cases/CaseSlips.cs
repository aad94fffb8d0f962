using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>What a case knows of its slips: it asks for them, they say what became of them, and none may be open when it closes (cases.md, 32).</summary>
internal static class CaseSlips
{
    internal static Refusal Open(CaseState state) =>
        new Refusal("SLIP_OPEN", "a slip of this case is not cancelled").With("slips", string.Join(",", state.Slips.Where(s => s.IsOpen).Select(s => s.Number.Length > 0 ? s.Number : s.Key.Value)));

    internal static Refusal? Ask(CaseFold fold, SlipKind kind, string reason, Caller caller)
    {
        if (reason.Length == 0) return CaseHandling.Missing("reason");
        if (fold.State.LeadOrNone is null) return new Refusal("NOT_ASSIGNED", "nobody has the case yet: there is nobody to remind");
        if (fold.State.Slips.Count(s => s.IsOpen) >= CaseState.BesideLimit) return new Refusal("TOO_MANY_SLIPS", $"{CaseState.BesideLimit} slips of this case are open", RefusalKind.Exhausted);
        Want(fold, kind, reason, caller.Subject, issueAtOnce: true);
        return null;
    }

    internal static Refusal? ToCrisis(CaseFold fold, string reason, Caller caller)
    {
        if (reason.Length == 0) return CaseHandling.Missing("reason");
        // In crisis already: who calls again is heard again, and the meeting sits once.
        fold.Happen(new Escalated(fold.Now, Supervision.Crisis, caller.Subject, ClockName.Due));
        fold.Tell(AlertKind.CaseProgressed, "crisis", fold.Now, $"to the crisis meeting by {caller.Subject}: {reason}");
        CallCrisis(fold, reason);
        return null;
    }

    /// <summary>Escalation reached a step that has a slip: a draft for whoever issues it; of a red case the reminder is issued at once.</summary>
    internal static void ByRule(CaseFold fold, Supervision reached, string reason)
    {
        if (reached == Supervision.Crisis) CallCrisis(fold, reason);
        if (fold.State.LeadOrNone is null) return;
        if (reached == Supervision.Reminded) Want(fold, SlipKind.Reminder, reason, "system", issueAtOnce: fold.State.Level == Colour.Red);
        if (reached == Supervision.Supervised) Want(fold, SlipKind.Supervision, reason, "system", issueAtOnce: false);
    }

    /// <summary>Within two hours where danger lives, else on the next working day. A drill calls nobody.</summary>
    private static void CallCrisis(CaseFold fold, string reason)
    {
        var (state, meetings) = (fold.State, fold.Policy.Meetings);
        if (state.Subject!.Drill) return;
        var live = state.Level == Colour.Red || state.IsLive;
        var (meeting, cutOff, start) = meetings.Crisis(fold.Now, live, fold.Policy.Calendar);
        fold.Send(meeting.Address, new MeetingItemRaised(
            new RaisedItem($"case/{state.Key}", "CALLED", state.Number.Length > 0 ? state.Number : state.Key.Value, reason, state.Level, state.Subject.Area.Value, false, 0, fold.Now), new MeetingCall(cutOff, start, live), fold.Now));
    }

    private static void Want(CaseFold fold, SlipKind kind, string reason, string by, bool issueAtOnce)
    {
        var (state, subject) = (fold.State, fold.State.Subject!);
        var key = SlipKey.Of($"{state.Key}/{kind}/{state.SlipsAsked + 1}");
        fold.Happen(new SlipAsked(fold.Now, key, kind, by, reason));
        fold.Send(key.Address, new SlipWanted(
            kind, state.Key, state.Number, state.Level, subject.Area, state.Lead.Organisation, [.. state.Tasks.Where(t => t.Counts).Select(t => t.Organisation)], subject.Category, reason, issueAtOnce, subject.Drill, subject.Clock, fold.Now, by));
    }

    internal static Decision<CaseEvent> Told(CaseState state, CasePolicy policy, IEntityMessage message, DateTimeOffset now)
    {
        if (!state.IsOpen) return Decision<CaseEvent>.Nothing with { Outcome = message is SlipOpened ? new Outcome(SlipOpened.CaseClosed) : Outcome.Accepted };
        var fold = new CaseFold(state, policy, now);
        switch (message)
        {
            case SlipOpened m when !state.Slips.Exists(s => s.Key == m.Slip):
                fold.Happen(new SlipLinked(now, m.Slip, m.Kind, m.Due, m.Reason, m.By));
                break;
            case SlipNumbered m when Knows(m.Slip): fold.Happen(new SlipNumberNoted(now, m.Slip, m.Number)); break;
            case SlipOverdue m when Knows(m.Slip): fold.Happen(new SlipRanOut(now, m.Slip)); break;
            case SlipEnded m when Knows(m.Slip): fold.Happen(new SlipUnlinked(now, m.Slip, m.Result)); break;
        }
        return fold.Decision;

        bool Knows(SlipKey key) => state.Slips.Exists(s => s.Key == key && s.IsOpen);
    }
}
