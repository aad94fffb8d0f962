using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Hj212;

/// <summary>A configured data logger at run time, whatever connection it comes on.</summary>
internal sealed class Station(StationConfig config, Meter meter, SplitUpload split) : IDisposable
{
    internal StationConfig Config { get; } = config;
    internal Meter Meter { get; } = meter;
    internal SplitUpload Split { get; } = split;

    /// <summary>One upload of a station at a time, on however many connections: the order of its readings is theirs, and their numbers are known beforehand.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    public void Dispose() => Gate.Dispose();
}
