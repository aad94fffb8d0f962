using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Codecs;

/// <summary>
/// Reads a payload as <see cref="ChunkPayload"/> writes it: fields in order, each once, columns of equal length. Without
/// lists of numbers in between it takes a fraction of the time of the generated class, to which everything else is left.
/// </summary>
internal ref struct ChunkReading(ReadOnlySpan<byte> bytes)
{
    [ThreadStatic] private static Names? _names;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private bool _odd;

    /// <summary>Null: not as the product writes it.</summary>
    internal static ImmutableArray<ReadingSegment>? TryRead(ReadOnlySpan<byte> payload)
    {
        var reading = new ChunkReading(payload);
        var segments = ImmutableArray.CreateBuilder<ReadingSegment>(1);
        while (reading._at < payload.Length)
        {
            if (payload[reading._at] != (1 << 3 | 2)) return null;
            var segment = new ChunkReading(reading.Field(1));
            if (reading._odd || segment.Segment() is not { } read) return null;
            segments.Add(read);
        }
        return segments.DrainToImmutable();
    }

    private ReadingSegment? Segment()
    {
        var names = _names ??= new Names();
        var gateway = Field(1);
        var epoch = (long)Number(2);
        var clock = Field(3);
        var (receivedUs, sentUs, historical) = ((long)Number(4), (long)Number(5), Number(6));
        if (_odd || historical > 1 || !IsTime(receivedUs) || !IsTime(sentUs) || !names.Know(gateway, clock)) return null;
        var readings = Readings(sentUs);
        return readings is null ? null : new ReadingSegment(names.Gateway, epoch, names.Clock, Wire.At(receivedUs), Wire.At(sentUs), historical == 1, ImmutableCollectionsMarshal.AsImmutableArray(readings));
    }

    private Reading[]? Readings(long sentUs)
    {
        var detectors = new Column(Field(7));
        var seqs = new Column(Field(8));
        var sampled = new Column(Field(9));
        var taken = new Column(Field(10));
        var values = Field(11);
        var qualities = Field(12);
        if (_odd || _at < _bytes.Length || values.Length % sizeof(double) != 0) return null;
        var readings = new Reading[values.Length / sizeof(double)];
        if (qualities.Length != 0 && qualities.Length != readings.Length) return null;
        var (seq, fits) = (0L, true);
        for (var i = 0; i < readings.Length; i++)
        {
            var detector = detectors.Varint();
            seq += seqs.Zigzag();
            var sampledUs = sentUs - sampled.Zigzag();
            var takenUs = sampledUs + taken.Zigzag();
            fits &= detector <= uint.MaxValue && IsTime(sampledUs) && IsTime(takenUs);
            readings[i] = new Reading(seq, Wire.TicksOfUs(sampledUs), Wire.TicksOfUs(takenUs), BinaryPrimitives.ReadDoubleLittleEndian(values[(i * sizeof(double))..]), (int)detector,
                qualities.Length == 0 ? Quality.Good : (Quality)qualities[i]);
        }
        return fits && detectors.IsDone && seqs.IsDone && sampled.IsDone && taken.IsDone ? readings : null;
    }

    private static bool IsTime(long us) => us is >= -62_135_596_800_000_000 and <= 253_402_300_799_999_999;

    /// <summary>A length-delimited field if it is the next one, empty otherwise, as proto3 leaves it out.</summary>
    private ReadOnlySpan<byte> Field(int field)
    {
        if (_at >= _bytes.Length || _bytes[_at] != (field << 3 | 2)) return [];
        _at++;
        var length = Varint();
        if (_odd || length > (ulong)(_bytes.Length - _at))
        {
            _odd = true;
            return [];
        }
        _at += (int)length;
        return _bytes.Slice(_at - (int)length, (int)length);
    }

    private ulong Number(int field)
    {
        if (_at >= _bytes.Length || _bytes[_at] != field << 3) return 0;
        _at++;
        return Varint();
    }

    private ulong Varint()
    {
        var column = new Column(_bytes[_at..]);
        var value = column.Varint();
        _odd |= column.IsShort;
        _at = _bytes.Length - column.Left;
        return value;
    }

    private ref struct Column(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        internal bool IsShort { get; private set; }
        internal readonly int Left => _bytes.Length - _at;
        internal readonly bool IsDone => Left == 0 && !IsShort;

        internal ulong Varint()
        {
            if (_at < _bytes.Length && _bytes[_at] < 0x80) return _bytes[_at++];
            var value = 0UL;
            for (var shift = 0; shift < 64 && _at < _bytes.Length; shift += 7)
            {
                var part = _bytes[_at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80) return value;
            }
            IsShort = true;
            return 0;
        }

        internal long Zigzag()
        {
            var value = Varint();
            return (long)(value >> 1) ^ -(long)(value & 1);
        }
    }

    /// <summary>Gateway and clock of the segment before: nearly always those of the next.</summary>
    private sealed class Names
    {
        private byte[] _gateway = [], _clock = [];

        internal GatewayId Gateway { get; private set; }
        internal ClockId Clock { get; private set; } = ClockId.Wall;

        internal bool Know(ReadOnlySpan<byte> gateway, ReadOnlySpan<byte> clock)
        {
            if (!Ascii.IsValid(clock)) return false;
            if (gateway.Length == 0 || !gateway.SequenceEqual(_gateway))
            {
                Gateway = new GatewayId(Encoding.UTF8.GetString(gateway));
                _gateway = gateway.ToArray();
            }
            if (!clock.SequenceEqual(_clock)) (Clock, _clock) = (new ClockId(Encoding.UTF8.GetString(clock)), clock.ToArray());
            return true;
        }
    }
}
