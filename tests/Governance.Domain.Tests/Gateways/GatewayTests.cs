using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Tests.Gateways;

/// <summary>Session fence (P5), silence and symptoms (§3), skew ledger (§5) of a device gateway.</summary>
public sealed class GatewayTests
{
    [Fact]
    public void P5_a_stream_of_a_lower_epoch_is_told_of_and_speaks_for_nobody_but_another_device_is_not_silenced()
    {
        var story = new GatewayStory().Says("HS-1").Report(1, epoch: 5).Report(2, epoch: 4);
        // Where it uses a detector whose epoch is over, that detector's source fences it.
        Assert.Null(story.Fence);
        for (var i = 0; i < 60; i++) story.Wait(5).Report(2, epoch: 4);
        Assert.Equal(GatewayStory.Session(1), story.State.Session!.Id);
        // Told once in ten minutes, and its frames are no sign of life of the gateway.
        Assert.Single(story.Alerts(AlertKind.SecurityEvent));
        Assert.Single(story.Events.OfType<GatewayLost>());
        for (var i = 0; i < 60; i++) story.Wait(6).Report(2, epoch: 4);
        Assert.Equal(2, story.Alerts(AlertKind.SecurityEvent).Count());
    }

    [Fact]
    public void P5_the_newer_stream_goes_on_and_the_older_one_ends_whatever_it_says_later()
    {
        var story = new GatewayStory().Report(1).Wait(5).Report(2);
        Assert.Null(story.Fence);
        Assert.Equal(GatewayRules.Superseded, story.Report(1, silentFor: 5).Fence);
        Assert.Null(story.Report(2).Fence);
        // The end of a stream that is over ends nothing.
        story.Report(1, ended: true, silentFor: 5);
        Assert.Null(story.State.Session!.EndedAt);
        Assert.Equal(GatewayRules.Superseded, story.Crash().Report(1, silentFor: 5).Fence);
        Assert.Empty(story.Alerts(AlertKind.SecurityEvent));
    }

    [Fact]
    public void P5_two_devices_of_one_name_are_a_security_event_and_reconnects_over_half_open_streams_are_none()
    {
        var story = new GatewayStory();
        for (var session = 1; session <= 10; session++) story.Report(session).Wait(3).Report(Math.Max(1, session - 1), silentFor: 3);
        Assert.Empty(story.Alerts(AlertKind.SecurityEvent));
        // A stream that goes on sending after it was superseded.
        for (var i = 0; i < 30; i++) story.Wait(6).Report(9).Report(10);
        Assert.Single(story.Alerts(AlertKind.SecurityEvent));
        Assert.Single(story.Events.OfType<SessionsContended>());
    }

    [Fact]
    public void A_gateway_that_reconnects_all_the_time_does_not_hide_its_dead_detector()
    {
        var story = new GatewayStory().Says("HS-1", 4).Report().Says("HS-1", 4, lost: ["A"]);
        for (var session = 2; session < 10; session++) story.Wait(20).Report(session);
        Assert.Equal("A", Assert.Single(story.Told<MonitoringFaultRaised>()).Detector);
    }

    [Fact]
    public void Section3_a_lost_gateway_is_one_case_and_its_detectors_are_symptoms()
    {
        var story = new GatewayStory().Says("HS-1", 12).Says("HS-2", 10).Report().Alive(30).Wait(59);
        Assert.Empty(story.Alerts(AlertKind.GatewayLost));
        story.Wait(1);
        var raised = Assert.Single(story.Told<MonitoringFaultRaised>());
        Assert.Contains("22 detectors of 2 sources", raised.Text, StringComparison.Ordinal);
        Assert.Single(story.Alerts(AlertKind.GatewayLost));
        // Every detector falls silent for good: nobody is told of each.
        story.Wait(60).Says("HS-1", 12, lost: ["A", "B"]).Says("HS-2", 10, lost: ["C"]).Wait(3600);
        Assert.Single(story.Told<MonitoringFaultRaised>());
        Assert.Empty(story.Alerts(AlertKind.DataLost));
        story.Report(2);
        Assert.Equal(raised.Occurrence, Assert.Single(story.Told<OccurrenceCleared>()).Occurrence);
        Assert.Single(story.Alerts(AlertKind.GatewayReturned));
    }

