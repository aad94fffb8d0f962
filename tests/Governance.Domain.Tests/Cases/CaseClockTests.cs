using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Tests.Cases;

/// <summary>What moves the clocks of a case: suspension, extension, marks, rework, a new calendar (cases.md 27 to 31, "Clock rules").</summary>
public sealed class CaseClockTests
{
    /// <summary>A yellow case of Sunday 3 August 2025, nothing live, in its lead's hands on Monday morning.</summary>
    private static CaseStory Handled() => On(new CaseStory(CaseStory.InWorkingDays).At("14:10:00").Raise(Colour.Yellow).Clear(), 4, "09:00").Accept();

    private static CaseStory On(CaseStory story, int day, string time) => story.After(SourceStory.Day.AddDays(day - 3) + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - story.Now);

    private static DateTimeOffset August(int day, string time) => SourceStory.Day.AddDays(day - 3) + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private static CaseStory Leader(CaseStory story, CaseCommand command) => story.Command(command, "DC", Roles.Leader);

    [Fact]
    public void The_time_to_resolve_of_a_yellow_case_is_five_working_days_from_the_day_after()
    {
        var clock = Handled().State.Running(ClockName.Due)!;
        Assert.Equal(("5WD", August(8, "18:00")), (clock.Budget.ToString(), clock.Due));
    }

    [Fact]
    public void Half_of_the_time_is_marked_eighty_percent_urges_and_over_the_time_escalates()
    {
        var story = Handled();
        // 35 working hours: 17.5 are over on Wednesday noon, 28 on Thursday evening, 42 on Monday.
        Assert.Equal([(50, August(6, "12:00")), (80, August(7, "18:00")), (120, August(11, "18:00"))], story.State.Running(ClockName.Due)!.Marks.Select(m => (m.Percent, m.At)));
        On(story, 6, "12:00").Command(new ReportProgress("so far", "")).Wake();
        Assert.Equal([50], story.Events.OfType<ClockMarked>().Select(m => m.Percent));
        Assert.Empty(story.Events.OfType<CaseUrged>());
        On(story, 7, "18:00").Wake();
        Assert.Contains("80 %", Assert.Single(story.Events.OfType<CaseUrged>()).Reason, StringComparison.Ordinal);
        On(story, 12, "09:00").Wake();
        Assert.Equal([50, 80, 120], story.Events.OfType<ClockMarked>().Select(m => m.Percent));
        Assert.Single(story.Events.OfType<DeadlineBreached>(), b => b.Clock == ClockName.Due);
        Assert.Equal(2, story.Events.OfType<Escalated>().Count(e => e.Clock == ClockName.Due));
    }

    [Fact]
    public void What_is_handled_is_not_escalated_for_its_time_any_more()
    {
        var story = Handled().Leave().Arrive().Control().Complete();
        On(story, 11, "09:00").Wake().Feedback();
        On(story, 13, "09:00").Wake();
        Assert.DoesNotContain(story.Events.OfType<ClockMarked>(), m => m.Percent == 120);
    }

    [Fact]
    public void A_suspension_stops_every_clock_and_gives_working_time_back_in_its_kind()
    {
        var story = Handled();
        var before = story.State.Clocks.Where(c => c.Phase == ClockPhase.Running).ToDictionary(c => c.Name, c => c.Due);
        Leader(On(story, 5, "18:30"), new Suspend("SEASON", August(20, "09:00"), "frost")).Want(null);
        Assert.All(story.State.Clocks.Where(c => before.ContainsKey(c.Name)), c => Assert.Equal(ClockPhase.Paused, c.Phase));
        Assert.Equal(["SUSPENSION_ENDS"], story.Deadlines.Select(d => d.Name));
        // Over night: no working time passed, so what counts working days is due as before, and calendar time is given back.
        Leader(On(story, 6, "08:00"), new Resume("thaw")).Want(null);
        Assert.Equal(before[ClockName.Due], story.State.Running(ClockName.Due)!.Due);
        Assert.Equal(before[ClockName.OnScene] + TimeSpan.FromHours(13.5), story.State.Running(ClockName.OnScene)!.Due);
        Leader(On(story, 6, "09:00"), new Suspend("MATERIALS", August(20, "09:00"), "waits for a part"));
        On(story, 20, "10:00").Wake();
        Assert.Equal(TimeSpan.FromHours(1), story.Events.OfType<CaseResumed>().Last().LateBy);
        // Ten closings, of the 6th to the 19th, fell into it.
        Assert.Equal(August(22, "18:00"), story.State.Running(ClockName.Due)!.Due);
    }

