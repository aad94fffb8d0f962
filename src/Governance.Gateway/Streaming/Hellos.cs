using Governance.Edge.V1;

namespace Governance.Gateway.Streaming;

/// <summary>The hello of a stream, in as many messages as its sources need. Positions count over all of them.</summary>
internal static class Hellos
{
    /// <summary>Well below what the edge takes in one message.</summary>
    private const int PartLimitBytes = 1 << 20;

    internal static IReadOnlyList<Hello> Of(GatewayOptions options, long epoch, SourceTable table)
    {
        var (hellos, bytes) = (new List<Hello>(), PartLimitBytes);
        foreach (var declared in table.Declarations)
        {
            var size = declared.CalculateSize();
            if (bytes + size > PartLimitBytes)
            {
                hellos.Add(new Hello { GatewayId = options.GatewayId, Epoch = epoch, Clock = options.Clock, MarkColumns = true });
                bytes = 0;
            }
            hellos[^1].Sources.Add(declared);
            bytes += size;
        }
        return hellos;
    }
}
