using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.Gateways;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>alarms.md §3, the table of silence: a test per row and column. The colours are in <see cref="Section3ColourRowTests"/>.</summary>
public sealed class Section3RowTests
{
    /// <summary>As near to a limit as matters. What happens at the limit itself is told by the tests of "exactly".</summary>
    private const double Instant = 0.001;

    private static DetectorConfig Chlorine(string id, double period = 20, string zone = "hall") =>
        Sources.Chlorine(id, zone) with { Period = TimeSpan.FromSeconds(period) };

    private static SourceStory Ready(params DetectorConfig[] detectors)
    {
        var story = new SourceStory(detectors);
        foreach (var detector in detectors) story.Feed(detector.Id.Value, 0.2);
        return story.WantColour(Colour.Blue).Forget();
    }

    private static IEnumerable<Alert> DataLost(SourceStory story) => story.Told<AlertPublished>().Select(p => p.Alert).Where(a => a.Kind == AlertKind.DataLost);

    [Theory]
    [InlineData(10, 60)]
    [InlineData(20, 60)]
    [InlineData(30, 90)]
    public void Section3_more_than_three_periods_was_normal_grey_stale(double period, double limit)
    {
        var story = Ready(Chlorine("CL-1", period)).Wait(limit - Instant).Want().WantColour(Colour.Blue)
            .Wait(2 * Instant).Want("CL-1 Stale", "Grey").WantColour(Colour.Grey);
        Assert.Equal(Health.Stale, story.Memo("CL-1").Health);
        Assert.Empty(story.Told<MonitoringFaultRaised>());
    }

    [Theory]
    [InlineData(10, 60)]
    [InlineData(30, 90)]
    public void Section3_exactly_three_periods_are_not_more(double period, double limit)
    {
        var story = Ready(Chlorine("CL-1", period));
        var first = story.Now;
        for (var i = 1; i <= 5; i++) story.At((first - SourceStory.Day + i * TimeSpan.FromSeconds(limit)).ToString("c")).Feed("CL-1", 0.2).Want().WantColour(Colour.Blue);
    }

    [Theory]
    [InlineData(10, 60)]
    [InlineData(20, 60)]
    [InlineData(30, 90)]
    public void Section3_more_than_three_periods_was_active_colour_kept_and_the_duty_officer_told(double period, double limit)
    {
        var story = Ready(Chlorine("CL-1", period)).Feed("CL-1", 3).WantColour(Colour.Orange).Forget().Wait(limit - Instant).Want();
        Assert.Empty(DataLost(story));
        story.Wait(2 * Instant).Want("CL-1 Stale").WantColour(Colour.Orange);
        Assert.Equal("CL-1 at level 2, data lost while active", Colours.Of(story.State).Reason);
        var occurrence = story.Memo("CL-1").Live!.Occurrence;
        var lost = Assert.Single(story.Told<OccurrenceDataLost>());
        Assert.Equal((occurrence, false), (lost.Occurrence, lost.Unwatched));
        var alert = Assert.Single(DataLost(story));
        Assert.Equal(("CL-1", occurrence.Value), (alert.Detector, alert.Occurrence));
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(20, 200)]
    [InlineData(30, 300)]
    public void Section3_more_than_ten_periods_was_normal_grey_and_lost(double period, double limit)
    {
        var story = Ready(Chlorine("CL-1", period)).Wait(limit - Instant).Want("CL-1 Stale", "Grey")
            .Wait(2 * Instant).Want("CL-1 Lost").WantColour(Colour.Grey);
        Assert.Equal(Health.Lost, story.Memo("CL-1").Health);
    }

    [Fact]
    public void Section3_more_than_ten_periods_was_normal_work_order_of_a_source_without_gateway()
    {
        var story = Ready(Chlorine("CL-1")).Wait(200 - Instant);
        Assert.Empty(DataLost(story));
        story.Wait(2 * Instant);
        var alert = Assert.Single(DataLost(story));
        Assert.Equal(("CL-1", "CL-1 液氯包装15号秤: no data, maintenance needed"), (alert.Detector, alert.Text));
    }

    [Fact]
    public void Section3_more_than_ten_periods_was_normal_work_order_of_a_gateway_that_lives()
    {
        var source = new SourceStory(Chlorine("CL-1")).Fed(new GatewayId("GW-1"), 0).Feed("CL-1", 0.2).Wait(200 - Instant);
        Assert.Empty(source.Reports().Last().Told.Faults);
        source.Wait(2 * Instant);
        var (to, told) = source.Reports().Last();
        Assert.Equal(("GW-1", "CL-1", Health.Lost), (to, told.Faults.Single().Detector, told.Faults.Single().Health));
        Assert.Empty(DataLost(source));

        var gateway = new GatewayStory().Says("HS-1").Report().Alive(30).Says("HS-1", lost: ["CL-1"]).Alive(120);
        Assert.Equal(["CL-1"], Assert.Single(gateway.Events.OfType<MaintenanceOrdered>()).Faults.Select(f => f.Detector));
        Assert.Equal("CL-1", Assert.Single(gateway.Told<MonitoringFaultRaised>()).Detector);
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(20, 200)]
    [InlineData(30, 300)]
    public void Section3_more_than_ten_periods_was_active_without_a_neighbour_the_case_is_told_unwatched(double period, double limit)
    {
        var story = Ready(Chlorine("CL-1", period)).Feed("CL-1", 1.5).Forget().Wait(limit - Instant).Want("CL-1 Stale");
        Assert.False(Assert.Single(story.Told<OccurrenceDataLost>()).Unwatched);
        story.Wait(2 * Instant).Want("CL-1 Lost").WantColour(Colour.Yellow);
        Assert.Equal([false, true], story.Told<OccurrenceDataLost>().Select(m => m.Unwatched));
    }

