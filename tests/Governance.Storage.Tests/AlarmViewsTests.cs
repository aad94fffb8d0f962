using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Storage.Tests;

/// <summary>Records of alarms on real databases: whole or not at all, found by what they are asked for, made again from nothing.</summary>
public sealed class AlarmViewsTests(Databases databases) : IClassFixture<Databases>
{
    private static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private static readonly LoadPeriod Hour = new(T0, T0.AddHours(1));
    private static readonly AlarmScope All = new("", "", false);

    [Theory, OnSqlite, OnPostgres]
    public async Task Records_come_back_as_they_went_with_nothing_lost_of_them(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        var alarm = Alarm("o1", 5, 9) with { PeakValue = double.NaN, Acknowledged = T0.AddMinutes(6), AcknowledgedBy = "刘", Expires = T0.AddMinutes(36), IsFolded = true, Witness = Witness.Relay, Ordinal = -1, Case = "C1" };
        var interval = Interval(IntervalKind.OutOfService, 1, null) with { PlannedEnd = T0.AddHours(2), By = "wang", Reason = "校准", Reference = "PTW-7", Level = AlarmLevel.Three };
        var its = Case("C1") with { Dispatched = T0.AddTicks(10), Accepted = T0.AddMinutes(1), Arrived = T0.AddMinutes(2), Clocks = "SIGN=5" };
        await views.ApplyAsync(Batch(0, 7, alarms: [alarm], intervals: [interval], cases: [its]), default);
        Assert.Equal(alarm, Assert.Single(await views.AlarmsAsync(All, Hour, 10, default)));
        Assert.Equal(interval, Assert.Single(await views.IntervalsAsync(All, Hour, 10, default)));
        Assert.Equal(its, Assert.Single(await views.CasesAsync(All, Hour, 10, default)));
        Assert.Equal(its, await views.CaseAsync("C1", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_nodes_that_feed_them_the_second_changes_nothing(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        await using var ghost = await BegunAsync(under);
        await views.ApplyAsync(Batch(0, 7, alarms: [Alarm("o1", 5, 9)]), default);
        await Assert.ThrowsAsync<ViewsMovedException>(() => ghost.ApplyAsync(Batch(0, 6, alarms: [Alarm("o2", 5, 9)]), default));
        await ghost.ConfirmAsync(6, T0, default);
        Assert.Equal(new AlarmProgress(7, null), await views.ProgressAsync(default));
        Assert.Equal("o1", Assert.Single(await views.AlarmsAsync(All, Hour, 10, default)).Occurrence);
    }

    /// <summary>The very last row of the batch cannot be stored: no row of it is, and the offset has not moved.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_and_offset_change_together_or_not_at_all(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        await views.ApplyAsync(Batch(0, 7, alarms: [Alarm("o1", 5, 9)]), default);
        var broken = Batch(7, 9, alarms: [Alarm("o1", 5, 9) with { Level = AlarmLevel.Three }, Alarm("o2", 6, 7)], intervals: [Interval(IntervalKind.Grey, 0, null)], cases: [Case("C9") with { Number = null! }]);
        await Assert.ThrowsAnyAsync<Exception>(() => views.ApplyAsync(broken, default));
        Assert.Equal(7, (await views.ProgressAsync(default)).Offset);
        Assert.Equal(AlarmLevel.One, Assert.Single(await views.AlarmsAsync(All, Hour, 10, default)).Level);
        Assert.Empty(await views.IntervalsAsync(All, Hour, 10, default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_new_form_throws_the_old_records_away_once_and_an_older_build_touches_nothing(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        await views.ApplyAsync(Batch(0, 7, alarms: [Alarm("o1", 5, 9)], sources: [Source()]), default);
        await views.ConfirmAsync(7, T0, default);
        Assert.Equal(new AlarmProgress(7, T0), await views.BeginAsync(1, default));
        await using var newer = under.Alarms();
        Assert.Equal(new AlarmProgress(0, null), await newer.BeginAsync(2, default));
        Assert.Empty(await newer.AlarmsAsync(All, Hour, 10, default));
        Assert.Null(await newer.WatchedAsync("HS-1", default));
        await Assert.ThrowsAsync<AlarmViewsTooNewException>(() => views.BeginAsync(1, default));
        // It was feeding when the newer one came: nothing of it gets in any more.
        await using var old = under.Alarms();
        await Assert.ThrowsAsync<AlarmViewsTooNewException>(() => old.BeginAsync(1, default));
        await Assert.ThrowsAsync<ViewsMovedException>(() => old.ApplyAsync(Batch(0, 3), default));
        Assert.Equal(0, (await newer.ProgressAsync(default)).Offset);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_moment_is_confirmed_only_where_the_records_are_and_never_goes_back(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        await views.ConfirmAsync(0, T0.AddMinutes(1), default);
        await views.ConfirmAsync(0, T0, default);
        await views.ConfirmAsync(5, T0.AddHours(1), default);
        Assert.Equal(new AlarmProgress(0, T0.AddMinutes(1)), await views.ProgressAsync(default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_scope_finds_its_own_and_a_period_what_was_active_in_it(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        AlarmRecord[] alarms =
        [
            Alarm("before", -9, -1), Alarm("into", -9, 1), Alarm("within", 5, 6), Alarm("out-of", 59, 70), Alarm("still", 30, null), Alarm("after", 60, null), Alarm("over", -9, null),
            Alarm("drill", 5, 6) with { Drill = true }, Alarm("elsewhere", 5, 6) with { Area = "410803002", Source = "HS-2" }, Alarm("blink", 0, 0),
        ];
        AlarmInterval[] intervals = [Interval(IntervalKind.Flood, 5, 6) with { Source = "", Detector = "" }, Interval(IntervalKind.Flood, 5, 6) with { Source = "", Detector = "", Area = "410803002" }, Interval(IntervalKind.Shelved, 5, 6), Interval(IntervalKind.Shelved, 60, null)];
        await views.ApplyAsync(Batch(0, 7, alarms, intervals: intervals, sources: [Source()]), default);
        Assert.Equal(["before"], alarms.Select(a => a.Occurrence).Except((await views.AlarmsAsync(All, Hour, 100, default)).Select(a => a.Occurrence)).Except(["after", "drill"]));
        Assert.Equal(["elsewhere"], (await views.AlarmsAsync(new AlarmScope("410803002", "", false), Hour, 100, default)).Select(a => a.Occurrence));
        Assert.Equal(["drill"], (await views.AlarmsAsync(new AlarmScope("", "HS-1", true), Hour, 100, default)).Select(a => a.Occurrence));
        Assert.Equal(["over", "into"], (await views.AlarmsAsync(new AlarmScope("410803001", "HS-1", false), Hour, 2, default)).Select(a => a.Occurrence).OrderDescending());
        // A source's desk is that of its area.
        Assert.Equal([IntervalKind.Shelved, IntervalKind.Flood], (await views.IntervalsAsync(new AlarmScope("", "HS-1", false), Hour, 100, default)).Select(i => i.Kind).Order());
        Assert.Equal(3, (await views.IntervalsAsync(All, Hour, 100, default)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_open_at_a_source_is_read_back_as_it_was_left(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        var permits = Enumerable.Range(0, WatchedSource.RememberedPermits + 3).Select(n => Interval(IntervalKind.Permit, n, n + 1) with { Reference = $"P{n}" }).ToArray();
        var source = Source() with { Detectors = [new WatchedDetector("A", HazardKind.ToxicGas, "hall", AlarmLevel.Two, false), new WatchedDetector("B", HazardKind.Oxygen, "", AlarmLevel.None, true)] };
        await views.ApplyAsync(Batch(0, 7, [Alarm("o1", 1, 2), Alarm("o2", 3, null), Alarm("o3", 4, 5) with { IsAwaiting = true }], [.. permits, Interval(IntervalKind.Shelved, 1, 2), Interval(IntervalKind.Silent, 3, null)], sources: [source]), default);
        await views.ApplyAsync(Batch(7, 8, links: [new CaseLink("o1", "C2")]), default);
        var watched = (await views.WatchedAsync("HS-1", default))!;
        Assert.Equal(("Works", "410803001", false), (watched.Name, watched.Area, watched.Drill));
        Assert.Equal(source.Detectors.AsEnumerable(), watched.Detectors);
        Assert.Equal(["o2", "o3"], watched.Alarms.Select(a => a.Occurrence));
        Assert.Equal([.. permits[3..].Select(p => p.Reference), ""], watched.Intervals.Select(i => i.Reference));
        Assert.Equal("C2", (await views.AlarmsAsync(All, Hour, 10, default)).Single(a => a.Occurrence == "o1").Case);
        Assert.Null(await views.WatchedAsync("HS-9", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_shift_finds_what_lasts_and_what_changed_and_the_gauges_count_it(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        await views.ApplyAsync(Batch(0, 7,
            [
                Alarm("old", -90, -80), Alarm("awaits", -70, -60) with { IsAwaiting = true }, Alarm("cleared", -70, 5), Alarm("live", -65, null) with { Level = AlarmLevel.Two }, Alarm("shelved", 1, null, "B"),
                Alarm("seen", 2, null, "C") with { Acknowledged = T0.AddMinutes(3) }, Alarm("untold", 3, null, "D") with { IsSuppressed = true }, Alarm("drill", 3, null) with { Drill = true },
            ],
            [Interval(IntervalKind.Shelved, 1, null, "B"), Interval(IntervalKind.Grey, -9, -5), Interval(IntervalKind.OutOfService, -9, 5), Interval(IntervalKind.Flood, 2, null) with { Source = "" }],
            cases: [Case("C1"), Case("C2") with { Closed = T0 }]), default);
        Assert.Equal(["live", "awaits", "cleared", "seen", "shelved", "untold"], (await views.ShiftAlarmsAsync(All, T0, 100, default)).Select(a => a.Occurrence).Order().OrderBy(o => o is "live" ? 0 : 1));
        Assert.Equal([IntervalKind.Shelved, IntervalKind.OutOfService, IntervalKind.Flood], (await views.ShiftIntervalsAsync(All, T0, 100, default)).Select(i => i.Kind).Order());
        Assert.Equal("C1", Assert.Single(await views.OpenCasesAsync(All, 100, default)).Key);
        var gauges = await views.GaugesAsync(default);
        Assert.Equal((2, 1), (gauges.ActiveByLevel[AlarmLevel.One], gauges.ActiveByLevel[AlarmLevel.Two]));
        Assert.Equal((1, T0.AddMinutes(-65)), (gauges.Unacknowledged, gauges.OldestUnacknowledged));
        Assert.Equal((1, 1, 0), (gauges.Running[IntervalKind.Shelved], gauges.Running[IntervalKind.Flood], gauges.Running.GetValueOrDefault(IntervalKind.OutOfService)));
        Assert.NotNull(await views.FloodAsync("410803001", default));
        Assert.Null(await views.FloodAsync("410803002", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Retention_takes_what_is_over_for_long_a_little_at_a_time_and_never_what_lasts(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = await BegunAsync(under);
        // A drill's own time is years ago; it was journaled today.
        await views.ApplyAsync(Batch(0, 7, [.. Enumerable.Range(0, 5).Select(n => Alarm($"old{n}", n, n + 1)), Alarm("live", 0, null), Alarm("today", 0, 1) with { Journaled = T0.AddYears(3) }],
            [Interval(IntervalKind.Shelved, 0, 1), Interval(IntervalKind.Grey, 0, null)], cases: [Case("C1"), Case("C2") with { Closed = T0 }]), default);
        Assert.Equal(3 + 1 + 1, await views.RetireAsync(T0.AddYears(1), 3, default));
        Assert.Equal(2, await views.RetireAsync(T0.AddYears(1), 3, default));
        Assert.Equal(0, await views.RetireAsync(T0.AddYears(1), 3, default));
        Assert.Equal(["live", "today"], (await views.AlarmsAsync(All, Hour, 10, default)).Select(a => a.Occurrence).Order());
        Assert.Equal(IntervalKind.Grey, Assert.Single(await views.IntervalsAsync(All, Hour, 10, default)).Kind);
        Assert.Equal("C1", Assert.Single(await views.OpenCasesAsync(All, 10, default)).Key);
    }

    private static async Task<IAlarmViews> BegunAsync(StoreUnderTest under)
    {
        var views = under.Alarms();
        await views.BeginAsync(1, default);
        return views;
    }

    private static AlarmBatch Batch(long from, long to, AlarmRecord[]? alarms = null, AlarmInterval[]? intervals = null, CaseRecord[]? cases = null, WatchedSource[]? sources = null, CaseLink[]? links = null) =>
        new(sources ?? [], alarms ?? [], links ?? [], intervals ?? [], cases ?? [], from, to);

    private static WatchedSource Source() => WatchedSource.New("HS-1") with { Name = "Works", Area = "410803001", Detectors = [new WatchedDetector("A", HazardKind.ToxicGas, "", AlarmLevel.None, false)] };

    private static AlarmRecord Alarm(string occurrence, double raised, double? cleared, string detector = "A") => new(
        occurrence, "HS-1", "410803001", 0, detector, "hall", HazardKind.ToxicGas, Witness.Sensor, AlarmLevel.One, AlarmLevel.Two, 2.5, T0.AddMinutes(raised), null, "", null,
        cleared is { } end ? T0.AddMinutes(end) : null, false, false, false, false, "", T0.AddMinutes(raised));

    private static AlarmInterval Interval(IntervalKind kind, double since, double? ended, string detector = "A") => new(
        kind, "410803001", "HS-1", detector, T0.AddMinutes(since), null, ended is { } end ? T0.AddMinutes(end) : null, AlarmLevel.None, "", "", "", "", "", false, T0.AddMinutes(since));

    private static CaseRecord Case(string key) => new(key, "", "410803001", "HS-1", false, CasePhase.Assigned, Colour.Orange, "0101", "YJ", TaskPhase.Offered, T0, null, null, null, null, "", T0);
}
