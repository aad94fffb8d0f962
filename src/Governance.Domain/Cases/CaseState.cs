using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>Lifecycle of a case (cases.md, region 1). The judgment and call-back phases of reported cases join this union with them.</summary>
public enum CasePhase { NotOpened = 0, Assigned = 1, Handling = 2, PendingVerification = 3, Closed = 4 }

/// <summary>State of one organisation's share.</summary>
public enum TaskPhase { Offered = 1, Accepted = 2, EnRoute = 3, OnScene = 4, Controlled = 5, Done = 6 }

/// <summary>One organisation's share of a case (交办任务).</summary>
public sealed record CaseTask(
    string Organisation, bool Lead, TaskPhase Phase, DateTimeOffset OfferedAt, DateTimeOffset? NotifiedAt, DateTimeOffset? AcceptedAt);

/// <summary>State of a clock.</summary>
public enum ClockPhase { Running = 1, Met = 2, Breached = 3, Paused = 4 }

/// <summary>An instant at which a share of a clock's time is used.</summary>
public readonly record struct ClockMark(int Percent, DateTimeOffset At);

/// <summary>A clock: its budget, since when it counts, when it stood still; when it is due follows. A breach is recorded once.</summary>
/// <param name="Due">As the calendar of then has it.</param>
public sealed record CaseClock(ClockName Name, ClockPhase Phase, DateTimeOffset StartedAt, DateTimeOffset Due, DateTimeOffset? EndedAt, TimeSpan LateBy)
{
    public Budget Budget { get; init; } = Budget.OfCalendar(Due - StartedAt);
    public ImmutableList<Pause> Pauses { get; init; } = [];
    /// <summary>Those that have not come yet, the earliest first.</summary>
    public ImmutableArray<ClockMark> Marks { get; init; } = [];
}

/// <summary>All clocks stand still (中止).</summary>
public sealed record Suspension(string Code, DateTimeOffset Until, string By, string Reason);

/// <summary>More time that was asked for and not decided.</summary>
public sealed record AskedExtension(Budget Extra, string By, string Reason, string Plan, DateTimeOffset AnswerBy);

/// <summary>State of a linked occurrence, as its source told it.</summary>
public enum OccurrencePhase { Active = 1, Cleared = 2, DataLost = 3 }

/// <summary>An occurrence that belongs to the case.</summary>
public sealed record LinkedOccurrence(
    OccurrenceId Id, Witness Witness, string Detector, AlarmLevel Level, AlarmLevel Peak, OccurrencePhase Phase, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, string Text);

/// <summary>Points of the time ledger, in the order in which they usually fall.</summary>
public enum Milestone { Received = 1, Notified = 2, Accepted = 3, EnRoute = 4, OnScene = 5, Controlled = 6, ReturnedToNormal = 7, Verified = 8, Closed = 9 }

/// <summary>What the case is about, fixed when it is opened.</summary>
/// <param name="Source">None where a whole gateway is silent.</param>
/// <param name="Kind">What was exceeded; none where monitoring itself failed.</param>
/// <param name="Gateway">The gateway that is silent, or that serves the detector at fault; empty for an alarm.</param>
public sealed record CaseSubject(
    HazardSourceId? Source, string SourceName, string Enterprise, AreaCode Area, HazardKind? Kind, string Category, bool Drill, ClockId Clock, string Text, string Gateway = "")
{
    /// <summary>Empty where there is none.</summary>
    public string SourceText => Source is { } source ? source.Value : "";
}

/// <summary>A case (事件): the whole life of one event.</summary>
/// <param name="Key">Derived from what opened it.</param>
/// <param name="Number">Readable number; empty until the register has answered.</param>
/// <param name="Subject">Null before it is opened.</param>
/// <param name="Events">Events so far: makes every alert's id its own.</param>
public sealed record CaseState(
    CaseKey Key, string Number, CasePhase Phase, CaseSubject? Subject, Colour Level, Supervision Supervision,
    ImmutableList<LinkedOccurrence> Occurrences, ImmutableList<CaseTask> Tasks, ImmutableList<CaseClock> Clocks,
    ImmutableSortedDictionary<Milestone, DateTimeOffset> Milestones, bool Verified, int Rework, string Cause, string Outcome, long Events)
{
    /// <summary>Occurrences per case; one more is refused to the source, which opens another case.</summary>
    public const int OccurrenceLimit = 200;
    /// <summary>Clocks shown; beyond it the oldest breach makes room. The journal has them all.</summary>
    public const int ClockLimit = 50;

    /// <summary>Null while its clocks run.</summary>
    public Suspension? Suspension { get; init; }
    public AskedExtension? Asked { get; init; }
    /// <summary>Extensions that were granted, in order.</summary>
    public ImmutableList<Budget> Granted { get; init; } = [];
    /// <summary>The newest official calendar that moved one of its clocks.</summary>
    public int CalendarVersion { get; init; }

    public static CaseState New(string key) => new(
        new CaseKey(key), "", CasePhase.NotOpened, null, Colour.Grey, Supervision.None, [], [], [],
        ImmutableSortedDictionary<Milestone, DateTimeOffset>.Empty, false, 0, "", "", 0);

    public CaseTask Lead => Tasks.Find(t => t.Lead) ?? throw new InvalidOperationException($"case {Key} has no lead");

    /// <summary>While any occurrence is not cleared, the case cannot close.</summary>
    public bool IsLive => Occurrences.Exists(o => o.Phase != OccurrencePhase.Cleared);

    public CaseClock? Running(ClockName name) => Clocks.Find(c => c.Name == name && c.Phase == ClockPhase.Running);
}
