using System.Collections.Immutable;
using System.Globalization;

namespace Governance.Domain.Accountability;

/// <summary>The six indicators (六项指标).</summary>
public enum Indicator { Response = 1, Contact = 2, OnTime = 3, Resolution = 4, Satisfaction = 5, Quality = 6 }

/// <summary>How a rate becomes points: full at the target, less for each percent below it, never below the floor, none below the red line.</summary>
/// <param name="Target">In percent, like <paramref name="RedLine"/>.</param>
/// <param name="Slope">Points per percent.</param>
public sealed record Curve(double Points, double Target, double Slope, double Floor, double? RedLine)
{
    public bool IsBelowRedLine(double percent) => RedLine is { } line && percent < line;

    public double Of(double percent) => IsBelowRedLine(percent) ? 0 : Math.Max(Floor, Points - Slope * Math.Max(0, Target - percent));
}

/// <summary>What each of something adds or costs.</summary>
/// <param name="AtMost">Of all of them together, as an absolute value; null: no limit.</param>
public sealed record Modifier(double Each, double? AtMost)
{
    public double Of(int count) => AtMost is { } most ? Math.Clamp(count * Each, -most, most) : count * Each;
}

/// <summary>Numbers of the room that are no curve, each with its unit in its name.</summary>
public enum ScoreSetting
{
    ScoreLeast, ScoreMost, ShrinkageCases, RankedFromCases, ExclusionAlarmPercent, AppealWorkingDays, AppealDecisionWorkingDays, AdvancedFromPoints, ImprovedByPoints,
    RectifyBelowPoints, GovernFromTimes, YearMonthsPercent, YearSlipsPercent, YearReinspectionPercent, YearSlipPoints, YearSlipTimes, ReinspectionPercent, ClosedWithinSeconds,
    HandledWithinSeconds, RecurrenceHours, ComplaintDays, ForecastShrinkageCases, ForecastAgendaFromPercent,
}

