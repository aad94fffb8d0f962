using Governance.Actors.Hosting;
using Governance.Edge.Gateway;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Hosting;

/// <summary>Where a node keeps its data and listens. Port 0 takes a free one.</summary>
/// <param name="ConfigDir">Folder with the district's policy files.</param>
public sealed record NodeOptions(string DataDir, int GrpcPort, int HttpPort, string ConfigDir, LogLevel LogLevel)
{
    /// <summary>Address that gateways, apps and operators connect to.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Connection string of the cluster's PostgreSQL; empty: embedded SQLite, one node.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>Name or address under which the other nodes reach this one.</summary>
    public string ClusterHost { get; init; } = "127.0.0.1";
    public int ClusterPort { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = NodeRoles.All;
    /// <summary>host:port of the nodes that may found a cluster; empty: any may.</summary>
    public IReadOnlyList<string> Founders { get; init; } = [];

    /// <summary>Folder of the token key; all nodes of a cluster share it. Empty: in the data folder.</summary>
    public string KeysDir { get; init; } = "";

    /// <summary>A process that stood still for so long ends itself: the others have taken over. Zero: never (a node that is alone).</summary>
    public TimeSpan FrozenAfter { get; init; }

    /// <summary>How long readings are kept; the same on all nodes of a cluster.</summary>
    public LedgerRetention Retention { get; init; } = new(LedgerRetention.DefaultDays);

    /// <summary>Limits of gateway streams.</summary>
    public GatewayLimits Gateway { get; init; } = new();

    /// <summary>JSON file with the endpoints that persons are reached by; empty: nothing is sent from here.</summary>
    public string NotifyFile { get; init; } = "";

    /// <summary>The policy files that came with the build.</summary>
    public static string ShippedConfig => Path.Combine(AppContext.BaseDirectory, "cluster-config");

    /// <summary>For a node inside another command: free ports, quiet.</summary>
    public static NodeOptions Embedded(string dataDir) => new(dataDir, 0, 0, ShippedConfig, LogLevel.Error);
}
