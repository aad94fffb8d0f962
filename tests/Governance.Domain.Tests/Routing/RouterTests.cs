using System.Collections.Immutable;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Routing;

/// <summary>The order of the rules, and which of two wins (cases.md "Routing").</summary>
public sealed class RouterTests
{
    private const string Subdistrict = "410803006", Community = "410803006002", Grid = "410803006002003";

    [Fact]
    public void A_run_card_goes_before_everything_else()
    {
        var route = Find("0101", Colour.Red, asset: "GAS-1");
        Assert.Equal(("YJ", "run-card/0101/red", false), (route.Lead, route.RuleId, route.SelfHandling));
        Assert.Equal(["XFD", "JD-410803006", "HB", "WJ", "PA"], route.Co);
        Assert.Equal("SYN-YJ-CHEM1", Assert.Single(route.Called));
        Assert.Contains(route.Explain, e => e.Contains("EN is left out"));
        Assert.Equal(District.Policy.Router.Version, route.RulesetVersion);
    }

    [Fact]
    public void What_the_grid_handles_itself_is_the_grid_workers_when_it_is_blue()
    {
        var route = Find("0501", Colour.Blue, asset: "LAMP-3");
        Assert.Equal(("CS-410803006002", "SYN-CS-410803006002-GRID", "self/0501", true), (route.Lead, route.Person, route.RuleId, route.SelfHandling));
        Assert.Equal("R-0501", Find("0501", Colour.Yellow).RuleId);
        Assert.False(Find("0501", Colour.Yellow).SelfHandling);
        Assert.False(Find("0502", Colour.Blue).SelfHandling);
    }

    [Fact]
    public void At_night_no_grid_worker_is_on_duty_and_the_community_has_it()
    {
        var route = Find("0501", Colour.Blue, at: "23:30:00");
        Assert.Equal(("CS-410803006002", null, true), (route.Lead, route.Person, route.SelfHandling));
        Assert.Contains(route.Explain, e => e.Contains("no worker is on duty"));
    }

    [Fact]
    public void Without_a_community_the_grid_handles_nothing() => Assert.Equal("R-0501", Find("0501", Colour.Blue, community: "", grid: "").RuleId);

    [Fact]
    public void An_asset_is_led_by_who_supervises_it()
    {
        var route = Find("0803", Colour.Yellow, asset: "CHG-17");
        Assert.Equal(("ZJ", "A-CHARGER"), (route.Lead, route.RuleId));
        Assert.Equal(["XFD", "CS-410803006002"], route.Co);
        Assert.Equal("R-0803", Find("0803", Colour.Yellow, asset: "TREE-1").RuleId);
    }

    [Fact]
    public void The_longest_beginning_of_an_assets_id_counts()
    {
        var policy = Policy(r => r + "\nasset|A-1|CHG-B|CG|\n");
        Assert.Equal(("A-1", "A-CHARGER"), (Find("0803", Colour.Yellow, asset: "CHG-B1", policy: policy).RuleId, Find("0803", Colour.Yellow, asset: "CHG-C1", policy: policy).RuleId));
    }

    /// <summary>Each line is less specific than the one before it; taken away one by one, the next one wins.</summary>
    [Fact]
    public void The_most_specific_line_wins()
    {
        string[] lines = [$"rule|X-4|0602|{Community}|HB||0", $"rule|X-3|0602|{Subdistrict}|JJ||9", "rule|X-2|0602|*|ZR||9"];
        for (var given = 0; given < lines.Length; given++)
            Assert.Equal(lines[given].Split('|')[1], Find("0602", Colour.Yellow, policy: Policy(r => r + string.Join('\n', lines[given..]) + "\n")).RuleId);
        Assert.Equal("R-0602", Find("0602", Colour.Yellow).RuleId);
        var without = Policy(r => r.Replace("rule|R-0602|0602|*|CG||0\n", ""));
        Assert.Equal("G-06", Find("0602", Colour.Yellow, policy: without).RuleId);
    }

    [Fact]
    public void Of_two_as_specific_the_higher_priority_wins_and_then_the_lower_id()
    {
        Assert.Equal("B", Find("0602", Colour.Yellow, policy: Policy(r => r + "rule|A|0602|*|HB||1\nrule|B|0602|*|JJ||2\n")).RuleId);
        Assert.Equal("A", Find("0602", Colour.Yellow, policy: Policy(r => r + "rule|B|0602|*|JJ||2\nrule|A|0602|*|HB||2\n")).RuleId);
    }

