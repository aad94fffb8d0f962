namespace Governance.Contracts.Codecs.Blocks;

/// <summary>Where a detector's columns lie in a block, and what time they span. Offsets are from the beginning of the block.</summary>
/// <param name="MinutesBytes">0: no minutes are kept, the readings are few enough to be folded.</param>
internal readonly record struct DetectorPlace(int Ordinal, int Count, int MinutesAt, int MinutesBytes, int ColumnsAt, int ColumnsBytes, long EarliestTicks, long LatestTicks)
{
    internal bool Overlaps(long fromTicks, long toTicks) => LatestTicks >= fromTicks && EarliestTicks <= toTicks;
}

/// <summary>The fixed parts of the second format (README.md).</summary>
internal static class BlockLayout
{
    /// <summary>Not a chunk number, with which the first format begins: no source has 2⁴⁰ chunks.</summary>
    internal static ReadOnlySpan<byte> Magic => "GABLOCK"u8;

    internal const byte Version = 2;
    /// <summary>Magic, version, length of the block.</summary>
    internal const int HeadBytes = 7 + 1 + sizeof(int);
    internal const int ChecksumBytes = sizeof(ulong);

    /// <summary>
    /// Chunks, segments and readings that a block may claim, each: what a wrong count can cost is bounded by it. A block
    /// aims at 16,384 readings; chunks beyond the limit are kept as they came.
    /// </summary>
    internal const int MostOfAKind = 1 << 20;
}