    [Fact]
    public void Section3_a_detector_that_stays_silent_after_its_gateway_came_back_is_a_work_order()
    {
        var story = new GatewayStory().Says("HS-1").Report().Wait(60).Wait(60).Says("HS-1", lost: ["A", "B"]).Wait(600).Report(2).Alive(30, 2).Says("HS-1", lost: ["B"]);
        Assert.Empty(story.Events.OfType<MaintenanceOrdered>());
        story.Alive(35, 2);
        var ordered = Assert.Single(story.Events.OfType<MaintenanceOrdered>());
        Assert.Equal(["B"], ordered.Faults.Select(f => f.Detector));
        Assert.Equal("B", Assert.Single(story.Alerts(AlertKind.DataLost)).Detector);
        story.Says("HS-1");
        Assert.Equal(ordered.Faults[0].Occurrence, story.Told<OccurrenceCleared>().Last().Occurrence);
        Assert.Single(story.Alerts(AlertKind.DataRestored));
    }

    [Fact]
    public void Section3_silence_of_a_detector_whose_gateway_is_there_is_a_work_order()
    {
        var story = new GatewayStory().Says("HS-1", 4).Report().Alive(300).Says("HS-1", 4, lost: ["A"]).Alive(50);
        Assert.Empty(story.Told<MonitoringFaultRaised>());
        story.Alive(10);
        var first = Assert.Single(story.Told<MonitoringFaultRaised>());
        Assert.Equal(("A", new HazardSourceId("HS-1")), (first.Detector, first.Source!.Value));
        // Another one of the same source joins the case; the first is not told again.
        story.Says("HS-1", 4, lost: ["A", "B"]).Alive(65);
        Assert.Equal(["A", "B"], story.Told<MonitoringFaultRaised>().Select(m => m.Detector));
        Assert.Single(story.Sends.Where(s => s.Message is MonitoringFaultRaised).Select(s => s.To).Distinct());
        // Mended and broken within ten minutes: the same case.
        story.Says("HS-1", 4).Alive(300).Says("HS-1", 4, lost: ["A"]).Alive(65);
        Assert.Single(story.Sends.Where(s => s.Message is MonitoringFaultRaised).Select(s => s.To).Distinct());
        story.Says("HS-1", 4).Alive(700).Says("HS-1", 4, lost: ["A"]).Alive(65);
        Assert.Equal(2, story.Sends.Where(s => s.Message is MonitoringFaultRaised).Select(s => s.To).Distinct().Count());
    }

    [Fact]
    public void Section3_detectors_that_come_and_go_do_not_put_a_work_order_off()
    {
        var story = new GatewayStory().Says("HS-1", 4).Report().Says("HS-1", 4, lost: ["A"]);
        for (var i = 0; i < 4; i++) story.Alive(20).Says("HS-1", 4, lost: i % 2 == 0 ? ["A", "B"] : ["A"]);
        Assert.Contains(story.Told<MonitoringFaultRaised>(), m => m.Detector == "A");
    }

    [Fact]
    public void Section3_many_faults_at_once_are_one_alert_and_each_is_in_the_case()
    {
        string[] all = [.. Enumerable.Range(1, 24).Select(i => $"D-{i:00}")];
        var story = new GatewayStory().Says("HS-1", 24).Report().Says("HS-1", 24, lost: all).Alive(65);
        Assert.Equal(24, story.Told<MonitoringFaultRaised>().Count());
        Assert.Single(story.Alerts(AlertKind.DataLost));
        story.Says("HS-1", 24);
        Assert.Equal(24, story.Told<OccurrenceCleared>().Count());
        Assert.Single(story.Alerts(AlertKind.DataRestored));
    }

