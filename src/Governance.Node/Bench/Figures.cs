namespace Governance.Node.Bench;

/// <summary>Rounding and medians of what several rounds came to.</summary>
internal static class Figures
{
    internal static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : double.NaN;

    /// <summary>Two digits behind the point; null for a figure that there is not, because JSON has no NaN.</summary>
    internal static double? Of(double value, int digits = 2) => double.IsFinite(value) ? Math.Round(value, digits) : null;

    /// <summary>Every round, smallest first.</summary>
    internal static IEnumerable<double?> Spread(IEnumerable<double> values, int digits = 0) => values.Order().Select(v => Of(v, digits));

    /// <summary>Options of a bench that measures several rounds.</summary>
    internal const int Rounds = 3;
}
