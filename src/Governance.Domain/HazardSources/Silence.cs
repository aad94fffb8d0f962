using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Deadlines of a source: what happens when no reading comes, or nobody acknowledges. All follow from state.</summary>
internal static class Silence
{
    /// <summary>A level 2 that nobody acknowledges within this time turns the source red (alarms.md §3; S5).</summary>
    internal static readonly TimeSpan AcknowledgeWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StaleAtLeast = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LostAtLeast = TimeSpan.FromSeconds(120);

    internal const string Pending = "PENDING", Stale = "STALE", Lost = "LOST", Acknowledge = "ACKNOWLEDGE";

    internal static IEnumerable<Deadline> Deadlines(HazardSourceState state)
    {
        for (var i = 0; i < state.Detectors.Length; i++)
            if (Next(state.Detectors[i]) is { } next) yield return next;
    }

    /// <summary>The earliest deadline of a detector; null when nothing is armed.</summary>
    internal static Deadline? Next(in Detector detector)
    {
        if (detector.Retired) return null;
        Deadline? next = null;
        if (detector.Memo.Process is ProcessRegion.Pending pending) Earlier(Pending, PendingDue(detector, pending));
        if (detector.Memo.Health == Health.Trusted) Earlier(Stale, detector.Memo.LastGoodAt + StaleAfter(detector.Config));
        else if (detector.Memo.Health == Health.Stale) Earlier(Lost, detector.Memo.LastGoodAt + LostAfter(detector.Config));
        if (detector.Operator.OverdueAt is { } overdue) Earlier(Acknowledge, overdue);
        return next;

        void Earlier(string name, DateTimeOffset due)
        {
            if (next is null || due < next.Value.Due) next = new Deadline(name, due);
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
                var basis = due.Due == OnDelayDue(fold.Detector(ordinal), pending) ? ActivationBasis.OnDelayElapsed : ActivationBasis.NoGoodSample;
                Activation.Activate(fold, ordinal, pending.Occurrence, AlarmLevel.One, pending.First, due.Due, basis, lateBy);
                break;
            case Stale or Lost:
                var health = due.Name == Stale ? Health.Stale : Health.Lost;
                Silenced(fold, ordinal, due.Due, health, lateBy);
                break;
            case Acknowledge:
                fold.Happen(new AcknowledgementOverdue(due.Due, ordinal, memo.Live!.Occurrence, lateBy));
                Colours.Review(fold, due.Due);
                break;
            default: throw new InvalidOperationException($"unknown deadline {due.Name}");
        }
    }

    internal static void Silenced(Fold fold, int ordinal, DateTimeOffset at, Health health, TimeSpan lateBy)
    {
        fold.Happen(new DetectorSilent(at, ordinal, fold.Detector(ordinal).Memo with { Health = health }, lateBy));
        Colours.Review(fold, at);
        Notices.Silent(fold, ordinal, at, health);
    }

    private static DateTimeOffset PendingDue(in Detector detector, ProcessRegion.Pending pending)
    {
        // The next sample is overdue by half a period: jitter is not silence, a missing sample is.
        // A value entered by hand may begin it long after the last good one.
        var since = detector.Memo.LastGoodAt > pending.Since ? detector.Memo.LastGoodAt : pending.Since;
        var silent = since + detector.Config.Period * 1.5;
        return OnDelayDue(detector, pending) is { } elapsed && elapsed < silent ? elapsed : silent;
    }

    /// <summary>When the on-delay runs out between samples; none where it counts samples.</summary>
    private static DateTimeOffset? OnDelayDue(in Detector detector, ProcessRegion.Pending pending) =>
        TrustRules.LimitAt(detector.Config, AlarmLevel.One, pending.First.Value) is { OnDelaySamples: <= 1, OnDelay: var delay } && delay > TimeSpan.Zero
            ? pending.Since + delay
            : null;

    private static TimeSpan StaleAfter(DetectorConfig config) => Max(config.Period * 3, StaleAtLeast);
    private static TimeSpan LostAfter(DetectorConfig config) => Max(config.Period * 10, LostAtLeast);
    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
