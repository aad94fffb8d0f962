using System.Globalization;
using Governance.Edge.V1;
using Spectre.Console;
using static Governance.Node.Commands.ReportTables;

namespace Governance.Node.Commands;

/// <summary>The hand-over of a shift for people: what needs somebody first.</summary>
internal static class HandoverTables
{
    internal static void Print(ShiftHandover h)
    {
        var console = Wide();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hand-over of {(h.Area.Length > 0 ? h.Area : "the district")}, shift since {At(h.Since)}; complete up to {At(h.AsOf)}, {h.AsOfAgeS:0.#} s ago"));
        Show("active", "active, unacknowledged first", ["level", "source", "detector", "since", "acknowledged", "until", "case", "put aside"], h.Active, a =>
            [Level(a.Level), a.SourceId, a.DetectorId, At(a.Since), a.Unacknowledged ? "NO" : a.Relayed ? "relayed" : a.AcknowledgedBy, At(a.AcknowledgementExpires), a.CaseId, a.Suppression]);
        Show("returned", "over, and never acknowledged", ["peak", "source", "detector", "since", "cleared"], h.Returned, a => [Level(a.Peak), a.SourceId, a.DetectorId, At(a.Since), At(a.ClearedAt)]);
        Show("latched", "latched", ["peak", "source", "detector", "since"], h.Latched, l => [Level(l.Peak), l.SourceId, l.DetectorId, At(l.Since)]);
        Show("shelved", "shelved", ["source", "detector", "up to", "since", "until", "by", "reason", "behind it"], h.Shelved, s => [s.SourceId, s.DetectorId, Level(s.UpTo), At(s.Since), At(s.Until), s.By, s.Reason, Level(s.ActiveLevel)]);
        Show("out_of_service", "out of service", ["source", "detector", "permit", "since", "until", "by", "reason", "behind it"], h.OutOfService, s => [s.SourceId, s.DetectorId, s.PermitId, At(s.Since), At(s.Until), s.By, s.Reason, Level(s.ActiveLevel)]);
        Show("by_design", "suppressed by design", ["source", "detector", "rule", "since", "behind it"], h.ByDesign, s => [s.SourceId, s.DetectorId, s.Rule, At(s.Since), Level(s.ActiveLevel)]);
        Show("grey", "grey: no trustworthy data", ["source", "area", "since", "reason"], h.Grey, c => [c.SourceId, c.Area, At(c.Since), c.Reason]);
        Show("silent", "not trusted", ["source", "detector", "since", "reason"], h.Silent, c => [c.SourceId, c.DetectorId, At(c.Since), c.Reason]);
        Show("chattering", "chattering", ["source", "detector", "since"], h.Chattering, c => [c.SourceId, c.DetectorId, At(c.Since)]);
        Show("floods", "in flood", ["desk", "since"], h.Floods, c => [c.Area, At(c.Since)]);
        Show("permits", "open permits", ["permit", "source", "detectors", "until", "by", "reason"], h.Permits, p => [p.PermitId, p.SourceId, string.Join(", ", p.DetectorIds), At(p.Until), p.By, p.Reason]);
        Show("cases", "open cases", ["case", "level", "source", "state", "holder", "next deadline", "at"], h.Cases, c =>
            [c.CaseNumber.Length > 0 ? c.CaseNumber : c.CaseId, $"{c.Level}", c.SourceId, c.State, $"{c.Holder} {c.HolderState}", c.NextDeadline, At(c.NextDeadlineAt)]);
        Show("changes", "changed in the shift", ["at", "what", "source", "detector", "level", "by", "reason"], h.Changes, c => [At(c.At), c.What, c.SourceId, c.DetectorId, Level(c.Level), c.By, c.Reason]);

        void Show<T>(string name, string title, string[] columns, IReadOnlyCollection<T> rows, Func<T, string[]> cells)
        {
            console.WriteLine();
            console.WriteLine(rows.Count == 0 ? $"{title}: none" : $"{title}: {h.Totals[name]}{(h.Truncated.Contains(name) ? $", {rows.Count} shown" : "")}");
            if (rows.Count > 0) console.Write(Filled(Columns(columns), rows, cells));
        }
    }
}
