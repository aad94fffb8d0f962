namespace Governance.Domain.AlarmLoad;

/// <summary>The time that figures are about: from its first instant up to, and without, its last.</summary>
public readonly record struct LoadPeriod(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To > From ? To - From : TimeSpan.Zero;

    public bool Holds(DateTimeOffset at) => at >= From && at < To;

    /// <summary>What of a stretch lies in the period; what still lasts, lasts to its end.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Cut(DateTimeOffset since, DateTimeOffset? ended)
    {
        var (from, to) = (since > From ? since : From, ended is { } end && end < To ? end : To);
        return to > from ? (from, to) : null;
    }

    /// <summary>Time of the period in which at least one of the stretches lasts: what overlaps counts once.</summary>
    public TimeSpan Covered(IEnumerable<AlarmInterval> stretches)
    {
        var period = this;
        var (sum, until) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var (from, to) in stretches.Select(s => period.Cut(s.Since, s.Ended)).OfType<(DateTimeOffset From, DateTimeOffset To)>().OrderBy(c => c.From))
        {
            if (to <= until) continue;
            sum += to - (from > until ? from : until);
            until = to;
        }
        return sum;
    }

    /// <summary>The same per key, added up: two detectors out for an hour are two hours.</summary>
    public TimeSpan Covered<TKey>(IEnumerable<AlarmInterval> stretches, Func<AlarmInterval, TKey> key)
    {
        var period = this;
        return stretches.GroupBy(key).Aggregate(TimeSpan.Zero, (sum, one) => sum + period.Covered(one));
    }
}
