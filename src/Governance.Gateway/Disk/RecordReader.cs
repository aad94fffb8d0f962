using System.Buffers.Binary;

namespace Governance.Gateway.Disk;

/// <summary>Reads the content of a record; beyond its end it throws <see cref="InvalidDataException"/>.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _left = content;

    internal readonly bool IsAtEnd => _left.IsEmpty;

    internal byte Byte() => Bytes(1)[0];
    internal int Int() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));
    internal long Long() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    internal long Small()
    {
        var (value, shift) = (0L, 0);
        while (true)
        {
            var part = Byte();
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80) return value;
            if ((shift += 7) > 63) throw new InvalidDataException("a number without end");
        }
    }

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _left.Length) throw new InvalidDataException($"{count} bytes wanted, {_left.Length} there");
        var bytes = _left[..count];
        _left = _left[count..];
        return bytes;
    }
}
