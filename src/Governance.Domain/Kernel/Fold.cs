using System.Collections.Immutable;

namespace Governance.Domain.Kernel;

/// <summary>
/// One decision in the making: the state as it becomes, with the events and messages that lead there. So the steps of a rule
/// read one after the other, each seeing what the one before has done, and nothing has happened before all of it is decided.
/// </summary>
internal abstract class Fold<TState, TEvent>(TState state, DateTimeOffset now, Func<TState, TEvent, TState> evolve)
    where TEvent : IDomainEvent
{
    private readonly ImmutableList<TEvent>.Builder _events = ImmutableList.CreateBuilder<TEvent>();
    private readonly ImmutableList<Send>.Builder _sends = ImmutableList.CreateBuilder<Send>();

    internal TState State { get; private set; } = state;
    internal DateTimeOffset Now { get; } = now;
    internal Decision<TEvent> Decision => new(_events.ToImmutable(), _sends.ToImmutable());

    internal void Happen(TEvent happened)
    {
        State = evolve(State, happened);
        _events.Add(happened);
    }

    internal void Send(EntityAddress to, IEntityMessage message) => _sends.Add(new Send(to, message));
}
