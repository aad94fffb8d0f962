using System.Globalization;
using Governance.FieldGateway.Keeping;
using Governance.Gateway;

namespace Governance.FieldGateway.Telemetry;

/// <summary>The counters of a running gateway as status lines.</summary>
internal static class StatusLines
{
    internal static void Tell(FieldLog log, GatewayClient kit, Meter own, RequestBook? book, int connections)
    {
        foreach (var meter in log.Meters)
            log.Status(meter.Kind, meter.Name, ReferenceEquals(meter, own) ? OfGateway(kit, own, book, connections) : Of(meter));
    }

    private static Dictionary<string, object?> Of(Meter meter) => new()
    {
        ["frames"] = meter.Frames, ["readings"] = meter.Readings, ["answers"] = meter.Answers, ["last_heard"] = Stamp(meter.LastHeard), ["events"] = meter.Events,
    };

    private static Dictionary<string, object?> OfGateway(GatewayClient kit, Meter own, RequestBook? book, int connections) => new()
    {
        ["epoch"] = kit.Epoch, ["taken"] = kit.Sent, ["acknowledged"] = kit.Acknowledged, ["refused_by_edge"] = kit.Refused, ["open"] = kit.OpenReadings,
        ["buffer_bytes"] = kit.BufferedBytes, ["buffer_fault"] = kit.BufferFault, ["requests_fault"] = book?.Fault, ["requests"] = book?.Count, ["streams"] = kit.Connections, ["logger_connections"] = connections,
        ["last_break"] = kit.LastBreak, ["rejected"] = kit.Rejected, ["fenced"] = kit.Fenced, ["events"] = own.Events,
    };

    private static string? Stamp(DateTimeOffset? at) => at?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
