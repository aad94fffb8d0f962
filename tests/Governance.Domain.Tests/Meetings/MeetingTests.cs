using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Registry;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Tests.Meetings.Facts;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Meetings: when they sit, what they take, how they decide and close.</summary>
public sealed class MeetingTests
{
    private static readonly SlipOrder Order = new(SlipStory.Content(SlipKind.Supervision), [new SlipCase(SlipStory.First, "N1")]);
    private static MeetingPolicy Policy => District.Policy.Meetings;

    /// <summary>A daily meeting of Tuesday 2025-09-23 with one case that is orange and one item that was carried.</summary>
    private static MeetingStory Sitting(int carried = 0)
    {
        var story = new MeetingStory("daily/2025-09-23").Schedule().Deliver(Raised("case/carried", carried: carried)).At(CutOff).Wake();
        Assert.Equal(MeetingPhase.Collecting, story.State.Phase);
        return story.Fix(Case("orange", Colour.Orange));
    }

    private static string Orange => $"case/{CaseKey.Of("orange")}";

    [Theory]
    [InlineData("2025-09-22", "2025-09-26")] // Friday
    [InlineData("2025-09-26", "2025-09-26")]
    [InlineData("2025-09-27", "2025-09-30")] // 3 October is off, and so is everything back to the 1st
    [InlineData("2025-10-04", "2025-10-10")]
    [InlineData("2026-02-14", "2026-02-14")] // 20 February is off back to the 15th: the make-up Saturday
    public void The_weekly_meeting_is_on_Friday_or_the_last_working_day_before(string from, string meets) =>
        Assert.Equal($"weekly/{meets}", Policy.Next(MeetingKind.Weekly, SlipStory.Local(int.Parse(from[..4]), int.Parse(from[5..7]), int.Parse(from[8..]), 8, 0), District.Calendar).Value);

    [Fact]
    public void Times_are_those_of_the_specification()
    {
        var day = new DateOnly(2025, 9, 26);
        Assert.Equal((SlipStory.Local(2025, 9, 26, 7, 30), SlipStory.Local(2025, 9, 26, 8, 30)), Policy.RegularOn(MeetingKind.Daily, day, District.Calendar));
        Assert.Equal(SlipStory.Local(2025, 9, 26, 15, 0), Policy.RegularOn(MeetingKind.Weekly, day, District.Calendar)!.Value.Start);
        Assert.Null(Policy.RegularOn(MeetingKind.Weekly, day.AddDays(-1), District.Calendar));
        // The daily one is on Sundays too, and after the cut-off it is tomorrow's.
        Assert.Equal("daily/2025-10-05", Policy.Next(MeetingKind.Daily, SlipStory.Local(2025, 10, 5, 7, 29), District.Calendar).Value);
        Assert.Equal("daily/2025-10-06", Policy.Next(MeetingKind.Daily, SlipStory.Local(2025, 10, 5, 7, 30), District.Calendar).Value);
        // Regular sitting of the crisis meeting: the fifth working day; October 2025 begins on the 9th, the 11th is a make-up day.
        Assert.Equal("crisis/2025-10-14", Policy.Next(MeetingKind.Crisis, SlipStory.Local(2025, 9, 22, 8, 0), District.Calendar).Value);
        Assert.Equal(("crisis/2025-10-09", SlipStory.Local(2025, 10, 9, 9, 0)), Policy.Crisis(SlipStory.Local(2025, 10, 2, 12, 0), false, District.Calendar) is var calm ? (calm.Key.Value, calm.Start) : default);
        Assert.Equal(("crisis/2025-10-03", SlipStory.Local(2025, 10, 3, 1, 0)), Policy.Crisis(SlipStory.Local(2025, 10, 2, 23, 0), true, District.Calendar) is var live ? (live.Key.Value, live.Start) : default);
    }

    [Fact]
    public void A_key_names_a_meeting()
    {
        Assert.Equal(new MeetingKey(MeetingKind.Weekly, new DateOnly(2025, 9, 26)), MeetingKey.Parse("weekly/2025-09-26"));
        Assert.All(new[] { "weekly", "monthly/2025-09-26", "1/2025-09-26", "weekly/2025-9-26", "weekly/2025-09-26/x", "" }, text => Assert.Null(MeetingKey.Parse(text)));
    }

