using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Cases;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>alarms.md §3, the sentences on colours: a test per sentence.</summary>
public sealed class Section3ColourRowTests
{
    private static readonly DetectorConfig First = Sources.Chlorine("CL-1") with { Point = "1号秤" };
    private static readonly DetectorConfig Second = Sources.Chlorine("CL-2") with { Point = "2号秤" };
    private static readonly DetectorConfig Third = Sources.Chlorine("CL-3") with { Point = "3号秤" };

    private static SourceStory Ready(int healthy, params DetectorConfig[] detectors)
    {
        var story = new SourceStory(Sources.Zoned([new Zone("hall", healthy)], detectors));
        foreach (var detector in detectors) story.Feed(detector.Id.Value, 0.2);
        return story.WantColour(Colour.Blue).Forget();
    }

    private static SourceStory Two() => Ready(1, First, Second);

    private static RelayWarning Warning(string detector, string point, int level) => new(
        "henan", "W-1", SourceStory.Time("14:00:00"), detector, point, HazardKind.ToxicGas, (AlarmLevel)level, 2.4, 2, "mg/m3", SourceStory.Time("14:00:00"), false, "chlorine", false);

    private static SourceStory OutOfService(SourceStory story, string detector) => story
        .Command(new OpenPermit("P-1", [detector], SourceStory.Time("18:00:00"), "new cell")).WantRefusal(null)
        .Command(new TakeOutOfService(detector, "P-1", SourceStory.Time("18:00:00"), "new cell")).WantRefusal(null);

    private static void Badge(SourceStory story, int healthy, int all)
    {
        Assert.Equal((healthy, all), (story.State.HealthyDetectors, story.State.DetectorsInService));
        if (story.State.Colour == Colour.Blue) Assert.Equal($"{healthy} of {all} healthy", Colours.Of(story.State).Reason);
    }

    [Theory]
    [InlineData(0.99, Colour.Blue)]
    [InlineData(1, Colour.Yellow)]
    [InlineData(1.99, Colour.Yellow)]
    [InlineData(2, Colour.Orange)]
    [InlineData(8.79, Colour.Orange)]
    [InlineData(8.8, Colour.Red)]
    public void Section3_blue_is_normal_yellow_level_1_orange_level_2_red_level_3(double value, Colour colour) => Two().Feed("CL-1", value).WantColour(colour);

    [Fact]
    public void Section3_red_is_level_2_that_another_detector_sees() =>
        Two().Feed("CL-1", 2).Want("CL-1 active 2", "incident", "Orange").Feed("CL-2", 2).Want("CL-2 active 2", "joined", "Red").WantColour(Colour.Red);

    [Theory]
    [InlineData("", "厂界东", Colour.Red)]
    [InlineData("CL-2", "2号秤", Colour.Red)]
    [InlineData("CL-1", "1号秤", Colour.Orange)]
    [InlineData("CL-1", "厂界东", Colour.Orange)]
    [InlineData("", "CL-1", Colour.Orange)]
    // A place that both systems name alike: another instrument may stand there (device_gateway.proto, RelayWarningRequest).
    [InlineData("", "1号秤", Colour.Red)]
    public void Section3_red_is_level_2_that_a_relay_sees_whose_point_is_not_this_detector(string detector, string point, Colour colour)
    {
        Two().Feed("CL-1", 2).Command(Warning(detector, point, 2)).WantRefusal(null).WantColour(colour);
        Two().Command(Warning(detector, point, 2)).WantRefusal(null).Feed("CL-1", 2).WantColour(colour);
    }

    [Fact]
    public void Section3_the_same_detector_is_no_second_witness() => Two().Feed("CL-1", 2).Wait(10).Feed("CL-1", 2.5).Wait(10).Feed("CL-1", 3).WantColour(Colour.Orange);

    [Fact]
    public void Section3_red_is_level_2_not_acknowledged_in_time()
    {
        Two().Steady("CL-1", 3, TimeSpan.FromMinutes(9)).Forget().WantColour(Colour.Orange).Steady("CL-1", 3, TimeSpan.FromMinutes(11))
            .Steady("CL-2", 0.2, TimeSpan.FromSeconds(10)).WantColour(Colour.Red);
        Two().Feed("CL-1", 3).Acknowledge("CL-1").WantRefusal(null).Steady("CL-1", 3, TimeSpan.FromSeconds(590)).WantColour(Colour.Orange);
        Two().Feed("CL-1", 1.5).Steady("CL-1", 1.5, TimeSpan.FromHours(1)).WantColour(Colour.Yellow);
    }

    [Fact]
    public void Section3_grey_is_no_trustworthy_data()
    {
        var story = new SourceStory(First).WantColour(Colour.Grey).Feed("CL-1", 0.2, Quality.Bad).WantColour(Colour.Grey);
        story.Feed("CL-1", 0.2).WantColour(Colour.Blue).Wait(61).WantColour(Colour.Grey);
    }

    [Fact]
    public void Section3_grey_is_out_of_service_by_itself() => Ready(1, First).Feed("CL-1", 0.2, Quality.OutOfService).Want("CL-1 OutOfService", "Grey").WantColour(Colour.Grey);

    [Fact]
    public void Section3_grey_is_out_of_service_under_a_permit()
    {
        var story = OutOfService(Two(), "CL-1").Want("permit P-1", "CL-1 OutOfService").WantColour(Colour.Blue);
        Badge(story, 1, 2);
        story.Feed("CL-1", 0.2).Feed("CL-2", 0.2, Quality.OutOfService).Want("CL-2 OutOfService", "Grey").WantColour(Colour.Grey);
        Badge(story, 0, 2);
    }

