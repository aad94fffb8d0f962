using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Accountability;

/// <summary>Which events of a case count for whom.</summary>
internal static class CaseFacts
{
    /// <summary>Channels by which an organisation finds something itself: grid worker, bell check.</summary>
    private static readonly string[] OwnFinds = ["GW", "BE"];

    internal static CaseAccount After(CaseAccount account, CaseState before, CaseEvent happened, CaseState after)
    {
        account = Offers(account, before, happened, after);
        return happened switch
        {
            ClockStarted { Clock: ClockName.Sign } e => account with { SignBy = account.SignBy.SetItems(after.Tasks.Where(t => t.Phase == TaskPhase.Offered && t.OfferedAt == e.At).Select(t => KeyValuePair.Create(t.Organisation, e.Due))) },
            ClockMoved { Clock: ClockName.Sign } e => SignBy(account, e.Due),
            ClockResumed { Clock: ClockName.Sign } e => SignBy(account, e.Due),
            ClockMet { Clock: ClockName.Contact } e => account.Counting(e.At, FactKind.Contacted, account.Lead),
            ClockMarked { Clock: ClockName.Due, Percent: CaseAccount.HalfPercent } e => account with { HalfWay = new HalfWay(e.At, account.Lead, after.Level, null) },
            DeadlineBreached e => Missed(account, e),
            // An answer in time, whatever it is.
            TaskAccepted e => Answered(account, e.Organisation, e.At),
            TaskRejected e => Answered(account, e.Organisation, e.At),
            TaskDropped e => Unanswered(account, e.Organisation, e.At),
            TaskDelegated { Up: true } e => Answered(account, e.Organisation, e.At),
            CaseAssigned { Forced: true } e when before.Tasks.Exists(t => t.Organisation == e.Lead && t.Phase == TaskPhase.Rejected) => account.Counting(e.At, FactKind.WrongfulRejection, e.Lead, false),
            TaskOnScene e => account with { Ending = account.Ending.By(e.By) with { OnSceneAt = account.Ending.OnSceneAt ?? e.At } },
            HazardControlled e => account with { Ending = account.Ending.By(e.By) with { WithEvidence = account.Ending.WithEvidence || e.Evidence.Length > 0 } },
            TaskDone e => Done(account, before, e),
            FeedbackSubmitted e => account with { Ending = account.Ending.By(e.By) with { FeedbackAt = e.At } },
            Verified e => account with { Ending = account.Ending with { VerifiedBy = e.By, VerifierOrganisation = e.Organisation } },
            ReworkOrdered e => Again(account).Counting(e.At, FactKind.Rework, account.Lead, false),
            VerificationVoided => Again(account),
            CallbackRecorded { Reached: true } e => account.Counting(e.At, FactKind.Resolved, account.Lead, e.Resolved).Counting(e.At, FactKind.Satisfied, account.Lead, e.Satisfied),
            CaseReopened e => Reopened(account, before, e),
            SlipLinked { Kind: SlipKind.Supervision } e => account.Counting(e.At, FactKind.Supervised, account.Lead, false),
            SlipRanOut e => account.Counting(e.At, before.Slips.Find(s => s.Key == e.Slip)?.Kind == SlipKind.Supervision ? FactKind.SupervisionOverdue : FactKind.ReminderOverdue, account.Lead, false),
            Escalated { To: Supervision.Crisis } e when before.Supervision < Supervision.Crisis && before.Clocks.Exists(c => c.Name == e.Clock && c.Phase == ClockPhase.Breached) =>
                account.Counting(e.At, FactKind.CrisisByDelay, account.Lead, false),
            CaseClosed e => Closed(account, before, e),
            CaseVoided or CaseRejected or CaseMerged => account with { SignBy = account.SignBy.Clear() },
            _ => account,
        };
    }

    /// <summary>Whoever was offered a share, again after it was opened again.</summary>
    private static CaseAccount Offers(CaseAccount account, CaseState before, CaseEvent happened, CaseState after) => ReferenceEquals(before.Tasks, after.Tasks) ? account
        : after.Tasks.Where(t => t.Phase == TaskPhase.Offered && !before.Tasks.Exists(b => b.Organisation == t.Organisation && b.OfferedAt == t.OfferedAt && b.Phase == TaskPhase.Offered)).Aggregate(account, (a, t) => a.Counting(happened.At, FactKind.Offered, t.Organisation));

