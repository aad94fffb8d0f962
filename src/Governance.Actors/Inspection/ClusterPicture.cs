using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;

namespace Governance.Actors.Inspection;

/// <summary>A member of the cluster.</summary>
public sealed record MemberLine(string Address, string Status, IReadOnlyList<string> Roles, bool Reachable, bool OnDuty);

/// <summary>The cluster as one node sees it.</summary>
/// <param name="EntitiesHere">Entities in this node's memory, per kind.</param>
public sealed record ClusterLook(string Node, IReadOnlyList<MemberLine> Members, IReadOnlyDictionary<string, int> EntitiesHere);

/// <summary>Looks at the cluster from this node.</summary>
public sealed class ClusterPicture(ActorSystem system, Regions regions)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<ClusterLook> LookAsync(IEnumerable<string> kinds, CancellationToken cancel)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        var state = cluster.State;
        var oldest = Duty.Of(state);
        var here = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in kinds)
        {
            var region = await regions.Region(kind).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience, cancel).ConfigureAwait(false);
            here[kind] = region.Shards.Sum(s => s.EntityIds.Count);
        }
        return new ClusterLook(cluster.SelfAddress.ToString(),
            [.. state.Members.Select(m => new MemberLine(m.Address.ToString(), m.Status.ToString(), [.. m.Roles.Order(StringComparer.Ordinal)], !state.Unreachable.Contains(m), m.UniqueAddress == oldest?.UniqueAddress))], here);
    }
}
