using System.Collections.Immutable;
using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Actors.Journal;
using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Actors.Alerts;

/// <summary>
/// One area's durable stream of alerts. Subscribers pull pages; one that is up to date waits here for the next alert,
/// one that is far behind is served from the journal. Nothing is buffered per subscriber and nobody is dropped.
/// </summary>
public sealed class AlertFeed : Entity<AlertFeedState, AlertAppended>
{
    /// <summary>Waiting readers per feed; one more is answered at once with an empty page and asks again.</summary>
    public const int WaitingReadersLimit = 20_000;
    /// <summary>Alerts per page.</summary>
    public const int PageLimitAlerts = 256;

    private readonly List<Reader> _waiting = [];

    public AlertFeed(EntityServices services, string area) : base(services, new AlertFeedRules(), new EntityAddress(EntityKinds.AlertFeed, area)) { }

    private sealed record Reader(IActorRef Asker, ReadFeed Asked, long Until);

    private sealed class Tick : INotInfluenceReceiveTimeout
    {
        internal static readonly Tick Instance = new();
    }

    protected override void OnReady()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromMilliseconds(250));
        base.OnReady();
    }

    protected override bool OnOther(object message)
    {
        switch (message)
        {
            case ReadFeed read when IsReady: Read(read); return true;
            case GetFeedSnapshot when IsReady: Sender.Tell(new FeedSnapshot(Address, [.. State.Live.Values.OrderBy(e => e.Position)], State.Head)); return true;
            case Tick: Release(Services.Clocks.Wall.GetTimestamp()); return true;
            default: return false;
        }
    }

    /// <summary>Whoever waits here asks again, where the feed lives next.</summary>
    protected override void PostStop()
    {
        foreach (var reader in _waiting) reader.Asker.Tell(new FeedPage(Address, [], State.Head));
        base.PostStop();
    }

    /// <summary>Called after every commit: whoever waited for this alert gets it now.</summary>
    protected override void OnSettled() => Release(0);

    private void Read(ReadFeed read)
    {
        if (read.After < State.Head || read.Wait <= TimeSpan.Zero || _waiting.Count >= WaitingReadersLimit) Answer(Sender, read);
        else _waiting.Add(new Reader(Sender, read, Services.Clocks.Wall.GetTimestamp() + (long)(read.Wait.TotalSeconds * Services.Clocks.Wall.TimestampFrequency)));
    }

    private void Release(long now) => _waiting.RemoveAll(reader =>
    {
        if (reader.Asked.After >= State.Head && reader.Until > now) return false;
        Answer(reader.Asker, reader.Asked);
        return true;
    });

    private void Answer(IActorRef asker, ReadFeed read)
    {
        var max = Math.Clamp(read.Max, 1, PageLimitAlerts);
        var oldest = State.Recent.IsEmpty ? State.Head + 1 : State.Recent[0].Position;
        if (read.After + 1 >= oldest) asker.Tell(new FeedPage(Address, Slice(read.After, max), State.Head));
        else FromJournal(read.After, max, State.Head).PipeTo(asker, Self);
    }

    private ImmutableList<FeedEntry> Slice(long after, int max)
    {
        if (after >= State.Head) return [];
        var first = (int)(after + 1 - State.Recent[0].Position);
        return State.Recent.GetRange(first, Math.Min(max, State.Recent.Count - first));
    }

    /// <summary>An alert at position p has a journal sequence number of at least p: reading starts there and skips what came before.</summary>
    private async Task<FeedPage> FromJournal(long after, int max, long head)
    {
        var system = Context.System;
        var entries = ImmutableList.CreateBuilder<FeedEntry>();
        await EntityEvents.ReadAsync(system, PersistenceId, after + 1, (_, happened) =>
        {
            if (happened is AlertAppended alert && alert.Position > after) entries.Add(new FeedEntry(alert.Position, alert.Alert));
            return entries.Count < max;
        }).ConfigureAwait(false);
        return new FeedPage(Address, entries.ToImmutable(), head);
    }
}
