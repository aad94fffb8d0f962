using Akka.Actor;
using Akka.Cluster;

namespace Governance.Actors.Hosting;

/// <summary>
/// Which node does what one node should do: the oldest engine that is up. Two that think so for a moment do no harm:
/// waking and touching twice is once, and the lists let one go on.
/// </summary>
internal sealed class Duty(ActorSystem system)
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(system);

    internal bool IsMine => Of(_cluster.State)?.UniqueAddress == _cluster.SelfUniqueAddress;

    /// <summary>Null while no engine is up.</summary>
    internal static Member? Of(ClusterEvent.CurrentClusterState state) => state.Members.Where(m => m.Status == MemberStatus.Up && m.HasRole(NodeRoles.Engine))
        .Aggregate((Member?)null, (oldest, m) => oldest is null || m.IsOlderThan(oldest) ? m : oldest);
}
