using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>alarms.md §4, the letters that measure nothing: C, M, S, F and B. The values are in <see cref="Section4RowTests"/>.</summary>
public sealed class Section4LetterRowTests
{
    private const double Instant = 0.001;

    private static SourceStory Ready(TimeSpan offDelay = default) =>
        new SourceStory(Sources.Chlorine("CL-1", offDelay: offDelay)).Feed("CL-1", 0.2).WantColour(Colour.Blue).Forget();

    private static SourceStory Every10(SourceStory story, double value, Quality quality, int times)
    {
        for (var i = 0; i < times; i++) story.Wait(10).Feed("CL-1", value, quality);
        return story;
    }

    private static SourceStory Permit(SourceStory story, string detector = "CL-1") =>
        story.Command(new OpenPermit("P-1", [detector], SourceStory.Time("14:30:00"), "calibration")).WantRefusal(null).Want("permit P-1");

    private static int Alerts(SourceStory story, AlertKind kind) => story.Told<AlertPublished>().Count(p => p.Alert.Kind == kind);

    private static int Raised(SourceStory story) => story.Told<OccurrenceRaised>().Count() + Alerts(story, AlertKind.OccurrenceRaised);

    [Theory]
    [InlineData(Quality.Calibration, 9, 3)]
    [InlineData(Quality.Calibration, 2, 2)]
    [InlineData(Quality.Maintenance, 9, 3)]
    [InlineData(Quality.Maintenance, 1, 1)]
    public void Section4_C_and_M_without_an_open_permit_are_an_unannounced_test(Quality quality, double value, int level)
    {
        var story = Ready().Wait(10).Feed("CL-1", value, quality).Want($"CL-1 test {level} unannounced").WantColour(Colour.Blue);
        Assert.IsType<ProcessRegion.Normal>(story.Memo("CL-1").Process);
        Assert.Equal((0, 1), (Raised(story), Alerts(story, AlertKind.UnannouncedTest)));
    }

    [Theory]
    [InlineData(Quality.Calibration, "CALIBRATION")]
    [InlineData(Quality.Maintenance, "MAINTENANCE")]
    [InlineData(Quality.Good, null)]
    [InlineData(Quality.Saturated, null)]
    [InlineData(Quality.Bad, null)]
    [InlineData(Quality.Manual, null)]
    public void Section4_C_and_M_are_WEAK_with_the_reason(Quality quality, string? reason)
    {
        var now = SourceStory.Time("14:00:00");
        var reading = new Reading(0, 1, now, now, 9, quality);
        Assert.Equal(reason, TrustRules.WeakReason(new ReadingSegment(new GatewayId("GW-1"), 1, ClockId.Wall, now, now, false, [reading]), reading));
    }

    [Theory]
    [InlineData(Quality.Calibration)]
    [InlineData(Quality.Maintenance)]
    public void Section4_C_and_M_under_an_open_permit_are_quiet(Quality quality)
    {
        var story = Permit(Ready()).Wait(10).Feed("CL-1", 9, quality).Want("CL-1 test 3 under P-1").WantColour(Colour.Blue);
        Assert.IsType<ProcessRegion.Normal>(story.Memo("CL-1").Process);
        Assert.Equal((0, 0), (Raised(story), Alerts(story, AlertKind.UnannouncedTest)));
    }

    [Theory]
    [InlineData(Quality.Calibration)]
    [InlineData(Quality.Maintenance)]
    public void Section4_C_and_M_under_a_permit_that_is_over_or_closed_or_of_another_detector_are_unannounced(Quality quality)
    {
        Permit(Ready()).At("14:30:01").Wake().Forget().Feed("CL-1", 9, quality).Want("CL-1 test 3 unannounced");
        Permit(Ready()).Command(new ClosePermit("P-1", "done")).Want("permit P-1 closed").Feed("CL-1", 9, quality).Want("CL-1 test 3 unannounced");
        Permit(new SourceStory(Sources.Chlorine("CL-1"), Sources.Chlorine("CL-2")).Feed("CL-1", 0.2).Feed("CL-2", 0.2).Forget(), "CL-2")
            .Feed("CL-1", 9, quality).Want("CL-1 test 3 unannounced");
    }

