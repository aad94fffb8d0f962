namespace Governance.Node.Bench;

/// <summary>Gathers durations in milliseconds; every one counts, none is averaged away.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private List<double> _ms = [];

    internal void Add(double ms) { lock (_gate) _ms.Add(ms); }

    /// <summary>Everything since the last call, in order of size.</summary>
    internal Quantiles Take()
    {
        lock (_gate)
        {
            var taken = _ms;
            _ms = [];
            taken.Sort();
            return new Quantiles(taken);
        }
    }
}

/// <summary>Quantiles of sorted milliseconds; NaN when there is none.</summary>
internal sealed record Quantiles(IReadOnlyList<double> Sorted)
{
    internal double At(double share) => Sorted.Count == 0 ? double.NaN : Sorted[Math.Min(Sorted.Count - 1, (int)(Sorted.Count * share))];
    internal double P50 => At(0.5);
    internal double P99 => At(0.99);
    internal double Max => Sorted.Count == 0 ? double.NaN : Sorted[^1];

    internal static Quantiles Of(IEnumerable<Quantiles> many) => new([.. many.SelectMany(q => q.Sorted).Order()]);
}
