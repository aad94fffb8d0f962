using System.Diagnostics;
using Governance.Gateway;
using Governance.Node.Gateway;
using Governance.Storage.Postgres;
using Grpc.Net.Client;
using Npgsql;

namespace Governance.Node.Bench;

/// <summary>One lost node; seconds count from the kill.</summary>
/// <param name="Alarms">Until the last alarm that was late because of it was at the subscriber; 0 when none was.</param>
/// <param name="Acknowledged">Until every source answered for a reading taken after the kill.</param>
internal sealed record FailoverKill(int Node, double Alarms, double Acknowledged);

/// <param name="Acknowledged">Readings that the edge said were durable.</param>
/// <param name="Duplicates">Alarms that were told twice.</param>
internal sealed record FailoverResult(IReadOnlyList<FailoverKill> Kills, long Sent, long Acknowledged, long InLedger, int Alarms, int AlarmsLost, int Duplicates);

/// <summary>Three nodes on one PostgreSQL; one after the other ends without a word, as if its power were cut.</summary>
internal sealed class FailoverBench(int kills, double readingsPerSecond, int seed, string postgres, Action<string> tell)
{
    private const int Nodes = 3;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromMinutes(2), Late = TimeSpan.FromSeconds(1);
    private readonly Random _random = new(seed);

    internal async Task<FailoverResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        var store = await JournalStore.FreshAsync(JournalMode.Product, folder, postgres, cancel);
        var (seats, nodes, channels) = (ClusterSeat.Take(Nodes, folder), new BenchNode[Nodes], new List<GrpcChannel>());
        try
        {
            for (var i = 0; i < Nodes; i++) nodes[i] = await BenchNode.StartAsync(seats[i], store.Where, cancel);
            tell($"{Nodes} nodes are up");
            await nodes[0].CommissionAsync(FailoverLoad.Gateways * FailoverLoad.SourcesPerGateway + FailoverLoad.AlarmSources, FailoverLoad.Detectors, TimeSpan.FromMinutes(1), cancel);
            channels.AddRange(seats.Select(s => NodeChannel.To(s.Endpoint)));
            await using var load = new FailoverLoad(channels, role => nodes[0].Token(role), readingsPerSecond);
            await load.WaitUntilSubscribedAsync(cancel);
            var results = new List<FailoverKill>();
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay(Warm, cancel);
                results.Add(await KillAsync(_random.Next(Nodes), nodes, seats, store.Where, load, cancel));
                tell($"kill {kill}, node {results[^1].Node}: alarms back after {results[^1].Alarms:0.0} s, every source acknowledges after {results[^1].Acknowledged:0.0} s");
            }
            await load.EndAsync(Patience, cancel);
            foreach (var node in nodes) await node.Process.StopAsync();
            await using var database = await PostgresDatabase.OpenAsync(store.Where, cancel);
            await using var ledger = new PostgresReadingLedger(database);
            return new FailoverResult(results, load.Sent, load.Acknowledged, await ledger.CountReadingsAsync(null, cancel), load.Alarms.Count, load.Alarms.Count(a => a.Heard == 0), load.Alarms.Count(a => a.Heard > 1));
        }
        finally
        {
            foreach (var channel in channels) channel.Dispose();
            foreach (var node in nodes) if (node is not null) await node.DisposeAsync();
            NpgsqlConnection.ClearAllPools();
            await store.RemoveAsync(postgres, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<FailoverKill> KillAsync(int victim, BenchNode[] nodes, IReadOnlyList<ClusterSeat> seats, string database, FailoverLoad load, CancellationToken cancel)
    {
        var killed = Stopwatch.GetTimestamp();
        await nodes[victim].Process.KillAsync();
        await load.AllAcknowledgeAgainAsync(cancel).WaitAsync(Patience, cancel);
        var acknowledged = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        // Every alarm from before the kill until now; those that come later find everything in place.
        while (load.Alarms.Any(a => a.Heard == 0 && Stopwatch.GetElapsedTime(a.SentAt) > Late) && Stopwatch.GetElapsedTime(killed) < Patience) await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
        var late = load.Alarms.Where(a => a.Heard > 0 && a.HeardAt > killed && Stopwatch.GetElapsedTime(a.SentAt, a.HeardAt) > Late).ToList();
        var back = late.Count == 0 ? 0 : late.Max(a => Stopwatch.GetElapsedTime(killed, a.HeardAt).TotalSeconds);
        await nodes[victim].DisposeAsync();
        nodes[victim] = await BenchNode.StartAsync(seats[victim], database, cancel);
        return new FailoverKill(victim, back, acknowledged);
    }
}
