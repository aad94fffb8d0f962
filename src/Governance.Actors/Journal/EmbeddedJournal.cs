using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Governance.Storage.Sqlite;

namespace Governance.Actors.Journal;

/// <summary>
/// The journal of a node that is alone. The rows are those of Akka.Persistence.Sql, which reads them for the lists; its
/// own way to write and read them costs an alarm and a recovery several times as much.
/// </summary>
internal sealed class EmbeddedJournal : AsyncWriteJournal
{
    private readonly SqliteJournal _file;
    private readonly SqliteJournalReader _reader;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly string _writer = Guid.NewGuid().ToString("N");
    /// <summary>Of each entity the write that is under way: an entity that is started again must not recover past it.</summary>
    private readonly ConcurrentDictionary<string, Task> _underWay = new();

    public EmbeddedJournal(Config _)
    {
        var setup = Context.System.Settings.Setup.Get<EmbeddedPersistenceSetup>().Value;
        (_file, _reader) = (new SqliteJournal(setup.JournalFile, setup.JournalFaults), setup.Reader);
    }

    protected override void PostStop()
    {
        base.PostStop();
        _file.DisposeAsync().AsTask().Wait();
        _reader.Dispose();
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancel)
    {
        var rows = new List<JournalRow>();
        foreach (var write in messages)
            foreach (var persistent in (IImmutableList<IPersistentRepresentation>)write.Payload) rows.Add(Row(persistent));
        // The continuation tells an actor, no more: it may run on the writer's thread, and saves the alarm a change of threads.
        var (done, id) = (new TaskCompletionSource<IImmutableList<Exception>>(), rows[0].EntityId);
        _underWay[id] = done.Task;
        _file.Append(rows, failure =>
        {
            _underWay.TryRemove(new(id, done.Task));
            if (failure is null) done.SetResult(null!);
            else done.SetException(failure);
        });
        return done.Task;
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancel)
    {
        if (_underWay.TryGetValue(persistenceId, out var write)) await write.ContinueWith(_ => { }, cancel, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        return await Task.Run(() => _reader.HighestNumber(persistenceId), cancel).ConfigureAwait(false);
    }

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) =>
        Task.Run(() => _reader.Read(persistenceId, fromSequenceNr, toSequenceNr, max, row =>
        {
            recoveryCallback(new Persistent(_serialization.Deserialize(row.Message, row.Serializer, row.Manifest), row.Number, row.EntityId, row.Manifest, false, ActorRefs.NoSender, row.Writer, row.CreatedTicks));
            return true;
        }));

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancel) =>
        throw new NotSupportedException("the journal is never deleted");

    private JournalRow Row(IPersistentRepresentation persistent)
    {
        var serializer = (SerializerWithStringManifest)_serialization.FindSerializerFor(persistent.Payload);
        return new JournalRow(persistent.PersistenceId, persistent.SequenceNr, persistent.Timestamp,
            serializer.ToBinary(persistent.Payload), serializer.Manifest(persistent.Payload), serializer.Identifier, _writer);
    }
}
