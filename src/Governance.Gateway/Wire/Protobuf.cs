using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Governance.Gateway.Wire;

/// <summary>A span that fills up with protobuf: varints, lengths and packed columns, nothing else.</summary>
internal ref struct Protobuf(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    internal int Written { get; private set; }

    /// <summary>Bytes of a varint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int LengthOf(ulong value) => (BitOperations.Log2(value | 1) * 9 + 73) >> 6;

    /// <summary>Small numbers of either sign stay small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Bytes of a field with a length: one byte of tag, the length, the content.</summary>
    internal static int LengthOfField(int content) => 1 + LengthOf((ulong)content) + content;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Varint(ulong value)
    {
        var to = _to;
        var at = Written;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
        Written = at;
    }

    /// <summary>Tag of a field with a length (wire type 2), and the length. Fields up to 15.</summary>
    internal void Begin(int field, int length)
    {
        _to[Written++] = (byte)((field << 3) | 2);
        Varint((ulong)length);
    }

    /// <summary>A varint field; the default, 0, is left out.</summary>
    internal void Field(int field, ulong value)
    {
        if (value == 0) return;
        _to[Written++] = (byte)(field << 3);
        Varint(value);
    }

    internal static int LengthOfVarintField(ulong value) => value == 0 ? 0 : 1 + LengthOf(value);

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Written..]);
        Written += bytes.Length;
    }

    internal void Byte(byte value) => _to[Written++] = value;

    /// <summary>IEEE 754 in the byte order of the wire, every bit of a NaN included.</summary>
    internal void Double(double value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_to[Written..], BitConverter.DoubleToInt64Bits(value));
        Written += sizeof(double);
    }

    internal void Doubles(ReadOnlySpan<double> values)
    {
        if (BitConverter.IsLittleEndian) Bytes(MemoryMarshal.AsBytes(values));
        else foreach (var value in values) Double(value);
    }
}