    [Theory]
    [InlineData(Quality.Calibration, 0.2, 0)]
    [InlineData(Quality.Calibration, 9, 3)]
    [InlineData(Quality.Maintenance, 0.2, 0)]
    [InlineData(Quality.Maintenance, 9, 3)]
    public void Section4_C_and_M_neither_clear_nor_raise_what_lives(Quality quality, double value, int level)
    {
        var story = Permit(Ready().Feed("CL-1", 2.5).Forget()).Wait(10).Feed("CL-1", value, quality).Want($"CL-1 test {level} under P-1").WantColour(Colour.Orange);
        Assert.Equal(AlarmLevel.Two, Assert.IsType<ProcessRegion.Active>(story.Memo("CL-1").Process).Level);
    }

    [Theory]
    [InlineData(Quality.Calibration)]
    [InlineData(Quality.Maintenance)]
    public void Section4_C_and_M_are_no_trustworthy_data(Quality quality) =>
        Every10(Permit(Ready()), 0.2, quality, 5).Wait(10 - Instant).Want("CL-1 test 0 under P-1").WantColour(Colour.Blue).Wait(2 * Instant).Want("CL-1 Stale", "Grey").WantColour(Colour.Grey);

    [Fact]
    public void Section4_S_is_shown()
    {
        var memo = Ready().Wait(10).Feed("CL-1", 0.4, Quality.Manual).Want().WantColour(Colour.Blue).Memo("CL-1");
        Assert.Equal((0.4, Quality.Manual), (memo.LastValue, memo.LastQuality));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void Section4_S_never_clears(int offDelay)
    {
        var story = Every10(Ready(TimeSpan.FromSeconds(offDelay)).Feed("CL-1", 2.5), 0.2, Quality.Manual, 50).WantColour(Colour.Orange);
        Assert.Equal(AlarmLevel.Two, Assert.IsType<ProcessRegion.Active>(story.Memo("CL-1").Process).Level);
    }

    [Fact]
    public void Section4_S_never_completes_a_clearing()
    {
        var story = Ready(TimeSpan.FromMinutes(5)).Feed("CL-1", 1.5).Wait(10).Feed("CL-1", 0.2);
        Assert.IsType<ProcessRegion.Clearing>(story.Memo("CL-1").Process);
        Assert.NotNull(Every10(story, 0.2, Quality.Manual, 60).WantColour(Colour.Yellow).Memo("CL-1").Live);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(9)]
    [InlineData(double.NaN)]
    public void Section4_F_is_out_of_service_and_grey(double value)
    {
        var story = Ready().Wait(10).Feed("CL-1", value, Quality.OutOfService).Want("CL-1 OutOfService", "Grey").WantColour(Colour.Grey);
        Assert.Equal(Health.OutOfService, story.Memo("CL-1").Health);
        story.Wait(10).Feed("CL-1", 0.3).Want("CL-1 trusted", "Blue").WantColour(Colour.Blue);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(9)]
    public void Section4_F_does_not_clear_what_lives_nor_raise_it(double value)
    {
        var story = Ready().Feed("CL-1", 2.5).Forget().Wait(10).Feed("CL-1", value, Quality.OutOfService).Want("CL-1 OutOfService").WantColour(Colour.Orange);
        Assert.Equal(AlarmLevel.Two, story.Memo("CL-1").Live!.Level);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(9)]
    [InlineData(double.NaN)]
    public void Section4_B_is_as_silence_was_normal(double value)
    {
        var story = Every10(Ready(), value, Quality.Communication, 5).Wait(10 - Instant).Want().WantColour(Colour.Blue).Wait(2 * Instant).Want("CL-1 Stale", "Grey").WantColour(Colour.Grey);
        Every10(story, value, Quality.Communication, 10).Want("CL-1 Lost").WantColour(Colour.Grey);
        Assert.Equal(0, Raised(story));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(9)]
    [InlineData(double.NaN)]
    public void Section4_B_is_as_silence_was_active(double value)
    {
        var story = Every10(Ready().Feed("CL-1", 2.5).Forget(), value, Quality.Communication, 5).Wait(10 - Instant).Want().Wait(2 * Instant).Want("CL-1 Stale").WantColour(Colour.Orange);
        Assert.Equal((1, false), (Alerts(story, AlertKind.DataLost), Assert.Single(story.Told<OccurrenceDataLost>()).Unwatched));
        Every10(story, value, Quality.Communication, 10).Want("CL-1 Lost").WantColour(Colour.Orange);
        Assert.Equal([false, true], story.Told<OccurrenceDataLost>().Select(m => m.Unwatched));
    }
}
