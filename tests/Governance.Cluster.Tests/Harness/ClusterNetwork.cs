using System.Globalization;
using System.Net.Sockets;

namespace Governance.Cluster.Tests.Harness;

/// <summary>
/// A network of its own for the nodes of a cluster: a namespace per node, all on one bridge, so that a node can be cut off from
/// its peers while PostgreSQL and the gateways, which stay outside, still reach it. Nodes are numbered from 1.
/// </summary>
internal sealed class ClusterNetwork : IAsyncDisposable
{
    internal const string Subnet = PostgresServer.NodesSubnet;
    private const string Bridge = "10.77.0.1";
    private const string Loopback = "127.0.0.1";
    private readonly FileStream? _turn;
    private readonly int _nodes;

    private ClusterNetwork(int nodes, FileStream? turn, string? whyNot) => (_nodes, _turn, WhyNot) = (nodes, turn, whyNot);

    /// <summary>Null when namespaces can be made here, else the reason.</summary>
    internal static string? Missing => NetworkNamespaces.Missing;

    /// <summary>Whether nodes have a network that can be cut; without it they share loopback.</summary>
    internal bool CanCut => WhyNot is null;

    internal string? WhyNot { get; }

    /// <summary>The address of everything outside the namespaces: PostgreSQL, the gateways, the test.</summary>
    internal string Outside => CanCut ? Bridge : Loopback;

    /// <summary>Waits for its turn where another run has the network: addresses and names are the same for all.</summary>
    internal static async Task<ClusterNetwork> CreateAsync(int nodes, TimeSpan? turnWithin = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, 200);
        if (Missing is { } reason) return OnLoopback(nodes, reason);
        var turn = await TurnAsync(turnWithin ?? TimeSpan.FromMinutes(5));
        var network = new ClusterNetwork(nodes, turn, null);
        try
        {
            await NetworkNamespaces.SweepAsync();
            if (await NetworkNamespaces.TakenByAsync(Bridge) is { } taken) return await network.FallBackAsync($"{Subnet} belongs to something else: {taken}");
            await NetworkNamespaces.CreateBridgeAsync(Bridge);
            for (var n = 1; n <= nodes; n++) await NetworkNamespaces.CreateAsync(n, network.Host(n));
            if (nodes > 1 && !await network.ForwardsAsync()) return await network.FallBackAsync("the bridge does not forward between nodes: a firewall of this machine drops it");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>All nodes on loopback, where nothing can be cut.</summary>
    internal static ClusterNetwork OnLoopback(int nodes, string whyNot) => new(nodes, null, whyNot);

    internal string Host(int n) => CanCut ? string.Create(CultureInfo.InvariantCulture, $"10.77.0.{10 + Known(n)}") : Loopback;

    /// <summary>What stands before a command so that it runs in the node's namespace.</summary>
    internal string[] Prefix(int n) => CanCut ? ["ip", "netns", "exec", NetworkNamespaces.Name(Known(n))] : [];

    /// <summary>A TCP socket that lives in the node's namespace, for use from the test itself.</summary>
    internal Socket Socket(int n) => CanCut ? NetworkNamespaces.Socket(Known(n)) : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Nothing passes between the node and the other nodes, either way; what is outside stays reachable.</summary>
    internal async Task CutFromPeersAsync(int n)
    {
        MustCut(n);
        foreach (var peer in Peers(n)) await NetworkNamespaces.SwallowAsync(n, Host(peer));
    }

    /// <summary>The node's cable is pulled.</summary>
    internal Task CutFromAllAsync(int n)
    {
        MustCut(n);
        return NetworkNamespaces.LinkAsync(n, up: false);
    }

    /// <summary>Ends both kinds of cut of this node; a cut of a peer stays.</summary>
    internal async Task HealAsync(int n)
    {
        MustCut(n);
        await NetworkNamespaces.SwallowNothingAsync(n);
        await NetworkNamespaces.LinkAsync(n, up: true);
        await NetworkNamespaces.ForgetNeighboursAsync(n);
    }

    /// <summary>Removes namespaces and bridge, and kills what still runs in them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_turn is null) return;
        try { await NetworkNamespaces.SweepAsync(); }
        finally { await _turn.DisposeAsync(); }
    }

    private IEnumerable<int> Peers(int n) => Enumerable.Range(1, _nodes).Where(p => p != n);

    private int Known(int n) => n >= 1 && n <= _nodes ? n : throw new ArgumentOutOfRangeException(nameof(n), n, $"nodes are 1 to {_nodes}");

    private void MustCut(int n)
    {
        if (!CanCut) throw new InvalidOperationException($"this network cannot be cut: {WhyNot}");
        Known(n);
    }

    private async Task<ClusterNetwork> FallBackAsync(string whyNot)
    {
        await DisposeAsync();
        return OnLoopback(_nodes, whyNot);
    }

    /// <summary>Bridged frames may run through the machine's firewall. A refusal by the closed port comes from the peer: the way is free.</summary>
    private async Task<bool> ForwardsAsync()
    {
        using var socket = Socket(1);
        try { await socket.ConnectAsync(Host(2), 9).WaitAsync(TimeSpan.FromSeconds(3)); }
        catch (SocketException closed) { return closed.SocketErrorCode == SocketError.ConnectionRefused; }
        catch (TimeoutException) { return false; }
        return true;
    }

    /// <summary>The lock ends with the process that holds it, so what is found under it is a leftover.</summary>
    private static async Task<FileStream> TurnAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        while (true)
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"another run held the network {Subnet} for more than {within}");
            try { return new FileStream(Path.Combine(Path.GetTempPath(), "governance-cluster-network.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) { await Task.Delay(100); }
        }
    }
}
