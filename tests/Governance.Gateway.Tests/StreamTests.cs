using Governance.Edge.V1;
using Governance.Gateway.Tests.Edge;
using Grpc.Core;

namespace Governance.Gateway.Tests;

/// <summary>The kit against an edge over a real socket that dies, dawdles, asks again and withholds.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const int Sources = 5, Detectors = 4, Sweep = Sources * Detectors;
    private readonly EdgeModel _model = new();
    private EdgeNode _a = null!, _b = null!;

    public async Task InitializeAsync() => (_a, _b) = (await EdgeNode.StartAsync(_model), await EdgeNode.StartAsync(_model));

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        Assert.Empty(_a.Faults.Concat(_b.Faults));
    }

    private static GatewayClient Gateway(GatewayOptions options) => new(options, Field.Sources(Sources, Detectors));

    private static async Task<long> SweepsAsync(GatewayClient gateway, long from, long to)
    {
        var last = 0L;
        for (var seq = from; seq <= to; seq++) last = await gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, seq, DateTimeOffset.UtcNow));
        return last;
    }

    private static Task AcknowledgedAsync(GatewayClient gateway, long batch) => Field.UntilAsync(() => gateway.WaitUntilAcknowledgedAsync(batch).IsCompletedSuccessfully, $"batch {batch} acknowledged", gateway);

    [Theory, InlineData(false), InlineData(true)]
    public async Task Everything_arrives_once_in_order_and_is_acknowledged(bool byName)
    {
        _a.Script = stream => stream.ServeAsync(byName: byName);
        await using var gateway = Gateway(Field.Options(_a));
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 1, 500));
        Field.AllStored(_model, gateway, Sources, Detectors, 500);
        Assert.Equal((0, 0, 1), (_model.Repeated, _model.MostGaps, gateway.Connections));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task An_edge_that_dies_in_mid_stream_again_and_again_costs_nothing(int seed)
    {
        var random = new Random(seed);
        // Each stream lives for some frames; some of them are stored, and of those some are never told.
        _a.Script = _b.Script = async stream =>
        {
            var (left, silent) = (random.Next(1, 30), random.Next(0, 5));
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                if (left-- <= 0) throw new RpcException(new Status(StatusCode.Internal, "the node died"));
                if (left < silent && frame.Batch is { } batch) stream.Take(batch, (_, _) => random.Next(2) == 0);
                else await stream.AnswerAsync(frame);
            }
        };
        await using var gateway = Gateway(Field.Options(_a, _b) with { MaxFrameReadings = 37 });
        var last = 0L;
        for (var seq = 1; seq <= 400; seq++)
        {
            last = await SweepsAsync(gateway, seq, seq);
            // Nothing is forgotten early: whatever is acknowledged is stored.
            Assert.True(gateway.Acknowledged <= _model.Count, $"seed {seed}: {Field.State(gateway)}, stored {_model.Count}");
            if (random.Next(20) == 0) await Field.UntilAsync(() => gateway.OpenReadings < 50 * Sweep, "some acknowledged", gateway);
        }
        (_a.Script, _b.Script) = (s => s.ServeAsync(), s => s.ServeAsync());
        await AcknowledgedAsync(gateway, last);
        Field.AllStored(_model, gateway, Sources, Detectors, 400);
        Assert.True(gateway.Connections > 2, "no stream ever died: nothing is shown");
    }

    [Fact]
    public async Task A_killed_node_is_left_for_the_next()
    {
        await using var gateway = Gateway(Field.Options(_a, _b));
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 1, 10));
        await _a.DieAsync();
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 11, 20));
        Field.AllStored(_model, gateway, Sources, Detectors, 20);
        Assert.Equal(1, _b.Streams);
    }

    [Fact]
    public async Task A_node_that_stands_still_is_left_for_the_next()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is not null) { }
        };
        await using var gateway = Gateway(Field.Options(_a, _b) with { Standstill = TimeSpan.FromSeconds(0.5) });
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 1, 3));
        Field.AllStored(_model, gateway, Sources, Detectors, 3);
        Assert.Contains("durable", gateway.LastBreak);
    }

    [Fact]
    public async Task Late_answers_are_waited_for_within_the_credit()
    {
        const int credit = 90;
        var (answer, most) = (new TaskCompletionSource(), 0L);
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync(credit);
            var unanswered = new List<ReadingBatch>();
            var reading = Task.Run(async () =>
            {
                while (await stream.ReadAsync() is { } frame)
                    lock (unanswered)
                    {
                        unanswered.Add(frame.Batch);
                        most = Math.Max(most, unanswered.Sum(b => b.Sources.Sum(s => s.Detector.Count)));
                    }
            });
            await answer.Task;
            while (!stream.Ended.IsCancellationRequested)
            {
                ReadingBatch? next = null;
                lock (unanswered) if (unanswered.Count > 0) next = unanswered[0];
                if (next is null) { await Task.Delay(1); continue; }
                stream.Take(next);
                lock (unanswered) unanswered.RemoveAt(0);
                await stream.TellAsync(stream.AckOf(next, credit));
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = await SweepsAsync(gateway, 1, 200);
        await Field.UntilAsync(() => Volatile.Read(ref most) > credit / 2, "credit used", gateway);
        Assert.Equal(0, gateway.Acknowledged);
        answer.SetResult();
        await AcknowledgedAsync(gateway, last);
        Field.AllStored(_model, gateway, Sources, Detectors, 200);
        Assert.InRange(most, credit / 2, credit);
    }

    [Fact]
    public async Task Withheld_credit_is_respected_until_it_is_given()
    {
        var give = new TaskCompletionSource();
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync(credit: 0);
            var next = stream.ReadAsync();
            await give.Task;
            Assert.False(next.IsCompleted, "a frame without credit");
            await stream.TellAsync(new Ack { Credit = 1 });
            while (await next is { } frame)
            {
                Assert.Equal(1, frame.Batch.Sources.Sum(s => s.Detector.Count));
                await stream.AnswerAsync(frame, credit: 1);
                next = stream.ReadAsync();
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = await SweepsAsync(gateway, 1, 3);
        await Field.UntilAsync(() => gateway.Connections == 1, "welcome", gateway);
        give.SetResult();
        await AcknowledgedAsync(gateway, last);
        Field.AllStored(_model, gateway, Sources, Detectors, 3);
    }

    [Fact]
    public async Task What_the_edge_lost_is_sent_again_on_the_same_stream_and_nothing_else()
    {
        // Every reading of HS-02/D1 between 5 and 9 gets lost once, though its frame is answered.
        var lost = new HashSet<long>();
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                stream.Take(frame.Batch, (part, i) => !(part.SourceId == "HS-02" && part.Detector[i] == 1 && part.Seq[i] is >= 5 and <= 9 && lost.Add(part.Seq[i])));
                await stream.TellAsync(stream.AckOf(frame.Batch));
                if (_model.FirstGapOf("HS-02", "D1") is { } gap) await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = "HS-02", DetectorId = "D1", Epoch = 1, FromSeq = gap.From, ToSeq = gap.To } });
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = 0L;
        for (var seq = 1; seq <= 20; seq++)
        {
            // So that they do not all leave in one frame.
            await Field.UntilAsync(() => gateway.OpenReadings < 50, "room", gateway);
            last = await SweepsAsync(gateway, seq, seq);
        }
        await AcknowledgedAsync(gateway, last);
        Field.AllStored(_model, gateway, Sources, Detectors, 20);
        Assert.Equal((1, 0, 5L), (gateway.Connections, _model.Repeated, gateway.ResentReadings));
        Assert.Equal(Sweep * 20 + 5, _model.Arrived.Count);
    }

    [Fact]
    public async Task Refusals_with_the_word_to_try_again_are_tried_again_on_the_same_stream()
    {
        var random = new Random(5);
        var refused = 0;
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                var ack = new Ack();
                stream.Take(frame.Batch, (part, i) =>
                {
                    if (refused >= 30 || random.Next(10) > 0) return true;
                    refused++;
                    ack.Refusals.Add(new ReadingRefusal { SourceId = part.SourceId, DetectorId = $"D{part.Detector[i]}", FromSeq = part.Seq[i], ToSeq = part.Seq[i], Reason = "TOO_MANY_GAPS", Retry = true, Frame = frame.Batch.Frame });
                    return false;
                });
                ack.MergeFrom(stream.AckOf(frame.Batch));
                await stream.TellAsync(ack);
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 1, 50));
        Field.AllStored(_model, gateway, Sources, Detectors, 50);
        Assert.Equal((1, 0, 30L), (gateway.Connections, _model.Repeated, gateway.ResentReadings));
    }

    [Fact]
    public async Task An_edge_that_asks_for_ever_is_left_and_never_flooded()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                stream.Take(frame.Batch, (part, i) => part.SourceId != "HS-00" || part.Detector[i] != 0);
                await stream.TellAsync(stream.AckOf(frame.Batch));
                await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = "HS-00", DetectorId = "D0", Epoch = 1, FromSeq = 1, ToSeq = 1 } });
            }
        };
        await using var gateway = Gateway(Field.Options(_a, _b));
        await AcknowledgedAsync(gateway, await SweepsAsync(gateway, 1, 1));
        Field.AllStored(_model, gateway, Sources, Detectors, 1);
        Assert.InRange(_model.Arrived.Count(a => a is { Detector: "HS-00/D0", Stream: 1 }), 2, 10);
        Assert.Equal(2, gateway.Connections);
    }
}
