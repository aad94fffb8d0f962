using Governance.Actors.Hosting;
using Governance.Domain.Alerts;

namespace Governance.Edge.Alerts;

/// <summary>An alert as the public API shows it.</summary>
internal static class AlertView
{
    internal static V1.Alert Of(FeedEntry entry)
    {
        var a = entry.Alert;
        return new V1.Alert
        {
            AlertId = a.Id, Kind = (V1.AlertKind)a.Kind, Area = a.Area.Value, Position = entry.Position, At = Fields.To(a.At), SourceId = a.Source, DetectorId = a.Detector,
            OccurrenceId = a.Occurrence, Level = Fields.To(a.Level), Colour = Fields.To(a.Colour), HazardKind = Fields.To(a.HazardKind), Value = a.Value, Limit = a.Limit, Unit = a.Unit,
            CaseId = a.CaseKey, CaseNumber = a.CaseNumber, Departments = { a.Departments }, Category = a.Category, Drill = a.Drill, Text = a.Text,
            Folded = a.Folded, Zone = a.Zone,
        };
    }

    /// <summary>Null while everything is durable.</summary>
    internal static V1.NotDurable? Of(NotDurable? trouble) => trouble is null ? null : new V1.NotDurable { Since = Fields.To(trouble.Since), Reason = trouble.Why };
}
