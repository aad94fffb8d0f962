using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Tests.Blocks;

/// <summary>
/// Blocks that lie on somebody's disk: approved bytes of every format there was, which are read for ever. Of the present
/// one also the bytes that are written, so that it does not change by accident.
/// </summary>
public sealed class StoredBlockTests
{
    private static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 10, 0, TimeSpan.Zero);

    [Theory, InlineData(1), InlineData(2)]
    public void Approved_blocks_are_read(int format)
    {
        var block = GoldenBytesTests.Approved(Name(format), () => throw new InvalidOperationException("blocks of a format of before cannot be written any more"));
        LedgerBlockTests.Same(Sample(), LedgerBlock.Unpack(block));
        Assert.Equal(6, LedgerBlock.Readings(block, new HashSet<int> { 0 }, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(s => s.Readings.Length));
        Assert.Equal(45, LedgerBlock.Minutes(block, null, T0, T0.AddMinutes(2)).Sum(m => m.Tally.Count));
    }

    [Fact]
    public void Written_blocks_are_the_approved_ones() =>
        Assert.Equal(Convert.ToHexString(GoldenBytesTests.Approved(Name(2), () => LedgerBlock.Pack(Sample()))), Convert.ToHexString(LedgerBlock.Pack(Sample())));

    private static string Name(int format) => Path.Combine("Blocks", $"ledger-block.{format}");

    /// <summary>One of everything: ownership, several segments, every kind of column, minutes kept and not, a payload of the future.</summary>
    private static IReadOnlyList<BlockChunk> Sample()
    {
        var round = Enumerable.Range(0, 40).Select(i => new Reading(3, i + 1, T0.AddSeconds(i), T0.AddSeconds(i).AddTicks(10 * (i % 3)), i == 7 ? double.NaN : 20 + i % 5 * 0.25, i == 9 ? Quality.Saturated : Quality.Good));
        var seldom = Enumerable.Range(0, 6).Select(i => new Reading(0, 100 - i, T0.AddSeconds(30 * i), T0.AddSeconds(30 * i), Math.Sqrt(i), Quality.Manual));
        ReadingSegment Of(string gateway, ClockId clock, bool historical, IEnumerable<Reading> readings) => new(new GatewayId(gateway), 4, clock, T0.AddMinutes(3), T0.AddMinutes(2), historical, readings.ToImmutableArray());
        var (writer, other) = (new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), new Guid(12, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        var payload = ChunkPayload.Pack([Of("gw-1", ClockId.Wall, false, round), Of("gw-2", ClockId.Recorded("gw-2"), true, seldom)]);
        return
        [
            new BlockChunk(41, writer, true, T0, T0, 0, ReadOnlyMemory<byte>.Empty),
            new BlockChunk(42, writer, false, T0, T0.AddSeconds(150), 46, payload),
            new BlockChunk(43, other, true, T0.AddSeconds(151), T0.AddSeconds(151), 0, ReadOnlyMemory<byte>.Empty),
            new BlockChunk(44, other, false, T0, T0, 0, new byte[] { 0x78, 0x01 }),
        ];
    }
}
