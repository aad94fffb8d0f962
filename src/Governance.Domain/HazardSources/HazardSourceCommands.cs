using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>Puts a source into service or changes what it consists of. The same content again is a no-op. Refusals: SOURCE_CONFIG_FAULTY, SOURCE_HAS_LIVE_OCCURRENCE, DRILL_FLAG_FIXED.</summary>
public sealed record CommissionSource(SourceConfig Config) : ICommand;

/// <summary>A warning of another system (alarms.md §6, point/time/kind form). Refusals: UNKNOWN_SOURCE, UNKNOWN_DETECTOR, DRILL_ON_LIVE_SOURCE, LIVE_ON_DRILL_SOURCE, INVALID_WARNING.</summary>
public sealed record RelayWarning(
    string Sender, string Identifier, DateTimeOffset Sent, string Detector, string Point, HazardKind Kind, AlarmLevel Level, double Value,
    double Threshold, string Unit, DateTimeOffset ObservedAt, bool Cleared, string Text, bool Drill) : ICommand
{
    /// <summary>CAP identity.</summary>
    public string Identity => $"{Sender}|{Identifier}|{Sent.UtcTicks}";
}

/// <summary>An operator has seen the alarm (ISA-18.2). Refusals: UNKNOWN_SOURCE, OCCURRENCE_NOT_LIVE.</summary>
public sealed record AcknowledgeOccurrence(OccurrenceId Occurrence, string Note) : ICommand;
