using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>
/// Brings this node into the one cluster and keeps it honest: joins the nodes that the directory says are up, founds a
/// cluster only where the directory allows it, ends the node when another cluster has taken over, and gives up members
/// that alone have lost the storage.
/// </summary>
public sealed class Membership : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    /// <summary>A join that led nowhere is tried again with what the directory says then.</summary>
    private static readonly TimeSpan JoinAgain = TimeSpan.FromSeconds(5);

    /// <summary>A member that the directory has not heard of for so long, though this node hears from it, is given up.</summary>
    private static readonly TimeSpan WithoutStorage = TimeSpan.FromSeconds(5);

    private readonly ClusterSettings _settings;
    private readonly INodeDirectory _directory;
    private readonly INodeFate _fate;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Durability _durability;
    private readonly string _address;
    private readonly TimeProvider _time;
    private readonly Dictionary<UniqueAddress, long> _withoutStorage = [];
    private long? _watchingSince;
    private Guid? _incarnation;
    private long _joinedAt;
    private bool _founder;
    private volatile bool _leaving;

    /// <param name="settings">With a directory.</param>
    public Membership(ClusterSettings settings, INodeFate fate, Durability durability, TimeProvider time)
    {
        (_settings, _directory, _fate, _durability, _time) = (settings, settings.Directory!, fate, durability, time);
        _address = _cluster.SelfAddress.ToString();
        var (directory, address, uid) = (_directory, _address, Uid);
        // Nobody waits for a node that leaves on purpose, and nobody joins it.
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "leave-directory", async () =>
        {
            _leaving = true;
            try { await directory.LeaveAsync(address, uid, CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false); }
            catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException or IOException) { /* the entry ages away */ }
            return Akka.Done.Instance;
        });
    }

    private sealed class Tick
    {
        internal static readonly Tick Instance = new();
    }

    private sealed class Told
    {
        internal static readonly Told Instance = new();
    }

    private sealed record Seen(DirectoryView View);

    private sealed record Founded(Guid? Incarnation);

    private sealed record Unseen(Exception Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    private long Uid => _cluster.SelfUniqueAddress.Uid;

    private bool IsUp => _cluster.SelfMember.Status == MemberStatus.Up;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));
        Self.Tell(Tick.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick when _leaving: break;
            case Tick: Run(_directory.RenewAsync(_address, Uid, IsUp && _incarnation is not null, CancellationToken.None), view => new Seen(view)); break;
            // The others go on without it: so must it, without itself.
            case ClusterEvent.MemberDowned { Member: var member } when member.UniqueAddress == _cluster.SelfUniqueAddress: _fate.End("the cluster gave this node up (split-brain resolver)"); break;
            case ClusterEvent.MemberRemoved { Member: var member } when member.UniqueAddress == _cluster.SelfUniqueAddress && !_leaving: _fate.End("the cluster removed this node"); break;
            // A process that stood still or was cut off knows nothing of this; with its next word to the directory it does.
            // Only of those who were downed, and only from one who stays: a node that leaves sees everybody removed.
            case ClusterEvent.MemberRemoved { Member: var member, PreviousStatus: MemberStatus.Down } when IsUp && !_leaving:
                _directory.GiveUpAsync(member.Address.ToString(), member.UniqueAddress.Uid, CancellationToken.None).WaitAsync(Patience).PipeTo(Self, success: () => Told.Instance, failure: _ => Told.Instance);
                break;
            case ClusterEvent.IMemberEvent or Told: break;
            case Seen seen: Look(seen.View); break;
            case Founded { Incarnation: { } incarnation }:
                _log.Warning("founding cluster {0}: no other node is up", incarnation);
                (_incarnation, _founder) = (incarnation, true);
                _cluster.Join(_cluster.SelfAddress);
                Again();
                break;
            case Founded: Again(); break;
            case Unseen { Cause: SchemaTooNewException newer }: _fate.End(newer.Message); break;
            case Unseen unseen:
                _log.Warning("the node directory does not answer: {0}", StorageFaults.Plainly(unseen.Cause));
                _withoutStorage.Clear();
                _watchingSince = null;
                Again();
                break;
            default: Unhandled(message); break;
        }
    }

    private void Look(DirectoryView view)
    {
        _watchingSince ??= _time.GetTimestamp();
        if (view.IsGivenUp) { _fate.End("the others have given this node up"); return; }
        if (IsUp) _durability.InGoodStanding();
        if (IsUp && view.Incarnation != _incarnation) _fate.End($"another cluster was founded ({view.Incarnation}): this node belongs to an older one ({_incarnation})");
        else if (IsUp || _founder)
        {
            GiveUpWithoutStorage(view);
            Again();
        }
        else if (view.UpNodes.Count > 0) Join(view);
        else if (MayFound) Run(_directory.TryFoundAsync(_address, Uid, _time.GetElapsedTime(_watchingSince!.Value) > _directory.Lately, CancellationToken.None), found => new Founded(found));
        else Again();
    }

    /// <summary>
    /// A node that alone has lost the storage still answers the others, so nobody would take over what it owns, and can
    /// store nothing. When the storage is away for all, nobody looks here.
    /// </summary>
    private void GiveUpWithoutStorage(DirectoryView view)
    {
        var others = _cluster.State.Members.Where(m => m.Status == MemberStatus.Up && m.UniqueAddress != _cluster.SelfUniqueAddress).ToList();
        var silent = others.Where(m => !view.UpNodes.Contains(m.Address.ToString())).Select(m => m.UniqueAddress).ToHashSet();
        foreach (var known in _withoutStorage.Keys.Where(k => !silent.Contains(k)).ToList()) _withoutStorage.Remove(known);
        foreach (var member in silent.Where(m => !_withoutStorage.TryAdd(m, _time.GetTimestamp()) && _time.GetElapsedTime(_withoutStorage[m]) > WithoutStorage))
        {
            _log.Error("{0} has lost the storage and this node has not: giving it up, so that others take over", member.Address);
            _cluster.Down(member.Address);
        }
    }

    private bool MayFound => _settings.Founders.Count == 0 || _settings.Founders.Contains($"{_settings.Host}:{_settings.Port}");

    private void Join(DirectoryView view)
    {
        if (_joinedAt == 0 || _time.GetElapsedTime(_joinedAt) > JoinAgain)
        {
            (_joinedAt, _incarnation) = (_time.GetTimestamp(), view.Incarnation);
            _cluster.JoinSeedNodes(view.UpNodes.Select(Address.Parse).ToImmutableList());
        }
        Again();
    }

    private void Run<T>(Task<T> task, Func<T, object> success) =>
        task.WaitAsync(Patience).PipeTo(Self, success: success, failure: cause => new Unseen(cause));

    private void Again() => Timers.StartSingleTimer(Tick.Instance, Tick.Instance, Every);
}