    [Fact]
    public void The_agenda_is_fixed_at_the_cut_off_and_told()
    {
        var story = new MeetingStory("daily/2025-09-23").Schedule().Schedule();
        Assert.Single(story.Events);
        Assert.Equal([new Deadline("CUT_OFF", CutOff)], story.Deadlines);
        story.At(CutOff.AddMinutes(3)).Wake();
        Assert.Equal(new MeetingEvent.CutOffReached(CutOff, TimeSpan.FromMinutes(3)), story.Events[^1]);
        // Facts after the cut-off are tomorrow's, however late it was noticed.
        story.Fix(Case("orange", Colour.Orange), Case("late", Colour.Red, hoursAgo: -0.01));
        Assert.Equal([Orange], story.State.Items.Select(i => i.Key));
        Assert.Equal(Agenda.Of(MeetingKind.Daily, [Case("orange", Colour.Orange)], CutOff, Policy).Hash, story.State.Hash);
        Assert.Contains(story.Sends, s => s.Message is AlertPublished { Alert: { Kind: AlertKind.MeetingCalled } alert } && alert.Area.Value == "410803" && alert.Text.Contains("1 items"));
        var state = story.State;
        Assert.Same(state, story.Fix(Case("again", Colour.Red)).State);
        Assert.Equal([new Deadline("CLOSE_BY", SlipStory.Local(2025, 9, 23, 20, 30))], story.Deadlines);
        Assert.Equal("AGENDA_FIXED", story.Deliver(Raised("case/too-late")).Outcome.Name);
        Assert.Equal("NO_MEETING_ON_THAT_DAY", new MeetingStory("weekly/2025-09-23").Schedule().Refusal?.Reason);
    }

    [Fact]
    public void Every_item_is_decided_before_the_meeting_closes()
    {
        var story = Sitting().By(Roles.Leader, new MeetingCommand.Close("")).Want("ITEMS_UNDECIDED");
        Assert.Equal($"{Orange},case/carried", story.Refusal!.Metadata["items"]);
        story.Decide(Roles.Leader, Orange, MeetingDecision.Assign).Want("LEAD_MISSING").Decide(Roles.Leader, Orange, MeetingDecision.Assign, c => c with { Lead = "XFD", Note = "" }).Want("NOTE_MISSING")
            .Decide(Roles.Leader, Orange, MeetingDecision.SupervisionSlip).Want("DECISION_NOT_OF_THIS_MEETING").Decide(Roles.Leader, "case/nobody", MeetingDecision.Close).Want("UNKNOWN_ITEM")
            .Decide(Roles.Leader, Orange, MeetingDecision.Level).Want("LEVEL_INVALID").Decide(Roles.Leader, Orange, MeetingDecision.Limit, c => c with { Limit = "soon" }).Want("LIMIT_INVALID")
            .Decide(Roles.Leader, Orange, MeetingDecision.Assign, c => c with { Lead = new string('x', 201) }).Want("TEXT_TOO_LONG").Decide(Roles.Leader, Orange, MeetingDecision.ReminderSlip).Want("NO_CASE_TO_COVER").Decide(Roles.WeeklyChair, Orange, MeetingDecision.Close).Want("ROLE_REQUIRED")
            .Decide(Roles.Leader, Orange, MeetingDecision.Assign, c => c with { Lead = "XFD" }).Want(null).Decide(Roles.Leader, Orange, MeetingDecision.Close).Want("ALREADY_DECIDED")
            .By(Roles.Leader, new MeetingCommand.Close("")).Want("ITEMS_UNDECIDED").Decide(Roles.Leader, "case/carried", MeetingDecision.Close).Want(null).By(Roles.Leader, new MeetingCommand.Close("short")).Want(null);
        Assert.Equal((MeetingPhase.Closed, "the leader", 64), (story.State.Phase, story.State.ClosedBy, story.State.Minutes.Length));
        Assert.Empty(story.Deadlines);
        story.By(Roles.Leader, new MeetingCommand.Close("")).Want("ILLEGAL_TRANSITION");
    }

    [Fact]
    public void What_is_carried_twice_is_the_weekly_meetings()
    {
        var (to, item) = Assert.Single(Sitting(carried: 1).Decide(Roles.Leader, "case/carried", MeetingDecision.Carry).Raised);
        Assert.Equal(("daily/2025-09-24", 2, "REFERRED"), (to, item.Carried, item.Rule));
        (to, item) = Assert.Single(Sitting(carried: 2).Decide(Roles.Leader, "case/carried", MeetingDecision.Carry).Raised);
        Assert.Equal(("weekly/2025-09-26", 0, "CARRIED_TOO_OFTEN"), (to, item.Carried, item.Rule));
        (to, _) = Assert.Single(Sitting().Decide(Roles.Leader, Orange, MeetingDecision.ToWeekly).Raised);
        Assert.Equal("weekly/2025-09-26", to);
        // Orange is not at once: the next working day.
        (to, _) = Assert.Single(Sitting().Decide(Roles.Leader, Orange, MeetingDecision.ToCrisis).Raised);
        Assert.Equal("crisis/2025-09-24", to);
    }

