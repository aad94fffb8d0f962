using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Domain.Routing;

/// <summary>Texts of the files that routing reads, beside areas, categories and calendar.</summary>
public sealed record RoutingTexts(string Organisations, string Communities, string Rules, string RunCards, string Roster, string Notifications);

/// <summary>Reads the rules of routing. Pure: text in, policy out, and every hole named.</summary>
internal static class RoutingFile
{
    private const int GroupDigits = 2, CategoryDigits = 4, SubdistrictDigits = 9, CommunityDigits = 12;

    /// <param name="subdistricts">Codes of the district's areas.</param>
    /// <param name="categories">Rows of the category table: code, two names, level, lead, co, limit, self-handling.</param>
    internal static RoutingPolicy Read(RoutingTexts texts, string district, IReadOnlyCollection<string> subdistricts, IReadOnlyList<string[]> categories, WorkCalendar calendar, List<string> holes)
    {
        var known = categories.Select(r => Category(r, holes)).OfType<RoutedCategory>().ToImmutableSortedDictionary(c => c.Code, c => c, StringComparer.Ordinal);
        var communities = PolicyFiles.Once(PolicyFiles.Rows(texts.Communities, "communities", 2, holes), r => r[0], "communities", holes)
            .Where(r => Belongs(r[0], subdistricts, holes)).Select(r => new Community(r[0], r[1])).ToImmutableSortedDictionary(c => c.Code, c => c, StringComparer.Ordinal);
        var organisations = PolicyFiles.Once(PolicyFiles.Rows(texts.Organisations, "organisations", 3, holes), r => r[0], "organisations", holes)
            .Select(r => new Organisation(r[0], r[1], r[2], r.Length < 5 || r[4].Trim() != "inactive")).ToImmutableSortedDictionary(o => o.Code, o => o, StringComparer.Ordinal);
        var directory = new Organisations(organisations, communities);
        var rows = PolicyFiles.Rows(texts.Rules, "routing-rules", 2, holes).ToList();
        var cards = PolicyFiles.Once(PolicyFiles.Rows(texts.RunCards, "run-cards", 4, holes).Where(r => Level(r[1], holes)), r => $"{r[0]} {r[1]}", "run-cards", holes)
            .Select(r => new ResponseCard(r[0], Enum.Parse<Colour>(r[1], true), r[2], Codes(r[3]), r.Length > 4 ? Codes(r[4]) : [])).ToImmutableDictionary(c => (c.Category, c.Level));
        foreach (var odd in rows.Where(r => r[0] is not ("version" or "rule" or "asset" or "tag"))) holes.Add($"routing-rules: '{string.Join('|', odd)}' begins with none of version, rule, asset, tag");
        foreach (var twice in rows.Where(r => r[0] is "rule" or "asset" or "tag").GroupBy(r => r[1]).Where(g => g.Count() > 1)) holes.Add($"routing-rules: {twice.Key} is listed twice");
        var rules = rows.Where(r => r[0] == "rule").Select(r => Rule(r, holes)).OfType<RoutingRule>()
            .GroupBy(r => r.Subject).ToImmutableSortedDictionary(g => g.Key, Ordered, StringComparer.Ordinal);
        var assets = Of("asset", 4).Select(r => new AssetRule(r[1], r[2], r[3], r.Length > 4 ? Codes(r[4]) : [])).OrderByDescending(a => a.Prefix.Length).ThenBy(a => a.Id, StringComparer.Ordinal).ToImmutableArray();
        var tags = Of("tag", 4).Select(r => new TagRule(r[1], r[2], Codes(r[3]))).OrderBy(t => t.Id, StringComparer.Ordinal).ToImmutableArray();
        var persons = PolicyFiles.Once(PolicyFiles.Rows(texts.Roster, "roster", 7, holes), r => r[2], "roster", holes).Select(r => Person(r, holes)).OfType<RosterPerson>();
        var notifications = NotificationLimits.Read(PolicyFiles.Once(PolicyFiles.Rows(texts.Notifications, "notifications", 2, holes), r => r[0], "notifications", holes).ToDictionary(r => r[0], r => r[1].Trim()), holes);
        return new RoutingPolicy(district, Version(rows, holes), known, directory, cards, rules, assets, tags, new DutyRoster(persons, calendar), notifications, calendar);

        IEnumerable<string[]> Of(string kind, int fields)
        {
            foreach (var row in rows.Where(r => r[0] == kind))
                if (row.Length >= fields && row[1].Length > 0 && row[2].Length > 0) yield return row;
                else holes.Add($"routing-rules: '{string.Join('|', row)}': {fields} fields expected");
        }
    }

