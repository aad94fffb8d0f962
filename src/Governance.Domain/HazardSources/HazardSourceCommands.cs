using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>Puts a source into service or changes what it consists of. The same content again is a no-op. Refusals: SOURCE_CONFIG_FAULTY, SOURCE_HAS_LIVE_OCCURRENCE, DRILL_FLAG_FIXED.</summary>
public sealed record CommissionSource(SourceConfig Config) : ICommand;

/// <summary>A warning of another system about this source (alarms.md §6). Refusals: UNKNOWN_SOURCE, UNKNOWN_DETECTOR, UNKNOWN_WARNING, WARNING_EXPIRED, DRILL_ON_LIVE_SOURCE, LIVE_ON_DRILL_SOURCE, INVALID_WARNING, TEXT_TOO_LONG.</summary>
/// <param name="Update">Says what holds now about a warning that is known: its level may rise or fall. Unknown here, it is a new warning.</param>
/// <param name="Expires">A warning whose time is over is refused; one that is live stays until it is cleared: silence is never comfort.</param>
public sealed record RelayWarning(
    string Sender, string Identifier, DateTimeOffset Sent, string Detector, string Point, HazardKind Kind, AlarmLevel Level, double Value,
    double Threshold, string Unit, DateTimeOffset ObservedAt, bool Cleared, string Text, bool Drill, bool Update = false, DateTimeOffset? Expires = null) : ICommand
{
    /// <summary>CAP identity.</summary>
    public string Identity => $"{Sender}|{Identifier}|{Sent.UtcTicks}";
}

/// <summary>An operator has seen the alarm (ISA-18.2), before or after its return to normal. Refusals: UNKNOWN_SOURCE, OCCURRENCE_NOT_LIVE, TEXT_TOO_LONG.</summary>
public sealed record AcknowledgeOccurrence(OccurrenceId Occurrence, string Note) : ICommand;

/// <summary>Corrective action has been taken (OPC UA Part 9). Refusals: OCCURRENCE_NOT_LIVE, NOT_ACKNOWLEDGED, REASON_MISSING, TEXT_TOO_LONG.</summary>
public sealed record ConfirmOccurrence(OccurrenceId Occurrence, string Action) : ICommand;

/// <summary>Puts an alarm aside (S8). Refusals: UNKNOWN_DETECTOR, REASON_MISSING, SHELVE_END_INVALID, TOXIC_LEVEL_NOT_SHELVABLE, LEVEL_ABOVE_SHELF, ALREADY_SUPPRESSED, ZONE_WOULD_BE_UNWATCHED.</summary>
/// <param name="UpTo">The highest level that is put aside; none: the one that it has, at least level 1.</param>
public sealed record ShelveDetector(string Detector, AlarmLevel UpTo, DateTimeOffset Until, string Reason) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, NOT_SHELVED.</summary>
public sealed record UnshelveDetector(string Detector) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, REASON_MISSING, PERMIT_REQUIRED, OUT_OF_SERVICE_END_INVALID, ALREADY_SUPPRESSED, ZONE_WOULD_BE_UNWATCHED.</summary>
public sealed record TakeOutOfService(string Detector, string Permit, DateTimeOffset Until, string Reason) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, NOT_OUT_OF_SERVICE.</summary>
public sealed record ReturnToService(string Detector) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, REASON_MISSING, CONDITION_STILL_TRUE (S10).</summary>
public sealed record ResetLatch(string Detector, string Reason) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, PERMIT_ID_INVALID, PERMIT_END_INVALID, PERMIT_EXISTS, TOO_MANY_PERMITS, REASON_MISSING.</summary>
public sealed record OpenPermit(string Id, ImmutableList<string> Detectors, DateTimeOffset Until, string Reason) : ICommand;

/// <summary>What is out of service under it returns. Refusals: UNKNOWN_PERMIT.</summary>
public sealed record ClosePermit(string Id, string Note) : ICommand;

/// <summary>Refusals: UNKNOWN_DETECTOR, LIMITS_FAULTY, REASON_MISSING.</summary>
public sealed record ProposeLimits(ImmutableList<DetectorLimits> Detectors, string Reason) : ICommand;

/// <summary>What a backtest of a proposal found. Refusals: UNKNOWN_LIMIT_SET, LIMIT_SET_IN_FORCE.</summary>
public sealed record RecordBacktest(int Version, DateTimeOffset From, DateTimeOffset To, long Readings, int Added, int Removed, ImmutableList<string> Missed) : ICommand;

/// <summary>Refusals: UNKNOWN_LIMIT_SET, NOT_BACKTESTED, INCIDENT_WOULD_BE_MISSED, LIMITS_FAULTY, REASON_MISSING.</summary>
public sealed record ActivateLimits(int Version, string Note) : ICommand;

/// <summary>Brings a running occurrence under the limits in force (S11). Refusals: OCCURRENCE_NOT_LIVE, REASON_MISSING.</summary>
public sealed record MigrateOccurrence(OccurrenceId Occurrence, string Reason) : ICommand;
