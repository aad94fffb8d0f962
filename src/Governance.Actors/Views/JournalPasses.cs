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
/// Reads the journal on the node on duty and makes something of it, pass by pass; whoever does not have the duty any more stops
/// where it is. A pass that fails is told, forgets what it knew, and is begun again.
/// </summary>
/// <param name="what">For people, in the plural: "the lists".</param>
/// <param name="pause">Between one pass and the next.</param>
public abstract class JournalPasses(string what, TimeSpan pause) : UntypedActor, IWithTimers
{
    private const int BatchEvents = 500;
    private static readonly TimeSpan BatchWithin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

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
            case Pass when !IsOnDuty:
                Forget(offDuty: true);
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Restart);
                break;
            case Pass: RunAsync(Context.System).PipeTo(Self, success: () => new Ended(null), failure: cause => new Ended(cause)); break;
            case Ended { Cause: null }: Timers.StartSingleTimer(Pass.Instance, Pass.Instance, pause); break;
            case Ended ended:
                if (ended.Cause is not OffDutyException) _log.Warning("{0} stopped following the journal and begin again: {1}", what, StorageFaults.Plainly(ended.Cause));
                Forget(offDuty: false);
                Timers.StartSingleTimer(Pass.Instance, Pass.Instance, Restart);
                break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>False: another node has the duty, and a pass that is under way ends where it is.</summary>
    protected bool IsOnDuty => _duty.IsMine;

    /// <summary>One pass; reads by <see cref="ReadAsync"/>, or asks <see cref="IsOnDuty"/> before each of its batches.</summary>
    protected abstract Task RunAsync(ActorSystem system);

    /// <summary>What is known is no longer so: the next pass begins where the records are.</summary>
    /// <param name="offDuty">Another node has the duty.</param>
    protected abstract void Forget(bool offDuty);

    /// <summary>Returns at the end of what is read; never short of it, or it throws.</summary>
    /// <param name="live">Goes on with what is yet to come.</param>
    protected async Task ReadAsync(ActorSystem system, long from, bool live, Func<IReadOnlyList<EventEnvelope>, Task> take)
    {
        var (journal, onDuty) = (PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier), true);
        await (live ? journal.AllEvents(Offset.Sequence(from)) : journal.CurrentAllEvents(Offset.Sequence(from)))
            .GroupedWithin(BatchEvents, BatchWithin)
            // Somebody else feeds them now: an end, and no failure that a log would tell of.
            .TakeWhile(_ => onDuty &= IsOnDuty)
            .SelectAsync(1, async batch =>
            {
                await take([.. batch]).ConfigureAwait(false);
                return NotUsed.Instance;
            })
            .RunWith(Sink.Ignore<NotUsed>(), system.Materializer()).ConfigureAwait(false);
        // It ended where it was and not at the journal's end: nothing may be said of it.
        if (!onDuty) throw new OffDutyException();
    }
}
