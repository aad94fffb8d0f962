using Governance.Edge.V1;
using Governance.Gateway.Tests.Edge;
using Grpc.Core;

namespace Governance.Gateway.Tests;

/// <summary>What the edge says, and what the kit makes of it: refusals, fences, losses, nonsense.</summary>
public sealed class UnderstandingTests : IAsyncLifetime
{
    private const int Sources = 3, Detectors = 4, Sweep = Sources * Detectors;
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

    private static ValueTask<long> SweepAsync(GatewayClient gateway, long seq) => gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, seq, DateTimeOffset.UtcNow));

    [Fact]
    public async Task A_final_refusal_is_told_counted_and_never_sent_again()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                var ack = new Ack();
                stream.Take(frame.Batch, (part, _) => part.SourceId != "HS-01");
                if (frame.Batch.Sources.Any(s => s.SourceId == "HS-01"))
                    ack.Refusals.Add(new ReadingRefusal { SourceId = "HS-01", Reason = "UNKNOWN_SOURCE", Frame = frame.Batch.Frame, Detail = "not commissioned" });
                ack.MergeFrom(stream.AckOf(frame.Batch));
                await stream.TellAsync(ack);
            }
        };
        var told = new List<RefusedReadings>();
        await using var gateway = Gateway(Field.Options(_a));
        gateway.ReadingsRefused += told.Add;
        var last = 0L;
        for (var seq = 1; seq <= 10; seq++) last = await SweepAsync(gateway, seq);
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((120L, 80L, 40L, 0L), (gateway.Sent, gateway.Acknowledged, gateway.Refused, gateway.OpenReadings));
        Assert.Equal(40, told.Sum(t => t.Readings));
        Assert.All(told, t => Assert.Equal(("HS-01", "UNKNOWN_SOURCE", "not commissioned"), (t.SourceId, t.Reason, t.Detail)));
        Assert.Equal(120, _model.Arrived.Count);
    }

    [Fact]
    public async Task A_refusal_that_a_mark_covers_is_not_acknowledged()
    {
        // As the edge does with a quality that it does not know: refused by number, declared lost by itself, the mark moves on.
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                var ack = new Ack();
                stream.Take(frame.Batch, (part, i) =>
                {
                    if (part.SourceId != "HS-02" || part.Detector[i] != 3 || part.Seq[i] is not (2 or 3 or 7)) return true;
                    ack.Refusals.Add(new ReadingRefusal { SourceId = "HS-02", DetectorId = "D3", FromSeq = part.Seq[i], ToSeq = part.Seq[i], Reason = "INVALID_QUALITY", Frame = frame.Batch.Frame });
                    _model.Skip(stream.Hello, new Skipped { SourceId = "HS-02", DetectorId = "D3", FromSeq = part.Seq[i], ToSeq = part.Seq[i] });
                    return false;
                });
                ack.MergeFrom(stream.AckOf(frame.Batch));
                await stream.TellAsync(ack);
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = 0L;
        for (var seq = 1; seq <= 10; seq++) last = await SweepAsync(gateway, seq);
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((117L, 3L, 0L, 117), (gateway.Acknowledged, gateway.Refused, gateway.OpenReadings, _model.Count));
    }

    [Fact]
    public async Task What_was_refused_and_is_asked_for_is_declared_lost()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                if (frame.Batch is not { } batch) { await stream.AnswerAsync(frame); continue; }
                var ack = new Ack();
                stream.Take(batch, (part, _) => part.SourceId != "HS-00" || batch.Frame != 1);
                if (batch.Frame == 1) ack.Refusals.Add(new ReadingRefusal { SourceId = "HS-00", Reason = "COLUMN_LENGTHS", Frame = 1 });
                ack.MergeFrom(stream.AckOf(batch));
                await stream.TellAsync(ack);
                for (var d = 0; d < Detectors; d++)
                    if (_model.FirstGapOf("HS-00", $"D{d}") is { } gap) await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = "HS-00", DetectorId = $"D{d}", Epoch = 1, FromSeq = gap.From, ToSeq = gap.To } });
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        await gateway.WaitUntilAcknowledgedAsync(await SweepAsync(gateway, 1)).AsTask().WaitAsync(Field.Patience);
        await gateway.WaitUntilAcknowledgedAsync(await SweepAsync(gateway, 2)).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((20L, 4L, 0L, 1), (gateway.Acknowledged, gateway.Refused, gateway.OpenReadings, gateway.Connections));
        Assert.Equal(2, _model.ThroughOf("HS-00", "D3", 1));
    }

    [Fact]
    public async Task What_the_caller_gives_up_is_declared_on_every_stream_until_the_mark_has_passed()
    {
        var declared = new List<Skipped>();
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                if (frame.Skipped is { } skipped)
                {
                    declared.Add(skipped);
                    // The first time it is lost with the stream.
                    if (declared.Count == 1) return;
                }
                if (frame.Batch is { } batch) stream.Take(batch, (part, i) => part.SourceId != "HS-01" || part.Detector[i] != 2 || part.Seq[i] > 5);
                if (frame.Batch is { } answered) await stream.TellAsync(stream.AckOf(answered));
                else await stream.AnswerAsync(frame);
            }
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = 0L;
        for (var seq = 1; seq <= 10; seq++) last = await SweepAsync(gateway, seq);
        await Field.UntilAsync(() => gateway.Acknowledged == Sweep * 10 - 10, "all but one detector", gateway);
        Assert.Equal(5, gateway.Skip(1, 2, 1, 5, "the logger's memory was wet"));
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((Sweep * 10 - 5L, 5L, 0L), (gateway.Acknowledged, gateway.Skipped, gateway.OpenReadings));
        Assert.Equal(2, declared.Count);
        Assert.All(declared, d => Assert.Equal(("HS-01", "D2", 1L, 5L, "the logger's memory was wet"), (d.SourceId, d.DetectorId, d.FromSeq, d.ToSeq, d.Reason)));
        Assert.Equal(0, gateway.Skip(1, 2, 1, 5, "again"));
    }

    public static TheoryData<string> Nonsense => ["source", "detector", "lengths", "short", "epoch", "name", "frame", "negative", "resend", "empty", "refusal"];

    [Theory, MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_passed_over_and_nothing_is_forgotten_for_it(string kind)
    {
        var told = new TaskCompletionSource();
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            var first = (await stream.ReadAsync())!;
            await stream.WriteAsync(kind switch
            {
                "source" => Marks(new SourceMarks { Source = 99, Epoch = 1, Through = { 1, 1, 1, 1 } }),
                "detector" => Marks(new SourceMarks { Source = 0, Epoch = 1, Detector = { 77 }, Through = { 1 } }),
                "lengths" => Marks(new SourceMarks { Source = 0, Epoch = 1, Detector = { 0, 1 }, Through = { 1 } }),
                "short" => Marks(new SourceMarks { Source = 0, Epoch = 1, Through = { 1, 1 } }),
                "epoch" => Marks(new SourceMarks { Source = 0, Epoch = 7, Through = { 1, 1, 1, 1 } }),
                "name" => new EdgeFrame { Ack = new Ack { Credit = 50_000, DurableThrough = { new DurableMark { SourceId = "HS-77", DetectorId = "D0", Epoch = 1, Through = 1 } } } },
                "frame" => new EdgeFrame { Ack = new Ack { Frame = 1_000_000, Credit = 50_000 } },
                "negative" => Marks(new SourceMarks { Source = 0, Epoch = 1, Through = { -5, long.MinValue, -1, 0 } }),
                "resend" => new EdgeFrame { Resend = new Resend { SourceId = "HS-00", DetectorId = "D0", Epoch = 1, FromSeq = 1, ToSeq = long.MaxValue } },
                "refusal" => new EdgeFrame { Ack = new Ack { Credit = 50_000, Refusals = { new ReadingRefusal { SourceId = "HS-00", DetectorId = "NOBODY", FromSeq = 1, ToSeq = 9, Reason = "UNKNOWN_DETECTOR" } } } },
                _ => new EdgeFrame(),
            });
            await told.Task;
            await stream.AnswerAsync(first);
            while (await stream.ReadAsync() is { } frame) await stream.AnswerAsync(frame);
        };
        await using var gateway = Gateway(Field.Options(_a));
        var last = await SweepAsync(gateway, 1);
        var counted = kind is not ("epoch" or "frame" or "negative" or "resend");
        if (counted) await Field.UntilAsync(() => gateway.NotUnderstood > 0, "the nonsense", gateway);
        Assert.Equal((0L, (long)Sweep), (gateway.Acknowledged, gateway.OpenReadings));
        told.SetResult();
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 1);
        Assert.Equal((counted ? 1L : 0L, 1), (gateway.NotUnderstood, gateway.Connections));
    }

    [Fact]
    public async Task Marks_beyond_what_was_sent_are_not_believed_and_fence_when_every_node_tells_them()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            await stream.WriteAsync(Marks(new SourceMarks { Source = 1, Epoch = 1, Detector = { 0 }, Through = { 5_000 } }));
            while (await stream.ReadAsync() is { } frame) await stream.AnswerAsync(frame);
        };
        await using (var gateway = Gateway(Field.Options(_a, _b)))
        {
            await gateway.WaitUntilAcknowledgedAsync(await SweepAsync(gateway, 1)).AsTask().WaitAsync(Field.Patience);
            Assert.Equal(Sweep, gateway.Acknowledged);
            Assert.Null(gateway.Fenced);
        }
        await using var alone = Gateway(Field.Options(_a));
        var fenced = new TaskCompletionSource<string>();
        alone.GatewayFenced += fenced.SetResult;
        Assert.StartsWith("EPOCH_USED", await fenced.Task.WaitAsync(Field.Patience));
        Assert.Equal(0, alone.Acknowledged);
    }

    [Fact]
    public async Task A_fence_is_told_and_takes_nothing_more()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            await stream.ReadAsync();
            await stream.WriteAsync(new EdgeFrame { Fenced = new Fenced { Reason = "OLD_EPOCH", Detail = "a newer epoch of this gateway is known" } });
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "OLD_EPOCH"));
        };
        await using var gateway = Gateway(Field.Options(_a, _b));
        var fenced = new TaskCompletionSource<string>();
        gateway.GatewayFenced += fenced.SetResult;
        var last = await SweepAsync(gateway, 1);
        Assert.Equal("OLD_EPOCH: a newer epoch of this gateway is known", await fenced.Task.WaitAsync(Field.Patience));
        await Assert.ThrowsAsync<GatewayFencedException>(async () => await SweepAsync(gateway, 2));
        await Assert.ThrowsAsync<GatewayFencedException>(async () => await gateway.WaitUntilAcknowledgedAsync(last));
        // Not forgotten: the readings are still this gateway's own.
        Assert.Equal((Sweep, 0), (gateway.OpenReadings, _b.Streams));
    }

    [Fact]
    public async Task One_node_that_rejects_is_not_the_cluster()
    {
        _a.Script = _ => throw new RpcException(new Status(StatusCode.PermissionDenied, "another key"));
        await using (var gateway = Gateway(Field.Options(_a, _b)))
        {
            await gateway.WaitUntilAcknowledgedAsync(await SweepAsync(gateway, 1)).AsTask().WaitAsync(Field.Patience);
            Assert.Null(gateway.Fenced);
        }
        // A node that is merely away has not rejected anybody.
        await _b.DieAsync();
        await using (var gateway = Gateway(Field.Options(_a, _b)))
        {
            await Field.UntilAsync(() => _a.Streams >= 4, "asked four times", gateway);
            Assert.Null(gateway.Fenced);
        }
        await using var alone = Gateway(Field.Options(_a));
        await Field.UntilAsync(() => alone.Fenced == "another key", "fenced by its only node", alone);
    }

    [Fact]
    public async Task A_node_that_drains_is_left_without_a_word()
    {
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            await stream.ReadAsync();
            throw new RpcException(new Status(StatusCode.Unavailable, "DRAINING: the node is stopping; connect again"));
        };
        await using var gateway = Gateway(Field.Options(_a, _b));
        await gateway.WaitUntilAcknowledgedAsync(await SweepAsync(gateway, 1)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 1);
    }

    [Fact]
    public async Task Marks_of_an_older_epoch_acknowledge_nothing()
    {
        var told = new TaskCompletionSource();
        _a.Script = async stream =>
        {
            await stream.WelcomeAsync();
            var first = (await stream.ReadAsync())!;
            await stream.WriteAsync(Marks(new SourceMarks { Source = 0, Epoch = 4, Through = { 1, 1, 1, 1 } }));
            await stream.TellAsync(new Ack { Credit = 50_000, DurableThrough = { new DurableMark { SourceId = "HS-01", DetectorId = "D0", Epoch = 4, Through = 1 } } });
            told.SetResult();
            await stream.AnswerAsync(first);
            while (await stream.ReadAsync() is { } frame) await stream.AnswerAsync(frame);
        };
        await using var gateway = Gateway(Field.Options(_a) with { Epoch = 5 });
        var last = await SweepAsync(gateway, 1);
        await told.Task.WaitAsync(Field.Patience);
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 1);
    }

    [Fact]
    public async Task So_many_sources_that_one_hello_cannot_hold_them()
    {
        const int many = 3_000, each = 12;
        var sources = Enumerable.Range(0, many).Select(s => new SourceDeclaration
        {
            SourceId = $"HS-{s:00}", Detectors = { Enumerable.Range(0, each).Select(d => new DetectorDeclaration { DetectorId = $"D{d}", Unit = new string('u', 60) }) },
        }).ToArray();
        await using var gateway = new GatewayClient(Field.Options(_a), sources);
        var last = await gateway.SendAsync(DateTimeOffset.UtcNow, new[] { new Sample(0, 0, DateTimeOffset.UtcNow, 1), new Sample(many - 1, each - 1, DateTimeOffset.UtcNow, 2) });
        await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((2, 1.0, 2.0), (_model.Count, _model.StoredOf("HS-00", "D0")[1], _model.StoredOf($"HS-{many - 1}", $"D{each - 1}")[1]));
    }

    private static EdgeFrame Marks(SourceMarks marks) => new() { Ack = new Ack { Credit = 50_000, Marks = { marks } } };
}
