using Governance.Actors.Views;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Governance.Node.Hosting;

/// <summary>
/// Sends the node's metrics to an OpenTelemetry collector, where one is named in the variables of the OpenTelemetry
/// specification (OTEL_EXPORTER_OTLP_ENDPOINT and its kin); without it nothing is measured for anybody and nothing sent.
/// A collector that is away costs nothing: what it misses it misses.
/// </summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT", ServiceName = "governance";

    internal static void AddTelemetry(this IServiceCollection services)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable))) return;
        services.AddOpenTelemetry().ConfigureResource(r => r.AddService(ServiceName)).WithMetrics(m => m.AddMeter(AlarmLoadMetrics.MeterName).AddOtlpExporter());
    }
}
