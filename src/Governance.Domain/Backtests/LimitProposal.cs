using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Backtests;

/// <summary>How limits are drawn from a normal period.</summary>
public enum ProposalMethod
{
    /// <summary>Mean ± factor × standard deviation.</summary>
    Deviation = 1,
    /// <summary>The value that the factor, in percent, of the samples stay below, and its mirror.</summary>
    Percentile = 2,
}

/// <summary>Limits that statistics propose for one detector. A person decides.</summary>
/// <param name="Mean">Of the normal period, with its standard deviation (of the sample).</param>
/// <param name="Samples">Finite values that it rests on.</param>
public sealed record LimitProposal(string Detector, double Mean, double Deviation, int Samples, double High, double Low, ImmutableArray<Limit> Limits)
{
    /// <param name="normal">Values of a period in which nothing was wrong; what is not finite is left out.</param>
    /// <param name="factor">k of <see cref="ProposalMethod.Deviation"/>, or the percentage of <see cref="ProposalMethod.Percentile"/> (50 to 100).</param>
    /// <param name="inARow">Samples in a row beyond the limit that make an alarm; 1: the first does.</param>
    /// <exception cref="ArgumentException">Fewer than two finite values, or a factor out of range.</exception>
    public static LimitProposal Of(string detector, IEnumerable<double> normal, ProposalMethod method, double factor, int inARow)
    {
        double[] values = [.. normal.Where(double.IsFinite).Order()];
        if (values.Length < 2) throw new ArgumentException($"{detector}: a normal period has at least two values");
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        var (low, high) = method switch
        {
            ProposalMethod.Deviation when factor > 0 => (mean - factor * deviation, mean + factor * deviation),
            ProposalMethod.Percentile when factor is >= 50 and <= 100 => (At(values, 100 - factor), At(values, factor)),
            _ => throw new ArgumentException($"{method} has no factor {factor}"),
        };
        // A limit is reached at its value; what normal values touch must lie inside.
        return new LimitProposal(detector, mean, deviation, values.Length, Math.BitIncrement(high), Math.BitDecrement(low),
        [
            new Limit(LimitDirection.High, AlarmLevel.One, Math.BitIncrement(high), 0, TimeSpan.Zero, inARow, TimeSpan.Zero),
            new Limit(LimitDirection.Low, AlarmLevel.One, Math.BitDecrement(low), 0, TimeSpan.Zero, inARow, TimeSpan.Zero),
        ]);
    }

    /// <summary>Linear between the neighbours.</summary>
    private static double At(double[] sorted, double percent)
    {
        var place = percent / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
