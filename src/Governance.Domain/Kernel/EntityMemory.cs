using System.Collections.Immutable;

namespace Governance.Domain.Kernel;

/// <summary>What every entity remembers beside its domain state: who it owes messages, what it has taken, what it answered.</summary>
public abstract record MemoryEvent(DateTimeOffset At) : IDomainEvent
{
    /// <summary>A message entered the outbox. Numbers are contiguous from 1 per receiver.</summary>
    public sealed record MessageQueued(DateTimeOffset At, EntityAddress To, long Number, IEntityMessage Message) : MemoryEvent(At);
    /// <summary>The receiver has taken everything up to this number.</summary>
    public sealed record MessageConfirmed(DateTimeOffset At, EntityAddress To, long Through) : MemoryEvent(At);
    /// <summary>A message of another entity was taken, with the answer that a repeat gets again.</summary>
    public sealed record MessageTaken(DateTimeOffset At, EntityAddress From, long Number, Outcome Outcome) : MemoryEvent(At);
    /// <summary>A command was answered; a repeat of its id gets the same answer.</summary>
    public sealed record CommandAnswered(DateTimeOffset At, string CommandId, string Command, string By, long Version, Refusal? Refusal) : MemoryEvent(At);
    /// <summary>An activation took the entity over, so that a former owner can no longer journal or store.</summary>
    public sealed record OwnerTaken(DateTimeOffset At, Guid Writer, long ChunkNo) : MemoryEvent(At);
}

/// <summary>A message waiting for its receiver.</summary>
public sealed record Outgoing(EntityAddress To, long Number, IEntityMessage Message, DateTimeOffset QueuedAt);

/// <summary>What was taken from one sender: the highest contiguous number, and the latest answers for repeats.</summary>
public sealed record Taken(long Through, ImmutableList<Outcome> LastOutcomes);

/// <summary>An answered command.</summary>
public sealed record Answer(string CommandId, DateTimeOffset At, string Command, string By, long Version, Refusal? Refusal);

/// <inheritdoc cref="MemoryEvent"/>
public sealed record EntityMemory
{
    /// <summary>Answers to deliveries kept per sender; a sender has at most this many messages under way.</summary>
    public const int DeliveryWindowMessages = 32;
    /// <summary>Answers to commands are kept this long (api.md: at least 7 days).</summary>
    public static readonly TimeSpan AnswersKept = TimeSpan.FromDays(7);

    public static readonly EntityMemory Empty = new();

    /// <summary>Number of domain events applied: the entity's version.</summary>
    public long Version { get; init; }
    /// <summary>Time of the last domain event: <c>now</c> is never before it.</summary>
    public DateTimeOffset LastAt { get; init; }
    public ImmutableSortedDictionary<string, long> NextNumber { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
    /// <summary>Oldest first per receiver.</summary>
    public ImmutableList<Outgoing> Outbox { get; init; } = [];
    public ImmutableSortedDictionary<string, Taken> Inbox { get; init; } = ImmutableSortedDictionary<string, Taken>.Empty;
    /// <summary>Oldest first.</summary>
    public ImmutableList<Answer> Answers { get; init; } = [];
    public Guid Owner { get; init; }

    public long NumberFor(EntityAddress to) => NextNumber.GetValueOrDefault(to.ToString(), 1);

    public Answer? AnswerTo(string commandId) => Answers.Find(a => a.CommandId == commandId);

    /// <summary>Advances by a memory event.</summary>
    public EntityMemory Evolve(MemoryEvent happened)
    {
        return happened switch
        {
            MemoryEvent.MessageQueued q => this with
            {
                NextNumber = NextNumber.SetItem(q.To.ToString(), q.Number + 1),
                Outbox = Outbox.Add(new Outgoing(q.To, q.Number, q.Message, q.At)),
            },
            MemoryEvent.MessageConfirmed c => this with { Outbox = Outbox.RemoveAll(o => o.To == c.To && o.Number <= c.Through) },
            MemoryEvent.MessageTaken t => this with { Inbox = Inbox.SetItem(t.From.ToString(), After(t)) },
            MemoryEvent.CommandAnswered a => this with
            {
                Answers = Answers.RemoveAll(old => old.At < a.At - AnswersKept)
                    .Add(new Answer(a.CommandId, a.At, a.Command, a.By, a.Version, a.Refusal)),
            },
            MemoryEvent.OwnerTaken o => this with { Owner = o.Writer },
            _ => throw new InvalidOperationException($"unknown memory event {happened.GetType().Name}"),
        };
    }

    /// <summary>Advances by a domain event.</summary>
    public EntityMemory Counted(IDomainEvent happened) =>
        this with { Version = Version + 1, LastAt = happened is IClockBinding || happened.At > LastAt ? happened.At : LastAt };

    private Taken After(MemoryEvent.MessageTaken taken)
    {
        var before = Inbox.GetValueOrDefault(taken.From.ToString()) ?? new Taken(0, []);
        if (taken.Number != before.Through + 1)
            throw new InvalidOperationException($"message {taken.Number} of {taken.From} taken after {before.Through}");
        var kept = before.LastOutcomes.Add(taken.Outcome);
        return new Taken(taken.Number, kept.Count > DeliveryWindowMessages ? kept.RemoveAt(0) : kept);
    }
}
