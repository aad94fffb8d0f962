using System.Globalization;

namespace Governance.Cluster.Tests.Harness;

/// <summary>How a node is started. Ports are chosen once, so a node that comes back is found where it was.</summary>
internal sealed record ClusterNodeOptions
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "governance.dll");

    internal required string DataDir { get; init; }
    internal string Host { get; init; } = "127.0.0.1";
    internal int GrpcPort { get; init; } = FreePort.Take();
    internal int HttpPort { get; init; } = FreePort.Take();
    internal int ClusterPort { get; init; } = FreePort.Take();

    /// <summary>What stands before the command, see <see cref="ClusterNetwork.Prefix"/>.</summary>
    internal IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Folder of the policy files; the shipped ones when absent.</summary>
    internal string? ConfigDir { get; init; }

    /// <summary>Connection string. Without it the node is a single one on embedded SQLite, and knows nothing of hosts.</summary>
    internal string? Postgres { get; init; }

    internal string? KeysDir { get; init; }
    internal IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>A node of a cluster as it stands in a network.</summary>
    internal ClusterNodeOptions In(ClusterNetwork network, int n) => this with { Host = network.Host(n), Prefix = network.Prefix(n) };

    internal IReadOnlyList<string> Command() =>
    [
        .. Prefix, "dotnet", Dll, "serve", "--data-dir", DataDir, .. Option("--config", ConfigDir),
        .. Option("--listen", Postgres is null ? null : Host), .. Option("--grpc-port", Text(GrpcPort)), .. Option("--http-port", Text(HttpPort)),
        .. Option("--postgres", Postgres), .. Option("--cluster-host", Postgres is null ? null : Host),
        .. Option("--cluster-port", Postgres is null ? null : Text(ClusterPort)), .. Option("--keys", KeysDir), .. Extra,
    ];

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
