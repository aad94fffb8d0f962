using Governance.Contracts.Codecs;
using Governance.Contracts.Codecs.Blocks;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Tests.Blocks;

/// <summary>Blocks give back what came in, and columns and minutes say the same as the chunks do.</summary>
public sealed class LedgerBlockTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void What_comes_in_goes_out_to_the_byte(int seed)
    {
        var chunks = new RandomChunks(seed).Some(seed);
        Same(chunks, LedgerBlock.Unpack(LedgerBlock.Pack(chunks)));
    }

    /// <summary>Blocks are merged again: what was unpacked is packed with what follows.</summary>
    [Fact]
    public void Blocks_of_blocks_are_the_same_chunks()
    {
        var chunks = new RandomChunks(99).Some(60);
        var twice = LedgerBlock.Unpack(LedgerBlock.Pack([.. chunks.Take(20)])).Concat(LedgerBlock.Unpack(LedgerBlock.Pack([.. chunks.Skip(20)]))).ToList();
        Assert.Equal(LedgerBlock.Pack(chunks), LedgerBlock.Pack(twice));
    }

    [Fact]
    public void A_block_may_hold_nothing() => Assert.Empty(LedgerBlock.Unpack(LedgerBlock.Pack([])));

    [Theory, MemberData(nameof(Seeds))]
    public void Readings_are_those_of_the_chunks(int seed)
    {
        var (chunks, random) = (Readable(seed), new Random(seed));
        var block = LedgerBlock.Pack(chunks);
        foreach (var (detectors, from, to) in Questions(chunks, random))
            Assert.Equal(Lines(Naive(chunks, detectors, from, to)), Lines(LedgerBlock.Readings(block, detectors, from, to)));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Minutes_are_the_readings_folded(int seed)
    {
        var (chunks, random) = (Readable(seed), new Random(seed));
        var block = LedgerBlock.Pack(chunks);
        foreach (var (detectors, from, to) in Questions(chunks, random))
        {
            var expected = new Dictionary<(int, DateTimeOffset), ReadingTally>();
            foreach (var reading in Naive(chunks, detectors, from, to).SelectMany(s => s.Readings))
            {
                var key = (reading.Detector, reading.SampledAt.AddTicks(-(reading.SampledTicks % TimeSpan.TicksPerMinute)));
                var tally = expected.GetValueOrDefault(key);
                tally.Add(reading);
                expected[key] = tally;
            }
            var found = new Dictionary<(int, DateTimeOffset), ReadingTally>();
            foreach (var minute in LedgerBlock.Minutes(block, detectors, from, to))
            {
                var tally = found.GetValueOrDefault((minute.Detector, minute.Start));
                tally.Add(minute.Tally);
                found[(minute.Detector, minute.Start)] = tally;
            }
            Assert.Equal(Told(expected), Told(found));
        }
    }

    /// <summary>A day of one detector every half a minute and of one every second: the first needs no minutes kept.</summary>
    [Fact]
    public void Minutes_are_kept_where_they_are_shorter()
    {
        var often = LedgerBlock.Pack(Chunks.Steady(1, 3600, TimeSpan.FromSeconds(1)));
        var seldom = LedgerBlock.Pack(Chunks.Steady(1, 3600, TimeSpan.FromSeconds(30)));
        Assert.True(BlockImage.Open(often).Detectors[0].MinutesBytes > 0);
        Assert.Equal(0, BlockImage.Open(seldom).Detectors[0].MinutesBytes);
        foreach (var block in new[] { often, seldom })
            Assert.Equal(3600, LedgerBlock.Minutes(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(m => m.Tally.Count));
    }

    [Fact]
    public void Columns_are_a_fraction_of_the_payload()
    {
        var chunks = Chunks.Steady(24, 680, TimeSpan.FromSeconds(1));
        var block = LedgerBlock.Pack(chunks);
        Same(chunks, LedgerBlock.Unpack(block));
        Assert.True(block.Length * 4 < chunks.Sum(c => c.Payload.Length), $"{block.Length} of {chunks.Sum(c => c.Payload.Length)}");
    }

    /// <summary>More readings than a block may claim: the rest is kept as it came, and found.</summary>
    [Fact]
    public void Beyond_the_limit_chunks_are_kept_as_they_came()
    {
        var chunks = Chunks.Steady(2, BlockLayout.MostOfAKind / 2 + 100, TimeSpan.FromMilliseconds(10), perChunk: 20_000);
        var block = LedgerBlock.Pack(chunks);
        Same(chunks, LedgerBlock.Unpack(block));
        Assert.Equal(chunks.Sum(c => c.Count), LedgerBlock.Readings(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(s => s.Readings.Length));
        Assert.Equal(chunks.Sum(c => c.Count), LedgerBlock.Minutes(block, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(m => m.Tally.Count));
    }

    internal static void Same(IReadOnlyList<BlockChunk> expected, IReadOnlyList<BlockChunk> found)
    {
        Assert.Equal(expected.Select(c => c with { Payload = default }), found.Select(c => c with { Payload = default }));
        Assert.Equal(expected.Select(c => Convert.ToHexString(c.Payload.Span)), found.Select(c => Convert.ToHexString(c.Payload.Span)));
    }

    private static List<BlockChunk> Readable(int seed) => [.. new RandomChunks(seed).Some(seed).Where(c => ChunkPayload.TryUnpack(c.Payload) is not null)];

    private static IEnumerable<(IReadOnlySet<int>? Detectors, DateTimeOffset From, DateTimeOffset To)> Questions(IReadOnlyList<BlockChunk> chunks, Random random)
    {
        var times = chunks.SelectMany(c => ChunkPayload.Unpack(c.Payload)).SelectMany(s => s.Readings).Select(r => r.SampledAt).Append(RandomChunks.T0).Order().ToList();
        yield return (null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            var (one, other) = (times[random.Next(times.Count)], times[random.Next(times.Count)]);
            yield return (random.Next(3) == 0 ? null : new HashSet<int> { random.Next(7) * 3, random.Next(7) * 3 }, one < other ? one : other, one < other ? other : one);
        }
        yield return (new HashSet<int> { 3 }, RandomChunks.T0.AddSeconds(-10), RandomChunks.T0.AddMinutes(2));
        yield return (null, RandomChunks.T0.AddSeconds(70), RandomChunks.T0.AddSeconds(80));
    }

    private static IEnumerable<ReadingSegment> Naive(IReadOnlyList<BlockChunk> chunks, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to) => chunks
        .SelectMany(c => ChunkPayload.Unpack(c.Payload))
        .Select(s => s with { Readings = [.. s.Readings.Where(r => r.SampledAt >= from && r.SampledAt <= to && detectors?.Contains(r.Detector) != false)] })
        .Where(s => s.Readings.Length > 0);

    private static List<string> Lines(IEnumerable<ReadingSegment> segments) =>
        [.. segments.SelectMany(s => s.Readings.Select(r => $"{s with { Readings = [] }} {r} {BitConverter.DoubleToInt64Bits(r.Value):X}"))];

    private static List<string> Told(Dictionary<(int Detector, DateTimeOffset Start), ReadingTally> tallies) => [.. tallies.OrderBy(t => t.Key.Start).ThenBy(t => t.Key.Detector).Select(t =>
    {
        var usable = t.Value.Usable > 0;
        return $"{t.Key} {t.Value.Count} {t.Value.Usable} {t.Value.Worst} {(usable ? $"{t.Value.Min:R} {t.Value.Max:R} {t.Value.Last:R} {new DateTime(t.Value.LastTicks):O} {(double.IsFinite(t.Value.Sum) ? t.Value.Sum.ToString("G9") : "")}" : "")}";
    })];
}
