using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Edge.Gateway;

/// <summary>The door of device gateways and of other systems' warnings.</summary>
public sealed class DeviceGatewayService(Entities entities, Durability durability, Clocks clocks, GatewayLimits limits, IHostApplicationLifetime life, ILogger<DeviceGatewayService> log)
    : DeviceGateway.DeviceGatewayBase
{
    public override Task StreamReadings(IAsyncStreamReader<GatewayFrame> requestStream, IServerStreamWriter<EdgeFrame> responseStream, ServerCallContext context) =>
        new GatewayStream(requestStream, responseStream, entities, durability, clocks, limits, CallerOf.Gateway(context), log)
            .RunAsync(context.CancellationToken, life.ApplicationStopping);

    public override async Task<RelayWarningReply> RelayWarning(RelayWarningRequest request, ServerCallContext context)
    {
        var source = new HazardSourceId(request.SourceId);
        var command = new RelayWarning(
            request.Sender, request.Identifier, Fields.Required(request.Sent, "sent"), request.DetectorId, request.Point, Fields.Kind(request.Kind), Fields.Level(request.Level),
            request.Value, request.Threshold, request.Unit, Fields.Required(request.ObservedAt, "observed_at"), request.Cleared, request.Text, request.Drill);
        var to = new EntityAddress(EntityKinds.HazardSource, source.Value);
        var before = await entities.AskAsync<StateReply>(new GetState(to), context.CancellationToken);
        var known = ((HazardSourceState)before.State).Warnings.Any(w => w.Identity == command.Identity);
        var reply = await entities.CommandAsync(to, request.CommandId, CallerOf.Context(context), 0, command, context.CancellationToken);
        var state = (HazardSourceState)reply.State;
        var warning = state.Warnings.Find(w => w.Identity == command.Identity)
            ?? throw new InvalidOperationException($"{source} took a warning and does not know it");
        return new RelayWarningReply
        {
            OccurrenceId = warning.Occurrence.Value,
            CaseId = state.IncidentOf(warning.Occurrence)?.Case.Value ?? "",
            Repeated = known && !request.Cleared,
        };
    }
}