    [Fact]
    public void What_nobody_decides_in_time_comes_again()
    {
        var story = Sitting().Decide(Roles.Leader, Orange, MeetingDecision.Close).At(SlipStory.Local(2025, 9, 23, 21, 0)).Wake();
        Assert.Equal((MeetingPhase.Closed, "system"), (story.State.Phase, story.State.ClosedBy));
        Assert.Equal(("daily/2025-09-24", "case/carried", 1), Assert.Single(story.Raised) is var one ? (one.To, one.Item.Key, one.Item.Carried) : default);
        Assert.Equal(TimeSpan.FromMinutes(30), story.Events.OfType<MeetingEvent.MeetingClosed>().Single().LateBy);
    }

    [Fact]
    public void An_overdue_reminder_stays_until_the_weekly_meeting_decides_more_than_that()
    {
        var slip = Slip("TX-1", SlipKind.Reminder, overdue: true);
        var key = $"slip/{slip.Slip}";
        var story = new MeetingStory("weekly/2025-09-26").Deliver(Raised(key, "REMINDER_OVERDUE", stays: true));
        // Raised before anybody scheduled it: it is called by that.
        Assert.Equal(MeetingPhase.Called, story.State.Phase);
        story.At(story.State.Call!.CutOff).Wake().Fix(slip).Decide(Roles.WeeklyChair, key, MeetingDecision.Close).Want("ITEM_STAYS");
        story.Decide(Roles.WeeklyChair, key, MeetingDecision.SupervisionSlip, c => c with { Order = Order }).Want(null);
        var ordered = Assert.Single(story.Sends, s => s.Message is SlipOrdered);
        Assert.Equal((story.State.Decisions[0].Slip.Address, "the weekly-chair"), (ordered.To, ((SlipOrdered)ordered.Message).By));
        story.By(Roles.WeeklyChair, new MeetingCommand.Close("")).Want(null);

        var often = new MeetingStory("weekly/2025-09-26").Deliver(Raised("case/x", carried: 2));
        often.At(often.State.Call!.CutOff).Wake().Fix().Decide(Roles.WeeklyChair, "case/x", MeetingDecision.Carry).Want("CARRIED_TOO_OFTEN");
    }

    [Fact]
    public void The_crisis_meeting_is_called_by_what_comes_and_is_never_too_late()
    {
        var story = new MeetingStory("crisis/2025-09-22");
        var (_, cutOff, start) = Policy.Crisis(story.Now, true, District.Calendar);
        var live = new MeetingCall(cutOff, start, true);
        story.Deliver(Raised("case/one", "RED_NOT_CONTROLLED", level: Colour.Red), live);
        Assert.Equal((story.Now.AddHours(2), true), (story.State.Call!.Start, story.State.Call.LiveDanger));
        Assert.Contains(story.Sends, s => s.Message is AlertPublished { Alert.Kind: AlertKind.MeetingCalled });
        // Danger that comes sooner moves it forward; what can wait does not move it back.
        story.Deliver(Raised("case/two"), live with { Start = start.AddMinutes(-30), CutOff = cutOff.AddMinutes(-30) }).Deliver(Raised("case/three"), live with { Start = start.AddDays(1) });
        Assert.Equal(start.AddMinutes(-30), story.State.Call!.Start);
        story.At(story.State.Call.CutOff).Wake().Fix();
        Assert.Equal(3, story.State.Items.Count);
        story.Deliver(Raised("case/four"), live);
        Assert.Equal(("ACCEPTED", 4), (story.Outcome.Name, story.State.Items.Count));
        foreach (var item in story.State.Items) story.Decide(Roles.CrisisChair, item.Key, MeetingDecision.CaseOwner, c => c with { Lead = "deputy head" }).Want(null);
        story.By(Roles.CrisisChair, new MeetingCommand.Close("")).Want(null);
        // It sits again on the same day.
        story.Deliver(Raised("case/five"), live with { Start = start.AddHours(6), CutOff = cutOff.AddHours(6) });
        Assert.Equal((MeetingPhase.Called, 2), (story.State.Phase, story.State.Sitting));
        Assert.Empty(story.State.Decisions);
        // A rule that notices the same again calls nobody again.
        var again = new MeetingCommand.Escalate(Raised("case/one", "RED_NOT_CONTROLLED"), live);
        var state = story.State;
        Assert.Same(state, story.By(Roles.System, again).State);
        story.By(Roles.Operator, again).Want("ROLE_REQUIRED").By(Roles.System, again with { Item = Raised("case/six") }).Want(null);
        Assert.Equal(2, story.State.Raised.Count);
        new MeetingStory("daily/2025-09-23").By(Roles.System, again).Want("NOT_A_CRISIS_MEETING");
    }

