using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>
/// Phases of both slips (cases.md "Three meetings, two slips"). A reminder goes Drafted, Issued, Signed, Replied, Reviewed, Cancelled; a supervision
/// slip Drafted, Approved, Issued, Signed, PlanFiled, InProgress, CancelRequested, Inspected, Cancelled. That a slip is overdue is told beside its
/// phase: whoever is late still has to do the work.
/// </summary>
public enum SlipPhase
{
    NotOpened = 0, Drafted = 1, Approved = 2, Issued = 3, Signed = 4, Replied = 5, Reviewed = 6, PlanFiled = 7, InProgress = 8, CancelRequested = 9, Inspected = 10,
    /// <summary>销号.</summary>
    Cancelled = 11,
    Withdrawn = 12, Superseded = 13,
}

/// <summary>Clocks of a slip.</summary>
public enum SlipClockName
{
    /// <summary>A draft is issued or withdrawn.</summary>
    Draft = 1,
    /// <summary>The lead signs; unsigned counts as signed.</summary>
    Sign = 2,
    /// <summary>The whole of it: from issue until the reply is accepted, or the inspection passed.</summary>
    Limit = 3,
    Review = 4, Plan = 5, Progress = 6, Inspect = 7,
    /// <summary>What was accepted is cancelled.</summary>
    Cancel = 8,
}

/// <param name="Due">As the calendar of then has it.</param>
public sealed record SlipClock(SlipClockName Name, ClockPhase Phase, Budget Budget, DateTimeOffset StartedAt, DateTimeOffset Due, DateTimeOffset? EndedAt, TimeSpan LateBy);

/// <summary>A case that a slip covers.</summary>
/// <param name="Over">It was closed when the slip reached it: the slip does not hold it.</param>
public sealed record SlipCase(CaseKey Case, string Number, bool Over = false);

/// <summary>Why a slip may be issued.</summary>
public enum SlipGround
{
    /// <summary>Orange or red.</summary>
    Level = 1,
    /// <summary>A correlation of yellow or above.</summary>
    Correlation = 2,
    /// <summary>Several departments.</summary>
    Departments = 3,
    /// <summary>So much over its time that a slip is due.</summary>
    Overdue = 4,
    /// <summary>Decided in a meeting.</summary>
    Meeting = 5,
    /// <summary>A case's own rule asked for it.</summary>
    Rule = 6,
    /// <summary>An overdue reminder slip, which this one replaces.</summary>
    Reminder = 7,
}

/// <summary>What a slip is about, fixed when it is drafted.</summary>
/// <param name="Lead">Organisation that signs and answers.</param>
/// <param name="Departments">All that work on it, the lead among them.</param>
/// <param name="Ground">Null: none of the guards is met; then it can be drafted, and not issued.</param>
/// <param name="Replaces">The reminder slip whose place it takes; its value is empty for none.</param>
/// <param name="Drill">Numbered apart; never reaches a meeting or a score.</param>
public sealed record SlipContent(
    SlipKind Kind, Colour Level, AreaCode Area, string Lead, ImmutableList<string> Departments, string Category, string Reason, SlipGround? Ground, SlipKey Replaces, bool Drill, ClockId Clock);

/// <summary>What the lead answered: measures, result, evidence, what risk remains.</summary>
public sealed record SlipReply(string By, DateTimeOffset At, string Measures, string Result, string Evidence, string RemainingRisk);

/// <summary>A slip: what is to be finished by when, who signed, what was answered, who looked, how it ended.</summary>
/// <param name="Number">Readable number; empty for a draft and until the register has answered.</param>
/// <param name="Content">Null before it is drafted.</param>
/// <param name="Events">Events so far: makes every alert's id its own.</param>
public sealed record SlipState(SlipKey Key, SlipPhase Phase, string Number, SlipContent? Content, ImmutableList<SlipCase> Cases, ImmutableList<SlipClock> Clocks, long Events)
{
    /// <summary>Cases per slip.</summary>
    public const int CaseLimit = 200;
    /// <summary>Ended clocks that are shown; the journal has them all.</summary>
    public const int ClockLimit = 40;

    public string DraftedBy { get; init; } = "";
    public DateTimeOffset? DraftedAt { get; init; }
    public string ApprovedBy { get; init; } = "";
    public string IssuedBy { get; init; } = "";
    public DateTimeOffset? IssuedAt { get; init; }
    /// <summary>Empty while nobody signed, also where it counts as signed.</summary>
    public string SignedBy { get; init; } = "";
    public DateTimeOffset? SignedAt { get; init; }
    public SlipReply? Reply { get; init; }
    public int RefusedReplies { get; init; }
    public string ReviewedBy { get; init; } = "";
    public string Plan { get; init; } = "";
    public string Progress { get; init; } = "";
    public DateTimeOffset? ProgressAt { get; init; }
    public int Reports { get; init; }
    public string CancelAskedBy { get; init; } = "";
    public string CancelEvidence { get; init; } = "";
    public string InspectedBy { get; init; } = "";
    public string InspectedFor { get; init; } = "";
    public string Finding { get; init; } = "";
    public int FailedInspections { get; init; }
    /// <summary>The duty leader who agreed to the cancellation of a supervision slip.</summary>
    public string SecondedBy { get; init; } = "";
    /// <summary>More time that the chair of the weekly meeting granted.</summary>
    public ImmutableList<Budget> Extensions { get; init; } = [];
    /// <summary>When it should have been finished; null while it is in time.</summary>
    public DateTimeOffset? OverdueAt { get; init; }
    /// <summary>What it waited for when it ran out.</summary>
    public SlipPhase OverdueIn { get; init; }
    /// <summary>Organisation to which an overdue supervision slip was referred (纪委监委).</summary>
    public string ReferredTo { get; init; } = "";
    /// <summary>One of <see cref="SlipResults"/>; empty while it is open.</summary>
    public string Result { get; init; } = "";
    public string EndedBy { get; init; } = "";
    public string EndNote { get; init; } = "";
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>The slip that took its place.</summary>
    public SlipKey ReplacedBy { get; init; } = new("");
    /// <summary>The newest official calendar that moved one of its clocks.</summary>
    public int CalendarVersion { get; init; }

    public static SlipState New(string key) => new(new SlipKey(key), SlipPhase.NotOpened, "", null, [], [], 0);

    public bool IsOver => Phase is SlipPhase.Cancelled or SlipPhase.Withdrawn or SlipPhase.Superseded;
    public bool IsOverdue => OverdueAt is not null && !IsOver;
    /// <summary>Issued, and not over: the cases that it covers cannot close.</summary>
    public bool IsOpen => IssuedAt is not null && !IsOver;
    /// <summary>Counts as signed because nobody did in time.</summary>
    public bool IsDeemedSigned => SignedAt is not null && SignedBy.Length == 0;
    public IEnumerable<SlipCase> Held => Cases.Where(c => !c.Over);

    public SlipClock? Running(SlipClockName name) => Clocks.Find(c => c.Name == name && c.Phase == ClockPhase.Running);
    public SlipClock? Latest(SlipClockName name) => Clocks.FindLast(c => c.Name == name);

    /// <summary>As clients see it: UPPER_SNAKE; OVERDUE is a state of its own, and the phase says how far it has come.</summary>
    public string StateName => IsOverdue && Phase is not SlipPhase.Reviewed and not SlipPhase.Inspected ? "OVERDUE" : Names.Of(Phase);
}
