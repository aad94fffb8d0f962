using System.Net;
using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Gateway.Tests.Edge;

/// <summary>A node behind a real socket that does what its script says, stream by stream.</summary>
internal sealed class EdgeNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EdgeModel _model;
    private int _streams;

    private EdgeNode(WebApplication app, EdgeModel model) => (_app, _model) = (app, model);

    /// <summary>What happens on a stream. The default serves as it should be.</summary>
    internal Func<EdgeStream, Task> Script { get; set; } = stream => stream.ServeAsync();
    internal string Address { get; private set; } = "";
    internal GrpcChannel Channel { get; private set; } = null!;
    internal int Streams => Volatile.Read(ref _streams);
    /// <summary>What went wrong inside a script: a test that does not look would pass for nothing.</summary>
    internal List<Exception> Faults { get; } = [];

    internal static async Task<EdgeNode> StartAsync(EdgeModel model, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        EdgeNode? node = null;
        builder.Services.AddSingleton(_ => node!);
        var app = builder.Build();
        node = new EdgeNode(app, model);
        app.MapGrpcService<Service>();
        await app.StartAsync();
        node.Address = app.Urls.First();
        node.Channel = NodeChannel.To(node.Address);
        return node;
    }

    /// <summary>Cuts every connection and listens no more, as a killed process does.</summary>
    internal async Task DieAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await DieAsync();
        await _app.DisposeAsync();
    }

    private async Task RunAsync(IAsyncStreamReader<GatewayFrame> from, IServerStreamWriter<EdgeFrame> to, ServerCallContext context)
    {
        try { await Script(new EdgeStream(_model, Interlocked.Increment(ref _streams), from, to, context.CancellationToken)); }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException && context.CancellationToken.IsCancellationRequested) { /* the gateway has gone */ }
        catch (Exception e) when (e is not RpcException and not IOException)
        {
            lock (Faults) Faults.Add(e);
            throw;
        }
    }

    private sealed class Service(EdgeNode node) : DeviceGateway.DeviceGatewayBase
    {
        public override Task StreamReadings(IAsyncStreamReader<GatewayFrame> requestStream, IServerStreamWriter<EdgeFrame> responseStream, ServerCallContext context) =>
            node.RunAsync(requestStream, responseStream, context);
    }
}
