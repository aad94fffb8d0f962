using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>The limits of one detector within a limit set.</summary>
public sealed record DetectorLimits(string Detector, ImmutableArray<Limit> Limits)
{
    public bool Equals(DetectorLimits? other) => other is not null && Detector == other.Detector && Limits.SequenceEqual(other.Limits);
    public override int GetHashCode() => HashCode.Combine(Detector, Limits.Length);
}

/// <summary>What a backtest of a proposed set found (alarms.md §9).</summary>
/// <param name="From">Of the recorded readings, with <paramref name="To"/>.</param>
/// <param name="Added">Occurrences that the set in force did not have.</param>
/// <param name="Missed">Recorded incidents that it would not have seen, by name.</param>
public sealed record BacktestFinding(DateTimeOffset From, DateTimeOffset To, long Readings, int Added, int Removed, ImmutableList<string> Missed, string By);

/// <summary>One version of the limits of a source (alarms.md §6b): proposed, backtested and put into force by a person each.</summary>
/// <param name="Detectors">The detectors whose limits it changes; the others keep theirs.</param>
/// <param name="ActivatedAt">Null while it is a proposal.</param>
public sealed record LimitSet(
    int Version, ImmutableList<DetectorLimits> Detectors, string ProposedBy, DateTimeOffset ProposedAt, string Reason,
    BacktestFinding? Finding, string ActivatedBy, DateTimeOffset? ActivatedAt)
{
    /// <summary>The configuration with these limits.</summary>
    public SourceConfig Applied(SourceConfig config) => config with
    {
        Detectors = [.. config.Detectors.Select(d => Detectors.Find(l => l.Detector == d.Id.Value) is { } own ? d.WithLimits(own.Limits) : d)],
    };
}
