using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Tests.Dispatch;

/// <summary>The on-call chain on virtual time. It is Sunday 3 August 2025: no office hours.</summary>
public sealed class ChainTests
{
    [Fact]
    public void The_desk_holds_the_task_at_once_and_calls_who_is_on_duty()
    {
        var desk = new DeskStory().Offer();
        Assert.Equal(DepartmentState.Delivered, desk.Outcome);
        Assert.Equal(["14:10:00 SYN-YJ-DAY"], desk.Called);
        Assert.Equal(SourceStory.Time("14:11:00"), Assert.Single(desk.Deadlines).Due);
        Assert.Equal(["webhook", "mail", "sms"], desk.State.Notifications["YJ-1"].AllSendings.Select(s => s.Channel));
    }

    [Fact]
    public void Not_confirmed_within_the_limit_the_next_one_is_called_and_then_the_chain_begins_anew()
    {
        var desk = new DeskStory().Offer().WaitUntil("14:13:30");
        Assert.Equal(["14:10:00 SYN-YJ-DAY", "14:11:00 SYN-YJ-LEADER", "14:12:00 SYN-YJ-DAY", "14:13:00 SYN-YJ-LEADER"], desk.Called);
        var alert = Assert.Single(desk.Alerts);
        Assert.Equal((AlertKind.NotificationUnconfirmed, "410803", "C1", Colour.Red), (alert.Kind, alert.Area.Value, alert.CaseKey, alert.Colour));
        Assert.Contains("SYN-YJ-DAY, SYN-YJ-LEADER", alert.Text);
        Assert.Equal(["SYN-YJ-DAY", "SYN-YJ-LEADER", "SYN-YJ-DAY"], desk.Events.OfType<ReceiptMissed>().Select(m => m.Person));
        desk.WaitUntil("14:14:30");
        Assert.Equal(2, desk.Alerts.Select(a => a.Id).Distinct().Count());
    }

    [Fact]
    public void A_confirmation_ends_the_calls_and_confirming_again_changes_nothing()
    {
        var desk = new DeskStory().Offer().WaitUntil("14:11:10").Confirm("YJ-1", "SYN-YJ-LEADER");
        var events = desk.Events.Count;
        desk.Confirm("YJ-1", "SYN-YJ-DAY").WaitUntil("18:00:00");
        Assert.Equal(events, desk.Events.Count);
        Assert.Equal(("SYN-YJ-LEADER", NotificationPhase.Confirmed), (desk.State.Notifications["YJ-1"].ConfirmedBy, desk.State.Notifications["YJ-1"].Phase));
        Assert.Empty(desk.Alerts);
        Assert.Empty(desk.Deadlines);
    }

    [Theory]
    [InlineData(Colour.Red, "14:11:00")]
    [InlineData(Colour.Orange, "14:12:00")]
    [InlineData(Colour.Yellow, "14:25:00")]
    public void Each_level_has_its_limit(Colour level, string due) => Assert.Equal(SourceStory.Time(due), Assert.Single(new DeskStory().Offer(level: level).Deadlines).Due);

    [Fact]
    public void A_blue_receipt_waits_for_office_hours() =>
        Assert.Equal(new DateTimeOffset(2025, 8, 4, 9, 30, 0, TimeSpan.FromHours(8)), Assert.Single(new DeskStory().Offer(level: Colour.Blue).Deadlines).Due);

    [Fact]
    public void Who_has_the_lightest_load_is_called_first()
    {
        var desk = new DeskStory().Offer("C1").Confirm("YJ-1", "SYN-YJ-DAY").Offer("C2", Colour.Yellow).Confirm("YJ-2", "SYN-YJ-LEADER").Offer("C3", Colour.Yellow);
        // A red case weighs 8, a yellow one 2.
        Assert.Equal("SYN-YJ-LEADER", desk.State.Notifications["YJ-3"].Holder);
        var loads = OnCall.Loads(desk.State, desk.Policy);
        Assert.Equal((8, 4), (loads["SYN-YJ-DAY"], loads["SYN-YJ-LEADER"]));
        desk.Deliver(new TaskClosed(new CaseKey("C1"), desk.Now)).Offer("C4");
        Assert.Equal("SYN-YJ-DAY", desk.State.Notifications["YJ-4"].Holder);
    }

