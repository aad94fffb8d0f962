using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Backtests;

/// <summary>Something that really happened while the readings were recorded: limits that do not see it are no good.</summary>
/// <param name="Detector">Empty: any may have seen it.</param>
public sealed record RecordedIncident(string Name, string Detector, DateTimeOffset From, DateTimeOffset To);

/// <summary>One alarm under both limit sets.</summary>
/// <param name="Earlier">By how much the candidate raises it earlier; negative: later.</param>
public sealed record PairedOccurrence(BacktestOccurrence Before, BacktestOccurrence After, TimeSpan Earlier);

/// <summary>What would change if the candidate were in force (alarms.md §9).</summary>
/// <param name="Paired">Alarms of one detector that overlap in time, each of the candidate with the first of the set in force.</param>
/// <param name="Missed">Incidents that no alarm of the candidate overlaps.</param>
public sealed record BacktestDiff(
    BacktestResult Before, BacktestResult After, ImmutableList<BacktestOccurrence> Added, ImmutableList<BacktestOccurrence> Removed, ImmutableList<PairedOccurrence> Paired,
    ImmutableList<RecordedIncident> Missed)
{
    /// <summary>A candidate that would have missed a recorded incident is refused.</summary>
    public bool IsRefused => !Missed.IsEmpty;

    public static BacktestDiff Of(BacktestResult before, BacktestResult after, IReadOnlyCollection<RecordedIncident> incidents)
    {
        var (old, seen) = (before.Occurrences.ToLookup(o => o.Detector), new HashSet<string>());
        var (added, paired) = (ImmutableList.CreateBuilder<BacktestOccurrence>(), ImmutableList.CreateBuilder<PairedOccurrence>());
        foreach (var one in after.Occurrences)
        {
            var others = old[one.Detector].Where(o => o.Overlaps(one.RaisedAt, one.ClearedAt ?? DateTimeOffset.MaxValue)).ToList();
            if (others.Count == 0) { added.Add(one); continue; }
            paired.Add(new PairedOccurrence(others[0], one, others[0].RaisedAt - one.RaisedAt));
            foreach (var other in others) seen.Add(other.Occurrence);
        }
        return new BacktestDiff(before, after, added.ToImmutable(), [.. before.Occurrences.Where(o => !seen.Contains(o.Occurrence))], paired.ToImmutable(), Unseen(after, incidents));
    }

    /// <summary>The incidents that none of the alarms overlaps.</summary>
    public static ImmutableList<RecordedIncident> Unseen(BacktestResult result, IEnumerable<RecordedIncident> incidents) =>
        [.. incidents.Where(i => !result.Occurrences.Any(o => (i.Detector.Length == 0 || o.Detector == i.Detector) && o.Overlaps(i.From, i.To)))];
}