    [Fact]
    public void Silence_while_nobody_listened_proves_nothing()
    {
        var story = new GatewayStory().Says("HS-1").Report().Alive(30).Crash();
        // The node was away for ten minutes; the gateway connects again at once.
        story.Wait(55).Report(2).Alive(60, 2);
        Assert.Empty(story.Events.OfType<GatewayLost>());
        var gone = new GatewayStory().Says("HS-1").Report().Crash().Wait(60);
        Assert.Single(gone.Events.OfType<GatewayLost>());
    }

    [Fact]
    public void Once_is_once_across_a_crash()
    {
        var story = new GatewayStory().Says("HS-1").Report().Wait(60).Crash().Wait(600).Report(2).Crash().Alive(30, 2);
        Assert.Single(story.Events.OfType<GatewayLost>());
        Assert.Single(story.Events.OfType<GatewayReturned>());
        story.Says("HS-1", lost: ["A"]).Alive(30, 2).Crash().Alive(70, 2).Crash().Alive(70, 2);
        Assert.Single(story.Told<MonitoringFaultRaised>(), m => m.Detector == "A");
    }

    [Fact]
    public void A_slow_gateway_is_given_three_periods()
    {
        var story = new GatewayStory().Says("HS-1", period: 300).Report().Wait(899);
        Assert.Empty(story.Events.OfType<GatewayLost>());
        story.Wait(1);
        Assert.IsType<GatewayLost>(story.Events.Last());
        Assert.Equal(TimeSpan.FromSeconds(900), new GatewayStory().Says("HS-1", period: 300).State.SilentAfter);
        // Its quickest detector counts; when that one goes, the next.
        var two = new GatewayStory().Says("HS-1", period: 300).Says("HS-2", period: 100);
        Assert.Equal(TimeSpan.FromSeconds(300), two.State.SilentAfter);
        Assert.Equal(TimeSpan.FromSeconds(900), two.Says("HS-2", detectors: 0).State.SilentAfter);
    }

    [Fact]
    public void A_gateway_that_feeds_nothing_is_missed_by_nobody()
    {
        var story = new GatewayStory().Report().Wait(3600);
        Assert.Empty(story.Events.OfType<GatewayLost>());
        // Another gateway took over what it fed: the case about it can be closed.
        story.Says("HS-1").Report().Wait(120).Says("HS-1", detectors: 0);
        Assert.Single(story.Events.OfType<GatewayReturned>());
        Assert.Single(story.Told<OccurrenceCleared>());
    }

    [Fact]
    public void A_closed_case_is_followed_by_another()
    {
        var story = new GatewayStory().Says("HS-1").Report().Says("HS-1", lost: ["A"]).Alive(65);
        var (first, at) = story.Sends.Where(s => s.Message is MonitoringFaultRaised).Select(s => ((MonitoringFaultRaised)s.Message, new CaseKey(s.To.Id))).Single();
        story.CaseClosed(first, at);
        var next = story.Sends.Last();
        Assert.NotEqual(at.Value, next.To.Id);
        Assert.Equal(first, next.Message);
        // Its end finds the case that it moved to.
        story.Says("HS-1");
        Assert.Equal(next.To, story.Sends.Last(s => s.Message is OccurrenceCleared).To);
        story.Crash();
    }

