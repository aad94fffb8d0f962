using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Every phase of the process region under every class of stimulus: what comes next, and what is refused.</summary>
public sealed class PhaseTableTests
{
    public enum Phase { Normal, Pending, Active, Clearing }

    public enum Class
    {
        Good0, Good1, Good2, Good3, Saturated, Bad, Manual0, Manual2, Weak, OutOfService, Late, StaleDeadline, LostDeadline, Commission, Relay, Acknowledge,
    }

    private const string Live = "SOURCE_HAS_LIVE_OCCURRENCE", NotLive = "OCCURRENCE_NOT_LIVE";

    // A detector with three levels, an on-delay of three samples at level 1 and an off-delay of 20 s.
    public static readonly TheoryData<Phase, Class, Phase, string?> Table = new()
    {
        { Phase.Normal, Class.Good0, Phase.Normal, null },
        { Phase.Normal, Class.Good1, Phase.Pending, null },
        { Phase.Normal, Class.Good2, Phase.Active, null },
        { Phase.Normal, Class.Good3, Phase.Active, null },
        { Phase.Normal, Class.Saturated, Phase.Active, null },
        { Phase.Normal, Class.Bad, Phase.Normal, null },
        { Phase.Normal, Class.Manual0, Phase.Normal, null },
        { Phase.Normal, Class.Manual2, Phase.Active, null },
        { Phase.Normal, Class.Weak, Phase.Normal, null },
        { Phase.Normal, Class.OutOfService, Phase.Normal, null },
        { Phase.Normal, Class.Late, Phase.Normal, null },
        { Phase.Normal, Class.StaleDeadline, Phase.Normal, null },
        { Phase.Normal, Class.LostDeadline, Phase.Normal, null },
        { Phase.Normal, Class.Commission, Phase.Normal, null },
        { Phase.Normal, Class.Relay, Phase.Normal, null },
        { Phase.Normal, Class.Acknowledge, Phase.Normal, NotLive },

        { Phase.Pending, Class.Good0, Phase.Normal, null },
        { Phase.Pending, Class.Good1, Phase.Pending, null },
        { Phase.Pending, Class.Good2, Phase.Active, null },
        { Phase.Pending, Class.Good3, Phase.Active, null },
        { Phase.Pending, Class.Saturated, Phase.Active, null },
        { Phase.Pending, Class.Bad, Phase.Pending, null },
        { Phase.Pending, Class.Manual0, Phase.Pending, null },
        { Phase.Pending, Class.Manual2, Phase.Active, null },
        { Phase.Pending, Class.Weak, Phase.Pending, null },
        { Phase.Pending, Class.OutOfService, Phase.Pending, null },
        { Phase.Pending, Class.Late, Phase.Pending, null },
        { Phase.Pending, Class.StaleDeadline, Phase.Active, null },
        { Phase.Pending, Class.LostDeadline, Phase.Active, null },
        { Phase.Pending, Class.Commission, Phase.Pending, null },
        { Phase.Pending, Class.Relay, Phase.Pending, null },
        { Phase.Pending, Class.Acknowledge, Phase.Pending, NotLive },

        { Phase.Active, Class.Good0, Phase.Clearing, null },
        { Phase.Active, Class.Good1, Phase.Active, null },
        { Phase.Active, Class.Good2, Phase.Active, null },
        { Phase.Active, Class.Good3, Phase.Active, null },
        { Phase.Active, Class.Saturated, Phase.Active, null },
        { Phase.Active, Class.Bad, Phase.Active, null },
        { Phase.Active, Class.Manual0, Phase.Active, null },
        { Phase.Active, Class.Manual2, Phase.Active, null },
        { Phase.Active, Class.Weak, Phase.Active, null },
        { Phase.Active, Class.OutOfService, Phase.Active, null },
        { Phase.Active, Class.Late, Phase.Active, null },
        { Phase.Active, Class.StaleDeadline, Phase.Active, null },
        { Phase.Active, Class.LostDeadline, Phase.Active, null },
        { Phase.Active, Class.Commission, Phase.Active, Live },
        { Phase.Active, Class.Relay, Phase.Active, null },
        { Phase.Active, Class.Acknowledge, Phase.Active, null },

        { Phase.Clearing, Class.Good0, Phase.Clearing, null },
        { Phase.Clearing, Class.Good1, Phase.Active, null },
        { Phase.Clearing, Class.Good2, Phase.Active, null },
        { Phase.Clearing, Class.Good3, Phase.Active, null },
        { Phase.Clearing, Class.Saturated, Phase.Active, null },
        { Phase.Clearing, Class.Bad, Phase.Clearing, null },
        { Phase.Clearing, Class.Manual0, Phase.Clearing, null },
        { Phase.Clearing, Class.Manual2, Phase.Active, null },
        { Phase.Clearing, Class.Weak, Phase.Clearing, null },
        { Phase.Clearing, Class.OutOfService, Phase.Clearing, null },
        { Phase.Clearing, Class.Late, Phase.Clearing, null },
        { Phase.Clearing, Class.StaleDeadline, Phase.Clearing, null },
        { Phase.Clearing, Class.LostDeadline, Phase.Clearing, null },
        { Phase.Clearing, Class.Commission, Phase.Clearing, Live },
        { Phase.Clearing, Class.Relay, Phase.Clearing, null },
        { Phase.Clearing, Class.Acknowledge, Phase.Clearing, null },
    };

