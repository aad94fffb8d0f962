using Governance.Contracts.Codecs;
using Governance.Domain.Kernel;

namespace Governance.Node.Bench;

/// <summary>An entity without an actor, whose journal is written for it.</summary>
internal interface IPaperEntity
{
    EntityAddress Address { get; }
    EntityMemory Memory { get; }
    long Sequence { get; }
    /// <summary>The earliest armed deadline: what its row in the deadline store would say while it sleeps.</summary>
    DateTimeOffset? Due { get; }
    /// <summary>The snapshot that the product would have kept last; null before there is one.</summary>
    (EntitySnapshot Snapshot, long Sequence)? Kept { get; }

    IReadOnlyList<Outcome> Take(EntityAddress from, IReadOnlyList<Outgoing> messages, DateTimeOffset now);
    void Confirm(EntityAddress to, IReadOnlyList<Outgoing> messages, IReadOnlyList<Outcome> outcomes, DateTimeOffset now);
}

/// <summary>
/// Runs the rules of one entity and journals what they decide, in the very order in which <c>Entity</c> does, so that what
/// recovers from it has lived. Without it a bench would have to wait for hundreds of thousands of real persists.
/// </summary>
internal sealed class PaperEntity<TState, TEvent>(EntityAddress address, IEntityRules<TState, TEvent> rules, Action<EntityAddress, long, IDomainEvent> journal) : IPaperEntity
    where TState : notnull where TEvent : class, IDomainEvent
{
    /// <summary>As <c>EntityLimits.SnapshotEveryEvents</c>.</summary>
    private const int SnapshotEveryEvents = 200;
    private long _snapshotAt;

    public EntityAddress Address => address;
    public EntityMemory Memory { get; private set; } = EntityMemory.Empty;
    public long Sequence { get; private set; }
    public (EntitySnapshot Snapshot, long Sequence)? Kept { get; private set; }
    internal TState State { get; private set; } = rules.Initial(address.Id);

    public DateTimeOffset? Due => rules.Deadlines(State).Select(d => (DateTimeOffset?)d.Due).Min();

    internal void Command(ICommand command, Caller by, string id, DateTimeOffset at)
    {
        var now = Now(at);
        var decision = Decide(State, new Stimulus.Commanded(command, by), now);
        if (decision.Refusal is { } no) throw new InvalidOperationException($"{address} refused {command.GetType().Name}: {no.Reason} {no.Message}");
        Commit(decision, now, [new MemoryEvent.CommandAnswered(now, id, command.GetType().Name, by.Subject, Memory.Version + decision.Events.Count, null)]);
    }

    public IReadOnlyList<Outcome> Take(EntityAddress from, IReadOnlyList<Outgoing> messages, DateTimeOffset at)
    {
        var (now, state, decision, taken) = (Now(at), State, Decision<TEvent>.Nothing, new List<MemoryEvent.MessageTaken>());
        foreach (var message in messages)
        {
            var one = Decide(state, new Stimulus.Delivered(message.Message, from), now);
            state = one.Events.Aggregate(state, rules.Evolve);
            decision = decision.Then(one);
            taken.Add(new MemoryEvent.MessageTaken(now, from, message.Number, one.Outcome));
        }
        Commit(decision, now, taken);
        return [.. taken.Select(t => t.Outcome)];
    }

    public void Confirm(EntityAddress to, IReadOnlyList<Outgoing> messages, IReadOnlyList<Outcome> outcomes, DateTimeOffset at)
    {
        var (now, state, decision) = (Now(at), State, Decision<TEvent>.Nothing);
        foreach (var (message, outcome) in messages.Zip(outcomes))
        {
            var one = Decide(state, new Stimulus.Confirmed(message.Message, to, outcome), now);
            state = one.Events.Aggregate(state, rules.Evolve);
            decision = decision.Then(one);
        }
        Commit(decision, now, [new MemoryEvent.MessageConfirmed(now, to, messages[^1].Number)]);
    }

    private DateTimeOffset Now(DateTimeOffset at) => at > Memory.LastAt ? at : Memory.LastAt;

    private Decision<TEvent> Decide(TState state, Stimulus stimulus, DateTimeOffset now)
    {
        var due = rules.Deadlines(state).Any(d => d.Due <= now) ? rules.Decide(state, new Stimulus.Woken(), now) : Decision<TEvent>.Nothing;
        return due.Then(rules.Decide(due.Events.Aggregate(state, rules.Evolve), stimulus, now));
    }

    private void Commit(Decision<TEvent> decision, DateTimeOffset now, IEnumerable<MemoryEvent> more)
    {
        foreach (var happened in decision.Events)
        {
            (State, Memory) = (rules.Evolve(State, happened), Memory.Counted(happened));
            journal(address, ++Sequence, happened);
        }
        foreach (var send in decision.Sends) Remember(new MemoryEvent.MessageQueued(now, send.To, Memory.NumberFor(send.To), send.Message));
        foreach (var memory in more) Remember(memory);
        if (Sequence - _snapshotAt < SnapshotEveryEvents) return;
        _snapshotAt = Sequence;
        Kept = (new EntitySnapshot(Memory, State), Sequence);
    }

    private void Remember(MemoryEvent happened)
    {
        Memory = Memory.Evolve(happened);
        journal(address, ++Sequence, happened);
    }
}
