using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Routing;

/// <summary>
/// Tries a ruleset before it is used (cases.md "Activation check"): for every category, community, level and time of day
/// the resolver finds an active organisation with somebody who can be reached. Holes are grouped and bounded.
/// </summary>
public static class RoutingActivation
{
    /// <summary>Lines told; the last one says how many more there are.</summary>
    public const int HolesLimit = 60;
    private const int SearchDays = 400;

    /// <summary>Everything that is missing, a line each, beginning with the file to correct; empty when the rules may be used.</summary>
    public static ImmutableList<string> Holes(RoutingPolicy policy)
    {
        var holes = new List<string>();
        Names(policy, holes);
        Rules(policy, holes);
        Lookups(policy, holes);
        RoundTheClock(policy, holes);
        return holes.Count <= HolesLimit ? [.. holes] : [.. holes.Take(HolesLimit - 1), string.Create(CultureInfo.InvariantCulture, $"routing-rules: and {holes.Count - HolesLimit + 1} more holes")];
    }

    /// <summary>How many lookups one check makes.</summary>
    public static int LookupsOf(RoutingPolicy policy) => policy.Categories.Count * policy.Organisations.Communities.Count * RoutingPolicy.Levels.Length * Times(policy.Calendar).Length;

    /// <summary>Whoever is named exists.</summary>
    private static void Names(RoutingPolicy policy, List<string> holes)
    {
        var all = policy.Organisations;
        foreach (var card in policy.Cards.Values.OrderBy(c => c.Id, StringComparer.Ordinal))
        {
            if (!policy.Categories.ContainsKey(card.Category)) holes.Add($"run-cards: {card.Id}: there is no category {card.Category}");
            Unknown("run-cards", card.Id, [card.Lead, .. card.Co]);
            if (card.Lead == Organisations.EnterpriseKind) holes.Add($"run-cards: {card.Id}: an enterprise leads no case");
            foreach (var post in card.Called.Where(post => policy.Roster.All.All(p => p.Post != post))) holes.Add($"roster: nobody has the post {post} that {card.Id} calls");
        }
        foreach (var rule in policy.Rules.Values.SelectMany(r => r))
        {
            if (rule.Subject.Length == 4 && !policy.Categories.ContainsKey(rule.Subject)) holes.Add($"routing-rules: {rule.Id}: there is no category {rule.Subject}");
            if (rule.Area.Length == 12 && !all.Communities.ContainsKey(rule.Area)) holes.Add($"routing-rules: {rule.Id}: there is no community {rule.Area}");
            Unknown("routing-rules", rule.Id, [rule.Lead, .. rule.Co]);
        }
        foreach (var asset in policy.Assets) Unknown("routing-rules", asset.Id, [asset.Lead, .. asset.Co]);
        foreach (var tag in policy.Tags) Unknown("routing-rules", tag.Id, tag.Co);
        foreach (var person in policy.Roster.All.Where(p => !all.All.ContainsKey(p.Organisation))) holes.Add($"roster: {person.Person} belongs to {person.Organisation}, which is no organisation");
        foreach (var person in policy.Roster.All.Where(p => !p.IsReachable)) holes.Add($"roster: {person.Person} has no address");
        if (!all.IsActive(Organisations.DispatchCentre)) holes.Add($"organisations: {Organisations.DispatchCentre}, who takes what nobody else does, is not listed or not active");
        foreach (var community in all.Communities.Keys.Where(c => !all.IsActive($"{Organisations.CommunityKind}-{c}"))) holes.Add($"organisations: {Organisations.CommunityKind}-{community} is not listed or not active");
        foreach (var subdistrict in all.Communities.Values.Select(c => c.Subdistrict).Distinct().Where(s => !all.IsActive($"{Organisations.SubdistrictKind}-{s}"))) holes.Add($"organisations: {Organisations.SubdistrictKind}-{subdistrict} is not listed or not active");

        void Unknown(string file, string id, IEnumerable<string> named)
        {
            foreach (var code in named.Where(n => !all.Knows(n))) holes.Add($"{file}: {id}: there is no organisation {code}");
        }
    }

    /// <summary>No category is left to the fallback by an oversight.</summary>
    private static void Rules(RoutingPolicy policy, List<string> holes)
    {
        foreach (var category in policy.Categories.Values)
        {
            if (!policy.Rules.GetValueOrDefault(category.Code, []).Any(r => r.Area == RoutingRule.Everywhere)) holes.Add($"routing-rules: {category.Code} has no rule for all areas");
            if (category.Level < Colour.Orange) continue;
            foreach (var level in (Colour[])[Colour.Orange, Colour.Red])
                if (!policy.Cards.ContainsKey((category.Code, level))) holes.Add($"run-cards: {category.Code} is {category.Level} by itself and has no run card for {level}");
        }
        foreach (var group in policy.Categories.Values.Select(c => c.Group).Distinct().Where(g => !policy.Rules.ContainsKey(g))) holes.Add($"routing-rules: group {group} has no rule");
    }

