using Governance.Edge.V1;
using Governance.Gateway.Tests.Edge;

namespace Governance.Gateway.Tests;

/// <summary>After an outage: the newest first, the backlog oldest first, live readings never behind more than a frame of it (alarms.md P9).</summary>
public sealed class BacklogTests : IAsyncLifetime
{
    private const int Sources = 4, Detectors = 5, Sweep = Sources * Detectors;
    private readonly EdgeModel _model = new();
    private EdgeNode _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeNode.StartAsync(_model);

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        Assert.Empty(_edge.Faults);
    }

    /// <summary>An edge that is away until it is told to serve, and asks for whatever it misses, as the real one does.</summary>
    private TaskCompletionSource AwayUntil(Func<EdgeStream, Task>? serve = null)
    {
        var there = new TaskCompletionSource();
        _edge.Script = async stream =>
        {
            await there.Task.WaitAsync(stream.Ended);
            await (serve ?? ServeAsync)(stream);
        };
        return there;
    }

    private async Task ServeAsync(EdgeStream stream)
    {
        await stream.WelcomeAsync();
        while (await stream.ReadAsync() is { } frame)
        {
            await stream.AnswerAsync(frame);
            foreach (var part in frame.Batch?.Sources.AsEnumerable() ?? [])
                foreach (var d in part.Detector.Distinct())
                    if (_model.FirstGapOf(part.SourceId, $"D{d}") is { } gap)
                        await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = part.SourceId, DetectorId = $"D{d}", Epoch = 1, FromSeq = gap.From, ToSeq = gap.To } });
        }
    }

    private static async Task<long> TakenAsync(GatewayClient gateway, long from, long to, Func<long, DateTimeOffset> at)
    {
        var last = 0L;
        for (var seq = from; seq <= to; seq++) last = await gateway.SendAsync(at(seq), Field.Sweep(Sources, Detectors, seq, at(seq) - TimeSpan.FromMilliseconds(40)));
        return last;
    }

    [Fact]
    public async Task After_a_long_outage_the_newest_of_each_detector_goes_first_and_nothing_twice()
    {
        const int old = 300, fresh = 50;
        var there = AwayUntil();
        await using var gateway = new GatewayClient(Field.Options(_edge) with { MaxFrameReadings = 100 }, Field.Sources(Sources, Detectors));
        var now = DateTimeOffset.UtcNow;
        // One sweep a second; the outage began five minutes ago.
        await TakenAsync(gateway, 1, old, seq => now - TimeSpan.FromSeconds(old - seq));
        there.SetResult();
        var last = await TakenAsync(gateway, old + 1, old + fresh, _ => DateTimeOffset.UtcNow);
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);

        Field.AllStored(_model, gateway, Sources, Detectors, old + fresh);
        var arrived = _model.Arrived;
        Assert.Equal((Sweep * (old + fresh), 0, 0L), (arrived.Count, _model.Repeated, gateway.ResentReadings));
        var first = arrived.Take(Sweep).ToList();
        Assert.Equal(Sweep, first.Select(a => a.Detector).Distinct().Count());
        Assert.All(first, a => Assert.True(a.Seq >= old, $"{a} came first"));
        // The backlog keeps its order, every reading its own stamps, and sent_at is the truth.
        foreach (var detector in arrived.GroupBy(a => a.Detector))
        {
            var seqs = detector.Skip(1).Select(a => a.Seq).ToList();
            Assert.Equal(seqs.Where(s => s < first[0].Seq).Order(), seqs.Where(s => s < first[0].Seq));
            Assert.Equal(seqs.Where(s => s > first[0].Seq).Order(), seqs.Where(s => s > first[0].Seq));
        }
        Assert.All(arrived.Where(a => a.Seq < old), a =>
        {
            Assert.Equal(Micros.Of(now - TimeSpan.FromSeconds(old - a.Seq)), a.TakenUs);
            Assert.Equal(a.TakenUs - 40_000, a.SampledUs);
        });
        Assert.All(arrived, a => Assert.InRange(a.SentUs, Micros.Of(now), Micros.Of(DateTimeOffset.UtcNow)));
        Assert.Equal(1, _model.MostGaps);
    }

    [Fact]
    public async Task While_a_backlog_drains_a_live_reading_waits_behind_one_frame_of_it_at_most()
    {
        const int old = 2_000;
        var live = 0L;
        GatewayClient gateway = null!;
        var there = AwayUntil(async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                var isOld = frame.Batch.Sources.All(s => s.Seq.All(q => q < old));
                // With every backlog frame something new is taken while the answer is still outstanding.
                if (isOld && live < old + 60)
                {
                    var next = Math.Max(live, old) + 1;
                    await gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, next, DateTimeOffset.UtcNow));
                    live = next;
                    var nextFrame = (await stream.ReadAsync())!;
                    Assert.Equal(next, nextFrame.Batch.Sources.Max(s => s.Seq.Max()));
                    stream.Take(frame.Batch);
                    await stream.AnswerAsync(nextFrame);
                    continue;
                }
                await stream.AnswerAsync(frame);
            }
        });
        var now = DateTimeOffset.UtcNow;
        await using var client = gateway = new GatewayClient(Field.Options(_edge) with { MaxFrameReadings = 200, LingerFor = TimeSpan.Zero }, Field.Sources(Sources, Detectors));
        await TakenAsync(gateway, 1, old, seq => now - TimeSpan.FromSeconds(old - seq));
        there.SetResult();
        await Field.UntilAsync(() => gateway.OpenReadings == 0, "everything acknowledged", gateway);
        Field.AllStored(_model, gateway, Sources, Detectors, old + 60);
        Assert.Equal((1, 0), (_model.MostGaps, _model.Repeated));
    }

    [Fact]
    public async Task A_short_backlog_goes_in_order()
    {
        var there = AwayUntil();
        await using var gateway = new GatewayClient(Field.Options(_edge), Field.Sources(Sources, Detectors));
        var now = DateTimeOffset.UtcNow;
        var last = await TakenAsync(gateway, 1, 100, seq => now - TimeSpan.FromSeconds(100 - seq));
        there.SetResult();
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 100);
        Assert.Equal((0, 0), (_model.MostGaps, _model.Repeated));
    }

    [Fact]
    public async Task An_outage_after_an_outage_leaves_few_gaps()
    {
        // Streams live for three frames each: newest, and a little of the backlog.
        var random = new Random(11);
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync();
            for (var n = random.Next(1, 4); n > 0 && await stream.ReadAsync() is { } frame; n--) await stream.AnswerAsync(frame);
        };
        await using var gateway = new GatewayClient(Field.Options(_edge) with { MaxFrameReadings = 60, BufferReadings = 50_000 }, Field.Sources(Sources, Detectors));
        var begun = DateTimeOffset.UtcNow - TimeSpan.FromHours(10);
        var last = 0L;
        for (var seq = 1L; seq <= 400; seq++)
        {
            last = await TakenAsync(gateway, seq, seq, s => begun + TimeSpan.FromMinutes(s));
            if (seq % 20 == 0) { var before = gateway.Connections; await Field.UntilAsync(() => gateway.Connections > before, "another stream", gateway); }
        }
        _edge.Script = ServeAsync;
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 400);
        Assert.InRange(_model.MostGaps, 2, Sending.Dispatch.LeapLimit);
    }

    [Fact]
    public async Task A_recording_goes_in_order_in_its_own_time_whatever_happens()
    {
        var random = new Random(3);
        var lost = new HashSet<(string, uint, long)>();
        var lastSent = new Dictionary<int, long>();
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync();
            for (var n = random.Next(3, 60); await stream.ReadAsync() is { } frame; n--)
            {
                if (n == 0) return;
                var sent = Micros.Of(frame.Batch.SentAt.ToDateTimeOffset());
                Assert.True(sent >= lastSent.GetValueOrDefault(stream.Number), "recorded time ran backwards");
                lastSent[stream.Number] = sent;
                stream.Take(frame.Batch, (part, i) => random.Next(300) != 0 || !lost.Add((part.SourceId, part.Detector[i], part.Seq[i])));
                await stream.TellAsync(stream.AckOf(frame.Batch));
                foreach (var part in frame.Batch.Sources)
                    foreach (var d in part.Detector.Distinct())
                        if (_model.FirstGapOf(part.SourceId, $"D{d}") is { } gap)
                            await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = part.SourceId, DetectorId = $"D{d}", Epoch = 1, FromSeq = gap.From, ToSeq = gap.To } });
            }
        };
        await using var gateway = new GatewayClient(Field.Options(_edge) with { Clock = Clock.Recorded, MaxFrameReadings = 7 }, Field.Sources(Sources, Detectors));
        var begin = new DateTimeOffset(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
        var last = await TakenAsync(gateway, 1, 200, seq => begin + TimeSpan.FromSeconds(30 * (seq / 2)));
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 200);
        Assert.All(_model.Arrived, a =>
        {
            Assert.Equal(Micros.Of(begin + TimeSpan.FromSeconds(30 * (a.Seq / 2))), a.SentUs);
            // Taken as sampled: what a recording's samples were is all that it says.
            Assert.Equal((a.SentUs - 40_000, a.SentUs - 40_000), (a.SampledUs, a.TakenUs));
        });
        Assert.True(gateway.Connections > 3 && lost.Count > 3, "nothing broke: nothing is shown");
    }
}
