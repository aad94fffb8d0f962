using System.Text.Json;
using Governance.Storage.Sqlite;

namespace Governance.Node.Tests;

/// <summary>Real methane readings of a coal mine through the real gateway stream: exact counts of alarms, also when the node is killed again and again.</summary>
public sealed class MethaneTests
{
    private const long Rows = 13368;

    [RealDataTheory("methane/methane-train.arff")]
    [InlineData(65, "--deadband", "0.1")]
    [InlineData(140, "--deadband", "0")]
    [InlineData(56, "--deadband", "0.1", "--on-delay-samples", "3")]
    public async Task Counts(int occurrences, params string[] options)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(["replay", RealData.Path("methane/methane-train.arff"), "--step", "30s", "--column", "MM116", "--high", "1.0", "--json", .. options]);
        Want(occurrences, exit, output, errors);
    }

    [RealDataTheory("methane/methane-train.arff")]
    [InlineData(65, 1, "--deadband", "0.1")]
    [InlineData(140, 2, "--deadband", "0")]
    [InlineData(56, 3, "--deadband", "0.1", "--on-delay-samples", "3")]
    public async Task The_same_counts_when_the_node_is_killed_at_random(int occurrences, int seed, params string[] options)
    {
        await using var node = new NodeProcess();
        await node.StartAsync();
        // A ceiling on the speed, so that there is something left to kill.
        var replay = NodeProcess.RunAsync(["replay", RealData.Path("methane/methane-train.arff"), "--step", "30s", "--column", "MM116", "--high", "1.0", "--json",
            "--endpoint", node.Endpoint, "--data-dir", node.DataDir, "--speed", "40000", .. options]);
        var random = new Random(seed);
        var kills = 0;
        while (kills < 4 && !replay.IsCompleted)
        {
            await Task.WhenAny(replay, Task.Delay(random.Next(300, 2500)));
            if (replay.IsCompleted) break;
            await node.KillAsync();
            kills++;
            await node.StartAsync();
        }
        var (exit, output, errors) = await replay;
        var connections = Want(occurrences, exit, output, errors);
        Assert.True(kills >= 2, $"the node was killed {kills} times only (seed {seed})");
        Assert.True(connections > 1, $"the gateway never had to reconnect (seed {seed})");
        await node.KillAsync();
        await using var ledger = new SqliteReadingLedger(Path.Combine(node.DataDir, "ledger.db"));
        Assert.Equal(Rows, await ledger.CountReadingsAsync("HS-REPLAY", CancellationToken.None));
    }

    private static int Want(int occurrences, int exit, string output, string errors)
    {
        Assert.True(exit == 0, $"exit {exit}: {errors}");
        var result = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(Rows, result.GetProperty("readings").GetInt64());
        Assert.Equal(Rows, result.GetProperty("acknowledged").GetInt64());
        Assert.Equal(0, result.GetProperty("refused").GetInt64());
        Assert.Equal(occurrences, result.GetProperty("occurrences").GetInt32());
        Assert.Equal(occurrences, result.GetProperty("episodes").GetArrayLength());
        return result.GetProperty("connections").GetInt32();
    }
}
