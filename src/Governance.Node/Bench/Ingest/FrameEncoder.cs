using System.Buffers.Binary;

namespace Governance.Node.Bench;

/// <summary>
/// Writes <c>GatewayFrame</c> messages by hand, so that the load generator takes as little as possible of the cores that
/// it shares with what it measures.
/// </summary>
internal sealed class FrameEncoder
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>One reading per position in <paramref name="positions"/>, which must be grouped by source.</summary>
    /// <param name="sources">Ids of the sources, as UTF-8.</param>
    internal void Encode(long frame, long sentAtUs, ReadOnlySpan<Position> positions, ReadOnlySpan<long> seqs, ReadOnlySpan<double> values, IReadOnlyList<byte[]> sources)
    {
        _length = 0;
        var outer = Begin(2);
        Tag(1, 0);
        Varint((ulong)frame);
        var sent = Begin(2);
        Tag(1, 0);
        Varint((ulong)(sentAtUs / 1_000_000));
        Tag(2, 0);
        Varint((ulong)(sentAtUs % 1_000_000 * 1000));
        End(sent);
        for (var from = 0; from < positions.Length;)
        {
            var to = from + 1;
            while (to < positions.Length && positions[to].Source == positions[from].Source) to++;
            Source(positions[from..to], seqs[from..to], values[from..to], sources[positions[from].Source]);
            from = to;
        }
        End(outer);
    }

    private void Source(ReadOnlySpan<Position> positions, ReadOnlySpan<long> seqs, ReadOnlySpan<double> values, byte[] id)
    {
        var part = Begin(3);
        Tag(1, 2);
        Varint((ulong)id.Length);
        Room(id.Length);
        id.CopyTo(_bytes.AsSpan(_length));
        _length += id.Length;
        var column = Begin(2);
        foreach (var position in positions) Varint((ulong)position.Detector);
        End(column);
        column = Begin(3);
        foreach (var seq in seqs) Varint((ulong)seq);
        End(column);
        column = Begin(4);
        foreach (var position in positions) Varint((ulong)position.AgeUs << 1);
        End(column);
        Tag(6, 2);
        Varint((ulong)values.Length * 8);
        Room(values.Length * 8);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
            _length += 8;
        }
        End(part);
    }

    /// <summary>Leaves four bytes for the length: a varint may be padded.</summary>
    private int Begin(int field)
    {
        Tag(field, 2);
        Room(4);
        return _length += 4;
    }

    private void End(int begun)
    {
        var length = _length - begun;
        for (var i = 0; i < 4; i++) _bytes[begun - 4 + i] = (byte)(length >> (7 * i) & 0x7F | (i < 3 ? 0x80 : 0));
    }

    private void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    private void Varint(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    private void Room(int bytes)
    {
        if (_length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
    }
}

/// <summary>A detector of a stream, by its positions in the hello, and how long before sending it was sampled.</summary>
internal readonly record struct Position(int Source, int Detector, int AgeUs);
