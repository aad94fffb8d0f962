using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Google.Rpc;
using Grpc.Core;

namespace Governance.Edge.Tests;

/// <summary>Marks as columns mean what marks by name mean.</summary>
public sealed class MarkColumnsTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    [Fact]
    public async Task Columns_say_what_names_would_have_said()
    {
        var (left, right) = ("HS-MC-LEFT", "HS-MC-RIGHT");
        foreach (var id in new[] { left, right }) await CommissionAsync(id);
        using var wire = await OpenAsync("gw-mc", 1, (left, ["A", "B"]), (right, ["B", "A"]));
        var batch = wire.Batch(left, (1, 0.1), (2, 0.1));
        // Detector 1 of the right source is A here: positions are those of this very declaration.
        batch.Sources.Add(new SourceReadings { SourceId = right, Detector = { 1 }, Seq = { 1 }, Value = { 0.1 } });
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
        var told = await UntilAsync(wire, seen => seen.GetValueOrDefault((0u, 0u)) == (1, 2) && seen.GetValueOrDefault((1u, 1u)) == (1, 1));
        Assert.DoesNotContain(told, t => t.Key is (0u, 1u) or (1u, 0u) && t.Value.Through > 0);

        using var named = await edge.StreamAsync(left, gateway: "gw-mc");
        await named.DurableAsync(2);
    }

    [Fact]
    public async Task A_new_epoch_begins_its_marks_anew()
    {
        await CommissionAsync("HS-MC-EPOCH");
        using (var wire = await OpenAsync("gw-mc-epoch", 1, ("HS-MC-EPOCH", ["A", "B"])))
        {
            await wire.SendAsync("HS-MC-EPOCH", (1, 0.1), (2, 0.1), (3, 0.1));
            await UntilAsync(wire, seen => seen.GetValueOrDefault((0u, 0u)) == (1, 3));
        }
        using var again = await OpenAsync("gw-mc-epoch", 2, ("HS-MC-EPOCH", ["A", "B"]));
        await again.SendAsync("HS-MC-EPOCH", (1, 0.1));
        await UntilAsync(again, seen => seen.GetValueOrDefault((0u, 0u)) == (2, 1));
    }

    [Fact]
    public async Task A_detector_that_is_declared_twice_is_refused_by_name()
    {
        await CommissionAsync("HS-MC-TWICE");
        using var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(edge.As(Roles.Gateway)));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Hello = Hello("gw-mc-twice", 1, ("HS-MC-TWICE", ["A", "A"])) });
        var ended = await wire.EndedAsync();
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, ended.StatusCode);
        Assert.Equal("DETECTOR_DECLARED_TWICE", ended.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
    }

    private async Task CommissionAsync(string id)
    {
        var source = EdgeUnderTest.Source(id);
        var second = source.Detectors[0].Clone();
        (second.DetectorId, second.Point) = ("B", "B");
        source.Detectors.Add(second);
        await new Commissioning.CommissioningClient(edge.Channel).RegisterDetectorsAsync(source, edge.As(Roles.Admin));
    }

    private async Task<GatewayWire> OpenAsync(string gateway, long epoch, params (string Source, string[] Detectors)[] sources)
    {
        var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(edge.As(Roles.Gateway)));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Hello = Hello(gateway, epoch, sources) });
        Assert.NotNull((await wire.NextAsync()).Welcome);
        return wire;
    }

    private static Hello Hello(string gateway, long epoch, params (string Source, string[] Detectors)[] sources)
    {
        var hello = new Hello { GatewayId = gateway, Epoch = epoch, Clock = Clock.Live, MarkColumns = true };
        foreach (var (source, detectors) in sources)
            hello.Sources.Add(new SourceDeclaration { SourceId = source, Detectors = { detectors.Select(d => new DetectorDeclaration { DetectorId = d, Unit = "mg/m3" }) } });
        return hello;
    }

    /// <summary>Reads acknowledgements until the marks by (source, detector) are as wanted; not one may come by name.</summary>
    private static async Task<Dictionary<(uint Source, uint Detector), (long Epoch, long Through)>> UntilAsync(GatewayWire wire, Func<Dictionary<(uint Source, uint Detector), (long Epoch, long Through)>, bool> isEnough)
    {
        var seen = new Dictionary<(uint Source, uint Detector), (long Epoch, long Through)>();
        while (!isEnough(seen))
        {
            if ((await wire.NextAsync()).Ack is not { } ack) continue;
            Assert.Empty(ack.DurableThrough);
            foreach (var marks in ack.Marks)
                for (var i = 0; i < marks.Through.Count; i++)
                    seen[(marks.Source, marks.Detector.Count > 0 ? marks.Detector[i] : (uint)i)] = (marks.Epoch, marks.Through[i]);
        }
        return seen;
    }
}
