using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.Alerts;

/// <summary>Flood folding at one desk (alarms.md S13).</summary>
public sealed class FloodTests
{
    private static readonly DateTimeOffset Start = new(2025, 8, 3, 14, 10, 0, TimeSpan.FromHours(8));
    private readonly AlertFeedRules _rules = new();
    private AlertFeedState _feed = AlertFeedState.New("410803006");
    private DateTimeOffset _now = Start;
    private readonly List<Alert> _told = [];

    private FloodTests Raise(string name, HazardKind kind = HazardKind.CombustibleGas, AlarmLevel level = AlarmLevel.One, string zone = "hall", bool drill = false) =>
        Publish(name, AlertKind.OccurrenceRaised, kind, level, zone, drill);

    private FloodTests Publish(string name, AlertKind what, HazardKind kind = HazardKind.CombustibleGas, AlarmLevel level = AlarmLevel.One, string zone = "hall", bool drill = false)
    {
        var alert = new Alert($"{name}/{what}", what, new AreaCode("410803006"), _now, "HS-1", name, name, level, Colour.Yellow, kind, 1, 1, "", "", "", [], "", drill, name, Zone: zone);
        return Take(new Stimulus.Delivered(new AlertPublished(alert), new EntityAddress(EntityKinds.HazardSource, "HS-1")));
    }

    private FloodTests Take(Stimulus stimulus)
    {
        foreach (var happened in _rules.Decide(_feed, stimulus, _now).Events)
        {
            _feed = _rules.Evolve(_feed, happened);
            _told.Add(happened.Alert);
        }
        return this;
    }

    private FloodTests Wait(TimeSpan time)
    {
        var until = _now + time;
        foreach (var deadline in _rules.Deadlines(_feed).Where(d => d.Due <= until))
        {
            _now = deadline.Due;
            Take(new Stimulus.Woken());
        }
        _now = until;
        return this;
    }

    private FloodTests Many(int count, string prefix = "g")
    {
        for (var i = 0; i < count; i++) Raise($"{prefix}{i}");
        return this;
    }

    [Fact]
    public void S13_the_eleventh_alarm_in_ten_minutes_begins_the_flood()
    {
        Many(10);
        Assert.DoesNotContain(_told, a => a.Kind == AlertKind.FloodBegan);
        Raise("g10");
        Assert.Equal([AlertKind.FloodBegan, AlertKind.OccurrenceRaised], _told.TakeLast(2).Select(a => a.Kind));
        Assert.False(_told[^1].Folded);
    }

    [Fact]
    public void S13_ten_alarms_in_more_than_ten_minutes_are_no_flood()
    {
        Many(10).Wait(Flood.Window).Raise("late");
        Assert.DoesNotContain(_told, a => a.Kind == AlertKind.FloodBegan);
    }

    [Fact]
    public void S13_alarms_of_one_zone_and_cause_are_folded_into_the_first_of_them()
    {
        Many(12).Raise("other-zone", zone: "yard").Raise("other-zone-2", zone: "yard").Raise("other-cause", HazardKind.Temperature);
        Assert.Equal([false, true, false, true, false], _told.TakeLast(5).Select(a => a.Folded));
    }

    [Fact]
    public void S13_toxic_level_two_stays_separate_in_a_storm_of_a_thousand()
    {
        for (var i = 0; i < 1000; i++)
        {
            if (i is 300 or 600 or 900) Raise($"toxic-{i}", HazardKind.ToxicGas, AlarmLevel.Two);
            Raise($"g{i}");
        }
        Assert.Equal(["toxic-300", "toxic-600", "toxic-900"], _told.Where(a => a is { HazardKind: HazardKind.ToxicGas, Folded: false }).Select(a => a.Detector));
        Assert.True(_told.Count(a => a is { Kind: AlertKind.OccurrenceRaised, Folded: false }) < 20);
        Assert.Equal(1003, _told.Count(a => a.Kind == AlertKind.OccurrenceRaised));
    }

    [Fact]
    public void S13_what_was_folded_ends_folded_unless_it_becomes_dangerous()
    {
        Many(12).Publish("g11", AlertKind.ReturnedToNormal);
        Assert.True(_told[^1].Folded);
        Raise("g12").Publish("g12", AlertKind.LevelRaised, level: AlarmLevel.Three);
        Assert.False(_told[^1].Folded);
    }

    [Fact]
    public void S13_the_flood_ends_when_fewer_than_five_alarms_lie_in_the_window()
    {
        Many(8).Wait(TimeSpan.FromMinutes(2)).Many(4, "h").Wait(TimeSpan.FromMinutes(8) - TimeSpan.FromSeconds(1));
        Assert.NotNull(_feed.Flood.Running);
        Wait(TimeSpan.FromSeconds(2));
        Assert.Null(_feed.Flood.Running);
        Assert.Equal(AlertKind.FloodEnded, _told[^1].Kind);
        Assert.False(Raise("after")._told[^1].Folded);
    }

    [Fact]
    public void S13_drills_neither_count_nor_fold()
    {
        for (var i = 0; i < 30; i++) Raise($"d{i}", drill: true);
        Assert.DoesNotContain(_told, a => a.Kind == AlertKind.FloodBegan || a.Folded);
    }
}
