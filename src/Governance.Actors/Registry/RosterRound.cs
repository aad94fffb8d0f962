using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Actors.Registry;

/// <summary>
/// Touches every hazard source of the district at start and every minute, so that a silent one turns grey although
/// nobody writes to it (architecture.md decision 4). On the node on duty; touching twice is touching once. A large district
/// is touched bit by bit: a touch recovers who sleeps, and what is due or streamed to must not wait behind all the others.
/// </summary>
public sealed class RosterRound : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    /// <summary>Sources touched without a pause; a larger district has a fiftieth of it touched every second.</summary>
    private const int SliceSources = 100, Slices = 50;
    /// <summary>After a cold start: a reading that streams in and a deadline that has passed are worth more than finding the silent.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private readonly EntityServices _services;
    private readonly EntityAddress _roster;
    private readonly Queue<string> _left = new();
    private int _slice = SliceSources;
    private bool _isBegun;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public RosterRound(EntityServices services, string district) => (_services, _roster) = (services, new EntityAddress(EntityKinds.Roster, district));

    private sealed class Round
    {
        internal static readonly Round Instance = new();
    }

    private sealed class Slice
    {
        internal static readonly Slice Instance = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Round.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Round:
                // The answer ends the wait; without one the round is tried again soon.
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Retry);
                if (_duty.IsMine) _services.Regions.Send(new GetState(_roster), Self);
                break;
            case StateReply { State: RosterState roster }:
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Every);
                _left.Clear();
                foreach (var source in roster.Sources.Keys) _left.Enqueue(source);
                _log.Debug("touching {0} hazard sources", roster.Sources.Count);
                TouchSlice(_isBegun ? Pause : FirstPause);
                _slice = Math.Max(SliceSources, roster.Sources.Count / Slices);
                _isBegun = true;
                break;
            case Slice: TouchSlice(Pause); break;
            default: Unhandled(message); break;
        }
    }

    private void TouchSlice(TimeSpan pause)
    {
        for (var i = 0; i < _slice && _left.TryDequeue(out var source); i++) _services.Regions.Send(new Touch(new EntityAddress(EntityKinds.HazardSource, source)), Self);
        if (_left.Count > 0) Timers.StartSingleTimer(Slice.Instance, Slice.Instance, pause);
    }
}
