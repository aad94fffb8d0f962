using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>The suppression region: shelved, by design, out of service; and chattering (alarms.md S7 to S9).</summary>
public sealed class SuppressionTests
{
    private static SourceStory Plant(params Zone[] zones)
    {
        var story = new SourceStory(Zoned(zones.Length > 0 ? zones : [new Zone("hall", 1)], Chlorine("CL-1", offDelay: TimeSpan.Zero), Chlorine("CL-2", offDelay: TimeSpan.Zero),
            Combustible("GAS-1", zone: "hall"))).At("14:10:00");
        foreach (var name in new[] { "CL-1", "CL-2", "GAS-1" }) story.Feed(name, 0.1);
        return story.Forget();
    }

    private static ShelveDetector Shelf(SourceStory story, string detector, int minutes = 30, AlarmLevel upTo = AlarmLevel.None) => new(detector, upTo, story.Now.AddMinutes(minutes), "nuisance");

    private static SourceStory Out(SourceStory story, string detector, int minutes = 60) =>
        story.Command(new OpenPermit("P-1", [detector], story.Now.AddMinutes(minutes), "sensor exchange")).Command(new TakeOutOfService(detector, "P-1", story.Now.AddMinutes(minutes), "sensor exchange"));

    private static int Raised(SourceStory story) => story.Told<AlertPublished>().Count(m => m.Alert.Kind == AlertKind.OccurrenceRaised);

    [Fact]
    public void S8_a_shelf_needs_an_end_and_a_reason()
    {
        var story = Plant();
        story.Command(new ShelveDetector("CL-1", AlarmLevel.None, story.Now, "x")).WantRefusal("SHELVE_END_INVALID");
        story.Command(new ShelveDetector("CL-1", AlarmLevel.None, story.Now.AddHours(9), "x")).WantRefusal("SHELVE_END_INVALID");
        story.Command(new ShelveDetector("CL-1", AlarmLevel.None, story.Now.AddHours(1), "")).WantRefusal("REASON_MISSING");
        story.Command(Shelf(story, "NOBODY")).WantRefusal("UNKNOWN_DETECTOR");
        story.Command(Shelf(story, "CL-1")).WantRefusal(null).Want("CL-1 Shelved").Command(Shelf(story, "CL-1")).WantRefusal("ALREADY_SUPPRESSED");
    }

    [Fact]
    public void S8_toxic_gas_at_level_two_cannot_be_shelved()
    {
        var story = Plant();
        story.Command(Shelf(story, "CL-1", upTo: AlarmLevel.Two)).WantRefusal("TOXIC_LEVEL_NOT_SHELVABLE");
        story.Wait(10).Feed("CL-1", 2.5).Command(Shelf(story, "CL-1")).WantRefusal("TOXIC_LEVEL_NOT_SHELVABLE");
    }

    [Fact]
    public void S8_the_bypass_that_leaves_a_zone_unwatched_is_refused()
    {
        var story = Plant(new Zone("hall", 2));
        Out(story, "CL-1").Want("permit P-1", "CL-1 OutOfService");
        story.Command(Shelf(story, "CL-2")).WantRefusal("ZONE_WOULD_BE_UNWATCHED");
        story.Command(new OpenPermit("P-2", ["CL-2"], story.Now.AddMinutes(10), "x")).Command(new TakeOutOfService("CL-2", "P-2", story.Now.AddMinutes(10), "x")).WantRefusal("ZONE_WOULD_BE_UNWATCHED");
    }

    [Fact]
    public void S8_a_detector_that_does_not_see_may_be_taken_out()
    {
        var story = Plant(new Zone("hall", 3)).Wait(50).Feed("CL-2", 0.1).Feed("GAS-1", 1).Wait(20);
        Assert.Equal(Health.Stale, story.Memo("CL-1").Health);
        Out(story, "CL-1").WantRefusal(null);
    }

