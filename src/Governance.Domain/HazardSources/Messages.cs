using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>Who saw an occurrence. <see cref="Monitoring"/>: the engine itself missed readings.</summary>
public enum Witness { Sensor = 1, Relay = 2, Monitoring = 3 }

/// <summary>To a case: an alarm became active, or a warning was relayed. Opens the case or joins it.</summary>
/// <param name="At">When it became active (evaluation time): the case's receipt.</param>
/// <param name="Detector">Empty for a relayed warning with a point of its own.</param>
/// <param name="Level">Level of this occurrence.</param>
/// <param name="Colour">Colour of the source now: the case takes it as its level (alarms.md §3).</param>
/// <param name="Value">The value that caused it, in <paramref name="Unit"/>; NaN when the witness gave none.</param>
public sealed record OccurrenceRaised(
    OccurrenceId Occurrence, Witness Witness, HazardSourceId Source, string SourceName, string Enterprise, AreaCode Area, string Detector,
    HazardKind Kind, AlarmLevel Level, Colour Colour, double Value, double Limit, string Unit,
    bool Drill, ClockId Clock, DateTimeOffset At, string Text) : IEntityMessage;

/// <summary>To a case: level or colour of a linked occurrence changed.</summary>
public sealed record OccurrenceChanged(
    OccurrenceId Occurrence, AlarmLevel Level, AlarmLevel Peak, Colour Colour, double Value, DateTimeOffset At, string Text) : IEntityMessage;

/// <summary>To a case: a linked occurrence returned to normal (off-delay included).</summary>
public sealed record OccurrenceCleared(OccurrenceId Occurrence, DateTimeOffset At) : IEntityMessage;

/// <summary>
/// To a case: the detector of a live occurrence fell silent. <paramref name="Unwatched"/>: for so long, and with no
/// healthy neighbour that reads normal, that the case rises by one level (alarms.md §3).
/// </summary>
public sealed record OccurrenceDataLost(OccurrenceId Occurrence, bool Unwatched, DateTimeOffset At) : IEntityMessage;

/// <summary>To a case: the silent detector speaks again.</summary>
public sealed record OccurrenceDataRestored(OccurrenceId Occurrence, DateTimeOffset At) : IEntityMessage;

/// <summary>To the roster: this source is in service and must be touched every minute.</summary>
public sealed record SourceEnrolled(HazardSourceId Source, AreaCode Area, string Name, bool Drill, DateTimeOffset At) : IEntityMessage;
