using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.AlarmLoad;

/// <summary>A detector's share of the load.</summary>
/// <param name="Alarms">Of it in the period.</param>
/// <param name="Share">Of all alarms of the period, 0 to 1.</param>
public sealed record FrequentDetector(string Source, string Detector, int Alarms, double Share);

/// <summary>A detector that chattered in the period.</summary>
/// <param name="Episodes">Times that its notices were folded.</param>
/// <param name="Time">For how long, within the period.</param>
/// <param name="Alarms">Of it in the period, folded ones included.</param>
public sealed record ChatteringDetector(string Source, string Detector, int Episodes, TimeSpan Time, int Alarms);

/// <summary>An alarm that stood for longer than a day.</summary>
/// <param name="Active">From when it was raised to when it was cleared, or to the end of the period.</param>
public sealed record StaleAlarm(AlarmRecord Alarm, TimeSpan Active);

/// <summary>Time in which detectors told nobody anything, added up over detectors.</summary>
public sealed record BypassedTime(TimeSpan Shelved, TimeSpan OutOfService, TimeSpan ByDesign)
{
    public TimeSpan Total => Shelved + OutOfService + ByDesign;
}

/// <summary>
/// The load that alarms put on a desk, in a period (alarms.md §8). An alarm is an occurrence that was told: raised in the
/// period and not suppressed; one that chattering or a flood folded counts like any other, because folding changes what is
/// shown and not what the plant did.
/// </summary>
/// <param name="Alarms">Told in the period (ISA-18.2: annunciated alarms).</param>
/// <param name="Suppressed">Occurrences of the period that were never told.</param>
/// <param name="PerTenMinutes"><paramref name="Alarms"/> per 10 min of the period. ISA-18.2 / IEC 62682: about 1 is very likely acceptable, 2 the most that can be handled; EEMUA 191: the same.</param>
/// <param name="Peak">The most alarms within any 10 min, ending with an alarm; ISA-18.2: 10 or fewer.</param>
/// <param name="PeakFrom">The first alarm of the first such 10 min; null without an alarm.</param>
/// <param name="FloodTime">In which a desk was in flood: begun by more than 10 new alarms in 10 min, ended below 5 (ISA-18.2, S13), as its feed recorded it. Two desks at once count once.</param>
/// <param name="FloodShare">Of the period, 0 to 1. ISA-18.2: below 0.01. Drills neither make floods nor are in them.</param>
/// <param name="Floods">That lasted in the period.</param>
/// <param name="Chattering">Most alarms first. Chattering is S7: 5 activations in 10 min until fewer than 2 (EEMUA 191: repeating alarms; ISA-18.2 names 3 a minute). Wanted: none.</param>
/// <param name="Stale">Active for more than 24 h without a break at the end of the period or when they were cleared in it, longest first. ISA-18.2: fewer than 5 a day.</param>
/// <param name="Grey">Added up over sources: without trustworthy data (alarms.md §3).</param>
/// <param name="MostFrequent">Detectors with the most alarms, most first (ISA-18.2, the ten most frequent; a relayed warning without a detector counts for its source).</param>
/// <param name="MostFrequentShare">Of those together, 0 to 1. ISA-18.2: up to 0.05.</param>
/// <param name="Levels">Alarms by the highest level that they had; None is not in it. ISA-18.2 and EEMUA 191 want about 80, 15 and 5 %.</param>
/// <param name="Responses">Every alarm with the time to each leg, oldest first.</param>
public sealed record LoadFigures(
    int Alarms, int Suppressed, double PerTenMinutes, int Peak, DateTimeOffset? PeakFrom, TimeSpan FloodTime, double FloodShare, int Floods,
    ImmutableList<ChatteringDetector> Chattering, ImmutableList<StaleAlarm> Stale, BypassedTime Bypassed, TimeSpan Grey,
    ImmutableList<FrequentDetector> MostFrequent, double MostFrequentShare, ImmutableSortedDictionary<AlarmLevel, int> Levels, ImmutableList<AlarmResponse> Responses)
{
    /// <summary>The window of rates and of the peak (ISA-18.2).</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    /// <summary>Active for longer, an alarm is stale (ISA-18.2).</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);
    public const int MostFrequentDetectors = 10;

    /// <param name="alarms">Every occurrence that was active at some moment of the period; others do no harm.</param>
    /// <param name="intervals">Every stretch that lasted in it; others do no harm.</param>
    /// <param name="cases">By key; an alarm whose case is not there has no legs but its clear.</param>
    public static LoadFigures Of(LoadPeriod period, IReadOnlyCollection<AlarmRecord> alarms, IReadOnlyCollection<AlarmInterval> intervals, IReadOnlyDictionary<string, CaseRecord> cases)
    {
        var told = alarms.Where(a => period.Holds(a.Raised) && !a.IsSuppressed).OrderBy(a => a.Raised).ThenBy(a => a.Occurrence, StringComparer.Ordinal).ToList();
        var perDetector = told.GroupBy(a => (a.Source, a.Detector)).ToDictionary(g => g.Key, g => g.Count());
        var (peak, peakFrom) = PeakOf(told);
        var floods = intervals.Where(i => i.Kind == IntervalKind.Flood).ToList();
        var flood = period.Covered(floods);
        var frequent = perDetector.OrderByDescending(d => d.Value).ThenBy(d => d.Key.Source, StringComparer.Ordinal).ThenBy(d => d.Key.Detector, StringComparer.Ordinal)
            .Take(MostFrequentDetectors).Select(d => new FrequentDetector(d.Key.Source, d.Key.Detector, d.Value, (double)d.Value / told.Count)).ToImmutableList();
        return new LoadFigures(
            told.Count, alarms.Count(a => period.Holds(a.Raised) && a.IsSuppressed), Ratio(told.Count * Window, period.Length), peak, peakFrom,
            flood, Ratio(flood, period.Length), floods.Count(f => period.Cut(f.Since, f.Ended) is not null),
            Chatterers(period, intervals, perDetector), StaleOf(period, alarms),
            new BypassedTime(Bypassed(IntervalKind.Shelved), Bypassed(IntervalKind.OutOfService), Bypassed(IntervalKind.ByDesign)),
            period.Covered(intervals.Where(i => i.Kind == IntervalKind.Grey), i => i.Source),
            frequent, told.Count == 0 ? 0 : (double)frequent.Sum(f => f.Alarms) / told.Count,
            told.GroupBy(a => a.Peak).ToImmutableSortedDictionary(g => g.Key, g => g.Count()), [.. told.Select(a => AlarmResponse.Of(a, cases.GetValueOrDefault(a.Case)))]);

        TimeSpan Bypassed(IntervalKind kind) => period.Covered(intervals.Where(i => i.Kind == kind), i => (i.Source, i.Detector));
    }

    /// <summary>Every window that can hold the most ends with an alarm.</summary>
    private static (int Most, DateTimeOffset? From) PeakOf(List<AlarmRecord> told)
    {
        (int Most, DateTimeOffset? From) peak = (0, null);
        for (int last = 0, first = 0; last < told.Count; last++)
        {
            while (told[first].Raised <= told[last].Raised - Window) first++;
            if (last - first + 1 > peak.Most) peak = (last - first + 1, told[first].Raised);
        }
        return peak;
    }

    private static ImmutableList<ChatteringDetector> Chatterers(LoadPeriod period, IEnumerable<AlarmInterval> intervals, Dictionary<(string, string), int> alarms) =>
    [
        .. intervals.Where(i => i.Kind == IntervalKind.Chattering && period.Cut(i.Since, i.Ended) is not null).GroupBy(i => (i.Source, i.Detector))
            .Select(g => new ChatteringDetector(g.Key.Source, g.Key.Detector, g.Count(), period.Covered(g), alarms.GetValueOrDefault(g.Key)))
            .OrderByDescending(c => c.Alarms).ThenByDescending(c => c.Time).ThenBy(c => c.Source, StringComparer.Ordinal).ThenBy(c => c.Detector, StringComparer.Ordinal),
    ];

    private static ImmutableList<StaleAlarm> StaleOf(LoadPeriod period, IEnumerable<AlarmRecord> alarms) =>
    [
        .. alarms.Where(a => !a.IsSuppressed && period.Cut(a.Raised, a.Cleared) is not null)
            .Select(a => new StaleAlarm(a, (a.Cleared is { } cleared && cleared < period.To ? cleared : period.To) - a.Raised)).Where(s => s.Active > StaleAfter)
            .OrderByDescending(s => s.Active).ThenBy(s => s.Alarm.Occurrence, StringComparer.Ordinal),
    ];

    private static double Ratio(TimeSpan part, TimeSpan whole) => whole > TimeSpan.Zero ? part / whole : 0;
}