    private static void Lookups(RoutingPolicy policy, List<string> holes)
    {
        if (policy.Categories.IsEmpty) holes.Add("categories: no category to route");
        if (policy.Organisations.Communities.IsEmpty) holes.Add("communities: no community to route to");
        var found = new SortedDictionary<string, (int Count, string First)>(StringComparer.Ordinal);
        var reached = new Dictionary<(string, string), bool>();
        foreach (var (time, at) in Times(policy.Calendar))
            foreach (var community in policy.Organisations.Communities.Values)
            {
                var area = new AreaCode(community.Subdistrict);
                foreach (var category in policy.Categories.Keys)
                    foreach (var level in RoutingPolicy.Levels)
                    {
                        var route = Router.Find(policy, new RouteRequest(category, level, area, community.Code, "", "", [], "", at, ""), explains: false);
                        if (!policy.Organisations.IsActive(route.Lead)) Count($"organisations: {route.Lead} is not listed or not active", category, level, community.Code);
                        else if (!Reachable(route.Lead, time, at)) Count($"roster: {route.Lead} has nobody on duty who can be reached ({time})", category, level, community.Code);
                    }
            }
        holes.AddRange(found.Where(f => !holes.Contains(f.Key)).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}: {f.Value.Count} lookups, the first is {f.Value.First}")));

        void Count(string hole, string category, Colour level, string community) =>
            found[hole] = found.TryGetValue(hole, out var known) ? (known.Count + 1, known.First) : (1, $"{category} {level} in {community}");

        bool Reachable(string organisation, string time, DateTimeOffset at)
        {
            if (!reached.TryGetValue((organisation, time), out var known)) reached[(organisation, time)] = known = policy.Roster.HasReachable(organisation, at);
            return known;
        }
    }

    /// <summary>A gap at noon is as deep as one at night: every organisation with a desk is covered at each instant at which a shift changes.</summary>
    private static void RoundTheClock(RoutingPolicy policy, List<string> holes)
    {
        foreach (var organisation in policy.Organisations.All.Values.Where(o => o.Active))
        {
            var chain = policy.Roster.ChainOf(organisation.Code).ToList();
            if (chain.Count == 0) { holes.Add($"roster: {organisation.Code} has nobody at its desk who can be reached"); continue; }
            // An enterprise leads no case and need not be awake at night.
            if (organisation.Kind == Organisations.EnterpriseName) continue;
            var turns = chain.SelectMany(p => new[] { p.Shift.From, p.Shift.To }).Concat(chain.Any(p => p.Shift.Office) ? policy.Calendar.OfficeTurns : []).Append(TimeOnly.MinValue).Distinct().Order().ToList();
            foreach (var (name, day) in Days(policy.Calendar))
                if (turns.Cast<TimeOnly?>().FirstOrDefault(t => !policy.Roster.HasReachable(organisation.Code, new DateTimeOffset(day.ToDateTime(t!.Value), WorkCalendar.Local))) is { } gap)
                    holes.Add(string.Create(CultureInfo.InvariantCulture, $"roster: {organisation.Code} has nobody on duty from {gap:HH:mm} on {name}"));
        }
    }

    /// <summary>Working time, the night, and a holiday.</summary>
    private static ImmutableArray<(string Name, DateTimeOffset At)> Times(WorkCalendar calendar)
    {
        var days = Days(calendar);
        if (days.Length < 2) return [];
        return [("working time", At(days[0].Day, 10)), ("night", At(days[0].Day, 3)), ("holiday", At(days[1].Day, 10))];

        static DateTimeOffset At(DateOnly day, int hour) => new(day.ToDateTime(new TimeOnly(hour, 0)), WorkCalendar.Local);
    }

    /// <summary>A day of each kind with each kind before it: a shift may begin on the day before.</summary>
    private static ImmutableArray<(string Name, DateOnly Day)> Days(WorkCalendar calendar)
    {
        if (calendar.Years.Count == 0) return [];
        var first = new DateOnly(calendar.Years.Max(), 3, 1);
        (string Name, bool Works, bool Before)[] kinds =
            [("a working day after another", true, true), ("a day off after another", false, false), ("a working day after a day off", true, false), ("a day off after a working day", false, true)];
        return [.. from kind in kinds
                   let day = Enumerable.Range(0, SearchDays).Select(first.AddDays).FirstOrDefault(d => calendar.IsWorkingDay(d) == kind.Works && calendar.IsWorkingDay(d.AddDays(-1)) == kind.Before)
                   where day != default select (kind.Name, day)];
    }
}
