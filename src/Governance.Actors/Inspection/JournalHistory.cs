using Akka.Actor;
using Governance.Actors.Journal;
using Governance.Domain.Kernel;

namespace Governance.Actors.Inspection;

/// <summary>One line of an entity's history.</summary>
public sealed record HistoryLine(long Sequence, DateTimeOffset At, string Name, string By, string Text);

/// <summary>An entity's history, read from the journal: the journal is the history.</summary>
public sealed class JournalHistory(ActorSystem system)
{
    /// <summary>Events shown of one entity, the latest ones.</summary>
    public const int LatestLimit = 500;

    /// <summary>A state made anew of the first events of an entity's journal, without snapshots and without the live actor.</summary>
    /// <param name="version">How many of its own events.</param>
    public async Task<TState> RecomputedAsync<TState, TEvent>(EntityAddress entity, TState initial, Func<TState, TEvent, TState> evolve, long version, CancellationToken cancel) where TEvent : IDomainEvent
    {
        var (state, left) = (initial, version);
        await EntityEvents.ReadAsync(system, entity.ToString(), 0, (_, happened) =>
        {
            if (happened is TEvent own && left-- > 0) state = evolve(state, own);
            return left > 0 && !cancel.IsCancellationRequested;
        }).WaitAsync(cancel).ConfigureAwait(false);
        return state;
    }

    /// <summary>An entity's own events, oldest first.</summary>
    public async Task<IReadOnlyList<TEvent>> EventsAsync<TEvent>(EntityAddress entity, CancellationToken cancel) where TEvent : IDomainEvent
    {
        var events = new List<TEvent>();
        await EntityEvents.ReadAsync(system, entity.ToString(), 0, (_, happened) =>
        {
            if (happened is TEvent own) events.Add(own);
            return !cancel.IsCancellationRequested;
        }).WaitAsync(cancel).ConfigureAwait(false);
        return events;
    }

    /// <summary>Domain events and answered commands, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryLine>> OfAsync(EntityAddress entity, int latest, CancellationToken cancel)
    {
        var lines = new Queue<HistoryLine>();
        await EntityEvents.ReadAsync(system, entity.ToString(), 0, (number, happened) =>
        {
            if (happened is IDomainEvent line and not (MemoryEvent.MessageQueued or MemoryEvent.MessageConfirmed or MemoryEvent.MessageTaken)) lines.Enqueue(EventText.Line(number, line));
            if (lines.Count > latest) lines.Dequeue();
            return !cancel.IsCancellationRequested;
        }).WaitAsync(cancel).ConfigureAwait(false);
        return [.. lines];
    }
}
