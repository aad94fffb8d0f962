using Governance.Domain.Accountability;
using Governance.Domain.Registry;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Accountability;

/// <summary>The curves, red lines, shrinkage and lists of cases.md "Accountability scorecard".</summary>
public sealed class ScorecardTests
{
    private static readonly ScorecardPolicy Policy = District.Scorecard;
    private static readonly Month August = new(2025, 8);

    /// <summary>As Lianyungang published its results, whose form the curves have.</summary>
    [Theory]
    [InlineData(87.5, 19.75)]
    [InlineData(83.33, 17.665)]
    [InlineData(75, 13.5)]
    [InlineData(50, 12.5)]
    [InlineData(98, 25)]
    [InlineData(100, 25)]
    public void Satisfaction_as_published(double rate, double points) => Assert.Equal(points, new Curve(25, 98, 0.5, 12.5, null).Of(rate), 9);

    [Theory]
    [InlineData(89.82, 14.82)]
    [InlineData(100, 25)]
    [InlineData(66.67, 0)]
    public void On_time_as_published(double rate, double points) => Assert.Equal(points, new Curve(25, 100, 1, 0, 70).Of(rate), 9);

    [Theory]
    [InlineData(Indicator.Response, 100, 15)]
    [InlineData(Indicator.Response, 80, 0)]
    [InlineData(Indicator.Response, 92, 9)]
    [InlineData(Indicator.Response, 79.99, 0)]
    [InlineData(Indicator.Contact, 98, 10)]
    [InlineData(Indicator.Contact, 80, 1)]
    [InlineData(Indicator.Contact, 69.9, 0)]
    [InlineData(Indicator.OnTime, 90, 10)]
    [InlineData(Indicator.OnTime, 69.9, 0)]
    [InlineData(Indicator.Resolution, 95, 25)]
    [InlineData(Indicator.Resolution, 60, 4)]
    [InlineData(Indicator.Resolution, 49.9, 0)]
    [InlineData(Indicator.Satisfaction, 95, 20)]
    [InlineData(Indicator.Satisfaction, 85, 16)]
    [InlineData(Indicator.Satisfaction, 10, 8)]
    [InlineData(Indicator.Quality, 98, 10)]
    [InlineData(Indicator.Quality, 88, 5)]
    [InlineData(Indicator.Quality, 69.9, 0)]
    public void Our_own_table(Indicator indicator, double rate, double points) => Assert.Equal(points, Policy.Curves[indicator].Of(rate), 9);

    [Fact]
    public void A_small_unit_is_drawn_to_the_mean_of_the_district()
    {
        // A unit with seven orders, one of them late, in a district that is always in time otherwise.
        var facts = Signed("A", 7, 1).Concat(Signed("B", 93, 0)).ToList();
        var card = Card(facts, "A");
        var response = card.Indicators[0];
        Assert.Equal((6, 7), (response.Good, response.Of));
        Assert.Equal((6 + 10 * 0.99) / 17 * 100, response.Rate!.Value, 9);
        Assert.True(response.Points > Policy.Curves[Indicator.Response].Of(600.0 / 7) + 4, "one late signature of seven costs little");
        Assert.Equal(7, card.Cases);
        Assert.NotNull(card.Rank);
    }

    [Fact]
    public void The_mean_is_that_of_the_same_mix_of_categories()
    {
        // Everybody is late with 0503; who has nothing else is not expected to be better.
        var facts = Signed("A", 10, 8, "0503").Concat(Signed("B", 10, 8, "0503")).Concat(Signed("B", 80, 0, "0501")).ToList();
        Assert.Equal(20, Card(facts, "A").Indicators[0].Expected!.Value, 9);
        Assert.Equal((10 * 0.2 + 80 * 1.0) / 90 * 100, Card(facts, "B").Indicators[0].Expected!.Value, 9);
    }

    [Fact]
    public void Fewer_than_five_cases_are_shown_and_not_ranked()
    {
        var cards = Scorecards.Of(August, Signed("A", 4, 0).Concat(Signed("B", 5, 5)), [], Policy, Empty, new Dictionary<string, string> { ["C"] = "" });
        Assert.Equal([("A", null), ("B", 1), ("C", (int?)null)], cards.Select(c => (c.Organisation, c.Rank)));
        Assert.Empty(cards[0].Lists);
    }

