using Akka.Actor;
using Akka.Cluster;
using Governance.Contracts.Messages;

namespace Governance.Actors.Entity;

/// <summary>
/// Tells the other nodes where the recorded clocks of this node's streams stand. A node that comes later hears it with
/// the next frame, and at once what stands now.
/// </summary>
public sealed class RecordedTime : UntypedActor
{
    /// <summary>Name below /user, the same on every node.</summary>
    public const string Name = "recorded-time";
    private readonly Clocks _clocks;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<string, ClockMoved> _standing = [];
    private readonly Action<Governance.Domain.Kernel.ClockId, DateTimeOffset> _moved;

    public RecordedTime(Clocks clocks)
    {
        _clocks = clocks;
        var self = Self;
        _moved = (clock, to) => self.Tell(new Here(new ClockMoved(clock, to)), ActorRefs.NoSender);
    }

    private sealed record Here(ClockMoved Moved) : INoSerializationVerificationNeeded;

    protected override void PreStart()
    {
        _clocks.Moved += _moved;
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
    }

    protected override void PostStop()
    {
        _clocks.Moved -= _moved;
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Here { Moved: var moved }:
                _standing[moved.Clock.Value] = moved;
                foreach (var member in _cluster.State.Members)
                    if (member.Status == MemberStatus.Up && member.UniqueAddress != _cluster.SelfUniqueAddress) Tell(member, moved);
                break;
            case ClusterEvent.MemberUp { Member: var member } when member.UniqueAddress != _cluster.SelfUniqueAddress:
                foreach (var standing in _standing.Values) Tell(member, standing);
                break;
            case ClockMoved moved: _clocks.Follow(moved.Clock, moved.To); break;
            case ClusterEvent.MemberUp: break;
            default: Unhandled(message); break;
        }
    }

    private static void Tell(Member member, ClockMoved moved) => Context.ActorSelection(new RootActorPath(member.Address) / "user" / Name).Tell(moved);
}