    [Fact]
    public void Danger_is_not_suspended_and_what_is_suspended_wakes_for_it()
    {
        Leader(new CaseStory(CaseStory.InWorkingDays).Raise(Colour.Orange).Clear().Accept(), new Suspend("SEASON", August(4, "09:00"), "x")).Want("LEVEL_NOT_SUSPENDABLE");
        Leader(new CaseStory(CaseStory.InWorkingDays).Raise(Colour.Yellow).Accept(), new Suspend("SEASON", August(4, "09:00"), "x")).Want("OCCURRENCE_LIVE");
        var story = Leader(Handled(), new Suspend("SEASON", August(20, "09:00"), "frost"));
        story.Command(new Depart("")).Want("ILLEGAL_TRANSITION");
        Assert.Equal("AttachReport,Correct,DetachReport,EscalateCrisis,IssueReminder,IssueSupervision,LowerLevel,MoveToGrid,RaiseLevel,Resume,Unmask,Urge", story.Refusal!.Metadata["allowed"]);
        story.After(TimeSpan.FromHours(1)).Raise(Colour.Yellow, new OccurrenceId("again"));
        Assert.Null(story.State.Suspension);
        Assert.DoesNotContain(story.State.Clocks, c => c.Phase == ClockPhase.Paused);
        var raised = Leader(Leader(Handled(), new Suspend("SEASON", August(20, "09:00"), "frost")), new RaiseLevel(Colour.Red, "wind")).Want(null);
        Assert.Null(raised.State.Suspension);
        Assert.All(raised.State.Clocks.Where(c => c.Phase == ClockPhase.Running), c => Assert.Equal(BudgetKind.Calendar, c.Budget.Kind));
    }

    [Theory]
    [InlineData("LUNCH", 10, "why", "SUSPENSION_CODE_UNKNOWN")]
    [InlineData("SEASON", 10, "", "REASON_MISSING")]
    [InlineData("SEASON", -1, "why", "SUSPENSION_END_INVALID")]
    [InlineData("SEASON", 91, "why", "SUSPENSION_END_INVALID")]
    public void A_suspension_has_a_code_a_reason_and_an_end(string code, int days, string reason, string refusal)
    {
        var story = Handled();
        Leader(story, new Suspend(code, story.Now.AddDays(days), reason)).Want(refusal);
        story.Command(new Suspend("SEASON", story.Now.AddDays(1), "why"), "DC", Roles.Operator).Want("ROLE_REQUIRED");
    }

    [Fact]
    public void An_extension_is_asked_for_in_time_decided_by_others_and_counts_the_same()
    {
        var story = Handled().Command(new RequestExtension("2WD", "parts are late", "order them")).Want(null);
        story.Command(new RequestExtension("1WD", "x", "y")).Want("EXTENSION_PENDING");
        story.Command(new DecideExtension(true, "to myself"), "YJ", Roles.Operator).Want("DECIDER_IS_HANDLER");
        story.Command(new DecideExtension(true, "agreed"), "DC", Roles.Operator).Want(null);
        Assert.Equal(("7WD", August(12, "18:00")), (story.State.Running(ClockName.Due)!.Budget.ToString(), story.State.Running(ClockName.Due)!.Due));
        story.Command(new RequestExtension("3WD", "again", "z")).Want(null).Command(new DecideExtension(true, "x"), "DC", Roles.Operator).Want("LEADER_ONLY");
        Leader(story, new DecideExtension(true, "for the last time")).Want(null);
        Assert.Equal("10WD", story.State.Running(ClockName.Due)!.Budget.ToString());
        story.Command(new RequestExtension("1WD", "a third", "z")).Want("TOO_MANY_EXTENSIONS");
    }

