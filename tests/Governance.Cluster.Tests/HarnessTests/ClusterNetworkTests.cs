using System.Net;
using System.Net.Sockets;

namespace Governance.Cluster.Tests.Harness;

/// <summary>A cut is a cut both ways, for new connections and for those that stand; what is outside stays reachable.</summary>
public sealed class ClusterNetworkTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [NetworkFact]
    public async Task A_node_cut_from_its_peers_reaches_what_is_outside_and_heals()
    {
        await using var network = await ClusterNetwork.CreateAsync(3);
        using var outside = Listen(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), network.Outside);
        using var one = Listen(network.Socket(1), network.Host(1));
        using var two = Listen(network.Socket(2), network.Host(2));
        using var three = Listen(network.Socket(3), network.Host(3));
        Assert.True(await ReachesAsync(network.Socket(1), two));

        await network.CutFromPeersAsync(1);
        Assert.False(await ReachesAsync(network.Socket(1), two));
        Assert.False(await ReachesAsync(network.Socket(3), one));
        Assert.True(await ReachesAsync(network.Socket(2), three));
        Assert.True(await ReachesAsync(network.Socket(1), outside));
        Assert.True(await ReachesAsync(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), one));

        await network.HealAsync(1);
        Assert.True(await ReachesAsync(network.Socket(1), two));
        Assert.True(await ReachesAsync(network.Socket(3), one));
    }

    [NetworkTheory, InlineData(false), InlineData(true)]
    public async Task On_a_standing_connection_nothing_passes_either_way_until_it_is_healed(bool fromAll)
    {
        await using var network = await ClusterNetwork.CreateAsync(2);
        using var listener = Listen(network.Socket(2), network.Host(2));
        using var near = network.Socket(1);
        await near.ConnectAsync(listener.LocalEndPoint!);
        using var far = await listener.AcceptAsync();

        await (fromAll ? network.CutFromAllAsync(1) : network.CutFromPeersAsync(1));
        await near.SendAsync("n"u8.ToArray());
        await far.SendAsync("f"u8.ToArray());
        var (atFar, atNear) = (FirstAsync(far), FirstAsync(near));
        await Task.WhenAny(atFar, atNear, Task.Delay(Silence));
        Assert.False(atFar.IsCompleted || atNear.IsCompleted);

        await network.HealAsync(1);
        Assert.Equal(('n', 'f'), (await atFar.WaitAsync(Patience), await atNear.WaitAsync(Patience)));
    }

    [NetworkFact]
    public async Task A_node_cut_from_all_reaches_nothing()
    {
        await using var network = await ClusterNetwork.CreateAsync(1);
        using var outside = Listen(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), network.Outside);
        await network.CutFromAllAsync(1);
        Assert.False(await ReachesAsync(network.Socket(1), outside));
        await network.HealAsync(1);
        Assert.True(await ReachesAsync(network.Socket(1), outside));
    }

    [NetworkFact]
    public async Task A_cut_ends_with_the_node_that_was_cut_and_not_with_a_peer()
    {
        await using var network = await ClusterNetwork.CreateAsync(2);
        using var two = Listen(network.Socket(2), network.Host(2));
        await network.CutFromPeersAsync(1);
        await network.CutFromPeersAsync(1);
        await network.CutFromPeersAsync(2);
        await network.HealAsync(1);
        Assert.False(await ReachesAsync(network.Socket(1), two));
        await network.HealAsync(2);
        Assert.True(await ReachesAsync(network.Socket(1), two));
    }

    [NetworkFact]
    public async Task What_a_run_that_died_left_behind_is_removed()
    {
        await using (await ClusterNetwork.CreateAsync(1))
        {
            // As if made by a run of more nodes, which then lost its lock with its life.
            await NetworkNamespaces.CreateAsync(7, "10.77.0.17");
            await Shell.RunAsync("ip", "netns", "exec", NetworkNamespaces.Name(7), "sh", "-c", "sleep 600 >/dev/null 2>&1 &");
            Assert.NotEmpty(await Shell.RunAsync("ip", "netns", "pids", NetworkNamespaces.Name(7)));
        }
        await using (await ClusterNetwork.CreateAsync(2)) Assert.DoesNotContain("gvn7", await Shell.RunAsync("ip", "netns", "list"));
        Assert.DoesNotContain("gvn", await Shell.RunAsync("ip", "netns", "list"));
        var links = await Shell.RunAsync("ip", "-o", "link", "show");
        Assert.DoesNotContain("gvbr", links);
        Assert.DoesNotContain("gvh", links);
    }

    [NetworkFact]
    public async Task Two_runs_take_turns()
    {
        await using (await ClusterNetwork.CreateAsync(1))
            await Assert.ThrowsAsync<TimeoutException>(() => ClusterNetwork.CreateAsync(1, turnWithin: TimeSpan.FromMilliseconds(300)));
        await using var next = await ClusterNetwork.CreateAsync(1);
        Assert.True(next.CanCut);
    }

    private static Socket Listen(Socket socket, string host)
    {
        socket.Bind(new IPEndPoint(IPAddress.Parse(host), 0));
        socket.Listen();
        return socket;
    }

    /// <summary>A cut is silent. An error would be an answer: it fails the test instead of counting as silence.</summary>
    private static async Task<bool> ReachesAsync(Socket from, Socket to)
    {
        using (from)
        {
            using var silence = new CancellationTokenSource(Silence);
            try { await from.ConnectAsync(to.LocalEndPoint!, silence.Token); }
            catch (OperationCanceledException) { return false; }
            return true;
        }
    }

    private static async Task<char> FirstAsync(Socket socket)
    {
        var one = new byte[1];
        return await socket.ReceiveAsync(one) == 1 ? (char)one[0] : '\0';
    }
}
