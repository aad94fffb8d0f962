using Governance.Cluster.Tests.Harness;
using Npgsql;

namespace Governance.Cluster.Tests.Faults;

/// <summary>Two that think they own the same thing, and two that think they are the cluster.</summary>
public sealed class FencingTests
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30), Moved = TimeSpan.FromSeconds(30), Ended = TimeSpan.FromSeconds(40);

    /// <summary>With the watch that ends a thawed process switched off, only ledger and journal stand between it and a lie.</summary>
    [ClusterFact]
    public async Task A_frozen_node_that_wakes_after_its_sources_moved_can_neither_acknowledge_nor_journal()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: false, FaultRun.ShortClocks, null, "--frozen-after", "0");
        await using var scene = await Scene.BeginAsync(cluster, new Plant("A", 20, 10));
        await scene.UntilAcknowledgedAsync(5_000, Settled);
        var ghost = cluster.Nodes[0];
        ghost.Freeze();
        // Every detector has been acknowledged again: whatever the frozen node owned lives elsewhere.
        await scene.UntilAcknowledgedAsync(15_000, Moved);
        ghost.Thaw();
        Assert.NotEqual(0, await ghost.ExitAsync(Ended));
        await scene.UntilAcknowledgedAsync(5_000, Settled);
        await using var records = new Records(cluster.Connection);
        var lies = await scene.EndAsync(records);
        Assert.True(lies.Count == 0, string.Join("\n", lies.Take(20)));
        // A writer that lost a source or an entity never writes to it again.
        var history = await records.ChunksAsync();
        foreach (var chunks in history.Values)
            for (var i = 0; i < chunks.Count; i++)
                Assert.True(chunks[i].ChunkNo == i + 1 && (chunks[i].IsOwnership || (i > 0 && chunks[i].Writer == chunks[i - 1].Writer)), $"chunk {chunks[i].ChunkNo} of {chunks[i].Writer}");
        Assert.Equal(0L, await AskAsync(cluster, """
            SELECT count(*) FROM (SELECT persistence_id, writer_uuid, max(sequence_number) - min(sequence_number) + 1 AS span, count(*) AS events
            FROM journal GROUP BY persistence_id, writer_uuid) w WHERE span <> events
            """));
        Assert.True(history.Values.Any(chunks => chunks.DistinctBy(c => c.Writer).Count() > 1), "no source moved");
    }

    /// <summary>The first node is alone in its network and sees the others in the database only.</summary>
    [ClusterFact]
    public async Task A_node_that_cannot_reach_the_cluster_founds_no_second_one()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: false);
        var founded = await AskAsync(cluster, "SELECT incarnation FROM cluster_now");
        var alone = cluster.Nodes[0];
        alone.Kill9();
        await alone.ExitAsync(Settled);
        await cluster.Network.CutFromPeersAsync(1);
        var starting = alone.StartAsync(TimeSpan.FromSeconds(90));
        // Longer than a silent node is waited for.
        await Task.Delay(TimeSpan.FromSeconds(15));
        Assert.False(starting.IsCompleted, "a node without its cluster said that it is ready");
        Assert.Equal(founded, await AskAsync(cluster, "SELECT incarnation FROM cluster_now"));
        await cluster.Network.HealAsync(1);
        await starting;
        await cluster.UntilAllReadyAsync();
        Assert.Equal(founded, await AskAsync(cluster, "SELECT incarnation FROM cluster_now"));
    }

    /// <summary>It answers its peers and its gateways, and can store nothing: what it owns must move.</summary>
    [ClusterFact]
    public async Task A_node_that_alone_lost_the_database_is_given_up_and_comes_back_with_it()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: true, FaultRun.ShortClocks);
        await using var scene = await Scene.BeginAsync(cluster, new Plant("A", 20, 10));
        await scene.UntilAcknowledgedAsync(5_000, Settled);
        var cut = cluster.Nodes[0];
        var access = Path.Combine(cluster.Database.DataDir, "pg_hba.conf");
        var open = await File.ReadAllTextAsync(access);
        await File.WriteAllTextAsync(access, $"host all all {cut.Options.Host}/32 reject\n{open}");
        await AskAsync(cluster, "SELECT pg_reload_conf()");
        await cluster.UntilAsync(async () => (long)(await AskAsync(cluster, $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE client_addr = '{cut.Options.Host}'"))! == 0, "its sessions are gone", Settled);
        await cluster.UntilAsync(() => Task.FromResult(cut.ExitCodes.Count > 0), "the node was given up and ended itself", Ended);
        // Every detector again: nothing waits for the node without storage.
        await scene.UntilAcknowledgedAsync(5_000, Moved);
        await File.WriteAllTextAsync(access, open);
        await AskAsync(cluster, "SELECT pg_reload_conf()");
        await cluster.UntilAllReadyAsync();
        await using var records = new Records(cluster.Connection);
        var lies = await scene.EndAsync(records);
        Assert.True(lies.Count == 0, string.Join("\n", lies.Take(20)));
    }

    private static async Task<object?> AskAsync(TestCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
