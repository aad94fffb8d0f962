using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The state of an entity after one of its events, as bytes.</summary>
public readonly record struct SnapshotRow(string EntityId, long Number, long CreatedTicks, byte[] Snapshot, string Manifest, int Serializer);

/// <summary>Snapshots in one SQLite file. Disposable: the journal has everything.</summary>
public sealed class SqliteSnapshots : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly ReaderPool _readers;
    private readonly GroupCommit<Action<SqliteConnection, SqliteTransaction>, bool> _writer;

    public SqliteSnapshots(string path)
    {
        var file = new SqliteFile(path, "snapshots");
        _connection = file.OpenWriter();
        _readers = new ReaderPool(file.OpenReader, (
            """
            SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot
            WHERE persistence_id = $id AND sequence_number <= $n AND created <= $c ORDER BY sequence_number DESC LIMIT 1
            """, ["$id", "$n", "$c"]));
        _writer = new GroupCommit<Action<SqliteConnection, SqliteTransaction>, bool>("snapshots", SqliteFile.Transaction<Action<SqliteConnection, SqliteTransaction>, bool>(_connection, (connection, transaction, write) =>
        {
            write(connection, transaction);
            return true;
        }));
    }

    /// <summary>The newest within the bounds; null when there is none.</summary>
    public SnapshotRow? Newest(string entityId, long maxNumber, long maxCreatedTicks) => _readers.Use<SnapshotRow?>(0, newest =>
    {
        using var rows = newest.Rows(entityId, maxNumber, maxCreatedTicks);
        return rows.Read()
            ? new SnapshotRow(entityId, rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2), rows.IsDBNull(3) ? "" : rows.GetString(3), rows.GetInt32(4))
            : null;
    });

    public Task SaveAsync(SnapshotRow row) => RunAsync(
        "INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ($id, $n, $c, $b, $m, $s)",
        ("$id", row.EntityId), ("$n", row.Number), ("$c", row.CreatedTicks), ("$b", row.Snapshot), ("$m", row.Manifest), ("$s", row.Serializer));

    /// <summary>Removes those within the bounds, both included.</summary>
    public Task RemoveAsync(string entityId, long minNumber, long maxNumber, long maxCreatedTicks) => RunAsync(
        "DELETE FROM snapshot WHERE persistence_id = $id AND sequence_number BETWEEN $from AND $to AND created <= $c",
        ("$id", entityId), ("$from", minNumber), ("$to", maxNumber), ("$c", maxCreatedTicks));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _readers.Dispose();
        await _connection.DisposeAsync();
    }

    private Task RunAsync(string sql, params (string Name, object Value)[] parameters) => _writer.SubmitAsync((connection, transaction) =>
    {
        using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    });
}
