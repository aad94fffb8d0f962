using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>
/// Feeds the accounts of cases from the journal, pass by pass, on an offset of its own: what is new on an old database begins at
/// the first event, and neither lists nor records of alarms wait for it. On the node on duty; should two feed them, the accounts
/// let one go on.
/// </summary>
public sealed class AccountProjection(IAccountViews views, Clocks clocks) : UntypedActor, IWithTimers
{
    private const int BatchEvents = 500;
    private static readonly TimeSpan BatchWithin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);
    /// <summary>How old the word "read to the end" may be when nothing happens: each is a commit.</summary>
    private static readonly TimeSpan ConfirmEvery = TimeSpan.FromSeconds(5);

    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    /// <summary>Null: nothing is known, the next pass begins where the accounts are.</summary>
    private AccountFolder? _folder;
    private long _offset;
    private DateTimeOffset _confirmedAt;

    private sealed class Pass
    {
        internal static readonly Pass Instance = new();
    }

    private sealed record Ended(Exception? Cause);

    private sealed class OffDutyException : Exception;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Pass.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Pass when !_duty.IsMine:
                _folder = null;
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Restart);
                break;
            case Pass: RunAsync(Context.System).PipeTo(Self, success: () => new Ended(null), failure: cause => new Ended(cause)); break;
            case Ended { Cause: null }: Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Pause); break;
            case Ended ended:
                if (ended.Cause is not OffDutyException) _log.Warning("the accounts of cases stopped and begin again: {0}", StorageFaults.Plainly(ended.Cause));
                _folder = null;
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Restart);
                break;
            default: Unhandled(message); break;
        }
    }

    private async Task RunAsync(ActorSystem system)
    {
        var begun = Clocks.Truncated(clocks.Wall.GetUtcNow());
        if (_folder is null)
        {
            var progress = await views.BeginAsync(AccountFolder.Form, CancellationToken.None).ConfigureAwait(false);
            (_folder, _offset, _confirmedAt) = (new AccountFolder(views), progress.Offset, DateTimeOffset.MinValue);
        }
        var (folder, changed, onDuty) = (_folder, false, true);
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        await journal.CurrentAllEvents(Offset.Sequence(_offset))
            .GroupedWithin(BatchEvents, BatchWithin)
            .TakeWhile(_ => onDuty &= _duty.IsMine)
            .SelectAsync(1, async batch =>
            {
                var accounts = await folder.FoldAsync([.. batch], _offset).ConfigureAwait(false);
                await views.ApplyAsync(accounts, CancellationToken.None).ConfigureAwait(false);
                _offset = accounts.To;
                changed = true;
                return NotUsed.Instance;
            })
            .RunWith(Sink.Ignore<NotUsed>(), system.Materializer()).ConfigureAwait(false);
        // It ended where it was and not at the journal's end: nothing may be said of it.
        if (!onDuty) throw new OffDutyException();
        if (!changed && begun < _confirmedAt + ConfirmEvery) return;
        await views.ConfirmAsync(_offset, begun, CancellationToken.None).ConfigureAwait(false);
        _confirmedAt = begun;
    }
}
