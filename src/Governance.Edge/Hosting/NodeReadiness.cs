using Governance.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Governance.Edge.Hosting;

/// <summary>Ready: a member that is up, shards with a coordinator, a storage that takes writes, and not about to leave.</summary>
internal sealed class NodeReadiness(NodeHealth health, IHostApplicationLifetime life) : IHealthCheck
{
    internal const string Name = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(NotReady(health, life) is { Count: > 0 } reasons ? HealthCheckResult.Unhealthy(string.Join("; ", reasons)) : HealthCheckResult.Healthy());

    internal static IReadOnlyList<string> NotReady(NodeHealth health, IHostApplicationLifetime life) =>
        life.ApplicationStopping.IsCancellationRequested ? ["the node is leaving", .. health.NotReady] : health.NotReady;
}

/// <summary>What supervisors and load balancers ask over HTTP, without a token.</summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz/live", () => Results.Text("live"));
        app.MapGet("/healthz/ready", (NodeHealth health, IHostApplicationLifetime life) =>
        {
            var reasons = NodeReadiness.NotReady(health, life);
            // Written by hand: the slim host has no reflection-based serializer.
            return Results.Text($$"""{"ready":{{(reasons.Count == 0 ? "true" : "false")}},"reasons":[{{string.Join(',', reasons.Select(Quoted))}}]}""",
                "application/json", statusCode: reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
