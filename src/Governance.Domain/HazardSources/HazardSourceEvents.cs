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
    public sealed record OccurrenceActivated(
        DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel Level, Crossing Cause,
        ActivationBasis Basis, TimeSpan LateBy) : DetectorTransition(At, Detector, Memo);

    public sealed record LevelChanged(
        DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel From, AlarmLevel To, Crossing Cause)
        : DetectorTransition(At, Detector, Memo);

    public sealed record ReturnedToNormal(DateTimeOffset At, int Detector, DetectorMemo Memo, OccurrenceId Occurrence, AlarmLevel Peak, double PeakValue)
        : DetectorTransition(At, Detector, Memo);

    /// <summary>The detector is no longer trusted. An occurrence that lives keeps its colour: silence is never comfort.</summary>
    public sealed record DetectorSilent(DateTimeOffset At, int Detector, DetectorMemo Memo, TimeSpan LateBy) : DetectorTransition(At, Detector, Memo);

    /// <summary>The detector is trusted: the first time, or again.</summary>
    public sealed record DetectorTrusted(DateTimeOffset At, int Detector, DetectorMemo Memo) : DetectorTransition(At, Detector, Memo);

    /// <summary>A late reading exceeded more than the state knew (P6): evidence, never a live alarm.</summary>
    public sealed record LateExceedanceFound(DateTimeOffset At, int Detector, DetectorMemo Memo, Crossing Evidence) : DetectorTransition(At, Detector, Memo);

    /// <summary>The gateway declared readings lost.</summary>
    public sealed record DataLossDeclared(DateTimeOffset At, int Detector, long Epoch, SeqRange Range, string Reason, string By) : HazardSourceEvent(At);

    public sealed record WarningRelayed(DateTimeOffset At, RelayedWarning Warning) : HazardSourceEvent(At);

    public sealed record WarningCleared(DateTimeOffset At, OccurrenceId Occurrence) : HazardSourceEvent(At);

    public sealed record OccurrenceAcknowledged(DateTimeOffset At, int Detector, OccurrenceId Occurrence, string By, string Note) : HazardSourceEvent(At);

    /// <summary>A level 2 occurrence that nobody acknowledged in time: the source turns red.</summary>
    public sealed record AcknowledgementOverdue(DateTimeOffset At, int Detector, OccurrenceId Occurrence, TimeSpan LateBy) : HazardSourceEvent(At);

    public sealed record IncidentOpened(DateTimeOffset At, CaseKey Case, HazardKind Kind, OccurrenceId Occurrence) : HazardSourceEvent(At);

    public sealed record IncidentJoined(DateTimeOffset At, CaseKey Case, OccurrenceId Occurrence) : HazardSourceEvent(At);

    /// <summary>The case was closed when the occurrence reached it: a new case takes it.</summary>
    public sealed record IncidentRenewed(DateTimeOffset At, CaseKey Closed, CaseKey Case, OccurrenceId Occurrence) : HazardSourceEvent(At);

    public sealed record ColourChanged(DateTimeOffset At, Colour From, Colour To, string Reason) : HazardSourceEvent(At);

    /// <summary>All marks at one point, so that the tail to evaluate after a crash is short even for a quiet source.</summary>
    public sealed record MarksCheckpointed(
        DateTimeOffset At, long StoredChunk, ImmutableArray<SeqSet> Stored, ImmutableArray<DetectorMemo> Memos) : HazardSourceEvent(At);
}

/// <summary>Why an occurrence became active when it did.</summary>
public enum ActivationBasis { Reading = 1, OnDelayElapsed = 2, NoGoodSample = 3 }
