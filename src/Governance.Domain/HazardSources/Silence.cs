using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>When silence counts, and what it does (alarms.md §3, S14).</summary>
internal static class Silence
{
    private static readonly TimeSpan StaleAtLeast = TimeSpan.FromSeconds(60);

    /// <summary>The detector is no longer trusted.</summary>
    internal static void Silenced(Fold fold, int ordinal, DateTimeOffset at, Health health, TimeSpan lateBy)
    {
        fold.Happen(new DetectorSilent(at, ordinal, fold.Detector(ordinal).Memo with { Health = health }, lateBy));
        Colours.Review(fold, at);
        Notices.Silent(fold, ordinal, at, health);
    }

    internal static DateTimeOffset PendingDue(in Detector detector, ProcessRegion.Pending pending)
    {
        // The next sample is overdue by half a period: jitter is not silence, a missing sample is.
        // A value entered by hand may begin it long after the last good one.
        var since = detector.Memo.LastGoodAt > pending.Since ? detector.Memo.LastGoodAt : pending.Since;
        var silent = since + detector.Config.Period * 1.5;
        return OnDelayDue(detector, pending) is { } elapsed && elapsed < silent ? elapsed : silent;
    }

    /// <summary>When the on-delay runs out between samples; none where it counts samples.</summary>
    internal static DateTimeOffset? OnDelayDue(in Detector detector, ProcessRegion.Pending pending) =>
        TrustRules.LimitAt(detector.Config, AlarmLevel.One, pending.First.Value) is { OnDelaySamples: <= 1, OnDelay: var delay } && delay > TimeSpan.Zero
            ? pending.Since + delay
            : null;

    internal static TimeSpan StaleAfter(DetectorConfig config) => Max(config.Period * 3, StaleAtLeast);
    /// <summary>Ten periods; of a quick detector no sooner than it is stale.</summary>
    internal static TimeSpan LostAfter(DetectorConfig config) => Max(config.Period * 10, StaleAfter(config));
    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
