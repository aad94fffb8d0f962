using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Deadlines of a source: what happens when no reading comes, or nobody acts. All follow from state.</summary>
internal static class SourceDeadlines
{
    /// <summary>A level 2 that nobody acknowledges within this time turns the source red (alarms.md §3; S5).</summary>
    internal static readonly TimeSpan AcknowledgeWithin = TimeSpan.FromMinutes(10);

    internal const string Pending = "PENDING", Stale = "STALE", Lost = "LOST", Acknowledge = "ACKNOWLEDGE", AcknowledgementExpires = "ACKNOWLEDGEMENT_EXPIRES",
        Suppression = "SUPPRESSION_ENDS", Chatter = "CHATTERING_ENDS";

    /// <summary>How long an acknowledgement of a level holds while it stays active (S5).</summary>
    internal static TimeSpan AcknowledgedFor(AlarmLevel level) => TimeSpan.FromMinutes(level switch { AlarmLevel.Three => 5, AlarmLevel.Two => 10, _ => 30 });

    internal static DateTimeOffset? OverdueAt(DateTimeOffset at, AlarmLevel level) => level == AlarmLevel.Two ? at + AcknowledgeWithin : null;

    internal static IEnumerable<Deadline> Of(HazardSourceState state)
    {
        for (var i = 0; i < state.Detectors.Length; i++)
            if (Next(state.Detectors[i]) is { } next) yield return next;
    }

    /// <summary>Everything that is armed at a detector, in any order.</summary>
    internal static IEnumerable<Deadline> All(Detector detector)
    {
        if (detector.Retired) yield break;
        if (detector.Memo.Process is ProcessRegion.Pending pending) yield return new Deadline(Pending, Silence.PendingDue(detector, pending));
        if (detector.Memo.Health == Health.Trusted) yield return new Deadline(Stale, detector.Memo.LastGoodAt + Silence.StaleAfter(detector.Config));
        if (detector.Memo.Health is Health.Stale or Health.Frozen) yield return new Deadline(Lost, detector.Memo.LastGoodAt + Silence.LostAfter(detector.Config));
        foreach (var handling in detector.Handling.All()) yield return handling;
    }

    /// <summary>The earliest deadline of a detector; null when nothing is armed. Asked of every detector at every segment: without an enumerator.</summary>
    internal static Deadline? Next(in Detector detector)
    {
        if (detector.Retired) return null;
        Deadline? next = null;
        if (detector.Memo.Process is ProcessRegion.Pending pending) Earlier(new Deadline(Pending, Silence.PendingDue(detector, pending)));
        if (detector.Memo.Health == Health.Trusted) Earlier(new Deadline(Stale, detector.Memo.LastGoodAt + Silence.StaleAfter(detector.Config)));
        else if (detector.Memo.Health is Health.Stale or Health.Frozen) Earlier(new Deadline(Lost, detector.Memo.LastGoodAt + Silence.LostAfter(detector.Config)));
        if (detector.Handling.Due is { } handling) Earlier(handling);
        return next;

        void Earlier(Deadline deadline)
        {
            if (next is null || deadline.Due < next.Value.Due) next = deadline;
        }
    }

    /// <summary>
    /// Fires what is due, oldest first; each at its own instant. <paramref name="inclusive"/>: also what is due at
    /// <paramref name="now"/> itself; a reading that arrives at that very instant goes first.
    /// </summary>
    internal static void Fire(Fold fold, DateTimeOffset now, bool inclusive)
    {
        while (Earliest(fold.State, now, inclusive) is (var ordinal, { } due)) FireOne(fold, ordinal, due, now);
    }

    private static (int Ordinal, Deadline? Due) Earliest(HazardSourceState state, DateTimeOffset now, bool inclusive)
    {
        (int Ordinal, Deadline? Due) earliest = (-1, null);
        for (var i = 0; i < state.Detectors.Length; i++)
            if (Next(state.Detectors[i]) is { } next && (next.Due < now || (inclusive && next.Due == now))
                && (earliest.Due is null || next.Due < earliest.Due.Value.Due))
                earliest = (i, next);
        return earliest;
    }

    private static void FireOne(Fold fold, int ordinal, Deadline due, DateTimeOffset now)
    {
        var memo = fold.Detector(ordinal).Memo;
        var lateBy = now - due.Due;
        switch (due.Name)
        {
            case Pending:
                var pending = (ProcessRegion.Pending)memo.Process;
                var basis = due.Due == Silence.OnDelayDue(fold.Detector(ordinal), pending) ? ActivationBasis.OnDelayElapsed : ActivationBasis.NoGoodSample;
                Activation.Activate(fold, ordinal, pending.Occurrence, AlarmLevel.One, pending.First, due.Due, basis, lateBy);
                break;
            case Stale or Lost:
                Silence.Silenced(fold, ordinal, due.Due, due.Name == Stale ? Health.Stale : Health.Lost, lateBy);
                break;
            case Acknowledge:
                fold.Happen(new AcknowledgementOverdue(due.Due, ordinal, memo.Live!.Occurrence, lateBy));
                Colours.Review(fold, due.Due);
                break;
            case AcknowledgementExpires:
                Operators.Expire(fold, ordinal, due.Due, lateBy);
                break;
            case Suppression:
                Suppressions.Leave(fold, ordinal, SuppressionEnd.Expired, "", due.Due, lateBy);
                break;
            case Chatter:
                Chattering.End(fold, ordinal, due.Due, lateBy);
                break;
            default: throw new InvalidOperationException($"unknown deadline {due.Name}");
        }
    }
}
