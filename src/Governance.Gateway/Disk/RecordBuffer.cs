using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Governance.Gateway.Keeping;

namespace Governance.Gateway.Disk;

/// <summary>Records on their way to a file, in one growing piece of memory that is used again.</summary>
internal sealed class RecordBuffer
{
    /// <summary>A reading on disk: detector, number, two stamps, value, quality.</summary>
    internal const int ReadingBytes = sizeof(int) + 3 * sizeof(long) + sizeof(double) + 1;
    private byte[] _bytes = new byte[64 << 10];
    private int _begin;
    private int _length;

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);
    internal bool IsEmpty => _length == 0;

    internal void Clear() => _length = 0;

    internal void Begin(RecordKind kind)
    {
        _begin = _length;
        Room(Record.HeaderBytes);
        Put((byte)kind);
    }

    internal void Seal() => Record.Seal(_bytes.AsSpan(_begin, _length - _begin));

    internal void Put(byte value) => Room(1)[0] = value;
    internal void Put(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), value);
    internal void Put(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
    internal void Put(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>Writes a number that is not negative, the smaller the shorter.</summary>
    internal void PutSmall(long value)
    {
        for (; value >= 0x80; value >>= 7) Put((byte)(value | 0x80));
        Put((byte)value);
    }

    /// <summary>A run of a block's readings at contiguous positions.</summary>
    internal void Readings(Block block, int from, int count)
    {
        Begin(RecordKind.Readings);
        Put(block.PositionOf(from));
        Put(count);
        Columns(block, from, count);
        Seal();
    }

    /// <summary>Readings of a block wherever they stand in it.</summary>
    internal void Moved(Block block, ReadOnlySpan<int> places)
    {
        Begin(RecordKind.Moved);
        Put(places.Length);
        foreach (var i in places)
        {
            Put(block.PositionOf(i));
            Columns(block, i, 1);
        }
        Seal();
    }

    private void Columns(Block block, int from, int count)
    {
        Integers(block.Detector.AsSpan(from, count));
        Longs(block.Seq.AsSpan(from, count));
        Longs(block.SampledUs.AsSpan(from, count));
        Longs(block.AtUs.AsSpan(from, count));
        Longs(MemoryMarshal.Cast<double, long>(block.Value.AsSpan(from, count)));
        Put(block.Quality.AsSpan(from, count));
    }

    private void Integers(ReadOnlySpan<int> column)
    {
        if (BitConverter.IsLittleEndian) Put(MemoryMarshal.AsBytes(column));
        else foreach (var value in column) Put(value);
    }

    private void Longs(ReadOnlySpan<long> column)
    {
        if (BitConverter.IsLittleEndian) Put(MemoryMarshal.AsBytes(column));
        else foreach (var value in column) Put(value);
    }

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
