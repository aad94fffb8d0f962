using Governance.Edge.V1;
using Governance.Gateway.Tests.Edge;
using Grpc.Core;

namespace Governance.Gateway.Tests;

/// <summary>What a gateway needs that answers for others: when a reading is truly kept, which numbers were given, and patience with a token that is no good.</summary>
public sealed class KeepTests : IAsyncLifetime
{
    private const int Sources = 2, Detectors = 3, Sweep = Sources * Detectors;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
    private readonly EdgeModel _model = new();
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-keep-").FullName;
    private EdgeNode _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeNode.StartAsync(_model);

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        Directory.Delete(_root, recursive: true);
        Assert.Empty(_edge.Faults);
    }

    private string Home => Path.Combine(_root, "home");

    private GatewayClient Gateway(Func<GatewayOptions, GatewayOptions>? with = null)
    {
        var options = Field.Options(_edge) with { Epoch = null, BufferFolder = Home, BufferBytes = 1 << 20 };
        return new GatewayClient(with?.Invoke(options) ?? options, Field.Sources(Sources, Detectors));
    }

    private static async Task<long> TakeAsync(GatewayClient gateway, long from, long to)
    {
        var last = 0L;
        for (var seq = from; seq <= to; seq++) last = await gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, seq, DateTimeOffset.UtcNow));
        return last;
    }

    [Fact]
    public async Task Kept_is_what_the_disk_has_without_any_edge()
    {
        _edge.Script = stream => Task.Delay(Timeout.Infinite, stream.Ended);
        await using var gateway = Gateway();
        Assert.True(gateway.TryTake(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, 1, DateTimeOffset.UtcNow), out var batch));
        await gateway.WaitUntilKeptAsync(batch).AsTask().WaitAsync(Field.Patience);
        Assert.Equal(0, gateway.Acknowledged);
    }

    /// <summary>Taking goes on without the disk, because an alarm must not wait for it; but nobody may be told that it is kept.</summary>
    [Fact]
    public async Task A_disk_that_fails_keeps_nothing_until_it_is_back()
    {
        _edge.Script = stream => Task.Delay(Timeout.Infinite, stream.Ended);
        await using var gateway = Gateway();
        Directory.Delete(Home, recursive: true);
        await TakeAsync(gateway, 1, 600);
        await Field.UntilAsync(() => gateway.BufferFault is not null, "the disk has failed", gateway);
        var batch = await TakeAsync(gateway, 601, 601);
        var kept = gateway.WaitUntilKeptAsync(batch).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => kept.WaitAsync(Moment));
        Directory.CreateDirectory(Home);
        await kept.WaitAsync(Field.Patience);
        Assert.Null(gateway.BufferFault);
    }

    [Fact]
    public async Task While_the_disk_fails_the_edge_keeps()
    {
        var there = new TaskCompletionSource();
        _edge.Script = async stream =>
        {
            await there.Task.WaitAsync(stream.Ended);
            await stream.ServeAsync();
        };
        await using var gateway = Gateway();
        Directory.Delete(Home, recursive: true);
        var batch = await TakeAsync(gateway, 1, 601);
        await Field.UntilAsync(() => gateway.BufferFault is not null, "the disk has failed", gateway);
        var kept = gateway.WaitUntilKeptAsync(batch).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => kept.WaitAsync(Moment));
        there.SetResult();
        await kept.WaitAsync(Field.Patience);
        Assert.Equal(601L * Sweep, gateway.Acknowledged);
    }

    [Fact]
    public async Task The_last_number_is_known_after_a_restart_whether_it_was_acknowledged_or_not()
    {
        await using (var first = Gateway())
        {
            Assert.Equal(0, first.LastNumber(1, 2));
            await first.WaitUntilAcknowledgedAsync(await TakeAsync(first, 1, 3)).AsTask().WaitAsync(Field.Patience);
        }
        _edge.Script = stream => Task.Delay(Timeout.Infinite, stream.Ended);
        await using (var second = Gateway())
        {
            Assert.Equal(3, second.LastNumber(1, 2));
            await TakeAsync(second, 4, 5);
            Assert.Equal(5, second.LastNumber(0, 0));
        }
        await using var third = Gateway();
        Assert.Equal((5, 2 * Sweep), (third.LastNumber(1, 2), third.RestoredReadings));
        Assert.Throws<ArgumentException>(() => third.LastNumber(0, Detectors));
    }

    [Fact]
    public async Task A_token_that_is_no_good_is_tried_again_and_readings_are_taken_meanwhile()
    {
        var isGood = false;
        _edge.Script = stream => isGood ? stream.ServeAsync() : throw new RpcException(new Status(StatusCode.Unauthenticated, "expired"));
        await using var gateway = Gateway(o => o with { RetryRejected = TimeSpan.FromMilliseconds(100) });
        await Field.UntilAsync(() => _edge.Streams >= 3 && gateway.Rejected == "expired", "rejected three times", gateway);
        var batch = await TakeAsync(gateway, 1, 5);
        Assert.Null(gateway.Fenced);
        isGood = true;
        await gateway.WaitUntilAcknowledgedAsync(batch).AsTask().WaitAsync(Field.Patience);
        Assert.Null(gateway.Rejected);
    }

    [Fact]
    public async Task A_newer_gateway_of_the_name_fences_it_all_the_same()
    {
        _edge.Script = async stream => await stream.WriteAsync(new EdgeFrame { Fenced = new Fenced { Reason = "OLD_EPOCH" } });
        await using var gateway = Gateway(o => o with { RetryRejected = TimeSpan.FromMilliseconds(100) });
        await Field.UntilAsync(() => gateway.Fenced == "OLD_EPOCH", "fenced", gateway);
    }
}
