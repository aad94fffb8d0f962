using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Gateways;

/// <summary>How far a gateway's clock can be used (alarms.md §5).</summary>
public enum SkewClass { Agrees = 0, Off = 1, Untrusted = 2 }

/// <summary>A fault that a case is about.</summary>
public sealed record OrderedFault(string Detector, OccurrenceId Occurrence);

/// <summary>What can happen to a device gateway.</summary>
public abstract record GatewayEvent(DateTimeOffset At) : IDomainEvent
{
    /// <summary>A stream began; the one before is over, whether it knows or not.</summary>
    public sealed record SessionOpened(DateTimeOffset At, Guid Session, long Epoch, string Node) : GatewayEvent(At);

    /// <summary>A stream that was superseded still sent frames: two devices use one name. A security event.</summary>
    public sealed record SessionsContended(DateTimeOffset At, Guid Session, string Node) : GatewayEvent(At);

    public sealed record SessionEnded(DateTimeOffset At, Guid Session) : GatewayEvent(At);

    /// <summary>A stream of an epoch that is over (P5): a zombie, or another device of this name. A security event.</summary>
    public sealed record SessionDoubted(DateTimeOffset At, Guid Session, long Epoch, string Node) : GatewayEvent(At);

    public sealed record SkewChanged(DateTimeOffset At, TimeSpan Skew, SkewClass Class) : GatewayEvent(At);

    public sealed record SourceNoted(DateTimeOffset At, SourceFed Feed) : GatewayEvent(At);

    /// <summary>Nothing was heard of it for too long: its detectors are grey as symptoms of this (alarms.md §3).</summary>
    public sealed record GatewayLost(DateTimeOffset At, OccurrenceId Occurrence, CaseKey Case, DateTimeOffset LastHeardAt, TimeSpan LateBy) : GatewayEvent(At);

    public sealed record GatewayReturned(DateTimeOffset At, OccurrenceId Occurrence) : GatewayEvent(At);

    /// <summary>The gateway is there and the detectors are not: a work order each (alarms.md §3).</summary>
    public sealed record MaintenanceOrdered(DateTimeOffset At, HazardSourceId Source, CaseKey Case, ImmutableList<OrderedFault> Faults, TimeSpan LateBy) : GatewayEvent(At);

    public sealed record MaintenanceEnded(DateTimeOffset At, HazardSourceId Source, ImmutableList<OrderedFault> Faults) : GatewayEvent(At);

    /// <summary>The case was closed or full when the fault reached it: another case takes it.</summary>
    public sealed record FaultMoved(DateTimeOffset At, OccurrenceId Occurrence, CaseKey From, CaseKey To) : GatewayEvent(At);
}
