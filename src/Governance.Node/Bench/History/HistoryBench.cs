using System.Diagnostics;
using Governance.Edge.Alarms;
using Governance.Storage;
using Governance.Storage.Sqlite;

namespace Governance.Node.Bench;

/// <param name="Milliseconds">From the question to the last bucket or reading, read from the file.</param>
/// <param name="Answered">Buckets or readings.</param>
internal sealed record Drawing(string What, double Milliseconds, long Answered);

/// <param name="FileBytes">Of all blocks, per reading.</param>
internal sealed record HistoryFigures(CodecFigures Codec, double FillSeconds, double MergeSeconds, double FileBytes, IReadOnlyList<Drawing> Drawings);

/// <summary>How long a history takes to draw: filled into a ledger as it arrives, merged, and asked for as the edge asks.</summary>
internal sealed class HistoryBench(int detectors, TimeSpan length, int rowsPerFrame, int rounds, Action<string> say)
{
    private const int CodecSeconds = 20_000;
    private const int AppendsUnderWay = 2_000;

    internal async Task<HistoryFigures> RunAsync(CancellationToken cancel)
    {
        say("packing and unpacking");
        var codec = HistoryCodec.Measure(HistoryLoad.Chunks(HistoryLoad.Paper(detectors, TimeSpan.FromSeconds(Math.Min(CodecSeconds, length.TotalSeconds))), rowsPerFrame), rounds);
        var folder = Directory.CreateTempSubdirectory("bench-history-");
        try
        {
            var file = Path.Combine(folder.FullName, "ledger.db");
            await using var ledger = new SqliteReadingLedger(file);
            say("filling the ledger");
            var begun = Stopwatch.GetTimestamp();
            var readings = await FillAsync(ledger, cancel);
            var filled = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            say($"{readings:N0} readings stored; merging");
            begun = Stopwatch.GetTimestamp();
            await ledger.MergeAsync(TimeSpan.Zero, cancel);
            var merged = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var bytes = (double)await BlockBytesAsync(ledger, cancel) / readings;
            say("drawing");
            return new HistoryFigures(codec, filled, merged, bytes, await DrawAsync(ledger, cancel));
        }
        finally { folder.Delete(recursive: true); }
    }

    private async Task<long> FillAsync(IReadingLedger ledger, CancellationToken cancel)
    {
        var readings = 0L;
        foreach (var batch in HistoryLoad.Chunks(HistoryLoad.Paper(detectors, length), rowsPerFrame).Chunk(AppendsUnderWay))
        {
            cancel.ThrowIfCancellationRequested();
            var outcomes = await Task.WhenAll(batch.Select(ledger.AppendAsync));
            if (outcomes.Any(o => o != AppendOutcome.Stored)) throw new IOException("the ledger did not store a chunk");
            readings += batch.Sum(c => c.Count);
        }
        return readings;
    }

    private static async Task<long> BlockBytesAsync(IReadingLedger ledger, CancellationToken cancel)
    {
        var bytes = 0L;
        await foreach (var part in ledger.ReadPartsAsync(HistoryLoad.Source, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancel)) bytes += part.Payload.Length;
        return bytes;
    }

    private async Task<IReadOnlyList<Drawing>> DrawAsync(IReadingLedger ledger, CancellationToken cancel)
    {
        var (one, middle, end) = (new HashSet<int> { detectors / 2 }, HistoryLoad.Begin + length / 2, HistoryLoad.Begin + length);
        return
        [
            await MeasureAsync("one detector, buckets of 5 min", () => BucketsAsync(TimeSpan.FromMinutes(5), one)),
            await MeasureAsync("all detectors, buckets of 5 min", () => BucketsAsync(TimeSpan.FromMinutes(5), null)),
            await MeasureAsync("all detectors, buckets of 90 s (no minutes)", () => BucketsAsync(TimeSpan.FromSeconds(90), null)),
            await MeasureAsync("one detector, one hour, raw", RawAsync),
            // What no way of packing takes off: the blocks come from the file as they lie there.
            await MeasureAsync("bytes of all blocks, read and not looked at", () => BlockBytesAsync(ledger, cancel)),
        ];

        async Task<long> BucketsAsync(TimeSpan bucket, IReadOnlySet<int>? wanted)
        {
            var buckets = new HistoryBuckets(bucket, wanted, HistoryLoad.Begin, end);
            await foreach (var part in ledger.ReadPartsAsync(HistoryLoad.Source, HistoryLoad.Begin, end, cancel)) buckets.Add(part);
            return buckets.Filled().Count();
        }

        async Task<long> RawAsync()
        {
            var (readings, to) = (0L, middle + TimeSpan.FromHours(1));
            await foreach (var part in ledger.ReadPartsAsync(HistoryLoad.Source, middle, to, cancel))
                readings += PartReadings.Of(part, one, middle, to).Sum(s => (long)s.Readings.Length);
            return readings;
        }
    }

    private async Task<Drawing> MeasureAsync(string what, Func<Task<long>> ask)
    {
        var (times, answered) = (new List<double>(), 0L);
        for (var round = 0; round <= rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            answered = await ask();
            if (round > 0) times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return new Drawing(what, Figures.Median(times), answered);
    }
}