    [Fact]
    public void At_night_others_are_on_duty()
    {
        Assert.Equal("SYN-YJ-NIGHT", new DeskStory().At("23:00:00").Offer().State.Notifications["YJ-1"].Holder);
        Assert.Equal("SYN-YJ-NIGHT", new DeskStory().At("07:59:59").Offer().State.Notifications["YJ-1"].Holder);
        Assert.Equal("SYN-YJ-DAY", new DeskStory().At("08:00:00").Offer().State.Notifications["YJ-1"].Holder);
    }

    [Fact]
    public void The_watch_changes_while_somebody_is_called()
    {
        var desk = new DeskStory().At("19:59:30").Offer().WaitUntil("20:01:00");
        Assert.Equal(["19:59:30 SYN-YJ-DAY", "20:00:30 SYN-YJ-NIGHT"], desk.Called);
        Assert.Equal("20:01:30 SYN-YJ-LEADER", desk.WaitUntil("20:01:45").Called.Last());
    }

    [Fact]
    public void Who_is_away_is_not_called_and_what_is_with_him_goes_on_at_once()
    {
        var desk = new DeskStory().Offer().At("14:10:20").Command(new DepartmentCommand.SetDuty("SYN-YJ-DAY", Duty.Off, SourceStory.Time("16:00:00"), "ill")).Want(null);
        Assert.Equal("14:10:20 SYN-YJ-LEADER", desk.Called.Last());
        Assert.Equal("SYN-YJ-LEADER", desk.Offer("C2").State.Notifications["YJ-2"].Holder);
        Assert.Equal("SYN-YJ-DAY", desk.Confirm("YJ-1", "SYN-YJ-LEADER").Confirm("YJ-2", "SYN-YJ-LEADER").At("16:00:00").Offer("C3").State.Notifications["YJ-3"].Holder);
    }

    [Fact]
    public void An_extra_duty_brings_somebody_into_the_chain_until_it_ends()
    {
        var desk = new DeskStory().Command(new DepartmentCommand.SetDuty("SYN-YJ-DESK", Duty.On, SourceStory.Time("15:00:00"), "storm")).Want(null).Offer().WaitUntil("14:11:30");
        Assert.Equal("14:11:00 SYN-YJ-DESK", desk.Called.Last());
        desk.Command(new DepartmentCommand.SetDuty("SYN-YJ-DESK", Duty.AsRostered, null, "")).Want(null);
        Assert.Empty(desk.State.Duties);
    }

    [Fact]
    public void When_nobody_is_on_duty_those_at_home_are_called()
    {
        var desk = new DeskStory();
        foreach (var person in (string[])["SYN-YJ-DAY", "SYN-YJ-LEADER"]) desk.Command(new DepartmentCommand.SetDuty(person, Duty.Off, SourceStory.Time("20:00:00"), "")).Want(null);
        var page = Assert.IsType<PersonPaged>(desk.Offer().Events[^1]);
        Assert.Equal(("SYN-YJ-DAY", false), (page.Person, page.OnDuty));
    }

    [Fact]
    public void A_desk_without_a_roster_tells_the_duty_desk_at_once_and_again()
    {
        var desk = new DeskStory("NOBODY").Offer().WaitUntil("14:11:30");
        Assert.Equal(2, desk.Alerts.Count);
        Assert.Contains("NOBODY has nobody to call", desk.Alerts[0].Text);
        Assert.NotEmpty(desk.Deadlines);
    }

    [Fact]
    public void A_signature_is_a_receipt_and_the_end_of_the_case_ends_the_calls()
    {
        var desk = new DeskStory().Offer().Deliver(new TaskSigned(new CaseKey("C1"), "wang", SourceStory.Time("14:10:00")));
        Assert.Equal("wang", desk.State.Notifications["YJ-1"].ConfirmedBy);
        desk.Offer("C2").Deliver(new TaskClosed(new CaseKey("C2"), desk.Now));
        Assert.Equal((NotificationPhase.Over, 1), (desk.State.Notifications["YJ-2"].Phase, desk.State.Open.Count));
        Assert.Empty(desk.Deadlines);
        Assert.Equal("NOTIFICATION_OVER", desk.Command(new DepartmentCommand.ConfirmDelivery("YJ-2")).Refusal!.Reason);
    }

    /// <summary>The grid worker is called first, then the desk of his community.</summary>
    [Fact]
    public void Who_is_named_is_called_first()
    {
        var desk = new DeskStory("CS-410803001001").OfferTo("SYN-CS-410803001001-GRID").WaitUntil("14:12:30");
        Assert.Equal(["14:10:00 SYN-CS-410803001001-GRID", "14:11:00 SYN-CS-410803001001-DUTY", "14:12:00 SYN-CS-410803001001-HEAD"], desk.Called);
        Assert.Equal(["14:10:00 SYN-YJ-DAY"], new DeskStory().OfferTo("somebody else").Called);
    }

