using System.Buffers.Binary;

namespace Governance.Contracts.Codecs;

/// <summary>
/// Writes protobuf by hand, byte for byte what the generated classes write: columns of numbers go to disk for every
/// reading, and an object with a list per column costs more than all the rest of a reading's way.
/// </summary>
internal sealed class ColumnWriter
{
    private const int LengthRoom = 5;
    private byte[] _bytes = new byte[4096];
    private int _length;

    internal int Length => _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    internal byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    internal void Clear() => _length = 0;

    /// <summary>Opens a length-delimited field; <see cref="End"/> closes it.</summary>
    internal int Begin(int field)
    {
        Varint((uint)(field << 3 | 2));
        Room(LengthRoom);
        return _length += LengthRoom;
    }

    internal void End(int begun)
    {
        var length = _length - begun;
        _length = begun - LengthRoom;
        Varint((uint)length);
        _bytes.AsSpan(begun, length).CopyTo(_bytes.AsSpan(_length));
        _length += length;
    }

    /// <summary>A scalar field; left out at its default, as proto3 does.</summary>
    internal void Number(int field, long value)
    {
        if (value == 0) return;
        Varint((uint)(field << 3));
        Varint((ulong)value);
    }

    internal void Text(int field, string value)
    {
        if (value.Length == 0) return;
        var begun = Begin(field);
        Room(value.Length * 3);
        _length += System.Text.Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
        End(begun);
    }

    internal void Varint(ulong value)
    {
        if (_length + 10 > _bytes.Length) Room(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    /// <summary>sint64.</summary>
    internal void Zigzag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    internal void Double(double value)
    {
        if (_length + 8 > _bytes.Length) Room(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    internal void Byte(byte value)
    {
        if (_length == _bytes.Length) Room(1);
        _bytes[_length++] = value;
    }

    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Appends zeros to be filled in, with eight more behind them that do not count: whoever fills may store whole words.</summary>
    internal Span<byte> Zeros(int bytes)
    {
        Room(bytes + sizeof(ulong));
        var zeros = _bytes.AsSpan(_length, bytes + sizeof(ulong));
        zeros.Clear();
        _length += bytes;
        return zeros;
    }

    private void Room(int bytes)
    {
        if (_length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
    }
}
