using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Life of a meeting.</summary>
public enum MeetingPhase
{
    NotCalled = 0,
    /// <summary>Items may still come.</summary>
    Called = 1,
    /// <summary>The cut-off is past; its facts are being collected.</summary>
    Collecting = 2,
    /// <summary>The agenda is fixed: every item is decided before the meeting closes.</summary>
    AgendaFixed = 3,
    Closed = 4,
}

/// <summary>What a meeting can decide about an item.</summary>
public enum MeetingDecision
{
    /// <summary>Lead and co-departments.</summary>
    Assign = 1,
    Level = 2,
    /// <summary>Another time limit.</summary>
    Limit = 3,
    /// <summary>提醒单, of the daily meeting.</summary>
    ReminderSlip = 4,
    /// <summary>督办单, of the weekly and the crisis meeting.</summary>
    SupervisionSlip = 5,
    ToWeekly = 6, ToCrisis = 7,
    /// <summary>Nothing more to do for the meeting.</summary>
    Close = 8,
    Carry = 9,
    /// <summary>More time for a slip or a case under one: granted or refused, as the note says.</summary>
    Extension = 10,
    /// <summary>Who is responsible, decided between departments.</summary>
    Arbitrate = 11,
    /// <summary>Case-owner leader (包案领导), with resources, information line and review interval.</summary>
    CaseOwner = 12,
}

/// <param name="Slip">The slip that it issued; its value is empty for none.</param>
/// <param name="By">Who decided; <c>system</c> where nobody did in time.</param>
public sealed record ItemDecision(
    string Item, MeetingDecision Decision, string Note, string Lead, ImmutableList<string> Departments, Colour Level, string Limit, SlipKey Slip, string By, DateTimeOffset At);

/// <summary>A meeting: what came to it, its agenda, what it decided.</summary>
/// <param name="Sitting">The crisis meeting of a day may sit again.</param>
/// <param name="Raised">Waiting for the cut-off.</param>
/// <param name="Items">The agenda, once it is fixed.</param>
/// <param name="Hash">SHA-256 of the agenda as it was fixed.</param>
/// <param name="Seen">Keys of everything that ever came to it: a trigger that is noticed again calls nobody again.</param>
public sealed record MeetingState(
    string Id, MeetingPhase Phase, int Sitting, MeetingCall? Call, DateTimeOffset? CloseBy, ImmutableList<RaisedItem> Raised, ImmutableList<AgendaItem> Items, string Hash,
    ImmutableList<ItemDecision> Decisions, ImmutableSortedSet<string> Seen, string ClosedBy, DateTimeOffset? ClosedAt, string Minutes, long Events)
{
    /// <summary>Items that a meeting takes; one more is refused by name.</summary>
    public const int ItemLimit = 5000;

    public static MeetingState New(string id) => new(id, MeetingPhase.NotCalled, 0, null, null, [], [], "", [], ImmutableSortedSet.Create<string>(StringComparer.Ordinal), "", null, "", 0);

    public MeetingKey Key => MeetingKey.Parse(Id) ?? throw new InvalidOperationException($"'{Id}' is no meeting");
    public IEnumerable<AgendaItem> Undecided => Items.Where(i => !Decisions.Exists(d => d.Item == i.Key));
}

/// <summary>What can happen to a meeting.</summary>
public abstract record MeetingEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record MeetingCalled(DateTimeOffset At, int Sitting, MeetingCall Call, DateTimeOffset CloseBy) : MeetingEvent(At);
    /// <summary>Danger does not wait for the hour that was called before.</summary>
    public sealed record MeetingMoved(DateTimeOffset At, MeetingCall Call, DateTimeOffset CloseBy) : MeetingEvent(At);
    public sealed record ItemRaised(DateTimeOffset At, RaisedItem Item) : MeetingEvent(At);
    /// <param name="LateBy">How long after the cut-off it was noticed.</param>
    public sealed record CutOffReached(DateTimeOffset At, TimeSpan LateBy) : MeetingEvent(At);
    public sealed record AgendaFixed(DateTimeOffset At, ImmutableList<AgendaItem> Items, string Hash) : MeetingEvent(At);
    /// <summary>The crisis meeting takes what comes while it sits.</summary>
    public sealed record ItemAdded(DateTimeOffset At, AgendaItem Item) : MeetingEvent(At);
    public sealed record ItemDecided(DateTimeOffset At, ItemDecision Decision) : MeetingEvent(At);
    /// <param name="Minutes">SHA-256 of the agenda and every decision: the signed record (会议纪要).</param>
    /// <param name="LateBy">Where the time ran out: how long after that it was noticed.</param>
    public sealed record MeetingClosed(DateTimeOffset At, string By, string Note, string Minutes, TimeSpan LateBy) : MeetingEvent(At);
}

/// <summary>Commands of a meeting.</summary>
public abstract record MeetingCommand : ICommand
{
    /// <summary>A regular meeting of its day. By the system; again is nothing.</summary>
    public sealed record Schedule : MeetingCommand;
    /// <summary>A rule calls the crisis meeting. By the system.</summary>
    public sealed record Escalate(RaisedItem Item, MeetingCall Call) : MeetingCommand;
    /// <param name="Order">What a slip that is decided is about; null for other decisions.</param>
    public sealed record Decide(
        string Item, MeetingDecision Decision, string Note, string Lead, ImmutableList<string> Departments, Colour Level, string Limit, SlipOrder? Order) : MeetingCommand;
    /// <summary>Every item is decided.</summary>
    public sealed record Close(string Note) : MeetingCommand;
}
