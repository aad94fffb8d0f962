using System.Buffers.Binary;
using System.Numerics;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// Numbers in as many bits as the largest of a run needs: a byte that says how many, then the bits, lowest first. A run is
/// short, so that one outlier costs its neighbours little; a run of zeros costs the one byte.
/// </summary>
internal static class BitPack
{
    internal const int Run = 64;
    /// <summary>Widths above it are written as whole words, so that any number lies within one load of eight bytes.</summary>
    private const int WidestBits = 56;

    /// <param name="union">All numbers of a run, or-ed.</param>
    internal static int Width(ulong union) => 64 - BitOperations.LeadingZeroCount(union) is var bits && bits > WidestBits ? 64 : bits;

    internal static void Write(ColumnWriter to, ReadOnlySpan<ulong> numbers)
    {
        var union = 0UL;
        foreach (var number in numbers) union |= number;
        var width = Width(union);
        to.Byte((byte)width);
        if (width == 0) return;
        var packed = to.Zeros(Bytes(numbers.Length, width));
        for (int i = 0, bit = 0; i < numbers.Length; i++, bit += width)
        {
            var word = packed[(bit >> 3)..];
            BinaryPrimitives.WriteUInt64LittleEndian(word, BinaryPrimitives.ReadUInt64LittleEndian(word) | numbers[i] << (bit & 7));
        }
    }

    internal static void Read(ref BlockCursor from, Span<long> numbers)
    {
        var width = from.Byte();
        if (width > WidestBits && width != 64) throw new LedgerBlockException($"numbers of {width} bits");
        if (width == 0)
        {
            numbers.Clear();
            return;
        }
        var packed = from.Words(Bytes(numbers.Length, width));
        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        for (int i = 0, bit = 0; i < numbers.Length; i++, bit += width)
            numbers[i] = (long)(BinaryPrimitives.ReadUInt64LittleEndian(packed[(bit >> 3)..]) >> (bit & 7) & mask);
    }

    private static int Bytes(int count, int width) => (count * width + 7) >> 3;
}
