using System.Globalization;

namespace Governance.Cluster.Tests.Harness;

/// <summary>The small parts, and what the harness does where it may do nothing.</summary>
public sealed class PartsTests
{
    [Fact]
    public void A_policy_folder_is_a_copy_with_one_file_changed()
    {
        using var policy = new PolicyFolder();
        var shipped = Path.Combine(AppContext.BaseDirectory, "cluster-config", "district");
        policy.Replace("areas.psv", policy.Read("areas.psv") + "# changed\n");
        foreach (var file in Directory.EnumerateFiles(shipped, "*.psv").Select(Path.GetFileName))
            Assert.Equal(file == "areas.psv", policy.Read(file!) != File.ReadAllText(Path.Combine(shipped, file!)));
        Assert.Throws<ArgumentException>(() => policy.Replace("area.psv", ""));
    }

    [Fact]
    public void Output_is_bounded_and_keeps_the_end()
    {
        var output = new OutputTail();
        Parallel.For(0, 5_000, i => output.Add(i.ToString(CultureInfo.InvariantCulture)));
        output.Add("last");
        Assert.Equal(500, output.ToString().Split('\n').Length);
        Assert.EndsWith("\nlast", output.ToString());
    }

    [Fact]
    public void The_command_of_a_cluster_node_names_everything()
    {
        var options = new ClusterNodeOptions
        {
            DataDir = "d", Host = "10.77.0.11", Prefix = ["ip", "netns", "exec", "gvn1"], GrpcPort = 1, HttpPort = 2, ClusterPort = 3,
            ConfigDir = "c", Postgres = "Host=h", KeysDir = "k", Extra = ["--x", "y"],
        };
        Assert.Equal(
            "ip netns exec gvn1 dotnet governance.dll serve --data-dir d --config c --listen 10.77.0.11 --grpc-port 1 --http-port 2 --postgres Host=h --cluster-host 10.77.0.11 --cluster-port 3 --keys k --x y",
            string.Join(' ', options.Command()).Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_namespaces_nodes_share_loopback_and_a_cut_is_refused_by_name()
    {
        await using var network = ClusterNetwork.OnLoopback(3, "no root");
        Assert.False(network.CanCut);
        Assert.Equal(("127.0.0.1", "127.0.0.1"), (network.Host(3), network.Outside));
        Assert.Empty(network.Prefix(3));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => network.CutFromPeersAsync(1));
        Assert.Contains("no root", refusal.Message);
    }

    [Fact]
    public void Ports_are_never_given_twice()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Take()).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.All(ports, p => Assert.InRange(p, 15_000, 32_000));
    }
}
