using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Warnings of other systems about this source: witnesses of their own (P11).</summary>
internal static class Relays
{
    internal static Decision<HazardSourceEvent> Take(HazardSourceState state, RelayWarning c, DateTimeOffset now)
    {
        if (Refused(state, c) is { } refusal) return Decision<HazardSourceEvent>.Nothing with { Refusal = refusal };
        var fold = new Fold(state);
        SourceDeadlines.Fire(fold, now, inclusive: true);
        var known = fold.State.Warnings.Find(w => w.Identity == c.Identity);
        if (known is null)
        {
            if (c.Expires <= now) return Decision<HazardSourceEvent>.Refuse("WARNING_EXPIRED", $"it expired at {c.Expires:O}");
            if (c.Cleared) return Decision<HazardSourceEvent>.Refuse("UNKNOWN_WARNING", "a warning that was never relayed cannot be cleared", RefusalKind.NotFound);
            var warning = new RelayedWarning(c.Identity, new OccurrenceId($"{state.Id}/relay/{CaseKey.Of(c.Identity)}"), c.Detector, c.Point, c.Kind, c.Level,
                c.Value, c.Threshold, c.Unit, c.ObservedAt, now, null);
            fold.Happen(new WarningRelayed(now, warning));
            Incidents.OpenOrJoin(fold, c.Kind, warning.Occurrence, c.ObservedAt, now);
            Notices.Relayed(fold, warning, c.Text, now);
            Colours.Review(fold, now);
        }
        else if (c is { Cleared: false, Update: true } && known.IsLive && (c.Level != known.Level || !c.Value.Equals(known.Value)))
        {
            var updated = new WarningUpdated(now, known.Occurrence, c.Level, c.Value);
            fold.Happen(updated);
            if (c.Level != known.Level) Notices.RelayedLevel(fold, known, updated, c.Text);
            Colours.Review(fold, now);
        }
        else if (c.Cleared && known.IsLive)
        {
            fold.Happen(new WarningCleared(now, known.Occurrence));
            Colours.Review(fold, now);
            Notices.Cleared(fold, known.Occurrence, known.Detector, known.Kind, known.Level, known.Value, now);
        }
        return fold.Decision;
    }

    private static Refusal? Refused(HazardSourceState state, RelayWarning c)
    {
        if (c.Drill && !state.Config!.Drill) return new Refusal("DRILL_ON_LIVE_SOURCE", $"{state.Id} is live: a drill never touches it");
        if (!c.Drill && state.Config!.Drill) return new Refusal("LIVE_ON_DRILL_SOURCE", $"{state.Id} is a drill source");
        if (c.Detector.Length > 0 && state.OrdinalOf(c.Detector) < 0) return new Refusal("UNKNOWN_DETECTOR", $"{state.Id} has no detector {c.Detector}", RefusalKind.NotFound);
        if (c.Text.Length > Texts.LimitCharacters) return new Refusal("TEXT_TOO_LONG", $"text is longer than {Texts.LimitCharacters} characters", RefusalKind.Invalid);
        var faults = new (bool Wrong, string What)[]
        {
            (c.Sender.Length is 0 or > 200, "sender"), (c.Identifier.Length is 0 or > 200, "identifier"), (c.Point.Length is 0 or > 200, "point"),
            (c.Unit.Length > 20, "unit"), (!Enum.IsDefined(c.Kind), "kind"), (c.Level is < AlarmLevel.One or > AlarmLevel.Three, "level"),
        };
        var wrong = faults.Where(f => f.Wrong).Select(f => f.What).ToList();
        return wrong.Count == 0 ? null : new Refusal("INVALID_WARNING", $"missing or too long: {string.Join(", ", wrong)}", RefusalKind.Invalid);
    }
}