    [Fact]
    public void A_gateway_of_several_subdistricts_tells_each_and_its_case_is_the_districts()
    {
        var story = new GatewayStory().Says("HS-1", area: "410803001").Says("HS-2", area: "410803004").Report().Wait(60);
        Assert.Equal(["410803001", "410803004"], story.Alerts(AlertKind.GatewayLost).Select(a => a.Area.Value).Order());
        Assert.Equal("410803", Assert.Single(story.Told<MonitoringFaultRaised>()).Area.Value);
        Assert.Equal(story.Alerts(AlertKind.GatewayLost).Count(), story.Alerts(AlertKind.GatewayLost).Select(a => a.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(1.9, SkewClass.Agrees)]
    [InlineData(2.1, SkewClass.Off)]
    [InlineData(-59, SkewClass.Off)]
    [InlineData(-61, SkewClass.Untrusted)]
    public void Section5_a_clock_that_is_off_warns_and_one_that_is_far_off_is_not_used(double seconds, SkewClass expected)
    {
        var story = new GatewayStory().Says("HS-1").Report(skew: TimeSpan.FromSeconds(seconds));
        Assert.Equal(expected, story.State.SkewClass);
        Assert.Equal(expected == SkewClass.Agrees ? 0 : 1, story.Alerts(AlertKind.ClockSkewed).Count());
    }

    [Fact]
    public void Section5_a_clock_at_the_bound_does_not_tell_again_and_again()
    {
        var story = new GatewayStory().Says("HS-1");
        for (var i = 0; i < 20; i++) story.Wait(5).Report(skew: TimeSpan.FromSeconds(i % 2 == 0 ? 2.1 : 1.9));
        Assert.Single(story.Events.OfType<SkewChanged>());
        story.Report(skew: TimeSpan.Zero);
        Assert.Single(story.Alerts(AlertKind.ClockAgrees));
    }

    [Fact]
    public void Section5_skew_is_the_least_of_a_window_and_a_frame_seen_again_changes_nothing()
    {
        var at = GatewayStory.Day;
        var skew = ClockSkew.None.Seen(at, at.AddSeconds(-3)).Seen(at.AddSeconds(1), at.AddSeconds(1).AddMilliseconds(-20));
        Assert.Equal(TimeSpan.FromMilliseconds(20), skew.Value);
        Assert.Equal(skew, skew.Seen(at, at.AddSeconds(-3)));
        // The clock is set back by 90 s: known a minute or two later, not at once by one late frame.
        for (var s = 2; s < 58; s++) skew = skew.Seen(at.AddSeconds(s), at.AddSeconds(s - 90));
        Assert.True(skew.IsTrusted);
        for (var s = 58; s < 130; s++) skew = skew.Seen(at.AddSeconds(s), at.AddSeconds(s - 90));
        Assert.Equal((TimeSpan.FromSeconds(90), false), (skew.Value, skew.IsTrusted));
    }

    /// <summary>After a restart its own silence is waited for first: else one dead gateway is one case of its own and one of every source.</summary>
    [Fact]
    public void A_slow_gateway_that_is_gone_after_a_restart_is_one_case()
    {
        var story = new GatewayStory().Says("HS-1", period: 300).Report().Crash().Says("HS-1", period: 300, lost: ["A"]).Wait(1000);
        Assert.Single(story.Events.OfType<GatewayLost>());
        Assert.Empty(story.Events.OfType<MaintenanceOrdered>());
    }

    [Fact]
    public void A_slow_detector_has_its_period_to_speak_again_after_an_outage()
    {
        var story = new GatewayStory().Says("HS-1", period: 300).Report().Says("HS-1", period: 300, lost: ["A"]).Wait(1000).Report();
        Assert.False(story.State.IsLost);
        story.Alive(300);
        Assert.Empty(story.Events.OfType<MaintenanceOrdered>());
        story.Alive(200);
        Assert.Single(story.Events.OfType<MaintenanceOrdered>());
    }

    [Fact]
    public void A_report_that_came_late_is_no_sign_of_life()
    {
        var story = new GatewayStory().Says("HS-1").Report().Wait(100);
        Assert.True(story.State.IsLost);
        // An open stream that says nothing: the report took two seconds longer than those before.
        Assert.True(story.Report(silentFor: 98).State.IsLost);
        Assert.False(story.Report().State.IsLost);
        Assert.Single(story.Events.OfType<GatewayLost>());
    }
}
