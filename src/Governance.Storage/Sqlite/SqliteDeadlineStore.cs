using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The deadline view in one SQLite file.</summary>
public sealed class SqliteDeadlineStore : IDeadlineStore
{
    private const string Schema = """
        CREATE TABLE deadline (kind TEXT NOT NULL, id TEXT NOT NULL, clock TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        CREATE INDEX deadline_due ON deadline (clock, due)
        """;

    private readonly SqliteFile _file;
    private readonly GroupCommit<(DeadlineRow? Row, string Kind, string Id), bool> _writer;

    public SqliteDeadlineStore(string path)
    {
        _file = new SqliteFile(path, 1, Schema);
        _writer = new GroupCommit<(DeadlineRow?, string, string), bool>("deadlines", _file.OpenWriter(), Write);
    }

    public Task UpsertAsync(DeadlineRow row) => _writer.SubmitAsync((row, row.Kind, row.Id));
    public Task RemoveAsync(string kind, string id) => _writer.SubmitAsync((null, kind, id));

    public Task<IReadOnlyList<DeadlineRow>> DueAsync(string clock, DateTimeOffset at, int max, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, id, due FROM deadline WHERE clock = $clock AND due <= $at ORDER BY due LIMIT $max";
        command.Parameters.AddWithValue("$clock", clock);
        command.Parameters.AddWithValue("$at", at.UtcTicks);
        command.Parameters.AddWithValue("$max", max);
        using var rows = command.ExecuteReader();
        var due = new List<DeadlineRow>();
        while (rows.Read()) due.Add(new DeadlineRow(rows.GetString(0), rows.GetString(1), clock, new DateTimeOffset(rows.GetInt64(2), TimeSpan.Zero)));
        return Task.FromResult<IReadOnlyList<DeadlineRow>>(due);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static bool Write(SqliteConnection connection, SqliteTransaction transaction, (DeadlineRow? Row, string Kind, string Id) work)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.Parameters.AddWithValue("$kind", work.Kind);
        command.Parameters.AddWithValue("$id", work.Id);
        if (work.Row is { } row)
        {
            command.CommandText = "INSERT INTO deadline (kind, id, clock, due) VALUES ($kind, $id, $clock, $due) ON CONFLICT DO UPDATE SET clock = excluded.clock, due = excluded.due";
            command.Parameters.AddWithValue("$clock", row.Clock);
            command.Parameters.AddWithValue("$due", row.Due.UtcTicks);
        }
        else command.CommandText = "DELETE FROM deadline WHERE kind = $kind AND id = $id";
        return command.ExecuteNonQuery() > 0;
    }
}
