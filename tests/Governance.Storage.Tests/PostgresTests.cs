using System.Diagnostics;
using Governance.Cluster.Tests.Harness;
using Governance.Storage.Postgres;
using Npgsql;

namespace Governance.Storage.Tests;

/// <summary>What only a database that several nodes share must be able to do.</summary>
public sealed class PostgresTests(Databases databases) : IClassFixture<Databases>
{
    private static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private readonly Guid _a = Guid.NewGuid(), _b = Guid.NewGuid();

    [PostgresFact]
    public async Task The_schema_is_made_once_however_many_nodes_start_at_once()
    {
        var connection = await databases.ConnectionAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostgresDatabase.OpenAsync(connection, default)));
        foreach (var database in opened) await database.DisposeAsync();
        Assert.Equal(1, (int)(await AskAsync(connection, "SELECT count(*)::int FROM schema_version"))!);
    }

    /// <summary>A database that knew no records of alarms keeps its lists where they are, and begins the records at the first event.</summary>
    [PostgresFact]
    public async Task A_database_of_an_older_build_has_its_lists_made_again_and_gets_the_records_of_alarms()
    {
        var connection = await databases.ConnectionAsync();
        await (await PostgresDatabase.OpenAsync(connection, default)).DisposeAsync();
        await AskAsync(connection, """
            DO $$ DECLARE t TEXT; BEGIN
              FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP EXECUTE format('DROP TABLE %I CASCADE', t); END LOOP;
            END $$
            """);
        for (var version = 1; version <= 3; version++) await AskAsync(connection, Schema(version));
        await AskAsync(connection, """
            UPDATE schema_version SET version = 3;
            UPDATE progress SET journal_offset = 70;
            INSERT INTO case_list (key, number, state, level, category, source, subdistrict, drill, supervision, received, closed, version) VALUES ('C1', 'N1', 'ASSIGNED', 4, '0101', 'HS-1', '410803001', 0, 'NONE', 1, NULL, 1)
            """);
        await using var database = await PostgresDatabase.OpenAsync(connection, default);
        await using var views = new PostgresViews(database);
        await using var alarms = new PostgresAlarmViews(database);
        // A line of today holds the whole case: the journal gives it, from its beginning.
        Assert.Equal(0, await views.OffsetAsync(default));
        Assert.Null(await views.CaseAsync("C1", default));
        Assert.Equal(new AlarmProgress(0, null), await alarms.BeginAsync(1, default));
    }

    private static string Schema(int version)
    {
        using var reader = new StreamReader(typeof(PostgresViews).Assembly.GetManifestResourceStream($"schema.postgres.{version}.sql")!);
        return reader.ReadToEnd();
    }

    [PostgresFact]
    public async Task A_newer_schema_is_refused_by_name()
    {
        var connection = await databases.ConnectionAsync();
        await (await PostgresDatabase.OpenAsync(connection, default)).DisposeAsync();
        await AskAsync(connection, "UPDATE schema_version SET version = 99");
        Assert.Contains("version 99", (await Assert.ThrowsAsync<SchemaTooNewException>(() => PostgresDatabase.OpenAsync(connection, default))).Message);
    }

    [PostgresFact]
    public async Task A_database_that_does_not_exist_is_told_and_one_that_is_away_is_waited_for()
    {
        var connection = new NpgsqlConnectionStringBuilder(await databases.ConnectionAsync());
        var wrong = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = "nowhere" };
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, (await Assert.ThrowsAsync<PostgresException>(() => PostgresDatabase.OpenAsync(wrong.ConnectionString, default))).SqlState);
        var away = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = FreePort.Take() };
        await using var database = await PostgresDatabase.OpenAsync(away.ConnectionString, default);
        await using var ledger = new PostgresReadingLedger(database);
        Assert.Equal(AppendOutcome.Failed, await ledger.AppendAsync(Chunk(1, _a)));
        await Assert.ThrowsAnyAsync<NpgsqlException>(ledger.ProbeAsync);
    }

    /// <summary>A node that is stopped between two packets keeps its session. Whoever waits for it must not wait long.</summary>
    [PostgresFact]
    public async Task A_session_that_went_silent_holding_a_key_is_ended_and_the_new_owner_goes_on()
    {
        await using var store = await databases.OpenAsync(Database.Postgres);
        await using var ledger = store.Ledger();
        await ledger.AppendAsync(Chunk(1, _a));
        // As a frozen owner would: the next key is written and not committed.
        await using var frozen = await store.Postgres.Source.OpenConnectionAsync();
        await using var begin = new NpgsqlCommand("SET idle_in_transaction_session_timeout = 0; BEGIN; INSERT INTO chunk SELECT source, 2, writer, kind, first_sampled, last_sampled, count, payload FROM chunk", frozen);
        await begin.ExecuteNonQueryAsync();
        var directory = new PostgresNodeDirectory(store.Postgres);
        var begun = Stopwatch.GetTimestamp();
        var owner = TakenAsync();
        while (!owner.IsCompleted)
        {
            await directory.RenewAsync("akka.tcp://governance@b:1", 9, true, default);
            await Task.WhenAny(owner, Task.Delay(250));
        }
        Assert.Equal(2, await owner);
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => { await using var commit = new NpgsqlCommand("COMMIT", frozen); await commit.ExecuteNonQueryAsync(); });

        async Task<long> TakenAsync()
        {
            await using var elsewhere = store.Ledger();
            while (true)
            {
                try { return await elsewhere.TakeOwnershipAsync("HS-1", _b, T0, default); }
                catch (IOException) { /* the lock was not free in time: again, as an entity would */ }
            }
        }
    }

    [PostgresFact]
    public async Task Only_one_node_founds_and_only_when_no_other_was_up_lately()
    {
        await using var store = await databases.OpenAsync(Database.Postgres);
        var directory = new PostgresNodeDirectory(store.Postgres);
        var founded = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => directory.TryFoundAsync($"node-{n}", n, true, default)));
        var incarnation = Assert.Single(founded, f => f is not null);
        var founder = Array.IndexOf(founded, incarnation);
        var seen = await directory.RenewAsync("node-late", 7, false, default);
        Assert.Equal((incarnation, $"node-{founder}"), (seen.Incarnation, Assert.Single(seen.UpNodes)));
        Assert.Null(await directory.TryFoundAsync("node-late", 7, true, default));
        // Who left on purpose is not waited for.
        await using (var forget = store.Postgres.Source.CreateCommand("DELETE FROM cluster_node")) await forget.ExecuteNonQueryAsync();
        var next = await directory.TryFoundAsync("node-late", 7, true, default);
        Assert.NotNull(next);
        Assert.NotEqual(incarnation, next);
        Assert.Equal(next, (await directory.RenewAsync($"node-{founder}", 8, true, default)).Incarnation);
    }

    /// <summary>A cluster may have lived on while its database was away: right after it is back, silence proves nothing.</summary>
    [PostgresFact]
    public async Task Nobody_founds_before_it_has_watched_the_silence_of_members_that_may_live()
    {
        await using var store = await databases.OpenAsync(Database.Postgres);
        var directory = new PostgresNodeDirectory(store.Postgres);
        await directory.RenewAsync("node-1", 1, true, default);
        await using (var age = store.Postgres.Source.CreateCommand("UPDATE cluster_node SET seen_at = clock_timestamp() - interval '1 hour'")) await age.ExecuteNonQueryAsync();
        Assert.Null(await directory.TryFoundAsync("node-2", 2, false, default));
        Assert.NotNull(await directory.TryFoundAsync("node-2", 2, true, default));
    }

    [PostgresFact]
    public async Task A_process_that_the_others_gave_up_learns_it_and_its_successor_does_not()
    {
        await using var store = await databases.OpenAsync(Database.Postgres);
        var directory = new PostgresNodeDirectory(store.Postgres);
        Assert.False((await directory.RenewAsync("node-1", 1, true, default)).IsGivenUp);
        await directory.GiveUpAsync("node-1", 1, default);
        Assert.Empty((await directory.RenewAsync("node-2", 2, true, default)).UpNodes);
        Assert.True((await directory.RenewAsync("node-1", 1, true, default)).IsGivenUp);
        Assert.False((await directory.RenewAsync("node-1", 3, true, default)).IsGivenUp);
        // A verdict on the former process that comes late does not meet the new one.
        await directory.GiveUpAsync("node-1", 1, default);
        Assert.False((await directory.RenewAsync("node-1", 3, true, default)).IsGivenUp);
    }

    /// <summary>An older build would neither find merged chunks nor be fenced by them.</summary>
    [PostgresFact]
    public async Task Nothing_is_merged_while_a_node_of_an_older_build_may_live()
    {
        await using var store = await databases.OpenAsync(Database.Postgres);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 3; n++) await ledger.AppendAsync(Chunk(n, _a));
        // As the older build says that it is there.
        await using (var old = store.Postgres.Source.CreateCommand("INSERT INTO cluster_node (address, uid, is_up, is_given_up, seen_at) VALUES ('node-1', 1, true, false, clock_timestamp())")) await old.ExecuteNonQueryAsync();
        Assert.Equal(0, (await ledger.MergeAsync(TimeSpan.Zero, default)).Chunks);
        await new PostgresNodeDirectory(store.Postgres).RenewAsync("node-1", 2, true, default);
        Assert.Equal(2, (await ledger.MergeAsync(TimeSpan.Zero, default)).Chunks);
    }

    private static LedgerChunk Chunk(long number, Guid writer) => new("HS-1", number, writer, ChunkKind.Readings, T0, T0, 1, new byte[] { 1 });

    private static async Task<object?> AskAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync();
    }
}