    /// <summary>An expert is called beside the desk, by a chain of experts; the desk's signature is not his.</summary>
    [Fact]
    public void Experts_have_a_chain_of_their_own()
    {
        var desk = new DeskStory().OfferTo("", "SYN-YJ-CHEM2", "SYN-XX-OTHER").WaitUntil("14:10:30").Deliver(new TaskSigned(new CaseKey("C1"), "wang", SourceStory.Time("14:10:30"))).WaitUntil("14:11:30");
        Assert.Equal(["14:10:00 SYN-YJ-DAY", "14:10:00 SYN-YJ-CHEM2", "14:11:00 SYN-YJ-CHEM1"], desk.Called);
        Assert.Empty(desk.Deliver(new TaskClosed(new CaseKey("C1"), desk.Now)).Deadlines);
    }

    [Fact]
    public void A_task_that_is_offered_again_is_called_anew()
    {
        var desk = new DeskStory().Offer("C1", Colour.Yellow).Offer("C1", Colour.Red);
        Assert.Equal((NotificationPhase.Over, NotificationPhase.Calling, Colour.Red), (desk.State.Notifications["YJ-1"].Phase, desk.State.Notifications["YJ-2"].Phase, desk.State.Notifications["YJ-2"].Level));
    }

    /// <summary>An outage of ten minutes misses one receipt, not ten, and says by how much it was late.</summary>
    [Fact]
    public void Fired_late_a_receipt_is_missed_once()
    {
        var desk = new DeskStory().Offer().At("14:21:00").Take(new Stimulus.Woken());
        var missed = Assert.Single(desk.Events.OfType<ReceiptMissed>());
        Assert.Equal((SourceStory.Time("14:11:00"), TimeSpan.FromMinutes(10)), (missed.At, missed.LateBy));
        Assert.Equal(SourceStory.Time("14:22:00"), Assert.Single(desk.Deadlines).Due);
    }

    /// <summary>More persons than pages are kept: each is called once in a round, and then the duty desk hears that nobody confirmed.</summary>
    [Fact]
    public void A_chain_longer_than_the_pages_kept_is_exhausted_too()
    {
        var router = District.Policy.Router;
        const int Persons = Notification.PageLimit + 10;
        var crowd = Enumerable.Range(1, Persons).Select(n => new RosterPerson("YJ", n, $"SYN-YJ-{n:00}", "", Shift.Parse("always")!, RosterPerson.Desk, [new ContactAddress("sms", $"{n}")]));
        var desk = new DeskStory(policy: router with { Roster = new DutyRoster(crowd, router.Calendar) }).Offer().WaitUntil("15:10:30");
        Assert.Equal(Persons, desk.Events.OfType<PersonPaged>().Where(p => p.Round == 1).Select(p => p.Person).Distinct().Count());
        Assert.Equal((Persons + 1, 2), (desk.Called.Count(), desk.State.Notifications["YJ-1"].Round));
        Assert.Equal(AlertKind.NotificationUnconfirmed, Assert.Single(desk.Alerts).Kind);
        Assert.InRange(desk.WaitUntil("16:30:00").State.Notifications["YJ-1"].Pages.Count, 1, Persons + 1);
    }

    [Fact]
    public void Of_what_is_confirmed_the_last_calls_are_kept()
    {
        var desk = new DeskStory().Offer().WaitUntil("14:30:30");
        Assert.Equal(21, desk.State.Notifications["YJ-1"].Pages.Count);
        var last = desk.State.Notifications["YJ-1"].Pages[^1].At;
        var confirmed = desk.Confirm().State.Notifications["YJ-1"];
        Assert.Equal((Notification.OverPageLimit, last), (confirmed.Pages.Count, confirmed.Pages[^1].At));
        // What was under way on a page that is gone ends without a word.
        var events = desk.Events.Count;
        desk.Attempted(new SendingResult("YJ-1", 1, SendingPhase.Dead, "no answer"));
        Assert.Equal(events, desk.Events.Count);
        // A journal from when more pages were kept says more of them, and is still read.
        Assert.Equal(confirmed, DepartmentEvolution.Evolve(desk.State, new SendingBegun(desk.Now, "YJ-1", 1, "li")).Notifications["YJ-1"] with { Pages = confirmed.Pages });
        Assert.Throws<InvalidOperationException>(() => DepartmentEvolution.Evolve(desk.State, new SendingBegun(desk.Now, "YJ-1", 9999, "li")));
    }

