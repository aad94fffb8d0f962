using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>What the rules may do with a sample (alarms.md §4).</summary>
public enum Trust : byte
{
    /// <summary>Evaluate.</summary>
    Good,
    /// <summary>At the range top: danger, not a fault.</summary>
    Saturated,
    /// <summary>Entered by hand: shown, may raise an alarm, never clears one.</summary>
    Manual,
    /// <summary>Neither activates nor clears.</summary>
    Bad,
    /// <summary>Out of service (F): grey at once.</summary>
    OutOfService,
    /// <summary>The same value too often: neither activates nor clears, and the detector is not trusted.</summary>
    Frozen,
    /// <summary>Stored, deliberately not evaluated: historical, calibration, maintenance.</summary>
    Weak,
}

/// <summary>Classifies samples. Pure; the same sample and configuration give the same class for ever.</summary>
public static class TrustRules
{
    /// <summary>Older than this when it left the gateway: stored, never dispatched (P7).</summary>
    public static readonly TimeSpan LiveAgeLimit = TimeSpan.FromMinutes(2);

    public const string Historical = "HISTORICAL";

    /// <summary>Why a reading is stored but not evaluated; null when it is evaluated.</summary>
    public static string? WeakReason(ReadingSegment segment, in Reading reading) =>
        segment.Historical || segment.SentAt - reading.TakenAt > LiveAgeLimit ? Historical
        : reading.Quality == Quality.Calibration ? "CALIBRATION"
        : reading.Quality == Quality.Maintenance ? "MAINTENANCE"
        : null;

    public static Trust Of(DetectorConfig config, in Reading reading) => reading.Quality switch
    {
        Quality.Saturated => Trust.Saturated,
        Quality.Good when !double.IsFinite(reading.Value) => Trust.Bad,
        Quality.Good when reading.Value >= config.RangeTop => Trust.Saturated,
        Quality.Good when reading.Value < config.RangeBottom - config.ZeroDrift => Trust.Bad,
        Quality.Good => Trust.Good,
        Quality.Manual => double.IsFinite(reading.Value) ? Trust.Manual : Trust.Bad,
        Quality.OutOfService => Trust.OutOfService,
        Quality.Bad or Quality.Communication => Trust.Bad,
        Quality.Calibration or Quality.Maintenance => Trust.Weak,
        _ => throw new InvalidOperationException($"quality {reading.Quality} reached evaluation"),
    };

    /// <summary>A value within zero drift below the bottom counts as the bottom; the raw value is kept in the ledger.</summary>
    public static double ForRules(DetectorConfig config, double value) => Math.Max(value, config.RangeBottom);

    /// <summary>
    /// Level that a value has, given the level that is live: a limit is reached at its value and held until its reset
    /// value is passed (S1).
    /// </summary>
    /// <param name="ratePerMinute">Change since the good sample before; NaN where it is not known, which reaches no limit and lets go of none.</param>
    public static AlarmLevel LevelOf(DetectorConfig config, double value, AlarmLevel live, double ratePerMinute = double.NaN)
    {
        var level = AlarmLevel.None;
        foreach (var limit in config.Limits)
            if (limit.Level > level && (limit.IsReachedBy(value, ratePerMinute) || (live >= limit.Level && limit.IsHeldBy(value, ratePerMinute))))
                level = limit.Level;
        return level;
    }

    /// <summary>The limit that a level stands for, the one that the value reaches first; null for a saturated detector without one.</summary>
    public static Limit? LimitAt(DetectorConfig config, AlarmLevel level, double value)
    {
        Limit? found = null;
        foreach (var limit in config.Limits)
            if (limit.Level == level && (found is null || limit.IsReachedBy(value))) found = limit;
        return found;
    }
}
