namespace Governance.Storage.Blocks;

/// <summary>A stretch of a source's history without its payload, and how near it is to the size of a block.</summary>
/// <param name="FirstSampled">Ticks; of the readings where there are any, else of the takings of ownership.</param>
/// <param name="Count">Readings.</param>
/// <param name="Bytes">Of payload.</param>
/// <param name="StoredAt">Ticks: when the newest chunk of it was stored.</param>
internal readonly record struct BlockSpan(long FirstChunk, long LastChunk, long FirstSampled, long LastSampled, int Count, long Bytes, long StoredAt)
{
    internal const int TargetReadings = 16_384;
    internal const long TargetBytes = 2 << 20;
    /// <summary>A slow source's block is done after a day, but not with so few readings that blocks would become many.</summary>
    private const int LeastReadings = 1_024;
    private const long DayTicks = TimeSpan.TicksPerDay;

    internal static BlockSpan Of(LedgerChunk chunk, long storedAt) =>
        new(chunk.ChunkNo, chunk.ChunkNo, chunk.FirstSampledAt.UtcTicks, chunk.LastSampledAt.UtcTicks, chunk.Count, chunk.Payload.Length, storedAt);

    /// <summary>1 is a block as it should be.</summary>
    internal double Size => Math.Max(Count / (double)TargetReadings, Bytes / (double)TargetBytes);

    /// <summary>Whether enough has come together to make a block that is not touched again.</summary>
    internal bool IsComplete => Size >= 1 || IsLong;

    /// <summary>Whether a block is left as it is. Half the size: what is cut off before it would be too large is seldom exactly full.</summary>
    internal bool IsFull => Size >= 0.5 || IsLong;

    private bool IsLong => Count >= LeastReadings && LastSampled - FirstSampled >= DayTicks;

    /// <summary>Both, as one. Takings of ownership bear the time of their node, which says nothing of the samples.</summary>
    internal BlockSpan And(BlockSpan next)
    {
        var (first, last) = (Count, next.Count) switch
        {
            ( > 0, 0) => (FirstSampled, LastSampled),
            (0, > 0) => (next.FirstSampled, next.LastSampled),
            _ => (Math.Min(FirstSampled, next.FirstSampled), Math.Max(LastSampled, next.LastSampled)),
        };
        return new BlockSpan(FirstChunk, next.LastChunk, first, last, Count + next.Count, Bytes + next.Bytes, Math.Max(StoredAt, next.StoredAt));
    }
}
