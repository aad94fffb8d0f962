using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Governance.Actors.Hosting;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>
/// Feeds the lists from the journal: rows and offset in one transaction, begun again where it stopped. Only lists hang
/// on it; no alarm, alert or deadline does. On the node on duty; should two feed them, the views let one go on.
/// </summary>
public sealed class ViewProjection : UntypedActor, IWithTimers
{
    private const int BatchEvents = 500;
    private static readonly TimeSpan BatchWithin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);
    private readonly IViews _views;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public ViewProjection(IViews views) => _views = views;

    private sealed class Start
    {
        internal static readonly Start Instance = new();
    }

    private sealed record Ended(Exception? Cause);

    private sealed class OffDutyException : Exception;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Start.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Start when !_duty.IsMine: Timers.StartSingleTimer(Start.Instance, Start.Instance, Restart); break;
            case Start: RunAsync(Context.System).PipeTo(Self, success: () => new Ended(null), failure: cause => new Ended(cause)); break;
            case Ended ended:
                if (ended.Cause is not null and not OffDutyException) _log.Warning("the projection of lists stopped and begins again: {0}", StorageFaults.Plainly(ended.Cause));
                Timers.StartSingleTimer(Start.Instance, Start.Instance, Restart);
                break;
            default: Unhandled(message); break;
        }
    }

    private async Task RunAsync(ActorSystem system)
    {
        var offset = await _views.OffsetAsync(CancellationToken.None).ConfigureAwait(false);
        var rows = new RowFolder(_views);
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        var onDuty = true;
        await journal.AllEvents(Offset.Sequence(offset))
            .GroupedWithin(BatchEvents, BatchWithin)
            // Somebody else feeds them now: an end, and no failure that a log would tell of.
            .TakeWhile(_ => onDuty &= _duty.IsMine)
            .SelectAsync(1, async batch =>
            {
                var changes = await rows.FoldAsync([.. batch], offset).ConfigureAwait(false);
                await _views.ApplyAsync(changes, CancellationToken.None).ConfigureAwait(false);
                offset = changes.To;
                return NotUsed.Instance;
            })
            .RunWith(Sink.Ignore<NotUsed>(), system.Materializer()).ConfigureAwait(false);
        if (!onDuty) throw new OffDutyException();
    }
}
