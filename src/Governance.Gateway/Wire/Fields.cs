namespace Governance.Gateway.Wire;

/// <summary>Field numbers of protos/edge/v1/device_gateway.proto, as the writer needs them. A test compares them with the generated ones.</summary>
internal static class Fields
{
    internal static class GatewayFrame
    {
        internal const int Batch = 2;
    }

    internal static class ReadingBatch
    {
        internal const int Frame = 1, SentAt = 2, Sources = 3;
    }

    internal static class SourceReadings
    {
        internal const int SourceId = 1, Detector = 2, Seq = 3, SampledBeforeUs = 4, TakenBeforeUs = 5, Value = 6, Quality = 7;
    }

    internal static class Timestamp
    {
        internal const int Seconds = 1, Nanos = 2;
    }
}
