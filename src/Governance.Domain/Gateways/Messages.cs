using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Gateways;

/// <summary>A detector that needs maintenance: silent for more than ten periods, or always telling the same.</summary>
/// <param name="Since">Its last good reading.</param>
public sealed record DetectorFault(string Detector, Health Health, DateTimeOffset Since);

/// <summary>To a gateway: all that one source says of it. Sent when it changes; the latest counts.</summary>
/// <param name="Detectors">That it feeds; 0: another gateway does now.</param>
/// <param name="Period">The shortest sampling period among them.</param>
/// <param name="Faults">In order of commissioning.</param>
public sealed record SourceFed(
    HazardSourceId Source, string Name, string Enterprise, AreaCode Area, int Detectors, TimeSpan Period, ImmutableList<DetectorFault> Faults, DateTimeOffset At) : IEntityMessage
{
    /// <summary>The same but for the time at which it was said.</summary>
    public bool SaysTheSameAs(SourceFed? other) => other is not null
        && (Source, Name, Enterprise, Area, Detectors, Period) == (other.Source, other.Name, other.Enterprise, other.Area, other.Detectors, other.Period)
        && Faults.SequenceEqual(other.Faults);
}

/// <summary>To a case: monitoring itself failed (category 监测点离线或数据异常). Opens the case or joins it; ends with <see cref="OccurrenceCleared"/>.</summary>
/// <param name="Source">None for a whole gateway.</param>
/// <param name="Detector">Empty for a whole gateway.</param>
public sealed record MonitoringFaultRaised(
    OccurrenceId Occurrence, string Gateway, HazardSourceId? Source, string Name, string Enterprise, AreaCode Area, string Detector, DateTimeOffset At, string Text) : IEntityMessage;

/// <summary>What the edge says of one stream of a gateway: when it begins, every few seconds, and when it ends.</summary>
/// <param name="Session">This stream.</param>
/// <param name="SilentFor">How long ago its last frame of any kind came: a time span, because two nodes have two clocks.</param>
/// <param name="Skew">None while too little was heard to know.</param>
public sealed record SessionReport(Guid Session, long Epoch, string Node, TimeSpan SilentFor, TimeSpan? Skew, bool Ended);
