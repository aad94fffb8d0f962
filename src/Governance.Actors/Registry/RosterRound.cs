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
/// nobody writes to it (architecture.md decision 4). On the node on duty; touching twice is touching once.
/// </summary>
public sealed class RosterRound : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly EntityServices _services;
    private readonly EntityAddress _roster;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public RosterRound(EntityServices services, string district) => (_services, _roster) = (services, new EntityAddress(EntityKinds.Roster, district));

    private sealed class Round
    {
        internal static readonly Round Instance = new();
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
                foreach (var source in roster.Sources.Keys) _services.Regions.Send(new Touch(new EntityAddress(EntityKinds.HazardSource, source)), Self);
                _log.Debug("touched {0} hazard sources", roster.Sources.Count);
                break;
            default: Unhandled(message); break;
        }
    }
}