    [Theory]
    [InlineData("6WD", "EXTENSION_TOO_LONG")]
    [InlineData("24h", "EXTENSION_KIND")]
    [InlineData("soon", "EXTENSION_INVALID")]
    public void An_extension_that_cannot_be_is_refused(string extra, string refusal) => Handled().Command(new RequestExtension(extra, "why", "how")).Want(refusal);

    [Fact]
    public void An_extension_after_eighty_percent_is_too_late_and_one_that_nobody_decides_is_refused()
    {
        On(Handled(), 7, "18:00").Wake().Command(new RequestExtension("1WD", "why", "how")).Want("EXTENSION_TOO_LATE");
        var story = Handled().Command(new RequestExtension("1WD", "why", "how")).Want(null);
        // Four working hours from Monday 09:00.
        Assert.Equal(August(4, "15:30"), story.Deadlines.Single(d => d.Name == "EXTENSION_ANSWER").Due);
        On(story, 4, "16:00").Wake();
        var decided = Assert.Single(story.Events.OfType<ExtensionDecided>());
        Assert.Equal((false, TimeSpan.FromMinutes(30)), (decided.Granted, decided.LateBy));
        new CaseStory(CaseStory.InWorkingDays).Raise(Colour.Orange).Clear().Accept().Command(new RequestExtension("24h", "why", "how")).Want("LEVEL_NOT_EXTENDABLE");
    }

    [Fact]
    public void Danger_does_not_wait_for_an_extension()
    {
        var story = Leader(Handled().Command(new RequestExtension("1WD", "why", "how")).Want(null), new RaiseLevel(Colour.Orange, "wind")).Want(null);
        Assert.False(Assert.Single(story.Events.OfType<ExtensionDecided>()).Granted);
        Leader(story, new DecideExtension(true, "too late")).Want("NO_EXTENSION_ASKED");
    }

    [Fact]
    public void A_mark_that_was_reached_does_not_come_again_when_the_clock_moves()
    {
        var story = Handled();
        On(story, 6, "12:00").Wake().Command(new RequestExtension("2WD", "parts", "wait")).Want(null);
        Leader(story, new DecideExtension(true, "agreed"));
        Assert.Equal([80, 120], story.State.Running(ClockName.Due)!.Marks.Select(m => m.Percent));
        On(story, 7, "12:00").Wake();
        Assert.Single(story.Events.OfType<ClockMarked>());
    }

    [Fact]
    public void Marks_of_a_clock_that_ran_out_are_not_told_after_a_rework()
    {
        var story = Handled().Leave().Arrive().Control().Complete();
        On(story, 11, "09:00").Wake().Feedback();
        On(story, 13, "09:00").Wake().Verify(passed: false);
        story.Wake();
        Assert.DoesNotContain(story.Events.OfType<ClockMarked>(), m => m.Percent == 120);
        Assert.Equal([50, 80, 120], story.State.Running(ClockName.Due)!.Marks.Select(m => m.Percent));
    }

    [Fact]
    public void A_case_of_before_gets_its_time_to_resolve_when_it_wakes()
    {
        var story = Handled();
        var old = story.State with { Clocks = story.State.Clocks.RemoveAll(c => c.Name == ClockName.Due) };
        var started = Assert.IsType<ClockStarted>(Assert.Single(new CaseRules(District.Policy).Decide(old, new Stimulus.Woken(), story.Now).Events));
        Assert.Equal((ClockName.Due, story.Now), (started.Clock, started.At));
    }

