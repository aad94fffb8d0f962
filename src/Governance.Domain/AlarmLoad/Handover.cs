using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.AlarmLoad;

/// <summary>An alarm of the hand-over.</summary>
/// <param name="Suppression">What the detector is suppressed by now; null: nothing.</param>
public sealed record HandoverAlarm(AlarmRecord Alarm, AlarmInterval? Suppression)
{
    /// <summary>Somebody is to acknowledge it. Nobody is asked for what is suppressed; a relayed warning cannot be acknowledged.</summary>
    public bool IsUnacknowledged => Alarm is { Witness: Witness.Sensor, Acknowledged: null } && Suppression is null;
}

/// <summary>A suppression of the hand-over.</summary>
/// <param name="Active">The alarm that stands behind it, told or not; null: none.</param>
public sealed record HandoverSuppression(AlarmInterval Suppression, AlarmRecord? Active);

/// <summary>Something that changed during the shift.</summary>
/// <param name="What">RAISED, CLEARED, SHELVED, UNSHELVED, TAKEN_OUT, RETURNED, SUPPRESSED, UNSUPPRESSED, GREY, WATCHED_AGAIN, SILENT, TRUSTED_AGAIN, LATCHED, LATCH_RESET, CHATTERING, CHATTERING_ENDED, FLOOD, FLOOD_ENDED, PERMIT_OPENED, PERMIT_ENDED.</param>
/// <param name="About">Occurrence, permit or rule.</param>
public sealed record ShiftChange(DateTimeOffset At, string What, string Source, string Detector, AlarmLevel Level, string About, string By, string Reason);

