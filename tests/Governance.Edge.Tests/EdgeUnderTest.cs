using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.Gateway;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;
using HazardKind = Governance.Edge.V1.HazardKind;

namespace Governance.Edge.Tests;

/// <summary>A whole node on loopback with real sockets, and clients with the tokens of its issuer.</summary>
public sealed class EdgeUnderTest : IAsyncLifetime
{
    internal const string Live = "HS-EDGE-1";
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-").FullName;
    private NodeHost _node = null!;

    internal GrpcChannel Channel { get; private set; } = null!;
    internal Uri Http => _node.Http;
    internal NodeHost Node => _node;

    public async Task InitializeAsync()
    {
        _node = await NodeHost.StartAsync(NodeOptions.Embedded(_folder) with { Gateway = new GatewayLimits { UnreadAnswers = TimeSpan.FromSeconds(1) } }, CancellationToken.None);
        Channel = GrpcChannel.ForAddress(_node.Grpc, new GrpcChannelOptions { MaxSendMessageSize = null });
        await CommissionAsync(Live);
    }

    public async Task DisposeAsync()
    {
        Channel.Dispose();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal string Token(string role, string org = "") => _node.Token("tester", org, role);
    internal CallOptions As(string role, string org = "") => new(new Metadata { { "authorization", $"Bearer {Token(role, org)}" } }, DateTime.UtcNow.AddSeconds(30));

    internal async Task CommissionAsync(string id) => await new Commissioning.CommissioningClient(Channel).RegisterDetectorsAsync(Source(id), As(Roles.Admin));

    internal static RegisterDetectorsRequest Source(string id) => new()
    {
        CommandId = Guid.NewGuid().ToString(), SourceId = id, Name = id, Subdistrict = "410803001", Enterprise = "Works",
        Detectors =
        {
            new DetectorSpec
            {
                DetectorId = "A", Kind = HazardKind.ToxicGas, Unit = "mg/m3", Period = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)), RangeTop = 30, ZeroDrift = 0.5, Point = "A",
                Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 1, Deadband = 0.2 }, new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = 2, Deadband = 0.2 } },
            },
        },
    };

    /// <summary>A gateway's stream, opened.</summary>
    internal async Task<GatewayWire> StreamAsync(string source = Live, string unit = "mg/m3", string gateway = "gw-edge", long epoch = 1)
    {
        var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(Channel).StreamReadings(As(Roles.Gateway)));
        await wire.HelloAsync(source, unit, gateway, epoch);
        return wire;
    }
}

/// <summary>One stream as a gateway would write it by hand.</summary>
internal sealed class GatewayWire(AsyncDuplexStreamingCall<GatewayFrame, EdgeFrame> call) : IDisposable
{
    private long _frame;

    internal AsyncDuplexStreamingCall<GatewayFrame, EdgeFrame> Call { get; } = call;

    internal async Task HelloAsync(string source, string unit, string gateway, long epoch)
    {
        await Call.RequestStream.WriteAsync(new GatewayFrame
        {
            Hello = new Hello { GatewayId = gateway, Epoch = epoch, Clock = Clock.Live, Sources = { new SourceDeclaration { SourceId = source, Detectors = { new DetectorDeclaration { DetectorId = "A", Unit = unit } } } } },
        });
        Assert.NotNull((await NextAsync()).Welcome);
    }

    internal Task SendAsync(string source, params (long Seq, double Value)[] readings) => Call.RequestStream.WriteAsync(new GatewayFrame { Batch = Batch(source, readings) });

    internal ReadingBatch Batch(string source, params (long Seq, double Value)[] readings)
    {
        var part = new SourceReadings { SourceId = source };
        foreach (var (seq, value) in readings)
        {
            part.Detector.Add(0);
            part.Seq.Add(seq);
            part.Value.Add(value);
        }
        return new ReadingBatch { Frame = ++_frame, SentAt = Timestamp.FromDateTime(DateTime.UtcNow), Sources = { part } };
    }

    internal async Task<EdgeFrame> NextAsync()
    {
        Assert.True(await Call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        return Call.ResponseStream.Current;
    }

    /// <summary>Reads until the mark of detector A reaches this number.</summary>
    internal async Task DurableAsync(long through)
    {
        while ((await NextAsync()).Ack?.DurableThrough.Any(m => m.DetectorId == "A" && m.Through >= through) != true) { }
    }

    internal async Task<ReadingRefusal> RefusedAsync()
    {
        while (true)
            if ((await NextAsync()).Ack?.Refusals.FirstOrDefault() is { } refusal) return refusal;
    }

    /// <summary>How the edge ended the stream.</summary>
    internal async Task<RpcException> EndedAsync() => await Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (await Call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))) { }
    });

    public void Dispose() => Call.Dispose();
}