    /// <summary>The call waited while a database was away: it does not sit in the past, where nobody could come.</summary>
    [Fact]
    public void A_crisis_meeting_whose_call_comes_late_still_sits()
    {
        var story = new MeetingStory("crisis/2025-09-22");
        var (_, cutOff, start) = Policy.Crisis(story.Now, true, District.Calendar);
        story.At(start.AddHours(13)).Deliver(Raised("case/one", "RED_NOT_CONTROLLED", level: Colour.Red), new MeetingCall(cutOff, start, true));
        Assert.Equal((MeetingPhase.Called, story.Now.AddHours(2), true), (story.State.Phase, story.State.Call!.Start, story.State.Call.LiveDanger));
    }

    /// <summary>The regular sitting may be a month away.</summary>
    [Fact]
    public void What_nobody_decides_in_a_crisis_meeting_calls_it_again_for_the_next_working_day()
    {
        var story = new MeetingStory("crisis/2025-09-22");
        var (_, cutOff, start) = Policy.Crisis(story.Now, true, District.Calendar);
        story.Deliver(Raised("case/one", "RED_NOT_CONTROLLED", level: Colour.Red), new MeetingCall(cutOff, start, true)).At(cutOff).Wake().Fix().At(story.State.CloseBy!.Value).Wake();
        Assert.Equal(MeetingPhase.Closed, story.State.Phase);
        var again = Assert.Single(story.Sends, s => s.Message is MeetingItemRaised);
        Assert.Equal(("crisis/2025-09-23", SlipStory.Local(2025, 9, 23, 9, 0)), (again.To.Id, ((MeetingItemRaised)again.Message).Call?.Start));
    }

    [Fact]
    public void An_item_that_came_too_late_goes_to_the_next_meeting()
    {
        var story = Sitting(carried: 1).Decide(Roles.Leader, "case/carried", MeetingDecision.Carry);
        var sent = story.Sends.Last(s => s.Message is MeetingItemRaised);
        var again = new MeetingRules(District.Policy).Decide(story.State, new Stimulus.Confirmed(sent.Message, sent.To, MeetingItemRaised.AgendaFixed), CutOff.AddDays(1)).Sends.Single();
        Assert.Equal("daily/2025-09-25", again.To.Id);
    }

    [Fact]
    public void Holes_in_the_files_of_slips_and_meetings_are_told_all_at_once()
    {
        var holes = Assert.Throws<PolicyRefusedException>(() => PolicyFiles.Read(District.Texts with
        {
            Slips = District.Texts.Slips.Replace("reminder|red|LIMIT|24h", "reminder|red|LIMIT|1WD").Replace("reminder|blue|LIMIT|7WD", "reminder|grey|LIMIT|7WD").Replace("GROUND_LEVEL|orange", "GROUND_LEVEL|mauve")
                .Replace("EXTENSIONS|1", "EXTENSIONS|many\nLUNCHES|2") + "\nreminder|*|PLAN|1WD\nreminder|red|SIGN|5\nsupervision|*|PLAN|soon",
            Meetings = District.Texts.Meetings.Replace("DAILY_CUT_OFF|07:30", "DAILY_CUT_OFF|08:30").Replace("WEEKLY_DAY|Friday", "WEEKLY_DAY|Someday").Replace("SPOKEN|30", "").Replace("CLOSE_WITHIN|12h", "CLOSE_WITHIN|25h").Replace("GREY_AFTER|4h", "GREY_AFTER|4WH"),
        })).Holes;
        string[] wanted =
        [
            "slips: Reminder Red Limit is 1WD", "slips: 'grey' is no level", "slips: Reminder Blue Limit has no time limit", "GROUND_LEVEL: 'mauve' is no Colour", "EXTENSIONS: 'many' is no whole number", "slips: 'LUNCHES' is not known",
            "slips: 'reminder|*|PLAN|1WD' is no clock", "slips: Reminder Red Sign is listed twice", "slips: 'soon' is no time limit", "DAILY_CUT_OFF is before DAILY_AT", "WEEKLY_DAY: 'Someday' is no DayOfWeek", "meetings: SPOKEN is missing",
            "CLOSE_WITHIN ends before", "GREY_AFTER: '4WH' is no calendar time",
        ];
        Assert.All(wanted, w => Assert.Contains(holes, h => h.Contains(w)));
    }
}
