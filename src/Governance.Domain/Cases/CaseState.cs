using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Domain.Cases;

/// <summary>Lifecycle of a case (cases.md, region 1). Waiting for the reporter's answer and suspension (中止) lie over it.</summary>
public enum CasePhase
{
    NotOpened = 0,
    /// <summary>已登记: only within the decision that opens it.</summary>
    Registered = 5,
    /// <summary>待研判</summary>
    PendingJudgment = 6,
    /// <summary>待交办</summary>
    PendingAssignment = 7,
    /// <summary>已交办, not signed by the lead.</summary>
    Assigned = 1,
    /// <summary>办理中</summary>
    Handling = 2,
    /// <summary>待核查</summary>
    PendingVerification = 3,
    /// <summary>待回访</summary>
    PendingCallback = 8,
    /// <summary>销号</summary>
    Closed = 4,
    /// <summary>归档</summary>
    Archived = 9,
    /// <summary>不予受理</summary>
    Rejected = 10,
    /// <summary>并案</summary>
    Merged = 11,
    /// <summary>误报/撤回</summary>
    Void = 12,
}

/// <summary>State of one organisation's share.</summary>
public enum TaskPhase { Offered = 1, Accepted = 2, EnRoute = 3, OnScene = 4, Controlled = 5, Done = 6, Rejected = 7, Withdrawn = 8, Failed = 9, Waived = 10 }

/// <summary>One organisation's share of a case (交办任务).</summary>
public sealed record CaseTask(
    string Organisation, bool Lead, TaskPhase Phase, DateTimeOffset OfferedAt, DateTimeOffset? NotifiedAt, DateTimeOffset? AcceptedAt)
{
    /// <summary>Without it no feedback is given; a lead's always is.</summary>
    public bool Mandatory { get; init; }
    /// <summary>Cannot be rejected (首接负责/属地兜底).</summary>
    public bool Forced { get; init; }
    /// <summary>The unit that does it, one level down; empty: the organisation itself.</summary>
    public string Unit { get; init; } = "";
    /// <summary>Presence on the scene was proved: a visit.</summary>
    public bool Visited { get; init; }

    /// <summary>Somebody still has to do something.</summary>
    public bool IsOpen => Phase <= TaskPhase.Controlled;
    /// <summary>Neither rejected nor taken away.</summary>
    public bool Counts => Phase is not (TaskPhase.Rejected or TaskPhase.Withdrawn or TaskPhase.Waived);
    public bool IsOf(string organisation) => Organisation == organisation || (Unit.Length > 0 && Unit == organisation);
}

/// <summary>Where it is. Empty texts: not known; a longitude of NaN likewise.</summary>
/// <param name="Community">12 digits.</param>
/// <param name="Grid">15 digits.</param>
/// <param name="Asset">Code of a lift, charger, lamp, ...</param>
public sealed record Place(string Community, string Grid, string Address, double Longitude, double Latitude, string Asset)
{
    public static readonly Place Unknown = new("", "", "", double.NaN, double.NaN, "");
}

/// <summary>One submission (诉求/线索): immutable, never a work item.</summary>
/// <param name="Id">Channel and id there.</param>
/// <param name="Reporter">Reference into the vault; empty: nobody, or forgotten.</param>
public sealed record CaseReport(string Id, string Channel, string Text, string Reporter, bool Reachable, ImmutableList<string> Media, DateTimeOffset ReceivedAt)
{
    internal int Characters => Id.Length + Text.Length + Reporter.Length + Media.Sum(m => m.Length);
}

