using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Governance.Edge.Gateway;

/// <summary>Limits of gateway streams.</summary>
public sealed record GatewayLimits
{
    /// <summary>Readings that may be unanswered at once per stream; the edge reads no further (P10).</summary>
    public int CreditReadings { get; init; } = 50_000;
    public int FrameReadings { get; init; } = 10_000;
    public int SourcesPerStream { get; init; } = 20_000;
    /// <summary>A gateway that takes no answer for so long is cut off.</summary>
    public TimeSpan UnreadAnswers { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>One stream of one gateway: reads frames while there is credit, spreads them over lanes, tells what is durable.</summary>
internal sealed class GatewayStream(
    IAsyncStreamReader<GatewayFrame> requests, IServerStreamWriter<EdgeFrame> responses, Entities entities, Durability durability, Clocks clocks, GatewayLimits limits,
    string gatewayOfToken, ILogger log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<string, SourceLane> _lanes = [];
    private readonly SortedDictionary<long, DateTimeOffset> _recordedAt = [];
    private StreamSession _session = null!;
    private StreamBook _book = null!;
    private LaneTraffic _traffic = null!;
    private SessionReports? _reports;
    private long _frame;
    private DateTimeOffset _lastRecorded = DateTimeOffset.MinValue;

    /// <summary>Runs until the gateway half-closes and everything is answered, the stream breaks, or the node drains.</summary>
    internal async Task RunAsync(CancellationToken call, CancellationToken draining)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call, draining);
        if (!await NextAsync(ending.Token) || requests.Current.FrameCase != GatewayFrame.FrameOneofCase.Hello)
            throw new RefusedException(new Refusal("HELLO_EXPECTED", "the first frame must be a hello", RefusalKind.Invalid).With("field", "hello"));
        Open(requests.Current.Hello, ending);
        using var traffic = _traffic = new LaneTraffic(_session, entities, durability, clocks.Wall);
        await responses.WriteAsync(new EdgeFrame { Welcome = new Welcome { Credit = limits.CreditReadings, ServerTime = Now() } }).WaitAsync(ending.Token);
        using var reports = _reports = _session.Clock.IsWall ? new SessionReports(_session, _book, entities, clocks.Wall) : null;
        Declare(requests.Current.Hello);
        using var halfClosed = new CancellationTokenSource();
        var writing = WriteAsync(halfClosed.Token, ending);
        try
        {
            await ReadAsync(ending.Token);
            await halfClosed.CancelAsync();
            await writing;
        }
        catch (OperationCanceledException) when (_session.Failure is not null) { throw _session.Failure; }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !call.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "DRAINING: the node is stopping; connect again"));
        }
        finally { await ending.CancelAsync(); }
    }

    private void Open(Hello hello, CancellationTokenSource ending)
    {
        var gateway = new GatewayId(hello.GatewayId);
        if (gatewayOfToken.Length > 0 && gatewayOfToken != gateway.Value)
            throw new RefusedException(new Refusal("NOT_YOUR_GATEWAY", $"the token is for gateway {gatewayOfToken}", RefusalKind.Denied));
        if (hello.Epoch < 1) throw RefusedException.Invalid("epoch", "EPOCH_INVALID", "1 or more");
        if (hello.Clock is not (Clock.Live or Clock.Recorded)) throw RefusedException.Invalid("clock", "CLOCK_MISSING", "CLOCK_LIVE or CLOCK_RECORDED");
        var clock = hello.Clock == Clock.Recorded ? ClockId.Recorded(gateway.Value) : ClockId.Wall;
        _session = new StreamSession(gateway, hello.Epoch, clock, log, ending);
        _book = new StreamBook(limits.CreditReadings, hello.MarkColumns, clocks.Wall, Acknowledged);
    }

    private void Declare(Hello hello)
    {
        if (hello.GatewayId != _session.Gateway.Value || hello.Epoch != _session.Epoch)
            throw RefusedException.Invalid("gateway_id", "HELLO_CHANGED", "a stream belongs to one gateway and epoch");
        foreach (var source in hello.Sources)
        {
            var id = new HazardSourceId(source.SourceId);
            if (_lanes.Count >= limits.SourcesPerStream) throw new RefusedException(new Refusal("TOO_MANY_SOURCES", $"a stream has at most {limits.SourcesPerStream} sources", RefusalKind.Exhausted));
            ImmutableArray<DeclaredDetector> detectors = [.. source.Detectors.Select(d => new DeclaredDetector(d.DetectorId, d.Unit))];
            if (detectors.DistinctBy(d => d.DetectorId).Count() < detectors.Length) throw RefusedException.Invalid("sources.detectors", "DETECTOR_DECLARED_TWICE", $"{id} declares a detector twice");
            if (_lanes.TryGetValue(id.Value, out var known) && known.Detectors.SequenceEqual(detectors)) continue;
            // A source that is declared anew keeps its place: what is under way still means it.
            var lane = new SourceLane(known?.Position ?? (uint)_lanes.Count, id.Value, detectors, _session, _book);
            _lanes[id.Value] = lane;
            _traffic.Enqueue(lane, new LaneItem.Declare());
        }
    }

    private async Task ReadAsync(CancellationToken ending)
    {
        while (true)
        {
            while (!_book.HasRoom) await _book.RoomAsync(LookAgain, ending);
            if (!await NextAsync(ending)) return;
            if (requests.Current.FrameCase is not (GatewayFrame.FrameOneofCase.Batch or GatewayFrame.FrameOneofCase.Heartbeat)) _reports?.Heard(clocks.Now(ClockId.Wall), null);
            switch (requests.Current.FrameCase)
            {
                case GatewayFrame.FrameOneofCase.Hello: Declare(requests.Current.Hello); break;
                case GatewayFrame.FrameOneofCase.Batch: Spread(requests.Current.Batch); break;
                case GatewayFrame.FrameOneofCase.Skipped: Skip(requests.Current.Skipped); break;
                case GatewayFrame.FrameOneofCase.Heartbeat: Beat(requests.Current.Heartbeat); break;
                default: throw RefusedException.Invalid("frame", "FRAME_EMPTY", "hello, batch, skipped or heartbeat");
            }
        }
    }

    /// <summary>
    /// The read itself ends, not only the wait for it: the server uses a stream again for the next call of its connection,
    /// and a read that was left waiting there would take that call's bytes.
    /// </summary>
    private async Task<bool> NextAsync(CancellationToken ending)
    {
        try { return await requests.MoveNext(ending); }
        catch (Exception) when (ending.IsCancellationRequested) { throw new OperationCanceledException(ending); }
    }

    private void Spread(ReadingBatch batch)
    {
        if (batch.Frame != _frame + 1) throw RefusedException.Invalid("frame", "FRAME_OUT_OF_ORDER", $"{_frame + 1} expected, got {batch.Frame}");
        if (batch.SentAt is null) throw RefusedException.Invalid("sent_at", "SENT_AT_MISSING", "every batch says when it was sent");
        var sentAt = Fields.Required(batch.SentAt, "sent_at");
        if (!_session.Clock.IsWall && sentAt < _lastRecorded) throw RefusedException.Invalid("sent_at", "RECORDED_TIME_BACKWARD", "recorded time never runs backwards");
        var readings = batch.Sources.Sum(s => s.Detector.Count);
        if (readings > limits.FrameReadings) throw RefusedException.Invalid("sources", "FRAME_TOO_LARGE", $"{readings} readings, {limits.FrameReadings} allowed");
        (_frame, _lastRecorded) = (batch.Frame, sentAt);
        if (!_session.Clock.IsWall) lock (_recordedAt) _recordedAt[batch.Frame] = sentAt;
        var receivedAt = clocks.Now(ClockId.Wall);
        _reports?.Heard(receivedAt, sentAt);
        var parts = new List<(SourceLane Lane, SourceReadings Part)>();
        foreach (var part in batch.Sources)
        {
            var fault = !_lanes.TryGetValue(part.SourceId, out var lane) ? "SOURCE_NOT_DECLARED" : ColumnReader.LengthFault(part) is not null ? "COLUMN_LENGTHS" : null;
            if (fault is null) parts.Add((lane!, part));
            else _book.Refuse(part.SourceId, new RangeNote("", _session.Epoch, 0, 0, fault, false, ColumnReader.LengthFault(part) ?? "not in any hello of this stream"), batch.Frame);
        }
        _book.Received(parts.Count, parts.Sum(p => p.Part.Detector.Count));
        foreach (var (lane, part) in parts) _traffic.Enqueue(lane, new LaneItem.Part(batch.Frame, part, receivedAt, sentAt, batch.Historical));
    }

    private void Beat(Heartbeat beat) => _reports?.Heard(clocks.Now(ClockId.Wall), Fields.Optional(beat.SentAt, "sent_at"));

    private void Skip(Skipped skipped)
    {
        if (_lanes.TryGetValue(skipped.SourceId, out var lane)) _traffic.Enqueue(lane, new LaneItem.Skip(skipped.DetectorId, skipped.FromSeq, skipped.ToSeq, skipped.Reason));
        else _book.Refuse(skipped.SourceId, new RangeNote(skipped.DetectorId, _session.Epoch, skipped.FromSeq, skipped.ToSeq, "SOURCE_NOT_DECLARED", false, ""), 0);
    }

    /// <summary>Recorded time advances with acknowledged frames only, and before the gateway hears of them.</summary>
    private void Acknowledged(long through)
    {
        if (_session.Clock.IsWall) return;
        DateTimeOffset? reached = null;
        lock (_recordedAt)
            while (_recordedAt.Count > 0 && _recordedAt.First() is var first && first.Key <= through)
            {
                reached = first.Value;
                _recordedAt.Remove(first.Key);
            }
        if (reached is { } at) clocks.Advance(_session.Clock, at);
    }

    private async Task WriteAsync(CancellationToken halfClosed, CancellationTokenSource ending)
    {
        try
        {
            while (!ending.IsCancellationRequested)
            {
                foreach (var frame in _book.Take()) await WriteOneAsync(frame, ending);
                if (_book.Fenced is { } reason)
                {
                    var detail = reason == GatewayRules.Superseded ? "a newer stream of this gateway is open" : "a newer epoch of this gateway is known";
                    await WriteOneAsync(new EdgeFrame { Fenced = new Fenced { Reason = reason, Detail = detail } }, ending);
                    _session.Fail(new RefusedException(new Refusal(reason, detail)));
                    return;
                }
                if (halfClosed.IsCancellationRequested && _book.IsSettled) return;
                await _book.ChangedAsync(LookAgain * 5, ending.Token);
            }
        }
        catch (OperationCanceledException) { /* the stream is over */ }
        catch (Exception broken) { _session.Fail(broken); }
    }

    private async Task WriteOneAsync(EdgeFrame frame, CancellationTokenSource ending)
    {
        // Waiting ends, the write does not: a write that is cancelled would abort the call, and its status would be lost.
        try { await responses.WriteAsync(frame).WaitAsync(limits.UnreadAnswers, ending.Token); }
        catch (TimeoutException)
        {
            throw new RefusedException(new Refusal("ANSWERS_NOT_READ", $"the gateway read no answer for {limits.UnreadAnswers.TotalSeconds} s", RefusalKind.Exhausted));
        }
    }

    private Timestamp Now() => Timestamp.FromDateTimeOffset(clocks.Wall.GetUtcNow());
}
