using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Colours follow a table with a version (alarms.md §3).</summary>
public sealed class ColourTableTests
{
    private static readonly ColourTable Stricter = ColourTable.First with { Version = 2, Rules = [.. ColourTable.First.Rules.Select(r => r is { Level: AlarmLevel.Two, When: ColourCondition.Always } ? r with { Colour = Colour.Red } : r)] };

    [Fact]
    public void A_newer_table_is_journaled_and_colours_at_once()
    {
        var story = new SourceStory(Chlorine("CL-1")).Feed("CL-1", 2.4).WantColour(Colour.Orange).Forget();
        var adopted = HazardSourceRules.Adopt(story.State, Stricter, story.Now);
        Assert.Collection(adopted.Events, e => Assert.Equal(Stricter, Assert.IsType<ColourTableAdopted>(e).Table), e => Assert.Equal((Colour.Orange, Colour.Red), e is ColourChanged c ? (c.From, c.To) : default));
        var state = adopted.Events.Aggregate(story.State, HazardSourceEvolution.Evolve);
        Assert.Equal(Stricter, state.Colours);
        // The same one again, or an older one, changes nothing: nodes of two builds do not colour against each other.
        Assert.Empty(HazardSourceRules.Adopt(state, Stricter, story.Now).Events);
        Assert.Empty(HazardSourceRules.Adopt(state, ColourTable.First, story.Now).Events);
    }

    [Fact]
    public void A_condition_that_the_table_does_not_name_changes_no_colour()
    {
        var plain = ColourTable.First with { Version = 2, Rules = [.. ColourTable.First.Rules.Where(r => r.When == ColourCondition.Always)] };
        var story = new SourceStory(Chlorine("CL-1"), Chlorine("CL-2"));
        var state = HazardSourceRules.Adopt(story.State, plain, story.Now).Events.Aggregate(story.State, HazardSourceEvolution.Evolve);
        foreach (var detector in (int[])[0, 1])
            state = Evaluation.Of(state, new ReadingSegment(new GatewayId("GW-1"), 1, ClockId.Wall, story.Now, story.Now, false, [new Reading(detector, 1, story.Now, story.Now, 2.4, Quality.Good)])).After;
        Assert.Equal(Colour.Orange, state.Colour);
    }
}