    /// <summary>The rule that wins first: the most specific, then the higher priority, then the lower id.</summary>
    internal static ImmutableArray<RoutingRule> Ordered(IEnumerable<RoutingRule> rules) =>
        [.. rules.OrderByDescending(r => r.Specificity).ThenByDescending(r => r.Priority).ThenBy(r => r.Id, StringComparer.Ordinal)];

    private static RoutedCategory? Category(string[] row, List<string> holes)
    {
        Colour? level = row[3].Trim() switch { "R" => Colour.Red, "O" => Colour.Orange, "Y" => Colour.Yellow, "B" => Colour.Blue, _ => null };
        if (level is { } own && Place.IsCode(row[0], CategoryDigits)) return new RoutedCategory(row[0], own, row[7].Trim() == "1");
        holes.Add($"categories: {row[0]}: four digits and a level R, O, Y or B expected, level is '{row[3]}'");
        return null;
    }

    private static bool Belongs(string community, IReadOnlyCollection<string> subdistricts, List<string> holes)
    {
        if (Place.IsCode(community, CommunityDigits) && subdistricts.Contains(community[..SubdistrictDigits])) return true;
        holes.Add($"communities: '{community}' is no code of 12 digits that begins with one of the subdistricts");
        return false;
    }

    private static bool Level(string text, List<string> holes)
    {
        if (RoutingPolicy.Levels.Any(l => string.Equals($"{l}", text.Trim(), StringComparison.OrdinalIgnoreCase))) return true;
        holes.Add($"run-cards: '{text}' is no level");
        return false;
    }

    private static RoutingRule? Rule(string[] row, List<string> holes)
    {
        var right = row.Length >= 7 && row[1].Length > 0 && (Place.IsCode(row[2], CategoryDigits) || Place.IsCode(row[2], GroupDigits)) && row[4].Length > 0;
        var area = right && (row[3] == RoutingRule.Everywhere || Place.IsCode(row[3], SubdistrictDigits) || Place.IsCode(row[3], CommunityDigits));
        if (right && area && (row[2].Length == CategoryDigits || row[3] == RoutingRule.Everywhere) && int.TryParse(row[6], CultureInfo.InvariantCulture, out var priority) && priority is >= 0 and <= 1000)
            return new RoutingRule(row[1], row[2], row[3], row[4], Codes(row[5]), priority);
        holes.Add($"routing-rules: '{string.Join('|', row)}': id, category or group, area (* for a group), lead, co and a priority from 0 to 1000 expected");
        return null;
    }

    private static RosterPerson? Person(string[] row, List<string> holes)
    {
        var (shift, addresses) = (Shift.Parse(row[4]), row[6].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => (Text: a, Address: ContactAddress.Parse(a))).ToList());
        if (!int.TryParse(row[1], CultureInfo.InvariantCulture, out var order)) holes.Add($"roster: {row[2]}: '{row[1]}' is no place in the chain");
        if (shift is null) holes.Add($"roster: {row[2]}: '{row[4]}' is no shift");
        foreach (var (text, _) in addresses.Where(a => a.Address is null)) holes.Add($"roster: {row[2]}: '{text}' is no address: one of {string.Join(", ", ContactAddress.Channels)}, a colon, a target");
        return shift is null ? null : new RosterPerson(row[0], order, row[2], row[3], shift, row[5].Trim(), [.. addresses.Select(a => a.Address).OfType<ContactAddress>()]);
    }

    private static int Version(List<string[]> rows, List<string> holes)
    {
        var lines = rows.Where(r => r[0] == "version").ToList();
        if (lines.Count == 1 && int.TryParse(lines[0][1], CultureInfo.InvariantCulture, out var version) && version >= 1) return version;
        holes.Add("routing-rules: one line says 'version|' and a whole number from 1 on");
        return 1;
    }

    private static ImmutableList<string> Codes(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