    [Fact]
    public void Modifiers_have_their_limits_and_the_score_stays_between_0_and_105()
    {
        var many = Enumerable.Range(0, 100).SelectMany(i => new[] { Fact("A", FactKind.Proactive, $"p{i}"), Fact("A", FactKind.Helped, $"h{i}") });
        var best = Card([.. Signed("A", 20, 0), .. many], "A");
        Assert.Equal([3.0, 2.0], best.Modifiers.Select(m => m.Points));
        Assert.Equal(105, best.Points, 9);
        var worst = Card([.. Signed("A", 20, 20), .. Enumerable.Range(0, 30).Select(i => Fact("A", FactKind.SupervisionOverdue, $"s{i}"))], "A");
        Assert.Equal(0, worst.Points, 9);
        Assert.Equal(-150, worst.Modifiers[0].Points, 9);
    }

    [Theory]
    [InlineData(FactKind.ReminderOverdue, -2)]
    [InlineData(FactKind.Supervised, -3)]
    [InlineData(FactKind.SupervisionOverdue, -5)]
    [InlineData(FactKind.CrisisByDelay, -8)]
    [InlineData(FactKind.FalseClosure, -5)]
    [InlineData(FactKind.WrongfulRejection, -1)]
    [InlineData(FactKind.Proactive, 0.1)]
    [InlineData(FactKind.Helped, 0.2)]
    public void What_each_of_them_costs_or_adds(FactKind kind, double points) => Assert.Equal(points, Policy.Modifiers[kind].Of(1), 9);

    [Fact]
    public void A_false_closure_that_is_found_later_turns_the_points_of_that_case_around()
    {
        var facts = Signed("A", 10, 0).Concat(Enumerable.Range(0, 10).Select(i => Fact("A", FactKind.Resolved, $"A{i}"))).ToList();
        var before = Card(facts, "A");
        var after = Card([.. facts, new ScoreFact(August.To.AddDays(20), FactKind.FalseClosure, "A", "0101", "A3", true)], "A");
        Assert.Equal(10, before.Indicators[3].Good);
        Assert.Equal((9, 10), (after.Indicators[3].Good, after.Indicators[3].Of));
        // What it costs by itself counts in the month in which it was found.
        Assert.Empty(after.Modifiers);
        Assert.Equal(-5, Scorecards.Of(new Month(2025, 9), [new ScoreFact(August.To.AddDays(20), FactKind.FalseClosure, "A", "0101", "A3", true)], [], Policy, Empty, NoKinds)[0].Modifiers[0].Points);
    }

    [Fact]
    public void What_is_excluded_does_not_count_and_too_much_of_it_is_told()
    {
        var facts = Signed("A", 20, 2).ToList();
        var one = Scorecards.Of(August, facts, [new Excluded("A", "A0", null)], Policy, Empty, NoKinds)[0];
        Assert.Equal((19, 1, false), (one.Cases, one.Excluded, one.ExclusionAlarm));
        Assert.Equal((18, 19), (one.Indicators[0].Good, one.Indicators[0].Of));
        Assert.True(Scorecards.Of(August, facts, [new Excluded("A", "A0", null), new Excluded("A", "A1", null)], Policy, Empty, NoKinds)[0].ExclusionAlarm);
        // An appeal takes out one thing of a case and leaves the case.
        var appealed = Scorecards.Of(August, facts, [new Excluded("A", "A0", FactKind.Signed)], Policy, Empty, NoKinds)[0];
        Assert.Equal((20, 0, 19), (appealed.Cases, appealed.Excluded, appealed.Indicators[0].Of));
    }

    [Fact]
    public void Departments_and_subdistricts_are_ranked_apart()
    {
        var cards = Scorecards.Of(August, Signed("A", 10, 1).Concat(Signed("B", 10, 3)).Concat(Signed("JD-1", 10, 2)), [], Policy, Empty, new Dictionary<string, string> { ["A"] = "department", ["B"] = "department", ["JD-1"] = "area unit" });
        Assert.Equal([("A", 1), ("B", 2), ("JD-1", (int?)1)], cards.Select(c => (c.Organisation, c.Rank)));
    }

    [Fact]
    public void The_four_lists()
    {
        var facts = Signed("A", 10, 0).Concat(Signed("B", 10, 9)).Concat(Signed("C", 60, 0)).ToList();
        var cards = Scorecards.Of(August, facts, [], Policy, new Dictionary<string, double> { ["A"] = 80, ["C"] = 99 }, NoKinds).ToDictionary(c => c.Organisation);
        Assert.Equal([ScoreList.Advanced, ScoreList.Improved], cards["A"].Lists);
        Assert.Equal([ScoreList.Advanced, ScoreList.ToGovern], cards["C"].Lists);
        Assert.True(cards["B"].Indicators[0].BelowRedLine);
        var bad = facts.Concat(Enumerable.Range(0, 10).Select(i => Fact("B", FactKind.Due, $"B{i}", false)));
        Assert.Equal([ScoreList.ToRectify], Scorecards.Of(August, bad, [], Policy, Empty, NoKinds).Single(c => c.Organisation == "B").Lists);
    }

