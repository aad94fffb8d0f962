using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Governance.Actors.Entity;
using Governance.Domain.Kernel;

namespace Governance.Actors.Hosting;

/// <summary>Whether this node can do its work, and if not why: what a load balancer, an operator and a supervisor ask.</summary>
public sealed class NodeHealth(Durability durability, TimeProvider wall)
{
    /// <summary>Longer than one look with all its patience may take.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(5);
    private volatile string _membership = "the node has not joined a cluster yet";
    private long _lookedAt = wall.GetTimestamp();
    private volatile string _shards = "the shard regions have not answered yet";

    public Durability Durability => durability;

    /// <summary>Empty when the node is ready.</summary>
    public IReadOnlyList<string> NotReady
    {
        get
        {
            var reasons = new List<string>();
            if (_membership.Length > 0) reasons.Add(_membership);
            if (_shards.Length > 0) reasons.Add(_shards);
            if (wall.GetElapsedTime(Interlocked.Read(ref _lookedAt)) > Old) reasons.Add("the node has not looked at itself lately: it stood still, or is overloaded");
            if (durability.Trouble is { } trouble) reasons.Add($"NOT_DURABLE since {trouble.Since:u}: {trouble.Why}");
            return reasons;
        }
    }

    internal void Member(string trouble) => _membership = trouble;
    internal void Shards(string trouble)
    {
        _shards = trouble;
        Interlocked.Exchange(ref _lookedAt, wall.GetTimestamp());
    }
}

/// <summary>Asks every second whether this node is a member that is up and whether the coordinator of its shards answers.</summary>
public sealed class HealthWatch : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly NodeHealth _health;
    private readonly Regions _regions;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public HealthWatch(NodeHealth health, Regions regions) => (_health, _regions) = (health, regions);

    private sealed class Look
    {
        internal static readonly Look Instance = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Look.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                var status = _cluster.SelfMember.Status;
                _health.Member(status == MemberStatus.Up ? "" : $"the node is {status}, not Up in a cluster");
                _regions.Region(EntityKinds.HazardSource).Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience).PipeTo(Self, failure: cause => new Status.Failure(cause));
                break;
            case CurrentRegions regions:
                var here = _cluster.SelfRoles.Contains(NodeRoles.Engine) ? regions.Regions.Contains(_cluster.SelfAddress) : regions.Regions.Count > 0;
                Told(here ? "" : "the shard coordinator does not know this node yet");
                break;
            case Status.Failure: Told("the shard coordinator does not answer"); break;
            default: Unhandled(message); break;
        }
    }

    private void Told(string trouble)
    {
        _health.Shards(trouble);
        Timers.StartSingleTimer(Look.Instance, Look.Instance, Every);
    }
}
