using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>
/// Tries the storage again and again with a real commit, so that trouble is known before the next reading meets it; wakes
/// the entities that stopped for want of it.
/// </summary>
public sealed class DurabilityWatch : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    /// <summary>A commit that takes so long is no commit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    /// <summary>Every so many probes, and at each one while there is trouble, the disk must show that it can grow.</summary>
    private const int RoomEvery = 10;
    private readonly IReadingLedger _ledger;
    private readonly Durability _durability;
    private readonly Regions _regions;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _wasDurable = true;
    private int _probes;

    public DurabilityWatch(IReadingLedger ledger, Durability durability, Regions regions) => (_ledger, _durability, _regions) = (ledger, durability, regions);

    private sealed class Probe
    {
        internal static readonly Probe Instance = new();
    }

    private sealed record Done(Exception? Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Probe.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probe: ProbeAsync().WaitAsync(Patience).PipeTo(Self, success: () => new Done(null), failure: cause => new Done(cause)); break;
            case Done done:
                if (done.Cause is null)
                    foreach (var entity in _durability.Succeeded()) _regions.Send(new Wake(entity), Self);
                else _durability.Failed("the ledger does not take a write", done.Cause);
                Tell();
                Timers.StartSingleTimer(Probe.Instance, Probe.Instance, Every);
                break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>On a full disk some writes still find room where others do not: a mark that was stored says nothing of an event of a case.</summary>
    private async Task ProbeAsync()
    {
        // Whatever a probe throws, at once or later, is its answer: a watch that fell over would start anew and fall again, as fast as it can.
        var needsRoom = _durability.Trouble is not null || _probes++ % RoomEvery == 0;
        await _ledger.ProbeAsync().ConfigureAwait(false);
        if (needsRoom) await _ledger.ProveRoomAsync().ConfigureAwait(false);
    }

    private void Tell()
    {
        var trouble = _durability.Trouble;
        if (trouble is null == _wasDurable) return;
        _wasDurable = trouble is null;
        if (trouble is null) _log.Warning("durable again: the storage takes writes");
        else _log.Error("NOT DURABLE since {0:u}: {1}; nothing is acknowledged", trouble.Since, trouble.Why);
    }
}
