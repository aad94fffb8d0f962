using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Routing;

namespace Governance.Domain.Registry;

/// <summary>The policy files of a district do not cover every case: the list of holes.</summary>
public sealed class PolicyRefusedException(IReadOnlyList<string> holes) : Exception("the policy files are refused:\n  " + string.Join("\n  ", holes))
{
    public IReadOnlyList<string> Holes { get; } = holes;
}

/// <summary>Texts of the policy files in <c>cluster-config/district</c>: lines of fields between bars, # begins a comment.</summary>
public sealed record PolicyTexts(string Areas, string Categories, string Clocks, string Routing, string Escalation, string Colours, string Calendar, string Limits)
{
    public required string Slips { get; init; }
    public required string Meetings { get; init; }
    /// <summary>Organisations, rules, run cards, roster.</summary>
    public required RoutingTexts Router { get; init; }
    /// <summary>What scorecards count, and how.</summary>
    public required string Scorecard { get; init; }

    /// <summary>Names of the files that may be replaced to try another policy.</summary>
    public static readonly ImmutableList<string> Changeable =
    [
        "calendar", "case-clocks", "case-limits", "case-routing", "categories", "escalation", "scorecard", "organisations", "communities", "routing-rules", "run-cards", "roster", "notifications",
    ];

    /// <summary>With another text in the place of one file; null: there is no such file, or it decides nothing about cases.</summary>
    public PolicyTexts? With(string file, string text) => file switch
    {
        "calendar" => this with { Calendar = text },
        "case-clocks" => this with { Clocks = text },
        "case-limits" => this with { Limits = text },
        "case-routing" => this with { Routing = text },
        "categories" => this with { Categories = text },
        "escalation" => this with { Escalation = text },
        "scorecard" => this with { Scorecard = text },
        "organisations" => this with { Router = Router with { Organisations = text } },
        "communities" => this with { Router = Router with { Communities = text } },
        "routing-rules" => this with { Router = Router with { Rules = text } },
        "run-cards" => this with { Router = Router with { RunCards = text } },
        "roster" => this with { Router = Router with { Roster = text } },
        "notifications" => this with { Router = Router with { Notifications = text } },
        _ => null,
    };
}

/// <summary>Reads the policy files. Pure: text in, policy out, or every hole at once.</summary>
public static class PolicyFiles
{
    /// <summary>The line of the routing that is about monitoring itself, not about a hazard.</summary>
    private const string MonitoringFault = "monitoring-fault";

    public static (CasePolicy Policy, ImmutableList<AreaCode> Areas, ColourTable Colours) Read(PolicyTexts texts)
    {
        var holes = new List<string>();
        var areas = Rows(texts.Areas, "areas", 3, holes).Select(r => (Code: r[0], Kind: r[2])).ToList();
        var district = areas.Find(a => a.Kind == "district").Code ?? "";
        if (district.Length == 0) holes.Add("areas: no district");
        var codes = areas.Where(a => Area(a.Code, holes)).Select(a => new AreaCode(a.Code)).ToImmutableList();
        var categories = Once(Rows(texts.Categories, "categories", 9, holes), r => r[0], "categories", holes);
        var cards = categories.Select(r => new CaseCategory(r[0], r[2], r[4])
            {
                Level = OfLetter(r[3], holes), Limit = Budget.Parse(r[6]), SelfHandling = r[7].Trim() == "1", Evidence = List(r[8]),
            })
            .ToImmutableSortedDictionary(c => c.Category, c => c, StringComparer.Ordinal);
        var routes = Rows(texts.Routing, "routing", 2, holes).ToLookup(r => r[0].Trim() == MonitoringFault);
        var monitoring = Once(routes[true], r => r[0], "routing", holes).Select(r => r[1]).FirstOrDefault("");
        var routing = Once(routes[false].Where(r => Known<HazardKind>(r[0], "routing", holes)), r => $"{Parse<HazardKind>(r[0])}", "routing", holes)
            .ToImmutableSortedDictionary(r => Parse<HazardKind>(r[0]), r => r[1]);
        var budgets = Once(Rows(texts.Clocks, "clocks", 3, holes)
            .Where(r => Known<Colour>(r[0], "clocks", holes) & Known<ClockName>(r[1], "clocks", holes) & Limit(r[2], "clocks", holes)),
                r => $"{Parse<Colour>(r[0])} {Parse<ClockName>(r[1])}", "clocks", holes)
            .ToImmutableDictionary(r => (Parse<Colour>(r[0]), Parse<ClockName>(r[1])), r => Budget.Parse(r[2])!.Value);
        var steps = Rows(texts.Escalation, "escalation", 3, holes).Where(r => Known<Supervision>(r[1], "escalation", holes))
            .Select(r => new EscalationStep(Parse<Supervision>(r[1]), r[2])).ToImmutableList();
        var calendar = CalendarFile.Read(texts.Calendar, holes);
        var before = holes.Count;
        var router = RoutingFile.Read(texts.Router, district, [.. codes.Select(c => c.Value)], categories, calendar, holes);
        var readable = holes.Count == before && calendar.Holes().IsEmpty;
        var limits = CaseLimits.Read(Once(Rows(texts.Limits, "limits", 2, holes), r => r[0], "limits", holes).ToDictionary(r => r[0], r => r[1].Trim()), holes);
        var policy = new CasePolicy(district, cards, routing, budgets, steps) 
        {
            MonitoringFault = monitoring, Calendar = calendar, Router = router, Limits = limits, Scorecard = ScorecardPolicy.Read(texts.Scorecard, limits.MarksPercent, holes),
            Slips = Slips(texts.Slips, holes), Meetings = MeetingPolicy.Read(Named(Rows(texts.Meetings, "meetings", 2, holes), "meetings", holes), holes),
        };
        var colours = Colours(texts.Colours, holes);
        holes.AddRange(policy.Holes());
        // What cannot be read would only be told again as what does not hold.
        if (readable) holes.AddRange(RoutingActivation.Holes(router));
        holes.AddRange(colours.Holes());
        if (holes.Count > 0) throw new PolicyRefusedException(holes);
        return (policy, codes, colours);
    }

