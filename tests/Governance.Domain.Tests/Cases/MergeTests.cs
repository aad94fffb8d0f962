using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Tests.Cases;

/// <summary>Two cases become one, and two again (cases.md, 4 and 5).</summary>
public sealed class MergeTests
{
    private static readonly OccurrenceId Leak = new("HS-1/A/1.1");

    private static OccurrenceRaised Raised(DateTimeOffset at, OccurrenceId? id = null, Colour colour = Colour.Red) => new(
        id ?? Leak, Witness.Sensor, new HazardSourceId("HS-1"), "store", "works", new AreaCode("410803001"), "A", HazardKind.ToxicGas, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", false, ClockId.Wall, at, "chlorine");

    private static CaseWorld Two()
    {
        var world = new CaseWorld();
        world.Register("A").After(TimeSpan.FromMinutes(3)).Register("B", reporter: "vault-2");
        return world.Command("A", new AcceptTask(""), "ZJ", Roles.Handler).Want(null);
    }

    [Fact]
    public void What_was_merged_lives_on_in_the_other_case()
    {
        var world = Two();
        world.Command("B", new MergeInto(new CaseKey("A"), "the same chargers")).Want(null);
        Assert.Equal((CasePhase.Merged, "A"), (world["B"].Phase, world["B"].Merge!.Target.Value));
        Assert.Equal(["AP/A", "AP/B"], world["A"].Reports.Select(r => r.Id));
        Assert.Equal("B", Assert.Single(world["A"].Absorbed).From.Value);
        Assert.Empty(world.Deadlines("B"));
        Assert.Contains(world.Sent, s => s is { From.Id: "B", Send: { To.Id: "ZJ", Message: TaskClosed } });
        world.Command("B", new AcceptTask(""), "ZJ", Roles.Handler).Want("ILLEGAL_TRANSITION");
        Assert.Equal("ForgetReporter,Unmask,Unmerge", world.Refusal!.Metadata["allowed"]);
    }

    /// <summary>Level, supervision and time to resolve are the stricter ones, and come back as they were.</summary>
    [Theory, InlineData(Colour.Blue), InlineData(Colour.Yellow), InlineData(Colour.Orange), InlineData(Colour.Red)]
    public void A_merge_that_is_undone_has_changed_nothing(Colour level)
    {
        var world = Two();
        if (level > Colour.Blue) world.Command("B", new RaiseLevel(level, "worse")).Want(null);
        world.Command("B", new Urge("again")).Want(null).After(TimeSpan.FromHours(2));
        var (a, b) = (Hash(world["A"]), Hash(world["B"]));
        var due = world["A"].Running(ClockName.Due)!.Due;
        world.Command("B", new MergeInto(new CaseKey("A"), "the same")).Want(null);
        Assert.Equal(level > Colour.Blue ? level : Colour.Blue, world["A"].Level);
        Assert.True(world["A"].Running(ClockName.Due)!.Due <= due);
        Assert.NotEqual(a, Hash(world["A"]));
        world.Command("B", new Unmerge("two places")).Want(null);
        Assert.Equal((a, b), (Hash(world["A"]), Hash(world["B"])));
    }

    [Fact]
    public void What_happened_since_the_merge_stays()
    {
        var world = Two();
        world.Command("B", new RaiseLevel(Colour.Yellow, "worse")).Command("B", new MergeInto(new CaseKey("A"), "the same")).Want(null);
        world.Command("A", new ArriveOnScene("QR", 0, 0, 0, ""), "ZJ", Roles.Handler).Want(null).Command("A", new RaiseLevel(Colour.Orange, "smoke")).Want(null);
        world.Command("B", new Unmerge("two places")).Want(null);
        Assert.Equal((Colour.Orange, TaskPhase.OnScene), (world["A"].Level, world["A"].Lead.Phase));
        Assert.Equal("AP/A", Assert.Single(world["A"].Reports).Id);
        Assert.Equal(Colour.Yellow, world["B"].Level);
    }

    /// <summary>Its sources go on talking to the case that they know.</summary>
    [Fact]
    public void A_live_occurrence_that_was_merged_keeps_the_other_case_open_until_its_source_says_that_it_is_over()
    {
        var world = new CaseWorld();
        world.Tell("A", Raised(world.Now, new OccurrenceId("HS-2/B/1.1"), Colour.Orange), "HS-2").Tell("B", Raised(world.Now));
        world.Command("B", new MergeInto(new CaseKey("A"), "one cloud")).Want(null);
        Assert.Equal((Colour.Red, 2, CasePhase.Merged), (world["A"].Level, world["A"].Occurrences.Count, world["B"].Phase));
        world.After(TimeSpan.FromMinutes(4)).Tell("B", new OccurrenceChanged(Leak, AlarmLevel.Three, AlarmLevel.Three, Colour.Red, 9, world.Now, "worse"));
        Assert.Equal(AlarmLevel.Three, world["A"].Occurrences.Find(o => o.Id == Leak)!.Level);
        world.Tell("A", new OccurrenceCleared(new OccurrenceId("HS-2/B/1.1"), world.Now), "HS-2");
        Assert.True(world["A"].IsLive);
        world.Tell("B", new OccurrenceCleared(Leak, world.Now));
        Assert.False(world["A"].IsLive);
        Assert.False(world["B"].IsLive);
    }

    [Fact]
    public void A_new_occurrence_of_a_merged_case_is_answered_as_by_a_closed_one_so_that_its_source_opens_another()
    {
        var world = Two();
        world.Command("B", new MergeInto(new CaseKey("A"), "the same")).Want(null);
        var decision = new CaseRules(Registry.District.Policy).Decide(world["B"], new Stimulus.Delivered(Raised(world.Now), new EntityAddress(EntityKinds.HazardSource, "HS-1")), world.Now);
        Assert.Equal(("CASE_CLOSED", 0), (decision.Outcome.Name, decision.Events.Count));
    }

    [Fact]
    public void Until_the_other_case_has_answered_this_one_is_whole_and_what_its_sources_say_follows_the_offer()
    {
        var world = new CaseWorld();
        world.Tell("A", Raised(world.Now, new OccurrenceId("HS-2/B/1.1")), "HS-2").Tell("B", Raised(world.Now));
        world.Delivers = false;
        world.Command("B", new MergeInto(new CaseKey("A"), "one cloud")).Want(null);
        Assert.NotEmpty(world.Deadlines("B"));
        world.Command("B", new Urge("hurry")).Want("ILLEGAL_TRANSITION");
        world.Tell("B", new OccurrenceCleared(Leak, world.Now));
        world.Delivers = true;
        world.Deliver();
        Assert.Equal(OccurrencePhase.Cleared, world["A"].Occurrences.Find(o => o.Id == Leak)!.Phase);
        Assert.Equal(CasePhase.Merged, world["B"].Phase);
    }

    /// <summary>Who asks first is refused, because the other one is on its way; then there is somewhere to go.</summary>
    [Fact]
    public void Two_cases_that_are_merged_into_each_other_at_once_do_not_both_go()
    {
        var world = Two();
        world.Delivers = false;
        world.Command("A", new MergeInto(new CaseKey("B"), "x")).Command("B", new MergeInto(new CaseKey("A"), "y"));
        world.Delivers = true;
        world.Deliver();
        Assert.Contains(world.Events, e => e is { Case: "A", Event: MergeRefused { Why: "TARGET_MERGED" } });
        Assert.Equal((true, CasePhase.Merged), (world["A"] is { IsOpen: true, Merge: null }, world["B"].Phase));
        Assert.NotEmpty(world.Deadlines("A"));
    }

    [Fact]
    public void What_cannot_be_merged_says_why_and_goes_on()
    {
        var world = Two();
        world.Command("B", new MergeInto(new CaseKey("B"), "x")).Want("MERGE_CYCLE").Command("B", new MergeInto(new CaseKey("A"), "")).Want("REASON_MISSING");
        world.Command("B", new MergeInto(new CaseKey("nobody"), "x")).Want(null);
        Assert.Contains(world.Events, e => e.Event is MergeRefused { Why: "UNKNOWN_CASE" });
        world.Command("A", new VoidCase("TEST", "")).Want(null).Command("B", new MergeInto(new CaseKey("A"), "x")).Want(null);
        Assert.Contains(world.Events, e => e.Event is MergeRefused { Why: "TARGET_OVER" });
        Assert.True(world["B"] is { IsOpen: true, Merge: null });
        Assert.NotEmpty(world.Deadlines("B"));
    }

    [Fact]
    public void After_seven_days_a_merge_stays()
    {
        var world = Two();
        world.Command("B", new MergeInto(new CaseKey("A"), "x")).Want(null).After(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1)).Command("B", new Unmerge("y")).Want("UNMERGE_TOO_LATE");
    }

    [Fact]
    public void A_case_with_somebody_on_the_scene_is_merged_by_a_leader()
    {
        var world = Two();
        world.Command("A", new ArriveOnScene("QR", 0, 0, 0, ""), "ZJ", Roles.Handler).Want(null).Command("A", new MergeInto(new CaseKey("B"), "x"), role: Roles.Operator).Want("LEADER_ONLY")
            .Command("A", new MergeInto(new CaseKey("B"), "x")).Want(null);
    }

    /// <summary>Everything but the count of events: a merge that was undone has happened twice.</summary>
    private static string Hash(CaseState state) => CaseText.Of(state with { Events = 0 });
}
