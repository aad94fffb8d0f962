using System.Runtime.InteropServices;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>One detector's readings of one UTC minute of sampled time.</summary>
/// <param name="Minute">Whole minutes since year 1, UTC: ticks through <see cref="TimeSpan.TicksPerMinute"/>.</param>
internal readonly record struct MinuteTally(long Minute, ReadingTally Tally);

/// <summary>
/// The minutes of one detector as columns: how many, minute, count, count − usable, worst quality; then of those with a
/// usable reading min, max, last, sum (of decimals without the error of adding them as doubles), and when the last was sampled (ticks into its minute).
/// </summary>
internal static class MinuteColumns
{
    /// <summary>Fewer readings a minute are folded from their own columns as fast as their minutes are read, and need no room twice.</summary>
    private const int WorthReadingsAMinute = 16;

    /// <summary>Minutes in order of time; empty where they are not worth their room.</summary>
    internal static List<MinuteTally> Of(ReadOnlySpan<Reading> readings)
    {
        var tallies = new Dictionary<long, ReadingTally>();
        for (int from = 0, to; from < readings.Length; from = to)
        {
            var minute = readings[from].SampledTicks / TimeSpan.TicksPerMinute;
            ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(tallies, minute, out _);
            for (to = from; to < readings.Length && readings[to].SampledTicks - minute * TimeSpan.TicksPerMinute is >= 0 and < TimeSpan.TicksPerMinute; to++) tally.Add(readings[to]);
        }
        return tallies.Count * WorthReadingsAMinute > readings.Length ? [] : [.. tallies.Select(t => new MinuteTally(t.Key, t.Value)).OrderBy(m => m.Minute)];
    }

    /// <param name="places">Decimal places of the values, as <see cref="ValueColumn.Places"/> found them.</param>
    internal static void Write(ColumnWriter to, List<MinuteTally> minutes, int places)
    {
        if (minutes.Count == 0) return;
        var usable = minutes.FindAll(m => m.Tally.Usable > 0);
        to.Varint((uint)minutes.Count);
        Longs(to, minutes, m => m.Minute);
        Longs(to, minutes, m => m.Tally.Count);
        Longs(to, minutes, m => m.Tally.Count - m.Tally.Usable);
        ByteRuns.Write(to, minutes.ConvertAll(m => (byte)m.Tally.Worst).ToArray());
        Doubles(to, usable, m => m.Tally.Min);
        Doubles(to, usable, m => m.Tally.Max);
        Doubles(to, usable, m => m.Tally.Last);
        Doubles(to, usable, m => ValueColumn.Rounded(m.Tally.Sum, places));
        Longs(to, usable, m => m.Tally.LastTicks - m.Minute * TimeSpan.TicksPerMinute);
    }

    /// <param name="most">Readings of the detector: there are no more minutes.</param>
    internal static MinuteTally[] Read(ref BlockCursor from, int most)
    {
        var minutes = new MinuteTally[from.Count(most)];
        using var rented = Rented.Longs(minutes.Length * 3);
        var starts = rented.Span[..minutes.Length];
        var counts = rented.Span.Slice(minutes.Length, minutes.Length);
        var useless = rented.Span[(2 * minutes.Length)..];
        IntegerColumn.Read(ref from, starts);
        IntegerColumn.Read(ref from, counts);
        IntegerColumn.Read(ref from, useless);
        using var worst = new Rented<byte>(minutes.Length);
        ByteRuns.Read(ref from, worst.Span);
        var usable = 0;
        for (var i = 0; i < minutes.Length; i++)
        {
            var tally = new ReadingTally { Count = (int)counts[i], Usable = (int)(counts[i] - useless[i]), Worst = (Quality)worst.Span[i] };
            minutes[i] = new MinuteTally(starts[i], tally);
            if (tally.Usable > 0) usable++;
        }
        Measured(ref from, minutes, usable);
        return minutes;
    }

    private static void Measured(ref BlockCursor from, MinuteTally[] minutes, int usable)
    {
        using var rented = new Rented<double>(usable * 4);
        using var last = Rented.Longs(usable);
        for (var column = 0; column < 4; column++) ValueColumn.Read(ref from, rented.Span.Slice(column * usable, usable));
        IntegerColumn.Read(ref from, last.Span);
        var at = 0;
        foreach (ref var minute in minutes.AsSpan())
        {
            if (minute.Tally.Usable <= 0) continue;
            var values = rented.Span[at..];
            minute = minute with
            {
                Tally = minute.Tally with { Min = values[0], Max = values[usable], Last = values[2 * usable], Sum = values[3 * usable], LastTicks = minute.Minute * TimeSpan.TicksPerMinute + last.Span[at] },
            };
            at++;
        }
    }

    private static void Longs(ColumnWriter to, List<MinuteTally> minutes, Converter<MinuteTally, long> of) => IntegerColumn.Write(to, minutes.ConvertAll(of).ToArray());

    private static void Doubles(ColumnWriter to, List<MinuteTally> minutes, Converter<MinuteTally, double> of) => ValueColumn.Write(to, minutes.ConvertAll(of).ToArray());
}
