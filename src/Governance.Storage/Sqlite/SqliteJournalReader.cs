using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>Reads the journal of <see cref="SqliteJournal"/>, entity by entity; what is committed, and never waits for the writer. Used by many threads.</summary>
public sealed class SqliteJournalReader : IDisposable
{
    private readonly ReaderPool _readers;

    public SqliteJournalReader(string path) =>
        _readers = new ReaderPool(new SqliteFile(path, "journal").OpenReader,
            ("SELECT max(sequence_number) FROM journal WHERE persistence_id = $id", ["$id"]),
            ("""
             SELECT sequence_number, created, message, manifest, identifier, writer_uuid FROM journal
             WHERE persistence_id = $id AND sequence_number BETWEEN $from AND $to AND deleted = 0 ORDER BY sequence_number LIMIT $max
             """, ["$id", "$from", "$to", "$max"]));

    /// <summary>0 when there is none.</summary>
    public long HighestNumber(string entityId) => _readers.Use(0, highest => highest.One(entityId) is long found ? found : 0);

    /// <summary>In order of number, both ends included, as long as <paramref name="goOn"/> says; it must be quick.</summary>
    public void Read(string entityId, long from, long to, long max, Func<JournalRow, bool> goOn) => _readers.Use(1, events =>
    {
        using var rows = events.Rows(entityId, from, to, max);
        while (rows.Read() && goOn(Row(entityId, rows))) { }
        return 0;
    });

    public void Dispose() => _readers.Dispose();

    private static JournalRow Row(string entityId, SqliteDataReader row) => new(
        entityId, row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? "" : row.GetString(3), row.GetInt32(4), row.IsDBNull(5) ? "" : row.GetString(5));
}
