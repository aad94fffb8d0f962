using Npgsql;

namespace Governance.Cluster.Tests.Harness;

/// <summary>The server is a real one: it keeps what it committed, and it can crash.</summary>
public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task What_was_committed_survives_a_crash_of_the_server()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var database = await server.CreateDatabaseAsync("Cluster one");
        await ExecuteAsync(database, "CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 1000)");
        var pid = server.Pid;

        await server.RestartAsync(immediate: true);

        Assert.NotEqual(pid, server.Pid);
        Assert.Equal(1000L, await ExecuteAsync(database, "SELECT count(*) FROM t"));
        Assert.Contains("database system was not properly shut down", server.Log);
    }

    [PostgresFact]
    public async Task It_commits_durably_and_lets_in_only_loopback_and_the_nodes()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var database = server.ConnectionString("postgres");
        foreach (var (setting, value) in new[] { ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("max_connections", "200"), ("server_encoding", "UTF8") })
            Assert.Equal(value, await ExecuteAsync(database, $"SHOW {setting}"));
        Assert.Equal("127.0.0.0,10.77.0.0", await ExecuteAsync(database, "SELECT string_agg(address, ',' ORDER BY line_number) FROM pg_hba_file_rules WHERE type <> 'local'"));
    }

    [PostgresFact]
    public async Task A_stopped_server_refuses_and_a_disposed_one_leaves_nothing()
    {
        var server = new PostgresServer();
        await using (server)
        {
            await server.StartAsync();
            await server.StopAsync(PostgresStop.Fast);
            await server.StopAsync(PostgresStop.Fast);
            Assert.False(server.IsRunning);
            await Assert.ThrowsAsync<NpgsqlException>(() => ExecuteAsync(server.ConnectionString("postgres"), "SELECT 1"));
            await server.StartAsync();
            Assert.Equal(1, await ExecuteAsync(server.ConnectionString("postgres"), "SELECT 1"));
        }
        Assert.False(server.IsRunning);
        Assert.False(Directory.Exists(server.DataDir));
    }

    [ClusterFact]
    public async Task A_node_cut_from_its_peers_still_works_on_its_database_and_one_cut_from_all_does_not()
    {
        await using var network = await ClusterNetwork.CreateAsync(2);
        await using var server = new PostgresServer();
        await server.StartAsync();
        await server.CreateDatabaseAsync("cluster");
        // Patient enough for a busy machine that an answer comes when there is a way for it.
        string[] Ask(int seconds) => [.. network.Prefix(1), "timeout", $"{seconds}", PostgresBinaries.Program("psql"), "-h", network.Outside, "-p", $"{server.Port}", "-U", "postgres", "-tAc", "SELECT 7", "cluster"];

        await network.CutFromPeersAsync(1);
        Assert.Equal("7\n", await Shell.RunAsync(Ask(30)));
        await network.CutFromAllAsync(1);
        Assert.Equal(124, (await Shell.TryAsync(Ask(3))).Exit);
        await network.HealAsync(1);
        Assert.Equal("7\n", await Shell.RunAsync(Ask(30)));
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