    [Fact]
    public void Facts_in_whatever_order_and_of_other_months_give_the_same_figures()
    {
        var random = new Random(3);
        var facts = Enumerable.Range(0, 400).Select(i => new ScoreFact(August.From.AddHours(random.Next(-200, 900)), (FactKind)(1 + random.Next(10)), $"O{random.Next(5)}", $"010{random.Next(4)}", $"K{random.Next(90)}", random.Next(4) > 0)).ToList();
        var first = Scorecards.Of(August, facts, [], Policy, Empty, NoKinds);
        facts.Reverse();
        var again = Scorecards.Of(August, facts, [], Policy, Empty, NoKinds);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(first.Select(Text)), System.Text.Json.JsonSerializer.Serialize(again.Select(Text)));
        Assert.Equal(first.Select(Text), Scorecards.Of(August, facts.Where(f => August.Holds(f.At)), [], Policy, Empty, NoKinds).Select(Text));

        static string Text(ScorecardFigures c) => $"{c.Organisation} {c.Points:R} {c.Rank} {string.Join(",", c.Indicators)} {string.Join(",", c.Modifiers)} {string.Join(",", c.Mix)}";
    }

    [Fact]
    public void A_month_is_the_districts_own()
    {
        Assert.Equal("202509", $"{Month.Of(new DateTimeOffset(2025, 8, 31, 16, 0, 0, TimeSpan.Zero))}");
        Assert.Equal(new Month(2024, 12), new Month(2025, 1).Before());
        Assert.All((string[])["2025-8", "202513", "202500", "18991"], m => Assert.Throws<Governance.Domain.Kernel.MalformedIdException>(() => Month.Parse(m)));
    }

    [Fact]
    public void Every_hole_of_the_file_is_told_at_once()
    {
        var holes = new List<string>();
        ScorecardPolicy.Read("indicator|RESPONSE|15|100|0.75|0|80\nindicator|LUCK|1|1|1|1|1\nindicator|CONTACT|lots|98|0.5|0|70\nmodifier|HELPED|0.2|2\nmodifier|CLOSED|1|\nsetting|SCORE_LEAST|0\nsetting|SCORE_LEAST|1\nnonsense", [80], holes);
        string[] wanted =
        [
            "no indicator 'LUCK'", "'lots' is no number", "ON_TIME is missing", "modifier FALSE_CLOSURE is missing", "CLOSED modifies nothing", "SHRINKAGE_CASES is missing", "SCORE_LEAST is listed twice",
            "'nonsense' is no line", "no exclusion has a code",
        ];
        Assert.All(wanted, w => Assert.Contains(holes, h => h.Contains(w)));
        holes.Clear();
        ScorecardPolicy.Read(District.Texts.Scorecard.Replace("ON_TIME|20", "ON_TIME|30").Replace("YEAR_SLIPS_PERCENT|20", "YEAR_SLIPS_PERCENT|10").Replace("APPEAL_WORKING_DAYS|3", "APPEAL_WORKING_DAYS|0.5"), [80], holes);
        Assert.All((string[])["are not 100 together", "not 100 % together", "APPEAL_WORKING_DAYS is a whole number", "none of MARKS_PERCENT"], w => Assert.Contains(holes, h => h.Contains(w)));
    }

    private static readonly Dictionary<string, double> Empty = [];
    private static readonly Dictionary<string, string> NoKinds = [];
    private static ScorecardFigures Card(IReadOnlyCollection<ScoreFact> facts, string organisation) => Scorecards.Of(August, facts, [], Policy, Empty, NoKinds).Single(c => c.Organisation == organisation);
    private static ScoreFact Fact(string organisation, FactKind kind, string @case, bool good = true, string category = "0101") => new(August.From.AddDays(3), kind, organisation, category, @case, good);
    private static IEnumerable<ScoreFact> Signed(string organisation, int of, int late, string category = "0101") => Enumerable.Range(0, of)
        .SelectMany(i => new[] { Fact(organisation, FactKind.Offered, $"{organisation}{(category == "0101" ? "" : category)}{i}", true, category), Fact(organisation, FactKind.Signed, $"{organisation}{(category == "0101" ? "" : category)}{i}", i >= late, category) });
}
