using Governance.Edge.V1;
using Governance.Gateway.Sending;
using Governance.Gateway.Wire;
using Grpc.Core;

namespace Governance.Gateway.Streaming;

/// <summary>The stream is over; the next one begins where the edge's marks stand.</summary>
internal sealed class StreamBrokenException(string why) : Exception(why);

/// <summary>This node will not have the gateway. The others are asked before it is believed.</summary>
internal sealed class NodeRejectedException(string why) : Exception(why);

/// <summary>
/// One stream to one node: a hello, then frames as the outbox gives them, answers as they come, and a look now and then
/// whether anything moves. Ends with an exception that says why, or silently when the edge half-closed or the client closes.
/// </summary>
internal sealed class StreamSession(Outbox outbox, SourceTable table, GatewayOptions options, IReadOnlyList<Hello> hellos, Action<RefusedReadings> tell)
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250), ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    /// <summary>A gateway with nothing to send says so: the district counts one as lost that is silent for 60 s.</summary>
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);
    private readonly List<RefusedReadings> _refused = [];

    /// <summary>Called when the edge has welcomed this stream.</summary>
    internal required Action Welcomed { get; init; }

    internal async Task RunAsync(AsyncDuplexStreamingCall<Outgoing, EdgeFrame> call, CancellationToken closing)
    {
        outbox.BeginStream();
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(closing);
        var reading = EndAsync(ReadAsync(call, broken.Token), broken);
        var watching = EndAsync(WatchAsync(broken.Token), broken);
        var writing = EndAsync(WriteAsync(call.RequestStream, broken.Token), broken);
        // The old stream's answers must not reach the book of the next one: all three end before this does.
        Exception?[] ends = [await reading.ConfigureAwait(false), await watching.ConfigureAwait(false), await writing.ConfigureAwait(false)];
        // Who was cancelled only heard of it; the edge's word comes before what the writer met.
        if (ends.FirstOrDefault(e => e is not null and not OperationCanceledException and not RpcException { StatusCode: StatusCode.Cancelled }) is { } cause && !closing.IsCancellationRequested) throw cause;
    }

    /// <summary>How a part ended; whichever ends first ends the others.</summary>
    private static async Task<Exception?> EndAsync(Task part, CancellationTokenSource broken)
    {
        try { await part.ConfigureAwait(false); }
        catch (Exception e) { return e; }
        finally { await broken.CancelAsync().ConfigureAwait(false); }
        return null;
    }

    private async Task WriteAsync(IClientStreamWriter<Outgoing> to, CancellationToken broken)
    {
        var capacity = FrameCapacity();
        var columns = new FrameColumns(capacity);
        var outgoing = new Outgoing(new FrameWriter(table, capacity)) { Columns = columns };
        foreach (var hello in hellos) await SendAsync(new GatewayFrame { Hello = hello }).ConfigureAwait(false);
        var spoke = options.Time.GetTimestamp();
        while (true)
        {
            var silent = options.Time.GetElapsedTime(spoke);
            var turn = outbox.Next(columns);
            if (turn.Kind == TurnKind.Wait && silent >= HeartbeatEvery) turn = new Turn(TurnKind.Message, Heartbeat());
            if (turn.Kind is TurnKind.Frame or TurnKind.Message) spoke = options.Time.GetTimestamp();
            switch (turn.Kind)
            {
                case TurnKind.Frame: await to.WriteAsync(outgoing, broken).ConfigureAwait(false); break;
                case TurnKind.Message: await SendAsync(turn.Message!).ConfigureAwait(false); break;
                case TurnKind.Wait: await outbox.WorkAsync(Bounded(turn.Within, HeartbeatEvery - silent), broken).ConfigureAwait(false); break;
                case TurnKind.Reconnect: throw new StreamBrokenException("what the edge misses is sent again on a fresh stream");
            }
        }

        async Task SendAsync(GatewayFrame message)
        {
            outgoing.Message = message;
            await to.WriteAsync(outgoing, broken).ConfigureAwait(false);
            outgoing.Message = null;
        }
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<Outgoing, EdgeFrame> call, CancellationToken broken)
    {
        while (await call.ResponseStream.MoveNext(broken).ConfigureAwait(false))
        {
            var frame = call.ResponseStream.Current;
            var verdict = outbox.Apply(frame, _refused);
            if (frame.FrameCase == EdgeFrame.FrameOneofCase.Welcome) Welcomed();
            foreach (var refused in _refused) tell(refused);
            _refused.Clear();
            switch (verdict)
            {
                case Verdict.EpochUsed: throw new NodeRejectedException("EPOCH_USED: the edge knows readings of this epoch that were never sent; start with a higher epoch");
                case Verdict.Elsewhere: throw new StreamBrokenException(frame.Fenced.Reason);
                case Verdict.Fenced: throw new GatewayFencedException(frame.Fenced.Detail.Length > 0 ? $"{frame.Fenced.Reason}: {frame.Fenced.Detail}" : frame.Fenced.Reason);
            }
        }
    }

    private async Task WatchAsync(CancellationToken broken)
    {
        using var timer = new PeriodicTimer(WatchEvery);
        while (await timer.WaitForNextTickAsync(broken).ConfigureAwait(false))
            if (outbox.IsStandingStill) throw new StreamBrokenException($"nothing became durable for {options.Standstill.TotalSeconds} s");
    }

    /// <summary>Readings per frame that stay within the message limit, whatever the columns hold.</summary>
    private int FrameCapacity()
    {
        const int perReading = 128;
        return Math.Clamp(GatewayOptions.MessageLimitBytes / (perReading + table.NameLimitBytes), 1, options.MaxFrameReadings);
    }

    /// <summary>A wait shorter than the timer's grain would be no wait at all.</summary>
    private static TimeSpan Bounded(TimeSpan within, TimeSpan atMost)
    {
        if (atMost > LongestWait) atMost = LongestWait;
        if (within == Timeout.InfiniteTimeSpan || within > atMost) within = atMost;
        return within < ShortestWait ? ShortestWait : within;
    }

    private GatewayFrame Heartbeat() => new() { Heartbeat = new Heartbeat { SentAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(options.Time.GetUtcNow()) } };
}
