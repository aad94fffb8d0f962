using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>Which way a limit looks.</summary>
public enum LimitDirection
{
    High = 1,
    Low = 2,
    /// <summary>Change per minute between two good samples: a positive limit is a rise, a negative one a fall.</summary>
    Rate = 3,
}

/// <summary>One alarm limit (alarms.md S1): activates at value ≥ limit, clears only at value &lt; limit − deadband; mirrored for low.</summary>
/// <param name="OnDelay">Level 1 of non-toxic kinds only (S2).</param>
/// <param name="OnDelaySamples">Good samples in a row that the alarm needs; 0 or 1: none.</param>
/// <param name="OffDelay">Good samples below the reset value for so long, without a gap (S14).</param>
public sealed record Limit(
    LimitDirection Direction, AlarmLevel Level, double Value, double Deadband, TimeSpan OnDelay, int OnDelaySamples, TimeSpan OffDelay)
{
    /// <summary>Where the alarm resets. In decimal arithmetic, so that 1.0 − 0.1 is the double that people write as 0.9.</summary>
    public double Reset { get; } = ResetOf(Value, IsUpward(Direction, Value) ? -Deadband : Deadband);

    /// <param name="value">In the detector's unit.</param>
    /// <param name="ratePerMinute">NaN where there is no sample before it.</param>
    public bool IsReachedBy(double value, double ratePerMinute = double.NaN) => Direction switch
    {
        LimitDirection.High => value >= Value,
        LimitDirection.Low => value <= Value,
        _ => Value > 0 ? ratePerMinute >= Value : ratePerMinute <= Value,
    };

    /// <summary>Still on the alarm's side of the reset value. A rate that is not known comforts nobody: it holds.</summary>
    public bool IsHeldBy(double value, double ratePerMinute = double.NaN) => Direction switch
    {
        LimitDirection.High => value >= Reset,
        LimitDirection.Low => value <= Reset,
        _ => double.IsNaN(ratePerMinute) || (Value > 0 ? ratePerMinute >= Reset : ratePerMinute <= Reset),
    };

    private static bool IsUpward(LimitDirection direction, double value) => direction == LimitDirection.High || (direction == LimitDirection.Rate && value > 0);

    public bool IsDelayed => OnDelay > TimeSpan.Zero || OnDelaySamples > 1;

    /// <summary>A limit that no decimal can hold is a fault for <see cref="SourceConfig.Faults"/> to name, not an exception here.</summary>
    private static double ResetOf(double value, double step) =>
        Math.Abs(value) < 1e12 && Math.Abs(step) < 1e12 ? (double)((decimal)value + (decimal)step) : value + step;
}

/// <summary>A commissioned detector.</summary>
/// <param name="Period">Sampling period; silence is counted in periods.</param>
/// <param name="ZeroDrift">A value so far below the range bottom is drift; further below is a fault.</param>
/// <param name="Point">Name of the measuring point, e.g. 液氯包装15号秤.</param>
/// <param name="LatchFrom">An occurrence that reaches this level latches; <see cref="AlarmLevel.None"/>: never.</param>
/// <param name="FrozenSamples">So many equal good values in a row are a frozen detector (alarms.md §3); 0: no noise is expected.</param>
public sealed record DetectorConfig(
    DetectorId Id, HazardKind Kind, string Unit, TimeSpan Period, double RangeBottom, double RangeTop, double ZeroDrift,
    string Zone, string Point, ImmutableArray<Limit> Limits, AlarmLevel LatchFrom = AlarmLevel.None, int FrozenSamples = 0)
{
    public bool IsToxic => Kind == HazardKind.ToxicGas;

    /// <summary>The off-delay that ends an occurrence: the longest of its limits.</summary>
    public TimeSpan OffDelay { get; } = Limits.IsDefaultOrEmpty ? TimeSpan.Zero : Limits.Max(l => l.OffDelay);

    public bool HasHighLimit { get; } = !Limits.IsDefaultOrEmpty && Limits.Any(l => l.Direction == LimitDirection.High);
    public bool HasRateLimit { get; } = !Limits.IsDefaultOrEmpty && Limits.Any(l => l.Direction == LimitDirection.Rate);

    /// <summary>The same detector under other limits: what is derived from them is derived anew.</summary>
    public DetectorConfig WithLimits(ImmutableArray<Limit> limits) =>
        new(Id, Kind, Unit, Period, RangeBottom, RangeTop, ZeroDrift, Zone, Point, limits, LatchFrom, FrozenSamples);

    public bool Equals(DetectorConfig? other) =>
        other is not null && (Id, Kind, Unit, Period, RangeBottom, RangeTop, ZeroDrift, Zone, Point)
        == (other.Id, other.Kind, other.Unit, other.Period, other.RangeBottom, other.RangeTop, other.ZeroDrift, other.Zone, other.Point)
        && (LatchFrom, FrozenSamples) == (other.LatchFrom, other.FrozenSamples) && Limits.SequenceEqual(other.Limits);

    public override int GetHashCode() => HashCode.Combine(Id, Kind, Unit, Period, Limits.Length);
}

