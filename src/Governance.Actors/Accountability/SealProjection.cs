using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Actors.Views;
using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>Seals the journal pass by pass, on the node on duty. Nothing waits for it.</summary>
public sealed class SealProjection : JournalPasses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Func<Sealing> _begin;
    private readonly Clocks _clocks;
    /// <summary>Null: nothing is known, the next pass begins where the seals are.</summary>
    private Sealing? _sealing;

    public SealProjection(string district, IRawJournal journal, ISealStore seals, Regions regions, Clocks clocks) : base("the seals of the journal", TimeSpan.FromSeconds(5))
    {
        var address = SealState.Address(district);
        _clocks = clocks;
        _begin = () => new Sealing(journal, seals,
            async () => ((SealState)(await regions.Region(address.Kind).Ask<StateReply>(new GetState(address), Patience).ConfigureAwait(false)).State).Seals is { IsEmpty: false } told ? told[^1] : null,
            async seal => (await regions.Region(address.Kind).Ask<CommandReply>(new Command(address, $"seal-{seal.Day:yyyyMMdd}-{Convert.ToHexStringLower(seal.Chain.AsSpan()[..8])}", Caller.System, 0, new SealDay(seal)), Patience).ConfigureAwait(false)).Refusal is null);
    }

    protected override void Forget(bool offDuty) => _sealing = null;

    protected override Task RunAsync(ActorSystem system) => (_sealing ??= _begin()).RunAsync(_clocks.Wall.GetUtcNow(), () => IsOnDuty, CancellationToken.None);
}
