using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;
using static Governance.Domain.Tests.Cases.SpecificationStages;

namespace Governance.Domain.Tests.Cases;

/// <summary>cases.md "Clock rules" and "Default limits per level", as instants. Monday 4 August 2025, 09:00.</summary>
public sealed class SpecificationClockTests
{
    private static DateTimeOffset August(int day, int hour, int minute = 0) => new(2025, 8, day, hour, minute, 0, TimeSpan.FromHours(8));
    private static CaseWorld Until(CaseWorld world, int day, int hour, int minute = 0) => world.After(August(day, hour, minute) - world.Now);
    private static CaseWorld Accepted(string category, Colour level = Colour.Grey)
    {
        var world = new CaseWorld().Do(Registration(category, level: level), "", Roles.Relay).Want(null);
        return world.Do(new AcceptTask(""), world.Case().Lead.Organisation, Roles.Handler).Want(null);
    }
    private static DateTimeOffset? Due(CaseWorld world, ClockName clock) => world.Case().Running(clock)?.Due;

    /// <summary>"Default limits per level", column by column; minutes of calendar time are d, h and min.</summary>
    [Theory]
    [InlineData(Colour.Red, "JUDGE 2min SIGN 5min CONTACT 15min ON_SCENE 15min CONTROL 60min FEEDBACK 20min DUE 1440min VERIFY 30min STALE 10min")]
    [InlineData(Colour.Orange, "JUDGE 10min SIGN 10min CONTACT 60min ON_SCENE 30min CONTROL 240min FEEDBACK 120min DUE 4320min VERIFY 240min STALE 120min")]
    [InlineData(Colour.Yellow, "JUDGE 60min SIGN 30min CONTACT 240min ON_SCENE 120min CONTROL 1440min FEEDBACK 1440min DUE 5WD VERIFY 1WD CALLBACK 2WD STALE 1WD")]
    [InlineData(Colour.Blue, "JUDGE 2WH SIGN 4WH CONTACT 1440min VERIFY 2WD CALLBACK 3WD STALE 3WD")]
    public void The_limits_of_a_level_are_those_of_the_specification(Colour level, string limits)
    {
        var words = limits.Split(' ');
        foreach (var (name, limit) in words.Where((_, i) => i % 2 == 0).Zip(words.Where((_, i) => i % 2 == 1)))
            Assert.Equal((name, limit), (name, District.Policy.Budgets[(level, Enum.GetValues<ClockName>().Single(c => Names.Of(c) == name))].ToString()));
    }

    [Theory]
    [InlineData("0501", 5, 18)]
    [InlineData("0502", 4, 15)]
    [InlineData("0602", 7, 18)]
    [InlineData("0508", 11, 18)]
    [InlineData("0503", 25, 18)]
    [InlineData("0202", 5, 9)]
    [InlineData("0805", 11, 18)]
    public void Blue_and_yellow_have_the_time_of_their_category(string category, int day, int hour)
    {
        var world = new CaseWorld().Do(Registration(category), "", Roles.Relay).Want(null);
        // Four working hours from nine end at half past three.
        Assert.Equal(category == "0502" ? August(4, 15, 30) : August(day, hour), Due(world, ClockName.Due));
    }

    [Fact]
    public void A_raised_level_has_the_earlier_of_what_it_had_and_the_new_budget_from_now()
    {
        var world = Until(Accepted("0508"), 5, 9).Desk(new RaiseLevel(Colour.Orange, "a tree leans")).Want(null);
        Assert.Equal((August(8, 9), "4320min"), (Due(world, ClockName.Due)!.Value, world.Case().Running(ClockName.Due)!.Budget.ToString()));
        // What was due sooner stays: on the evening of the last day there are hours, not three days.
        world = Until(Accepted("0508"), 11, 9).Desk(new RaiseLevel(Colour.Orange, "a tree leans")).Want(null);
        Assert.Equal((August(11, 18), BudgetKind.Calendar), (Due(world, ClockName.Due)!.Value, world.Case().Running(ClockName.Due)!.Budget.Kind));
        Assert.All(world.Case().Clocks.Where(c => c.Phase == ClockPhase.Running), c => Assert.Equal(BudgetKind.Calendar, c.Budget.Kind));
    }

