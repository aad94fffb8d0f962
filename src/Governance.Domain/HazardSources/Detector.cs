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

    public sealed record Active(OccurrenceId Occurrence, AlarmLevel Level, AlarmLevel Peak, double PeakValue, DateTimeOffset ActivatedAt) : ProcessRegion;

    /// <summary>Below the reset value, not yet for long enough. Both stamps count: the slower clock ends it.</summary>
    public sealed record Clearing(Active Was, DateTimeOffset SinceSampled, DateTimeOffset SinceReceived) : ProcessRegion;
}

/// <summary>The reading that made something happen.</summary>
/// <param name="Limit">The limit value that it reached; NaN where none.</param>
public sealed record Crossing(long Epoch, long Seq, double Value, double Limit, AlarmLevel Level, DateTimeOffset SampledAt);

/// <summary>Can this detector be trusted now?</summary>
public enum Health : byte
{
    /// <summary>No good reading yet.</summary>
    Never = 0,
    Trusted = 1,
    /// <summary>Silent for more than 3 periods (at least 60 s).</summary>
    Stale = 2,
    /// <summary>Silent for more than 10 periods (at least 120 s).</summary>
    Lost = 3,
    /// <summary>Said so itself (quality F).</summary>
    OutOfService = 4,
}

/// <summary>The operator region: who has seen the alarm. A rise of level voids it (S5).</summary>
public sealed record OperatorRegion(string AcknowledgedBy, DateTimeOffset? AcknowledgedAt, DateTimeOffset? OverdueAt, bool Overdue)
{
    public static readonly OperatorRegion None = new("", null, null, false);
    public bool IsAcknowledged => AcknowledgedAt is not null;
}

/// <summary>
/// All that readings change in a detector. A transition event carries the whole of it, so what happened between two
/// transitions needs no event: it is evaluated again from the ledger.
/// </summary>
/// <param name="Evaluated">The evaluated mark: in every event and snapshot, the only truth about evaluation.</param>
/// <param name="LastReceivedAt">Of the last evaluated reading of any quality.</param>
/// <param name="LastGoodAt">Received time of the last trustworthy reading; silence counts from here.</param>
public readonly record struct DetectorMemo(
    SeqSet Evaluated, ProcessRegion Process, Health Health, Quality LastQuality, double LastValue,
    DateTimeOffset LastSampledAt, DateTimeOffset LastReceivedAt, DateTimeOffset LastGoodSampledAt, DateTimeOffset LastGoodAt)
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
/// <param name="Retired">No longer commissioned; its ordinal is never used again.</param>
public readonly record struct Detector(DetectorConfig Config, DetectorMemo Memo, OperatorRegion Operator, bool Retired)
{
    public AlarmLevel Level => Memo.Live?.Level ?? AlarmLevel.None;
}
