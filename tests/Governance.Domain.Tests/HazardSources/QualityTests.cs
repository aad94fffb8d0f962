using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Rows of alarms.md §3 and §4 that concern frozen values, tests and drift, and P8.</summary>
public sealed class QualityTests
{
    private static SourceStory Noisy() => new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero) with { FrozenSamples = 4 }, Chlorine("CL-2")).At("14:10:00").Feed("CL-1", 0.11).Feed("CL-2", 0.1).Forget();

    [Fact]
    public void Frozen_the_same_value_too_often_is_not_trusted()
    {
        var story = Noisy().Wait(10).Feed("CL-1", 0.11).Wait(10).Feed("CL-1", 0.11).Want().Wait(10).Feed("CL-1", 0.11).Want("CL-1 Frozen");
        Assert.Equal(1, story.State.HealthyDetectors);
        Assert.Single(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.DataLost);
        story.Wait(10).Feed("CL-1", 0.11).Want().Wait(10).Feed("CL-1", 0.12).Want("CL-1 trusted");
    }

    [Fact]
    public void Frozen_over_the_limit_stays_active()
    {
        var story = Noisy();
        for (var i = 0; i < 6; i++) story.Wait(10).Feed("CL-1", 1.5).Feed("CL-2", 0.1);
        Assert.Equal((AlarmLevel.One, Health.Frozen), (story.Of("CL-1").Level, story.Memo("CL-1").Health));
        story.WantColour(Colour.Yellow);
    }

    [Fact]
    public void Frozen_saturation_is_danger_and_not_a_fault()
    {
        var story = Noisy();
        for (var i = 0; i < 6; i++) story.Wait(10).Feed("CL-1", 20);
        Assert.Equal((AlarmLevel.Three, Health.Trusted), (story.Of("CL-1").Level, story.Memo("CL-1").Health));
    }

    [Fact]
    public void Frozen_is_not_looked_for_where_no_noise_is_expected()
    {
        var story = new SourceStory(Chlorine("CL-1")).At("14:10:00");
        for (var i = 0; i < 50; i++) story.Feed("CL-1", 0).Wait(10);
        Assert.Equal(Health.Trusted, story.Memo("CL-1").Health);
    }

    [Theory]
    [InlineData(Quality.Calibration)]
    [InlineData(Quality.Maintenance)]
    public void C_and_M_are_evaluated_in_the_shadow_and_need_an_open_permit(Quality quality)
    {
        var story = Noisy().Wait(10).Feed("CL-1", 0.3, quality).Want("CL-1 test 0 unannounced").Wait(10).Feed("CL-1", 2.4, quality).Want("CL-1 test 2 unannounced").Wait(10).Feed("CL-1", 1.2, quality).Want();
        Assert.Single(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.UnannouncedTest);
        story.Wait(10).Feed("CL-1", 0.12).Command(new OpenPermit("P-1", ["CL-1"], story.Now.AddHours(1), "bump test")).Forget();
        story.Wait(10).Feed("CL-1", 9, quality).Want("CL-1 test 3 under P-1").WantColour(Colour.Blue);
        Assert.Single(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.UnannouncedTest);
    }

    [Fact]
    public void Small_negatives_within_zero_drift_are_counted()
    {
        var story = Noisy().Wait(10).Feed("CL-1", -0.2).Wait(10).Feed("CL-1", -0.3).Wait(10).Feed("CL-1", 0.1);
        Assert.Equal(2, story.Memo("CL-1").DriftSamples);
    }

    [Fact]
    public void P8_of_two_samples_with_one_stamp_the_more_dangerous_counts()
    {
        var story = Noisy().Wait(10).Feed("CL-1", 2.5).Feed("CL-1", 0.2);
        Assert.Equal(AlarmLevel.Two, story.Of("CL-1").Level);
        story = Noisy().Wait(10).Feed("CL-1", 0.2).Feed("CL-1", 2.5);
        Assert.Equal(AlarmLevel.Two, story.Of("CL-1").Level);
    }

    [Fact]
    public void P8_a_clock_that_stands_still_does_not_keep_an_alarm_alive()
    {
        var story = Noisy().Wait(10).Feed("CL-1", 2.5);
        Assert.Equal(AlarmLevel.None, story.Wait(10).Feed("CL-1", 0.2, sampled: TimeSpan.FromSeconds(-10)).Of("CL-1").Level);
    }
}
