using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>Seals the journal pass by pass, on the node on duty. Nothing waits for it.</summary>
public sealed class SealProjection : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(10);
    private readonly Func<Sealing> _begin;
    private readonly Clocks _clocks;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    /// <summary>Null: nothing is known, the next pass begins where the seals are.</summary>
    private Sealing? _sealing;

    public SealProjection(string district, IRawJournal journal, ISealStore seals, Regions regions, Clocks clocks)
    {
        var address = SealState.Address(district);
        _clocks = clocks;
        _begin = () => new Sealing(journal, seals,
            async () => ((SealState)(await regions.Region(address.Kind).Ask<StateReply>(new GetState(address), Patience).ConfigureAwait(false)).State).Seals is { IsEmpty: false } told ? told[^1] : null,
            async seal => (await regions.Region(address.Kind).Ask<CommandReply>(new Command(address, $"seal-{seal.Day:yyyyMMdd}-{Convert.ToHexStringLower(seal.Chain.AsSpan()[..8])}", Caller.System, 0, new SealDay(seal)), Patience).ConfigureAwait(false)).Refusal is null);
    }

    private sealed class Pass
    {
        internal static readonly Pass Instance = new();
    }

    private sealed record Ended(Exception? Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Pass.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Pass when !_duty.IsMine:
                _sealing = null;
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Pause);
                break;
            case Pass:
                _sealing ??= _begin();
                _sealing.RunAsync(_clocks.Wall.GetUtcNow(), () => _duty.IsMine, CancellationToken.None).PipeTo(Self, success: () => new Ended(null), failure: cause => new Ended(cause));
                break;
            case Ended ended:
                if (ended.Cause is { } cause)
                {
                    _sealing = null;
                    _log.Warning("the seals of the journal stopped and begin again: {0}", StorageFaults.Plainly(cause));
                }
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Pause);
                break;
            default: Unhandled(message); break;
        }
    }
}
