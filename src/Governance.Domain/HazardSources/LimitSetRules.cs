using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Limit sets: proposed, backtested, put into force, each by a person (alarms.md §6b, §9, S11).</summary>
internal static class LimitSetRules
{
    internal static Decision<HazardSourceEvent> Propose(HazardSourceState state, ProposeLimits command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Refused(wrong);
        if (command.Detectors.IsEmpty) return Decision<HazardSourceEvent>.Refuse("LIMITS_FAULTY", "a limit set changes the limits of at least one detector", RefusalKind.Invalid);
        if (command.Detectors.Find(d => state.OrdinalOf(d.Detector) < 0) is { } unknown) return Texts.UnknownDetector(state, unknown.Detector);
        if (command.Detectors.DistinctBy(d => d.Detector).Count() < command.Detectors.Count) return Decision<HazardSourceEvent>.Refuse("LIMITS_FAULTY", "a detector is listed twice", RefusalKind.Invalid);
        var set = new LimitSet(state.NewestLimitSet + 1, command.Detectors, caller.Subject, now, command.Reason, null, "", null);
        return Faulty(set.Applied(state.Config!)) is { } faulty ? Refused(faulty) : Decision<HazardSourceEvent>.Of(new LimitsProposed(now, set));
    }

    internal static Decision<HazardSourceEvent> Backtested(HazardSourceState state, RecordBacktest command, Caller caller, DateTimeOffset now)
    {
        if (Find(state, command.Version) is not { } set) return Unknown(state, command.Version);
        if (set.ActivatedAt is not null) return Decision<HazardSourceEvent>.Refuse("LIMIT_SET_IN_FORCE", $"limit set {set.Version} is no proposal any more");
        return Decision<HazardSourceEvent>.Of(new LimitsBacktested(now, set.Version,
            new BacktestFinding(command.From, command.To, command.Readings, command.Added, command.Removed, command.Missed, caller.Subject)));
    }

    internal static Decision<HazardSourceEvent> Activate(HazardSourceState state, ActivateLimits command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Note, "note", required: true) is { } wrong) return Refused(wrong);
        if (Find(state, command.Version) is not { } set) return Unknown(state, command.Version);
        if (set.Version == state.LimitSetVersion) return Decision<HazardSourceEvent>.Nothing;
        if (set.ActivatedAt is not null) return Decision<HazardSourceEvent>.Refuse("LIMIT_SET_RETIRED", $"limit set {set.Version} was in force before: propose its limits again, so that they are tested again");
        if (set.Finding is null) return Decision<HazardSourceEvent>.Refuse("NOT_BACKTESTED", $"limit set {set.Version} has not been played over recorded readings");
        if (!set.Finding.Missed.IsEmpty)
            return Refused(new Refusal("INCIDENT_WOULD_BE_MISSED", $"limit set {set.Version} would not have seen: {string.Join("; ", set.Finding.Missed)}").With("missed", string.Join("; ", set.Finding.Missed)));
        // The inventory may have changed since it was proposed.
        if (set.Detectors.Find(d => state.OrdinalOf(d.Detector) < 0) is { } unknown) return Texts.UnknownDetector(state, unknown.Detector);
        if (Faulty(set.Applied(state.Config!)) is { } faulty) return Refused(faulty);
        var fold = new Fold(state);
        // Readings already evaluated must never be evaluated again under other limits: fix the marks first.
        fold.Happen(HazardSourceRules.Marks(state, now));
        fold.Happen(new LimitsActivated(now, set.Version, caller.Subject, command.Note));
        Notices.LimitsActivated(fold, set.Version, caller.Subject, now);
        return fold.Decision;
    }

    internal static Decision<HazardSourceEvent> Migrate(HazardSourceState state, MigrateOccurrence command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Refused(wrong);
        var ordinal = state.OrdinalOf(command.Occurrence);
        if (ordinal < 0) return Decision<HazardSourceEvent>.Refuse("OCCURRENCE_NOT_LIVE", $"{command.Occurrence} does not live");
        var from = state.Detectors[ordinal].Handling.LimitSet;
        if (from == state.LimitSetVersion) return Decision<HazardSourceEvent>.Nothing;
        var fold = new Fold(state);
        fold.Happen(HazardSourceRules.Marks(state, now));
        fold.Happen(new OccurrenceMigrated(now, ordinal, command.Occurrence, from, state.LimitSetVersion, caller.Subject, command.Reason));
        ReEvaluate(fold, ordinal, now);
        return fold.Decision;
    }

    /// <summary>What the last trustworthy value means under the new limits: a level at once. That it is over, only a fresh sample may say.</summary>
    private static void ReEvaluate(Fold fold, int ordinal, DateTimeOffset now)
    {
        var detector = fold.Detector(ordinal);
        if (detector.Memo.Process is not ProcessRegion.Active live || double.IsNaN(detector.Memo.LastGoodValue)) return;
        var level = TrustRules.LevelOf(detector.Config, TrustRules.ForRules(detector.Config, detector.Memo.LastGoodValue), live.Level);
        if (level == AlarmLevel.None || level == live.Level) return;
        var cause = live.Cause! with
        {
            Epoch = detector.Memo.Evaluated.Epoch, Seq = detector.Memo.Evaluated.Max, Value = detector.Memo.LastGoodValue, Level = level,
            Limit = TrustRules.LimitAt(detector.Config, level, detector.Memo.LastGoodValue)?.Value ?? double.NaN, SampledAt = detector.Memo.LastGoodSampledAt,
        };
        Activation.ChangeLevel(fold, ordinal, live, level, cause, now);
    }

    private static LimitSet? Find(HazardSourceState state, int version) => state.LimitSets.Find(s => s.Version == version);

    private static Decision<HazardSourceEvent> Unknown(HazardSourceState state, int version) =>
        Decision<HazardSourceEvent>.Refuse("UNKNOWN_LIMIT_SET", $"{state.Id} has no limit set {version}", RefusalKind.NotFound);

    private static Refusal? Faulty(SourceConfig config) =>
        config.Faults() is { IsEmpty: false } faults ? new Refusal("LIMITS_FAULTY", string.Join("; ", faults), RefusalKind.Invalid) : null;

    private static Decision<HazardSourceEvent> Refused(Refusal refusal) => Decision<HazardSourceEvent>.Nothing with { Refusal = refusal };
}