/// <summary>A space watched for one quantity: so many of its detectors must stay healthy, else the source is grey.</summary>
public sealed record Zone(string Name, int HealthyMin);

/// <summary>
/// Suppression by design (ISA-18.2): while one detector's alarm is active, it explains those of others, e.g. the low
/// pressure behind a pump that tripped. A level above <paramref name="UpTo"/> breaks through; of toxic gas it is never more than level 1.
/// </summary>
/// <param name="Trigger">The detector that explains the others, from <paramref name="TriggerLevel"/> on.</param>
public sealed record SuppressionRule(string Name, string Trigger, AlarmLevel TriggerLevel, ImmutableList<string> Suppressed, AlarmLevel UpTo)
{
    public bool Equals(SuppressionRule? other) => other is not null
        && (Name, Trigger, TriggerLevel, UpTo) == (other.Name, other.Trigger, other.TriggerLevel, other.UpTo) && Suppressed.SequenceEqual(other.Suppressed);
    public override int GetHashCode() => HashCode.Combine(Name, Trigger, Suppressed.Count);
}

/// <summary>What a hazard source consists of, as commissioned (alarms.md §6b).</summary>
/// <param name="Drill">A drill source takes recorded streams only, a live one live streams only: drills never touch live state.</param>
public sealed record SourceConfig(
    HazardSourceId Id, string Name, string Enterprise, AreaCode Area, bool Drill,
    ImmutableArray<DetectorConfig> Detectors, ImmutableArray<Zone> Zones)
{
    public ImmutableArray<SuppressionRule> Rules { get; init; } = [];
    /// <summary>Suppression rules per source.</summary>
    public const int RuleLimit = 100;
    /// <summary>Detectors per source.</summary>
    public const int DetectorLimit = 1000;
    /// <summary>Limits per detector.</summary>
    public const int LimitLimit = 12;

    public bool Equals(SourceConfig? other) =>
        other is not null && (Id, Name, Enterprise, Area, Drill) == (other.Id, other.Name, other.Enterprise, other.Area, other.Drill)
        && Detectors.SequenceEqual(other.Detectors) && Zones.SequenceEqual(other.Zones) && Rules.SequenceEqual(other.Rules);

    public override int GetHashCode() => HashCode.Combine(Id, Name, Detectors.Length);

    /// <summary>Everything that is wrong with it, a sentence each; empty when it can be put into service.</summary>
    public ImmutableList<string> Faults() =>
    [
        .. Detectors.Length is 0 or > DetectorLimit ? [$"a source has 1 to {DetectorLimit} detectors, not {Detectors.Length}"] : Array.Empty<string>(),
        .. Detectors.GroupBy(d => d.Id).Where(g => g.Count() > 1).Select(g => $"detector {g.Key} is listed twice"),
        .. Zones.GroupBy(z => z.Name).Where(g => g.Count() > 1).Select(g => $"zone {g.Key} is listed twice"),
        .. Zones.Where(z => z.HealthyMin < 0 || z.HealthyMin > Detectors.Count(d => d.Zone == z.Name))
            .Select(z => $"zone {z.Name} wants {z.HealthyMin} healthy of {Detectors.Count(d => d.Zone == z.Name)} detectors"),
        .. Detectors.SelectMany(FaultsOf),
        .. Rules.Length > RuleLimit ? [$"more than {RuleLimit} suppression rules"] : Array.Empty<string>(),
        .. Rules.GroupBy(r => r.Name).Where(g => g.Count() > 1).Select(g => $"suppression rule {g.Key} is listed twice"),
        .. Rules.SelectMany(FaultsOf),
    ];

    private IEnumerable<string> FaultsOf(SuppressionRule r)
    {
        if (r.Name.Length is 0 or > 200) yield return "a suppression rule needs a name of at most 200 characters";
        foreach (var unknown in r.Suppressed.Append(r.Trigger).Where(n => Detectors.All(d => d.Id.Value != n))) yield return $"rule {r.Name}: no detector {unknown}";
        if (r.Suppressed.IsEmpty || r.Suppressed.Contains(r.Trigger)) yield return $"rule {r.Name}: it suppresses other detectors, at least one";
        if (r.TriggerLevel is < AlarmLevel.One or > AlarmLevel.Three || r.UpTo is < AlarmLevel.One or > AlarmLevel.Three) yield return $"rule {r.Name}: levels are 1 to 3";
        foreach (var toxic in Detectors.Where(d => d.IsToxic && r.UpTo > AlarmLevel.One && r.Suppressed.Contains(d.Id.Value))) yield return $"rule {r.Name}: {toxic.Id} is toxic gas, suppressed up to level 1 only (S8)";
    }

    private IEnumerable<string> FaultsOf(DetectorConfig d)
    {
        if (!Enum.IsDefined(d.Kind)) yield return $"{d.Id}: kind is missing";
        if (d.Unit.Length is 0 or > 20) yield return $"{d.Id}: unit is missing or longer than 20 characters";
        if (d.Period < TimeSpan.FromMilliseconds(100) || d.Period > TimeSpan.FromDays(1)) yield return $"{d.Id}: period must be 0.1 s to 1 day";
        if (!(d.RangeBottom < d.RangeTop)) yield return $"{d.Id}: range bottom must be below range top";
        if (!(d.ZeroDrift >= 0)) yield return $"{d.Id}: zero drift must not be negative";
        if (d.Zone.Length > 0 && Zones.All(z => z.Name != d.Zone)) yield return $"{d.Id}: zone {d.Zone} is not listed";
        if (d.LatchFrom is < AlarmLevel.None or > AlarmLevel.Three) yield return $"{d.Id}: latch_from is a level or none";
        if (d.FrozenSamples is < 0 or 1 or 2) yield return $"{d.Id}: frozen_samples is 0 or at least 3";
        if (d.Limits.Length > LimitLimit) yield return $"{d.Id}: more than {LimitLimit} limits";
        foreach (var twice in d.Limits.GroupBy(l => (l.Direction, l.Level)).Where(g => g.Count() > 1))
            yield return $"{d.Id}: two limits {twice.Key.Direction} level {(int)twice.Key.Level}";
        foreach (var fault in d.Limits.SelectMany(l => FaultsOf(d, l))) yield return $"{d.Id}: {fault}";
    }

    private static IEnumerable<string> FaultsOf(DetectorConfig d, Limit l)
    {
        if (!Enum.IsDefined(l.Direction) || l.Level is < AlarmLevel.One or > AlarmLevel.Three) yield return "a limit needs a direction and a level 1 to 3";
        if (!double.IsFinite(l.Value) || Math.Abs(l.Value) > 1e12) yield return "a limit value must be a finite number below 1e12";
        if (l.Direction == LimitDirection.Rate && l.Value == 0) yield return "a rate limit is a change per minute, not 0";
        if (!(l.Deadband >= 0 && l.Deadband < 1e12)) yield return "a deadband must be 0 or more";
        if (l.OnDelay < TimeSpan.Zero || l.OnDelaySamples < 0 || l.OffDelay < TimeSpan.Zero) yield return "a delay must not be negative";
        if (l.OnDelay > TimeSpan.FromHours(1) || l.OffDelay > TimeSpan.FromHours(24)) yield return "an on-delay is at most 1 h, an off-delay at most 24 h";
        if (l.IsDelayed && d.IsToxic) yield return "toxic gas has no on-delay at any level (S2)";
        if (l.IsDelayed && l.Level != AlarmLevel.One) yield return "an on-delay is allowed at level 1 only (S2)";
    }
}
