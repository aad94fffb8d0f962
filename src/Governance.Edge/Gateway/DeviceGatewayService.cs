using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Edge.Warnings;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Edge.Gateway;

/// <summary>The door of device gateways and of other systems' warnings.</summary>
public sealed class DeviceGatewayService(Entities entities, WarningRelay relay, Durability durability, Clocks clocks, GatewayLimits limits, IHostApplicationLifetime life, ILogger<DeviceGatewayService> log)
    : DeviceGateway.DeviceGatewayBase
{
    public override Task StreamReadings(IAsyncStreamReader<GatewayFrame> requestStream, IServerStreamWriter<EdgeFrame> responseStream, ServerCallContext context) =>
        new GatewayStream(requestStream, responseStream, entities, durability, clocks, limits, CallerOf.Gateway(context), log)
            .RunAsync(context.CancellationToken, life.ApplicationStopping);

    public override Task<RelayWarningReply> RelayWarning(RelayWarningRequest request, ServerCallContext context) =>
        relay.TakeAsync(request, CallerOf.Context(context), context.CancellationToken);
}
