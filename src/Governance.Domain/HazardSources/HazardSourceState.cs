using System.Collections.Immutable;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>A warning of another system about this source (P11): an occurrence with a witness of its own.</summary>
/// <param name="Identity">sender + identifier + sent: a repeat is the same warning.</param>
/// <param name="Detector">The detector it speaks of; empty when it has a point of its own.</param>
public sealed record RelayedWarning(
    string Identity, OccurrenceId Occurrence, string Detector, string Point, HazardKind Kind, AlarmLevel Level, double Value, double Threshold,
    string Unit, DateTimeOffset ObservedAt, DateTimeOffset At, DateTimeOffset? ClearedAt)
{
    public bool IsLive => ClearedAt is null;
}

/// <summary>One event in the world, as this source sees it: the occurrences of one kind that belong to one case.</summary>
/// <param name="Live">Occurrences that have not returned to normal.</param>
/// <param name="LastEndedAt">When the last of them ended; null while any lives.</param>
public sealed record Incident(
    CaseKey Case, HazardKind Kind, DateTimeOffset OpenedAt, ImmutableList<OccurrenceId> Occurrences, ImmutableList<OccurrenceId> Live, DateTimeOffset? LastEndedAt)
{
    /// <summary>A new activation within this time of the last one belongs to the same case (S6, P11).</summary>
    public static readonly TimeSpan JoinWindow = TimeSpan.FromMinutes(10);
}

/// <summary>What the clock of one gateway is off, as the readings of this source show it.</summary>
public readonly record struct GatewaySkew(GatewayId Gateway, ClockSkew Skew);

/// <summary>A hazard source: its detectors, warnings, incidents and colour.</summary>
/// <param name="Config">Null before it is commissioned.</param>
/// <param name="Detectors">By ordinal.</param>
/// <param name="Stored">The stored marks as of <paramref name="StoredChunk"/>, by ordinal; the ledger's tail has the rest.</param>
/// <param name="StoredChunk">All chunks up to this one are counted in <paramref name="Stored"/>.</param>
/// <param name="Clock">Wall, or the recorded clock that drives this drill source.</param>
public sealed record HazardSourceState(
    string Id, SourceConfig? Config, long ConfigVersion, ImmutableArray<Detector> Detectors, ImmutableList<RelayedWarning> Warnings,
    ImmutableList<Incident> Incidents, Colour Colour, string ColourReason, ImmutableArray<SeqSet> Stored, long StoredChunk, ClockId Clock)
{
    /// <summary>Warnings and ended incidents that are remembered for repeats and joins.</summary>
    public const int RememberedWarnings = 64;
    public const int RememberedIncidents = 16;
    /// <summary>Permits that are remembered; the open ones are never forgotten and never more.</summary>
    public const int RememberedPermits = 64;
    /// <summary>Limit sets that are remembered: the one in force and the newest others.</summary>
    public const int RememberedLimitSets = 16;

    /// <summary>Gateways whose clocks are remembered per source.</summary>
    public const int RememberedSkews = 8;

    /// <summary>By ordinal, the gateway that feeds the detector; empty: none that is known. May be shorter than the detectors.</summary>
    public ImmutableArray<string> FedBy { get; init; } = [];
    /// <summary>What the clocks of its gateways are off; who was not heard for longest makes room.</summary>
    public ImmutableArray<GatewaySkew> Skews { get; init; } = [];
    /// <summary>The table that it is coloured by.</summary>
    public ColourTable Colours { get; init; } = ColourTable.First;
    public ImmutableList<Permit> Permits { get; init; } = [];
    /// <summary>Rising versions. The first is what was commissioned first.</summary>
    public ImmutableList<LimitSet> LimitSets { get; init; } = [];
    /// <summary>Version in force; a running occurrence may still be under an older one.</summary>
    public int LimitSetVersion { get; init; } = 1;
    /// <summary>Highest version given out.</summary>
    public int NewestLimitSet { get; init; } = 1;

    public static HazardSourceState New(string id) =>
        new(id, null, 0, [], [], [], Colour.Grey, "not commissioned", [], 0, ClockId.Wall);

    public string FeederOf(int ordinal) => ordinal < FedBy.Length ? FedBy[ordinal] : "";

    public int OrdinalOf(string detectorId)
    {
        for (var i = 0; i < Detectors.Length; i++)
            if (!Detectors[i].Retired && Detectors[i].Config.Id.Value == detectorId) return i;
        return -1;
    }

    public int OrdinalOf(OccurrenceId occurrence)
    {
        for (var i = 0; i < Detectors.Length; i++)
            if (Detectors[i].Memo.Live?.Occurrence == occurrence) return i;
        return -1;
    }

    public Incident? IncidentOf(OccurrenceId occurrence) => Incidents.FindLast(i => i.Occurrences.Contains(occurrence));

    public int HealthyDetectors => Detectors.Count(d => d.IsHealthy);
    public int DetectorsInService => Detectors.Count(d => !d.Retired);
}
