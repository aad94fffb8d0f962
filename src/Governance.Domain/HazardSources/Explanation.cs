using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>
/// Why a live occurrence is what it is, and what would end it (alarms.md §7). A pure function of the source's state, and
/// that is journal and ledger folded: recomputed after a crash it is the same.
/// </summary>
/// <param name="Cause">The reading behind its level; null in what was journaled before causes were kept.</param>
/// <param name="LimitSet">Version of the rules that it runs under.</param>
/// <param name="Limits">All limits of the detector, as they are in force for it.</param>
/// <param name="Deadlines">What happens next by itself at its detector, earliest first.</param>
/// <param name="Clears">What would return it to normal.</param>
/// <param name="Operator">Who has seen it, and until when that holds.</param>
/// <param name="Suppression">What was suppressed and why.</param>
/// <param name="Told">Its case, and whether its alerts stand alone.</param>
public sealed record Explanation(
    OccurrenceId Occurrence, string Detector, string Phase, AlarmLevel Level, AlarmLevel Peak, double PeakValue, DateTimeOffset ActivatedAt, Crossing? Cause, int LimitSet,
    ImmutableList<string> Limits, ImmutableList<Deadline> Deadlines, string Clears, string Operator, string Suppression, string Told, string Colour)
{
    /// <summary>Null for an occurrence that does not live: what it was stands in the history of events.</summary>
    public static Explanation? Of(HazardSourceState state, OccurrenceId occurrence)
    {
        var ordinal = state.OrdinalOf(occurrence);
        if (ordinal < 0) return null;
        var detector = state.Detectors[ordinal];
        var (config, memo, live) = (detector.Config, detector.Memo, detector.Memo.Live!);
        return new Explanation(
            occurrence, config.Id.Value, memo.Process is ProcessRegion.Clearing ? "clearing" : "active", live.Level, live.Peak, live.PeakValue, live.ActivatedAt, live.Cause, detector.Handling.LimitSet,
            [.. config.Limits.Select(l => Text(l, config.Unit))], [.. Armed(detector)], Clearing(detector), Seen(detector.Operator), Suppressions.Name(detector.Handling.Suppression), Whom(state, detector, occurrence),
            $"{state.Colour}: {state.ColourReason}");
    }

    private static IEnumerable<Deadline> Armed(Detector detector) => SourceDeadlines.All(detector).OrderBy(d => d.Due).ThenBy(d => d.Name, StringComparer.Ordinal);

    private static string Clearing(Detector detector)
    {
        var (config, memo) = (detector.Config, detector.Memo);
        var held = config.Limits.Where(l => l.Level <= memo.Live!.Level).Select(l => l.Direction switch
        {
            LimitDirection.High => Invariant($"below {l.Reset} {config.Unit}"),
            LimitDirection.Low => Invariant($"above {l.Reset} {config.Unit}"),
            _ => Invariant($"a change {(l.Value > 0 ? "below" : "above")} {l.Reset} {config.Unit} a minute"),
        }).Distinct();
        var since = memo.Process is ProcessRegion.Clearing clearing ? Invariant($"; so since {clearing.SinceReceived:O}") : "";
        return $"good samples {string.Join(" and ", held)}{(config.OffDelay > TimeSpan.Zero ? Invariant($" for {config.OffDelay.TotalSeconds:0.###} s without a gap of more than {(config.Period * 2).TotalSeconds:0.###} s") : "")}{since}";
    }

    private static string Seen(OperatorRegion region) => region switch
    {
        OperatorRegion.Unacknowledged { IsOverdue: true } u => Invariant($"nobody acknowledged it in time, since {u.Since:O}"),
        OperatorRegion.Unacknowledged u => Invariant($"nobody has acknowledged it since {u.Since:O}"),
        OperatorRegion.Acknowledged a => Invariant($"acknowledged by {a.By} at {a.At:O}, until {a.Ends:O}: {a.Note}"),
        OperatorRegion.Confirmed c => Invariant($"confirmed by {c.By} at {c.At:O}, until {c.Ends:O}: {c.Action}"),
        _ => "nothing to acknowledge",
    };

    private static string Whom(HazardSourceState state, Detector detector, OccurrenceId occurrence)
    {
        var incident = state.IncidentOf(occurrence);
        return (incident is null ? "no case" : $"case {incident.Case}") + detector.Handling.Withheld switch
        {
            Withheld.Suppressed => ", told to nobody while it is suppressed",
            Withheld.Folded => ", its alerts are folded into that of the chattering",
            _ => $", alerts in feed {state.Config!.Area}",
        };
    }

    private static string Text(Limit l, string unit) => Invariant(
        $"level {(int)l.Level} {l.Direction.ToString().ToLowerInvariant()} {l.Value} {unit}{(l.Direction == LimitDirection.Rate ? "/min" : "")}, deadband {l.Deadband}, on-delay {l.OnDelay.TotalSeconds:0.###} s or {l.OnDelaySamples} samples, off-delay {l.OffDelay.TotalSeconds:0.###} s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
