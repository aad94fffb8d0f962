using System.Diagnostics;
using System.Text;
using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Node.Bench;

/// <summary>
/// One gateway that scans its detectors round and round and sends as fast as its credit allows, or at a given rate. What
/// it counts as acknowledged is what the edge answered without a refusal.
/// </summary>
internal sealed class FrameLoad
{
    private const int InFlightFrames = 1 << 17;
    /// <summary>Microseconds between two rounds.</summary>
    private const int RoundUs = 1_000;
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(
        (byte[] bytes, SerializationContext context) => context.Complete(bytes), context => context.PayloadAsNewBuffer());
    private static readonly Marshaller<EdgeFrame> Answers = Marshallers.Create(
        (EdgeFrame _, SerializationContext _) => throw new NotSupportedException(), context => EdgeFrame.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    internal static readonly Method<byte[], EdgeFrame> Stream = new(MethodType.DuplexStreaming, "governance.edge.v1.DeviceGateway", "StreamReadings", Raw, Answers);

    private readonly GrpcChannel _channel;
    private readonly Metadata _headers;
    private readonly Hello _hello;
    private readonly Position[] _scan;
    private readonly int[] _counter;
    private readonly long[] _seqs;
    private readonly byte[][] _sources;
    private readonly int _frameReadings;
    private readonly double _readingsPerSecond;
    private readonly long[] _sentAt = new long[InFlightFrames];
    private readonly double[] _values = [.. Enumerable.Range(0, 8191).Select(i => Math.Round(10 + 5 * Math.Sin(i * 0.77), 2))];
    private readonly SemaphoreSlim _moved = new(0, 1);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sentFrames, _answeredFrames;
    private long _refused;
    private long _credit;
    private bool _closing;

    /// <param name="readingsPerSecond">0: as fast as the credit allows.</param>
    internal FrameLoad(GrpcChannel channel, string token, Hello hello, int frameReadings, double readingsPerSecond)
    {
        (_channel, _hello, _frameReadings, _readingsPerSecond) = (channel, hello, frameReadings, readingsPerSecond);
        _headers = new Metadata { { "authorization", $"Bearer {token}" } };
        _sources = [.. hello.Sources.Select(s => Encoding.UTF8.GetBytes(s.SourceId))];
        // A frame that holds several rounds keeps those of a source together, as a gateway would.
        var (starts, all) = (new int[hello.Sources.Count], 0);
        for (var i = 0; i < starts.Length; i++) (starts[i], all) = (all, all + hello.Sources[i].Detectors.Count);
        var rounds = Math.Max(1, frameReadings / all);
        _scan = [.. hello.Sources.SelectMany((s, i) => Enumerable.Range(0, rounds).SelectMany(r => Enumerable.Range(0, s.Detectors.Count).Select(d => new Position(i, d, (rounds - r) * RoundUs))))];
        _counter = [.. _scan.Select(p => starts[p.Source] + p.Detector)];
        _seqs = new long[all];
    }

    /// <summary>Readings that may be under way, whatever the edge allows.</summary>
    internal long CreditLimit { get; init; } = long.MaxValue;

    internal long SentReadings => Interlocked.Read(ref _sentFrames) * _frameReadings;
    internal long AcknowledgedReadings => Interlocked.Read(ref _answeredFrames) * _frameReadings - Interlocked.Read(ref _refused);
    internal long Refused => Interlocked.Read(ref _refused);
    /// <summary>Milliseconds from sending a frame to the answer that covers it, since the last <see cref="Latencies.Take"/>.</summary>
    internal Latencies Latencies { get; } = new();

    /// <summary>Sends until asked to end, then waits until everything is answered.</summary>
    internal async Task RunAsync(CancellationToken enough, CancellationToken cancel)
    {
        using var call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(Stream, null, new CallOptions(_headers, cancellationToken: cancel));
        await call.RequestStream.WriteAsync(Google.Protobuf.MessageExtensions.ToByteArray(new GatewayFrame { Hello = _hello }), cancel);
        var reading = ReadAsync(call, cancel);
        await SendAsync(call, enough, cancel);
        Volatile.Write(ref _closing, true);
        if (Interlocked.Read(ref _answeredFrames) < Interlocked.Read(ref _sentFrames)) await Task.WhenAny(_answered.Task, reading).WaitAsync(TimeSpan.FromMinutes(2), cancel);
        await call.RequestStream.CompleteAsync();
        await reading;
        if (AcknowledgedReadings + Refused < SentReadings) throw new IOException($"{SentReadings - AcknowledgedReadings} readings of {_hello.GatewayId} were never answered");
    }

    private async Task SendAsync(AsyncDuplexStreamingCall<byte[], EdgeFrame> call, CancellationToken enough, CancellationToken cancel)
    {
        var (encoder, seqs, values, positions) = (new FrameEncoder(), new long[_frameReadings], new double[_frameReadings], new Position[_frameReadings]);
        var (at, begun) = (0, Stopwatch.GetTimestamp());
        while (!enough.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            var (sent, credit) = (Interlocked.Read(ref _sentFrames), Volatile.Read(ref _credit));
            if ((sent - Interlocked.Read(ref _answeredFrames)) * _frameReadings >= credit || sent - Interlocked.Read(ref _answeredFrames) >= InFlightFrames)
            {
                await _moved.WaitAsync(TimeSpan.FromMilliseconds(50), cancel);
                continue;
            }
            if (_readingsPerSecond > 0 && sent * _frameReadings / _readingsPerSecond - Stopwatch.GetElapsedTime(begun).TotalSeconds is var ahead && ahead > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(ahead, 0.2)), cancel);
                continue;
            }
            for (var i = 0; i < _frameReadings; i++, at = at + 1 == _scan.Length ? 0 : at + 1)
                (positions[i], seqs[i], values[i]) = (_scan[at], ++_seqs[_counter[at]], _values[(_counter[at] * 31 + seqs[i]) % _values.Length]);
            var sentAtUs = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
            encoder.Encode(sent + 1, sentAtUs, positions, seqs, values, _sources);
            Volatile.Write(ref _sentAt[(sent + 1) % InFlightFrames], Stopwatch.GetTimestamp());
            Interlocked.Increment(ref _sentFrames);
            await call.RequestStream.WriteAsync(encoder.Written.ToArray(), cancel);
        }
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<byte[], EdgeFrame> call, CancellationToken cancel)
    {
        await foreach (var frame in call.ResponseStream.ReadAllAsync(cancel))
            switch (frame.FrameCase)
            {
                case EdgeFrame.FrameOneofCase.Welcome: Credit(frame.Welcome.Credit); break;
                case EdgeFrame.FrameOneofCase.Ack: Answered(frame.Ack); break;
                case EdgeFrame.FrameOneofCase.Fenced: throw new IOException($"fenced: {frame.Fenced.Reason} {frame.Fenced.Detail}");
            }
    }

    private void Answered(Ack ack)
    {
        foreach (var refusal in ack.Refusals) Interlocked.Add(ref _refused, Math.Max(1, refusal.ToSeq - refusal.FromSeq + 1));
        if (ack.Refusals.Count > 0) throw new IOException($"refused: {ack.Refusals[0]}");
        var now = Stopwatch.GetTimestamp();
        for (var frame = Interlocked.Read(ref _answeredFrames) + 1; frame <= ack.Frame; frame++)
            Latencies.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref _sentAt[frame % InFlightFrames]), now).TotalMilliseconds);
        if (ack.Frame > Interlocked.Read(ref _answeredFrames)) Interlocked.Exchange(ref _answeredFrames, ack.Frame);
        Credit(ack.Credit);
        if (Volatile.Read(ref _closing) && Interlocked.Read(ref _answeredFrames) == Interlocked.Read(ref _sentFrames)) _answered.TrySetResult();
    }

    private void Credit(int credit)
    {
        Volatile.Write(ref _credit, Math.Min(credit, CreditLimit));
        if (_moved.CurrentCount == 0) _moved.Release();
    }
}
