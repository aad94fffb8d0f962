using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Deadlines;

/// <summary>
/// Wakes whoever was not woken: reads the deadline store every second. At start it looks ahead as far as an active row
/// can lie, so that everything that was awake when the node died is awake again at once.
/// </summary>
public sealed class Sweeper : UntypedActor, IWithTimers
{
    /// <summary>Rows read at once.</summary>
    public const int BatchRows = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly EntityServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _first = true;

    public Sweeper(EntityServices services) => _services = services;

    private sealed class Sweep
    {
        internal static readonly Sweep Instance = new();
    }

    private sealed record Found(IReadOnlyList<DeadlineRow> Rows);

    private sealed record Failed(Exception Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Sweep.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Sweep:
                var horizon = _services.Clocks.Now(ClockId.Wall) + (_first ? _services.Limits.ActiveRow : TimeSpan.Zero);
                _services.Deadlines.DueAsync("", horizon, _first ? int.MaxValue : BatchRows, CancellationToken.None)
                    .PipeTo(Self, success: rows => new Found(rows), failure: cause => new Failed(cause));
                break;
            case Found found:
                _first = false;
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
