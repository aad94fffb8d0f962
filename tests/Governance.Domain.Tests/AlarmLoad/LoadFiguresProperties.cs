using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.AlarmLoad;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.AlarmLoad.Records;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>
/// Every figure against one that counts minute by minute. Stretches begin and end before, within and after the period,
/// lie over one another, last still, and are empty; alarms too.
/// </summary>
public sealed class LoadFiguresProperties
{
    private const int MinutesAround = 60, MinutesOfPeriod = 240;

    public sealed record Some(int Kind, int Detector, int Since, int Length, int Level)
    {
        /// <summary>One in eight lasts still.</summary>
        public int? End => Length % 8 == 7 ? null : Since + Length;
    }

    private static readonly Gen<Some> AnySome =
        from kind in Gen.Choose(0, 7)
        from detector in Gen.Choose(0, 3)
        from since in Gen.Choose(-MinutesAround, MinutesOfPeriod + MinutesAround)
        from length in Gen.Frequency((4, Gen.Choose(0, 40)), (1, Gen.Choose(0, 2_000)))
        from level in Gen.Choose(1, 3)
        select new Some(kind, detector, since, length, level);

    private static Arbitrary<(Some[] Alarms, Some[] Intervals, int To)> Days => Arb.From(
        from alarms in Gen.ArrayOf(AnySome) from intervals in Gen.ArrayOf(AnySome) from to in Gen.Choose(1, MinutesOfPeriod) select (alarms, intervals, to));

    [Property(MaxTest = 500)]
    public Property Times_shares_rates_and_ranks_are_those_of_counting_minute_by_minute() => Prop.ForAll(Days, day =>
    {
        var period = Period(0, day.To);
        var alarms = day.Alarms.Select((a, n) => Alarm(a.Since, a.End, Detector(a), Source(a), (AlarmLevel)a.Level, a.Kind == 0) with { Occurrence = $"o{n}" }).ToList();
        var intervals = day.Intervals.Select(i => Interval(Kind(i), i.Since, i.End, Kind(i) == IntervalKind.Grey || Kind(i) == IntervalKind.Flood ? "" : Detector(i), Kind(i) == IntervalKind.Flood ? "" : Source(i))).ToList();
        var figures = Figures(period, alarms, intervals);
        var minutes = Enumerable.Range(0, day.To).ToList();

        var told = day.Alarms.Where(a => a.Kind != 0 && a.Since >= 0 && a.Since < day.To).ToList();
        Assert.Equal(told.Count, figures.Alarms);
        Assert.Equal(day.Alarms.Count(a => a.Kind == 0 && a.Since >= 0 && a.Since < day.To), figures.Suppressed);
        Assert.Equal(told.Count * 10.0 / day.To, figures.PerTenMinutes, 9);
        var peaks = minutes.Select(m => told.Count(a => a.Since <= m && a.Since > m - 10)).ToList();
        Assert.Equal(peaks.Max(), figures.Peak);
        if (told.Count > 0) Assert.Equal(At(told.Where(a => a.Since > peaks.IndexOf(peaks.Max()) - 10).Min(a => a.Since)), figures.PeakFrom);
        else Assert.Null(figures.PeakFrom);

        Assert.Equal(minutes.Count(m => Any(IntervalKind.Flood, m)), figures.FloodTime.TotalMinutes);
        Assert.Equal(minutes.Count(m => Any(IntervalKind.Flood, m)) / (double)day.To, figures.FloodShare, 9);
        Assert.Equal(minutes.Sum(m => Keys(IntervalKind.Grey, m, i => Source(i))), figures.Grey.TotalMinutes);
        Assert.Equal(minutes.Sum(m => Keys(IntervalKind.Shelved, m, Detector)), figures.Bypassed.Shelved.TotalMinutes);
        Assert.Equal(minutes.Sum(m => Keys(IntervalKind.OutOfService, m, Detector)), figures.Bypassed.OutOfService.TotalMinutes);
        Assert.Equal(minutes.Sum(m => Keys(IntervalKind.ByDesign, m, Detector)), figures.Bypassed.ByDesign.TotalMinutes);

        Assert.Equal(minutes.SelectMany(m => Of(IntervalKind.Chattering, m).Select(Detector)).Distinct().Order(), figures.Chattering.Select(c => c.Detector).Order());
        foreach (var c in figures.Chattering)
        {
            Assert.Equal(minutes.Count(m => Of(IntervalKind.Chattering, m).Any(i => Detector(i) == c.Detector)), c.Time.TotalMinutes);
            Assert.Equal(told.Count(a => Detector(a) == c.Detector), c.Alarms);
        }
        Assert.Equal(told.GroupBy(a => a.Level).OrderBy(g => g.Key).Select(g => ((AlarmLevel)g.Key, g.Count())), figures.Levels.Select(l => (l.Key, l.Value)));
        Assert.Equal(told.GroupBy(Detector).Select(g => g.Count()).OrderDescending(), figures.MostFrequent.Select(f => f.Alarms));
        Assert.Equal(day.Alarms.Where(a => a.Kind != 0 && a.Since < day.To && (a.End ?? int.MaxValue) > 0 && (a.End is null ? day.To - a.Since : Math.Min(day.To, a.End.Value) - a.Since) > 24 * 60).Count(), figures.Stale.Count);

        IEnumerable<Some> Of(IntervalKind kind, int minute) => day.Intervals.Where(i => Kind(i) == kind && i.Since <= minute && (i.End is not { } end || end > minute));
        bool Any(IntervalKind kind, int minute) => Of(kind, minute).Any();
        int Keys(IntervalKind kind, int minute, Func<Some, string> key) => Of(kind, minute).Select(key).Distinct().Count();
    });

    [Property(MaxTest = 300)]
    public void The_ranks_of_a_leg_are_times_that_so_many_alarms_did_not_exceed(NonNegativeInt[] seconds)
    {
        var times = seconds.Select(s => (TimeSpan?)TimeSpan.FromSeconds(s.Get)).ToList();
        var legs = LegFigures.Of(times);
        Assert.Equal(times.Count, legs.Count);
        if (times.Count == 0) return;
        Assert.Equal(times.Max(), legs.Max);
        foreach (var (share, rank) in new[] { (50, legs.P50), (90, legs.P90) })
        {
            Assert.Contains(rank, times);
            Assert.True(times.Count(t => t <= rank) * 100 >= share * times.Count);
            // And no shorter one does.
            Assert.True(times.Count(t => t < rank) * 100 < share * times.Count);
        }
    }

    private static string Detector(Some s) => $"D{s.Detector}";
    /// <summary>Two detectors to a source.</summary>
    private static string Source(Some s) => $"HS-{s.Detector / 2}";
    private static IntervalKind Kind(Some s) => (IntervalKind)(1 + s.Kind % 7);
}
