namespace Governance.Cluster.Tests.Harness;

/// <summary>A fact that needs a network that can be cut; skipped, with the reason, where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = ClusterNetwork.Missing;
}

/// <summary>A theory that needs a network that can be cut.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkTheoryAttribute : TheoryAttribute
{
    public NetworkTheoryAttribute() => Skip = ClusterNetwork.Missing;
}

/// <summary>A fact of a whole cluster: a PostgreSQL server and a network that can be cut.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgresServer.Missing ?? ClusterNetwork.Missing;
}

/// <summary>A theory of a whole cluster.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = PostgresServer.Missing ?? ClusterNetwork.Missing;
}
