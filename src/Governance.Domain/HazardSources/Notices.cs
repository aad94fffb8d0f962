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
    internal static void RaisedToCase(Fold fold, int ordinal, Crossing cause, DateTimeOffset at, string note)
    {
        var config = fold.Detector(ordinal).Config;
        var occurrence = fold.Detector(ordinal).Memo.Live!.Occurrence;
        ToCase(fold, occurrence, new OccurrenceRaised(
            occurrence, Witness.Sensor, fold.Config.Id, fold.Config.Name, fold.Config.Enterprise, fold.Config.Area, config.Id.Value, config.Kind, cause.Level,
            Colours.OfCase(fold.State), cause.Value, cause.Limit, config.Unit, fold.Config.Drill, fold.State.Clock, at, Reached(config, cause, note)));
    }

    /// <param name="again">It was folded when it was raised, and stands alone now.</param>
    internal static void RaisedToFeed(Fold fold, int ordinal, Crossing cause, DateTimeOffset at, string note, bool again = false)
    {
        var config = fold.Detector(ordinal).Config;
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.OccurrenceRaised, again ? $"raised/{at.UtcTicks}" : "raised", at, Reached(config, cause, note)) with { Level = cause.Level, Value = cause.Value, Limit = cause.Limit, Unit = config.Unit });
    }

    /// <summary>The occurrence that was suppressed goes on as another one.</summary>
    internal static void Replaced(Fold fold, int ordinal, ProcessRegion.Active was, DateTimeOffset at)
    {
        ToCase(fold, was.Occurrence, new OccurrenceCleared(was.Occurrence, at));
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.ReturnedToNormal, $"replaced/{was.Occurrence}", at, $"{was.Occurrence} goes on as {fold.Detector(ordinal).Memo.Live!.Occurrence}") with { Occurrence = was.Occurrence.Value });
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

    /// <summary>Another system changed its mind about a warning.</summary>
    internal static void RelayedLevel(Fold fold, RelayedWarning was, WarningUpdated now, string words)
    {
        var text = $"warning relayed for {was.Point}: level {(int)was.Level} → {(int)now.Level}" + (words.Length == 0 ? "" : $" ({words})");
        var peak = now.Level > was.Level ? now.Level : was.Level;
        ToCase(fold, was.Occurrence, new OccurrenceChanged(was.Occurrence, now.Level, peak, Colours.OfCase(fold.State), now.Value, now.At, text));
        ToFeed(fold, Of(fold, now.Level > was.Level ? AlertKind.LevelRaised : AlertKind.LevelLowered, was.Occurrence, $"level/{now.At.UtcTicks}", now.At, text) with
        {
            Detector = was.Detector, Level = now.Level, HazardKind = was.Kind, Value = now.Value, Limit = was.Threshold, Unit = was.Unit,
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
            Value = cause.Value, Limit = cause.Limit, Unit = detector.Config.Unit, Folded = detector.Handling.Withheld == Withheld.Folded,
        });
    }

    internal static void Cleared(Fold fold, OccurrenceId occurrence, string detector, HazardKind kind, AlarmLevel peak, double peakValue, DateTimeOffset at, bool folded = false)
    {
        ToCase(fold, occurrence, new OccurrenceCleared(occurrence, at));
        ToFeed(fold, Of(fold, AlertKind.ReturnedToNormal, occurrence, "cleared", at, $"{(detector.Length > 0 ? detector : "relayed warning")}: returned to normal, peak level {(int)peak}") with
        {
            Detector = detector, HazardKind = kind, Value = peakValue, Folded = folded,
        });
    }

    /// <summary>A silent normal detector only shows in the colour; when it is lost for good it needs maintenance. A silent live one is danger.</summary>
    internal static void Silent(Fold fold, int ordinal, DateTimeOffset at, Health health)
    {
        var detector = fold.Detector(ordinal);
        // Nobody is told of what is suppressed; out of service it is maintained already.
        var live = detector.Handling.Withheld == Withheld.Suppressed ? null : detector.Memo.Live;
        if (detector.IsOutOfService) return;
        if (live is not null) ToCase(fold, live.Occurrence, new OccurrenceDataLost(live.Occurrence, health == Health.Lost && !Watched(fold, ordinal), at));
        // A detector of a known gateway may be a symptom of it: the gateway's entity decides, and tells.
        else if (health is not (Health.Lost or Health.Frozen) || Feeds.IsToldByGateway(fold.State, ordinal)) return;
        var text = live is null ? $"{Point(detector.Config)}: {(health == Health.Frozen ? "the same value for too long" : "no data")}, maintenance needed" : $"{Point(detector.Config)}: data lost while active";
        ToFeed(fold, Of(fold, AlertKind.DataLost, live?.Occurrence ?? new OccurrenceId(""), $"silent/{detector.Config.Id}/{health}/{at.UtcTicks}", at, text) with
        {
            Detector = detector.Config.Id.Value, Level = detector.Level, HazardKind = detector.Config.Kind,
        });
    }

    internal static void TrustedAgain(Fold fold, int ordinal, DateTimeOffset at)
    {
        var detector = fold.Detector(ordinal);
        if (detector.IsOutOfService) return;
        if (detector.Memo.Live is { } live && detector.Handling.Withheld != Withheld.Suppressed) ToCase(fold, live.Occurrence, new OccurrenceDataRestored(live.Occurrence, at));
        else if (detector.Memo.Live is null && Feeds.IsToldByGateway(fold.State, ordinal)) return;
        ToFeed(fold, Of(fold, AlertKind.DataRestored, detector.Memo.Live?.Occurrence ?? new OccurrenceId(""), $"trusted/{detector.Config.Id}/{at.UtcTicks}", at, $"{Point(detector.Config)}: data again") with
        {
            Detector = detector.Config.Id.Value, Level = detector.Level, HazardKind = detector.Config.Kind,
        });
    }

    internal static void Acknowledged(Fold fold, int ordinal, OccurrenceAcknowledged e)
    {
        if (IsTold(fold, ordinal)) ToFeed(fold, OfDetector(fold, ordinal, AlertKind.Acknowledged, $"acknowledged/{e.At.UtcTicks}", e.At, $"{e.Occurrence} acknowledged by {e.By}, until {e.Expires:O}"));
    }

    internal static void AcknowledgedAfterReturn(Fold fold, int ordinal, OccurrenceId occurrence, string by, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.AcknowledgedAfterReturn, $"acknowledged/{occurrence}", at, $"{occurrence} acknowledged by {by} after its return to normal") with { Occurrence = occurrence.Value });

    internal static void ReAlarmed(Fold fold, int ordinal, string by, DateTimeOffset at)
    {
        if (!IsTold(fold, ordinal)) return;
        var (config, memo) = (fold.Detector(ordinal).Config, fold.Detector(ordinal).Memo);
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.ReAlarmed, $"again/{at.UtcTicks}", at, $"{Point(config)}: still active, {Value(memo.LastGoodValue, config.Unit)}; the acknowledgement by {by} has expired") with { Value = memo.LastGoodValue, Unit = config.Unit });
    }

    internal static void Confirmed(Fold fold, int ordinal, OccurrenceConfirmed e)
    {
        if (IsTold(fold, ordinal)) ToFeed(fold, OfDetector(fold, ordinal, AlertKind.Confirmed, $"confirmed/{e.At.UtcTicks}", e.At, $"{e.Occurrence} confirmed by {e.By}: {e.Action}"));
    }

    internal static void LatchReset(Fold fold, int ordinal, string by, string reason, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.LatchReset, $"latch/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: latch reset by {by} ({reason})"));

    internal static void SuppressionBegan(Fold fold, int ordinal, SuppressionRegion region, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.SuppressionBegan, $"suppressed/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: {Suppressions.Name(region)}"));

    internal static void SuppressionEnded(Fold fold, int ordinal, SuppressionRegion was, SuppressionEnd why, string by, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.SuppressionEnded, $"unsuppressed/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: no longer {Suppressions.Name(was)}, {why}{(by.Length > 0 ? $" by {by}" : "")}"));

    internal static void Chattering(Fold fold, int ordinal, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.ChatteringBegan, $"chattering/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: {Chatter.FoldsAt} activations within {Chatter.Window.TotalMinutes:0} min, notices are folded"));

    internal static void ChatteringEnded(Fold fold, int ordinal, int folded, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.ChatteringEnded, $"calm/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: no longer chattering, {folded} activations were folded"));

    internal static void UnannouncedTest(Fold fold, int ordinal, DateTimeOffset at) =>
        ToFeed(fold, OfDetector(fold, ordinal, AlertKind.UnannouncedTest, $"test/{at.UtcTicks}", at, $"{Point(fold.Detector(ordinal).Config)}: calibration or maintenance without an open permit"));

    internal static void Retrospective(Fold fold, int ordinal, Crossing evidence, DateTimeOffset at)
    {
        var config = fold.Detector(ordinal).Config;
        ToFeed(fold, Of(fold, AlertKind.RetrospectiveFinding, new OccurrenceId(""), $"{config.Id}/history/{evidence.Epoch}.{evidence.Seq}", at,
            $"{Point(config)}: {Value(evidence.Value, config.Unit)} at {evidence.SampledAt:O} reached {Value(evidence.Limit, config.Unit)} (level {(int)evidence.Level}) while nobody could see it") with
        {
            Detector = config.Id.Value, Level = evidence.Level, HazardKind = config.Kind, Zone = config.Zone, Value = evidence.Value, Limit = evidence.Limit, Unit = config.Unit,
        });
    }

    internal static void Reused(Fold fold, int ordinal, long epoch, SeqRange range, GatewayId gateway, DateTimeOffset at) =>
        ToFeed(fold, Of(fold, AlertKind.SecurityEvent, new OccurrenceId(""), $"{fold.Detector(ordinal).Config.Id}/reused/{epoch}.{range.From}/{at.UtcTicks}", at,
            $"{Point(fold.Detector(ordinal).Config)}: gateway {gateway} sent {range.From} to {range.To} of epoch {epoch} again with other content, or what it had declared lost; what is stored stands") with { Detector = fold.Detector(ordinal).Config.Id.Value });

    internal static void LimitsActivated(Fold fold, int version, string by, DateTimeOffset at) =>
        ToFeed(fold, Of(fold, AlertKind.LimitsActivated, new OccurrenceId(""), $"limits/{version}", at, $"{fold.Config.Name}: limit set {version} put into force by {by}"));

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

    private static bool IsTold(Fold fold, int ordinal) => fold.Detector(ordinal).Handling.Withheld != Withheld.Suppressed;

    private static string Reached(DetectorConfig config, Crossing cause, string note) =>
        $"{Point(config)}: {Value(cause.Value, config.Unit)} reached {Value(cause.Limit, config.Unit)} (level {(int)cause.Level}){(note.Length > 0 ? $", {note}" : "")}";

    /// <summary>About a detector, and the occurrence that lives there and was told.</summary>
    private static Alert OfDetector(Fold fold, int ordinal, AlertKind kind, string cause, DateTimeOffset at, string text)
    {
        var detector = fold.Detector(ordinal);
        var occurrence = IsTold(fold, ordinal) && detector.Memo.Live is { } live ? live.Occurrence : new OccurrenceId("");
        return Of(fold, kind, occurrence, occurrence.Value.Length > 0 ? cause : $"{detector.Config.Id}/{cause}", at, text) with
        {
            Detector = detector.Config.Id.Value, Level = detector.Level, HazardKind = detector.Config.Kind, Zone = detector.Config.Zone,
            Folded = occurrence.Value.Length > 0 && detector.Handling.Withheld == Withheld.Folded,
        };
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
