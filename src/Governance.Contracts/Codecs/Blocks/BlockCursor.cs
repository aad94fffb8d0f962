using System.Buffers.Binary;
using System.Text;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// Reads a stretch of a block. A checksum was right before anybody comes here, but a block could also have been written
/// wrongly: nothing is read beyond the stretch, and no count is believed that would make memory grow without bound.
/// </summary>
/// <param name="block">The whole block. At least eight bytes follow every stretch, so whole words may be loaded.</param>
internal ref struct BlockCursor(ReadOnlySpan<byte> block, int from, int to)
{
    private readonly ReadOnlySpan<byte> _block = block;
    private readonly int _to = to;
    private int _at = from;

    internal readonly int At => _at;

    internal byte Byte() => _at < _to ? _block[_at++] : throw Short();

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _to - _at) throw Short();
        _at += count;
        return _block.Slice(_at - count, count);
    }

    /// <summary>The same, with a word of whatever follows behind it.</summary>
    internal ReadOnlySpan<byte> Words(int count)
    {
        Bytes(count);
        return _block.Slice(_at - count, count + sizeof(ulong));
    }

    internal ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new LedgerBlockException("a number in the block does not end");
    }

    internal long Zigzag() => Zigzagged.Back(Varint());

    /// <summary>A number of things of which there are at most <paramref name="most"/>.</summary>
    internal int Count(int most)
    {
        var count = Varint();
        return count <= (ulong)most ? (int)count : throw new LedgerBlockException($"the block claims {count} where at most {most} are possible");
    }

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    internal string Text() => Encoding.UTF8.GetString(Bytes(Count(_to - _at)));

    private static LedgerBlockException Short() => new("the block ends before what it announces");
}

/// <summary>Small numbers of either sign as small numbers without one.</summary>
internal static class Zigzagged
{
    internal static ulong Of(long value) => (ulong)(value << 1 ^ value >> 63);

    internal static long Back(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
