using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Shelving, taking out of service, suppression by design: who may, and what happens when it ends (S8, S9).</summary>
internal static class Suppressions
{
    /// <summary>A shift; who needs longer takes it out of service with a permit.</summary>
    internal static readonly TimeSpan ShelvedAtMost = TimeSpan.FromHours(8);

    internal static bool Withholds(in Detector detector, AlarmLevel level) => level <= detector.Handling.Suppression.Covers;

    internal static Decision<HazardSourceEvent> Shelve(HazardSourceState state, ShelveDetector command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Refused(wrong);
        var ordinal = state.OrdinalOf(command.Detector);
        if (ordinal < 0) return Texts.UnknownDetector(state, command.Detector);
        var detector = state.Detectors[ordinal];
        var upTo = command.UpTo == AlarmLevel.None ? Max(detector.Level, AlarmLevel.One) : command.UpTo;
        if (command.Until <= now || command.Until > now + ShelvedAtMost)
            return Decision<HazardSourceEvent>.Refuse("SHELVE_END_INVALID", $"a shelf ends within {ShelvedAtMost.TotalHours:0} h", RefusalKind.Invalid);
        if (detector.Config.IsToxic && upTo > AlarmLevel.One)
            return Decision<HazardSourceEvent>.Refuse("TOXIC_LEVEL_NOT_SHELVABLE", $"{command.Detector} watches toxic gas: above level 1 it is taken out of service with a permit");
        if (upTo < detector.Level) return Decision<HazardSourceEvent>.Refuse("LEVEL_ABOVE_SHELF", $"{command.Detector} is at level {(int)detector.Level}");
        return Begin(state, ordinal, new SuppressionRegion.Shelved(now, upTo, command.Until, caller.Subject, command.Reason), now);
    }

    internal static Decision<HazardSourceEvent> TakeOut(HazardSourceState state, TakeOutOfService command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Refused(wrong);
        var ordinal = state.OrdinalOf(command.Detector);
        if (ordinal < 0) return Texts.UnknownDetector(state, command.Detector);
        var permit = state.Permits.Find(p => p.Id == command.Permit);
        if (permit is null || !permit.Covers(command.Detector, now))
            return Decision<HazardSourceEvent>.Refuse("PERMIT_REQUIRED", $"no open permit {command.Permit} covers {command.Detector}");
        if (command.Until <= now || command.Until > permit.Until)
            return Decision<HazardSourceEvent>.Refuse("OUT_OF_SERVICE_END_INVALID", $"it ends with its permit at the latest, {permit.Until:O}", RefusalKind.Invalid);
        return Begin(state, ordinal, new SuppressionRegion.OutOfService(now, permit.Id, command.Until, caller.Subject, command.Reason), now);
    }

    /// <summary>Ends a shelf (<paramref name="shelf"/>) or an out-of-service by a person.</summary>
    internal static Decision<HazardSourceEvent> Release(HazardSourceState state, string detectorId, bool shelf, Caller caller, DateTimeOffset now)
    {
        var ordinal = state.OrdinalOf(detectorId);
        if (ordinal < 0) return Texts.UnknownDetector(state, detectorId);
        var region = state.Detectors[ordinal].Handling.Suppression;
        if (shelf ? region is not SuppressionRegion.Shelved : region is not SuppressionRegion.OutOfService)
            return region is SuppressionRegion.None ? Decision<HazardSourceEvent>.Nothing
                : Decision<HazardSourceEvent>.Refuse(shelf ? "NOT_SHELVED" : "NOT_OUT_OF_SERVICE", $"{detectorId}: {Name(region)}");
        var fold = new Fold(state);
        Leave(fold, ordinal, SuppressionEnd.Released, caller.Subject, now, TimeSpan.Zero);
        return fold.Decision;
    }

    /// <summary>Suppression ends: re-evaluated at once, and told as a fresh activation if it is active (S9).</summary>
    internal static void Leave(Fold fold, int ordinal, SuppressionEnd why, string by, DateTimeOffset at, TimeSpan lateBy)
    {
        var was = fold.Detector(ordinal).Handling.Suppression;
        fold.Happen(new SuppressionEnded(at, ordinal, why, by, lateBy));
        Notices.SuppressionEnded(fold, ordinal, was, why, by, at);
        ByDesign(fold, at);
        if (fold.Detector(ordinal).Handling.Suppression is SuppressionRegion.None && fold.Detector(ordinal).Memo.Live is { } live)
            Activation.Afresh(fold, ordinal, live, Later(was.Began, live.ActivatedAt), at, lateBy);
        Colours.Review(fold, at);
    }

