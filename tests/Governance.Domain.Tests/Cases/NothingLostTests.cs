using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Tests.Cases;

/// <summary>Where limits, merges and second thoughts meet: no report, rise of level, deadline or call is lost on the way.</summary>
public sealed class NothingLostTests
{
    private static readonly OccurrenceId Leak = new("HS-1/A/1.1");

    private static OccurrenceRaised Raised(DateTimeOffset at, OccurrenceId? id = null, Colour colour = Colour.Yellow) => new(
        id ?? Leak, Witness.Sensor, new HazardSourceId("HS-1"), "store", "works", new AreaCode("410803001"), "A", HazardKind.ToxicGas, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", false, ClockId.Wall, at, "chlorine");

    /// <summary>A red case that stands still breaches its progress clock every ten minutes: what is shown of it must not push out the time to resolve.</summary>
    [Fact]
    public void A_case_that_stands_still_for_days_keeps_its_missed_time_to_resolve_and_gets_no_new_one()
    {
        var story = new CaseStory().Raise().Accept();
        var due = story.State.Running(ClockName.Due)!.Due;
        while (story.Now < due.AddHours(12)) story.After(TimeSpan.FromMinutes(10)).Wake();
        Assert.Single(story.Events, e => e is ClockStarted { Clock: ClockName.Due });
        Assert.Equal((ClockPhase.Breached, due), Assert.Single(story.State.Clocks, c => c.Name == ClockName.Due) is var clock ? (clock.Phase, clock.Due) : default);
        Assert.Contains(story.Events, e => e is ClockMarked { Clock: ClockName.Due, Percent: 120 });
        Assert.True(story.State.Clocks.Count <= CaseState.ClockLimit + 1);
    }

    /// <summary>Its source goes on talking to it while it is merged; what it said holds when it goes on by itself.</summary>
    [Fact]
    public void A_rise_of_level_while_a_case_is_merged_is_its_own_when_it_comes_apart()
    {
        var world = new CaseWorld();
        world.Tell("A", Raised(world.Now, new OccurrenceId("HS-2/B/1.1"), Colour.Orange), "HS-2").Tell("B", Raised(world.Now));
        world.Command("B", new MergeInto(new CaseKey("A"), "one cloud")).Want(null).After(TimeSpan.FromMinutes(4));
        world.Tell("B", new OccurrenceChanged(Leak, AlarmLevel.Three, AlarmLevel.Three, Colour.Red, 9, world.Now, "worse"));
        Assert.Equal(Colour.Red, world["A"].Level);
        world.After(TimeSpan.FromMinutes(1)).Command("B", new Unmerge("two places")).Want(null);
        Assert.Equal((Colour.Red, true), (world["B"].Level, world["B"].IsLive));
        Assert.True(world["B"].Running(ClockName.Due)!.Due <= world.Now.AddHours(24));
        Assert.Contains(world.Sent, s => s is { From.Id: "B", Send.Message: TaskOffered { Level: Colour.Red } });
    }

    [Fact]
    public void Lost_data_that_nobody_watches_raises_a_merged_case_too()
    {
        var world = new CaseWorld();
        world.Tell("A", Raised(world.Now, new OccurrenceId("HS-2/B/1.1")), "HS-2").Tell("B", Raised(world.Now));
        world.Command("B", new MergeInto(new CaseKey("A"), "one cloud")).Want(null).Tell("B", new OccurrenceDataLost(Leak, true, world.Now)).Command("B", new Unmerge("two places")).Want(null);
        Assert.Equal(Colour.Orange, world["B"].Level);
    }

    /// <summary>Its desks would be told that it is over, and those of the other case are not called yet.</summary>
    [Fact]
    public void Danger_is_not_merged_into_a_case_that_nobody_has()
    {
        var world = new CaseWorld();
        world.Register("A", confidence: 0.2).Tell("B", Raised(world.Now, colour: Colour.Red));
        Assert.Equal(CasePhase.PendingJudgment, world["A"].Phase);
        world.Command("B", new MergeInto(new CaseKey("A"), "the same")).Want(null);
        Assert.Contains(world.Events, e => e is { Case: "B", Event: MergeRefused { Why: "TARGET_NOT_ASSIGNED" } });
        Assert.True(world["B"] is { IsOpen: true, Merge: null });
        world.Command("A", new MergeInto(new CaseKey("B"), "the same")).Want(null);
        Assert.Equal(CasePhase.Merged, world["A"].Phase);
    }

    [Fact]
    public void Whoever_has_not_signed_is_called_within_the_limits_of_what_was_merged_in()
    {
        var world = new CaseWorld();
        world.Register("A").Tell("B", Raised(world.Now, colour: Colour.Red));
        world.Command("B", new MergeInto(new CaseKey("A"), "the same")).Want(null);
        Assert.Contains(world.Sent, s => s is { From.Id: "A", Send.Message: TaskOffered { Level: Colour.Red } });
    }

    /// <summary>The platform was answered and does not send it again: it is a case of its own until the desk has decided.</summary>
    [Fact]
    public void A_report_that_is_only_proposed_is_a_case_of_its_own_meanwhile()
    {
        var world = new CaseWorld();
        world.Register("A");
        var report = new AttachReport("HL", "7", "the charger at the east gate is dead", "vault-7", true, [], 0.7);
        world.Command("A", report, "", Roles.Relay, "platform").Want(null);
        Assert.DoesNotContain(world["A"].Reports, r => r.Id == "HL/7");
        var own = Assert.Single(world.All, c => c.Reports.Exists(r => r.Id == "HL/7"));
        Assert.Equal((CasePhase.PendingJudgment, CaseKey.Of("HL/7"), "the charger at the east gate is dead"), (own.Phase, own.Key, own.Subject!.Text));
        // A repeat opens no other one, and the desk joins them.
        world.Command("A", report, "", Roles.Relay, "platform").Want(null).Command(own.Key.Value, new MergeInto(new CaseKey("A"), "the same")).Want(null);
        Assert.Contains(world["A"].Reports, r => r.Id == "HL/7");
        Assert.Equal(2, world.All.Count());
    }

    /// <summary>Out, back by a merge, out again: the first case of its own is over by then.</summary>
    [Fact]
    public void A_report_that_is_detached_twice_is_in_an_open_case()
    {
        var world = new CaseWorld();
        world.Register("A").Command("A", new AttachReport("HL", "7", "and the lamp", "vault-7", true, [], 0.9)).Want(null);
        world.Command("A", new DetachReport("HL/7", "another thing")).Want(null);
        var own = Assert.Single(world.All, c => c.Key.Value != "A");
        world.Command(own.Key.Value, new MergeInto(new CaseKey("A"), "no, the same")).Want(null).Command("A", new DetachReport("HL/7", "another thing after all")).Want(null);
        Assert.Contains(world.All, c => c.IsOpen && c.Reports.Exists(r => r.Id == "HL/7"));
    }

    /// <summary>What was under control is not any more: there is a time for it again, and the crisis meeting may be called by it.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void Another_occurrence_after_the_hazard_was_under_control_is_to_be_controlled_too(bool completed)
    {
        var story = new CaseStory().Raise().Accept().Leave().Arrive().Clear().Control();
        if (completed) story.Complete();
        story.After(TimeSpan.FromMinutes(2)).Raise(Colour.Red, new OccurrenceId("HS-CL2-07/CL-2/1.9"));
        Assert.Equal((CasePhase.Handling, TaskPhase.OnScene), (story.State.Phase, story.State.Lead.Phase));
        Assert.Equal(story.Now.AddMinutes(60), story.State.Running(ClockName.Control)?.Due);
        Assert.DoesNotContain(Milestone.Controlled, story.State.Milestones.Keys);
        Assert.Single(story.Events, e => e is ClockStarted { Clock: ClockName.Due });
    }
}
