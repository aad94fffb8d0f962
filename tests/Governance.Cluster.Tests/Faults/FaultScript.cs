using Governance.Cluster.Tests.Harness;

namespace Governance.Cluster.Tests.Faults;

/// <summary>What can be done to a cluster.</summary>
internal enum Fault { Kill, Freeze, CutFromPeers, CutFromAll, Leave, RollingRestart, DatabaseRestart, DatabaseCrash }

/// <summary>Does one fault and undoes it. Nodes are supervised: what ends comes back.</summary>
internal sealed class FaultScript(TestCluster cluster, Random random)
{
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(60), StartPatience = TimeSpan.FromSeconds(90);

    /// <summary>Every fault, or only those that GOVERNANCE_FAULTS names, in random order, again and again.</summary>
    internal IEnumerable<Fault> Endless()
    {
        var chosen = Environment.GetEnvironmentVariable("GOVERNANCE_FAULTS")?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Fault>).ToArray() ?? Enum.GetValues<Fault>();
        while (true)
        {
            var round = chosen.ToArray();
            random.Shuffle(round);
            foreach (var fault in round) yield return fault;
        }
    }

    /// <summary>Returns what was done, in words.</summary>
    internal async Task<string> DoAsync(Fault fault)
    {
        var n = random.Next(1, TestCluster.Size + 1);
        var node = cluster.Nodes[n - 1];
        // Longer than a fail-over: what the node owned lives elsewhere when it comes back.
        var away = TimeSpan.FromSeconds(random.Next(10, 18));
        switch (fault)
        {
            case Fault.Kill:
                node.Kill9();
                return $"kill -9 node {n}";
            case Fault.Freeze:
                node.Freeze();
                await Task.Delay(away);
                node.Thaw();
                return $"node {n} frozen for {away.TotalSeconds:0} s";
            case Fault.CutFromPeers:
                await cluster.Network.CutFromPeersAsync(n);
                await Task.Delay(away);
                await cluster.Network.HealAsync(n);
                return $"node {n} cut from its peers for {away.TotalSeconds:0} s";
            case Fault.CutFromAll:
                await cluster.Network.CutFromAllAsync(n);
                await Task.Delay(away);
                await cluster.Network.HealAsync(n);
                return $"node {n} cut from everything for {away.TotalSeconds:0} s";
            case Fault.Leave:
                await RestartAsync(node);
                return $"node {n} left and came back";
            case Fault.RollingRestart:
                foreach (var each in cluster.Nodes) await RestartAsync(each);
                return "rolling restart";
            case Fault.DatabaseRestart:
                await cluster.Database.RestartAsync(immediate: false);
                return "database restarted";
            case Fault.DatabaseCrash:
                await cluster.Database.StopAsync(PostgresStop.Immediate);
                await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 8)));
                await cluster.Database.StartAsync();
                return "database crashed, back after seconds";
            default: throw new InvalidOperationException($"unknown fault {fault}");
        }
    }

    private static async Task RestartAsync(ClusterNode node)
    {
        await node.TerminateAsync(LeavePatience);
        await node.StartAsync(StartPatience);
    }
}
