using Governance.Edge.V1;
using Governance.Gateway.Tests.Edge;

namespace Governance.Gateway.Tests;

/// <summary>A gateway with nothing to send is heard all the same, and one that was displaced comes back.</summary>
public sealed class PresenceTests
{
    [Fact]
    public async Task A_quiet_gateway_sends_heartbeats_with_its_clock()
    {
        var (heard, model) = (new TaskCompletionSource<Heartbeat>(TaskCreationOptions.RunContinuationsAsynchronously), new EdgeModel());
        await using var node = await EdgeNode.StartAsync(model);
        node.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
                if (frame.Heartbeat is { } beat) heard.TrySetResult(beat);
        };
        await using var gateway = new GatewayClient(Field.Options(node), Field.Sources(1, 1));
        // The district counts a gateway as lost after 60 s: it must speak well before.
        var beat = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True((DateTime.UtcNow - beat.SentAt.ToDateTime()).Duration() < TimeSpan.FromSeconds(10));
        Assert.Empty(node.Faults);
    }

    [Fact]
    public async Task A_stream_that_was_superseded_is_taken_up_again_and_nothing_is_lost()
    {
        var (streams, model) = (0, new EdgeModel());
        await using var node = await EdgeNode.StartAsync(model);
        node.Script = async stream =>
        {
            if (Interlocked.Increment(ref streams) > 1) { await stream.ServeAsync(); return; }
            await stream.WelcomeAsync();
            await stream.WriteAsync(new EdgeFrame { Fenced = new Fenced { Reason = "SUPERSEDED" } });
        };
        await using var gateway = new GatewayClient(Field.Options(node), Field.Sources(1, 2));
        var batch = await gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(1, 2, 1, DateTimeOffset.UtcNow));
        await Field.UntilAsync(() => gateway.WaitUntilAcknowledgedAsync(batch).IsCompletedSuccessfully, "acknowledged on the second stream", gateway);
        Assert.Equal(2, model.Count);
    }
}
