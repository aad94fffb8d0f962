using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Tests.Blocks;

/// <summary>Chunks as a healthy gateway's stream makes them.</summary>
internal static class Chunks
{
    /// <param name="rounds">Readings of every detector.</param>
    internal static IReadOnlyList<BlockChunk> Steady(int detectors, int rounds, TimeSpan period, int perChunk = 240)
    {
        var readings = Enumerable.Range(0, rounds).SelectMany(round => Enumerable.Range(0, detectors).Select(detector =>
        {
            var at = RandomChunks.T0 + round * period;
            return new Reading(detector, round + 1, at, at, Math.Round(10 + detector + Math.Sin(round / 50.0) + round % 7 * 0.01, 2), Quality.Good);
        }));
        return [.. readings.Chunk(perChunk).Select((own, i) => Of(i + 1, own))];
    }

    internal static BlockChunk Of(long chunkNo, params Reading[] readings)
    {
        var sent = readings.Max(r => r.SampledAt).AddMilliseconds(20);
        var segment = new ReadingSegment(new GatewayId("gw"), 3, ClockId.Wall, sent.AddMilliseconds(5), sent, false, ImmutableArray.Create(readings));
        return new BlockChunk(chunkNo, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), false, readings.Min(r => r.SampledAt), readings.Max(r => r.SampledAt), readings.Length, ChunkPayload.Pack([segment]));
    }
}
