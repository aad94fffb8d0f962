using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.AlarmLoad;

/// <summary>A detector by its ordinal, as far as its alarms need it.</summary>
/// <param name="Retired">No longer commissioned; what it left open ended then.</param>
public sealed record WatchedDetector(string Id, HazardKind Kind, string Zone, AlarmLevel LatchFrom, bool Retired);

/// <summary>What is open at a source: all that its next event can change.</summary>
/// <param name="Detectors">By ordinal.</param>
/// <param name="Alarms">Active, or returned and still to be acknowledged.</param>
/// <param name="Intervals">That last, and the latest permits.</param>
public sealed record WatchedSource(
    string Id, string Name, string Area, bool Drill, ImmutableArray<WatchedDetector> Detectors, ImmutableList<AlarmRecord> Alarms, ImmutableList<AlarmInterval> Intervals)
{
    /// <summary>Permits that a source remembers (<see cref="HazardSourceState.RememberedPermits"/>).</summary>
    public const int RememberedPermits = HazardSourceState.RememberedPermits;

    public static WatchedSource New(string id) => new(id, "", "", false, [], [], []);

    public bool IsCommissioned => Detectors.Length > 0;
}

/// <summary>What the records are made as.</summary>
public static class RecordForm
{
    /// <summary>One more whenever the same journal gives other records: they are then made again from its beginning.</summary>
    public const int Current = 1;
}

/// <summary>An occurrence that is over belongs to another case now.</summary>
public sealed record CaseLink(string Occurrence, string Case);
