using Governance.Domain.Alerts;
using Governance.Edge.V1;
using Alert = Governance.Domain.Alerts.Alert;

namespace Governance.Edge.Alerts;

/// <summary>What a subscriber wants to see, and what it was shown: when that no longer matches, it is told so.</summary>
internal sealed class AlertFilter(SubscribeRequest request)
{
    /// <summary>Shown occurrences and cases that are remembered per subscriber.</summary>
    private const int ShownLimit = 10_000;

    private readonly HashSet<Domain.Kernel.Colour> _colours = [.. request.Colours.Select(c => Fields.Colour(c, "colours"))];
    private readonly HashSet<Domain.Alerts.AlertKind> _kinds = [.. request.Kinds.Select(k => (Domain.Alerts.AlertKind)k)];
    private readonly HashSet<string> _departments = [.. request.Departments];
    private readonly HashSet<string> _categories = [.. request.Categories];
    private readonly HashSet<string> _shown = [];

    internal bool Matches(Alert alert) =>
        !(request.OmitFolded && alert.Folded)
        && (_colours.Count == 0 || _colours.Contains(alert.Colour))
        && (_kinds.Count == 0 || _kinds.Contains(alert.Kind))
        && (_departments.Count == 0 || alert.Departments.Any(_departments.Contains))
        && (_categories.Count == 0 || _categories.Contains(alert.Category))
        && (request.CaseId.Length == 0 || alert.CaseKey == request.CaseId || (alert.CaseNumber.Length > 0 && alert.CaseNumber == request.CaseId));

    /// <summary>The alert to show, or the word that something shown has left the filter, or neither.</summary>
    internal (bool Show, LeftFilter? Left) Pass(Alert alert)
    {
        var key = alert.Occurrence.Length > 0 ? $"o/{alert.Occurrence}" : alert.CaseKey.Length > 0 ? $"c/{alert.CaseKey}" : "";
        if (Matches(alert))
        {
            if (key.Length > 0 && _shown.Count < ShownLimit) _shown.Add(key);
            return (true, null);
        }
        if (key.Length == 0 || !_shown.Remove(key)) return (false, null);
        return (false, new LeftFilter { OccurrenceId = alert.Occurrence, CaseId = alert.CaseKey, Reason = $"{alert.Kind}: {alert.Text}" });
    }
}
