using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Deadlines;

/// <summary>
/// Wakes whoever was not woken: reads the deadline store every second, on the node on duty. When it takes the duty, and
/// when a node is lost, it looks ahead as far as an active row can lie, so that everything that was awake there is awake
/// again at once.
/// </summary>
public sealed class Sweeper : UntypedActor, IWithTimers
{
    /// <summary>Rows read at once.</summary>
    public const int BatchRows = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    /// <summary>Looks ahead after a loss: once at once, once more for what was lost while shards moved.</summary>
    private const int LooksAhead = 3;
    private readonly EntityServices _services;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _looksAhead = LooksAhead;

    public Sweeper(EntityServices services) => _services = services;

    private sealed class Sweep
    {
        internal static readonly Sweep Instance = new();
    }

    private sealed record Found(IReadOnlyList<DeadlineRow> Rows);

    private sealed record Failed(Exception Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        Self.Tell(Sweep.Instance);
    }

    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved:
                _looksAhead = LooksAhead;
                Timers.StartSingleTimer(Sweep.Instance, Sweep.Instance, TimeSpan.Zero);
                break;
            case Sweep when !_duty.IsMine:
                _looksAhead = LooksAhead;
                Timers.StartSingleTimer(Sweep.Instance, Sweep.Instance, Every);
                break;
            case Sweep:
                var horizon = _services.Clocks.Now(ClockId.Wall) + (_looksAhead > 0 ? _services.Limits.ActiveRow : TimeSpan.Zero);
                _services.Deadlines.DueAsync(horizon, _looksAhead > 0 ? int.MaxValue : BatchRows, CancellationToken.None)
                    .PipeTo(Self, success: rows => new Found(rows), failure: cause => new Failed(cause));
                break;
            case Found found:
                _looksAhead = Math.Max(0, _looksAhead - 1);
                foreach (var row in found.Rows) _services.Regions.Send(new Wake(new EntityAddress(row.Kind, row.Id)), Self);
                Timers.StartSingleTimer(Sweep.Instance, Sweep.Instance, Every);
                break;
            case Failed failed:
                _log.Error(failed.Cause, "the deadline store does not answer; trying again");
                Timers.StartSingleTimer(Sweep.Instance, Sweep.Instance, Every);
                break;
            default: Unhandled(message); break;
        }
    }
}