    [Fact]
    public void A_drill_calls_nobody_for_real_and_goes_round_once()
    {
        var desk = new DeskStory().Offer(drill: true).WaitUntil("15:00:00");
        Assert.All(desk.State.Notifications["YJ-1"].AllSendings, s => Assert.Equal(SendingPhase.Withheld, s.Phase));
        Assert.Equal((NotificationPhase.Over, 2), (desk.State.Notifications["YJ-1"].Phase, desk.Called.Count()));
        Assert.True(Assert.Single(desk.Alerts).Drill);
        var real = new DeskStory(policy: District.Policy.Router with { Notifications = District.Policy.Router.Notifications with { NotifyDrills = true } }).Offer(drill: true);
        Assert.All(real.State.Notifications["YJ-1"].AllSendings, s => Assert.Equal(SendingPhase.UnderWay, s.Phase));
    }

    [Fact]
    public void A_test_page_goes_through_the_real_chain_and_its_result_can_be_read()
    {
        var desk = new DeskStory().Command(new DepartmentCommand.TestPage(""), "zhang", "DISPATCH", Roles.Operator).Want(null);
        Assert.Equal((AlertKind.TestPaged, true), (desk.Alerts[0].Kind, desk.Alerts[0].Drill));
        Assert.All(desk.State.Notifications["YJ-1"].AllSendings, s => Assert.Equal(SendingPhase.UnderWay, s.Phase));
        Assert.Equal("TEST_RUNNING", desk.Command(new DepartmentCommand.TestPage("")).Refusal!.Reason);
        desk.WaitUntil("14:12:00");
        Assert.Equal((NotificationPhase.Over, "nobody confirmed"), (desk.State.Notifications["YJ-1"].Phase, desk.State.Notifications["YJ-1"].Why));
        Assert.Equal(AlertKind.NotificationUnconfirmed, desk.Alerts[^1].Kind);
        desk.Command(new DepartmentCommand.TestPage("again")).Want(null).Confirm("YJ-2").WaitUntil("15:00:00");
        Assert.Equal(("SYN-YJ-DAY", 2), (desk.State.Notifications["YJ-2"].ConfirmedBy, desk.Alerts.Count(a => a.Kind == AlertKind.TestPaged)));
    }

    [Fact]
    public void Refusals_have_names()
    {
        var desk = new DeskStory().Offer();
        desk.Command(new DepartmentCommand.ConfirmDelivery("YJ-1"), organisation: "PA").Want("NOT_YOUR_DESK");
        desk.Command(new DepartmentCommand.ConfirmDelivery("YJ-9")).Want("UNKNOWN_NOTIFICATION");
        desk.Command(new DepartmentCommand.SetDuty("nobody", Duty.Off, SourceStory.Time("20:00:00"), "")).Want("UNKNOWN_PERSON");
        desk.Command(new DepartmentCommand.SetDuty("SYN-YJ-DAY", Duty.Off, null, "")).Want("UNTIL_INVALID");
        desk.Command(new DepartmentCommand.SetDuty("SYN-YJ-DAY", Duty.Off, desk.Now, "")).Want("UNTIL_INVALID");
        desk.Command(new DepartmentCommand.SetDuty("SYN-YJ-DAY", Duty.Off, desk.Now.AddDays(91), "")).Want("UNTIL_INVALID");
        desk.Command(new DepartmentCommand.RetryDeadLetter("YJ-1", 1)).Want("NO_DEAD_LETTER");
        desk.Command(new DepartmentCommand.TestPage(new string('x', 1001))).Want("TEXT_TOO_LONG");
        new DeskStory("NOBODY").Command(new DepartmentCommand.TestPage(""), organisation: "NOBODY").Want("NO_CHAIN");
    }

    [Fact]
    public void A_desk_that_calls_for_too_much_holds_the_task_and_says_so()
    {
        var desk = new DeskStory();
        for (var i = 0; i <= DepartmentState.CallingLimit; i++) desk.Offer($"C{i}", Colour.Yellow);
        Assert.Equal((DepartmentState.CallingLimit, DepartmentState.CallingLimit + 1), (desk.State.Calling.Count(), desk.State.Open.Count));
        Assert.Contains("nobody is called for this case", Assert.Single(desk.Alerts).Text);
        Assert.Equal(DepartmentState.Delivered, desk.Outcome);
    }
}
