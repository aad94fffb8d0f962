namespace Governance.Cluster.Tests.Harness;

/// <summary>A node's process does what the harness says, shown on a single node on SQLite.</summary>
public sealed class ClusterNodeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _dataDir = Directory.CreateTempSubdirectory("governance-node-").FullName;

    public void Dispose() => Directory.Delete(_dataDir, recursive: true);

    [Fact]
    public async Task A_frozen_node_is_silent_until_it_thaws()
    {
        await using var node = new ClusterNode(new ClusterNodeOptions { DataDir = _dataDir });
        await node.StartAsync(Patience);
        Assert.True(await AnswersAsync(node));
        Assert.True(node.Freeze());
        Assert.False(await AnswersAsync(node));
        Assert.True(node.Thaw());
        Assert.True(await AnswersAsync(node));
        Assert.False(node.HasExited);
    }

    [Fact]
    public async Task A_supervised_node_comes_back_from_kill_9_until_it_is_terminated()
    {
        await using var node = new ClusterNode(new ClusterNodeOptions { DataDir = _dataDir }) { Supervise = true };
        await node.StartAsync(Patience);
        var first = node.Pid;
        Assert.True(node.Kill9());
        Assert.Equal(137, await node.ExitAsync(Patience));
        await node.UntilReadyAsync(Patience);
        Assert.NotEqual(first, node.Pid);
        Assert.Equal(1, node.Restarts);
        Assert.Null(node.ExitCode);

        Assert.Equal(0, await node.TerminateAsync(Patience));
        Assert.Equal([137, 0], node.ExitCodes);
        Assert.Equal(1, node.Restarts);
    }

    [Fact]
    public async Task A_killed_node_stays_down_without_supervision_and_starts_on_its_data()
    {
        await using var node = new ClusterNode(new ClusterNodeOptions { DataDir = _dataDir });
        await node.StartAsync(Patience);
        node.Kill9();
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.UntilReadyAsync(Patience));
        Assert.Equal(137, node.ExitCode);
        Assert.False(node.Kill9());
        Assert.False(node.Freeze());
        await node.StartAsync(Patience);
        Assert.Equal(2, node.Output.Split('\n').Count(l => l == "ready"));
        Assert.Equal(0, node.Restarts);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync(Patience));
        Assert.True(await AnswersAsync(node));
    }

    [Fact]
    public async Task A_node_that_does_not_start_says_why()
    {
        using var policy = new PolicyFolder();
        policy.Replace("escalation.psv", "nonsense\n");
        await using var node = new ClusterNode(new ClusterNodeOptions { DataDir = _dataDir, ConfigDir = policy.Path });
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync(Patience));
        Assert.Contains("escalation", failure.Message);
        Assert.NotEqual(0, node.ExitCode);
    }

    [NetworkFact]
    public async Task In_a_namespace_the_process_id_is_the_nodes_own()
    {
        await using var network = await ClusterNetwork.CreateAsync(1);
        await using var node = new ClusterNode(new ClusterNodeOptions { DataDir = _dataDir, Prefix = network.Prefix(1) });
        await node.StartAsync(Patience);
        Assert.StartsWith("dotnet\0", await File.ReadAllTextAsync($"/proc/{node.Pid}/cmdline"));
        Assert.Equal(node.Pid.ToString(), (await Shell.RunAsync("ip", "netns", "pids", network.Prefix(1)[^1])).Trim());
        // It listens on the loopback of its namespace, where nobody outside comes.
        Assert.False(await AnswersAsync(node));
        node.Kill9();
        Assert.Equal(137, await node.ExitAsync(Patience));
    }

    /// <summary>Any status is an answer.</summary>
    private static async Task<bool> AnswersAsync(ClusterNode node)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try { using var answer = await client.GetAsync(node.HttpEndpoint); }
        catch (Exception silence) when (silence is TaskCanceledException or HttpRequestException) { return false; }
        return true;
    }
}
