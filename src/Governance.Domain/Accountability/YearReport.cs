using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Accountability;

/// <summary>Re-inspections of a year of one organisation.</summary>
public readonly record struct Reinspected(int Passed, int Of);

/// <summary>A year of one organisation (年度考核).</summary>
/// <param name="Months">Points of the months that are over and in which it was ranked.</param>
/// <param name="MonthMean">Null: no month was ranked.</param>
/// <param name="Slips">Points for slips, of 100.</param>
/// <param name="Reinspection">Percent passed; null: nothing was re-inspected.</param>
/// <param name="Points">Null: no month was ranked, there is nothing to appraise.</param>
public sealed record YearFigures(string Organisation, int Year, ImmutableSortedDictionary<Month, double> Months, double? MonthMean, double Slips, double? Reinspection, double? Points);

/// <summary>The year: months, slips and re-inspections in the shares of the policy.</summary>
public static class YearReport
{
    private static readonly FactKind[] OfSlips = [FactKind.ReminderOverdue, FactKind.Supervised, FactKind.SupervisionOverdue, FactKind.CrisisByDelay];

    /// <param name="months">Scorecards of that year.</param>
    public static ImmutableList<YearFigures> Of(int year, IEnumerable<ScorecardFigures> months, IReadOnlyDictionary<string, Reinspected> reinspected, ScorecardPolicy policy) =>
    [
        .. from card in months
           where card.Month.Year == year
           group card by card.Organisation into cards
           orderby cards.Key
           select Figures(cards.Key, year, [.. cards], reinspected.TryGetValue(cards.Key, out var found) ? found : default, policy),
    ];

    private static YearFigures Figures(string organisation, int year, IReadOnlyList<ScorecardFigures> cards, Reinspected reinspected, ScorecardPolicy policy)
    {
        var months = cards.Where(c => c.Rank is not null).ToImmutableSortedDictionary(c => c.Month, c => c.Points);
        double? mean = months.IsEmpty ? null : months.Values.Average();
        var cost = cards.SelectMany(c => c.Modifiers).Where(m => OfSlips.Contains(m.Kind)).Sum(m => m.Points);
        var slips = Math.Clamp(policy[ScoreSetting.YearSlipPoints] + policy[ScoreSetting.YearSlipTimes] * cost, 0, 100);
        double? passed = reinspected.Of == 0 ? null : 100.0 * reinspected.Passed / reinspected.Of;
        // What was not looked at neither helps nor harms: its share goes to what was.
        (double Share, double? Points)[] parts =
            [(policy[ScoreSetting.YearMonthsPercent], mean), (policy[ScoreSetting.YearSlipsPercent], slips), (policy[ScoreSetting.YearReinspectionPercent], passed)];
        var known = parts.Where(p => p.Points is not null).ToList();
        return new YearFigures(organisation, year, months, mean, slips, passed, mean is null ? null : known.Sum(p => p.Share * p.Points!.Value) / known.Sum(p => p.Share));
    }

    /// <summary>
    /// The table for the appraisal office: comma-separated, UTF-8, lines end with LF. The last line signs it: the SHA-256 of all
    /// bytes before it, and of the newest daily seal, so that the table names the journal that it was made from.
    /// </summary>
    public static string Csv(int year, IEnumerable<YearFigures> figures, string seal, DateTimeOffset asOf)
    {
        var csv = new StringBuilder("organisation,year,");
        for (var month = 1; month <= 12; month++) csv.Append(CultureInfo.InvariantCulture, $"month_{month:00},");
        csv.Append("month_mean,slips,reinspection_percent,points\n");
        foreach (var f in figures)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{Field(f.Organisation)},{f.Year},");
            for (var month = 1; month <= 12; month++) csv.Append(Number(f.Months.TryGetValue(new Month(year, month), out var points) ? points : null)).Append(',');
            csv.Append(CultureInfo.InvariantCulture, $"{Number(f.MonthMean)},{Number(f.Slips)},{Number(f.Reinspection)},{Number(f.Points)}\n");
        }
        csv.Append(CultureInfo.InvariantCulture, $"# as_of,{asOf.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ},seal,{seal}\n");
        // Before anything of the last line is there: an interpolated string would write its beginning first.
        var signature = Signature(csv.ToString());
        return csv.Append("# sha256,").Append(signature).Append('\n').ToString();
    }

    /// <summary>Whether the last line signs what stands before it.</summary>
    public static bool IsSigned(string csv)
    {
        var end = csv.LastIndexOf("# sha256,", StringComparison.Ordinal);
        return end >= 0 && csv[end..] == $"# sha256,{Signature(csv[..end])}\n";
    }

    private static string Signature(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    private static string Number(double? value) => value is { } known ? known.ToString("0.00", CultureInfo.InvariantCulture) : "";
    private static string Field(string text) => text.AsSpan().IndexOfAny("\",\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
