using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>What a source tells the gateway that feeds it (§3), and what a gateway's clock does to evaluation (§5).</summary>
public sealed class FeedTests
{
    private static readonly GatewayId One = new("GW-1"), Two = new("GW-2");

    [Fact]
    public void The_feeder_is_journaled_once_and_told_what_it_feeds()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).Fed(One, 0, 1).Fed(One, 0, 1);
        Assert.Single(story.Events.OfType<DetectorsFed>());
        var (to, told) = Assert.Single(story.Reports());
        Assert.Equal(("GW-1", 2), (to, told.Detectors));
        // Another gateway takes one of them over: both are told.
        story.Fed(Two, 1);
        Assert.Equal([("GW-1", 1), ("GW-2", 1)], story.Reports().Skip(1).Select(r => (r.To, r.Told.Detectors)));
    }

    [Fact]
    public void Section3_a_lost_detector_of_a_known_gateway_is_the_gateways_to_tell()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).Fed(One, 0, 1).Feed("CL-1", 0.1).Feed("CL-2", 0.1).Wait(700);
        Assert.Equal(["CL-1", "CL-2"], story.Reports().Last().Told.Faults.Select(f => f.Detector));
        Assert.DoesNotContain(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.DataLost);
        story.Feed("CL-1", 0.1);
        Assert.Equal(["CL-2"], story.Reports().Last().Told.Faults.Select(f => f.Detector));
    }

    [Fact]
    public void Section3_a_lost_detector_with_a_live_alarm_is_told_at_once_gateway_or_not()
    {
        var story = new SourceStory(Chlorine("CL-1")).Fed(One, 0).Feed("CL-1", 2.6).Wait(700);
        Assert.Contains(story.Told<AlertPublished>(), m => m.Alert.Kind == AlertKind.DataLost && m.Alert.Text.Contains("data lost while active", StringComparison.Ordinal));
        Assert.Contains(story.Told<OccurrenceDataLost>(), m => m.Unwatched);
    }

    [Fact]
    public void Section3_out_of_service_is_no_fault()
    {
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2")).Fed(One, 0, 1).Feed("CL-1", 0.1).Feed("CL-2", 0.1)
            .Command(new OpenPermit("P-1", ["CL-1"], SourceStory.Time("20:00:00"), "work"))
            .Command(new TakeOutOfService("CL-1", "P-1", SourceStory.Time("18:00:00"), "work"));
        story.Wait(700);
        Assert.Equal(["CL-2"], story.Reports().Last().Told.Faults.Select(f => f.Detector));
        story.Command(new ReturnToService("CL-1"));
        Assert.Equal(["CL-1", "CL-2"], story.Reports().Last().Told.Faults.Select(f => f.Detector));
    }

    [Fact]
    public void P2_a_number_used_twice_is_a_security_event()
    {
        var story = new SourceStory(Chlorine("CL-1")).Feed("CL-1", 0.1);
        var decision = HazardSourceRules.Reused(story.State, 0, 1, new SeqRange(1, 1), One, story.Now);
        Assert.IsType<SequenceReused>(Assert.Single(decision.Events));
        Assert.Equal(AlertKind.SecurityEvent, ((AlertPublished)Assert.Single(decision.Sends).Message).Alert.Kind);
    }

    [Fact]
    public void Section5_evidence_of_a_clock_that_is_off_is_flagged()
    {
        var story = new SourceStory(Chlorine("CL-1"));
        story.Evaluate(Segment(story, 1, 2.6, TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(5), story.Events.OfType<OccurrenceActivated>().Single().Cause.Skew);
        var agrees = new SourceStory(Chlorine("CL-1"));
        agrees.Evaluate(Segment(agrees, 1, 2.6, TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, agrees.Events.OfType<OccurrenceActivated>().Single().Cause.Skew);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(30)]
    [InlineData(-4000)]
    [InlineData(4000)]
    public void Section5_a_rate_and_an_off_delay_are_right_whatever_the_gateways_clock_says(double offSeconds)
    {
        var off = TimeSpan.FromSeconds(offSeconds);
        var story = new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.FromSeconds(40)));
        story.Evaluate(Segment(story, 1, 2.6, off));
        for (var seq = 2L; story.Events.OfType<ReturnedToNormal>().Any() is false && seq < 20; seq++)
        {
            story.Wait(20);
            story.Evaluate(Segment(story, seq, 0.1, off));
        }
        // Below the reset value from 20 s on, for 40 s.
        Assert.Equal(SourceStory.Time("14:01:00"), story.Events.OfType<ReturnedToNormal>().Single().At);
    }

    /// <summary>The clock is put forward by 40 s just when the value leaps: a rate by stamps would be a fortieth.</summary>
    [Fact]
    public void Section5_a_clock_that_is_put_forward_hides_no_rise()
    {
        var rate = new Limit(LimitDirection.Rate, AlarmLevel.One, 30, 0, TimeSpan.Zero, 0, TimeSpan.Zero);
        var story = new SourceStory(new DetectorConfig(new DetectorId("TT-1"), HazardKind.Temperature, "degC", TimeSpan.FromSeconds(20), -50, 300, 0, "", "", [rate]));
        for (var seq = 1L; seq <= 5; seq++) story.Evaluate(Segment(story, seq, 10, TimeSpan.Zero)).Wait(20);
        story.Evaluate(Segment(story, 6, 25, TimeSpan.FromSeconds(-40)));
        Assert.Single(story.Events.OfType<OccurrenceActivated>());
    }

    [Fact]
    public void Section5_one_frame_that_was_late_for_minutes_is_no_wrong_clock()
    {
        var story = new SourceStory(Chlorine("CL-1"));
        story.Evaluate(Segment(story, 1, 0.1, TimeSpan.Zero)).Wait(400);
        story.Evaluate(Segment(story, 2, 0.1, TimeSpan.FromSeconds(110)));
        Assert.True(story.State.Skews[0].Skew.IsTrusted);
    }

    [Fact]
    public void Section5_a_stamp_from_the_future_does_not_advance_the_last_sample()
    {
        var story = new SourceStory(Chlorine("CL-1"));
        story.Evaluate(Segment(story, 1, 0.1, TimeSpan.Zero));
        story.Wait(20);
        story.Evaluate(Segment(story, 2, 0.1, TimeSpan.Zero, ahead: TimeSpan.FromHours(1)));
        Assert.Equal(SourceStory.Time("14:00:00"), story.Memo("CL-1").LastSampledAt);
    }

    /// <summary>One reading of a gateway whose clock is behind by so much; its sample was taken as it was sent.</summary>
    private static ReadingSegment Segment(SourceStory story, long seq, double value, TimeSpan behind, TimeSpan ahead = default) =>
        new(One, 1, ClockId.Wall, story.Now, story.Now - behind, false, [new Reading(0, seq, story.Now - behind + ahead, story.Now - behind, value, Quality.Good)]);
}
