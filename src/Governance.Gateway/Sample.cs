using Governance.Edge.V1;

namespace Governance.Gateway;

/// <summary>One sample of one detector, before it has a number.</summary>
/// <param name="Source">Position of the hazard source in the list the client was made with, from 0.</param>
/// <param name="Detector">Position of the detector in that source's declaration, from 0.</param>
/// <param name="SampledAt">Detector clock. Kept to the microsecond.</param>
/// <param name="Value">In the detector's declared unit; NaN when the detector gave none.</param>
/// <param name="Quality">The detector's own word on the value (alarms.md §4).</param>
public readonly record struct Sample(int Source, int Detector, DateTimeOffset SampledAt, double Value, Quality Quality = Quality.Good);
