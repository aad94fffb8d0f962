using System.Buffers.Binary;
using System.IO.Hashing;
using Governance.Contracts.Codecs;
using Governance.Contracts.Codecs.Blocks;

namespace Governance.Contracts.Tests.Blocks;

/// <summary>Bytes that are no block have one name, whatever is wrong with them, and cost neither time nor memory.</summary>
public sealed class MalformedBlockTests
{
    private static readonly byte[] Block = LedgerBlock.Pack(new RandomChunks(5).Some(12));

    [Fact]
    public void Every_cut_is_noticed()
    {
        for (var length = 0; length < Block.Length; length++) Refused(Block[..length]);
        Refused([.. Block, 0]);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        for (var i = 0; i < Block.Length; i++) Refused(Flipped(i, 1 << i % 8));
        for (var i = 0; i < BlockLayout.HeadBytes; i++)
            for (var bit = 1; bit < 256; bit <<= 1) Refused(Flipped(i, bit));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3), InlineData(255)]
    public void An_unknown_version_is_named(byte version)
    {
        var block = (byte[])Block.Clone();
        block[BlockLayout.Magic.Length] = version;
        Assert.Contains($"version {version}", Assert.Throws<LedgerBlockException>(() => LedgerBlock.Unpack(Resealed(block))).Message);
    }

    /// <summary>Not damaged on the way but written wrongly: the checksum is right, what it covers is not.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Written_wrongly_it_is_refused_or_read_as_something_within_bounds(int seed)
    {
        var random = new Random(seed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            var block = (byte[])Block.Clone();
            for (var n = random.Next(1, 4); n > 0; n--) block[random.Next(BlockLayout.HeadBytes, random.Next(3) == 0 ? BlockLayout.HeadBytes + 60 : block.Length)] = (byte)random.Next(256);
            Read(Resealed(block));
        }
        Assert.True((GC.GetAllocatedBytesForCurrentThread() - before) / 500 < 64 << 20);

        static void Read(byte[] block)
        {
            try { LedgerBlock.Unpack(block); }
            catch (LedgerBlockException) { }
            try { LedgerBlock.Readings(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue); }
            catch (LedgerBlockException) { }
            try { LedgerBlock.Minutes(block, null, DateTimeOffset.MinValue, RandomChunks.T0); }
            catch (LedgerBlockException) { }
        }
    }

    /// <summary>Columns in which nothing remains take no room: a directory could claim any number of them.</summary>
    [Fact]
    public void A_claim_beyond_the_limits_is_refused()
    {
        var writer = new ColumnWriter();
        foreach (var count in new[] { 1, 1, BlockLayout.MostOfAKind + 1, 1 }) writer.Varint((uint)count);
        var block = new byte[BlockLayout.HeadBytes + writer.Length + 200];
        Block.AsSpan(0, BlockLayout.HeadBytes).CopyTo(block);
        writer.Written.CopyTo(block.AsSpan(BlockLayout.HeadBytes));
        Refused(Resealed(block));
    }

    private static byte[] Flipped(int at, int bits)
    {
        var block = (byte[])Block.Clone();
        block[at] ^= (byte)bits;
        return block;
    }

    private static byte[] Resealed(byte[] block)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(BlockLayout.Magic.Length + 1), block.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(block.Length - BlockLayout.ChecksumBytes), XxHash3.HashToUInt64(block.AsSpan(0, block.Length - BlockLayout.ChecksumBytes)));
        return block;
    }

    private static void Refused(byte[] block)
    {
        Assert.Throws<LedgerBlockException>(() => LedgerBlock.Unpack(block));
        Assert.Throws<LedgerBlockException>(() => LedgerBlock.Readings(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Assert.Throws<LedgerBlockException>(() => LedgerBlock.Minutes(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
    }
}