    /// <summary>Brings every suppression by design to what its rule says now. Called after what may have moved a trigger.</summary>
    internal static void ByDesign(Fold fold, DateTimeOffset at)
    {
        if (fold.Config.Rules.IsEmpty) return;
        for (var i = 0; i < fold.State.Detectors.Length; i++)
        {
            var detector = fold.Detector(i);
            if (detector.Retired || detector.Handling.Suppression.IsByPerson) continue;
            var rule = Active(fold, detector);
            var running = detector.Handling.Suppression as SuppressionRegion.ByDesign;
            if (running is null && rule is not null && detector.Level <= rule.UpTo)
            {
                var region = new SuppressionRegion.ByDesign(at, rule.UpTo, rule.Name);
                fold.Happen(new SuppressionBegan(at, i, region));
                Notices.SuppressionBegan(fold, i, region, at);
            }
            else if (running is not null && rule is null) Leave(fold, i, SuppressionEnd.RuleEnded, "", at, TimeSpan.Zero);
        }
    }

    internal static string Name(SuppressionRegion region) => region switch
    {
        SuppressionRegion.Shelved s => $"shelved up to level {(int)s.UpTo} until {s.Ends:O} by {s.By} ({s.Reason})",
        SuppressionRegion.OutOfService o => $"out of service until {o.Ends:O} by {o.By} under permit {o.Permit} ({o.Reason})",
        SuppressionRegion.ByDesign d => $"suppressed by design up to level {(int)d.UpTo} ({d.Rule})",
        _ => "not suppressed",
    };

    private static Decision<HazardSourceEvent> Begin(HazardSourceState state, int ordinal, SuppressionRegion region, DateTimeOffset now)
    {
        var detector = state.Detectors[ordinal];
        if (detector.Handling.Suppression.IsByPerson) return Decision<HazardSourceEvent>.Refuse("ALREADY_SUPPRESSED", $"{detector.Config.Id}: {Name(detector.Handling.Suppression)}");
        if (Unwatched(state, detector) is { } refusal) return Refused(refusal);
        var fold = new Fold(state);
        fold.Happen(new SuppressionBegan(now, ordinal, region));
        Notices.SuppressionBegan(fold, ordinal, region, now);
        // What is out of service no longer explains others.
        ByDesign(fold, now);
        Colours.Review(fold, now);
        return fold.Decision;
    }

    /// <summary>k of n of its zone must stay healthy (S8). Who does not see now is no loss.</summary>
    private static Refusal? Unwatched(HazardSourceState state, in Detector detector)
    {
        var (id, name) = (detector.Config.Id, detector.Config.Zone);
        if (!Watches(detector) || state.Config!.Zones.FirstOrDefault(z => z.Name == name) is not { } zone) return null;
        var others = state.Detectors.Count(d => d.Config.Zone == name && d.Config.Id != id && Watches(d));
        return others >= zone.HealthyMin ? null : new Refusal("ZONE_WOULD_BE_UNWATCHED", $"zone {name} needs {zone.HealthyMin} healthy detectors, {others} would stay").With("zone", name);
    }

    private static bool Watches(Detector detector) => detector.IsHealthy && !detector.Handling.Suppression.IsByPerson;

    private static SuppressionRule? Active(Fold fold, Detector detector)
    {
        foreach (var rule in fold.Config.Rules)
            if (rule.Suppressed.Contains(detector.Config.Id.Value) && fold.State.OrdinalOf(rule.Trigger) is >= 0 and var trigger
                && fold.Detector(trigger).DangerLevel >= rule.TriggerLevel
                // What is explained itself explains nothing: two alarms never silence each other.
                && fold.Detector(trigger).Handling.Suppression is not SuppressionRegion.ByDesign)
                return rule;
        return null;
    }

    private static Decision<HazardSourceEvent> Refused(Refusal refusal) => Decision<HazardSourceEvent>.Nothing with { Refusal = refusal };
    private static AlarmLevel Max(AlarmLevel a, AlarmLevel b) => a > b ? a : b;
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
