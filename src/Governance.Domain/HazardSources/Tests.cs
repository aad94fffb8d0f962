using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Calibration and maintenance readings: never a live exceedance, evaluated in the shadow (alarms.md §4).</summary>
internal static class Tests
{
    /// <summary>Journaled when a test begins and when it shows a higher level than before: what a bump test has to prove.</summary>
    internal static void Seen(Fold fold, ReadingSegment segment, in Reading reading)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        var level = TrustRules.LevelOf(detector.Config, reading.Value, AlarmLevel.None);
        var seen = 1 + (int)level;
        if (detector.Memo.Test >= seen) return;
        var begins = detector.Memo.Test == 0;
        var name = detector.Config.Id.Value;
        var permit = fold.State.Permits.Find(p => p.Covers(name, segment.ReceivedAt))?.Id ?? "";
        fold.Happen(new TestSeen(segment.ReceivedAt, reading.Detector, detector.Memo with { Test = seen }, permit, level, reading.Value));
        if (begins && permit.Length == 0) Notices.UnannouncedTest(fold, reading.Detector, segment.ReceivedAt);
    }
}
