using System.Runtime.CompilerServices;
using Governance.Domain.HazardSources;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;
using Quality = Governance.Edge.V1.Quality;

namespace Governance.Edge.Alarms;

/// <summary>Readings of a source folded into buckets, page by page.</summary>
internal static class BucketPages
{
    internal static async IAsyncEnumerable<ReadingPage> Of(ReadingQuery query, TimeSpan bucket, IReadingLedger ledger, [EnumeratorCancellation] CancellationToken cancel)
    {
        var buckets = new HistoryBuckets(bucket, query.Detectors, query.From, query.To);
        await foreach (var part in ledger.ReadPartsAsync(query.SourceId, query.From, query.To, cancel))
            try { buckets.Add(part); }
            catch (TooManyBucketsException e) { throw RefusedException.Invalid("bucket", "BUCKETS_TOO_MANY", $"{e.Message}; ask for longer ones, or less time"); }
        foreach (var filled in buckets.Filled().Take(query.Limit).Chunk(ReadingPages.PageSize))
            yield return new ReadingPage { Buckets = { filled.Select(b => Told(query.Names[b.Detector], b.Start, b.Tally)) } };
    }

    private static ReadingBucket Told(string detector, DateTimeOffset start, in ReadingTally tally)
    {
        var bucket = new ReadingBucket { DetectorId = detector, Start = Fields.To(start), Count = tally.Count, UsableCount = tally.Usable, WorstQuality = (Quality)tally.Worst };
        if (tally.Usable > 0) (bucket.Min, bucket.Max, bucket.Mean, bucket.Last) = (tally.Min, tally.Max, tally.Mean, tally.Last);
        return bucket;
    }
}
