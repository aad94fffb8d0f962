using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>What the chunks of a block are expected to say of themselves, one after the other; the same when packing and unpacking.</summary>
internal struct ChunkSpans
{
    private long _last;

    /// <summary>From its readings; a chunk without any (ownership) is expected where the one before it ended.</summary>
    internal readonly ChunkSpan Found(IReadOnlyList<ReadingSegment> segments)
    {
        var (first, last, count) = (long.MaxValue, long.MinValue, 0L);
        for (var i = 0; i < segments.Count; i++)
        {
            foreach (ref readonly var reading in segments[i].Readings.AsSpan())
                (first, last) = (Math.Min(first, reading.SampledTicks), Math.Max(last, reading.SampledTicks));
            count += segments[i].Readings.Length;
        }
        return count > 0 ? new ChunkSpan(first, last, count) : new ChunkSpan(_last, _last, 0);
    }

    internal void Pass(ChunkSpan said) => _last = said.Last;
}