    [Fact]
    public void A_line_for_another_place_or_of_an_inactive_organisation_does_not_hold()
    {
        Assert.Equal("R-0602", Find("0602", Colour.Yellow, policy: Policy(r => r + "rule|A|0602|410803001|HB||9\n")).RuleId);
        var inactive = PolicyOf(District.Texts.Router with { Organisations = District.Texts.Router.Organisations.Replace("CG|城市管理局|department|O", "CG|城市管理局|department|O|inactive") });
        var route = Find("0602", Colour.Yellow, policy: inactive);
        Assert.Equal(("JD-410803006", "fallback/subdistrict"), (route.Lead, route.RuleId));
        Assert.Contains(route.Explain, e => e == "R-0602: CG is not active");
    }

    [Fact]
    public void Tags_bring_departments_once()
    {
        var route = Find("1001", Colour.Yellow, tags: ["crowd", "injury", "unheard-of"]);
        Assert.Equal("PA", route.Lead);
        Assert.Equal(["JD-410803006", "ZF", "WJ"], route.Co);
    }

    [Fact]
    public void The_organisation_of_a_kind_is_that_of_the_place_and_the_kind_itself_where_it_has_none()
    {
        Assert.Equal("JD-410803006", Find("1703", Colour.Blue).Lead);
        Assert.Equal("JD", Find("1703", Colour.Blue, area: "410803", community: "", grid: "").Lead);
        Assert.Equal("JD-410803006", Find("1703", Colour.Blue, area: "410803", grid: "").Lead);
        Assert.Equal("CS-410803006002", Find("0901", Colour.Yellow).Lead);
        Assert.Equal("CS", Find("0901", Colour.Yellow, community: "", grid: "").Lead);
    }

    [Fact]
    public void An_enterprise_that_is_listed_joins_its_case()
    {
        var listed = PolicyOf(District.Texts.Router with
        {
            Organisations = District.Texts.Router.Organisations + "EN-1|焦作某化工|enterprise|O\n", Roster = District.Texts.Router.Roster + "EN-1|1|SYN-EN-1|安全员|always|desk|mail:a@b.invalid\n",
        });
        Assert.Contains("EN-1", Find("0101", Colour.Red, enterprise: "焦作某化工", policy: listed).Co);
    }

    [Fact]
    public void What_no_rule_is_about_goes_to_the_place_and_then_to_the_dispatch_centre()
    {
        Assert.Equal(("JD-410803006", "fallback/subdistrict"), Of(Find("7777", Colour.Yellow)));
        Assert.Equal(("DISPATCH", "fallback/dispatch-centre"), Of(Find("7777", Colour.Yellow, area: "410803", community: "", grid: "")));

        static (string, string) Of(Route route) => (route.Lead, route.RuleId);
    }

    internal static Route Find(
        string category, Colour level, string area = Subdistrict, string community = Community, string grid = Grid, string asset = "", string at = "10:00:00", string enterprise = "", RoutingPolicy? policy = null, params string[] tags) =>
        Router.Find(policy ?? District.Policy.Router, new RouteRequest(category, level, new AreaCode(area), community, grid, asset, [.. tags], "EM", SourceStory.Time(at), enterprise));

    private static RoutingPolicy Policy(Func<string, string> rules) => PolicyOf(District.Texts.Router with { Rules = rules(District.Texts.Router.Rules) });

    /// <summary>Read without the check that would refuse some of these.</summary>
    private static RoutingPolicy PolicyOf(RoutingTexts texts)
    {
        var holes = new List<string>();
        var rows = District.Texts.Categories.Split('\n').Select(l => l.Trim().Split('|')).Where(r => r.Length == 9 && r[0][0] != '#').ToList();
        var policy = RoutingFile.Read(texts, "410803", [.. District.Policy.Router.Organisations.Communities.Values.Select(c => c.Subdistrict).ToImmutableSortedSet()], rows, District.Calendar, holes);
        Assert.Empty(holes);
        return policy;
    }
}
