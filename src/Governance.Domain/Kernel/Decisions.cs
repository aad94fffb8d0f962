using System.Collections.Immutable;

namespace Governance.Domain.Kernel;

/// <summary>Address of an entity: the name of its shard region and its key there.</summary>
/// <param name="Kind">One of <see cref="EntityKinds"/>.</param>
public readonly record struct EntityAddress(string Kind, string Id)
{
    public override string ToString() => $"{Kind}/{Id}";
}

/// <summary>The names of the shard regions. They are part of persistence ids: never rename one.</summary>
public static class EntityKinds
{
    public const string HazardSource = "hazard-source";
    public const string Case = "case";
    public const string AlertFeed = "alert-feed";
    public const string Department = "department";
    public const string CaseRegister = "case-register";
    public const string Roster = "roster";
    public const string AreaWarnings = "area-warnings";
    public const string Gateway = "gateway";
    public const string Audit = "audit";
    public const string Slip = "slip";
    public const string SlipRegister = "slip-register";
    public const string Meeting = "meeting";
    public const string Scorecard = "score";
    public const string Reinspection = "reinspection";
    public const string Seal = "seal";
}

/// <summary>Something that happened to an entity. Journaled for ever; says when.</summary>
public interface IDomainEvent
{
    DateTimeOffset At { get; }
}

/// <summary>
/// An event after which the entity lives in another time, e.g. in that of a recording: its last time begins anew, and
/// may lie years before the moment at which it was put into service.
/// </summary>
public interface IClockBinding : IDomainEvent;

/// <summary>An order from outside (a person, an app, the platform). Imperative; may be refused.</summary>
public interface ICommand;

/// <summary>
/// What one entity tells another through its outbox: delivered until confirmed, in order per sender and receiver,
/// taken once. It is stored (in the sender's journal), so its wire form is a journal type.
/// </summary>
public interface IEntityMessage;

/// <summary>Who acts, as proved by the token; never taken from a message.</summary>
/// <param name="Subject">Person or app.</param>
/// <param name="Organisation">Code of the organisation acted for, e.g. <c>YJ</c>; empty for none.</param>
/// <param name="Roles">Names of <see cref="Kernel.Roles"/>.</param>
public sealed record Caller(string Subject, string Organisation, ImmutableSortedSet<string> Roles)
{
    public static readonly Caller System = new("system", "", [Kernel.Roles.System]);
    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>Roles that tokens carry (cases.md "Commands").</summary>
public static class Roles
{
    public const string System = "system";
    public const string Gateway = "gateway";
    public const string Relay = "relay";
    public const string Operator = "operator";
    public const string Leader = "leader";
    public const string Handler = "handler";
    public const string GridWorker = "grid-worker";
    public const string Viewer = "viewer";
    public const string Admin = "admin";
    public const string Reporter = "reporter";
    public const string MicroGridHead = "micro-grid-head";
    public const string CommunityDesk = "community-desk";
    public const string SubdistrictDesk = "subdistrict-desk";
    public const string DepartmentLeader = "department-leader";
    public const string WeeklyChair = "weekly-chair";
    public const string CrisisChair = "crisis-chair";
    public const string Enterprise = "enterprise";
    public const string Inspection = "inspection";
    public const string Discipline = "discipline";
}

/// <summary>What makes an entity decide.</summary>
public abstract record Stimulus
{
    private Stimulus() { }
    public sealed record Commanded(ICommand Command, Caller Caller) : Stimulus;
    /// <summary>A message of another entity arrived, for the first time.</summary>
    public sealed record Delivered(IEntityMessage Message, EntityAddress From) : Stimulus;
    /// <summary>A message of ours was taken; the receiver answered with an outcome.</summary>
    public sealed record Confirmed(IEntityMessage Message, EntityAddress To, Outcome Outcome) : Stimulus;
    /// <summary>Time has passed: fire every deadline that is due at <c>now</c>, oldest first.</summary>
    public sealed record Woken : Stimulus;
}

/// <summary>A receiver's first and only answer to a delivered message.</summary>
/// <param name="Name">e.g. <c>ACCEPTED</c>, <c>CASE_CLOSED</c>, <c>NUMBER_ASSIGNED</c>.</param>
/// <param name="Value">What the name needs, e.g. the number.</param>
public sealed record Outcome(string Name, string Value = "")
{
    public static readonly Outcome Accepted = new("ACCEPTED");
}

/// <summary>One message to queue in the outbox.</summary>
public sealed record Send(EntityAddress To, IEntityMessage Message);

/// <summary>How a refusal is told to the outside (api.md "Errors").</summary>
public enum RefusalKind { Precondition, Invalid, NotFound, Conflict, Denied, Exhausted, AlreadyExists }

/// <summary>A named no. A value, not an exception; nothing has changed.</summary>
/// <param name="Reason">UPPER_SNAKE name, stable for clients.</param>
public sealed record Refusal(string Reason, string Message, RefusalKind Kind = RefusalKind.Precondition)
{
    /// <summary>Facts a client can use, e.g. <c>state</c> and <c>allowed</c> of an illegal transition.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public Refusal With(string key, string value) => this with { Metadata = Metadata.SetItem(key, value) };
}

/// <summary>What an entity decided: events to journal and messages to send, or a refusal. Empty is a success without effect.</summary>
public sealed record Decision<TEvent>(ImmutableList<TEvent> Events, ImmutableList<Send> Sends)
{
    public static readonly Decision<TEvent> Nothing = new([], []);
    public Refusal? Refusal { get; init; }
    /// <summary>Answer to a delivered message; ignored for other stimuli.</summary>
    public Outcome Outcome { get; init; } = Outcome.Accepted;
    public static Decision<TEvent> Of(params IEnumerable<TEvent> events) => new([.. events], []);
    public static Decision<TEvent> Refuse(string reason, string message, RefusalKind kind = RefusalKind.Precondition) =>
        Nothing with { Refusal = new Refusal(reason, message, kind) };
    public Decision<TEvent> Sending(params IEnumerable<Send> sends) => this with { Sends = Sends.AddRange(sends) };
    public Decision<TEvent> Then(Decision<TEvent> next) =>
        next with { Events = Events.AddRange(next.Events), Sends = Sends.AddRange(next.Sends) };
}

/// <summary>A deadline that state holds; the earliest of them arms the timer.</summary>
/// <param name="Name">e.g. <c>SIGN</c>.</param>
public readonly record struct Deadline(string Name, DateTimeOffset Due);

/// <summary>
/// The rules of one kind of entity. Pure: no clock, no random number, no I/O. <c>now</c> never runs backwards, and all
/// deadlines due at <c>now</c> have been fired before any other stimulus is decided.
/// </summary>
public interface IEntityRules<TState, TEvent> where TEvent : IDomainEvent
{
    TState Initial(string id);
    Decision<TEvent> Decide(TState state, Stimulus stimulus, DateTimeOffset now);
    /// <summary>Throws on an event that is impossible in this state: illegal is loud.</summary>
    TState Evolve(TState state, TEvent happened);
    /// <summary>Every armed deadline, in any order.</summary>
    IEnumerable<Deadline> Deadlines(TState state);
    /// <summary>Whose time the entity lives in.</summary>
    ClockId Clock(TState state);
}
