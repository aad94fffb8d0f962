using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>The node directory in PostgreSQL. Its time is the database's, so clocks of nodes do not matter.</summary>
public sealed class PostgresNodeDirectory(PostgresDatabase database) : INodeDirectory
{
    /// <summary>A node that said nothing for so long is not waited for. It renews every second.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);
    public TimeSpan Lately => SilenceLimit;
    /// <summary>A session that makes others wait while it waits for its own client belongs to a node that is frozen or cut off.</summary>
    private static readonly TimeSpan FrozenSession = TimeSpan.FromSeconds(2);
    private const long FoundingLock = 0x676F7665726E32;

    private static readonly string Renew = $"""
        INSERT INTO cluster_node (address, uid, is_up, is_given_up, seen_at, ledger) VALUES ($1, $2, $3, false, clock_timestamp(), {PostgresMerge.LedgerVersion})
        ON CONFLICT (address) DO UPDATE SET uid = excluded.uid, is_up = excluded.is_up, is_given_up = false, seen_at = excluded.seen_at, ledger = excluded.ledger
        WHERE NOT (cluster_node.is_given_up AND cluster_node.uid = excluded.uid)
        RETURNING 1
        """;
    private const string Others = "SELECT address FROM cluster_node WHERE is_up AND NOT is_given_up AND address <> $1 AND seen_at > clock_timestamp() - $2 ORDER BY address";
    private const string Now = "SELECT incarnation FROM cluster_now";
    private const string EndFrozenSessions = """
        SELECT pg_terminate_backend(holder.pid) FROM pg_stat_activity waiter CROSS JOIN LATERAL unnest(pg_blocking_pids(waiter.pid)) AS blocker (pid)
        JOIN pg_stat_activity holder ON holder.pid = blocker.pid
        WHERE waiter.application_name = $1 AND waiter.wait_event_type = 'Lock' AND holder.application_name = $1
        AND holder.wait_event = 'ClientRead' AND holder.state_change < clock_timestamp() - $2
        """;

    public async Task<DirectoryView> RenewAsync(string address, long uid, bool isUp, CancellationToken cancel)
    {
        // A node's first word to the database: no node is a member before the schema is there.
        await database.ReadyAsync(cancel);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(Renew, address, uid, isUp));
        batch.BatchCommands.Add(Command(EndFrozenSessions, PostgresDatabase.ApplicationName, FrozenSession));
        batch.BatchCommands.Add(Command(Now));
        batch.BatchCommands.Add(Command(Others, address, Lately));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var isGivenUp = !await reader.ReadAsync(cancel);
        await reader.NextResultAsync(cancel);
        await reader.NextResultAsync(cancel);
        Guid? incarnation = await reader.ReadAsync(cancel) ? reader.GetGuid(0) : null;
        await reader.NextResultAsync(cancel);
        var others = new List<string>();
        while (await reader.ReadAsync(cancel)) others.Add(reader.GetString(0));
        return new DirectoryView(incarnation, others, isGivenUp);
    }

    public async Task<Guid?> TryFoundAsync(string address, long uid, bool hasWatched, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var check = new NpgsqlBatch(connection);
        check.BatchCommands.Add(Command($"SELECT pg_advisory_xact_lock({FoundingLock})"));
        // A cluster may live on while its database is away: silence counts only when it could have been broken.
        check.BatchCommands.Add(Command($"SELECT EXISTS (SELECT FROM cluster_node WHERE is_up AND NOT is_given_up AND address <> $1 AND seen_at > clock_timestamp() - $2) OR (NOT $3 AND EXISTS (SELECT FROM cluster_node WHERE is_up AND NOT is_given_up AND address <> $1))", address, Lately, hasWatched));
        await using (var reader = await check.ExecuteReaderAsync(cancel))
        {
            await reader.NextResultAsync(cancel);
            await reader.ReadAsync(cancel);
            if (reader.GetBoolean(0)) return null;
        }
        var incarnation = Guid.CreateVersion7();
        await using var found = new NpgsqlBatch(connection);
        found.BatchCommands.Add(Command("INSERT INTO cluster_now VALUES (1, $1, $2, clock_timestamp()) ON CONFLICT (one) DO UPDATE SET incarnation = excluded.incarnation, founder = excluded.founder, founded_at = excluded.founded_at", incarnation, address));
        found.BatchCommands.Add(Command(Renew, address, uid, true));
        await found.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return incarnation;
    }

    public Task GiveUpAsync(string address, long uid, CancellationToken cancel) =>
        DoAsync(Command("UPDATE cluster_node SET is_given_up = true WHERE address = $1 AND uid = $2", address, uid), cancel);

    public Task LeaveAsync(string address, long uid, CancellationToken cancel) => DoAsync(Command("DELETE FROM cluster_node WHERE address = $1 AND uid = $2", address, uid), cancel);

    private async Task DoAsync(NpgsqlBatchCommand command, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
