using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>What can happen to a hazard source. Readings are not events: only what they change is.</summary>
public abstract record HazardSourceEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record SourceCommissioned(DateTimeOffset At, SourceConfig Config, long Version, string By) : HazardSourceEvent(At);

    /// <summary>A recorded clock drives this drill source from now on.</summary>
    public sealed record ClockBound(DateTimeOffset At, ClockId Clock) : HazardSourceEvent(At), IClockBinding;

    /// <summary>A transition of one detector: carries all that readings have made of it, mark included.</summary>
    public abstract record DetectorTransition(DateTimeOffset At, int Detector, DetectorMemo Memo) : HazardSourceEvent(At);

    /// <param name="Basis">Why now: the reading itself, its on-delay ran out, or no good sample came (S14).</param>
    /// <param name="LateBy">How long after it was due; zero when a reading did it.</param>
    /// <param name="Withheld">Why it is not told, if it is not.</param>
    /// <param name="Replaces">The occurrence that was suppressed until now and goes on as this one (S9).</param>
    /// <param name="SuppressedSince">Since when it was active unseen; null for a plain activation.</param>
    public sealed record OccurrenceActivated(
        DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel Level, Crossing Cause,
        ActivationBasis Basis, TimeSpan LateBy, Withheld Withheld = Withheld.No, OccurrenceId? Replaces = null, DateTimeOffset? SuppressedSince = null)
        : DetectorTransition(At, Detector, Memo);

    /// <param name="Withheld">Whether the occurrence is told from now on.</param>
    public sealed record LevelChanged(
        DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel From, AlarmLevel To, Crossing Cause, Withheld Withheld = Withheld.No)
        : DetectorTransition(At, Detector, Memo);

    public sealed record ReturnedToNormal(DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel Peak, double PeakValue)
        : DetectorTransition(At, Detector, Memo);

    /// <summary>The detector is no longer trusted. An occurrence that lives keeps its colour: silence is never comfort.</summary>
    public sealed record DetectorSilent(DateTimeOffset At, int Detector, DetectorMemo Memo, TimeSpan LateBy) : DetectorTransition(At, Detector, Memo);

    /// <summary>The detector is trusted: the first time, or again.</summary>
    public sealed record DetectorTrusted(DateTimeOffset At, int Detector, DetectorMemo Memo) : DetectorTransition(At, Detector, Memo);

    /// <summary>A late reading exceeded more than the state knew (P6): evidence, never a live alarm.</summary>
    public sealed record LateExceedanceFound(DateTimeOffset At, int Detector, DetectorMemo Memo, Crossing Evidence) : DetectorTransition(At, Detector, Memo);

    /// <summary>A calibration or maintenance reading showed more than the test so far (shadow evaluation, alarms.md §4).</summary>
    /// <param name="Permit">The open permit that covers it; empty: unannounced.</param>
    /// <param name="Level">That it would have had.</param>
    public sealed record TestSeen(DateTimeOffset At, int Detector, DetectorMemo Memo, string Permit, AlarmLevel Level, double Value) : DetectorTransition(At, Detector, Memo);

    /// <summary>History shows an exceedance that nobody saw (P7): for the duty desk to look into, never a live alarm.</summary>
    public sealed record RetrospectiveFinding(DateTimeOffset At, int Detector, DetectorMemo Memo, Crossing Evidence) : DetectorTransition(At, Detector, Memo);

    /// <summary>The gateway declared readings lost.</summary>
    public sealed record DataLossDeclared(DateTimeOffset At, int Detector, long Epoch, SeqRange Range, string Reason, string By) : HazardSourceEvent(At);

    /// <summary>A gateway's stream named these detectors: it feeds them from now on.</summary>
    public sealed record DetectorsFed(DateTimeOffset At, string Gateway, ImmutableArray<int> Detectors) : HazardSourceEvent(At);

    /// <summary>A sequence number came again with other content (P2): the first stays, and who sent it is looked into.</summary>
    public sealed record SequenceReused(DateTimeOffset At, int Detector, long Epoch, SeqRange Range, string Gateway) : HazardSourceEvent(At);

    public sealed record WarningRelayed(DateTimeOffset At, RelayedWarning Warning) : HazardSourceEvent(At);

    /// <summary>The other system says that the same warning is of another level or value now.</summary>
    public sealed record WarningUpdated(DateTimeOffset At, OccurrenceId Occurrence, AlarmLevel Level, double Value) : HazardSourceEvent(At);

    public sealed record WarningCleared(DateTimeOffset At, OccurrenceId Occurrence) : HazardSourceEvent(At);

    /// <param name="Expires">S5; null where the occurrence had returned to normal, and in what was journaled before acknowledgements expired.</param>
    public sealed record OccurrenceAcknowledged(DateTimeOffset At, int Detector, OccurrenceId Occurrence, string By, string Note, DateTimeOffset? Expires = null) : HazardSourceEvent(At);

    /// <summary>Still active when its acknowledgement ran out: announced again (S5).</summary>
    /// <param name="OverdueAt">When nobody acknowledging it again turns the source red; null where the level does not demand it.</param>
    public sealed record AcknowledgementExpired(DateTimeOffset At, int Detector, OccurrenceId Occurrence, DateTimeOffset? OverdueAt, TimeSpan LateBy) : HazardSourceEvent(At);

    /// <summary>Corrective action was taken (OPC UA Part 9, Confirm).</summary>
    public sealed record OccurrenceConfirmed(DateTimeOffset At, int Detector, OccurrenceId Occurrence, string By, string Action, DateTimeOffset Expires) : HazardSourceEvent(At);

    public sealed record LatchReset(DateTimeOffset At, int Detector, string By, string Reason) : HazardSourceEvent(At);

    public sealed record SuppressionBegan(DateTimeOffset At, int Detector, SuppressionRegion Region) : HazardSourceEvent(At);

    public sealed record SuppressionEnded(DateTimeOffset At, int Detector, SuppressionEnd Why, string By, TimeSpan LateBy) : HazardSourceEvent(At);

    public sealed record ChatteringBegan(DateTimeOffset At, int Detector) : HazardSourceEvent(At);

    public sealed record ChatteringEnded(DateTimeOffset At, int Detector, int Folded, TimeSpan LateBy) : HazardSourceEvent(At);

    public sealed record PermitOpened(DateTimeOffset At, Permit Permit) : HazardSourceEvent(At);

    public sealed record PermitClosed(DateTimeOffset At, string Permit, string By, string Note) : HazardSourceEvent(At);

    public sealed record LimitsProposed(DateTimeOffset At, LimitSet Set) : HazardSourceEvent(At);

    /// <summary>A proposed set was played over recorded readings (alarms.md §9).</summary>
    public sealed record LimitsBacktested(DateTimeOffset At, int Version, BacktestFinding Finding) : HazardSourceEvent(At);

    /// <summary>In force for every detector without a running occurrence; for the others from their next activation on (S11).</summary>
    public sealed record LimitsActivated(DateTimeOffset At, int Version, string By, string Note) : HazardSourceEvent(At);

    /// <summary>A running occurrence came under the limit set that is in force.</summary>
    public sealed record OccurrenceMigrated(DateTimeOffset At, int Detector, OccurrenceId Occurrence, int From, int To, string By, string Reason) : HazardSourceEvent(At);

    /// <summary>A level 2 occurrence that nobody acknowledged in time: the source turns red.</summary>
    public sealed record AcknowledgementOverdue(DateTimeOffset At, int Detector, OccurrenceId Occurrence, TimeSpan LateBy) : HazardSourceEvent(At);

    public sealed record IncidentOpened(DateTimeOffset At, CaseKey Case, HazardKind Kind, OccurrenceId Occurrence) : HazardSourceEvent(At);

    public sealed record IncidentJoined(DateTimeOffset At, CaseKey Case, OccurrenceId Occurrence) : HazardSourceEvent(At);

    /// <summary>The case was closed when the occurrence reached it: a new case takes it.</summary>
    public sealed record IncidentRenewed(DateTimeOffset At, CaseKey Closed, CaseKey Case, OccurrenceId Occurrence) : HazardSourceEvent(At);

    /// <summary>A newer table of colours is in force here.</summary>
    public sealed record ColourTableAdopted(DateTimeOffset At, ColourTable Table) : HazardSourceEvent(At);

    public sealed record ColourChanged(DateTimeOffset At, Colour From, Colour To, string Reason) : HazardSourceEvent(At);

    /// <summary>All marks at one point, so that the tail to evaluate after a crash is short even for a quiet source.</summary>
    /// <param name="Skews">What the clocks of its gateways are off, as of then.</param>
    public sealed record MarksCheckpointed(
        DateTimeOffset At, long StoredChunk, ImmutableArray<SeqSet> Stored, ImmutableArray<DetectorMemo> Memos, ImmutableArray<GatewaySkew> Skews) : HazardSourceEvent(At);
}

/// <summary>Why an occurrence became active when it did.</summary>
public enum ActivationBasis
{
    Reading = 1, OnDelayElapsed = 2, NoGoodSample = 3,
    /// <summary>It was active while suppressed, and no longer is suppressed (S9).</summary>
    SuppressionEnded = 4,
}

/// <summary>Why a suppression ended.</summary>
public enum SuppressionEnd { Released = 1, Expired = 2, LevelRose = 3, PermitClosed = 4, RuleEnded = 5 }
