using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>
/// What a source tells others: the feed of its area and the cases of its incidents, in parallel. Alert ids derive from
/// what happened, so that telling it twice is telling it once.
/// </summary>
internal static class Notices
{
    internal static void Raised(Fold fold, int ordinal, Crossing cause, DateTimeOffset at)
    {
        var detector = fold.Detector(ordinal);
        var occurrence = detector.Memo.Live!.Occurrence;
        var text = $"{Point(detector.Config)}: {Value(cause.Value, detector.Config.Unit)} reached {Value(cause.Limit, detector.Config.Unit)} (level {(int)cause.Level})";
        ToCase(fold, occurrence, new OccurrenceRaised(
            occurrence, Witness.Sensor, fold.Config.Id, fold.Config.Name, fold.Config.Enterprise, fold.Config.Area, detector.Config.Id.Value, detector.Config.Kind, cause.Level,
            Colours.OfCase(fold.State), cause.Value, cause.Limit, detector.Config.Unit, fold.Config.Drill, fold.State.Clock, at, text));
        ToFeed(fold, Of(fold, AlertKind.OccurrenceRaised, occurrence, "raised", at, text) with
        {
            Detector = detector.Config.Id.Value, Level = cause.Level, HazardKind = detector.Config.Kind,
            Value = cause.Value, Limit = cause.Limit, Unit = detector.Config.Unit,
        });
    }

    internal static void Relayed(Fold fold, RelayedWarning warning, string words, DateTimeOffset at)
    {
        var text = $"warning relayed for {warning.Point}: {Value(warning.Value, warning.Unit)}, level {(int)warning.Level}"
            + (words.Length == 0 ? "" : $" ({words})");
        ToCase(fold, warning.Occurrence, new OccurrenceRaised(
            warning.Occurrence, Witness.Relay, fold.Config.Id, fold.Config.Name, fold.Config.Enterprise, fold.Config.Area, warning.Detector, warning.Kind, warning.Level,
            Colours.OfCase(fold.State), warning.Value, warning.Threshold, warning.Unit, fold.Config.Drill, fold.State.Clock, at, text));
        ToFeed(fold, Of(fold, AlertKind.OccurrenceRaised, warning.Occurrence, "raised", at, text) with
        {
            Detector = warning.Detector, Level = warning.Level, HazardKind = warning.Kind,
            Value = warning.Value, Limit = warning.Threshold, Unit = warning.Unit,
        });
    }

    internal static void LevelChanged(Fold fold, int ordinal, AlarmLevel from, Crossing cause, DateTimeOffset at)
    {
        var detector = fold.Detector(ordinal);
        var live = detector.Memo.Live!;
        var rose = live.Level > from;
        var text = $"{Point(detector.Config)}: {Value(cause.Value, detector.Config.Unit)}, level {(int)from} → {(int)live.Level}";
        ToCase(fold, live.Occurrence, new OccurrenceChanged(live.Occurrence, live.Level, live.Peak, Colours.OfCase(fold.State), cause.Value, at, text));
        ToFeed(fold, Of(fold, rose ? AlertKind.LevelRaised : AlertKind.LevelLowered, live.Occurrence, $"level/{cause.Epoch}.{cause.Seq}", at, text) with
        {
            Detector = detector.Config.Id.Value, Level = live.Level, HazardKind = detector.Config.Kind,
            Value = cause.Value, Limit = cause.Limit, Unit = detector.Config.Unit,
        });
    }

    internal static void Cleared(Fold fold, OccurrenceId occurrence, string detector, HazardKind kind, AlarmLevel peak, double peakValue, DateTimeOffset at)
    {
        ToCase(fold, occurrence, new OccurrenceCleared(occurrence, at));
        ToFeed(fold, Of(fold, AlertKind.ReturnedToNormal, occurrence, "cleared", at, $"{(detector.Length > 0 ? detector : "relayed warning")}: returned to normal, peak level {(int)peak}") with
        {
            Detector = detector, HazardKind = kind, Value = peakValue,
        });
    }

