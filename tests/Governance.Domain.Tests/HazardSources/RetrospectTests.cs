using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>P7: what comes too late to act on.</summary>
public sealed class RetrospectTests
{
    private static SourceStory Plant() => new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 0.1).Forget();

    private static SourceStory Late(SourceStory story, double value, int minutesAgo, Quality quality = Quality.Good) =>
        story.Feed("CL-1", value, quality, taken: TimeSpan.FromMinutes(-minutesAgo), sampled: TimeSpan.FromMinutes(-minutesAgo));

    [Fact]
    public void P7_a_historical_exceedance_is_a_finding_and_never_an_alarm()
    {
        var story = Late(Plant(), 2.5, 30).Want("CL-1 history 2").WantColour(Colour.Blue);
        Assert.Empty(story.Told<OccurrenceRaised>());
        Assert.Equal((AlarmLevel.Two, 2.5), story.Told<AlertPublished>().Single(m => m.Alert.Kind == AlertKind.RetrospectiveFinding).Alert is var a ? (a.Level, a.Value) : default);
    }

    [Fact]
    public void P7_one_outage_is_one_finding_until_it_gets_worse()
    {
        var story = Plant();
        Late(Late(Late(story, 1.2, 30), 1.5, 29), 1.1, 28).Want("CL-1 history 1");
        Late(Late(story, 9, 27), 3, 26).Want("CL-1 history 3");
        // Another day is another finding.
        Late(story, 1.2, 600).Want("CL-1 history 1");
    }

    [Fact]
    public void P7_the_live_alarm_between_the_backlog_is_raised_at_once_and_makes_no_finding_of_its_own()
    {
        var story = Late(Plant(), 1.2, 30).Want("CL-1 history 1").Wait(1).Feed("CL-1", 2.5).Want("CL-1 active 2", "incident", "Orange");
        // What the live alarm has seen itself is no news; what lies before it is.
        Late(story.Wait(300).Forget(), 2.1, 3).Want();
        Late(story, 2.1, 40).Want("CL-1 history 2");
    }

    [Theory]
    [InlineData(0.5, Quality.Good)]
    [InlineData(9, Quality.Bad)]
    [InlineData(9, Quality.Calibration)]
    [InlineData(9, Quality.Manual)]
    public void P7_what_is_no_trustworthy_exceedance_is_no_finding(double value, Quality quality) => Late(Plant(), value, 30, quality).Want();
}
