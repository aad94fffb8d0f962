using System.Collections.Immutable;

namespace Governance.Domain.Accountability;

/// <summary>One indicator of one organisation.</summary>
/// <param name="Good">Of <paramref name="Of"/> that counted.</param>
/// <param name="Expected">The district's mean for this mix of categories, in percent; null where nothing counted in the whole district.</param>
/// <param name="Rate">Shrunk towards it, in percent: what gives the points. Null: nothing counted anywhere, full points for everybody.</param>
public sealed record IndicatorFigure(Indicator Indicator, int Good, int Of, double? Expected, double? Rate, double Points, bool BelowRedLine)
{
    /// <summary>As counted, in percent.</summary>
    public double? Raw => Of == 0 ? null : 100.0 * Good / Of;
}

/// <summary>What added or cost points.</summary>
public sealed record ModifierFigure(FactKind Kind, int Count, double Points);

/// <summary>The four lists of a month (先进, 进步, 整改, 治理).</summary>
public enum ScoreList { Advanced = 1, Improved = 2, ToRectify = 3, ToGovern = 4 }

/// <summary>A month of one organisation (考核月度得分).</summary>
/// <param name="Cases">Shares that were offered to it.</param>
/// <param name="Rank">Null: too few cases to be ranked.</param>
/// <param name="Mix">Cases by category: how hard the month was.</param>
/// <param name="Excluded">Cases left out by coded exclusions.</param>
public sealed record ScorecardFigures(
    string Organisation, Month Month, int Cases, ImmutableList<IndicatorFigure> Indicators, ImmutableList<ModifierFigure> Modifiers, double Points, int? Rank,
    ImmutableList<ScoreList> Lists, ImmutableSortedDictionary<string, int> Mix, int Excluded)
{
    /// <summary>More cases were left out than may be without a word.</summary>
    public bool ExclusionAlarm { get; init; }
}

