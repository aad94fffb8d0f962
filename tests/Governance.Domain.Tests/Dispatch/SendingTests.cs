using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Tests.Dispatch;

/// <summary>What becomes of a message: sent, tried again on the schedule of the policy, a dead letter, or not needed any more.</summary>
public sealed class SendingTests
{
    [Fact]
    public void What_fails_is_tried_again_on_the_schedule_and_then_it_is_a_dead_letter()
    {
        var desk = new DeskStory().Offer(level: Colour.Yellow).Sendings(SendingPhase.Sent, channel: "mail").Sendings(SendingPhase.Sent, channel: "sms");
        var gaps = new List<double>();
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            desk.Sendings(SendingPhase.Dead, "HTTP 503");
            var failed = Assert.IsType<SendingFailed>(desk.Events[^1]);
            gaps.Add((failed.NextAt!.Value - desk.Now).TotalSeconds);
            desk.WaitUntil(failed.NextAt.Value.ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm:ss", null));
        }
        // The chain went on meanwhile: only the first message is looked at.
        Assert.Equal([2, 5, 15, 60, 300], gaps[..5]);
        Assert.True(desk.State.Notifications["YJ-1"].AllSendings.First().Attempts >= 5);
    }

    [Fact]
    public void The_last_attempt_makes_a_dead_letter_that_is_told_and_can_be_sent_again()
    {
        var policy = Registry.District.Policy.Router;
        var desk = new DeskStory(policy: policy with { Notifications = policy.Notifications with { Retries = [TimeSpan.FromSeconds(2)] } }).Offer();
        desk.Sendings(SendingPhase.Dead, "refused").WaitUntil("14:10:02").Sendings(SendingPhase.Dead, "refused");
        Assert.All(desk.State.Notifications["YJ-1"].AllSendings, s => Assert.Equal((SendingPhase.Dead, 2, "refused"), (s.Phase, s.Attempts, s.Error)));
        Assert.Equal([AlertKind.DeadLetter, AlertKind.DeadLetter, AlertKind.DeadLetter], desk.Alerts.Select(a => a.Kind));
        Assert.Contains("SYN-YJ-DAY could not be sent: refused", desk.Alerts[0].Text);
        desk.Command(new DepartmentCommand.RetryDeadLetter("YJ-1", 1), role: Roles.Operator).Want(null).Sendings(SendingPhase.Sent);
        Assert.Equal((SendingPhase.Sent, "SYN-YJ-DAY"), (desk.State.Notifications["YJ-1"].AllSendings.First().Phase, desk.State.Notifications["YJ-1"].AllSendings.First().RetriedBy));
        // Of what is confirmed, a message may be sent by hand, and fails once.
        desk.Confirm().Command(new DepartmentCommand.RetryDeadLetter("YJ-1", 0), role: Roles.Operator).Want(null).Sendings(SendingPhase.Dead, "refused");
        Assert.Equal(2, desk.State.Notifications["YJ-1"].AllSendings.Count(s => s.Phase == SendingPhase.Dead));
        Assert.Empty(desk.Deadlines);
    }

    [Fact]
    public void What_nobody_sends_here_is_skipped_and_no_dead_letter()
    {
        var desk = new DeskStory().Offer().Sendings(SendingPhase.Skipped, "nothing sends over sms here");
        Assert.All(desk.State.Notifications["YJ-1"].AllSendings, s => Assert.Equal(SendingPhase.Skipped, s.Phase));
        Assert.Empty(desk.Alerts);
    }

    [Fact]
    public void A_confirmed_notification_is_not_sent_again()
    {
        var desk = new DeskStory().Offer().Sendings(SendingPhase.Dead, "busy", "webhook").Confirm();
        Assert.Equal(SendingPhase.Dropped, desk.State.Notifications["YJ-1"].AllSendings.First().Phase);
        desk.Sendings(SendingPhase.Dead, "busy");
        Assert.DoesNotContain(desk.State.Notifications["YJ-1"].AllSendings, s => s.Phase is SendingPhase.UnderWay or SendingPhase.Waiting or SendingPhase.Dead);
        Assert.Empty(desk.Alerts);
    }

    [Fact]
    public void A_late_word_changes_nothing()
    {
        var desk = new DeskStory().Offer().Sendings(SendingPhase.Sent);
        var events = desk.Events.Count;
        desk.Attempted(new SendingResult("YJ-1", 1, SendingPhase.Dead, "x"), new SendingResult("YJ-1", 99, SendingPhase.Sent, ""), new SendingResult("YJ-77", 1, SendingPhase.Sent, ""));
        Assert.Equal(events, desk.Events.Count);
    }

    [Fact]
    public void An_impossible_event_is_loud()
    {
        var desk = new DeskStory().Offer().Confirm();
        var rules = new DepartmentRules(desk.Policy);
        Assert.Throws<InvalidOperationException>(() => rules.Evolve(desk.State, new NotificationConfirmed(desk.Now, "YJ-1", "x")));
        Assert.Throws<InvalidOperationException>(() => rules.Evolve(desk.State, new SendingEnded(desk.Now, "YJ-1", 99, SendingPhase.Sent, "")));
        Assert.Throws<InvalidOperationException>(() => rules.Evolve(desk.State, new NotificationOpened(desk.Now, "YJ-1", NotificationKind.Task, "", Colour.Red, "", "", false, "", "desk")));
    }

    /// <summary>
    /// Whatever happens in whatever order: the journal gives the same state, no deadline is left behind, whoever is called has
    /// a limit, and no message that ended is tried again.
    /// </summary>
    [Property(MaxTest = 200)]
    public Property Any_day_keeps_its_promises() => Prop.ForAll(Gen.ListOf(Gen.Choose(0, 9)).ToArbitrary(), steps =>
    {
        var desk = new DeskStory();
        var minute = 0;
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            _ = step switch
            {
                0 => desk.Offer($"C{i % 5}", (Colour)(1 + i % 4)),
                1 => desk.Sendings(SendingPhase.Sent),
                2 => desk.Sendings(SendingPhase.Dead, "no"),
                3 => desk.Sendings(SendingPhase.Skipped, "none"),
                4 => desk.Command(new DepartmentCommand.ConfirmDelivery($"YJ-{1 + i % 4}")),
                5 => desk.Deliver(new TaskClosed(new CaseKey($"C{i % 5}"), desk.Now)),
                6 => desk.Command(new DepartmentCommand.SetDuty("SYN-YJ-DAY", (Duty)(i % 3), desk.Now.AddMinutes(7), "")),
                7 => desk.Command(new DepartmentCommand.TestPage("")),
                8 => desk.Command(new DepartmentCommand.RetryDeadLetter($"YJ-{1 + i % 4}", 0)),
                _ => desk.WaitUntil($"{14 + (minute += 3) / 60:00}:{(10 + minute) % 60:00}:{i % 60:00}"),
            };
            Assert.All(desk.State.Calling, n => Assert.NotNull(n.Due));
        }
        Assert.Equivalent(desk.State, desk.Replayed());
    });
}
