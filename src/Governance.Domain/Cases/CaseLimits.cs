using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;

namespace Governance.Domain.Cases;

/// <summary>How far the clocks of a case may be moved, and when their running out is told (cases.md, commands 27 to 31).</summary>
/// <param name="MarksPercent">Shares of the time to resolve, besides 100 %, at which something happens, rising.</param>
/// <param name="Extensions">Per case.</param>
/// <param name="ExtensionTotal">All of a case together, in working days.</param>
/// <param name="ExtensionAnswer">Not decided within this time it is refused.</param>
/// <param name="ExtensionBeforePercent">Asked for before so much of the time is used.</param>
public sealed record CaseLimits(
    ImmutableArray<int> MarksPercent, int Extensions, Budget ExtensionTotal, Budget ExtensionAnswer, int ExtensionBeforePercent, Budget SuspensionAtMost, ImmutableSortedSet<string> SuspensionCodes)
{
    /// <summary>From there on somebody is urged.</summary>
    public const int UrgedFromPercent = 80;

    /// <param name="values">By name.</param>
    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static CaseLimits Read(IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        foreach (var unknown in values.Keys.Except(Names)) holes.Add($"limits: '{unknown}' is no limit of cases");
        return new CaseLimits(
            [.. Text("MARKS_PERCENT").Split(',').Select(m => Number("MARKS_PERCENT", m, 1, 1000)).Order()], Number("EXTENSIONS", Text("EXTENSIONS"), 0, 100), Limit("EXTENSION_TOTAL"), Limit("EXTENSION_ANSWER"),
            Number("EXTENSION_BEFORE_PERCENT", Text("EXTENSION_BEFORE_PERCENT"), 1, 100), Limit("SUSPENSION_AT_MOST"),
            [.. Text("SUSPENSION_CODES").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

        string Text(string name)
        {
            if (values.TryGetValue(name, out var text) && text.Length > 0) return text;
            holes.Add($"limits: {name} is missing");
            return "";
        }

        int Number(string name, string text, int least, int most)
        {
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            if (text.Length > 0) holes.Add($"limits: {name}: '{text}' is no whole number from {least} to {most}");
            return least;
        }

        Budget Limit(string name)
        {
            var text = Text(name);
            if (Budget.Parse(text) is { } budget) return budget;
            if (text.Length > 0) holes.Add($"limits: {name}: '{text}' is no time limit");
            return Budget.OfWorkingDays(1);
        }
    }

    private static readonly string[] Names = ["MARKS_PERCENT", "EXTENSIONS", "EXTENSION_TOTAL", "EXTENSION_ANSWER", "EXTENSION_BEFORE_PERCENT", "SUSPENSION_AT_MOST", "SUSPENSION_CODES"];
}