    [Theory]
    [InlineData(Colour.Yellow, 120)]
    [InlineData(Colour.Orange, 30)]
    [InlineData(Colour.Red, 15)]
    public void A_blue_case_that_rises_gets_the_clocks_that_blue_does_without(Colour level, int minutesToScene)
    {
        var world = Accepted("0508");
        Assert.Null(Due(world, ClockName.OnScene));
        Until(world, 4, 10).Desk(new RaiseLevel(level, "a tree leans")).Want(null);
        Assert.Equal(August(4, 10).AddMinutes(minutesToScene), Due(world, ClockName.OnScene));
        Assert.NotNull(Due(world, ClockName.Feedback));
        var onScene = In(Stage.OnScene).Desk(new RaiseLevel(level, "a tree leans")).Want(null);
        Assert.Null(Due(onScene, ClockName.OnScene));
        Assert.Equal(level >= Colour.Orange, Due(onScene, ClockName.Control) is not null);
    }

    [Fact]
    public void A_lowered_level_has_its_budget_from_the_start_and_never_less_than_a_quarter_of_it()
    {
        // Yellow 24 h from Monday 09:00; red at 10:00, lowered at 11:00: as if it had always been yellow.
        var world = Until(Accepted("0202"), 4, 10).Desk(new RaiseLevel(Colour.Red, "smoke")).Want(null);
        Until(world, 4, 11).Desk(new LowerLevel(Colour.Yellow, "no smoke")).Want("ROLE_REQUIRED").Leader(new LowerLevel(Colour.Yellow, "")).Want("REASON_MISSING").Leader(new LowerLevel(Colour.Yellow, "no smoke")).Want(null);
        Assert.Equal(August(5, 9), Due(world, ClockName.Due));
        // Orange 72 h; lowered after two days to four working hours, which are long over: a quarter of the way to half past three is left.
        world = Until(Accepted("0502", Colour.Orange), 6, 9).Leader(new LowerLevel(Colour.Blue, "they have gone")).Want(null);
        Assert.Equal(August(6, 9).AddMinutes(97.5), Due(world, ClockName.Due));
    }

    [Theory]
    [InlineData(Colour.Blue, 24 * 60)]
    [InlineData(Colour.Yellow, 30 + 240)]
    [InlineData(Colour.Orange, 30 + 60)]
    [InlineData(Colour.Red, 30 + 15)]
    public void A_judgment_gives_the_first_contact_the_time_of_its_level(Colour level, int minutes)
    {
        var world = In(Stage.PendingJudgment).After(TimeSpan.FromMinutes(30)).Leader(new Judge(level, "", [], "ASSIGN", "seen")).Want(null);
        Assert.Equal(August(4, 9).AddMinutes(minutes), Due(world, ClockName.Contact));
    }

    [Fact]
    public void A_judgment_that_lowers_the_level_counts_the_first_contact_from_its_start()
    {
        var world = new CaseWorld().Do(Registration(confidence: 0.5, level: Colour.Yellow), "", Roles.Relay).Want(null);
        Assert.Equal(August(4, 13), Due(world, ClockName.Contact));
        world.After(TimeSpan.FromMinutes(30)).Desk(new Judge(Colour.Blue, "", [], "ASSIGN", "seen")).Want(null);
        Assert.Equal(August(5, 9), Due(world, ClockName.Contact));
    }

