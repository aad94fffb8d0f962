using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>The deadline view in PostgreSQL: whatever waits is written by one round trip.</summary>
public sealed class PostgresDeadlineStore : IDeadlineStore
{
    // Rows in key order: two nodes that write the same rows never wait for each other in a circle.
    private const string Upsert = """
        INSERT INTO deadline (kind, id, due, version) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
        ON CONFLICT (kind, id) DO UPDATE SET due = excluded.due, version = excluded.version WHERE excluded.version >= deadline.version
        """;
    private const string Delete = """
        DELETE FROM deadline d USING unnest($1::text[], $2::text[], $3::bigint[]) AS w (kind, id, version)
        WHERE d.kind = w.kind AND d.id = w.id AND d.version <= w.version
        """;

    private readonly PostgresDatabase _database;
    private readonly GroupCommit<DeadlineWord, bool> _writer;

    public PostgresDeadlineStore(PostgresDatabase database)
    {
        _database = database;
        _writer = new GroupCommit<DeadlineWord, bool>("deadlines", Write);
    }

    public Task UpsertAsync(DeadlineRow row) => _writer.SubmitAsync(new DeadlineWord(row.Kind, row.Id, row.Due, row.Version));
    public Task RemoveAsync(string kind, string id, long version) => _writer.SubmitAsync(new DeadlineWord(kind, id, null, version));

    public async Task<IReadOnlyList<DeadlineRow>> DueAsync(DateTimeOffset at, int max, CancellationToken cancel)
    {
        await using var command = _database.Source.CreateCommand("SELECT kind, id, due, version FROM deadline WHERE due <= $1 ORDER BY due LIMIT $2");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = at.UtcTicks });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = max });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var due = new List<DeadlineRow>();
        while (await rows.ReadAsync(cancel)) due.Add(new DeadlineRow(rows.GetString(0), rows.GetString(1), new DateTimeOffset(rows.GetInt64(2), TimeSpan.Zero), rows.GetInt64(3)));
        return due;
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private bool[] Write(IReadOnlyList<DeadlineWord> batch)
    {
        // Of one entity only the last word is written; a row cannot be touched twice by one statement.
        var last = new SortedDictionary<(string Kind, string Id), DeadlineWord>();
        foreach (var word in batch)
            if (!last.TryGetValue((word.Kind, word.Id), out var earlier) || word.Version >= earlier.Version) last[(word.Kind, word.Id)] = word;
        var (kept, gone) = (last.Values.Where(w => w.Due is not null).ToList(), last.Values.Where(w => w.Due is null).ToList());
        using var connection = _database.Source.OpenConnection();
        // One batch is one implicit transaction, begun when the server has all of it.
        using var statements = new NpgsqlBatch(connection);
        if (kept.Count > 0) statements.BatchCommands.Add(Command(Upsert, kept, [.. kept.Select(w => w.Due!.Value.UtcTicks)]));
        if (gone.Count > 0) statements.BatchCommands.Add(Command(Delete, gone, null));
        statements.ExecuteNonQuery();
        return new bool[batch.Count];
    }

    private static NpgsqlBatchCommand Command(string sql, List<DeadlineWord> words, long[]? due)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = words.Select(w => w.Kind).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = words.Select(w => w.Id).ToArray() });
        if (due is not null) command.Parameters.Add(new NpgsqlParameter { Value = due });
        command.Parameters.Add(new NpgsqlParameter { Value = words.Select(w => w.Version).ToArray() });
        return command;
    }
}
