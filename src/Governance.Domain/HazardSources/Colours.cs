using System.Globalization;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Colour of a source: derived from its state, never an input (alarms.md §3). Everything it looks at is journaled.</summary>
public static class Colours
{
    /// <summary>Journals and announces the colour if it is another one now.</summary>
    internal static void Review(Fold fold, DateTimeOffset at)
    {
        var (colour, reason) = Of(fold.State);
        if (colour == fold.State.Colour) return;
        var changed = new ColourChanged(at, fold.State.Colour, colour, reason);
        fold.Happen(changed);
        Notices.Coloured(fold, changed);
    }

    /// <summary>The highest live level wins; with none, grey when a zone is not watched, else blue.</summary>
    public static (Colour Colour, string Reason) Of(HazardSourceState state)
    {
        if (state.Config is null) return (Colour.Grey, "not commissioned");
        var (colour, reason) = (Colour.Grey, "");
        for (var i = 0; i < state.Detectors.Length; i++)
        {
            var found = OfDetector(state, i);
            if (found.Colour > colour) (colour, reason) = found;
        }
        foreach (var warning in state.Warnings.Where(w => w.IsLive))
        {
            var (found, _) = state.Colours.Of(warning.Level, HasWitness(state, warning), unacknowledged: false);
            if (found > colour) (colour, reason) = (found, $"warning relayed for {warning.Point}");
        }
        if (colour > Colour.Blue) return (colour, reason);
        return Unwatched(state) is { } zone ? (Colour.Grey, zone) : (Colour.Blue, Badge(state));
    }

    /// <summary>"m of n healthy".</summary>
    public static string Badge(HazardSourceState state) =>
        string.Create(CultureInfo.InvariantCulture, $"{state.HealthyDetectors} of {state.DetectorsInService} healthy");

    /// <summary>A case has no grey and no blue: with nothing live any more it keeps at least yellow.</summary>
    internal static Colour OfCase(HazardSourceState state) => Of(state).Colour is var colour && colour < Colour.Yellow ? Colour.Yellow : colour;

    private static (Colour Colour, string Reason) OfDetector(HazardSourceState state, int ordinal)
    {
        var detector = state.Detectors[ordinal];
        if (detector.Memo.Live is not { } live || detector.Retired || detector.IsOutOfService) return (Colour.Grey, "");
        var (colour, why) = state.Colours.Of(live.Level, HasWitness(state, ordinal), detector.Operator.Overdue);
        var reason = $"{detector.Config.Id} at level {(int)live.Level}"
            + why switch { ColourCondition.Witnessed => ", seen by an independent witness", ColourCondition.Unacknowledged => ", not acknowledged in time", _ => "" }
            + (detector.Memo.Health is Health.Trusted ? "" : ", data lost while active");
        return (colour, reason);
    }

    /// <summary>
    /// A newer table takes effect. A colour is made of journaled facts only, so readings that are evaluated again after a
    /// crash bring none back that was made by the older one.
    /// </summary>
    internal static Decision<HazardSourceEvent> Adopt(HazardSourceState state, ColourTable table, DateTimeOffset now)
    {
        if (table.Version <= state.Colours.Version) return Decision<HazardSourceEvent>.Nothing;
        var fold = new Fold(state);
        fold.Happen(new ColourTableAdopted(now, table));
        Review(fold, now);
        return fold.Decision;
    }

    /// <summary>Another detector that sees the same kind, or a relayed warning whose point is not this detector.</summary>
    private static bool HasWitness(HazardSourceState state, int ordinal)
    {
        var self = state.Detectors[ordinal];
        for (var i = 0; i < state.Detectors.Length; i++)
            if (i != ordinal && !state.Detectors[i].Retired && state.Detectors[i].Config.Kind == self.Config.Kind && state.Detectors[i].DangerLevel > AlarmLevel.None)
                return true;
        return state.Warnings.Any(w => w.IsLive && w.Kind == self.Config.Kind && !Echoes(w, self.Config));
    }

    private static bool HasWitness(HazardSourceState state, RelayedWarning warning) => state.Detectors.Any(d =>
        !d.Retired && d.Config.Kind == warning.Kind && d.DangerLevel > AlarmLevel.None && !Echoes(warning, d.Config));

    /// <summary>
    /// The other system speaks of this very detector: what we told it ourselves may come back, and proves nothing. A place
    /// that both name alike is no echo: another instrument may stand there, and the other system says which one it means.
    /// </summary>
    private static bool Echoes(RelayedWarning warning, DetectorConfig detector) =>
        warning.Detector == detector.Id.Value || (warning.Detector.Length == 0 && warning.Point == detector.Id.Value);

    private static string? Unwatched(HazardSourceState state)
    {
        foreach (var zone in state.Config!.Zones)
        {
            var healthy = state.Detectors.Count(d => d.IsHealthy && d.Config.Zone == zone.Name);
            if (healthy < zone.HealthyMin) return $"zone {zone.Name}: {healthy} healthy, {zone.HealthyMin} needed";
        }
        return state.HealthyDetectors == 0 ? "no trustworthy data" : null;
    }
}