    [Fact]
    public void What_is_suppressed_is_journaled_and_told_to_nobody()
    {
        var story = Plant();
        story.Command(Shelf(story, "CL-1")).Forget().Wait(10).Feed("CL-1", 1.2).Want("CL-1 active 1 Suppressed", "Yellow");
        Assert.Equal(0, Raised(story));
        Assert.Empty(story.Told<OccurrenceRaised>());
        story.Wait(10).Feed("CL-1", 0.2).Want("CL-1 normal, peak 1", "Blue");
        Assert.Empty(story.Told<OccurrenceCleared>());
    }

    [Fact]
    public void S9_leaving_suppression_while_active_is_a_fresh_activation_that_says_since_when()
    {
        var story = Plant();
        story.Command(Shelf(story, "CL-1", 5)).Wait(10).Feed("CL-1", 1.2);
        var since = story.Now;
        story.Forget().Steady("CL-1", 1.2, TimeSpan.FromMinutes(4)).Forget().Wait(60);
        var fresh = story.Events.OfType<HazardSourceEvent.OccurrenceActivated>().Last();
        Assert.Equal((ActivationBasis.SuppressionEnded, since, Withheld.No), (fresh.Basis, fresh.SuppressedSince, fresh.Withheld));
        Assert.Contains("active while suppressed since", story.Told<OccurrenceRaised>().Single().Text, StringComparison.Ordinal);
        Assert.Equal(1, Raised(story));
    }

    [Fact]
    public void S9_what_was_told_before_it_was_shelved_goes_on_as_one_case()
    {
        var story = Plant().Wait(10).Feed("CL-1", 1.2);
        var first = story.Memo("CL-1").Live!.Occurrence;
        story.Command(Shelf(story, "CL-1")).Wait(10).Feed("CL-1", 1.3).Forget().Command(new UnshelveDetector("CL-1")).Want("CL-1 unsuppressed Released", "CL-1 active 1 SuppressionEnded", "joined");
        Assert.NotEqual(first, story.Memo("CL-1").Live!.Occurrence);
        Assert.Single(story.State.Incidents);
        Assert.Equal([story.Memo("CL-1").Live!.Occurrence], story.State.Incidents[0].Live);
        // The case hears of the new one before the old one ends: never a moment without a live occurrence.
        var heard = story.Sends.Where(s => s.To.Kind == EntityKinds.Case).Select(s => s.Message).Where(m => m is OccurrenceRaised or OccurrenceCleared).ToList();
        Assert.True(heard.FindIndex(m => m is OccurrenceRaised r && r.Occurrence != first) < heard.FindIndex(m => m is OccurrenceCleared));
    }

    [Fact]
    public void S8_a_rise_above_the_shelf_breaks_through_at_once()
    {
        var story = Plant();
        story.Command(Shelf(story, "CL-1")).Wait(10).Feed("CL-1", 1.2).Forget().Wait(10).Feed("CL-1", 2.5);
        story.Want("CL-1 1>2", "CL-1 unsuppressed LevelRose", "CL-1 active 2 SuppressionEnded", "incident", "Orange");
        Assert.Equal(1, Raised(story));
        Assert.NotNull(story.Of("CL-1").Operator.OverdueAt);
    }

    [Fact]
    public void S8_a_first_reading_above_the_shelf_is_told_as_any_other()
    {
        var story = Plant();
        story.Command(Shelf(story, "CL-1")).Forget().Wait(10).Feed("CL-1", 9).Want("CL-1 unsuppressed LevelRose", "CL-1 active 3", "incident", "Red");
    }

    [Fact]
    public void Out_of_service_is_never_a_live_exceedance_and_counts_as_not_healthy()
    {
        var story = Out(Plant(), "CL-1").Forget().Wait(10).Feed("CL-1", 9).Want("CL-1 active 3 Suppressed").WantColour(Colour.Blue);
        Assert.Equal((2, 3), (story.State.HealthyDetectors, story.State.DetectorsInService));
    }

