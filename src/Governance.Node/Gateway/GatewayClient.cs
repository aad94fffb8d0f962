using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Node.Gateway;

/// <summary>The edge will not have this gateway; sending again as it is would not help.</summary>
public sealed class GatewayFencedException(string why) : Exception($"the edge fenced this gateway: {why}");

/// <summary>
/// A device gateway: numbers readings, keeps every one until the edge says that it is durable, and sends again what is
/// not after any break, the edge being killed included. Order of sending is order of taking.
/// </summary>
public sealed class GatewayClient : IAsyncDisposable
{
    /// <summary>Readings kept in memory; taking more waits.</summary>
    public const int BufferReadings = 20_000;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50), LongestBackoff = TimeSpan.FromSeconds(1);
    /// <summary>A stream on which nothing was acknowledged for so long, though something waits, is tried elsewhere.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(8);

    private readonly Hello _hello;
    private readonly IReadOnlyList<GrpcChannel> _nodes;
    private readonly Func<string> _token;
    private readonly Book _book;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Task _running;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _credit;
    private bool _resend;

    /// <param name="nodes">The nodes of a cluster, or the one node: a stream that breaks or stands still is taken up at the next.</param>
    public GatewayClient(IReadOnlyList<GrpcChannel> nodes, Func<string> token, Hello hello)
    {
        (_nodes, _token, _hello, _book) = (nodes, token, hello, new Book(hello.Sources));
        _running = Task.Run(RunAsync);
    }

    public long Sent { get { lock (_gate) return _book.Sent; } }
    public long Acknowledged { get { lock (_gate) return _book.Acknowledged; } }
    public long Refused { get { lock (_gate) return _book.Refused; } }
    /// <summary>Streams that were opened: more than one means that the edge was away.</summary>
    public int Connections { get; private set; }
    /// <summary>Why the edge will not have this gateway; null while it will.</summary>
    public string? Fenced { get; private set; }

    /// <summary>Takes samples and returns the number of the batch. Waits while the buffer is full.</summary>
    public async Task<long> SendAsync(DateTimeOffset sentAt, IReadOnlyList<Sample> samples, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Fenced is { } why) throw new GatewayFencedException(why);
                if (_book.OpenReadings < BufferReadings)
                {
                    var number = _book.Take(sentAt, samples).Number;
                    Wake();
                    return number;
                }
                changed = _progress.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Waits until everything up to this batch is durable or finally refused.</summary>
    public async Task WaitUntilAcknowledgedAsync(long batch, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_book.DoneThrough >= batch) return;
                if (Fenced is { } why) throw new GatewayFencedException(why);
                changed = _progress.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var (backoff, refused) = (FirstBackoff, 0);
        while (!_closing.IsCancellationRequested && Fenced is null)
        {
            try
            {
                var node = _nodes[(Connections + 1) % _nodes.Count];
                using var stream = new DeviceGateway.DeviceGatewayClient(node).StreamReadings(new CallOptions(new Metadata { { "authorization", $"Bearer {_token()}" } }, cancellationToken: _closing.Token));
                var settled = Acknowledged;
                try { await StreamAsync(stream); }
                finally { if (Acknowledged > settled) (backoff, refused) = (FirstBackoff, 0); }
                // The edge ended the stream without an error: it is stopping.
                await Task.Delay(backoff, CancellationToken.None);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.InvalidArgument)
            {
                // One node that does not know this gateway (another key, an old policy) is not the cluster.
                if (++refused >= _nodes.Count) Fence(e.Status.Detail);
                else await Task.Delay(backoff, CancellationToken.None);
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException)
            {
                if (_closing.IsCancellationRequested) return;
                await Task.Delay(backoff, CancellationToken.None);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
        }
    }

    private async Task StreamAsync(AsyncDuplexStreamingCall<GatewayFrame, EdgeFrame> stream)
    {
        lock (_gate)
        {
            _book.BeginStream();
            Connections++;
            _resend = false;
        }
        await stream.RequestStream.WriteAsync(new GatewayFrame { Hello = _hello });
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        var reading = ReadAsync(stream, broken);
        try
        {
            var (frame, acknowledged, movedAt) = (0L, Acknowledged, Stopwatch.GetTimestamp());
            while (!broken.IsCancellationRequested)
            {
                if (Next(frame + 1) is { } batch)
                {
                    frame++;
                    await stream.RequestStream.WriteAsync(new GatewayFrame { Batch = batch }, broken.Token);
                }
                else await _work.WaitAsync(TimeSpan.FromMilliseconds(100), broken.Token);
                if (Acknowledged != acknowledged || !IsWaiting) (acknowledged, movedAt) = (Acknowledged, Stopwatch.GetTimestamp());
                else if (Stopwatch.GetElapsedTime(movedAt) > Standstill) throw new IOException("the edge acknowledges nothing");
                // What the edge misses is sent again on a fresh stream: there the order is right by itself.
                if (_resend) throw new IOException("the edge asked for a resend");
            }
        }
        catch (OperationCanceledException) { /* the reader says why */ }
        finally
        {
            // The old stream's answers must not reach the book of the next one.
            await broken.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<GatewayFrame, EdgeFrame> stream, CancellationTokenSource broken)
    {
        try
        {
            await foreach (var frame in stream.ResponseStream.ReadAllAsync(broken.Token)) Take(frame);
        }
        finally { await broken.CancelAsync(); }
    }

    private void Take(EdgeFrame frame)
    {
        lock (_gate)
        {
            switch (frame.FrameCase)
            {
                case EdgeFrame.FrameOneofCase.Welcome: _credit = frame.Welcome.Credit; break;
                case EdgeFrame.FrameOneofCase.Ack:
                    _credit = frame.Ack.Credit;
                    // Refusals first: a mark covers what was finally refused, and that is not acknowledged.
                    foreach (var refusal in frame.Ack.Refusals)
                        if (refusal.Retry) _resend = true;
                        else if (refusal.Reason != "SEQ_REUSED") _book.Refuse(refusal);
                    foreach (var mark in frame.Ack.DurableThrough) _book.Durable(mark);
                    _book.Settle();
                    break;
                case EdgeFrame.FrameOneofCase.Resend: _resend |= _book.OpenReadings > 0 && IsSent(frame.Resend); break;
                case EdgeFrame.FrameOneofCase.Fenced: Fence(frame.Fenced.Reason); break;
            }
            Progress();
            Wake();
        }
    }

    /// <summary>Only what this stream has sent already can be missing; the rest is on its way.</summary>
    private bool IsSent(Resend resend) => _book.Open.Any(b => b.Frame > 0 && b.Readings.Any(r =>
        _hello.Sources[r.Source].SourceId == resend.SourceId && _hello.Sources[r.Source].Detectors[r.Detector].DetectorId == resend.DetectorId
        && r.Seq >= resend.FromSeq && r.Seq <= resend.ToSeq));

    private bool IsWaiting { get { lock (_gate) return _book.UnderWay > 0; } }

    private ReadingBatch? Next(long frame)
    {
        lock (_gate)
        {
            if (_book.UnderWay >= Math.Max(_credit, 1)) return null;
            return _book.NextToSend(frame) is { } batch ? Columns(frame, batch) : null;
        }
    }

    private ReadingBatch Columns(long frame, Batch batch)
    {
        var wire = new ReadingBatch { Frame = frame, SentAt = Timestamp.FromDateTimeOffset(batch.SentAt) };
        foreach (var part in batch.Readings.GroupBy(r => r.Source))
        {
            var columns = new SourceReadings { SourceId = _hello.Sources[part.Key].SourceId };
            foreach (var reading in part)
            {
                columns.Detector.Add((uint)reading.Detector);
                columns.Seq.Add(reading.Seq);
                columns.SampledBeforeUs.Add((batch.SentAt - reading.SampledAt).Ticks / TimeSpan.TicksPerMicrosecond);
                columns.Value.Add(reading.Value);
                columns.Quality.Add(reading.Quality);
            }
            wire.Sources.Add(columns);
        }
        return wire;
    }

    private void Fence(string reason)
    {
        lock (_gate)
        {
            Fenced ??= reason;
            Progress();
        }
    }

    private void Progress()
    {
        _progress.TrySetResult();
        _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Wake()
    {
        if (_work.CurrentCount == 0) _work.Release();
    }
}
