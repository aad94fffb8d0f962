using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The deadline view in one SQLite file.</summary>
public sealed class SqliteDeadlineStore : IDeadlineStore
{
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly GroupCommit<DeadlineWord, bool> _writer;

    public SqliteDeadlineStore(string path)
    {
        _file = new SqliteFile(path, "deadlines");
        _connection = _file.OpenWriter();
        _writer = new GroupCommit<DeadlineWord, bool>("deadlines", SqliteFile.Transaction<DeadlineWord, bool>(_connection, Write));
    }

    public Task UpsertAsync(DeadlineRow row) => _writer.SubmitAsync(new DeadlineWord(row.Kind, row.Id, row.Due, row.Version));
    public Task RemoveAsync(string kind, string id, long version) => _writer.SubmitAsync(new DeadlineWord(kind, id, null, version));

    public Task<IReadOnlyList<DeadlineRow>> DueAsync(DateTimeOffset at, int max, CancellationToken cancel)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, id, due, version FROM deadline WHERE due <= $at ORDER BY due LIMIT $max";
        command.Parameters.AddWithValue("$at", at.UtcTicks);
        command.Parameters.AddWithValue("$max", max);
        using var rows = command.ExecuteReader();
        var due = new List<DeadlineRow>();
        while (rows.Read()) due.Add(new DeadlineRow(rows.GetString(0), rows.GetString(1), new DateTimeOffset(rows.GetInt64(2), TimeSpan.Zero), rows.GetInt64(3)));
        return Task.FromResult<IReadOnlyList<DeadlineRow>>(due);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static bool Write(SqliteConnection connection, SqliteTransaction transaction, DeadlineWord word)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = word.Due is null
            ? "DELETE FROM deadline WHERE kind = $kind AND id = $id AND version <= $version"
            : """
              INSERT INTO deadline (kind, id, due, version) VALUES ($kind, $id, $due, $version)
              ON CONFLICT DO UPDATE SET due = excluded.due, version = excluded.version WHERE excluded.version >= deadline.version
              """;
        command.Parameters.AddWithValue("$kind", word.Kind);
        command.Parameters.AddWithValue("$id", word.Id);
        command.Parameters.AddWithValue("$version", word.Version);
        if (word.Due is { } due) command.Parameters.AddWithValue("$due", due.UtcTicks);
        return command.ExecuteNonQuery() > 0;
    }
}
