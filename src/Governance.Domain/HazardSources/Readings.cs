using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>Quality letter of a sample (HJ 212; alarms.md §4), as the gateway sent it.</summary>
public enum Quality : byte
{
    Good = 1,
    /// <summary>T: at or above the range top. Danger, not a fault.</summary>
    Saturated = 2,
    Bad = 3,
    Calibration = 4,
    Maintenance = 5,
    Manual = 6,
    OutOfService = 7,
    Communication = 8,
}

/// <summary>One sample of one detector.</summary>
/// <param name="Detector">Ordinal of the detector in its source: given at commissioning, never reused.</param>
/// <param name="Seq">Contiguous from 1 per detector and epoch.</param>
/// <param name="SampledTicks">Detector clock, UTC ticks (100 ns).</param>
/// <param name="TakenTicks">Gateway clock when it got the sample, UTC ticks.</param>
/// <param name="Value">In the detector's commissioned unit; NaN when absent.</param>
public readonly record struct Reading(long Seq, long SampledTicks, long TakenTicks, double Value, int Detector, Quality Quality)
{
    public Reading(int detector, long seq, DateTimeOffset sampledAt, DateTimeOffset takenAt, double value, Quality quality)
        : this(seq, sampledAt.UtcTicks, takenAt.UtcTicks, value, detector, quality) { }

    public DateTimeOffset SampledAt => new(SampledTicks, TimeSpan.Zero);
    public DateTimeOffset TakenAt => new(TakenTicks, TimeSpan.Zero);
}

/// <summary>Readings of one source that arrived together in one frame, in the order in which they were sent.</summary>
/// <param name="ReceivedAt">The <c>now</c> of their evaluation, live and when evaluated again after a crash.</param>
/// <param name="Historical">Declared by the gateway: stored, never evaluated (alarms.md P7).</param>
public sealed record ReadingSegment(
    GatewayId Gateway, long Epoch, ClockId Clock, DateTimeOffset ReceivedAt, DateTimeOffset SentAt, bool Historical,
    ImmutableArray<Reading> Readings);
