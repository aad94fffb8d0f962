using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>The process region of a detector's alarm (alarms.md §2): each phase holds only what exists in it.</summary>
public abstract record ProcessRegion
{
    private ProcessRegion() { }

    public sealed record Normal : ProcessRegion
    {
        public static readonly Normal Instance = new();
    }

    /// <summary>Over a delayed level-1 limit, not yet for long enough.</summary>
    public sealed record Pending(OccurrenceId Occurrence, Crossing First, DateTimeOffset Since, int Samples) : ProcessRegion;

    /// <param name="Cause">The reading behind the level that it has now.</param>
    public sealed record Active(OccurrenceId Occurrence, AlarmLevel Level, AlarmLevel Peak, double PeakValue, DateTimeOffset ActivatedAt, Crossing? Cause) : ProcessRegion;

    /// <summary>Below the reset value, not yet for long enough. Both stamps count: the slower clock ends it.</summary>
    public sealed record Clearing(Active Was, DateTimeOffset SinceSampled, DateTimeOffset SinceReceived) : ProcessRegion;
}

/// <summary>The reading that made something happen.</summary>
/// <param name="Limit">The limit value that it reached; NaN where none.</param>
/// <param name="Skew">What the gateway's clock was off then, where it was more than 2 s: evidence with a doubtful time (alarms.md §5).</param>
public sealed record Crossing(long Epoch, long Seq, double Value, double Limit, AlarmLevel Level, DateTimeOffset SampledAt, TimeSpan Skew = default);

/// <summary>Can this detector be trusted now?</summary>
public enum Health : byte
{
    /// <summary>No good reading yet.</summary>
    Never = 0,
    Trusted = 1,
    /// <summary>Silent for more than 3 periods (at least 60 s).</summary>
    Stale = 2,
    /// <summary>Silent for more than 10 periods (and no sooner than it is stale).</summary>
    Lost = 3,
    /// <summary>Said so itself (quality F).</summary>
    OutOfService = 4,
    /// <summary>The very same value too often where noise is expected (alarms.md §3).</summary>
    Frozen = 5,
}

/// <summary>
/// All that readings change in a detector. A transition event carries the whole of it, so what happened between two
/// transitions needs no event: it is evaluated again from the ledger.
/// </summary>
/// <param name="Evaluated">The evaluated mark: in every event and snapshot, the only truth about evaluation.</param>
/// <param name="LastReceivedAt">Of the last evaluated reading of any quality.</param>
/// <param name="LastGoodAt">Received time of the last trustworthy reading; silence counts from here.</param>
/// <param name="LastGoodValue">NaN before the first.</param>
/// <param name="Repeats">How often in a row a good value was bit for bit the one before.</param>
/// <param name="DriftSamples">Values a little below the range bottom, counted as the bottom (alarms.md §4).</param>
/// <param name="HistoryLevel">Highest level of the exceedances that history showed around <paramref name="HistoryTicks"/> (P7).</param>
/// <param name="HistoryTicks">Sampled time of the last of them, UTC ticks.</param>
/// <param name="Test">0: measuring. Else a test runs (quality C or M), 1 + the highest level that it showed.</param>
public readonly record struct DetectorMemo(
    SeqSet Evaluated, ProcessRegion Process, Health Health, Quality LastQuality, double LastValue,
    DateTimeOffset LastSampledAt, DateTimeOffset LastReceivedAt, DateTimeOffset LastGoodSampledAt, DateTimeOffset LastGoodAt,
    double LastGoodValue = double.NaN, int Repeats = 0, int DriftSamples = 0, int Test = 0, AlarmLevel HistoryLevel = AlarmLevel.None, long HistoryTicks = 0)
{
    public static readonly DetectorMemo New = new(SeqSet.Empty, ProcessRegion.Normal.Instance, Health.Never, Quality.Good, double.NaN,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>The occurrence that lives now, clearing included.</summary>
    public ProcessRegion.Active? Live => Process switch
    {
        ProcessRegion.Active active => active,
        ProcessRegion.Clearing clearing => clearing.Was,
        _ => null,
    };
}

/// <summary>One detector: what it is, what readings made of it, what people did.</summary>
/// <param name="Config">What it is evaluated under: a running occurrence keeps the limits that it was raised under (S11).</param>
/// <param name="Retired">No longer commissioned; its ordinal is never used again.</param>
public readonly record struct Detector(DetectorConfig Config, DetectorMemo Memo, Handling Handling, bool Retired)
{
    /// <summary>Level of the process region, suppressed or not.</summary>
    public AlarmLevel Level => Memo.Live?.Level ?? AlarmLevel.None;
    /// <summary>What counts as a live exceedance: nothing of a detector that is out of service (alarms.md §3).</summary>
    public AlarmLevel DangerLevel => IsOutOfService ? AlarmLevel.None : Level;
    public bool IsOutOfService => Handling.Suppression is SuppressionRegion.OutOfService;
    public bool IsHealthy => !Retired && Memo.Health == Health.Trusted && !IsOutOfService;
    public OperatorRegion Operator => Handling.Operator;
}