/// <summary>Something that only the reporter knows was asked.</summary>
public sealed record InfoRequest(string Question, string By, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>Intake is refused by two persons: this is the first.</summary>
public sealed record ProposedRejection(string Code, string Basis, string WhereToGo, string By);

/// <summary>A call-back (回访).</summary>
public sealed record Callback(DateTimeOffset At, bool Reached, bool Resolved, bool Satisfied, string By);

/// <summary>A slip that names this case.</summary>
public sealed record CaseSlip(SlipKey Key, SlipKind Kind, string Number, DateTimeOffset Due, bool Overdue, string Result)
{
    /// <summary>The case cannot close.</summary>
    public bool IsOpen => Result.Length == 0;
}

/// <summary>How far a merge (并案) has come, at the case that goes.</summary>
public enum MergeStage { Begun = 1, Merged = 2, Leaving = 3 }

/// <summary>Where this case went.</summary>
/// <param name="Before">Its phase, to which it comes back.</param>
public sealed record Merge(CaseKey Target, DateTimeOffset At, CasePhase Before, MergeStage Stage);

/// <summary>What a merge changes at the case that stays.</summary>
/// <param name="AllClear">When the last occurrence had ended; null while one lived, or without any.</param>
public sealed record Bearing(Colour Level, Supervision Supervision, ImmutableList<CaseClock> Clocks, DateTimeOffset? AllClear)
{
    /// <summary>Null in what was kept before it was noted.</summary>
    public DateTimeOffset? LevelSince { get; init; }
}

/// <summary>A case that was merged into this one: what it brought, and what this one was before and after.</summary>
public sealed record Absorption(CaseKey From, string Number, ImmutableList<CaseReport> Reports, ImmutableList<LinkedOccurrence> Occurrences, Bearing Before, Bearing After);

/// <summary>Half an hour's sight of a personal field.</summary>
public sealed record SightGrant(string Field, string Purpose, string By, DateTimeOffset Until);

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
/// <param name="Since">Null in what was kept before it was noted.</param>
public sealed record Suspension(string Code, DateTimeOffset Until, string By, string Reason, DateTimeOffset? Since = null);

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
    /// <summary>Where it came from: one of <see cref="CaseCommand.Channels"/>; EM for what devices say.</summary>
    public string Channel { get; init; } = "EM";
    public Place Place { get; init; } = Place.Unknown;
    public ImmutableList<string> Tags { get; init; } = [];
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
    /// <summary>Reports per case; one more is refused and belongs to a case of its own.</summary>
    public const int ReportLimit = 500;
    /// <summary>Characters of all its reports together: the whole case is one message between nodes, and that has a limit.</summary>
    public const int ReportLimitCharacters = 60_000;
    /// <summary>Organisations per case.</summary>
    public const int TaskLimit = 30;
    /// <summary>Slips, absorbed cases, call-backs and grants kept, each.</summary>
    public const int BesideLimit = 50;
    /// <summary>Clocks shown; beyond it the oldest breach that a newer one of its name follows makes room. The journal has them all.</summary>
    public const int ClockLimit = 50;

    /// <summary>Null while its clocks run.</summary>
    public Suspension? Suspension { get; init; }
    public AskedExtension? Asked { get; init; }
    /// <summary>Extensions that were granted, in order.</summary>
    public ImmutableList<Budget> Granted { get; init; } = [];
    /// <summary>The newest official calendar that moved one of its clocks.</summary>
    public int CalendarVersion { get; init; }
    public ImmutableList<CaseReport> Reports { get; init; } = [];
    /// <summary>Asked and not answered: clocks stand still.</summary>
    public InfoRequest? Info { get; init; }
    public int InfoAsks { get; init; }
    public ProposedRejection? Rejecting { get; init; }
    /// <summary>How often a lead gave it back (退单).</summary>
    public int Rejections { get; init; }
    /// <summary>Attempts to reach the reporter before anybody did.</summary>
    public int ContactAttempts { get; init; }
    public bool Contacted { get; init; }
    public ImmutableList<Callback> Callbacks { get; init; } = [];
    public int Reopened { get; init; }
    public int ReopenedByReporter { get; init; }
    /// <summary>Call-backs that said it is not resolved, since it was registered.</summary>
    public int Unresolved { get; init; }
    public DateTimeOffset? UrgedByReporterAt { get; init; }
    public ImmutableList<CaseSlip> Slips { get; init; } = [];
    /// <summary>Slips that were asked for: the next one has another key.</summary>
    public int SlipsAsked { get; init; }
    public Merge? Merge { get; init; }
    public ImmutableList<Absorption> Absorbed { get; init; } = [];
    public ImmutableList<SightGrant> Sights { get; init; } = [];
    /// <summary>Which rule chose the organisations, and what was considered.</summary>
    public string Rule { get; init; } = "";
    public int RulesetVersion { get; init; }
    public ImmutableList<string> RouteExplain { get; init; } = [];
    public bool SelfHandling { get; init; }
    public string PublicReply { get; init; } = "";
    /// <summary>Code under which it was not taken in, or voided.</summary>
    public string RefusedAs { get; init; } = "";

    /// <summary>Since when it has its level; null in what was kept before it was noted.</summary>
    public DateTimeOffset? LevelSince { get; init; }

    public static CaseState New(string key) => new(
        new CaseKey(key), "", CasePhase.NotOpened, null, Colour.Grey, Supervision.None, [], [], [],
        ImmutableSortedDictionary<Milestone, DateTimeOffset>.Empty, false, 0, "", "", 0);

    public CaseTask Lead => LeadOrNone ?? throw new InvalidOperationException($"case {Key} has no lead");

    /// <summary>None before it is assigned, and after the lead gave it back.</summary>
    public CaseTask? LeadOrNone => Tasks.Find(t => t.Lead);

    /// <summary>Somebody has it; nothing of it is decided for good.</summary>
    public bool IsOpen => Phase is not (CasePhase.NotOpened or CasePhase.Closed or CasePhase.Archived or CasePhase.Rejected or CasePhase.Merged or CasePhase.Void);

    /// <summary>Its clocks stand still: suspended, or waiting for the reporter's answer.</summary>
    public bool IsWaiting => Suspension is not null || Info is not null;

    public bool HasReachableReporter => Reports.Exists(r => r.Reachable && r.Reporter.Length > 0);

    public bool HasOpenSlip => Slips.Exists(s => s.IsOpen);

    /// <summary>While any occurrence is not cleared, the case cannot close.</summary>
    public bool IsLive => Occurrences.Exists(o => o.Phase != OccurrencePhase.Cleared);

    /// <summary>Whether so many more reports, with all their texts, have room.</summary>
    internal bool HasRoomFor(params IReadOnlyCollection<CaseReport> more) => Reports.Count + more.Count <= ReportLimit && Reports.Concat(more).Sum(r => r.Characters) <= ReportLimitCharacters;

    public CaseClock? Running(ClockName name) => Clocks.Find(c => c.Name == name && c.Phase == ClockPhase.Running);
}
