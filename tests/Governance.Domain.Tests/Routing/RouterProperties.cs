using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Routing;

/// <summary>Random rules, random places: somebody always answers, and it is who the rules say.</summary>
public sealed class RouterProperties
{
    private static readonly string[] Codes = ["YJ", "CG", "JD", "CS", "GONE", "OFF", "DISPATCH", "JD-410803001", "CS-410803001001"];
    private static readonly string[] Categories = ["0101", "0501", "0602", "7777", "", "x"];
    private static readonly string[] Areas = ["410803", "410803001", "410803002"];
    private static readonly string[] Communities = ["", "410803001001", "410803002001", "bad"];

    private static readonly Organisations Listed = new(
        Codes.Where(c => c != "GONE").ToImmutableSortedDictionary(c => c, c => new Organisation(c, c, "department", c != "OFF"), StringComparer.Ordinal),
        ImmutableSortedDictionary<string, Community>.Empty.Add("410803001001", new Community("410803001001", "x")));

    private static readonly Gen<RoutingRule> Rule =
        from id in Gen.Choose(1, 99)
        from subject in Gen.Elements("0101", "0501", "0602", "01", "05", "06")
        from area in Gen.Elements("*", "410803001", "410803002", "410803001001")
        from lead in Gen.Elements(Codes)
        from co in Gen.ListOf(Gen.Elements(Codes))
        from priority in Gen.Choose(0, 2)
        select new RoutingRule($"R{id:00}", subject, subject.Length == 2 ? "*" : area, lead, [.. co], priority);

    private static readonly Gen<(RoutingPolicy, RouteRequest)> Scenes =
        from rules in Gen.ListOf(Rule)
        from category in Gen.Elements(Categories)
        from level in Gen.Elements(RoutingPolicy.Levels.ToArray())
        from area in Gen.Elements(Areas)
        from community in Gen.Elements(Communities)
        from card in Gen.Elements(Codes)
        from asset in Gen.Elements("", "LIFT-1", "TREE-1")
        select (Policy(rules, card), new RouteRequest(category, level, new AreaCode(area), community, "", asset, [], "EM", new DateTimeOffset(2025, 8, 3, 10, 0, 0, TimeSpan.FromHours(8)), ""));

    /// <summary>The organisation that leads is listed and active; the explanation says why.</summary>
    [Property(MaxTest = 1000)]
    public Property Somebody_always_answers() => Prop.ForAll(Scenes.ToArbitrary(), scene =>
    {
        var route = Router.Find(scene.Item1, scene.Item2);
        Assert.True(Listed.IsActive(route.Lead), route.Lead);
        Assert.All(route.Co, c => Assert.True(Listed.IsActive(c), c));
        Assert.Equal(route.Co.Count, route.Co.Distinct().Count());
        Assert.DoesNotContain(route.Lead, route.Co);
        Assert.NotEmpty(route.Explain);
        Assert.InRange(route.Explain.Count, 1, Router.ExplainLimitSentences);
        Assert.NotEmpty(route.RuleId);
    });

    /// <summary>No line of the table that holds at the place and has an active lead beats the one that was chosen.</summary>
    [Property(MaxTest = 1000)]
    public Property No_better_line_was_left() => Prop.ForAll(Scenes.ToArbitrary(), scene =>
    {
        var (policy, request) = scene;
        var route = Router.Find(policy, request);
        if (policy.Rules.Values.SelectMany(r => r).FirstOrDefault(r => r.Id == route.RuleId && (r.Subject == request.Category || request.Category.StartsWith(r.Subject, StringComparison.Ordinal))) is not { } chosen) return;
        var place = Place.Of(request.Area.Value, request.Community, request.Grid, "");
        var holding = policy.Rules.Values.SelectMany(r => r).Where(r => (r.Subject == request.Category || (r.Subject.Length == 2 && request.Category.StartsWith(r.Subject, StringComparison.Ordinal))) && r.Holds(place) && Listed.At(r.Lead, place) is not null);
        Assert.All(holding, r => Assert.False((r.Specificity, r.Priority).CompareTo((chosen.Specificity, chosen.Priority)) > 0, $"{r} beats {chosen}"));
    });

    [Property(MaxTest = 300)]
    public Property The_same_question_has_the_same_answer() => Prop.ForAll(Scenes.ToArbitrary(), scene =>
    {
        var (a, b) = (Router.Find(scene.Item1, scene.Item2), Router.Find(scene.Item1, scene.Item2));
        Assert.Equal((a.Lead, a.RuleId, a.Person), (b.Lead, b.RuleId, b.Person));
        Assert.Equal(a.Explain, b.Explain);
    });

    private static RoutingPolicy Policy(IEnumerable<RoutingRule> rules, string lead)
    {
        var shipped = District.Policy.Router;
        return shipped with
        {
            Organisations = Listed, Tags = [],
            Rules = rules.DistinctBy(r => r.Id).GroupBy(r => r.Subject).ToImmutableSortedDictionary(g => g.Key, RoutingFile.Ordered, StringComparer.Ordinal),
            Cards = ImmutableDictionary<(string, Colour), ResponseCard>.Empty.Add(("0101", Colour.Red), new ResponseCard("0101", Colour.Red, lead, ["CG", "GONE"], [])),
            Assets = [new AssetRule("A", "LIFT-", lead, ["YJ"])],
        };
    }
}
