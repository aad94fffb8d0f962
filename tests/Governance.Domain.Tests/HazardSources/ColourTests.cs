using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Colours, silence and acknowledgement of a source (alarms.md §3, S5).</summary>
public sealed class ColourTests
{
    private static SourceStory Two() => new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).At("14:10:00").Feed("CL-1", 0.2).Feed("CL-2", 0.2).Forget();

    private static RelayWarning Warning(string detector, HazardKind kind = HazardKind.ToxicGas, int level = 2) => new(
        "henan-emergency", "W-1", SourceStory.Time("14:10:00"), detector, "液氯包装15号秤", kind, (AlarmLevel)level, 2.4, 2, "mg/m3",
        SourceStory.Time("14:10:00"), false, "", false);

    // --- silence ---

    [Fact]
    public void More_than_three_periods_but_at_least_sixty_seconds_of_silence_is_grey()
    {
        var story = new SourceStory(Chlorine("CL-1")).At("14:10:00").Feed("CL-1", 0.2).Forget();
        story.Wait(59.9).Want().Wait(0.1).Want("CL-1 Stale", "Grey");
    }

    [Fact]
    public void A_slow_detector_has_three_periods() =>
        new SourceStory(Chlorine("CL-1") with { Period = TimeSpan.FromMinutes(1) }).At("14:10:00").Feed("CL-1", 0.2).Forget()
            .Wait(179).Want().Wait(1).Want("CL-1 Stale", "Grey").Wait(419).Want().Wait(1).Want("CL-1 Lost");

    [Fact]
    public void A_reading_at_the_very_instant_of_the_deadline_goes_first() =>
        new SourceStory(Chlorine("CL-1")).At("14:10:00").Feed("CL-1", 0.2).Forget().At("14:11:00").Feed("CL-1", 0.2).Wake().Want();

    [Fact]
    public void Lost_for_good_needs_maintenance()
    {
        var story = new SourceStory(Chlorine("CL-1")).At("14:10:00").Feed("CL-1", 0.2).Forget().Wait(120).Want("CL-1 Stale", "Grey", "CL-1 Lost");
        Assert.Contains(story.Told<AlertPublished>(), a => a.Alert.Kind == AlertKind.DataLost && a.Alert.Text.Contains("maintenance"));
        story.Wait(10).Feed("CL-1", 0.2).Want("CL-1 trusted", "Blue");
    }

    [Fact]
    public void A_live_exceedance_beats_grey_and_the_case_hears_of_the_silence()
    {
        var story = new SourceStory(Chlorine("CL-1")).At("14:10:00").Feed("CL-1", 1.2).Forget().Wait(60).Want("CL-1 Stale").WantColour(Colour.Yellow);
        Assert.False(story.Told<OccurrenceDataLost>().Single().Unwatched);
        story.Wait(60).Want("CL-1 Lost").WantColour(Colour.Yellow);
        Assert.True(story.Told<OccurrenceDataLost>().Last().Unwatched);
        story.Wait(10).Feed("CL-1", 1.2).Want("CL-1 trusted");
        Assert.Single(story.Told<OccurrenceDataRestored>());
    }

    [Fact]
    public void Lost_data_of_a_live_detector_is_watched_when_a_healthy_neighbour_of_its_zone_reads_normal()
    {
        var story = Two().Feed("CL-1", 1.2).Forget();
        for (var i = 0; i < 12; i++) story.Wait(10).Feed("CL-2", 0.2);
        story.Wait(1).Want("CL-1 Stale", "CL-1 Lost").WantColour(Colour.Yellow);
        Assert.All(story.Told<OccurrenceDataLost>(), m => Assert.False(m.Unwatched));
    }

    [Fact]
    public void A_neighbour_of_another_zone_watches_nothing()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2", "yard")).At("14:10:00").Feed("CL-1", 1.2).Feed("CL-2", 0.2);
        for (var i = 0; i < 12; i++) story.Wait(10).Feed("CL-2", 0.2);
        story.Wait(1);
        Assert.True(story.Told<OccurrenceDataLost>().Last().Unwatched);
    }

    [Fact]
    public void S12_deadlines_missed_while_away_fire_once_in_order_and_say_how_late()
    {
        var story = new SourceStory(Chlorine("CL-1")).At("14:10:00").Feed("CL-1", 2.5).Forget().At("14:30:00").Wake()
            .Want("CL-1 Stale late 1140 s", "CL-1 Lost late 1100 s", "CL-1 overdue late 600 s", "Red");
        Assert.Equal(["14:11:00", "14:11:40", "14:20:00", "14:20:00"], story.Events.TakeLast(4).Select(e => e.At.ToString("HH:mm:ss")));
        story.Wake().Want();
    }

    // --- zones ---

    [Fact]
    public void With_nothing_live_a_zone_with_too_few_healthy_detectors_is_grey()
    {
        var story = new SourceStory(Zoned([new Zone("hall", 2)], Chlorine("CL-1"), Chlorine("CL-2"))).At("14:10:00").Feed("CL-1", 0.2).WantColour(Colour.Grey)
            .Feed("CL-2", 0.2).WantColour(Colour.Blue);
        Assert.Equal("2 of 2 healthy", story.State.ColourReason);
        story.Forget().Wait(30).Feed("CL-1", 0.2).Wait(31).Want("CL-2 Stale", "Grey").Feed("CL-1", 1.2).WantColour(Colour.Yellow);
    }

    [Fact]
    public void One_healthy_detector_of_a_zone_that_wants_one_keeps_it_blue()
    {
        var story = Two().Wait(30).Feed("CL-1", 0.2).Wait(31).Want("CL-2 Stale").WantColour(Colour.Blue);
        Assert.Equal("1 of 2 healthy", Colours.Badge(story.State));
    }

    // --- the table of colours ---

    [Theory]
    [InlineData(1.0, Colour.Yellow)]
    [InlineData(2.0, Colour.Orange)]
    [InlineData(8.8, Colour.Red)]
    public void One_detector_alone(double value, Colour colour) => Two().Wait(10).Feed("CL-1", value).WantColour(colour);

    [Fact]
    public void Level_two_seen_by_another_detector_is_red_until_the_witness_returns_to_normal()
    {
        var story = new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero), Chlorine("CL-2", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 2.5).Forget()
            .Feed("CL-2", 1.2).Want("CL-2 trusted", "CL-2 active 1", "joined", "Red");
        story.Wait(10).Feed("CL-1", 2.5).Feed("CL-2", 0.2).Want("CL-2 normal, peak 1", "Orange");
    }

    [Fact]
    public void Another_kind_of_detector_is_no_witness() =>
        new SourceStory(Chlorine("CL-1"), Combustible("GAS-1")).At("14:10:00").Feed("CL-1", 2.5).Feed("GAS-1", 30).WantColour(Colour.Orange);

    [Theory]
    [InlineData("", Colour.Red)]
    [InlineData("CL-2", Colour.Red)]
    [InlineData("CL-1", Colour.Orange)]
    public void A_relay_is_a_witness_unless_it_speaks_of_the_same_detector(string detector, Colour colour) =>
        Two().Feed("CL-1", 2.5).WantColour(Colour.Orange).Command(Warning(detector)).WantRefusal(null).WantColour(colour);

    [Fact]
    public void A_relay_of_another_kind_is_no_witness() =>
        Two().Feed("CL-1", 2.5).Command(Warning("", HazardKind.CombustibleGas, 1)).WantColour(Colour.Orange);

    [Theory]
    [InlineData(1, Colour.Yellow)]
    [InlineData(2, Colour.Orange)]
    [InlineData(3, Colour.Red)]
    public void A_relay_alone_gives_the_colour_of_its_level(int level, Colour colour) => Two().Command(Warning("", level: level)).WantColour(colour);

    [Fact]
    public void The_case_takes_the_colour_as_its_level_when_a_witness_raises_it()
    {
        var story = Two().Feed("CL-1", 2.5).Feed("CL-2", 1.2);
        Assert.Equal([Colour.Orange, Colour.Red], story.Told<OccurrenceRaised>().Select(m => m.Colour));
    }

    // --- acknowledgement ---

    [Fact]
    public void Level_two_that_nobody_acknowledges_in_ten_minutes_is_red()
    {
        var story = Two().Feed("CL-1", 2.5).Steady("CL-1", 2.5, TimeSpan.FromSeconds(599)).WantColour(Colour.Orange);
        story.Forget().Wait(10).Want("CL-1 overdue", "Red");
        Assert.True(story.Acknowledge("CL-1").Of("CL-1").Operator.IsAcknowledged);
    }

    [Fact]
    public void Acknowledged_in_time_it_stays_orange()
    {
        var story = Two().Feed("CL-1", 2.5).Forget().Wait(30).Acknowledge("CL-1").Want("CL-1 acknowledged").Acknowledge("CL-1").Want();
        Assert.Equal(("liu", true), (story.Of("CL-1").Operator.AcknowledgedBy, story.Of("CL-1").Operator.IsAcknowledged));
        Assert.Null(story.Of("CL-1").Operator.OverdueAt);
        Assert.IsType<ProcessRegion.Active>(story.Memo("CL-1").Process);
    }

    [Fact]
    public void S5_a_rise_of_level_voids_the_acknowledgement_a_fall_does_not()
    {
        var story = Two().Feed("CL-1", 1.2).Acknowledge("CL-1").Wait(10).Feed("CL-1", 2.5);
        Assert.False(story.Of("CL-1").Operator.IsAcknowledged);
        Assert.Equal(story.Now + TimeSpan.FromMinutes(10), story.Of("CL-1").Operator.OverdueAt);
        story.Acknowledge("CL-1").Wait(10).Feed("CL-1", 1.2);
        Assert.True(story.Of("CL-1").Operator.IsAcknowledged);
    }

    [Fact]
    public void S4_an_alarm_may_return_to_normal_before_anybody_acknowledges()
    {
        var story = new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 2.5).Wait(10).Feed("CL-1", 0.2);
        Assert.IsType<OperatorRegion.Returned>(story.Of("CL-1").Operator);
        story.Forget().Command(new AcknowledgeOccurrence(new OccurrenceId("HS-CL2-07/CL-1/1.1"), "seen late")).WantRefusal(null).Want("CL-1 acknowledged");
        Assert.Equal(OperatorRegion.None, story.Of("CL-1").Operator);
        Assert.Contains(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.AcknowledgedAfterReturn);
        story.Command(new AcknowledgeOccurrence(new OccurrenceId("HS-CL2-07/CL-1/1.1"), "")).WantRefusal("OCCURRENCE_NOT_LIVE").Want();
    }

    [Fact]
    public void Clearing_still_lives_and_can_be_acknowledged() =>
        Two().Feed("CL-1", 2.5).Wait(10).Feed("CL-1", 0.2).Forget().Acknowledge("CL-1").Want("CL-1 acknowledged");

    [Fact]
    public void A_note_has_a_limit() =>
        Two().Feed("CL-1", 2.5).Command(new AcknowledgeOccurrence(new OccurrenceId("HS-CL2-07/CL-1/1.2"), new string('x', 4001))).WantRefusal("TEXT_TOO_LONG");

    // --- the case was closed ---

    [Fact]
    public void An_occurrence_that_a_closed_case_refuses_gets_a_case_of_its_own()
    {
        var story = Two().Feed("CL-1", 1.2).Forget();
        var sent = story.Sends.Single(s => s.Message is OccurrenceRaised);
        story.Sends.Clear();
        story.Confirm(sent.Message, sent.To, new Outcome("CASE_CLOSED")).Want("renewed");
        var again = story.Sends.Single(s => s.Message is OccurrenceRaised);
        Assert.NotEqual(sent.To, again.To);
        Assert.Equal(story.State.IncidentOf(((OccurrenceRaised)sent.Message).Occurrence)!.Case.Value, again.To.Id);
        story.Confirm(sent.Message, sent.To, new Outcome("CASE_CLOSED")).Want();
        story.Confirm(again.Message, again.To, Outcome.Accepted).Want();
    }

    [Fact]
    public void An_occurrence_that_ended_meanwhile_is_told_as_ended_too()
    {
        var story = new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 1.2);
        var sent = story.Sends.Single(s => s.Message is OccurrenceRaised);
        story.Wait(10).Feed("CL-1", 0.2).Forget().Sends.Clear();
        story.Confirm(sent.Message, sent.To, new Outcome("CASE_CLOSED")).Want("renewed");
        Assert.Equal([typeof(OccurrenceRaised), typeof(OccurrenceCleared)], story.Sends.Select(s => s.Message.GetType()));
        story.Wait(10).Feed("CL-1", 1.2).Want("CL-1 active 1", "joined", "Yellow");
        Assert.Equal(story.Sends[0].To, story.Sends.Last(s => s.Message is OccurrenceRaised).To);
    }
}
