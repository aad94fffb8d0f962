namespace Governance.Node.Doctor;

/// <summary>The node that is going to be started here.</summary>
/// <param name="Postgres">Connection string; empty for a single node on embedded files.</param>
/// <param name="ClusterHost">Name under which other nodes reach this one; empty when not given.</param>
/// <param name="Founders">HOST:PORT of nodes that may found a cluster; empty for any.</param>
internal sealed record DoctorSettings(
    string DataDir, string ConfigDir, string KeysDir, string Listen, int GrpcPort, int HttpPort,
    string Postgres, string ClusterHost, int ClusterPort, IReadOnlyList<string> Roles, IReadOnlyList<string> Founders)
{
    /// <summary>Empty: nothing is sent to persons.</summary>
    internal string NotifyFile { get; init; } = "";

    internal bool Clustered => Postgres.Length > 0;
}
