using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Storage;

namespace Governance.Edge.Alarms;

/// <summary>The readings of a part of a history, however it lies in the ledger.</summary>
public static class PartReadings
{
    /// <summary>Sampled in [from, to], in order of arrival; of a block only the columns of the wanted detectors (ordinals, null: all) are decoded.</summary>
    public static IEnumerable<ReadingSegment> Of(LedgerPart part, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to) =>
        part.IsBlock ? LedgerBlock.Readings(part.Payload, detectors, from, to) : ChunkPayload.Readings(part.Payload, detectors, from, to);
}
