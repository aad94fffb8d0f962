using System.Runtime.InteropServices;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>Minutes of a block: as they are kept where they are whole, folded from readings where they are cut or not kept.</summary>
internal sealed class BlockMinutes(Wanted wanted)
{
    /// <summary>The minutes that lie wholly in what is wanted, first and last. Times have microseconds: the last of a minute completes it.</summary>
    private readonly long _first = wanted.FromTicks <= 0 ? 0 : (wanted.FromTicks - 1) / TimeSpan.TicksPerMinute + 1;
    private readonly long _last = wanted.ToTicks == long.MaxValue ? long.MaxValue : (wanted.ToTicks + TimeSpan.TicksPerMicrosecond) / TimeSpan.TicksPerMinute - 1;
    private readonly Dictionary<(int Detector, long Minute), ReadingTally> _folded = [];

    internal IEnumerable<DetectorMinute> Of(BlockImage image)
    {
        var minutes = new List<DetectorMinute>();
        var (bare, cut) = (new HashSet<int>(), new HashSet<int>());
        foreach (var place in image.Detectors)
        {
            if (!wanted.Touches(place)) continue;
            if (place.MinutesBytes == 0)
            {
                bare.Add(place.Ordinal);
                continue;
            }
            foreach (var minute in image.Minutes(place))
                if (minute.Minute >= _first && minute.Minute <= _last) minutes.Add(Told(place.Ordinal, minute.Minute, minute.Tally));
            if (Cuts().Any(c => place.Overlaps(c.From, c.To))) cut.Add(place.Ordinal);
        }
        if (bare.Count > 0) Fold(BlockReadings.Read(image, wanted with { Detectors = bare }));
        if (cut.Count > 0)
            foreach (var (from, to) in Cuts()) Fold(BlockReadings.Read(image, new Wanted(cut, from, to)));
        return minutes.Concat(Folded());
    }

    /// <summary>Segments that are in no column.</summary>
    internal void Fold(IEnumerable<ReadingSegment> segments)
    {
        foreach (var segment in segments)
            foreach (ref readonly var reading in segment.Readings.AsSpan())
                CollectionsMarshal.GetValueRefOrAddDefault(_folded, (reading.Detector, reading.SampledTicks / TimeSpan.TicksPerMinute), out _).Add(reading);
    }

    internal IEnumerable<DetectorMinute> Folded() => _folded.Select(f => Told(f.Key.Detector, f.Key.Minute, f.Value));

    /// <summary>What is wanted before the first whole minute and after the last, in ticks.</summary>
    private IEnumerable<(long From, long To)> Cuts()
    {
        if (_first > _last)
        {
            yield return (wanted.FromTicks, wanted.ToTicks);
            yield break;
        }
        if (_first * TimeSpan.TicksPerMinute > wanted.FromTicks && wanted.FromTicks > 0) yield return (wanted.FromTicks, _first * TimeSpan.TicksPerMinute - 1);
        if (_last != long.MaxValue && (_last + 1) * TimeSpan.TicksPerMinute <= wanted.ToTicks) yield return ((_last + 1) * TimeSpan.TicksPerMinute, wanted.ToTicks);
    }

    private static DetectorMinute Told(int detector, long minute, ReadingTally tally) => new(detector, new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero), tally);
}
