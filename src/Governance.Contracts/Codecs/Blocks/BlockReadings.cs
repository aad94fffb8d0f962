using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>What is wanted of a history: detectors by ordinal, null for all; samples in [from, to], ticks.</summary>
internal readonly record struct Wanted(IReadOnlySet<int>? Detectors, long FromTicks, long ToTicks)
{
    internal static readonly Wanted All = new(null, long.MinValue, long.MaxValue);

    internal bool Holds(in Reading reading) => reading.SampledTicks >= FromTicks && reading.SampledTicks <= ToTicks && Detectors?.Contains(reading.Detector) != false;

    internal bool Touches(in DetectorPlace place) => place.Overlaps(FromTicks, ToTicks) && Detectors?.Contains(place.Ordinal) != false;

    /// <summary>Segments with the wanted readings only; those without any are left out.</summary>
    internal IEnumerable<ReadingSegment> Of(IEnumerable<ReadingSegment> segments)
    {
        foreach (var segment in segments)
        {
            var kept = segment.Readings.Where(Keeps).ToImmutableArray();
            if (kept.Length > 0) yield return segment with { Readings = kept };
        }
    }

    private bool Keeps(Reading reading) => Holds(reading);
}

/// <summary>Decodes the columns of the wanted detectors, no other, and puts their readings back into segments.</summary>
internal static class BlockReadings
{
    private const int Unwanted = -1;

    /// <summary>All segments of the block that are in columns, each with its wanted readings, in order of arrival; many may have none.</summary>
    internal static ReadingSegment[] Read(BlockImage image, Wanted wanted)
    {
        var (segments, counts) = image.Segments();
        using var order = new Rented<int>(image.Readings);
        image.Order(order.Span);
        var begins = Begins(image, wanted, out var total);
        using var rented = new Rented<Reading>(total);
        using var sent = Rented.Longs(total);
        SentTimes(segments, counts, order.Span, (int[])begins.Clone(), sent.Span);
        for (var i = 0; i < begins.Length; i++)
            if (begins[i] != Unwanted)
                image.Columns(image.Detectors[i], sent.Span.Slice(begins[i], image.Detectors[i].Count), rented.Span.Slice(begins[i], image.Detectors[i].Count));
        Fill(segments, counts, order.Span, begins, rented.Span, wanted);
        return segments;
    }

    /// <summary>Where the readings of every detector are to stand.</summary>
    private static int[] Begins(BlockImage image, Wanted wanted, out int total)
    {
        var begins = new int[image.Detectors.Count];
        total = 0;
        for (var i = 0; i < begins.Length; i++)
        {
            var place = image.Detectors[i];
            begins[i] = wanted.Touches(place) ? total : Unwanted;
            if (begins[i] != Unwanted) total += place.Count;
        }
        return begins;
    }

    private static void SentTimes(ReadingSegment[] segments, long[] counts, ReadOnlySpan<int> order, int[] next, Span<long> sent)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            var sentUs = Wire.Us(segments[i].SentAt);
            foreach (var detector in order[..(int)counts[i]])
                if (next[detector] != Unwanted) sent[next[detector]++] = sentUs;
            order = order[(int)counts[i]..];
        }
    }

    private static void Fill(ReadingSegment[] segments, long[] counts, ReadOnlySpan<int> order, int[] next, ReadOnlySpan<Reading> readings, Wanted wanted)
    {
        var kept = new List<Reading>();
        var inTime = wanted with { Detectors = null };
        for (var i = 0; i < segments.Length; i++)
        {
            kept.Clear();
            foreach (var detector in order[..(int)counts[i]])
            {
                if (next[detector] == Unwanted) continue;
                ref readonly var reading = ref readings[next[detector]++];
                if (inTime.Holds(reading)) kept.Add(reading);
            }
            if (kept.Count > 0) segments[i] = segments[i] with { Readings = ImmutableCollectionsMarshal.AsImmutableArray(kept.ToArray()) };
            order = order[(int)counts[i]..];
        }
    }
}
