using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Governance.Actors.Journal;

/// <summary>The events of one entity, out of whichever journal there is.</summary>
internal static class EntityEvents
{
    /// <summary>In order from a number on, as long as <paramref name="goOn"/> says; it must be quick.</summary>
    internal static Task ReadAsync(ActorSystem system, string persistenceId, long from, Func<long, object, bool> goOn)
    {
        if (system.Settings.Setup.Get<EmbeddedPersistenceSetup>() is { HasValue: true, Value: var embedded })
            return Task.Run(() => embedded.Reader.Read(persistenceId, from, long.MaxValue, long.MaxValue,
                row => goOn(row.Number, system.Serialization.Deserialize(row.Message, row.Serializer, row.Manifest))));
        return PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier).CurrentEventsByPersistenceId(persistenceId, from, long.MaxValue)
            .TakeWhile(e => goOn(e.SequenceNr, e.Event)).RunWith(Sink.Ignore<EventEnvelope>(), system.Materializer());
    }
}
