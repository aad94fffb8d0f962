using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Governance.Cap;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Edge.Warnings;

/// <summary>Our alerts as CAP 1.2, for systems that take warnings from us.</summary>
internal static class CapAlerts
{

    /// <param name="entry">The alert.</param>
    /// <param name="earlier">What the feed told before about the same occurrence or case, oldest first.</param>
    internal static CapAlert Of(string district, FeedEntry entry, IReadOnlyList<FeedEntry> earlier)
    {
        var alert = entry.Alert;
        var ends = alert.Kind is AlertKind.ReturnedToNormal or AlertKind.CaseClosed or AlertKind.WarningEnded;
        // Nothing came before, or it lies too far back to be found: then it stands for itself, and incidents says what it belongs to.
        var type = earlier.Count == 0 ? CapMessageType.Alert : ends ? CapMessageType.Cancel : CapMessageType.Update;
        return new CapAlert(CapVersion.V12, Identity(district, entry), alert.Drill ? CapStatus.Exercise : CapStatus.Actual, type, CapScope.Restricted)
        {
            Restriction = "authorities and emergency services", References = type == CapMessageType.Alert ? [] : [Identity(district, earlier[^1])],
            Incidents = [.. new[] { alert.Occurrence, alert.CaseKey }.Where(i => i.Length > 0).Select(Name)], Infos = [Info(alert, ends)],
        };
    }

    private static CapIdentity Identity(string district, FeedEntry entry) =>
        new($"governance-{district}", Name(string.Create(CultureInfo.InvariantCulture, $"{entry.Alert.Area}-{entry.Position}")), entry.Alert.At.ToOffset(WorkCalendar.Local));

    private static CapInfo Info(Alert a, bool ends) => new()
    {
        // People read the text in the language in which it was written.
        Language = "en", Categories = [a.HazardKind is null ? "Safety" : "CBRNE"], Event = a.HazardKind is { } kind ? $"{kind} {Words(a.Kind)}" : Words(a.Kind),
        ResponseTypes = ends ? ["AllClear"] : a.Level >= AlarmLevel.Two ? ["Evacuate", "Monitor"] : ["Monitor"],
        Urgency = ends ? CapUrgency.Past : CapUrgency.Immediate, Severity = ends ? CapSeverity.Minor : Severity(a), Certainty = CapCertainty.Observed,
        Headline = a.Text.Length > 160 ? a.Text[..160] : a.Text, Description = a.Text, Effective = a.At.ToOffset(WorkCalendar.Local),
        Parameters = Parameters(a),
        Areas = [new CapArea(a.Area.Value, [], [], [new CapValue("GB/T 2260", a.Area.Value)], null, null)],
    };

    private static ImmutableList<CapValue> Parameters(Alert a)
    {
        var all = ImmutableList.CreateBuilder<CapValue>();
        void Add(string name, string value) { if (value.Length > 0) all.Add(new CapValue(name, value)); }
        Add("governance:alert", a.Id);
        Add("governance:source", a.Source);
        Add("governance:detector", a.Detector);
        Add("governance:case", a.CaseNumber);
        Add("kind", a.HazardKind?.ToString() ?? "");
        Add("level", a.Level == AlarmLevel.None ? "" : ((int)a.Level).ToString(CultureInfo.InvariantCulture));
        Add("colour", a.Colour.ToString());
        Add("value", double.IsNaN(a.Value) ? "" : a.Value.ToString(CultureInfo.InvariantCulture));
        Add("threshold", double.IsNaN(a.Limit) ? "" : a.Limit.ToString(CultureInfo.InvariantCulture));
        Add("unit", a.Unit);
        return all.ToImmutable();
    }

    private static CapSeverity Severity(Alert a) => a.Level switch
    {
        AlarmLevel.Three => CapSeverity.Extreme,
        AlarmLevel.Two => CapSeverity.Severe,
        AlarmLevel.One => CapSeverity.Moderate,
        _ => a.Colour switch { Colour.Red => CapSeverity.Extreme, Colour.Orange => CapSeverity.Severe, Colour.Yellow => CapSeverity.Moderate, _ => CapSeverity.Unknown },
    };

    /// <summary>"OccurrenceRaised" as words.</summary>
    private static string Words(AlertKind kind)
    {
        var text = new StringBuilder();
        foreach (var c in kind.ToString()) text.Append(char.IsUpper(c) && text.Length > 0 ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString());
        return text.ToString();
    }

    /// <summary>CAP identifiers hold no space, comma, &lt; or &amp;.</summary>
    private static string Name(string text) => string.Concat(text.Select(c => c is ' ' or ',' or '<' or '&' ? '_' : c));
}