/// <summary>Every number by which scorecards, re-inspections, forecasts and the detector of premature closures work (scorecard.psv).</summary>
public sealed record ScorecardPolicy(
    ImmutableSortedDictionary<Indicator, Curve> Curves, ImmutableSortedDictionary<FactKind, Modifier> Modifiers, ImmutableSortedDictionary<string, string> Exclusions, ImmutableSortedDictionary<ScoreSetting, double> Settings)
{
    /// <summary>What adds or costs points by itself.</summary>
    public static readonly ImmutableList<FactKind> Modifying =
        [FactKind.ReminderOverdue, FactKind.Supervised, FactKind.SupervisionOverdue, FactKind.CrisisByDelay, FactKind.FalseClosure, FactKind.WrongfulRejection, FactKind.Proactive, FactKind.Helped];

    /// <summary>What counts calendar or cases and is therefore a whole number.</summary>
    private static readonly ImmutableHashSet<ScoreSetting> Whole =
        [ScoreSetting.AppealWorkingDays, ScoreSetting.AppealDecisionWorkingDays, ScoreSetting.RankedFromCases];

    public double this[ScoreSetting setting] => Settings[setting];
    public TimeSpan Time(ScoreSetting setting) => setting switch
    {
        ScoreSetting.ClosedWithinSeconds or ScoreSetting.HandledWithinSeconds => TimeSpan.FromSeconds(Settings[setting]),
        ScoreSetting.RecurrenceHours => TimeSpan.FromHours(Settings[setting]),
        ScoreSetting.ComplaintDays => TimeSpan.FromDays(Settings[setting]),
        _ => throw new InvalidOperationException($"{setting} is no time"),
    };

    /// <param name="text">The file.</param>
    /// <param name="marks">Shares of the time to resolve at which something is recorded: the forecast is made at one of them.</param>
    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static ScorecardPolicy Read(string text, IReadOnlyCollection<int> marks, ICollection<string> holes)
    {
        var rows = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|').Select(f => f.Trim()).ToArray()).ToList();
        foreach (var row in rows.Where(r => !(r[0] is "indicator" && r.Length == 7) && !(r[0] is "modifier" && r.Length == 4) && !(r[0] is "exclusion" or "setting" && r.Length == 3)))
            holes.Add($"scorecard: '{string.Join('|', row)}' is no line of an indicator, a modifier, an exclusion or a setting");
        var curves = Named<Indicator>("indicator", 7).ToImmutableSortedDictionary(r => r.Name, r => new Curve(
            Number(r.Row, 2, 0, 100), Number(r.Row, 3, 0, 100), Number(r.Row, 4, 0, 100), Number(r.Row, 5, 0, 100), r.Row[6].Length == 0 ? null : Number(r.Row, 6, 0, 100)));
        var modifiers = Named<FactKind>("modifier", 4).ToImmutableSortedDictionary(r => r.Name, r => new Modifier(Number(r.Row, 2, -100, 100), r.Row[3].Length == 0 ? null : Number(r.Row, 3, 0, 100)));
        var settings = Named<ScoreSetting>("setting", 3).ToImmutableSortedDictionary(r => r.Name, r => Number(r.Row, 2, 0, 1_000_000));
        var exclusions = rows.Where(r => r is ["exclusion", { Length: > 0 }, _]).GroupBy(r => r[1]).ToImmutableSortedDictionary(g => g.Key, g => g.First()[2], StringComparer.Ordinal);
        foreach (var twice in rows.Where(r => r.Length > 1).GroupBy(r => (r[0], r[1])).Where(g => g.Count() > 1)) holes.Add($"scorecard: {twice.Key.Item1} {twice.Key.Item2} is listed twice");
        foreach (var missing in Enum.GetValues<Indicator>().Where(i => !curves.ContainsKey(i))) holes.Add($"scorecard: indicator {Cases.Names.Of(missing)} is missing");
        foreach (var missing in Modifying.Where(m => !modifiers.ContainsKey(m))) holes.Add($"scorecard: modifier {Cases.Names.Of(missing)} is missing");
        foreach (var other in modifiers.Keys.Except(Modifying)) holes.Add($"scorecard: {Cases.Names.Of(other)} modifies nothing");
        foreach (var missing in Enum.GetValues<ScoreSetting>().Where(s => !settings.ContainsKey(s))) holes.Add($"scorecard: setting {Cases.Names.Of(missing)} is missing");
        if (exclusions.IsEmpty) holes.Add("scorecard: no exclusion has a code");
        var policy = new ScorecardPolicy(curves, modifiers, exclusions, settings);
        foreach (var hole in policy.Holes(marks)) holes.Add(hole);
        return policy;

        IEnumerable<(T Name, string[] Row)> Named<T>(string kind, int fields) where T : struct, Enum
        {
            foreach (var row in rows.Where(r => r[0] == kind && r.Length == fields).GroupBy(r => r[1]).Select(g => g.First()))
                if (Enum.GetValues<T>().Where(v => Cases.Names.Of(v) == row[1]).Select(v => (T?)v).FirstOrDefault() is { } name) yield return (name, row);
                else holes.Add($"scorecard: there is no {kind} '{row[1]}'");
        }

        double Number(string[] row, int field, double least, double most)
        {
            if (double.TryParse(row[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            holes.Add(string.Create(CultureInfo.InvariantCulture, $"scorecard: {row[1]}: '{row[field]}' is no number from {least} to {most}"));
            return least;
        }
    }

    /// <summary>What contradicts itself.</summary>
    private IEnumerable<string> Holes(IReadOnlyCollection<int> marks)
    {
        if (Curves.Count == Enum.GetValues<Indicator>().Length && Math.Abs(Curves.Values.Sum(c => c.Points) - 100) > 1e-9)
            yield return "scorecard: the points of the indicators are not 100 together";
        foreach (var (indicator, curve) in Curves)
            if (curve.Floor > curve.Points) yield return $"scorecard: the floor of {Cases.Names.Of(indicator)} is above its points";
        if (Settings.Count < Enum.GetValues<ScoreSetting>().Length) yield break;
        foreach (var setting in Whole.Where(s => Settings[s] != Math.Floor(Settings[s]) || Settings[s] < 1)) yield return $"scorecard: {Cases.Names.Of(setting)} is a whole number of 1 or more";
        if (this[ScoreSetting.ScoreLeast] >= this[ScoreSetting.ScoreMost]) yield return "scorecard: SCORE_LEAST is below SCORE_MOST";
        if (Math.Abs(this[ScoreSetting.YearMonthsPercent] + this[ScoreSetting.YearSlipsPercent] + this[ScoreSetting.YearReinspectionPercent] - 100) > 1e-9)
            yield return "scorecard: the shares of the year are not 100 % together";
        if (!marks.Contains(CaseAccount.HalfPercent)) yield return $"scorecard: forecasts are made at {CaseAccount.HalfPercent} % of the time to resolve, which is none of MARKS_PERCENT in the limits";
    }
}
