using System.Runtime.InteropServices;
using Governance.Contracts.Codecs;
using Governance.Domain.HazardSources;
using Governance.Storage;

namespace Governance.Edge.Alarms;

/// <summary>
/// History folded into buckets of equal length, aligned to 1970 in UTC. Buckets of whole minutes take the minutes of
/// blocks as they are kept there; everything else is folded from readings. All of it stays in memory until the last part
/// was read, because what arrives late belongs into early buckets: hence the limits.
/// </summary>
/// <param name="detectors">Ordinals; null: all.</param>
public sealed class HistoryBuckets(TimeSpan length, IReadOnlySet<int>? detectors, DateTimeOffset from, DateTimeOffset to)
{
    /// <summary>Filled buckets.</summary>
    public const int MostOfADetector = 100_000, MostOfAll = 1_000_000;

    private readonly bool _wholeMinutes = length.Ticks % TimeSpan.TicksPerMinute == 0;
    private readonly SortedDictionary<int, Dictionary<long, ReadingTally>> _byDetector = [];
    private int _all;

    /// <summary>Parts come in order of arrival.</summary>
    /// <exception cref="TooManyBucketsException">Ask for longer buckets, or less time.</exception>
    public void Add(LedgerPart part)
    {
        if (part.IsBlock && _wholeMinutes)
            foreach (var minute in LedgerBlock.Minutes(part.Payload, detectors, from, to)) Bucket(minute.Detector, minute.Start.UtcTicks).Add(minute.Tally);
        else
            foreach (var segment in PartReadings.Of(part, detectors, from, to))
                foreach (ref readonly var reading in segment.Readings.AsSpan()) Bucket(reading.Detector, reading.SampledTicks).Add(reading);
    }

    /// <summary>Detector after detector by ordinal, each in order of time; only buckets that hold a reading.</summary>
    public IEnumerable<(int Detector, DateTimeOffset Start, ReadingTally Tally)> Filled() =>
        from detector in _byDetector
        from bucket in detector.Value.OrderBy(b => b.Key)
        select (detector.Key, DateTimeOffset.UnixEpoch.AddTicks(Math.Max(bucket.Key * length.Ticks, -DateTimeOffset.UnixEpoch.Ticks)), bucket.Value);

    private ref ReadingTally Bucket(int detector, long ticks)
    {
        if (!_byDetector.TryGetValue(detector, out var buckets)) _byDetector.Add(detector, buckets = []);
        var sinceEpoch = ticks - DateTimeOffset.UnixEpoch.Ticks;
        // Rounded down, also before 1970.
        var number = sinceEpoch / length.Ticks - (sinceEpoch % length.Ticks < 0 ? 1 : 0);
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(buckets, number, out var exists);
        if (!exists && (buckets.Count > MostOfADetector || ++_all > MostOfAll)) throw new TooManyBucketsException();
        return ref tally;
    }
}

/// <summary>A question whose answer would not fit into memory.</summary>
public sealed class TooManyBucketsException() : Exception($"more than {HistoryBuckets.MostOfADetector} filled buckets of a detector, or {HistoryBuckets.MostOfAll} of all");