    [Fact]
    public void Section3_the_source_takes_the_highest_live_level()
    {
        // Another kind is another event: neither is the witness of the other.
        SourceStory Mixed() => Ready(1, First, Sources.Combustible("GAS-1"));
        Mixed().Feed("CL-1", 1).WantColour(Colour.Yellow).Feed("GAS-1", 50).WantColour(Colour.Orange).Wait(10).Feed("GAS-1", 5).WantColour(Colour.Yellow);
        Mixed().Feed("GAS-1", 50).WantColour(Colour.Orange).Feed("CL-1", 1).WantColour(Colour.Orange).Feed("CL-1", 8.8).WantColour(Colour.Red)
            .Wait(10).Feed("GAS-1", 5).WantColour(Colour.Red);
    }

    [Fact]
    public void Section3_with_none_live_a_zone_with_fewer_than_k_healthy_is_grey_else_blue_with_m_of_n()
    {
        var story = Ready(2, First, Second, Third);
        Badge(story, 3, 3);
        story.Feed("CL-3", 0.2, Quality.OutOfService).Want("CL-3 OutOfService").WantColour(Colour.Blue);
        Badge(story, 2, 3);
        story.Feed("CL-2", 0.2, Quality.OutOfService).Want("CL-2 OutOfService", "Grey").WantColour(Colour.Grey);
        Badge(story, 1, 3);
        story.Feed("CL-3", 0.2).Want("CL-3 trusted", "Blue").WantColour(Colour.Blue);
        Badge(story, 2, 3);
    }

    [Fact]
    public void Section3_any_zone_with_fewer_than_k_healthy_is_grey() =>
        new SourceStory(Sources.Zoned([new Zone("hall", 1), new Zone("pump room", 1)], First, Sources.Chlorine("CL-9", "pump room")))
            .Feed("CL-1", 0.2).WantColour(Colour.Grey).Feed("CL-9", 0.2).WantColour(Colour.Blue).Feed("CL-9", 0.2, Quality.OutOfService).WantColour(Colour.Grey);

    [Fact]
    public void Section3_a_live_exceedance_beats_grey()
    {
        var story = Ready(2, First, Second).Feed("CL-2", 0.2, Quality.OutOfService).WantColour(Colour.Grey).Feed("CL-1", 1).WantColour(Colour.Yellow);
        Badge(story, 1, 2);
        story.Wait(61).WantColour(Colour.Yellow);
        Badge(story, 0, 2);
        story.Wait(TimeSpan.FromHours(1)).WantColour(Colour.Yellow);
    }

    [Theory]
    [InlineData(Quality.Calibration, "CL-1 test 3 unannounced")]
    [InlineData(Quality.Maintenance, "CL-1 test 3 unannounced")]
    [InlineData(Quality.OutOfService, "CL-1 OutOfService")]
    public void Section3_test_calibration_and_stopped_readings_are_never_live_exceedances(Quality quality, string told)
    {
        var story = Two().Feed("CL-1", 9, quality).Want(told).WantColour(Colour.Blue);
        Assert.IsType<ProcessRegion.Normal>(story.Memo("CL-1").Process);
        Two().Feed("CL-2", 2).Feed("CL-1", 9, quality).WantColour(Colour.Orange);
    }

    [Fact]
    public void Section3_readings_while_out_of_service_under_a_permit_are_never_live_exceedances_nor_witnesses()
    {
        var story = OutOfService(Two(), "CL-1").Feed("CL-1", 9).WantColour(Colour.Blue);
        Assert.Empty(story.Told<OccurrenceRaised>());
        story.Feed("CL-2", 2).WantColour(Colour.Orange);
        Assert.Single(story.Told<OccurrenceRaised>());
    }

    [Theory]
    [InlineData(1, Colour.Yellow)]
    [InlineData(2, Colour.Orange)]
    [InlineData(8.8, Colour.Red)]
    public void Section3_a_case_opened_by_a_device_takes_the_colour_as_its_level(double value, Colour colour)
    {
        Assert.Equal(colour, Assert.Single(Two().Feed("CL-1", value).Told<OccurrenceRaised>()).Colour);
        Assert.Equal(colour, new CaseStory().Raise(colour).State.Level);
    }

    [Fact]
    public void Section3_bit_equal_values_where_noise_is_expected_are_frozen()
    {
        var story = new SourceStory(First with { FrozenSamples = 5 }).Feed("CL-1", 0.2).Forget();
        for (var i = 0; i < 4; i++) story.Wait(10).Feed("CL-1", 0.3).Want();
        story.Wait(10).Feed("CL-1", 0.3).Want("CL-1 Frozen", "Grey").WantColour(Colour.Grey);
        Assert.Equal(Health.Frozen, story.Memo("CL-1").Health);
        story.Wait(10).Feed("CL-1", Math.BitIncrement(0.3)).Want("CL-1 trusted", "Blue");
        for (var i = 0; i < 20; i++) story.Wait(10).Feed("CL-1", i % 2 == 0 ? 0.3 : Math.BitIncrement(0.3)).Want();
        story.WantColour(Colour.Blue);
    }

    [Fact]
    public void Section3_bit_equal_values_over_the_limit_keep_the_colour()
    {
        var story = new SourceStory(First with { FrozenSamples = 5 }).Feed("CL-1", 0.2).Forget();
        for (var i = 0; i < 5; i++) story.Wait(10).Feed("CL-1", 2.5);
        story.Want("CL-1 active 2", "incident", "Orange", "CL-1 Frozen").WantColour(Colour.Orange);
    }
}
