using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Tests.Blocks;

/// <summary>Chunks of one source: orderly ones as gateways send them, and everything that could stand there instead.</summary>
internal sealed class RandomChunks(int seed)
{
    internal static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 10, 0, TimeSpan.Zero);
    private static readonly double[] Odd = [0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001), double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.MaxValue, 0.1 + 0.2, 1e300];
    private readonly Random _random = new(seed);
    private long _chunkNo = seed;
    private readonly Dictionary<int, long> _seqs = [];

    internal IReadOnlyList<BlockChunk> Some(int chunks) => [.. Enumerable.Range(0, chunks).Select(_ => Next())];

    private BlockChunk Next() => _random.Next(12) switch
    {
        0 => new BlockChunk(++_chunkNo, new Guid(seed, 1, 3, 4, 5, 6, 7, 8, 9, 10, (byte)_random.Next(256)), true, T0.AddTicks(_random.Next(100)), T0.AddTicks(_random.Next(100)), 0, ReadOnlyMemory<byte>.Empty),
        1 => Verbatim(),
        2 => Of([Wild(), Wild()]),
        3 => Of([]),
        _ => Of([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Orderly(_random.Next(1, 200)))]),
    };

    private BlockChunk Of(ImmutableArray<ReadingSegment> segments)
    {
        var readings = segments.SelectMany(s => s.Readings).ToList();
        // Now and then the row says something else than its readings.
        var off = _random.Next(6) == 0 ? _random.Next(-5, 5) : 0;
        return new BlockChunk(++_chunkNo, new Guid(seed, 2, 3, 4, 5, 6, 7, 8, 9, 10, (byte)_random.Next(2)), false,
            (readings.Count > 0 ? readings.Min(r => r.SampledAt) : T0).AddTicks(off), (readings.Count > 0 ? readings.Max(r => r.SampledAt) : T0).AddTicks(-off), readings.Count + off, ChunkPayload.Pack(segments));
    }

    /// <summary>No payload at all, one with a field of the future, one whose varints are longer than they need be.</summary>
    private BlockChunk Verbatim()
    {
        var payload = ChunkPayload.Pack([Orderly(5)]);
        byte[] bytes = _random.Next(3) switch
        {
            0 => [0xFF, 0xFF, 0xFF],
            1 => [.. payload, 0x78, 0x01],
            _ => [0x0A, .. Padded(payload[1]), .. payload[2..]],
        };
        return Of([]) with { Count = 5, Payload = bytes };
    }

    private static byte[] Padded(byte length) => length < 0x80 ? [(byte)(length | 0x80), 0] : [length];

    /// <summary>A round of detectors once a second with a little jitter, values of two decimals.</summary>
    private ReadingSegment Orderly(int count)
    {
        var (at, jitter) = (T0.AddSeconds(_chunkNo * 10), _random.Next(2) == 0);
        return Segment(at.AddMilliseconds(300), _random.Next(10) == 0, Enumerable.Range(0, count).Select(i =>
        {
            var detector = i % 7 * 3;
            var sampled = at.AddSeconds(i / 7).AddTicks(jitter ? _random.Next(5_000) * 10 : 0);
            var seq = _seqs[detector] = _seqs.GetValueOrDefault(detector) + 1;
            var value = detector == 6 ? _random.NextDouble() * 20 : _random.Next(40) == 0 ? Odd[_random.Next(Odd.Length)] : Math.Round(10 + _random.NextDouble() * detector, 2);
            return new Reading(detector, seq, sampled, sampled.AddTicks(_random.Next(2) * 10), value, _random.Next(20) == 0 ? (Quality)_random.Next(1, 9) : Quality.Good);
        }));
    }

    /// <summary>Stamps and numbers that go back and leap, letters that there are none of, detectors without order.</summary>
    private ReadingSegment Wild() => Segment(T0.AddTicks(_random.NextInt64(-1L << 50, 1L << 50) / 10 * 10), true, Enumerable.Range(0, _random.Next(150)).Select(_ =>
        new Reading(_random.Next(3) == 0 ? _random.Next() : _random.Next(30), _random.NextInt64(long.MinValue, long.MaxValue), T0.AddTicks(_random.NextInt64(-1L << 55, 1L << 55) / 10 * 10),
            T0.AddTicks(_random.Next(3) == 0 ? 0 : _random.NextInt64(1L << 50) / 10 * 10), BitConverter.Int64BitsToDouble(_random.NextInt64()), (Quality)_random.Next(256))));

    private ReadingSegment Segment(DateTimeOffset sent, bool historical, IEnumerable<Reading> readings) => new(
        new GatewayId($"gw-{_random.Next(3)}"), _random.Next(10) == 0 ? _random.NextInt64() : 3, _random.Next(10) == 0 ? ClockId.Recorded("gw-1") : ClockId.Wall,
        sent.AddTicks(_random.Next(100_000) * 10), sent, historical, [.. readings]);
}
