using Google.Protobuf.WellKnownTypes;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;

namespace Governance.Edge.Alarms;

/// <summary>A question about history, understood: what is wrong with it was refused by name.</summary>
/// <param name="Detectors">Ordinals; null: all.</param>
/// <param name="Names">Ids of the source's detectors by ordinal.</param>
/// <param name="Limit">Readings, or buckets, after which the answer ends.</param>
/// <param name="Bucket">Null: the readings themselves.</param>
internal sealed record ReadingQuery(
    string SourceId, IReadOnlySet<int>? Detectors, IReadOnlyList<string> Names, DateTimeOffset From, DateTimeOffset To, int Limit, TimeSpan? Bucket)
{
    private const int MostReadings = 10_000_000;
    private static readonly TimeSpan ShortestBucket = TimeSpan.FromSeconds(1), LongestBucket = TimeSpan.FromDays(366);

    internal static ReadingQuery Of(QueryReadingsRequest request, HazardSourceState state)
    {
        var from = Fields.Optional(request.From, "from") ?? DateTimeOffset.MinValue;
        var to = Fields.Optional(request.To, "to") ?? DateTimeOffset.MaxValue;
        if (request.Limit is < 0 or > MostReadings) throw RefusedException.Invalid("limit", "LIMIT_INVALID", $"0 to {MostReadings}");
        var wanted = request.DetectorIds.Select(id => state.OrdinalOf(id) is >= 0 and var ordinal ? ordinal
            : throw new RefusedException(new Refusal("UNKNOWN_DETECTOR", $"{request.SourceId} has no detector {id}", RefusalKind.NotFound))).ToHashSet();
        return new ReadingQuery(request.SourceId, wanted.Count > 0 ? wanted : null, [.. state.Detectors.Select(d => d.Config.Id.Value)], from, to,
            request.Limit == 0 ? MostReadings : request.Limit, Length(request.Bucket));
    }

    private static TimeSpan? Length(Duration? bucket)
    {
        if (bucket is null) return null;
        try
        {
            if (bucket.ToTimeSpan() is var length && length >= ShortestBucket && length <= LongestBucket) return length;
        }
        catch (InvalidOperationException) { }
        catch (OverflowException) { }
        throw RefusedException.Invalid("bucket", "BUCKET_INVALID", $"{ShortestBucket.TotalSeconds:0} s to {LongestBucket.TotalDays:0} days");
    }
}
