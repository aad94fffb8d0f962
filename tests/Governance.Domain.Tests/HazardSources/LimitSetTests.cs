using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Limit sets (alarms.md S11, §6b, §9) and rates.</summary>
public sealed class LimitSetTests
{
    private static SourceStory Plant() => new SourceStory(Chlorine("CL-1", offDelay: TimeSpan.Zero), Chlorine("CL-2", offDelay: TimeSpan.Zero)).At("14:10:00").Feed("CL-1", 0.1).Feed("CL-2", 0.1).Wait(10).Forget();

    private static ProposeLimits Lower(params string[] detectors) =>
        new([.. detectors.Select(d => new DetectorLimits(d, [High(1, 0.5, 0.1), High(2, 1, 0.1), High(3, 8.8, 0.1)]))], "after the incident of 3 August");

    private static RecordBacktest Tested(SourceStory story, params string[] missed) => new(2, story.Now.AddDays(-7), story.Now, 1000, 1, 0, [.. missed]);

    [Fact]
    public void A_limit_set_is_proposed_backtested_and_put_into_force_by_a_person_each()
    {
        var story = Plant().Command(Lower("CL-1")).Want("limits 2 proposed").Command(new ActivateLimits(2, "signed")).WantRefusal("NOT_BACKTESTED");
        story.Command(Tested(story)).Want("limits 2 backtested").Command(new ActivateLimits(2, "")).WantRefusal("REASON_MISSING");
        story.Command(new ActivateLimits(2, "signed")).Want("marks", "limits 2 in force").Feed("CL-1", 0.6).Want("CL-1 active 1", "incident", "Yellow");
        Assert.Equal((2, "liu", "liu"), story.State.LimitSets[^1] is var set ? (story.State.LimitSetVersion, set.ProposedBy, set.ActivatedBy) : default);
        story.Wait(1).Feed("CL-2", 0.6).Want();
    }

    [Fact]
    public void A_set_that_would_have_missed_an_incident_never_comes_into_force()
    {
        var story = Plant().Command(Lower("CL-1"));
        story.Command(Tested(story, "chlorine 3 August")).Command(new ActivateLimits(2, "signed")).WantRefusal("INCIDENT_WOULD_BE_MISSED");
    }

    [Fact]
    public void Faulty_limits_are_refused_when_proposed()
    {
        var story = Plant();
        story.Command(new ProposeLimits([new DetectorLimits("CL-1", [High(1, 1, samples: 3)])], "x")).WantRefusal("LIMITS_FAULTY");
        story.Command(new ProposeLimits([], "x")).WantRefusal("LIMITS_FAULTY").Command(new ProposeLimits([new DetectorLimits("NO", [])], "x")).WantRefusal("UNKNOWN_DETECTOR");
    }

    [Fact]
    public void S11_a_running_occurrence_keeps_its_limits_until_its_next_activation()
    {
        var story = Plant().Feed("CL-1", 1.5).Command(Lower("CL-1", "CL-2"));
        story.Command(Tested(story)).Command(new ActivateLimits(2, "signed")).Forget();
        Assert.Equal((1, 2), (story.Of("CL-1").Handling.LimitSet, story.Of("CL-2").Handling.LimitSet));
        story.Wait(10).Feed("CL-1", 1.5).Want().Wait(10).Feed("CL-1", 0.2).Want("CL-1 normal, peak 1", "Blue");
        Assert.Equal(2, story.Of("CL-1").Handling.LimitSet);
        story.Wait(10).Feed("CL-1", 1.5).Want("CL-1 active 2", "joined", "Orange");
    }

    [Fact]
    public void S11_a_migration_is_journaled_and_acts_at_once()
    {
        var story = Plant().Feed("CL-1", 1.5).Command(Lower("CL-1"));
        story.Command(Tested(story)).Command(new ActivateLimits(2, "signed")).Forget();
        var occurrence = story.Memo("CL-1").Live!.Occurrence;
        story.Command(new MigrateOccurrence(occurrence, "")).WantRefusal("REASON_MISSING").Command(new MigrateOccurrence(occurrence, "new set")).Want("marks", "CL-1 migrated 1>2", "CL-1 1>2", "Orange");
        story.Command(new MigrateOccurrence(occurrence, "again")).WantRefusal(null).Want();
    }

    [Theory]
    [InlineData(2, 10, 11, true)]
    [InlineData(2, 10, 10.3, false)]
    [InlineData(-2, 10, 9, true)]
    [InlineData(-2, 10, 9.8, false)]
    public void S1_a_rate_limit_is_a_change_per_minute(double limit, double before, double after, bool alarms)
    {
        var tank = new DetectorConfig(new DetectorId("TT-1"), HazardKind.Temperature, "degC", Period, -50, 300, 0, "", "", [new Limit(LimitDirection.Rate, AlarmLevel.Two, limit, 0.5, TimeSpan.Zero, 0, TimeSpan.Zero)]);
        var story = new SourceStory(tank).At("14:10:00").Feed("TT-1", before).Forget().Wait(10).Feed("TT-1", after);
        Assert.Equal(alarms ? AlarmLevel.Two : AlarmLevel.None, story.Of("TT-1").Level);
        if (alarms) Assert.Equal(AlarmLevel.None, story.Wait(10).Feed("TT-1", after).Of("TT-1").Level);
    }

    [Fact]
    public void S1_a_rate_alarm_is_held_within_its_deadband()
    {
        var tank = new DetectorConfig(new DetectorId("TT-1"), HazardKind.Temperature, "degC", TimeSpan.FromMinutes(1), -50, 300, 0, "", "", [new Limit(LimitDirection.Rate, AlarmLevel.Two, 2, 0.5, TimeSpan.Zero, 0, TimeSpan.Zero)]);
        var story = new SourceStory(tank).At("14:10:00").Feed("TT-1", 10).Wait(60).Feed("TT-1", 12).Wait(60).Feed("TT-1", 13.6);
        Assert.Equal(AlarmLevel.Two, story.Of("TT-1").Level);
        Assert.Equal(AlarmLevel.None, story.Wait(60).Feed("TT-1", 15).Of("TT-1").Level);
    }
}
