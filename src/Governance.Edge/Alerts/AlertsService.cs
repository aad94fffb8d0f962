using Governance.Actors.Hosting;
using Governance.Cap;
using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Edge.Warnings;
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
            _ = district.Known(area, "areas");
        var heartbeat = request.HeartbeatS switch
        {
            0 => 10,
            >= 1 and <= 60 => request.HeartbeatS,
            _ => throw RefusedException.Invalid("heartbeat_s", "HEARTBEAT_INVALID", "1 to 60 seconds"),
        };
        return new Subscription(entities, time, durability, areas, TimeSpan.FromSeconds(heartbeat), new AlertFilter(request), responseStream)
            .RunAsync(request.ResumeCursor, context.CancellationToken, life.ApplicationStopping);
    }

    /// <summary>Alerts before the one that is asked for among which an earlier one of the same occurrence is looked for.</summary>
    private const int LookBack = 1000;

    public override async Task<CapMessage> GetCap(GetCapRequest request, ServerCallContext context)
    {
        var area = district.Known(request.Area, "area");
        if (request.Position < 1) throw RefusedException.Invalid("position", "POSITION_INVALID", "1 or more");
        var (after, entries) = (Math.Max(0, request.Position - 1 - LookBack), new List<FeedEntry>());
        while (after < request.Position)
        {
            var page = await entities.AskAsync<FeedPage>(new ReadFeed(new EntityAddress(EntityKinds.AlertFeed, area), after, (int)(request.Position - after), TimeSpan.Zero), context.CancellationToken);
            if (page.Entries.IsEmpty) break;
            entries.AddRange(page.Entries);
            after = page.Entries[^1].Position;
        }
        var entry = entries.Find(e => e.Position == request.Position) ?? throw new RefusedException(new Refusal("UNKNOWN_ALERT", $"feed {area} has no alert {request.Position}", RefusalKind.NotFound));
        var earlier = entries.Where(e => e.Position < request.Position && SameStory(e.Alert, entry.Alert)).ToList();
        return new CapMessage { Xml = CapWriter.Write(CapAlerts.Of(district.Code, entry, earlier)) };
    }

    private static bool SameStory(Domain.Alerts.Alert a, Domain.Alerts.Alert b) =>
        b.Occurrence.Length > 0 ? a.Occurrence == b.Occurrence : b.CaseKey.Length > 0 && a.Occurrence.Length == 0 && a.CaseKey == b.CaseKey;
}