    /// <summary>A silent normal detector only shows in the colour; when it is lost for good it needs maintenance. A silent live one is danger.</summary>
    internal static void Silent(Fold fold, int ordinal, DateTimeOffset at, Health health)
    {
        var detector = fold.Detector(ordinal);
        var live = detector.Memo.Live;
        if (live is not null) ToCase(fold, live.Occurrence, new OccurrenceDataLost(live.Occurrence, health == Health.Lost && !Watched(fold, ordinal), at));
        else if (health != Health.Lost) return;
        var text = live is null ? $"{Point(detector.Config)}: no data, maintenance needed" : $"{Point(detector.Config)}: data lost while active";
        ToFeed(fold, Of(fold, AlertKind.DataLost, live?.Occurrence ?? new OccurrenceId(""), $"silent/{detector.Config.Id}/{health}/{at.UtcTicks}", at, text) with
        {
            Detector = detector.Config.Id.Value, Level = detector.Level, HazardKind = detector.Config.Kind,
        });
    }

    internal static void TrustedAgain(Fold fold, int ordinal, DateTimeOffset at)
    {
        var detector = fold.Detector(ordinal);
        if (detector.Memo.Live is { } live) ToCase(fold, live.Occurrence, new OccurrenceDataRestored(live.Occurrence, at));
        ToFeed(fold, Of(fold, AlertKind.DataRestored, detector.Memo.Live?.Occurrence ?? new OccurrenceId(""), $"trusted/{detector.Config.Id}/{at.UtcTicks}", at, $"{Point(detector.Config)}: data again") with
        {
            Detector = detector.Config.Id.Value, Level = detector.Level, HazardKind = detector.Config.Kind,
        });
    }

    internal static void Acknowledged(Fold fold, int ordinal, OccurrenceAcknowledged e) =>
        ToFeed(fold, Of(fold, AlertKind.Acknowledged, e.Occurrence, $"acknowledged/{e.At.UtcTicks}", e.At, $"{e.Occurrence} acknowledged by {e.By}") with
        {
            Detector = fold.Detector(ordinal).Config.Id.Value, Level = fold.Detector(ordinal).Level, HazardKind = fold.Detector(ordinal).Config.Kind,
        });

    internal static void Coloured(Fold fold, ColourChanged e)
    {
        ToFeed(fold, Of(fold, AlertKind.ColourChanged, new OccurrenceId(""), $"colour/{e.At.UtcTicks}/{(int)e.To}", e.At, $"{fold.Config.Name}: {e.From} → {e.To} ({e.Reason})"));
        if (e.To <= e.From) return;
        // A witness of one kind can raise what a case of that kind is worth.
        foreach (var occurrence in fold.State.Incidents.Where(i => !i.Live.IsEmpty).Select(i => i.Live[^1]))
            if (fold.State.OrdinalOf(occurrence) is >= 0 and var ordinal && fold.Detector(ordinal).Memo.Live is { } live)
                ToCase(fold, occurrence, new OccurrenceChanged(occurrence, live.Level, live.Peak, Colours.OfCase(fold.State), fold.Detector(ordinal).Memo.LastValue, e.At, e.Reason));
    }

    private static bool Watched(Fold fold, int ordinal)
    {
        var self = fold.Detector(ordinal).Config;
        for (var i = 0; i < fold.State.Detectors.Length; i++)
            if (fold.Detector(i) is var other && i != ordinal && !other.Retired && self.Zone.Length > 0 && other.Config.Zone == self.Zone
                && other.Memo.Health == Health.Trusted && other.Level == AlarmLevel.None)
                return true;
        return false;
    }

    private static Alert Of(Fold fold, AlertKind kind, OccurrenceId occurrence, string cause, DateTimeOffset at, string text) => new(
        $"{fold.Config.Id}/{(occurrence.Value.Length > 0 ? occurrence.Value + "/" : "")}{cause}", kind, fold.Config.Area, at, fold.Config.Id.Value, "",
        occurrence.Value, AlarmLevel.None, Colours.Of(fold.State).Colour, null, double.NaN, double.NaN, "",
        fold.State.IncidentOf(occurrence)?.Case.Value ?? "", "", [], "", fold.Config.Drill, text);

    private static void ToFeed(Fold fold, Alert alert) => fold.Send(new EntityAddress(EntityKinds.AlertFeed, fold.Config.Area.Value), new AlertPublished(alert));

    private static void ToCase(Fold fold, OccurrenceId occurrence, IEntityMessage message)
    {
        var incident = fold.State.IncidentOf(occurrence) ?? throw new InvalidOperationException($"{occurrence} belongs to no incident");
        fold.Send(new EntityAddress(EntityKinds.Case, incident.Case.Value), message);
    }

    private static string Point(DetectorConfig config) => config.Point.Length > 0 ? $"{config.Id} {config.Point}" : config.Id.Value;

    private static string Value(double value, string unit) =>
        double.IsNaN(value) ? "no value" : string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {unit}");
}