    [Fact]
    public void What_an_alarm_says_is_not_talked_down()
    {
        var world = new CaseWorld();
        world.Tell(Key, new OccurrenceRaised(new OccurrenceId("HS-1/A/1.1"), Witness.Sensor, new HazardSourceId("HS-1"), "store", "works", new AreaCode("410803001"), "A", HazardKind.ToxicGas, AlarmLevel.Two, Colour.Red, 2.4, 2, "mg/m3", false, ClockId.Wall, world.Now, "chlorine"));
        world.Leader(new LowerLevel(Colour.Yellow, "a fault")).Want("OCCURRENCE_LIVE").Tell(Key, new OccurrenceCleared(new OccurrenceId("HS-1/A/1.1"), world.Now)).Leader(new LowerLevel(Colour.Yellow, "a fault")).Want(null);
    }

    [Theory]
    [InlineData(Stage.Suspended)]
    [InlineData(Stage.AwaitingInHandling)]
    public void A_level_that_changes_while_clocks_stand_still_gives_its_time_when_they_run_again(Stage stage)
    {
        var world = In(stage).After(TimeSpan.FromHours(1)).Desk(new RaiseLevel(Colour.Yellow, "it may fall")).Want(null);
        Assert.DoesNotContain(world.Case().Clocks, c => c.Phase == ClockPhase.Running);
        Assert.True(world.Case().IsWaiting);
        Until(world, 4, 11);
        if (stage == Stage.Suspended) world.Leader(new Resume("thaw")).Want(null);
        else world.Desk(new AnswerQuestion("the southern one")).Want(null);
        // Four hours for the first contact, all of which are left.
        Assert.Equal(August(4, 15), Due(world, ClockName.Contact));
        Assert.Equal("1WD", world.Case().Running(ClockName.Stale)!.Budget.ToString());
        var lowered = In(stage).Desk(new RaiseLevel(Colour.Yellow, "it may fall")).After(TimeSpan.FromHours(1)).Leader(new LowerLevel(Colour.Blue, "it stands")).Want(null);
        Assert.True(lowered.Case() is { IsWaiting: true, Level: Colour.Blue });
        Assert.DoesNotContain(lowered.Case().Clocks, c => c.Phase == ClockPhase.Running);
    }

    [Fact]
    public void A_pause_outside_working_time_moves_no_clock_of_working_time()
    {
        // Blue: four working hours to sign, two to judge. Over noon nothing passes.
        var world = Until(In(Stage.Accepted), 4, 12).Leader(new Suspend("MATERIALS", August(20, 9), "earth")).Want(null);
        var (contact, due) = (world.Case().Clocks.Single(c => c.Name == ClockName.Contact).Due, world.Case().Clocks.Single(c => c.Name == ClockName.Due).Due);
        Until(world, 4, 14, 30).Leader(new Resume("it came")).Want(null);
        Assert.Equal((due, contact.AddHours(2.5)), (Due(world, ClockName.Due)!.Value, Due(world, ClockName.Contact)!.Value));
        // Over two closings: two working days come back.
        Until(world, 5, 10).Leader(new Suspend("MATERIALS", August(20, 9), "earth")).Want(null);
        Until(world, 7, 10).Leader(new Resume("it came")).Want(null);
        Assert.Equal(August(13, 18), Due(world, ClockName.Due));
    }

    [Fact]
    public void Another_category_keeps_start_and_pauses_and_counts_by_its_own_time()
    {
        var world = Until(In(Stage.Assigned), 5, 9).Desk(new Correct("CATEGORY", "0602", "a lamp")).Want(null);
        Assert.Equal((August(4, 9), "3WD", August(7, 18)), (world.Case().Running(ClockName.Due)!.StartedAt, world.Case().Running(ClockName.Due)!.Budget.ToString(), Due(world, ClockName.Due)!.Value));
    }

    [Fact]
    public void A_breach_is_recorded_once_per_clock()
    {
        var world = Until(In(Stage.Accepted), 25, 9);
        Assert.Equal(August(11, 18), Assert.Single(world.Events, e => e.Event is DeadlineBreached { Clock: ClockName.Due }).Event.At);
        Assert.Equal(August(5, 9), Assert.Single(world.Events, e => e.Event is DeadlineBreached { Clock: ClockName.Contact }).Event.At);
    }
}