    [Fact]
    public void Every_pair_is_in_the_table_once()
    {
        var pairs = Table.Select(row => ((Phase)((object?[])row)[0]!, (Class)((object?[])row)[1]!)).ToList();
        Assert.Equal(pairs.Count, pairs.Distinct().Count());
        Assert.Equal(Enum.GetValues<Phase>().Length * Enum.GetValues<Class>().Length, pairs.Count);
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_phase_under_a_stimulus(Phase from, Class stimulus, Phase to, string? refusal)
    {
        var story = In(from);
        Assert.Equal(from, PhaseOf(story));
        Do(story, stimulus).WantRefusal(refusal);
        Assert.Equal(to, PhaseOf(story));
    }

    private static SourceStory In(Phase phase)
    {
        var story = new SourceStory(Detector).At("14:10:00").Feed("GAS-1", 1).Wait(10);
        if (phase >= Phase.Pending) story.Feed("GAS-1", 30, seq: 5);
        if (phase >= Phase.Active) story.Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 30);
        if (phase >= Phase.Clearing) story.Wait(10).Feed("GAS-1", 1);
        return phase == Phase.Normal ? story.Feed("GAS-1", 1, seq: 5) : story;
    }

    private static DetectorConfig Detector => new(
        new DetectorId("GAS-1"), HazardKind.CombustibleGas, "%LEL", Period, 0, 100, 2, "", "",
        [High(1, 25, 2, samples: 3, offDelay: TimeSpan.FromSeconds(20)), High(2, 50, 2), High(3, 75, 2)]);

    private static SourceStory Do(SourceStory story, Class stimulus) => stimulus switch
    {
        Class.Good0 => story.Wait(10).Feed("GAS-1", 1),
        Class.Good1 => story.Wait(10).Feed("GAS-1", 30),
        Class.Good2 => story.Wait(10).Feed("GAS-1", 60),
        Class.Good3 => story.Wait(10).Feed("GAS-1", 80),
        Class.Saturated => story.Wait(10).Feed("GAS-1", double.NaN, Quality.Saturated),
        Class.Bad => story.Wait(10).Feed("GAS-1", 80, Quality.Bad),
        Class.Manual0 => story.Wait(10).Feed("GAS-1", 1, Quality.Manual),
        Class.Manual2 => story.Wait(10).Feed("GAS-1", 60, Quality.Manual),
        Class.Weak => story.Wait(10).Feed("GAS-1", 80, historical: true),
        Class.OutOfService => story.Wait(10).Feed("GAS-1", 80, Quality.OutOfService),
        Class.Late => story.Wait(10).Feed("GAS-1", 80, seq: 3),
        Class.StaleDeadline => story.Wait(60),
        Class.LostDeadline => story.Wait(120),
        Class.Commission => story.Command(new CommissionSource(Of(Detector) with { Name = "another name" })),
        Class.Relay => story.Command(new RelayWarning("henan", "W-1", story.Now, "GAS-1", "point", HazardKind.CombustibleGas, AlarmLevel.Two, 60, 50, "%LEL", story.Now, false, "", false)),
        Class.Acknowledge => story.Command(new AcknowledgeOccurrence(story.Memo("GAS-1").Live?.Occurrence ?? new OccurrenceId("HS-CL2-07/GAS-1/1.5"), "")),
        _ => throw new InvalidOperationException(stimulus.ToString()),
    };

    private static Phase PhaseOf(SourceStory story) => story.Memo("GAS-1").Process switch
    {
        ProcessRegion.Normal => Phase.Normal,
        ProcessRegion.Pending => Phase.Pending,
        ProcessRegion.Active => Phase.Active,
        ProcessRegion.Clearing => Phase.Clearing,
        var unknown => throw new InvalidOperationException(unknown.ToString()),
    };
}
