using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;

namespace Governance.Domain.Tests.Alerts;

/// <summary>A feed is one ordered stream without holes, and knows what is live for who comes late.</summary>
public sealed class AlertFeedTests
{
    private static readonly AlertFeedRules Rules = new();

    private static Alert Of(AlertKind kind, string occurrence = "", string caseKey = "", Colour colour = Colour.Yellow, string source = "HS-CL2-07") => new(
        $"{kind}/{occurrence}/{caseKey}/{colour}", kind, new AreaCode("410803006"), SourceStory.Day, source, "", occurrence, AlarmLevel.None, colour, null, double.NaN, double.NaN, "",
        caseKey, "", [], "", false, "");

    private static AlertFeedState Publish(AlertFeedState state, params Alert[] alerts)
    {
        foreach (var alert in alerts)
        {
            var decision = Rules.Decide(state, new Stimulus.Delivered(new AlertPublished(alert), new EntityAddress(EntityKinds.HazardSource, "HS-CL2-07")), SourceStory.Day);
            state = decision.Events.Aggregate(state, Rules.Evolve);
        }
        return state;
    }

    private static AlertFeedState Feed(params Alert[] alerts) => Publish(Rules.Initial("410803006"), alerts);

    [Fact]
    public void Positions_are_contiguous_from_one()
    {
        var feed = Feed(Of(AlertKind.OccurrenceRaised, "o1"), Of(AlertKind.CaseOpened, caseKey: "C1"), Of(AlertKind.ReturnedToNormal, "o1"));
        Assert.Equal([1L, 2L, 3L], feed.Recent.Select(e => e.Position));
        Assert.Equal(3, feed.Head);
    }

    [Fact]
    public void A_hole_or_a_repeat_in_the_journal_is_loud()
    {
        var feed = Feed(Of(AlertKind.OccurrenceRaised, "o1"));
        foreach (var position in new long[] { 0, 1, 3 })
            Assert.Throws<InvalidOperationException>(() => Rules.Evolve(feed, new AlertAppended(SourceStory.Day, position, Of(AlertKind.OccurrenceRaised, "o2"))));
    }

    [Fact]
    public void Memory_holds_the_newest_alerts_only_and_the_live_ones_for_as_long_as_they_live()
    {
        var feed = Feed(Of(AlertKind.OccurrenceRaised, "old"));
        for (var i = 0; i < AlertFeedState.RecentAlerts + 10; i++) feed = Publish(feed, Of(AlertKind.DataLost));
        Assert.Equal((AlertFeedState.RecentAlerts, feed.Head), (feed.Recent.Count, feed.Recent[^1].Position));
        Assert.Equal(1, feed.Live["occurrence/old"].Position);
    }

    [Fact]
    public void An_occurrence_lives_until_it_returns_to_normal_with_its_latest_alert()
    {
        var feed = Feed(Of(AlertKind.OccurrenceRaised, "o1"), Of(AlertKind.LevelRaised, "o1"), Of(AlertKind.Acknowledged, "o1"), Of(AlertKind.DataLost, "o1"));
        Assert.Equal(AlertKind.DataLost, feed.Live["occurrence/o1"].Alert.Kind);
        Assert.Equal(AlertKind.DataRestored, Publish(feed, Of(AlertKind.DataRestored, "o1")).Live["occurrence/o1"].Alert.Kind);
        Assert.Empty(Publish(feed, Of(AlertKind.ReturnedToNormal, "o1")).Live);
    }

    [Fact]
    public void A_case_lives_until_it_is_closed()
    {
        var feed = Feed(Of(AlertKind.CaseOpened, caseKey: "C1"), Of(AlertKind.CaseDispatched, caseKey: "C1"), Of(AlertKind.CaseProgressed, caseKey: "C1"), Of(AlertKind.DeadlineBreached, caseKey: "C1"));
        Assert.Equal(AlertKind.DeadlineBreached, Assert.Single(feed.Live).Value.Alert.Kind);
        Assert.Empty(Publish(feed, Of(AlertKind.CaseClosed, caseKey: "C1")).Live);
    }

    [Fact]
    public void A_case_that_went_to_another_area_is_told_and_no_longer_live_here()
    {
        var feed = Feed(Of(AlertKind.CaseOpened, caseKey: "C1"), Of(AlertKind.CaseOpened, caseKey: "C2"), Of(AlertKind.CaseProgressed, caseKey: "C1") with { Area = new AreaCode("410803002") });
        Assert.Equal((3, "case/C2"), (feed.Head, Assert.Single(feed.Live.Keys)));
    }

    [Fact]
    public void A_source_shows_while_it_is_not_blue_grey_included()
    {
        var feed = Feed(Of(AlertKind.ColourChanged, colour: Colour.Orange), Of(AlertKind.ColourChanged, colour: Colour.Grey), Of(AlertKind.ColourChanged, colour: Colour.Red, source: "HS-2"));
        Assert.Equal(["colour/HS-2", "colour/HS-CL2-07"], feed.Live.Keys);
        Assert.Equal(["colour/HS-2"], Publish(feed, Of(AlertKind.ColourChanged, colour: Colour.Blue)).Live.Keys);
    }

    [Fact]
    public void Lost_data_of_a_normal_detector_is_no_live_alarm() => Assert.Empty(Feed(Of(AlertKind.DataLost), Of(AlertKind.DataRestored)).Live);

    [Fact]
    public void Every_kind_of_alert_has_a_place()
    {
        foreach (var kind in Enum.GetValues<AlertKind>()) Assert.Equal(1, Feed(Of(kind, "o1", "C1")).Head);
    }

    [Fact]
    public void A_subscriber_that_folds_the_entries_has_the_same_live_view()
    {
        var feed = Feed(Of(AlertKind.OccurrenceRaised, "o1"), Of(AlertKind.CaseOpened, caseKey: "C1"), Of(AlertKind.ColourChanged), Of(AlertKind.ReturnedToNormal, "o1"));
        Assert.Equal(feed.Live, feed.Recent.Aggregate(AlertFeedState.New("410803006").Live, (live, entry) => AlertFeedRules.Fold("410803006", live, entry)));
    }
}
