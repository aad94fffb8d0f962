using System.Diagnostics;
using System.Globalization;
using Governance.Cluster.Tests.Harness;
using Npgsql;
using Xunit.Abstractions;

namespace Governance.Cluster.Tests.Faults;

/// <summary>The database is away, or its disk is full: nothing is acknowledged, everybody can see it, and it heals by itself.</summary>
public sealed class StorageAwayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(6), Healed = TimeSpan.FromSeconds(20), Settled = TimeSpan.FromSeconds(30);
    private const long GrowthLimitBytes = 200L << 20;

    [ClusterFact]
    public async Task Without_a_database_nothing_is_acknowledged_everybody_sees_it_and_it_heals_by_itself()
    {
        await using var cluster = await TestCluster.StartAsync(supervise: false, FaultRun.ShortClocks);
        await using var scene = await Scene.BeginAsync(cluster, new Plant("A", 20, 10));
        await scene.UntilAcknowledgedAsync(5_000, Settled);
        var before = cluster.Nodes.Select(MemoryOf).ToList();

        await cluster.Database.StopAsync(PostgresStop.Immediate);
        await TroubleAsync(cluster, scene);
        var acknowledged = scene.Load.Acknowledged;
        await Task.Delay(TimeSpan.FromSeconds(15));
        Assert.Equal(acknowledged, scene.Load.Acknowledged);
        var grown = cluster.Nodes.Select((n, i) => MemoryOf(n) - before[i]).Max();
        Assert.True(grown < GrowthLimitBytes, $"a node grew by {grown >> 20} MiB while nothing could be stored");

        await cluster.Database.StartAsync();
        await HealedAsync(cluster, scene, $"without a database; a node grew by {grown >> 20} MiB");
        await TruthAsync(cluster, scene);
    }

    /// <summary>PostgreSQL on a disk of its own, which is filled to the last byte.</summary>
    [ClusterFact]
    public async Task A_full_disk_acknowledges_nothing_everybody_sees_it_and_it_heals_when_there_is_room()
    {
        var disk = Directory.CreateTempSubdirectory("governance-disk-").FullName;
        await Shell.RunAsync("mount", "-t", "tmpfs", "-o", "size=256m,mode=777", "tmpfs", disk);
        try
        {
            await using var cluster = await TestCluster.StartAsync(supervise: false, FaultRun.ShortClocks, disk);
            await using var scene = await Scene.BeginAsync(cluster, new Plant("A", 20, 10));
            await scene.UntilAcknowledgedAsync(5_000, Settled);
            var filler = Path.Combine(disk, "filler");
            // What the server has set aside for itself holds a while; until then it may store, and acknowledge.
            var (acknowledged, since) = (-1L, Stopwatch.GetTimestamp());
            await cluster.UntilAsync(() =>
            {
                Fill(filler);
                if (scene.Load.Acknowledged != acknowledged) (acknowledged, since) = (scene.Load.Acknowledged, Stopwatch.GetTimestamp());
                return Task.FromResult(Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(3));
            }, "nothing is acknowledged any more", Settled * 3);
            await TroubleAsync(cluster, scene);

            File.Delete(filler);
            // A server that could not write its log has ended itself; whoever made room starts it again.
            if (!cluster.Database.IsRunning) await cluster.Database.StartAsync();
            await HealedAsync(cluster, scene, "with a full disk");
            await TruthAsync(cluster, scene);
        }
        finally
        {
            await Shell.TryAsync("umount", "-l", disk);
            Directory.Delete(disk);
        }
    }

    private async Task TroubleAsync(TestCluster cluster, Scene scene)
    {
        var begun = Stopwatch.GetTimestamp();
        await cluster.UntilAsync(async () => (await ReadinessAsync(cluster)).All(r => !r.Ready && r.Reasons.Contains("NOT_DURABLE", StringComparison.Ordinal)), "every node says NOT_DURABLE", Seen);
        await cluster.UntilAsync(() => Task.FromResult(scene.Listener.LastHeartbeat?.NotDurable is not null), "the subscriber's heartbeat says not_durable", Seen);
        Tell($"seen by operators and subscribers after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {scene.Listener.LastHeartbeat!.NotDurable.Reason}");
    }

    private async Task HealedAsync(TestCluster cluster, Scene scene, string what)
    {
        var took = await scene.UntilAcknowledgedAsync(1_000, Healed);
        await cluster.UntilAsync(async () => (await ReadinessAsync(cluster)).All(r => r.Ready), "every node is ready again", Healed);
        await cluster.UntilAsync(() => Task.FromResult(scene.Listener.LastHeartbeat is { NotDurable: null }), "the subscriber hears that all is well", Healed);
        Tell($"{what}: acknowledged again {took.TotalSeconds:0.0} s after its return");
    }

    /// <summary>Nobody was lied to; and the checker would have seen it: one stolen chunk, one event told twice.</summary>
    private static async Task TruthAsync(TestCluster cluster, Scene scene)
    {
        await using var records = new Records(cluster.Connection);
        var lies = await scene.EndAsync(records);
        Assert.True(lies.Count == 0, string.Join("\n", lies.Take(20)));
        await ChangeAsync(cluster, "DELETE FROM chunk WHERE ctid = (SELECT ctid FROM chunk WHERE kind = 1 ORDER BY count DESC LIMIT 1)");
        Assert.Contains(await LiesAsync(), lie => lie.Contains("acknowledged readings missing", StringComparison.Ordinal));
        await ChangeAsync(cluster, "INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest) SELECT false, persistence_id, (SELECT max(sequence_number) + 1 FROM journal i WHERE i.persistence_id = j.persistence_id), created, message, identifier, manifest FROM journal j WHERE manifest = (SELECT manifest FROM journal WHERE persistence_id LIKE 'case/%' AND sequence_number = 1 LIMIT 1) LIMIT 1");
        await ChangeAsync(cluster, "DELETE FROM journal WHERE ordering = (SELECT ordering FROM journal WHERE persistence_id LIKE 'alert-feed/%' ORDER BY ordering OFFSET 3 LIMIT 1)");
        Assert.Contains(await LiesAsync(), lie => lie.StartsWith("alert-feed/", StringComparison.Ordinal));

        Task<IReadOnlyList<string>> LiesAsync() => new Checker(records, [scene.Load], scene.Listener).LiesAsync(DateTimeOffset.UtcNow);
    }

    private static async Task ChangeAsync(TestCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<(bool Ready, string Reasons)[]> ReadinessAsync(TestCluster cluster) => Task.WhenAll(cluster.Nodes.Select(cluster.ReadinessAsync));

    private static long MemoryOf(ClusterNode node)
    {
        var line = File.ReadLines($"/proc/{node.Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>Writes until nothing more goes on the disk.</summary>
    private static void Fill(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Append);
            var block = new byte[1 << 16];
            while (true) stream.Write(block);
        }
        catch (IOException) { /* full */ }
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
