using System.Diagnostics;
using Governance.Domain.Registry;
using Governance.Domain.Routing;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Routing;

/// <summary>Rules with a hole are not used, and the hole has a name.</summary>
public sealed class ActivationTests
{
    private static RoutingTexts Shipped => District.Texts.Router;

    [Fact]
    public void The_rules_of_the_repository_may_be_used()
    {
        var policy = District.Policy.Router;
        RoutingActivation.Holes(policy);
        var clock = Stopwatch.StartNew();
        Assert.Empty(RoutingActivation.Holes(policy));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal((48, 106 * 48 * 4 * 3), (policy.Organisations.Communities.Count, RoutingActivation.LookupsOf(policy)));
    }

    /// <summary>Whatever single line is taken away, the files are refused and a hole names what is missing.</summary>
    [Fact]
    public void Every_rule_is_needed()
    {
        foreach (var line in Lines(Shipped.Rules).Where(l => l.StartsWith("rule|", StringComparison.Ordinal)))
            Named(Shipped with { Rules = Without(Shipped.Rules, line) }, line.Split('|')[2]);
        Named(Shipped with { Rules = Shipped.Rules.Replace("version|1\n", "") }, "version");
    }

    [Fact]
    public void Every_run_card_is_needed()
    {
        foreach (var line in Lines(Shipped.RunCards)) Named(Shipped with { RunCards = Without(Shipped.RunCards, line) }, line.Split('|')[0]);
    }

    [Fact]
    public void Every_organisation_is_needed()
    {
        foreach (var line in Lines(Shipped.Organisations)) Named(Shipped with { Organisations = Without(Shipped.Organisations, line) }, line.Split('|')[0]);
    }

    [Fact]
    public void Every_desk_is_needed_by_day_by_night_and_on_holidays()
    {
        foreach (var organisation in Lines(Shipped.Organisations).Select(l => l.Split('|')[0]).Where(o => !o.StartsWith("CS-", StringComparison.Ordinal) || o.EndsWith("001", StringComparison.Ordinal)))
        {
            Named(Shipped with { Roster = string.Join('\n', Lines(Shipped.Roster).Where(l => !l.StartsWith(organisation + "|", StringComparison.Ordinal))) }, organisation);
            Named(Shipped with { Roster = string.Join('\n', Lines(Shipped.Roster).Where(l => !(l.StartsWith(organisation + "|", StringComparison.Ordinal) && l.Contains("|always|desk|")))
                .Select(l => l.StartsWith(organisation + "|", StringComparison.Ordinal) ? l.Replace("|20:00-08:00|", "|21:00-08:00|") : l)) }, organisation);
        }
    }

    [Fact]
    public void A_gap_at_noon_is_told_with_its_time()
    {
        var roster = string.Join('\n', Lines(Shipped.Roster).Where(l => !l.StartsWith("YJ|", StringComparison.Ordinal))) + "\nYJ|1|A|a|office|desk|sms:1\nYJ|2|B|b|20:00-08:30|desk|sms:2\nYJ|3|C|c|always|expert/chemical|sms:3\n";
        var holes = Holes(Shipped with { Roster = roster });
        Assert.Contains("roster: YJ has nobody on duty from 12:00 on a working day after another", holes);
        Assert.Contains(holes, h => h.StartsWith("roster: YJ has nobody on duty who can be reached (holiday): ") && h.Contains("lookups, the first is 0101"));
    }

    [Fact]
    public void Everybody_has_an_address_that_is_understood()
    {
        Named(Shipped with { Roster = Shipped.Roster + "YJ|9|SYN-X|x|always|desk|\n" }, "SYN-X has no address");
        Named(Shipped with { Roster = Shipped.Roster + "YJ|9|SYN-X|x|sometimes|desk|pigeon:7\n" }, "'pigeon:7'", "'sometimes'");
    }

    [Fact]
    public void Rules_speak_of_what_exists()
    {
        Named(Shipped with { Rules = Shipped.Rules + "rule|X|0501|410803001099|CG||0\nrule|Y|0599|*|QQ||0\ntag|Z|t|RR\n" }, "no community 410803001099", "no category 0599", "no organisation QQ", "no organisation RR");
        Named(Shipped with { RunCards = Shipped.RunCards + "0102|blue|EN|SS|expert/none\n" }, "an enterprise leads no case", "no organisation SS", "expert/none");
        Named(Shipped with { Communities = Shipped.Communities + "410899001001|x|synthetic\n" }, "410899001001");
        Named(Shipped with { Notifications = Shipped.Notifications.Replace("RECEIPT_RED|1", "RECEIPT_RED|1WH") }, "red and orange run in calendar time");
        Named(Shipped with { Notifications = Shipped.Notifications.Replace("RETRY_SECONDS|2,5,", "RETRY_SECONDS|2,,") + "\nPIGEONS|3" }, "RETRY_SECONDS: '2,,15,60,300,900,3600' has an empty place");
        Named(Shipped with { Notifications = Shipped.Notifications + "\nPIGEONS|3" }, "'PIGEONS' is no limit of notifications");
    }

    [Fact]
    public void A_long_list_of_holes_is_cut_and_says_so()
    {
        var holes = Holes(Shipped with { Rules = "version|1\n" });
        Assert.InRange(holes.Count, 2, RoutingActivation.HolesLimit);
        Assert.Matches(@"and \d+ more holes", holes[^1]);
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#');

    private static string Without(string text, string line) => string.Join('\n', text.Split('\n').Where(l => l != line));

    private static void Named(RoutingTexts texts, params string[] parts)
    {
        var holes = Holes(texts);
        Assert.All(parts, p => Assert.True(holes.Any(h => h.Contains(p, StringComparison.Ordinal)), $"no hole names {p}: {string.Join("; ", holes)}"));
    }

    private static IReadOnlyList<string> Holes(RoutingTexts texts)
    {
        try { PolicyFiles.Read(District.Texts with { Router = texts }); }
        catch (PolicyRefusedException refused) { return refused.Holes; }
        return [];
    }
}
