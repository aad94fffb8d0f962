using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Governance.Actors.Entity;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>
/// Whatever a process does for the first time takes it a hundred times as long: a node that joined at once and was given
/// the sources of a lost one kept their alarms waiting. So it first goes once through the storage that taking over an
/// entity needs: snapshot, journal, deadline row, ledger. What it leaves behind is one <c>OwnerTaken</c> of
/// <c>node/HOST:PORT</c> in the journal: since when a process is here.
/// </summary>
/// <remarks>Its success is not needed: the node joins once, whatever ends the rehearsal, and at the latest after <see cref="Patience"/>.</remarks>
internal sealed class Rehearsal : UntypedPersistentActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    /// <summary>An entity that cannot exist: sources are numbered.</summary>
    private const string Nobody = "rehearsal";
    /// <summary>Enough to have read some; a node that was started a thousand times need not read them all.</summary>
    private const int ReplayLimitEvents = 16;
    private readonly EntityServices _services;
    private readonly IReadingLedger _ledger;
    private readonly Action _join;
    private int _joined;

    /// <param name="address">Of the node, host and port.</param>
    /// <param name="join">Brings the node into its cluster. Called on any thread.</param>
    public Rehearsal(EntityServices services, IReadingLedger ledger, string address, Action join)
    {
        (_services, _ledger, _join, PersistenceId) = (services, ledger, join, $"node/{address}");
        Context.System.Scheduler.Advanced.ScheduleOnce(Patience, JoinOnce);
    }

    private sealed record StorageUsed(Exception? Failure);

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.Latest, long.MaxValue, ReplayLimitEvents);

    protected override void OnRecover(object message)
    {
        if (message is not RecoveryCompleted) return;
        Persist(new MemoryEvent.OwnerTaken(_services.Clocks.Wall.GetUtcNow(), Guid.NewGuid(), 0), _ =>
            UseStorage().PipeTo(Self, success: () => new StorageUsed(null), failure: cause => new StorageUsed(cause)));
    }

    protected override void OnCommand(object message)
    {
        if (message is not StorageUsed used) return;
        if (used.Failure is { } cause) Log.Info("the rehearsal broke off: {0}", StorageFaults.Plainly(cause));
        Context.Stop(Self);
    }

    /// <summary>Whatever ended it: recovered or not, written or not.</summary>
    protected override void PostStop()
    {
        base.PostStop();
        JoinOnce();
    }

    private async Task UseStorage()
    {
        var (deadlines, now) = (_services.Deadlines, _services.Clocks.Wall.GetUtcNow());
        await deadlines.UpsertAsync(new DeadlineRow(EntityKinds.HazardSource, Nobody, now + _services.Limits.ActiveRow, 0)).ConfigureAwait(false);
        await deadlines.RemoveAsync(EntityKinds.HazardSource, Nobody, 0).ConfigureAwait(false);
        await foreach (var _ in _ledger.ReadTailAsync(Nobody, 0, long.MaxValue, CancellationToken.None).ConfigureAwait(false)) { }
        await _ledger.ProbeAsync().ConfigureAwait(false);
    }

    private void JoinOnce()
    {
        if (Interlocked.Exchange(ref _joined, 1) == 0) _join();
    }
}
