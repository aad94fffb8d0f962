using System.Runtime.CompilerServices;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Alarms;

/// <summary>Readings of a source as they arrived, page by page.</summary>
internal static class ReadingPages
{
    internal const int PageSize = 1000;

    internal static async IAsyncEnumerable<ReadingPage> Of(ReadingQuery query, IReadingLedger ledger, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (page, left) = (new ReadingPage(), query.Limit);
        await foreach (var part in ledger.ReadPartsAsync(query.SourceId, query.From, query.To, cancel))
            foreach (var segment in PartReadings.Of(part, query.Detectors, query.From, query.To))
                foreach (var r in segment.Readings)
                {
                    if (left-- == 0)
                    {
                        if (page.Readings.Count > 0) yield return page;
                        yield break;
                    }
                    page.Readings.Add(new Reading
                    {
                        DetectorId = query.Names[r.Detector], Epoch = segment.Epoch, Seq = r.Seq, SampledAt = Fields.To(r.SampledAt),
                        ReceivedAt = Fields.To(segment.ReceivedAt), Value = r.Value, Quality = (Quality)r.Quality,
                    });
                    if (page.Readings.Count < PageSize) continue;
                    yield return page;
                    page = new ReadingPage();
                }
        if (page.Readings.Count > 0) yield return page;
    }
}