    /// <summary>The time to sign is the same for everybody who was offered a share with it.</summary>
    private static CaseAccount SignBy(CaseAccount account, DateTimeOffset due) => account with { SignBy = account.SignBy.SetItems(account.SignBy.Keys.Select(o => KeyValuePair.Create(o, due))) };

    private static CaseAccount Answered(CaseAccount account, string organisation, DateTimeOffset at) => !account.SignBy.TryGetValue(organisation, out var by) ? account
        : (account with { SignBy = account.SignBy.Remove(organisation) }).Counting(at, FactKind.Signed, organisation, at <= by);

    /// <summary>Not needed any more: late it is only when its time was over.</summary>
    private static CaseAccount Unanswered(CaseAccount account, string organisation, DateTimeOffset at)
    {
        if (!account.SignBy.TryGetValue(organisation, out var by)) return account;
        account = account with { SignBy = account.SignBy.Remove(organisation) };
        return at > by ? account.Counting(at, FactKind.Signed, organisation, false) : account;
    }

    private static CaseAccount Missed(CaseAccount account, DeadlineBreached e)
    {
        switch (e.Clock)
        {
            // The clock is the lead's; co-departments are late when they answer late, or never.
            case ClockName.Sign: return (account with { SignBy = account.SignBy.Remove(account.Lead) }).Counting(e.Due, FactKind.Signed, account.Lead, false);
            case ClockName.Contact: return account.Counting(e.Due, FactKind.Contacted, account.Lead, false);
            // One round misses its time to resolve once, however often it was given another.
            case ClockName.Due when !account.DueMissed:
                account = account.Counting(e.Due, FactKind.Due, account.Lead, false) with { DueMissed = true };
                return account with { HalfWay = account.HalfWay is { } half ? half with { Missed = true } : null };
            default: return account;
        }
    }

    private static CaseAccount Done(CaseAccount account, CaseState before, TaskDone e)
    {
        account = account with { Ending = account.Ending.By(e.By) with { DoneAt = e.At, WithEvidence = account.Ending.WithEvidence || e.Evidence.Length > 0 } };
        // A share of one's own is no help.
        return before.Tasks.Exists(t => t.Organisation == e.Organisation && !t.Lead) ? account.Counting(e.At, FactKind.Helped, e.Organisation) : account;
    }

    private static CaseAccount Closed(CaseAccount account, CaseState before, CaseClosed e)
    {
        account = account.SignBy.Keys.Aggregate(account, (a, organisation) => Unanswered(a, organisation, e.At)) with { SignBy = account.SignBy.Clear() };
        if (!account.DueMissed) account = account.Counting(e.At, FactKind.Due, account.Lead);
        account = account.Counting(e.At, FactKind.Closed, account.Lead);
        // Whom nobody could ask did not say: what was verified is resolved.
        if (!before.Callbacks.Exists(c => c.Reached)) account = account.Counting(e.At, FactKind.Resolved, account.Lead, e.Outcome != "CANNOT_FIX");
        if (OwnFinds.Contains(before.Subject!.Channel) && before.Reports.All(r => OwnFinds.Contains(r.Channel))) account = account.Counting(e.At, FactKind.Proactive, account.Lead);
        return account with
        {
            Ending = account.Ending with { ClosedAt = e.At, ClosedBy = e.By },
            HalfWay = account.HalfWay is { } half ? half with { Missed = account.DueMissed } : null,
        };
    }

    private static CaseAccount Reopened(CaseAccount account, CaseState before, CaseReopened e)
    {
        if (account.Ending.ClosedAt is { } closed && account.After.Count < CaseAccount.AfterLimit)
            account = account with { After = account.After.Add(new AfterClose(e.At, closed, account.Lead, e.By, e.Reason)) };
        // What was not taken in was nobody's work yet.
        if (before.Phase != CasePhase.Rejected) account = account.Counting(e.At, FactKind.Reopened, account.Lead, false);
        return Again(account) with { DueMissed = false };
    }

    /// <summary>What was handled and verified is void: the ending begins anew, those who handled it remain.</summary>
    private static CaseAccount Again(CaseAccount account) => account with { Ending = Ending.None with { Handlers = account.Ending.Handlers, OnSceneAt = account.Ending.OnSceneAt } };
}
