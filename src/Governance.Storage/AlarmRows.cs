using System.Data.Common;
using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Storage.SqlTables;

namespace Governance.Storage;

/// <summary>Records of alarms to columns and back. Instants are ticks, truths 0 and 1, a value that is none is null.</summary>
internal static class AlarmRows
{
    internal const string AlarmColumns = "occurrence, source, area, ordinal, detector, zone, kind, witness, level, peak, peak_value, raised, acknowledged, acknowledged_by, expires, cleared, awaiting, suppressed, folded, drill, case_key, journaled";
    internal const string IntervalColumns = "key, kind, area, source, detector, since, planned_end, ended, level, begun_by, reason, reference, ended_by, ended_why, drill, journaled";
    internal const string CaseColumns = "key, number, area, source, drill, phase, level, category, lead, lead_phase, received, dispatched, accepted, arrived, closed, clocks, journaled";

    internal static object[] Of(AlarmRecord a) =>
    [
        a.Occurrence, a.Source, a.Area, a.Ordinal, a.Detector, a.Zone, (int)a.Kind, (int)a.Witness, (int)a.Level, (int)a.Peak, double.IsFinite(a.PeakValue) ? a.PeakValue : DBNull.Value,
        a.Raised.UtcTicks, Ticks(a.Acknowledged), a.AcknowledgedBy, Ticks(a.Expires), Ticks(a.Cleared), Bit(a.IsAwaiting), Bit(a.IsSuppressed), Bit(a.IsFolded), Bit(a.Drill), a.Case, a.Journaled.UtcTicks,
    ];

    internal static object[] Of(AlarmInterval i) =>
    [
        i.Key, (int)i.Kind, i.Area, i.Source, i.Detector, i.Since.UtcTicks, Ticks(i.PlannedEnd), Ticks(i.Ended), (int)i.Level, i.By, i.Reason, i.Reference, i.EndedBy, i.EndedWhy, Bit(i.Drill), i.Journaled.UtcTicks,
    ];

    internal static object[] Of(CaseRecord c) =>
    [
        c.Key, c.Number, c.Area, c.Source, Bit(c.Drill), (int)c.Phase, (int)c.Level, c.Category, c.Lead, (int)c.LeadPhase, c.Received.UtcTicks, Ticks(c.Dispatched), Ticks(c.Accepted),
        Ticks(c.Arrived), Ticks(c.Closed), c.Clocks, c.Journaled.UtcTicks,
    ];

    internal static AlarmRecord Alarm(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetString(5), (HazardKind)r.GetInt32(6), (Witness)r.GetInt32(7), (AlarmLevel)r.GetInt32(8),
        (AlarmLevel)r.GetInt32(9), r.IsDBNull(10) ? double.NaN : r.GetDouble(10), At(r, 11)!.Value, At(r, 12), r.GetString(13), At(r, 14), At(r, 15), Bit(r, 16), Bit(r, 17), Bit(r, 18), Bit(r, 19),
        r.GetString(20), At(r, 21)!.Value);

    internal static AlarmInterval Interval(DbDataReader r) => new(
        (IntervalKind)r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), At(r, 5)!.Value, At(r, 6), At(r, 7), (AlarmLevel)r.GetInt32(8), r.GetString(9), r.GetString(10), r.GetString(11),
        r.GetString(12), r.GetString(13), Bit(r, 14), At(r, 15)!.Value);

    internal static CaseRecord Case(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), Bit(r, 4), (CasePhase)r.GetInt32(5), (Colour)r.GetInt32(6), r.GetString(7), r.GetString(8), (TaskPhase)r.GetInt32(9),
        At(r, 10)!.Value, At(r, 11), At(r, 12), At(r, 13), At(r, 14), r.GetString(15), At(r, 16)!.Value);

    internal static WatchedDetector Detector(DbDataReader r) => new(r.GetString(0), (HazardKind)r.GetInt32(1), r.GetString(2), (AlarmLevel)r.GetInt32(3), Bit(r, 4));

    private static int Bit(bool set) => set ? 1 : 0;
    private static bool Bit(DbDataReader r, int column) => r.GetInt32(column) != 0;
}
