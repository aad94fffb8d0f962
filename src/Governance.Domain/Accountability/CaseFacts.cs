using System.Collections.Immutable;
using Governance.Domain.Cases;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Accountability;

/// <summary>Which events of a case count for whom.</summary>
internal static class CaseFacts
{
    internal static CaseAccount After(CaseAccount account, CaseState before, CaseEvent happened, CaseState after)
    {
        account = Offers(account, before, happened, after);
        return happened switch
        {
            TaskAccepted e => Signed(account, before, e.Organisation, e.At),
            TaskOnScene e => account with { Ending = account.Ending.By(e.By) with { OnSceneAt = account.Ending.OnSceneAt ?? e.At } },
            HazardControlled e => account with { Ending = account.Ending.By(e.By) with { WithEvidence = account.Ending.WithEvidence || e.Evidence.Length > 0 } },
            TaskDone e => Done(account, before, e),
            FeedbackSubmitted e => account with { Ending = account.Ending.By(e.By) with { FeedbackAt = e.At } },
            Verified e => account with { Ending = account.Ending with { VerifiedBy = e.By, VerifierOrganisation = e.Organisation } },
            ReworkOrdered e => Again(account).Counting(e.At, FactKind.Rework, before.Lead.Organisation),
            VerificationVoided => Again(account),
            ClockMarked { Clock: ClockName.Due, Percent: CaseAccount.HalfPercent } e => account with { HalfWay = new HalfWay(e.At, account.Lead, after.Level, null) },
            DeadlineBreached e => Missed(account, before, e),
            Escalated e => Escalations(account, before, e),
            CaseClosed e => Closed(account, before, e),
            _ => account,
        };
    }

    /// <summary>Whoever has a share now and had none before was offered one.</summary>
    private static CaseAccount Offers(CaseAccount account, CaseState before, CaseEvent happened, CaseState after) => ReferenceEquals(before.Tasks, after.Tasks) ? account
        : after.Tasks.Where(t => !before.Tasks.Exists(b => b.Organisation == t.Organisation)).Aggregate(account, (a, t) => a.Counting(happened.At, FactKind.Offered, t.Organisation));

    /// <summary>The time to sign is the same for everybody who was offered a share: the clock's, met by the lead or not.</summary>
    private static CaseAccount Signed(CaseAccount account, CaseState before, string organisation, DateTimeOffset at)
    {
        // Who missed it has been counted.
        if (account.Facts.Exists(f => f.Kind == FactKind.Signed && f.Organisation == organisation && !f.Good && f.At >= Offered(account, organisation))) return account;
        var clock = before.Clocks.FindLast(c => c.Name == ClockName.Sign);
        return account.Counting(at, FactKind.Signed, organisation, clock is null || at <= clock.Due);
    }

    private static DateTimeOffset Offered(CaseAccount account, string organisation) =>
        account.Facts.FindLast(f => f.Kind == FactKind.Offered && f.Organisation == organisation)?.At ?? DateTimeOffset.MinValue;

    private static CaseAccount Done(CaseAccount account, CaseState before, TaskDone e)
    {
        account = account with { Ending = account.Ending.By(e.By) with { DoneAt = e.At, WithEvidence = account.Ending.WithEvidence || e.Evidence.Length > 0 } };
        // A share of one's own is no help.
        return before.Tasks.Exists(t => t.Organisation == e.Organisation && !t.Lead) ? account.Counting(e.At, FactKind.Helped, e.Organisation) : account;
    }

    private static CaseAccount Missed(CaseAccount account, CaseState before, DeadlineBreached e)
    {
        var lead = before.Tasks.Find(t => t.Lead)?.Organisation ?? "";
        switch (e.Clock)
        {
            case ClockName.Sign: return account.Counting(e.Due, FactKind.Signed, lead, false);
            // One case misses its time to resolve once, however often it was given another.
            case ClockName.Due when !account.DueMissed:
                account = account.Counting(e.Due, FactKind.Due, lead, false) with { DueMissed = true };
                return account with { HalfWay = account.HalfWay is { } half ? half with { Missed = true } : null };
            default: return account;
        }
    }

    private static CaseAccount Escalations(CaseAccount account, CaseState before, Escalated e)
    {
        if (e.To <= before.Supervision) return account;
        return e.To == Supervision.Crisis ? account.Counting(e.At, FactKind.CrisisByDelay, account.Lead) : account;
    }

    private static CaseAccount Closed(CaseAccount account, CaseState before, CaseClosed e)
    {
        var lead = account.Lead;
        // Who never signed did not sign in time.
        account = before.Tasks.Where(t => t.Phase == TaskPhase.Offered && !account.Facts.Exists(f => f.Kind == FactKind.Signed && f.Organisation == t.Organisation))
            .Aggregate(account, (a, t) => a.Counting(e.At, FactKind.Signed, t.Organisation, false));
        if (!account.DueMissed) account = account.Counting(e.At, FactKind.Due, lead);
        account = account.Counting(e.At, FactKind.Closed, lead).Counting(e.At, FactKind.Resolved, lead);
        return account with
        {
            Ending = account.Ending with { ClosedAt = e.At, ClosedBy = e.By },
            HalfWay = account.HalfWay is { } half ? half with { Missed = account.DueMissed } : null,
        };
    }

    /// <summary>What was handled and verified is void: the ending begins anew, those who handled it remain.</summary>
    private static CaseAccount Again(CaseAccount account) => account with { Ending = Ending.None with { Handlers = account.Ending.Handlers, OnSceneAt = account.Ending.OnSceneAt } };
}
