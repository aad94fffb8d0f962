using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Relayed warnings (alarms.md P11, §6), commissioning (§6b) and the wall between drills and the live district.</summary>
public sealed class RelayTests
{
    private static readonly RelayWarning Warning = new(
        "henan-emergency", "W-1", SourceStory.Time("14:09:50"), "", "液氯包装15号秤", HazardKind.ToxicGas, AlarmLevel.Two, 2.4, 2, "mg/m3",
        SourceStory.Time("14:09:50"), false, "", false);

    private static SourceStory Quiet() => new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 0.2).Forget();

    [Fact]
    public void P11_a_repeat_of_sender_identifier_and_sent_is_the_same_warning() =>
        Quiet().Command(Warning).Want("warning", "incident", "Orange").Command(Warning with { Text = "again" }).WantRefusal(null).Want();

    [Fact]
    public void P11_another_sent_is_another_warning_of_the_same_event() =>
        Quiet().Command(Warning).Forget().Command(Warning with { Sent = Warning.Sent.AddSeconds(1) }).Want("warning", "joined");

    [Fact]
    public void P11_one_event_is_one_case_with_two_witnesses_whoever_comes_first()
    {
        foreach (var sensorFirst in new[] { true, false })
        {
            var story = Quiet();
            if (sensorFirst) story.Feed("CL-1", 2.5).Command(Warning);
            else story.Command(Warning).Feed("CL-1", 2.5);
            Assert.Single(story.State.Incidents);
            Assert.Single(story.Sends.Where(s => s.To.Kind == EntityKinds.Case).Select(s => s.To).Distinct());
            Assert.Equal([Witness.Sensor, Witness.Relay], story.Told<OccurrenceRaised>().Select(m => m.Witness).Order());
            story.WantColour(Colour.Red);
        }
    }

    [Theory]
    [InlineData(-600, true)]
    [InlineData(-601, false)]
    public void P11_a_warning_joins_when_what_it_saw_lies_within_ten_minutes(int seconds, bool joins) =>
        Quiet().Feed("CL-1", 2.5).Forget().Command(Warning with { ObservedAt = SourceStory.Time("14:10:00").AddSeconds(seconds) })
            .Want("warning", joins ? "joined" : "incident", "Red");

    [Theory]
    [InlineData(600, true)]
    [InlineData(601, false)]
    public void P11_a_warning_joins_an_ended_incident_within_ten_minutes_after(int seconds, bool joins)
    {
        var story = Quiet().Feed("CL-1", 1.2).Feed("CL-1", 0.2, sampled: TimeSpan.FromMilliseconds(1)).Forget();
        story.Command(Warning with { ObservedAt = SourceStory.Time("14:10:00").AddSeconds(seconds) }).Want("warning", joins ? "joined" : "incident", "Orange");
    }

    [Fact]
    public void P11_another_kind_is_another_event() =>
        Quiet().Feed("CL-1", 2.5).Forget().Command(Warning with { Kind = HazardKind.CombustibleGas }).Want("warning", "incident");

    [Fact]
    public void P11_a_warning_clears_once_and_a_warning_that_never_came_cannot()
    {
        var story = Quiet().Command(Warning with { Cleared = true }).WantRefusal("UNKNOWN_WARNING").Command(Warning).Forget()
            .Wait(10).Command(Warning with { Cleared = true }).Want("warning cleared", "Blue").Command(Warning with { Cleared = true }).Want();
        Assert.Single(story.Told<OccurrenceCleared>());
        Assert.NotNull(story.State.Incidents[0].LastEndedAt);
        story.Command(Warning).WantRefusal(null).Want();
    }

    [Fact]
    public void A_faulty_warning_is_refused_by_name() => Quiet()
        .Command(Warning with { Drill = true }).WantRefusal("DRILL_ON_LIVE_SOURCE")
        .Command(Warning with { Detector = "CL-9" }).WantRefusal("UNKNOWN_DETECTOR")
        .Command(Warning with { Text = new string('x', 4001) }).WantRefusal("TEXT_TOO_LONG")
        .Command(Warning with { Sender = "" }).WantRefusal("INVALID_WARNING")
        .Command(Warning with { Identifier = "" }).WantRefusal("INVALID_WARNING")
        .Command(Warning with { Point = "" }).WantRefusal("INVALID_WARNING")
        .Command(Warning with { Kind = (HazardKind)99 }).WantRefusal("INVALID_WARNING")
        .Command(Warning with { Level = AlarmLevel.None }).WantRefusal("INVALID_WARNING")
        .Command(Warning with { Level = (AlarmLevel)4 }).WantRefusal("INVALID_WARNING")
        .Want();

    [Fact]
    public void A_source_that_was_never_commissioned_takes_only_its_commissioning()
    {
        var rules = new HazardSourceRules();
        var state = rules.Initial("HS-CL2-07");
        foreach (ICommand command in new ICommand[] { Warning, new AcknowledgeOccurrence(new OccurrenceId("x"), "") })
            Assert.Equal("UNKNOWN_SOURCE", rules.Decide(state, new Stimulus.Commanded(command, SourceStory.Operator), SourceStory.Day).Refusal?.Reason);
        Assert.Empty(rules.Decide(state, new Stimulus.Woken(), SourceStory.Day).Events);
        Assert.Empty(rules.Deadlines(state));
    }

    // --- commissioning ---

    [Fact]
    public void Every_fault_of_a_configuration_is_told_at_once()
    {
        var faulty = Zoned([new Zone("hall", 3), new Zone("hall", 1)],
            Chlorine("CL-1") with { Unit = "", Period = TimeSpan.Zero, RangeBottom = 30, ZeroDrift = -1, Zone = "attic" },
            Chlorine("CL-1") with { Limits = [High(1, 1), High(1, 2), High(4, double.NaN), High(2, 3, deadband: -1, offDelay: TimeSpan.FromSeconds(-1))], Kind = 0 });
        string[] wanted =
        [
            "CL-1 is listed twice", "hall is listed twice", "wants 3 healthy", "kind is missing", "unit is missing", "period must be", "range bottom",
            "zero drift", "attic is not listed", "two limits High level 1", "direction and a level", "finite number", "deadband", "must not be negative",
        ];
        Assert.All(wanted, w => Assert.Contains(faulty.Faults(), f => f.Contains(w)));
        Assert.Contains(Zoned([]).Faults(), f => f.Contains("1 to 1000 detectors"));
        Assert.Empty(Of(Chlorine("CL-1"), Combustible("GAS-1", TimeSpan.FromSeconds(30), 3), Oxygen("OX-1")).Faults());
        Quiet().Command(new CommissionSource(faulty)).WantRefusal("SOURCE_CONFIG_FAULTY").Want();
    }

    [Fact]
    public void The_same_configuration_again_is_no_change() =>
        Quiet().Command(new CommissionSource(Of(Chlorine("CL-1", offDelay: TimeSpan.Zero)))).WantRefusal(null).Want();

    [Fact]
    public void S11_limits_do_not_change_under_a_live_occurrence()
    {
        var next = Of(Chlorine("CL-1") with { Limits = [High(1, 0.5)] });
        Quiet().Feed("CL-1", 1.2).Forget().Command(new CommissionSource(next)).WantRefusal("SOURCE_HAS_LIVE_OCCURRENCE").Want()
            .Wait(10).Feed("CL-1", 0.6).Forget().Command(new CommissionSource(next)).WantRefusal(null).Want("marks", "commissioned")
            .Wait(10).Feed("CL-1", 0.6).Want("CL-1 active 1", "joined", "Yellow");
    }

    [Fact]
    public void A_retired_detector_keeps_its_ordinal_and_is_silent_for_good()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).At("14:10:00").Feed("CL-1", 0.2).Feed("CL-2", 0.2).Forget()
            .Command(new CommissionSource(Of(Chlorine("CL-2"), Chlorine("CL-3")))).Want("marks", "commissioned");
        Assert.Equal((-1, 1, 2), (story.State.OrdinalOf("CL-1"), story.State.OrdinalOf("CL-2"), story.State.OrdinalOf("CL-3")));
        Assert.Equal(2, story.State.DetectorsInService);
        story.Evaluate(new ReadingSegment(new GatewayId("GW-1"), 1, ClockId.Wall, story.Now, story.Now, false, [new Reading(0, 2, story.Now, story.Now, 9, Quality.Good)])).Want();
        story.Command(new CommissionSource(Of(Chlorine("CL-1"), Chlorine("CL-2"), Chlorine("CL-3")))).Want("marks", "commissioned");
        Assert.Equal(0, story.State.OrdinalOf("CL-1"));
    }

    [Fact]
    public void The_roster_of_the_district_hears_of_every_commissioning()
    {
        var story = Quiet();
        var sent = Assert.Single(story.Sends, s => s.Message is SourceEnrolled);
        Assert.Equal(new EntityAddress(EntityKinds.Roster, "410803"), sent.To);
    }

    // --- drills ---

    [Fact]
    public void The_drill_flag_is_fixed_for_good() =>
        Quiet().Command(new CommissionSource(Of(Chlorine("CL-1")) with { Drill = true })).WantRefusal("DRILL_FLAG_FIXED").Want();

    [Fact]
    public void A_drill_source_binds_to_the_recorded_clock_and_marks_everything()
    {
        var story = new SourceStory(Of(Chlorine("CL-1")) with { Drill = true }).At("14:10:00").Command(Warning).WantRefusal("LIVE_ON_DRILL_SOURCE");
        var clock = ClockId.Recorded("GW-1");
        story.Evaluate(new ReadingSegment(new GatewayId("GW-1"), 1, clock, story.Now, story.Now, false, [new Reading(0, 1, story.Now, story.Now, 1.2, Quality.Good)]))
            .Want("clock recorded/GW-1", "CL-1 trusted", "Blue", "CL-1 active 1", "incident", "Yellow");
        Assert.Equal(clock, new HazardSourceRules().Clock(story.State));
        Assert.All(story.Told<OccurrenceRaised>(), m => Assert.Equal((true, clock), (m.Drill, m.Clock)));
        Assert.All(story.Told<Governance.Domain.Alerts.AlertPublished>(), a => Assert.True(a.Alert.Drill));
        story.Command(Warning with { Drill = true }).WantRefusal(null).WantColour(Colour.Red);
    }
}