/// <summary>What one shift hands over to the next (ISA-18.2 / IEC 62682: shelved, suppressed and out-of-service alarms are reviewed at shift change). Live sources only.</summary>
/// <param name="Active">Told and active: unacknowledged first, then the higher level, then the older one.</param>
/// <param name="Returned">Returned to normal before anybody acknowledged them, oldest first.</param>
/// <param name="Grey">Sources without trustworthy data.</param>
/// <param name="Silent">Detectors that are not trusted.</param>
/// <param name="Cases">Open ones, highest level first, then by the deadline that comes next.</param>
/// <param name="Changes">Since the beginning of the shift, oldest first.</param>
public sealed record Handover(
    ImmutableList<HandoverAlarm> Active, ImmutableList<AlarmRecord> Returned, ImmutableList<AlarmInterval> Latched,
    ImmutableList<HandoverSuppression> Shelved, ImmutableList<HandoverSuppression> OutOfService, ImmutableList<HandoverSuppression> ByDesign,
    ImmutableList<AlarmInterval> Grey, ImmutableList<AlarmInterval> Silent, ImmutableList<AlarmInterval> Chattering, ImmutableList<AlarmInterval> Floods,
    ImmutableList<AlarmInterval> Permits, ImmutableList<CaseRecord> Cases, ImmutableList<ShiftChange> Changes)
{
    /// <param name="now">What lasts at this moment is handed over.</param>
    /// <param name="since">When the shift began.</param>
    /// <param name="alarms">All that live, wait for an acknowledgement, or were raised or cleared since.</param>
    /// <param name="intervals">All that last, or began or ended since.</param>
    public static Handover Of(DateTimeOffset now, DateTimeOffset since, IReadOnlyCollection<AlarmRecord> alarms, IReadOnlyCollection<AlarmInterval> intervals, IEnumerable<CaseRecord> cases)
    {
        var running = intervals.Where(i => i.LastsAt(now)).OrderBy(i => i.Since).ThenBy(i => i.Key, StringComparer.Ordinal).ToList();
        var suppressions = running.Where(i => i.IsSuppression).ToLookup(i => (i.Source, i.Detector));
        var behind = alarms.Where(a => a.IsActive && a.Witness == Witness.Sensor).ToLookup(a => (a.Source, a.Detector));
        return new Handover(
            [
                .. alarms.Where(a => a is { IsActive: true, IsSuppressed: false }).Select(a => new HandoverAlarm(a, a.Witness == Witness.Sensor ? suppressions[(a.Source, a.Detector)].FirstOrDefault() : null))
                    .OrderByDescending(a => a.IsUnacknowledged).ThenByDescending(a => a.Alarm.Level).ThenBy(a => a.Alarm.Raised).ThenBy(a => a.Alarm.Occurrence, StringComparer.Ordinal),
            ],
            [.. alarms.Where(a => a.IsAwaiting).OrderBy(a => a.Raised).ThenBy(a => a.Occurrence, StringComparer.Ordinal)], Of(IntervalKind.Latched),
            Behind(IntervalKind.Shelved), Behind(IntervalKind.OutOfService), Behind(IntervalKind.ByDesign),
            Of(IntervalKind.Grey), Of(IntervalKind.Silent), Of(IntervalKind.Chattering), Of(IntervalKind.Flood), Of(IntervalKind.Permit),
            [.. cases.Where(c => c.Phase is not (CasePhase.Closed or CasePhase.Archived or CasePhase.Rejected or CasePhase.Merged or CasePhase.Void)).OrderByDescending(c => c.Level).ThenBy(c => c.NextDeadline?.Due ?? DateTimeOffset.MaxValue).ThenBy(c => c.Key, StringComparer.Ordinal)],
            ChangesOf(now, since, alarms, intervals));

        ImmutableList<AlarmInterval> Of(IntervalKind kind) => [.. running.Where(i => i.Kind == kind)];
        ImmutableList<HandoverSuppression> Behind(IntervalKind kind) => [.. running.Where(i => i.Kind == kind).Select(i => new HandoverSuppression(i, behind[(i.Source, i.Detector)].FirstOrDefault()))];
    }

    private static ImmutableList<ShiftChange> ChangesOf(DateTimeOffset now, DateTimeOffset since, IEnumerable<AlarmRecord> alarms, IEnumerable<AlarmInterval> intervals) =>
    [
        .. alarms.Where(a => !a.IsSuppressed).SelectMany(ChangesOf).Concat(intervals.SelectMany(ChangesOf)).Where(c => c.At >= since && c.At <= now)
            .OrderBy(c => c.At).ThenBy(c => c.Source, StringComparer.Ordinal).ThenBy(c => c.Detector, StringComparer.Ordinal).ThenBy(c => c.What, StringComparer.Ordinal),
    ];

    private static IEnumerable<ShiftChange> ChangesOf(AlarmRecord a)
    {
        yield return new ShiftChange(a.Raised, "RAISED", a.Source, a.Detector, a.Peak, a.Occurrence, "", "");
        if (a.Cleared is { } cleared) yield return new ShiftChange(cleared, "CLEARED", a.Source, a.Detector, a.Peak, a.Occurrence, "", "");
    }

    private static IEnumerable<ShiftChange> ChangesOf(AlarmInterval i)
    {
        var (began, over) = Words(i.Kind);
        yield return new ShiftChange(i.Since, began, i.Source, i.Detector, i.Level, i.Reference, i.By, i.Reason);
        if (i.Ended is { } ended) yield return new ShiftChange(ended, over, i.Source, i.Detector, i.Level, i.Reference, i.EndedBy, i.EndedWhy);
    }

    private static (string Began, string Over) Words(IntervalKind kind) => kind switch
    {
        IntervalKind.Shelved => ("SHELVED", "UNSHELVED"),
        IntervalKind.OutOfService => ("TAKEN_OUT", "RETURNED"),
        IntervalKind.ByDesign => ("SUPPRESSED", "UNSUPPRESSED"),
        IntervalKind.Grey => ("GREY", "WATCHED_AGAIN"),
        IntervalKind.Silent => ("SILENT", "TRUSTED_AGAIN"),
        IntervalKind.Chattering => ("CHATTERING", "CHATTERING_ENDED"),
        IntervalKind.Flood => ("FLOOD", "FLOOD_ENDED"),
        IntervalKind.Latched => ("LATCHED", "LATCH_RESET"),
        IntervalKind.Permit => ("PERMIT_OPENED", "PERMIT_ENDED"),
        _ => throw new InvalidOperationException($"unknown kind {kind}"),
    };
}
