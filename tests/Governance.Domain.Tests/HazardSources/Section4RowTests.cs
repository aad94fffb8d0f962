using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>alarms.md §4, the table of quality: a test per row and effect. Range 0 to 20, zero drift 0.5, a sample every 10 s.</summary>
public sealed class Section4RowTests
{
    private const double Instant = 0.001;

    /// <summary>Without off-delay: the first reading that may clear, clears.</summary>
    private static readonly DetectorConfig Chlorine = Sources.Chlorine("CL-1", offDelay: TimeSpan.Zero);

    private static SourceStory Ready(DetectorConfig? detector = null) => new SourceStory(detector ?? Chlorine).Feed("CL-1", 0.2).WantColour(Colour.Blue).Forget();

    private static SourceStory Active(double value = 2.5) => Ready().Feed("CL-1", value).Forget();

    private static SourceStory Every10(SourceStory story, double value, Quality quality, int times)
    {
        for (var i = 0; i < times; i++) story.Wait(10).Feed("CL-1", value, quality);
        return story;
    }

    private static IEnumerable<Alert> DataLost(SourceStory story) => story.Told<AlertPublished>().Select(p => p.Alert).Where(a => a.Kind == AlertKind.DataLost);

    public static TheoryData<double, Quality> BadInputs => new()
    {
        { 0.2, Quality.Bad }, { 9, Quality.Bad }, { double.NaN, Quality.Good }, { double.PositiveInfinity, Quality.Good }, { double.NegativeInfinity, Quality.Good },
        { -0.51, Quality.Good }, { -100, Quality.Good }, { double.NaN, Quality.Bad },
    };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.99, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(8.8, 3)]
    [InlineData(19.99, 3)]
    public void Section4_N_in_range_is_evaluated(double value, int level)
    {
        var story = Ready().Feed("CL-1", value);
        Assert.Equal((AlarmLevel)level, story.Of("CL-1").Level);
        Assert.True(story.Of("CL-1").IsHealthy);
    }

    [Fact]
    public void Section4_N_in_range_clears() => Active().Wait(10).Feed("CL-1", 0.2).Want("CL-1 normal, peak 2", "Blue");

    [Theory]
    [InlineData(0.1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(double.NaN)]
    public void Section4_T_is_the_highest_level(double value) => Ready().Feed("CL-1", value, Quality.Saturated).Want("CL-1 active 3", "incident", "Red").WantColour(Colour.Red);

    [Theory]
    [InlineData(4.99, 2, Colour.Orange)]
    [InlineData(5, 3, Colour.Red)]
    [InlineData(7, 3, Colour.Red)]
    public void Section4_a_value_at_the_range_top_is_the_highest_level_and_no_fault(double value, int level, Colour colour)
    {
        // The range ends below the level 3 limit of 8.8: nothing but the saturation can raise it.
        var story = Ready(Chlorine with { RangeTop = 5 }).Feed("CL-1", value).Want($"CL-1 active {level}", "incident", $"{colour}").WantColour(colour);
        Assert.Equal(Health.Trusted, story.Memo("CL-1").Health);
    }

    [Fact]
    public void Section4_saturation_never_clears_and_never_turns_silent() =>
        Every10(Ready().Feed("CL-1", 20).Want("CL-1 active 3", "incident", "Red"), 20, Quality.Saturated, 20).Want().WantColour(Colour.Red);

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Section4_bad_does_not_activate(double value, Quality quality)
    {
        var story = Ready().Wait(10).Feed("CL-1", value, quality).Want().WantColour(Colour.Blue);
        Assert.IsType<ProcessRegion.Normal>(story.Memo("CL-1").Process);
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Section4_bad_does_not_clear_nor_change_the_level(double value, Quality quality)
    {
        var story = Every10(Active(), value, quality, 3).Want().WantColour(Colour.Orange);
        Assert.Equal(AlarmLevel.Two, Assert.IsType<ProcessRegion.Active>(story.Memo("CL-1").Process).Level);
        var clearing = new SourceStory(Sources.Chlorine("CL-1")).Feed("CL-1", 1.5).Wait(10).Feed("CL-1", 0.2);
        Assert.IsType<ProcessRegion.Clearing>(clearing.Memo("CL-1").Process);
        Assert.NotNull(Every10(clearing, value, quality, 60).WantColour(Colour.Yellow).Memo("CL-1").Live);
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Section4_bad_is_grey_after_the_stale_time_and_then_a_maintenance_case(double value, Quality quality)
    {
        var story = Every10(Ready(), value, quality, 5).Wait(10 - Instant).Want().WantColour(Colour.Blue).Wait(2 * Instant).Want("CL-1 Stale", "Grey").WantColour(Colour.Grey);
        Assert.Empty(DataLost(story));
        Every10(story, value, quality, 10).Want("CL-1 Lost").WantColour(Colour.Grey);
        Assert.Equal("CL-1 液氯包装15号秤: no data, maintenance needed", Assert.Single(DataLost(story)).Text);
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Section4_bad_of_a_gateway_that_lives_is_told_to_it_for_maintenance(double value, Quality quality)
    {
        var story = Every10(new SourceStory(Chlorine).Fed(new GatewayId("GW-1"), 0).Feed("CL-1", 0.2), value, quality, 15);
        Assert.Equal(("CL-1", Health.Lost), (story.Reports().Last().Told.Faults.Single().Detector, story.Reports().Last().Told.Faults.Single().Health));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(-0.3)]
    [InlineData(-0.5)]
    public void Section4_a_small_negative_is_0_for_rules_raw_kept_and_counted(double value)
    {
        var story = Ready().Wait(10).Feed("CL-1", value).Want().WantColour(Colour.Blue);
        Assert.Equal((value, 1), (story.Memo("CL-1").LastValue, story.Memo("CL-1").DriftSamples));
        Every10(story, value, Quality.Good, 30).Want().WantColour(Colour.Blue);
        Assert.Equal((value, 31), (story.Memo("CL-1").LastValue, story.Memo("CL-1").DriftSamples));
    }

    [Fact]
    public void Section4_a_small_negative_clears_and_activates_as_0_would()
    {
        Active().Wait(10).Feed("CL-1", -0.3).Want("CL-1 normal, peak 2", "Blue");
        new SourceStory(Sources.Oxygen("O2-1")).Feed("O2-1", 20.9).Forget().Wait(10).Feed("O2-1", -0.1).Want("O2-1 active 2", "incident", "Orange");
    }

    [Fact]
    public void Section4_a_small_negative_is_no_less_than_0_for_rules()
    {
        // Raw, it would activate the low limit, and clear the high one, whose reset value is 0.
        Ready(Chlorine with { Limits = [Sources.Low(1, -0.1)] }).Wait(10).Feed("CL-1", -0.3).Want().WantColour(Colour.Blue);
        Ready(Chlorine with { Limits = [Sources.High(1, 0.5, 0.5)] }).Feed("CL-1", 0.6).Want("CL-1 active 1", "incident", "Yellow")
            .Wait(10).Feed("CL-1", -0.3).Want().WantColour(Colour.Yellow);
    }
}
