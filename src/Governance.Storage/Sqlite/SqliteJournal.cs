using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>One event of an entity, as bytes.</summary>
/// <param name="Number">Dense from 1 per entity; a number is taken once.</param>
/// <param name="CreatedTicks">UTC, 100 ns; 0 to be written: when it is written.</param>
/// <param name="Writer">Which process wrote it.</param>
public readonly record struct JournalRow(string EntityId, long Number, long CreatedTicks, byte[] Message, string Manifest, int Serializer, string Writer);

/// <summary>
/// The journal in one SQLite file. What entities persist at the same time shares one transaction and one sync; of two
/// writers of one number the second is refused, alone.
/// </summary>
public sealed class SqliteJournal : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _begin, _commit, _rollback, _insert;
    private readonly ICommitFaults? _faults;
    private readonly GroupCommit<IReadOnlyList<JournalRow>, Exception?> _writer;

    public SqliteJournal(string path, ICommitFaults? faults = null)
    {
        var file = new SqliteFile(path, "journal");
        _connection = file.OpenWriter();
        (_begin, _commit, _rollback) = (new Statement(_connection, "BEGIN IMMEDIATE"), new Statement(_connection, "COMMIT"), new Statement(_connection, "ROLLBACK"));
        _insert = new Statement(_connection,
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES ($c, 0, $id, $n, $m, $manifest, $s, $w)",
            "$c", "$id", "$n", "$m", "$manifest", "$s", "$w");
        _faults = faults;
        _writer = new GroupCommit<IReadOnlyList<JournalRow>, Exception?>("journal", Commit, faults);
    }

    /// <summary>All of the rows or none; tells null when they are durable, on the writer's thread, which must not be held up.</summary>
    public void Append(IReadOnlyList<JournalRow> rows, Action<Exception?> done) =>
        _writer.Submit(rows, rows.Sum(r => (long)r.Message.Length), (refused, failed) => done(failed ?? refused));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        foreach (var statement in (Statement[])[_begin, _commit, _rollback, _insert]) statement.Dispose();
        await _connection.DisposeAsync();
    }

    private Exception?[] Commit(IReadOnlyList<IReadOnlyList<JournalRow>> batch)
    {
        var refused = new Exception?[batch.Count];
        try { Write(batch); }
        // Somebody's number was taken by another owner. The others have nothing to do with it.
        catch (SqliteException taken) when (batch.Count > 1 && StorageFaults.IsConflict(taken))
        {
            for (var i = 0; i < batch.Count; i++)
                try { Write([batch[i]]); }
                catch (SqliteException one) when (StorageFaults.IsConflict(one)) { refused[i] = one; }
        }
        return refused;
    }

    private void Write(IReadOnlyList<IReadOnlyList<JournalRow>> batch)
    {
        try
        {
            var now = DateTimeOffset.UtcNow.UtcTicks;
            _begin.Run();
            foreach (var rows in batch)
                foreach (var row in rows) _insert.Run(row.CreatedTicks == 0 ? now : row.CreatedTicks, row.EntityId, row.Number, row.Message, row.Manifest, row.Serializer, row.Writer);
            _faults?.BeforeCommit();
            _commit.Run();
        }
        catch
        {
            try { _rollback.Run(); }
            catch (SqliteException) { /* the file has rolled back by itself, or the transaction never began */ }
            throw;
        }
    }
}
