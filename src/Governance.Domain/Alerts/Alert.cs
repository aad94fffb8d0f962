using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Alerts;

/// <summary>What an alert tells (api.md <c>AlertKind</c>; numbers equal the wire's).</summary>
public enum AlertKind
{
    OccurrenceRaised = 1, LevelRaised = 2, LevelLowered = 3, ReturnedToNormal = 4, Acknowledged = 5, ColourChanged = 6,
    DataLost = 7, CaseOpened = 8, CaseDispatched = 9, CaseProgressed = 10, DeadlineBreached = 11, CaseClosed = 12, DataRestored = 13,
    /// <summary>Still active when its acknowledgement expired (alarms.md S5).</summary>
    ReAlarmed = 14,
    Confirmed = 15, LatchReset = 16, SuppressionBegan = 17, SuppressionEnded = 18, AcknowledgedAfterReturn = 19,
    /// <summary>A warning of another system for an area (CAP), not for one of our hazard sources.</summary>
    WarningRelayed = 20,
    WarningUpdated = 21, WarningEnded = 22,
    /// <summary>History shows an exceedance that nobody saw (alarms.md P7).</summary>
    RetrospectiveFinding = 33,
    ChatteringBegan = 40, ChatteringEnded = 41, UnannouncedTest = 42, LimitsActivated = 43,
    /// <summary>More than ten new alarms in ten minutes at one desk: alarms of one cause are folded (alarms.md S13).</summary>
    FloodBegan = 44,
    FloodEnded = 45,
    /// <summary>Nothing was heard of a device gateway for too long; its detectors are silent as symptoms of it (alarms.md §3).</summary>
    GatewayLost = 50,
    GatewayReturned = 51,
    /// <summary>A gateway's clock is off by more than 2 s, or by more than 60 s (alarms.md §5).</summary>
    ClockSkewed = 52,
    ClockAgrees = 53,
    /// <summary>A sequence number used again with other content (P2), or a stream of an epoch that is over (P5).</summary>
    SecurityEvent = 54,
    /// <summary>A step of escalation should have happened and is not in the journal.</summary>
    AuditDifference = 90,
    /// <summary>A slip and its course (cases.md "Three meetings, two slips").</summary>
    SlipIssued = 60,
    SlipOverdue = 61,
    SlipEnded = 62,
    /// <summary>A meeting is called, at once or for a time.</summary>
    MeetingCalled = 63,
    /// <summary>Nobody of a desk's on-call chain confirmed that he was notified (cases.md "Default limits per level").</summary>
    NotificationUnconfirmed = 70,
    /// <summary>A message to a person could not be sent, after every attempt.</summary>
    DeadLetter = 71,
    /// <summary>Somebody tests the on-call chain of a desk.</summary>
    TestPaged = 72,
    /// <summary>A day of the journal is sealed: its root, chained to the day before.</summary>
    DaySealed = 80,
    /// <summary>More cases than may be are left out of a scorecard.</summary>
    ExclusionAlarm = 81,
    /// <summary>An appeal against a scorecard: filed, decided, or not decided in time.</summary>
    ScorecardAppeal = 82,
    /// <summary>A re-inspection: its seed committed, its lot drawn, a false closure found.</summary>
    ReinspectionTold = 83,
}

/// <summary>One entry of a feed, as subscribers see it.</summary>
/// <param name="Id">Unique for ever, derived from its cause: the same id is the same alert.</param>
/// <param name="Source">Empty where no hazard source is concerned; so are the other texts.</param>
/// <param name="Value">NaN when there is none; likewise <paramref name="Limit"/>.</param>
/// <param name="Departments">Organisations that it concerns.</param>
/// <param name="Text">One line for people.</param>
/// <param name="Zone">Zone of the detector, where it has one.</param>
/// <param name="Folded">One of many that another alert speaks for (chattering, flood): told to who asks for folded ones too.</param>
public sealed record Alert(
    string Id, AlertKind Kind, AreaCode Area, DateTimeOffset At, string Source, string Detector, string Occurrence,
    AlarmLevel Level, Colour Colour, HazardKind? HazardKind, double Value, double Limit, string Unit,
    string CaseKey, string CaseNumber, ImmutableList<string> Departments, string Category, bool Drill, string Text, bool Folded = false, string Zone = "");

/// <summary>To a feed: append this alert.</summary>
public sealed record AlertPublished(Alert Alert) : IEntityMessage;
