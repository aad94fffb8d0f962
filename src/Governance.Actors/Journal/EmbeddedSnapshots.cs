using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Akka.Serialization;
using Governance.Storage.Sqlite;

namespace Governance.Actors.Journal;

/// <summary>Snapshots of a node that is alone, beside <see cref="EmbeddedJournal"/>.</summary>
internal sealed class EmbeddedSnapshots : SnapshotStore
{
    private readonly SqliteSnapshots _file;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;

    public EmbeddedSnapshots(Config _) => _file = new SqliteSnapshots(Context.System.Settings.Setup.Get<EmbeddedPersistenceSetup>().Value.SnapshotFile);

    protected override void PostStop()
    {
        base.PostStop();
        _file.DisposeAsync().AsTask().Wait();
    }

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancel) => Task.Run(() =>
        _file.Newest(persistenceId, criteria.MaxSequenceNr, criteria.MaxTimeStamp.Ticks) is { } row
            ? new SelectedSnapshot(new SnapshotMetadata(persistenceId, row.Number, new DateTime(row.CreatedTicks, DateTimeKind.Utc)), _serialization.Deserialize(row.Snapshot, row.Serializer, row.Manifest))
            : null, cancel);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancel)
    {
        var serializer = (SerializerWithStringManifest)_serialization.FindSerializerFor(snapshot);
        return _file.SaveAsync(new SnapshotRow(metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, serializer.ToBinary(snapshot), serializer.Manifest(snapshot), serializer.Identifier));
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancel) =>
        _file.RemoveAsync(metadata.PersistenceId, metadata.SequenceNr, metadata.SequenceNr, DateTime.MaxValue.Ticks);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancel) =>
        _file.RemoveAsync(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MaxTimeStamp.Ticks);
}
