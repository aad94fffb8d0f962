using System.Threading.Channels;
using Akka.Actor;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Grpc.Core;
using NotDurable = Governance.Actors.Hosting.NotDurable;
using Status = Grpc.Core.Status;

namespace Governance.Edge.Alerts;

/// <summary>
/// One subscriber. It pulls pages from each feed through a small bounded channel, so a slow one is slow alone: what it
/// has not taken waits in the feed's journal, not in memory.
/// </summary>
internal sealed class Subscription(
    Entities entities, TimeProvider time, Durability durability, IReadOnlyList<string> areas, TimeSpan heartbeat, AlertFilter filter, IServerStreamWriter<AlertEnvelope> responses)
{
    private const int ChannelPages = 4;
    private const int PageAlerts = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    /// <summary>A feed that does not answer in its time and this much more was lost with its node: it is asked again.</summary>
    private static readonly TimeSpan FeedPatience = TimeSpan.FromSeconds(1);
    /// <summary>How soon a subscriber hears that nothing can be made durable.</summary>
    private static readonly TimeSpan TroubleTold = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private readonly Channel<FeedPage> _pages = Channel.CreateBounded<FeedPage>(ChannelPages);
    private readonly Dictionary<string, (long Head, long Confirmed)> _heads = [];
    private FeedCursor _cursor = FeedCursor.Empty;

    internal async Task RunAsync(string resumeCursor, CancellationToken call, CancellationToken draining)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call, draining);
        try
        {
            if (resumeCursor.Length == 0) await SnapshotAsync(ending.Token);
            else await ResumeAsync(FeedCursor.Parse(resumeCursor), ending.Token);
            var readers = areas.Select(area => ReadAsync(area, ending.Token)).ToList();
            await WriteAsync(ending.Token);
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !call.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "DRAINING: the node is stopping; resume with your cursor"));
        }
        finally { await ending.CancelAsync(); }
    }

    /// <summary>
    /// What is live now. Only the last envelope carries a cursor: whoever breaks off in the middle begins again.
    /// </summary>
    private async Task SnapshotAsync(CancellationToken ending)
    {
        var live = new List<FeedEntry>();
        foreach (var area in areas)
        {
            var snapshot = await entities.AskAsync<FeedSnapshot>(new GetFeedSnapshot(Feed(area)), ending);
            _cursor = _cursor.At(area, snapshot.Head);
            live.AddRange(snapshot.Live.Where(e => filter.Matches(e.Alert)));
        }
        var envelopes = live.OrderBy(e => e.Alert.At).Select(e => new AlertEnvelope { Alert = AlertView.Of(e) }).ToList();
        envelopes.Insert(0, new AlertEnvelope { Statement = new Statement { Snapshot = live.Count } });
        envelopes[^1].Cursor = _cursor.ToString();
        foreach (var entry in live) filter.Pass(entry.Alert);
        foreach (var envelope in envelopes) await responses.WriteAsync(envelope).WaitAsync(ending);
    }

    private async Task ResumeAsync(FeedCursor cursor, CancellationToken ending)
    {
        var missed = 0L;
        foreach (var area in areas)
        {
            var position = cursor.Positions.GetValueOrDefault(area);
            var page = await entities.AskAsync<FeedPage>(new ReadFeed(Feed(area), position, 1, TimeSpan.Zero), ending);
            if (position > page.Head) throw new RefusedException(new Refusal("CURSOR_AHEAD", $"position {position} of {area} lies after its head {page.Head}: not a cursor of this district's data"));
            missed += page.Head - position;
            _cursor = _cursor.At(area, position);
        }
        var statement = missed == 0 ? new Statement { NothingMissed = true } : new Statement { Replaying = missed };
        await responses.WriteAsync(new AlertEnvelope { Cursor = _cursor.ToString(), Statement = statement }).WaitAsync(ending);
    }

    private async Task ReadAsync(string area, CancellationToken ending)
    {
        var position = _cursor.Positions[area];
        var wait = heartbeat < Patience ? heartbeat / 2 : Patience / 2;
        try
        {
            while (true)
            {
                try
                {
                    var page = await entities.AskAsync<FeedPage>(new ReadFeed(Feed(area), position, PageAlerts, wait), wait + FeedPatience, ending);
                    if (page.Entries.Count > 0) position = page.Entries[^1].Position;
                    await _pages.Writer.WriteAsync(page, ending);
                }
                catch (AskTimeoutException) { await Task.Delay(Retry, time, ending); }
            }
        }
        catch (OperationCanceledException) { /* the subscriber is gone */ }
        // A reader that broke ends the subscription: a feed that is silent by mistake must not look calm.
        catch (Exception broken) { _pages.Writer.TryComplete(broken); }
    }

    private async Task WriteAsync(CancellationToken ending)
    {
        var (next, told) = (time.GetUtcNow() + heartbeat, (NotDurable?)null);
        while (true)
        {
            if (await NextAsync(next, ending) is { } page) await WriteAsync(page, ending);
            var trouble = durability.Trouble;
            if (time.GetUtcNow() < next && trouble == told) continue;
            await responses.WriteAsync(new AlertEnvelope { Cursor = _cursor.ToString(), Heartbeat = Heartbeat(trouble) }).WaitAsync(ending);
            (next, told) = (time.GetUtcNow() + heartbeat, trouble);
        }
    }

    /// <summary>The next page; null when it is time to look at the clock.</summary>
    private async Task<FeedPage?> NextAsync(DateTimeOffset next, CancellationToken ending)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var left = next - time.GetUtcNow();
        until.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < TroubleTold ? left : TroubleTold);
        try { return await _pages.Reader.ReadAsync(until.Token); }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested) { return null; }
        catch (ChannelClosedException closed) { throw closed.InnerException ?? closed; }
    }

    private async Task WriteAsync(FeedPage page, CancellationToken ending)
    {
        var area = page.From.Id;
        foreach (var entry in page.Entries)
        {
            _cursor = _cursor.At(area, entry.Position);
            var (show, left) = filter.Pass(entry.Alert);
            if (show) await responses.WriteAsync(new AlertEnvelope { Cursor = _cursor.ToString(), Alert = AlertView.Of(entry) }).WaitAsync(ending);
            else if (left is not null) await responses.WriteAsync(new AlertEnvelope { Cursor = _cursor.ToString(), LeftFilter = left }).WaitAsync(ending);
        }
        // Confirmed is what this subscriber has been given, not what the feed has.
        _heads[area] = (_cursor.Positions[area], time.GetTimestamp());
    }

    private FeedHeartbeat Heartbeat(NotDurable? trouble)
    {
        var beat = new FeedHeartbeat { ServerTime = Fields.To(time.GetUtcNow()), NotDurable = AlertView.Of(trouble) };
        foreach (var area in areas)
            if (_heads.TryGetValue(area, out var head) && time.GetElapsedTime(head.Confirmed) < heartbeat + Patience * 2) beat.Heads.Add(new FeedHead { Area = area, Position = head.Head });
            else beat.Stale.Add(area);
        return beat;
    }

    private static EntityAddress Feed(string area) => new(EntityKinds.AlertFeed, area);
}
