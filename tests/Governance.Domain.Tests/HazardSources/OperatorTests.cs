using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Operator and latch regions (alarms.md §2).</summary>
public sealed class OperatorTests
{
    private static SourceStory Active(double value) =>
        new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero) with { LatchFrom = AlarmLevel.Two }, Chlorine("CL-2")).At("14:10:00").Feed("CL-1", value).Forget();

    private static OccurrenceId Live(SourceStory story) => story.Memo("CL-1").Live!.Occurrence;

    [Theory]
    [InlineData(1.2, 30)]
    [InlineData(2.5, 10)]
    [InlineData(9, 5)]
    public void S5_an_acknowledgement_expires_while_the_alarm_is_active_and_it_is_announced_again(double value, int minutes)
    {
        var story = Active(value).Acknowledge("CL-1").Forget();
        story.Steady("CL-1", value, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(10)).Want();
        story.Wait(11);
        Assert.Contains(story.Events, e => e is HazardSourceEvent.AcknowledgementExpired);
        Assert.IsType<OperatorRegion.Unacknowledged>(story.Of("CL-1").Operator);
        Assert.Single(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.ReAlarmed);
    }

    [Fact]
    public void S5_what_returned_to_normal_is_not_announced_again()
    {
        var story = Active(1.2).Acknowledge("CL-1").Wait(10).Feed("CL-1", 0.2).Wait(TimeSpan.FromHours(1));
        Assert.DoesNotContain(story.Events, e => e is HazardSourceEvent.AcknowledgementExpired);
    }

    [Fact]
    public void S5_a_rise_voids_the_acknowledgement_and_its_expiry()
    {
        var story = Active(1.2).Acknowledge("CL-1").Wait(10).Feed("CL-1", 2.5);
        Assert.Equal(story.Now + TimeSpan.FromMinutes(10), Assert.IsType<OperatorRegion.Unacknowledged>(story.Of("CL-1").Operator).DueBy);
    }

    [Fact]
    public void S12_an_expiry_that_was_missed_fires_once_and_says_how_late() =>
        Active(9).Acknowledge("CL-1").Forget().At("14:20:00").Feed("CL-1", 9).Want("CL-1 Stale late 540 s", "CL-1 Lost late 500 s", "CL-1 acknowledgement expired late 300 s", "CL-1 trusted");

    [Fact]
    public void Confirming_needs_an_acknowledgement_and_an_action()
    {
        var story = Active(2.5);
        story.Command(new ConfirmOccurrence(Live(story), "valve closed")).WantRefusal("NOT_ACKNOWLEDGED");
        story.Acknowledge("CL-1").Forget().Command(new ConfirmOccurrence(Live(story), " ")).WantRefusal("REASON_MISSING");
        story.Command(new ConfirmOccurrence(Live(story), "valve closed")).Want("CL-1 confirmed");
        Assert.Equal("liu", Assert.IsType<OperatorRegion.Confirmed>(story.Of("CL-1").Operator).By);
        story.Command(new ConfirmOccurrence(Live(story), "again")).WantRefusal(null).Want();
    }

    [Fact]
    public void A_confirmation_expires_as_well()
    {
        var story = Active(2.5).Acknowledge("CL-1");
        story.Command(new ConfirmOccurrence(Live(story), "valve closed")).Steady("CL-1", 2.5, TimeSpan.FromMinutes(10)).Wait(1);
        Assert.IsType<OperatorRegion.Unacknowledged>(story.Of("CL-1").Operator);
    }

    [Fact]
    public void S10_a_latch_is_not_reset_while_the_condition_is_true()
    {
        var story = Active(2.5).Command(new ResetLatch("CL-1", "looks fine")).WantRefusal("CONDITION_STILL_TRUE").Wait(10).Feed("CL-1", 0.2).Forget();
        story.Command(new ResetLatch("CL-1", "")).WantRefusal("REASON_MISSING").Command(new ResetLatch("CL-1", "gasket replaced")).WantRefusal(null).Want("CL-1 latch reset");
        Assert.IsType<LatchRegion.None>(story.Of("CL-1").Handling.Latch);
    }

    [Fact]
    public void S3_the_latch_keeps_the_highest_peak_of_several_occurrences()
    {
        var story = Active(2.5).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 9).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 2.2).Wait(10).Feed("CL-1", 0.2);
        Assert.Equal((AlarmLevel.Three, 9.0), Assert.IsType<LatchRegion.Latched>(story.Of("CL-1").Handling.Latch) is var l ? (l.Peak, l.PeakValue) : default);
    }

    [Fact]
    public void Level_one_does_not_latch_from_level_two() => Assert.IsType<LatchRegion.None>(Active(1.2).Of("CL-1").Handling.Latch);
}