    [Theory]
    [InlineData("hall", 0.2, true, false)]
    [InlineData("hall", 1.2, true, true)]
    [InlineData("hall", 0.2, false, true)]
    [InlineData("pump room", 0.2, true, true)]
    public void Section3_more_than_ten_periods_was_active_a_healthy_normal_neighbour_of_the_zone_watches(string zone, double neighbour, bool speaks, bool unwatched)
    {
        var story = Ready(Chlorine("CL-1"), Chlorine("CL-2", zone: zone)).Feed("CL-1", 1.5);
        if (speaks) story.Steady("CL-2", neighbour, TimeSpan.FromSeconds(200));
        else story.Wait(200);
        story.Forget().Wait(Instant);
        Assert.Equal(Health.Lost, story.Memo("CL-1").Health);
        var occurrence = story.Memo("CL-1").Live!.Occurrence;
        Assert.Equal(unwatched, story.Told<OccurrenceDataLost>().Any(m => m.Occurrence == occurrence && m.Unwatched));
        story.WantColour(Colour.Yellow);
    }

    [Theory]
    [InlineData(Colour.Yellow, true, Colour.Orange)]
    [InlineData(Colour.Orange, true, Colour.Red)]
    [InlineData(Colour.Red, true, Colour.Red)]
    [InlineData(Colour.Yellow, false, Colour.Yellow)]
    public void Section3_more_than_ten_periods_was_active_case_level_rises_by_one(Colour level, bool unwatched, Colour after)
    {
        var story = new CaseStory().Raise(level);
        Assert.Equal(level, story.State.Level);
        story.After(TimeSpan.FromSeconds(200)).Deliver(new OccurrenceDataLost(CaseStory.First, unwatched, story.Now));
        Assert.Equal(after, story.State.Level);
    }

    [Fact]
    public void Section3_gateway_lost_was_normal_one_gateway_case()
    {
        var story = new GatewayStory().Says("HS-1", 12).Says("HS-2", 10).Report().Alive(30).Wait(200).Says("HS-1", 12, lost: ["A", "B"]).Says("HS-2", 10, lost: ["C"]).Wait(3600);
        Assert.Single(story.Events.OfType<GatewayLost>());
        Assert.Empty(story.Events.OfType<MaintenanceOrdered>());
        var raised = Assert.Single(story.Told<MonitoringFaultRaised>());
        Assert.Equal(("GW-1", null, ""), (raised.Gateway, raised.Source, raised.Detector));
    }

    [Fact]
    public void Section3_gateway_lost_was_normal_its_detectors_grey_as_symptoms()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).Fed(new GatewayId("GW-1"), 0, 1).Feed("CL-1", 0.2).Feed("CL-2", 0.2).Forget()
            .Wait(200 + Instant).Want("CL-1 Stale", "CL-2 Stale", "Grey", "CL-1 Lost", "CL-2 Lost").WantColour(Colour.Grey);
        Assert.Empty(story.Told<MonitoringFaultRaised>());
        Assert.Empty(DataLost(story));
    }

    [Fact]
    public void Section3_gateway_lost_was_active_as_above_for_each_active_detector()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2"), Chlorine("CL-3")).Fed(new GatewayId("GW-1"), 0, 1, 2)
            .Feed("CL-3", 0.2).Feed("CL-1", 1.5).Feed("CL-2", 1.2).WantColour(Colour.Yellow).Forget().Wait(60 + Instant).WantColour(Colour.Yellow);
        OccurrenceId[] live = [story.Memo("CL-1").Live!.Occurrence, story.Memo("CL-2").Live!.Occurrence];
        Assert.Equal(live.Select(o => (o, false)), story.Told<OccurrenceDataLost>().Select(m => (m.Occurrence, m.Unwatched)));
        Assert.Equal(["CL-1", "CL-2"], DataLost(story).Select(a => a.Detector));
        story.Wait(140).WantColour(Colour.Yellow);
        Assert.Equal(live, story.Told<OccurrenceDataLost>().Where(m => m.Unwatched).Select(m => m.Occurrence));
    }

    [Fact]
    public void Section3_gateway_lost_was_active_a_healthy_normal_neighbour_at_another_gateway_watches()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).Fed(new GatewayId("GW-1"), 0).Fed(new GatewayId("GW-2"), 1)
            .Feed("CL-1", 1.5).Steady("CL-2", 0.2, TimeSpan.FromSeconds(200)).Wait(Instant).WantColour(Colour.Yellow);
        Assert.Equal(Health.Lost, story.Memo("CL-1").Health);
        Assert.All(story.Told<OccurrenceDataLost>(), m => Assert.False(m.Unwatched));
        Assert.All(DataLost(story), a => Assert.Equal("CL-1", a.Detector));
    }
}
