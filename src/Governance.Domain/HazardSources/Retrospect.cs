using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Readings that come too late to act on (P7): stored, never evaluated for an alarm, but not in vain.</summary>
internal static class Retrospect
{
    /// <summary>Exceedances that lie closer together are one finding; it is told again when they get worse.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromHours(1);

    internal static void Seen(Fold fold, ReadingSegment segment, in Reading reading)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        var trust = reading.Quality is Quality.Calibration or Quality.Maintenance ? Trust.Weak : TrustRules.Of(detector.Config, reading);
        if (trust is not (Trust.Good or Trust.Saturated)) return;
        var level = trust == Trust.Saturated && detector.Config.HasHighLimit ? AlarmLevel.Three
            : TrustRules.LevelOf(detector.Config, TrustRules.ForRules(detector.Config, reading.Value), AlarmLevel.None);
        if (level == AlarmLevel.None || WasSeen(detector, reading, level)) return;
        var memo = detector.Memo;
        var apart = Math.Abs(reading.SampledTicks - memo.HistoryTicks) > Apart.Ticks;
        var isNews = apart || level > memo.HistoryLevel;
        memo = memo with { HistoryTicks = reading.SampledTicks, HistoryLevel = isNews ? level : memo.HistoryLevel };
        detector = detector with { Memo = memo };
        if (!isNews) return;
        var evidence = new Crossing(segment.Epoch, reading.Seq, reading.Value, TrustRules.LimitAt(detector.Config, level, reading.Value)?.Value ?? double.NaN, level, reading.SampledAt);
        fold.Happen(new RetrospectiveFinding(segment.ReceivedAt, reading.Detector, memo, evidence));
        Notices.Retrospective(fold, reading.Detector, evidence, segment.ReceivedAt);
    }

    /// <summary>The alarm that lives was active at that time already, and at least as high.</summary>
    private static bool WasSeen(in Detector detector, in Reading reading, AlarmLevel level) =>
        detector.Memo.Live is { } live && live.ActivatedAt <= reading.SampledAt && live.Peak >= level;
}