/// <summary>Makes the scorecards of a month from what happened in it. Pure: the same facts give the same figures in whatever order they come.</summary>
public static class Scorecards
{
    /// <param name="facts">Of live cases. Those of other months do not count, but for false closures found there.</param>
    /// <param name="excluded">By coded exclusions, and by appeals that were upheld.</param>
    /// <param name="previous">Points of the month before, for the list of the improved.</param>
    /// <param name="kinds">Of organisations: each kind is ranked apart. Who is listed has a scorecard even when nothing happened.</param>
    public static ImmutableList<ScorecardFigures> Of(
        Month month, IEnumerable<ScoreFact> facts, IReadOnlyCollection<Excluded> excluded, ScorecardPolicy policy, IReadOnlyDictionary<string, double> previous, IReadOnlyDictionary<string, string> kinds)
    {
        var leftOut = excluded.ToLookup(e => (e.Organisation, e.Case));
        var known = facts.Where(f => f.Organisation.Length > 0).ToList();
        var left = known.Where(f => !leftOut[(f.Organisation, f.Case)].Any(e => e.Covers(f))).ToList();
        // A closure that is found to be false, whenever that is, earned nothing: what was good of that case turns against who closed it.
        var reversed = left.Where(f => f.Kind == FactKind.FalseClosure).Select(f => (f.Organisation, f.Case)).ToHashSet();
        var all = known.Where(f => month.Holds(f.At)).ToList();
        var counted = left.Where(f => month.Holds(f.At)).Select(f => f.Good && reversed.Contains((f.Organisation, f.Case)) ? f with { Good = false } : f).ToLookup(f => f.Organisation, StringComparer.Ordinal);
        var district = Enum.GetValues<Indicator>().ToDictionary(i => i, i => Tallied(i, counted.SelectMany(g => g)));
        var outs = excluded.Where(e => e.Kind is null).ToLookup(e => e.Organisation, e => e.Case, StringComparer.Ordinal);
        var offered = all.Where(f => f.Kind == FactKind.Offered).ToLookup(f => f.Organisation, f => f.Case, StringComparer.Ordinal);
        var cards = counted.Select(g => g.Key).Concat(offered.Select(g => g.Key)).Union(kinds.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(o => Card(o, month, [.. counted[o]], district, policy) with { Excluded = outs[o].Distinct().Intersect(offered[o]).Count() }).ToList();
        return [.. cards.GroupBy(c => kinds.GetValueOrDefault(c.Organisation, "")).SelectMany(kind => Listed([.. kind], policy, previous)).OrderBy(c => c.Organisation, StringComparer.Ordinal).Select(c => c with
        {
            ExclusionAlarm = c.Excluded * 100.0 > policy[ScoreSetting.ExclusionAlarmPercent] * offered[c.Organisation].Distinct().Count(),
        })];
    }

    private static ScorecardFigures Card(string organisation, Month month, IReadOnlyList<ScoreFact> facts, Dictionary<Indicator, ImmutableSortedDictionary<string, Tally>> district, ScorecardPolicy policy)
    {
        var indicators = district.Select(d => Figure(d.Key, Tallied(d.Key, facts), d.Value, policy)).OrderBy(f => f.Indicator).ToImmutableList();
        var modifiers = ScorecardPolicy.Modifying.Select(k => (Kind: k, Count: facts.Count(f => f.Kind == k))).Where(m => m.Count > 0)
            .Select(m => new ModifierFigure(m.Kind, m.Count, policy.Modifiers[m.Kind].Of(m.Count))).ToImmutableList();
        var points = Math.Clamp(indicators.Sum(i => i.Points) + modifiers.Sum(m => m.Points), policy[ScoreSetting.ScoreLeast], policy[ScoreSetting.ScoreMost]);
        var mix = facts.Where(f => f.Kind == FactKind.Offered).GroupBy(f => f.Category).ToImmutableSortedDictionary(g => g.Key, g => g.Select(f => f.Case).Distinct().Count(), StringComparer.Ordinal);
        return new ScorecardFigures(organisation, month, mix.Values.Sum(), indicators, modifiers, points, null, [], mix, 0);
    }

    private static IndicatorFigure Figure(Indicator indicator, ImmutableSortedDictionary<string, Tally> own, ImmutableSortedDictionary<string, Tally> district, ScorecardPolicy policy)
    {
        var (good, of) = (own.Values.Sum(t => t.Good), own.Values.Sum(t => t.Of));
        var (all, allOf) = (district.Values.Sum(t => t.Good), district.Values.Sum(t => t.Of));
        if (allOf == 0) return new IndicatorFigure(indicator, 0, 0, null, null, policy.Curves[indicator].Points, false);
        // Hard categories are expected to go less well: the mean is that of the same mix in the whole district.
        var expected = of == 0 ? (double)all / allOf : own.Sum(o => o.Value.Of * ((double)district[o.Key].Good / district[o.Key].Of)) / of;
        var k = policy[ScoreSetting.ShrinkageCases];
        var rate = of + k == 0 ? expected * 100 : (good + k * expected) / (of + k) * 100;
        return new IndicatorFigure(indicator, good, of, expected * 100, rate, policy.Curves[indicator].Of(rate), policy.Curves[indicator].IsBelowRedLine(rate));
    }

    private readonly record struct Tally(int Good, int Of);

    private static ImmutableSortedDictionary<string, Tally> Tallied(Indicator indicator, IEnumerable<ScoreFact> facts)
    {
        if (indicator == Indicator.Quality) return Quality(facts);
        var kind = indicator switch
        {
            Indicator.Response => FactKind.Signed, Indicator.Contact => FactKind.Contacted, Indicator.OnTime => FactKind.Due, Indicator.Resolution => FactKind.Resolved, _ => FactKind.Satisfied,
        };
        return facts.Where(f => f.Kind == kind).GroupBy(f => f.Category).ToImmutableSortedDictionary(g => g.Key, g => new Tally(g.Count(f => f.Good), g.Count()), StringComparer.Ordinal);
    }

    /// <summary>100 · (1 − rework − reopened − wrongful rejections), of what was closed.</summary>
    private static ImmutableSortedDictionary<string, Tally> Quality(IEnumerable<ScoreFact> facts) =>
        facts.Where(f => f.Kind is FactKind.Closed or FactKind.Rework or FactKind.Reopened or FactKind.WrongfulRejection).GroupBy(f => f.Category).ToImmutableSortedDictionary(g => g.Key, g =>
        {
            var bad = g.Count(f => f.Kind != FactKind.Closed || !f.Good);
            var of = Math.Max(g.Count(f => f.Kind == FactKind.Closed), bad);
            return new Tally(of - bad, of);
        }, StringComparer.Ordinal);

    private static List<ScorecardFigures> Listed(List<ScorecardFigures> cards, ScorecardPolicy policy, IReadOnlyDictionary<string, double> previous)
    {
        var ranked = cards.Where(c => c.Cases >= policy[ScoreSetting.RankedFromCases]).ToList();
        var mean = ranked.Count == 0 ? 0 : ranked.Average(c => c.Cases);
        return cards.ConvertAll(c => !ranked.Contains(c) ? c : c with
        {
            // Who has as many points has the same rank.
            Rank = ranked.Count(other => other.Points > c.Points) + 1,
            Lists =
            [
                .. c.Points >= policy[ScoreSetting.AdvancedFromPoints] ? [ScoreList.Advanced] : Array.Empty<ScoreList>(),
                .. previous.TryGetValue(c.Organisation, out var before) && c.Points - before >= policy[ScoreSetting.ImprovedByPoints] ? [ScoreList.Improved] : Array.Empty<ScoreList>(),
                .. c.Points < policy[ScoreSetting.RectifyBelowPoints] ? [ScoreList.ToRectify] : Array.Empty<ScoreList>(),
                .. c.Cases >= policy[ScoreSetting.GovernFromTimes] * mean ? [ScoreList.ToGovern] : Array.Empty<ScoreList>(),
            ],
        });
    }
}
