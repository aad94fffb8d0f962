using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>A detector by its position in the declared sources, which is how the kit names it.</summary>
/// <param name="Source">Position of the source, from 0.</param>
/// <param name="Detector">Position of the detector in it, from 0.</param>
/// <param name="Name">Source and detector, for people: <c>HS-01/CL2-1</c>.</param>
internal sealed record Place(int Source, int Detector, string Name);

/// <summary>Everything that a field gateway is told by its file.</summary>
/// <param name="GatewayId">The name that its token speaks for.</param>
/// <param name="Nodes">gRPC addresses, the preferred first.</param>
/// <param name="TokenFile">File with the bearer token; read again for every stream, so that it can be renewed while the gateway runs.</param>
/// <param name="BufferFolder">Readings and remembered requests lie there.</param>
/// <param name="BufferLimitBytes">Bytes that readings may take there; the kit holds five million at most, about 180 MiB.</param>
/// <param name="Epoch">The least epoch; null leaves it to the folder.</param>
/// <param name="DrainWithin">How long a stopping gateway goes on sending what it has.</param>
/// <param name="StatusEvery">Interval of status lines; zero: none.</param>
/// <param name="Sources">What is declared to the edge.</param>
/// <param name="Hj212">Null: no data loggers.</param>
/// <param name="Devices">Modbus devices; may be empty.</param>
internal sealed record GatewayConfig(
    string GatewayId, IReadOnlyList<string> Nodes, string TokenFile, string BufferFolder, long BufferLimitBytes, long? Epoch, TimeSpan DrainWithin, TimeSpan StatusEvery,
    IReadOnlyList<SourceDeclaration> Sources, Hj212Config? Hj212, IReadOnlyList<DeviceConfig> Devices);

/// <summary>The port for data loggers (数采仪) and its limits.</summary>
/// <param name="Address">Address to listen at.</param>
/// <param name="Port">TCP port; 0 lets the system choose.</param>
/// <param name="SegmentLimitBytes">Longest data segment taken (HJ 212-2017, 6.3.1: 1,024).</param>
/// <param name="ConnectionsLimit">Connections at once.</param>
/// <param name="IdleLimit">A connection without a byte for so long is closed.</param>
/// <param name="FrameWithin">A frame that has begun must be complete within this.</param>
/// <param name="GarbageLimitBytes">So many bytes in a row that are no frame: finding back is hopeless.</param>
/// <param name="SplitLimitPackets">Packets of one split upload (PNUM).</param>
/// <param name="SplitWithin">A split upload must be complete within this.</param>
/// <param name="KeepWithin">How long an answer waits for the disk before the data logger is left to send again.</param>
/// <param name="RememberedRequests">Uploads remembered per station, so that a repeated one makes no second reading.</param>
internal sealed record Hj212Config(
    string Address, int Port, int SegmentLimitBytes, int ConnectionsLimit, TimeSpan IdleLimit, TimeSpan FrameWithin, int GarbageLimitBytes,
    int SplitLimitPackets, TimeSpan SplitWithin, TimeSpan KeepWithin, int RememberedRequests, IReadOnlyList<StationConfig> Stations);

/// <summary>One data logger.</summary>
/// <param name="Mn">Its device number (MN).</param>
/// <param name="Password">Its access password (PW).</param>
/// <param name="LateAfter">Uploads whose QN is this much later than their DataTime, both of the logger's clock, are told as taken so long ago; null: never.</param>
/// <param name="Factors">What becomes a reading, by command and factor code.</param>
/// <param name="Flags">Flag letters of this station.</param>
internal sealed record StationConfig(
    string Mn, string Password, TimeSpan? LateAfter, IReadOnlyDictionary<(string Command, string Code), FactorConfig> Factors, IReadOnlyDictionary<char, Quality> Flags);

/// <summary>A factor (HJ 212 appendix B and HJ 524/525, e.g. a34004) and the detector that it is.</summary>
/// <param name="Field">Which value of the factor: Rtd, Avg, Min, Max, Cou, ZsRtd, ZsAvg …</param>
/// <param name="Scale">Detector's unit = value × scale + offset.</param>
internal sealed record FactorConfig(string Code, string Field, Place Place, double Scale, double Offset);