    [Fact]
    public void What_waits_for_an_answer_is_not_suspended_and_a_suspended_case_says_so()
    {
        var story = Handled().Command(new RequestExtension("1WD", "why", "how")).Want(null);
        Leader(story, new Suspend("SEASON", August(20, "09:00"), "frost")).Want("EXTENSION_PENDING");
        Leader(Leader(story, new DecideExtension(false, "no")), new Suspend("SEASON", August(20, "09:00"), "frost")).Want(null);
        var explained = CaseExplanation.Of(story.State)!;
        Assert.StartsWith("it is resumed", explained.Closes[0], StringComparison.Ordinal);
        Assert.Equal(["SUSPENSION_ENDS"], explained.Deadlines.Select(d => d.Name));
    }

    [Fact]
    public void A_rework_gets_half_of_the_time()
    {
        var story = Handled().Leave().Arrive().Control().Complete().Feedback();
        Assert.Equal(ClockPhase.Met, story.State.Clocks.Single(c => c.Name == ClockName.Due).Phase);
        story.Verify(passed: false);
        Assert.Equal("3WD", story.State.Running(ClockName.Due)!.Budget.ToString());
    }

    [Fact]
    public void A_new_official_calendar_moves_open_clocks_once_and_only_those_of_working_time()
    {
        var story = Handled();
        var policy = District.Policy with { Calendar = CalendarFile.Read(District.Texts.Calendar.Replace("version|1", "version|2") + "\n2025-08-06|off|a holiday at short notice", new List<string>()) };
        var rules = new CaseRules(policy);
        var woken = rules.Decide(story.State, new Stimulus.Woken(), story.Now);
        Assert.Equal(2, Assert.IsType<CalendarApplied>(woken.Events[0]).Version);
        var state = woken.Events.Aggregate(story.State, rules.Evolve);
        Assert.Equal(August(11, "18:00"), state.Running(ClockName.Due)!.Due);
        Assert.Equal(story.State.Running(ClockName.OnScene), state.Running(ClockName.OnScene));
        Assert.Empty(rules.Decide(state, new Stimulus.Woken(), story.Now).Events);
    }

    /// <summary>Of two clocks one may be due sooner: that is not found out when its old time comes.</summary>
    [Fact]
    public void A_new_official_calendar_is_due_at_once_and_only_until_it_was_applied()
    {
        var story = Handled();
        var rules = new CaseRules(District.Policy with { Calendar = CalendarFile.Read(District.Texts.Calendar.Replace("version|1", "version|2") + "\n2025-08-09|work|a make-up day\n2025-08-06|off|for it", new List<string>()) });
        Assert.Contains(rules.Deadlines(story.State), d => d.Due <= story.Now);
        var state = rules.Decide(story.State, new Stimulus.Woken(), story.Now).Events.Aggregate(story.State, rules.Evolve);
        Assert.Equal(August(9, "18:00"), state.Running(ClockName.Due)!.Due);
        Assert.DoesNotContain(rules.Deadlines(state), d => d.Due <= story.Now);
    }

    [Fact]
    public void Another_occurrence_after_the_feedback_has_a_time_to_resolve_of_its_own()
    {
        var story = On(Handled().Leave().Arrive().Control().Complete(), 5, "10:00").Feedback();
        Assert.Null(story.State.Running(ClockName.Due));
        On(story, 5, "11:00").Raise(Colour.Yellow, new OccurrenceId("HS-CL2-07/D2/1"));
        Assert.Equal(CasePhase.Handling, story.State.Phase);
        Assert.Equal(August(12, "18:00"), story.State.Running(ClockName.Due)!.Due);
    }

    [Fact]
    public void An_extension_that_nobody_decided_ends_with_the_feedback()
    {
        var story = Handled().Leave().Arrive().Control().Command(new RequestExtension("2WD", "parts are late", "order them")).Want(null).Complete().Feedback();
        Assert.Null(story.State.Asked);
        Assert.False(Assert.Single(story.Events.OfType<ExtensionDecided>()).Granted);
    }
}
