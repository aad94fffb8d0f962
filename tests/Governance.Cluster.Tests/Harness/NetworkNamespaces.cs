using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Governance.Cluster.Tests.Harness;

/// <summary>The commands of ip(8) behind <see cref="ClusterNetwork"/>. Everything that it makes carries its prefix.</summary>
internal static partial class NetworkNamespaces
{
    private const string Bridge = "gvbr0";
    private const string Link = "eth0";
    /// <summary>
    /// A link whose other end belongs to nobody: it swallows what it is given. A route of type blackhole would refuse a connection at
    /// once, by an error that no real partition gives.
    /// </summary>
    private const string Void = "void";

    /// <summary>Null when namespaces and bridges can be made here, else the reason.</summary>
    internal static string? Missing { get; } = Probe();

    internal static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"gvn{n}");

    private static string HostEnd(int n) => string.Create(CultureInfo.InvariantCulture, $"gvh{n}");

    internal static async Task CreateBridgeAsync(string address)
    {
        await Ip("link", "add", Bridge, "type", "bridge");
        await Ip("address", "add", $"{address}/24", "dev", Bridge);
        await Ip("link", "set", Bridge, "up");
    }

    internal static async Task CreateAsync(int n, string address)
    {
        var name = Name(n);
        await Ip("netns", "add", name);
        await Ip("link", "add", HostEnd(n), "type", "veth", "peer", "name", Link, "netns", name);
        await Ip("link", "set", HostEnd(n), "master", Bridge, "up");
        await Ip("-n", name, "address", "add", $"{address}/24", "dev", Link);
        await Ip("-n", name, "link", "set", "lo", "up");
        await Ip("-n", name, "link", "set", Link, "up");
        await Ip("-n", name, "link", "add", Void, "type", "veth", "peer", "name", "void-end");
        await Ip("-n", name, "link", "set", "void-end", "up");
        await Ip("-n", name, "link", "set", Void, "arp", "off", "up");
        // A route into the void stops what leaves. What arrives from the same address is stopped by the strict reverse path
        // check, else a peer's data would still reach the node, and only the answers would be lost.
        await Ip("netns", "exec", name, "sh", "-c", "for c in all default eth0; do echo 1 > /proc/sys/net/ipv4/conf/$c/rp_filter; done");
    }

    internal static Task SwallowAsync(int n, string peer) => Ip("-n", Name(n), "route", "replace", $"{peer}/32", "dev", Void);

    internal static Task SwallowNothingAsync(int n) => Ip("-n", Name(n), "route", "flush", "dev", Void);

    /// <summary>The outer end, as if the cable were pulled: the node keeps its address and learns of nothing.</summary>
    internal static Task LinkAsync(int n, bool up) => Ip("link", "set", HostEnd(n), up ? "up" : "down");

    /// <summary>A search for a neighbour that began in vain fails what asks for it next, too; a plugged-in cable begins anew.</summary>
    internal static Task ForgetNeighboursAsync(int n) => Ip("-n", Name(n), "neighbour", "flush", "dev", Link);

    /// <summary>The route that leads to an address, when it is more than the default one.</summary>
    internal static async Task<string?> TakenByAsync(string address) =>
        (await Ip("-4", "route", "show", "to", "match", address)).Split('\n').FirstOrDefault(l => l.Length > 0 && !l.StartsWith("default", StringComparison.Ordinal));

    /// <summary>A socket belongs to the namespace of the thread that made it, and stays there whoever uses it.</summary>
    internal static Socket Socket(int n)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var name = File.OpenHandle($"/run/netns/{Name(n)}");
                Libc.EnterNetwork(name);
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception e) { failure = e; }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException($"no socket in {Name(n)}", failure);
    }

    /// <summary>Removes every namespace and link of ours, whoever made it. Links first: a namespace's end leaves with a delay.</summary>
    internal static async Task SweepAsync()
    {
        foreach (Match link in OurLinks().Matches(await Ip("-o", "link", "show"))) await Shell.TryAsync("ip", "link", "delete", link.Groups[1].Value);
        foreach (Match name in OurNames().Matches(await Ip("netns", "list")))
        {
            foreach (var pid in (await Ip("netns", "pids", name.Value)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Libc.Signal(int.Parse(pid, CultureInfo.InvariantCulture), Libc.SigKill);
            await Ip("netns", "delete", name.Value);
        }
    }

    private static Task<string> Ip(params string[] arguments) => Shell.RunAsync(["ip", .. arguments]);

    /// <summary>Asks by doing: containers of root often may not, and a kernel may lack bridges.</summary>
    private static string? Probe()
    {
        if (!Environment.IsPrivilegedProcess) return "network namespaces need root";
        var name = string.Create(CultureInfo.InvariantCulture, $"gvp{Environment.ProcessId}");
        if (Refusal("netns", "add", name) is { } reason) return reason;
        try
        {
            return Refusal("netns", "exec", name, "ip", "link", "add", "gvbr0", "type", "bridge")
                ?? Refusal("netns", "exec", name, "ip", "link", "add", "gvh1", "type", "veth", "peer", "name", "gvh2");
        }
        finally { Refusal("netns", "delete", name); }
    }

    private static string? Refusal(params string[] arguments)
    {
        var (exit, output) = Task.Run(() => Shell.TryAsync(["ip", .. arguments])).GetAwaiter().GetResult();
        return exit == 0 ? null : exit == 127 ? "ip is not installed: apt-get install iproute2" : $"network namespaces cannot be made here: {output.Trim()}";
    }

    [GeneratedRegex(@"^\d+: (gvh\d+|gvbr0)[@:]", RegexOptions.Multiline)] private static partial Regex OurLinks();
    [GeneratedRegex(@"^gvn\d+(?=\s|$)", RegexOptions.Multiline)] private static partial Regex OurNames();
}
