using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;

namespace Governance.Edge.Alarms;

/// <summary>A hazard source as the public API commissions it, in the form of the rules.</summary>
public static class SourceForm
{
    /// <summary>Refuses by RefusedException what has no form; what contradicts itself is for the rules to name.</summary>
    public static SourceConfig Of(RegisterDetectorsRequest r) => new(
        new HazardSourceId(r.SourceId), Text(r.Name, "name"), Text(r.Enterprise, "enterprise"), new AreaCode(r.Subdistrict), r.Drill,
        [.. r.Detectors.Select(Detector)], [.. r.Zones.Select(z => new Zone(Text(z.Zone, "zones.zone"), z.HealthyMin))])
    {
        Rules = [.. r.SuppressionRules.Select(s => new SuppressionRule(s.Name, s.TriggerDetectorId, Fields.Level(s.TriggerLevel), [.. s.SuppressedDetectorIds], Fields.Level(s.UpTo)))],
    };

    private static DetectorConfig Detector(DetectorSpec d) => new(
        new DetectorId(d.DetectorId), Fields.Kind(d.Kind), d.Unit, d.Period?.ToTimeSpan() ?? TimeSpan.Zero, d.RangeBottom, d.RangeTop, d.ZeroDrift,
        Text(d.Zone, "zone"), Text(d.Point, "point"), [.. d.Limits.Select(LimitForm.Of)],
        d.LatchFrom == V1.AlarmLevel.Unspecified ? Domain.Kernel.AlarmLevel.None : Fields.Level(d.LatchFrom), d.FrozenSamples);

    private static string Text(string text, string field) =>
        text.Length <= 200 ? text : throw RefusedException.Invalid(field, "TEXT_TOO_LONG", "200 characters at most");
}