    private static SlipLimits Slips(string text, List<string> holes)
    {
        var rows = Rows(text, "slips", 2, holes).ToLookup(r => r.Length == 4);
        return SlipLimits.Read(rows[true], Named(rows[false], "slips", holes), holes);
    }

    private static Dictionary<string, string> Named(IEnumerable<string[]> rows, string file, List<string> holes) => Once(rows, r => r[0], file, holes).ToDictionary(r => r[0], r => r[1].Trim());

    private static ColourTable Colours(string text, List<string> holes)
    {
        var rows = Rows(text, "colours", 2, holes).ToList();
        var versions = rows.Where(r => r[0] == "version").ToList();
        if (versions.Count != 1 || !int.TryParse(versions[0][1], CultureInfo.InvariantCulture, out var version))
        {
            holes.Add("colours: one line says 'version|' and a whole number");
            version = 1;
        }
        var rules = rows.Where(r => r[0] != "version" && Line(r)).Select(r => new ColourRule((AlarmLevel)(r[0][0] - '0'), Parse<ColourCondition>(r[1]), Parse<Colour>(r[2]))).ToList();
        holes.AddRange(rules.GroupBy(r => (r.Level, r.When)).Where(g => g.Count() > 1).Select(g => $"colours: level {(int)g.Key.Level} {g.Key.When} is listed twice"));
        return new ColourTable(version, [.. rules]);

        bool Line(string[] row)
        {
            if (row is [{ Length: 1 } level, _, _, ..] && level[0] is >= '1' and <= '3') return Known<ColourCondition>(row[1], "colours", holes) & Known<Colour>(row[2], "colours", holes);
            holes.Add($"colours: '{string.Join('|', row)}' is no level 1 to 3, condition and colour");
            return false;
        }
    }

    /// <summary>Headings of category groups have fewer fields; they are for people.</summary>
    internal static IEnumerable<string[]> Rows(string text, string file, int fields, List<string> holes)
    {
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var row = line.Split('|');
            if (row.Length >= fields) yield return row;
            else if (file != "categories" || row.Length != 3) holes.Add($"{file} line {number}: {fields} fields expected, {row.Length} found");
        }
    }

    private static bool Known<T>(string name, string file, List<string> holes) where T : struct, Enum
    {
        // TryParse would take any number for a name, and a list of names for one.
        if (Enum.GetNames<T>().Contains(Plain(name), StringComparer.OrdinalIgnoreCase)) return true;
        holes.Add($"{file}: '{name}' is no {typeof(T).Name}");
        return false;
    }

    private static bool Limit(string text, string file, List<string> holes)
    {
        if (Budget.Parse(text) is not null) return true;
        holes.Add($"{file}: '{text}' is no time limit: minutes, or a number with h, d, WH (working hours) or WD (working days), more than 0 and at most a year");
        return false;
    }

    private static bool Area(string code, List<string> holes)
    {
        try
        {
            _ = new AreaCode(code);
            return true;
        }
        catch (MalformedIdException malformed)
        {
            holes.Add($"areas: {malformed.Message}");
            return false;
        }
    }

    /// <summary>The first line about a thing; every other one is a hole, for nobody can say which was meant.</summary>
    internal static List<string[]> Once(IEnumerable<string[]> rows, Func<string[], string> key, string file, List<string> holes)
    {
        var groups = rows.GroupBy(key).ToList();
        holes.AddRange(groups.Where(g => g.Count() > 1).Select(g => $"{file}: {g.Key} is listed twice"));
        return [.. groups.Select(g => g.First())];
    }

    private static ImmutableList<string> List(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static Colour OfLetter(string letter, List<string> holes)
    {
        Colour? colour = letter.Trim() switch { "R" => Colour.Red, "O" => Colour.Orange, "Y" => Colour.Yellow, "B" => Colour.Blue, _ => null };
        if (colour is null) holes.Add($"categories: level '{letter}' is none of R, O, Y, B");
        return colour ?? Colour.Blue;
    }

    private static T Parse<T>(string name) where T : struct, Enum => Enum.Parse<T>(Plain(name), ignoreCase: true);
    private static string Plain(string name) => name.Replace("-", "").Replace("_", "").Trim();
}
