using System.Net;
using System.Net.NetworkInformation;

namespace Governance.Node.Doctor;

/// <summary>The other nodes can reach this one, and it knows who may found a cluster. Nothing to check on a single node.</summary>
internal sealed class ClusterCheck : ICheck
{
    private const string HostName = "cluster host";
    private static readonly string[] KnownRoles = ["engine", "edge"];

    public string Name => "cluster";

    public async Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel)
    {
        if (!node.Clustered) return [];
        var host = node.ClusterHost.Length > 0 ? node.ClusterHost : IPAddress.Loopback.ToString();
        var addresses = await Sockets.ResolveAsync(host, cancel);
        var here = NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).ToHashSet();
        var mine = addresses.Where(a => IPAddress.IsLoopback(a) || here.Contains(a)).ToList();
        var findings = new List<Finding> { node.ClusterHost.Length == 0 ? NotGiven() : Host(host, addresses, mine) };
        if (mine.Count > 0) findings.Add(Port(mine, node.ClusterPort));
        var unknown = node.Roles.Except(KnownRoles).ToList();
        if (unknown.Count > 0) findings.Add(Finding.Fail("role", $"unknown: {string.Join(", ", unknown)}", "--role: engine, edge, or both"));
        foreach (var founder in node.Founders) findings.Add(await FounderAsync(founder, cancel));
        return findings;
    }

    private static Finding NotGiven() =>
        Finding.Warn(HostName, "not given: nodes on other machines cannot reach this one", "--cluster-host: the address or DNS name under which the other nodes reach this machine");

    private static Finding Host(string host, IPAddress[] addresses, List<IPAddress> mine)
    {
        if (addresses.Length == 0) return Finding.Fail(HostName, $"'{host}' does not resolve", "enter it into DNS or /etc/hosts of every node, or give an address with --cluster-host");
        var where = host == addresses[0].ToString() ? host : $"{host} = {string.Join(", ", addresses.AsEnumerable())}";
        // The node listens on it and tells the others of it, so it must be both: its own, and reachable.
        if (mine.Count == 0) return Finding.Fail(HostName, $"{where}: no address of this machine", "correct DNS, /etc/hosts or --cluster-host: `ip address` shows the addresses of this machine");
        return addresses.All(IPAddress.IsLoopback)
            ? Finding.Warn(HostName, $"{where}: only nodes on this very machine reach it", "--cluster-host: an address that the other machines can reach; Debian puts the machine's own name on 127.0.1.1 in /etc/hosts")
            : Finding.Ok(HostName, where);
    }

    private static Finding Port(List<IPAddress> mine, int port)
    {
        var each = mine.Select(a => Sockets.Listening("cluster port", a, port, "--cluster-port")).ToList();
        return each.Find(f => f.Verdict != Verdict.Ok) ?? each[0];
    }

    private static async Task<Finding> FounderAsync(string founder, CancellationToken cancel)
    {
        const string name = "founder";
        var colon = founder.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(founder[(colon + 1)..], out var port) || port == 0) return Finding.Fail(name, $"'{founder}' is no HOST:PORT", "--founder: a node exactly as its --cluster-host and --cluster-port name it, e.g. node1.example:4053");
        return (await Sockets.ResolveAsync(founder[..colon].Trim('[', ']'), cancel)).Length > 0 ? Finding.Ok(name, $"{founder} resolves")
            : Finding.Warn(name, $"'{founder}' does not resolve", "enter it into DNS or /etc/hosts: a founder that cannot be found cannot found");
    }
}
