using Governance.Actors.Hosting;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Governance.Edge.Alerts;

/// <summary>Streams of alerts.</summary>
public sealed class AlertsService(Entities entities, District district, TimeProvider time, Durability durability, IHostApplicationLifetime life) : V1.Alerts.AlertsBase
{
    public override Task Subscribe(SubscribeRequest request, IServerStreamWriter<AlertEnvelope> responseStream, ServerCallContext context)
    {
        var areas = request.Areas.Count == 0 ? district.Areas : [.. request.Areas.Distinct()];
        foreach (var area in areas)
            if (!district.Areas.Contains(area)) throw RefusedException.Invalid("areas", "UNKNOWN_AREA", $"'{area}' is not an area of {district.Code}");
        var heartbeat = request.HeartbeatS switch
        {
            0 => 10,
            >= 1 and <= 60 => request.HeartbeatS,
            _ => throw RefusedException.Invalid("heartbeat_s", "HEARTBEAT_INVALID", "1 to 60 seconds"),
        };
        return new Subscription(entities, time, durability, areas, TimeSpan.FromSeconds(heartbeat), new AlertFilter(request), responseStream)
            .RunAsync(request.ResumeCursor, context.CancellationToken, life.ApplicationStopping);
    }
}
