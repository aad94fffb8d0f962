using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
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
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        return await journal.CurrentEventsByPersistenceId(entity.ToString(), 0, long.MaxValue).Collect(e => e.Event is TEvent, e => (TEvent)e.Event).Take(version)
            .RunAggregate(initial, evolve, system.Materializer()).WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Domain events and answered commands, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryLine>> OfAsync(EntityAddress entity, int latest, CancellationToken cancel)
    {
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        var lines = new Queue<HistoryLine>();
        await journal.CurrentEventsByPersistenceId(entity.ToString(), 0, long.MaxValue)
            .Where(e => e.Event is IDomainEvent and not (MemoryEvent.MessageQueued or MemoryEvent.MessageConfirmed or MemoryEvent.MessageTaken))
            .RunForeach(e =>
            {
                lines.Enqueue(EventText.Line(e.SequenceNr, (IDomainEvent)e.Event));
                if (lines.Count > latest) lines.Dequeue();
            }, system.Materializer()).WaitAsync(cancel).ConfigureAwait(false);
        return [.. lines];
    }
}