    [Fact]
    public void Out_of_service_needs_an_open_permit_for_that_detector_and_ends_with_it()
    {
        var story = Plant();
        story.Command(new TakeOutOfService("CL-1", "P-0", story.Now.AddMinutes(5), "x")).WantRefusal("PERMIT_REQUIRED");
        story.Command(new OpenPermit("P-1", ["CL-2"], story.Now.AddMinutes(30), "x")).Command(new TakeOutOfService("CL-1", "P-1", story.Now.AddMinutes(5), "x")).WantRefusal("PERMIT_REQUIRED");
        story.Command(new TakeOutOfService("CL-2", "P-1", story.Now.AddMinutes(31), "x")).WantRefusal("OUT_OF_SERVICE_END_INVALID");
        story.Command(new TakeOutOfService("CL-2", "P-1", story.Now.AddMinutes(30), "x")).Wait(10).Feed("CL-2", 9).Forget()
            .Command(new ClosePermit("P-1", "done")).Want("permit P-1 closed", "CL-2 unsuppressed PermitClosed", "CL-2 active 3 SuppressionEnded", "incident", "Red");
    }

    [Fact]
    public void By_design_a_trigger_explains_others_up_to_its_level()
    {
        var config = Of(Combustible("PUMP"), Combustible("FLOW")) with { Rules = [new SuppressionRule("pump tripped", "PUMP", AlarmLevel.One, ["FLOW"], AlarmLevel.One)] };
        var story = new SourceStory(config).At("14:10:00").Feed("PUMP", 1).Feed("FLOW", 1).Wait(10).Forget();
        story.Feed("PUMP", 30).Want("PUMP active 1", "incident", "FLOW ByDesign", "Yellow").Wait(1).Feed("FLOW", 30).Want("FLOW active 1 Suppressed");
        story.Wait(9).Feed("PUMP", 1).Want("PUMP normal, peak 1", "FLOW unsuppressed RuleEnded", "FLOW active 1 SuppressionEnded", "joined");
    }

    [Fact]
    public void By_design_two_alarms_never_silence_each_other()
    {
        var config = Of(Combustible("A"), Combustible("B")) with
        {
            Rules = [new SuppressionRule("a", "A", AlarmLevel.One, ["B"], AlarmLevel.One), new SuppressionRule("b", "B", AlarmLevel.One, ["A"], AlarmLevel.One)],
        };
        var story = new SourceStory(config).At("14:10:00").Feed("A", 30).Wait(1).Feed("B", 30);
        Assert.Equal((Withheld.No, Withheld.Suppressed), (story.Of("A").Handling.Withheld, story.Of("B").Handling.Withheld));
    }

    [Fact]
    public void S7_chattering_folds_the_notices_and_keeps_the_alarm()
    {
        var story = Plant().Wait(10);
        for (var i = 0; i < 7; i++) story.Feed("CL-1", 1.2).Wait(20).Feed("CL-1", 0.2).Wait(20);
        Assert.Equal([false, false, false, false, false, true, true], story.Told<AlertPublished>().Where(m => m.Alert.Kind == AlertKind.OccurrenceRaised).Select(m => m.Alert.Folded));
        Assert.Equal(7, story.Told<OccurrenceRaised>().Count());
        Assert.Single(story.State.Incidents);
        Assert.Equal(7, story.Told<AlertPublished>().Count(m => m.Alert.Kind == AlertKind.ReturnedToNormal));
        story.Forget().Steady("CL-1", 0.1, TimeSpan.FromMinutes(11));
        Assert.False(story.Of("CL-1").Handling.Chatter.Folding);
        Assert.Equal(2, story.Events.OfType<HazardSourceEvent.ChatteringEnded>().Single().Folded);
    }

    [Fact]
    public void S7_a_rise_to_toxic_level_two_is_never_folded()
    {
        var story = Plant().Wait(10);
        for (var i = 0; i < 5; i++) story.Feed("CL-1", 1.2).Wait(20).Feed("CL-1", 0.2).Wait(20);
        story.Feed("CL-1", 1.2);
        Assert.True(story.Told<AlertPublished>().Last(m => m.Alert.Kind == AlertKind.OccurrenceRaised).Alert.Folded);
        story.Wait(10).Feed("CL-1", 2.5);
        Assert.All(story.Told<AlertPublished>().Where(m => m.Alert.Kind is AlertKind.LevelRaised), m => Assert.False(m.Alert.Folded));
        Assert.False(story.Told<AlertPublished>().Last(m => m.Alert.Kind == AlertKind.OccurrenceRaised).Alert.Folded);
    }
}
