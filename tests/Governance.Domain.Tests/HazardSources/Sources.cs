using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Commissioned sources that the tests use, with the default limits of alarms.md.</summary>
internal static class Sources
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan OffDelay = TimeSpan.FromMinutes(5);

    internal static Limit High(int level, double value, double deadband = 0, TimeSpan onDelay = default, int samples = 0, TimeSpan offDelay = default) =>
        new(LimitDirection.High, (AlarmLevel)level, value, deadband, onDelay, samples, offDelay);

    internal static Limit Low(int level, double value, double deadband = 0, TimeSpan offDelay = default) =>
        new(LimitDirection.Low, (AlarmLevel)level, value, deadband, TimeSpan.Zero, 0, offDelay);

    /// <summary>Chlorine: 1, 2 and 8.8 mg/m³, deadband 0.1; a sample every 10 s; off-delay 5 min unless told otherwise.</summary>
    internal static DetectorConfig Chlorine(string id, string zone = "hall", TimeSpan? offDelay = null) => new(
        new DetectorId(id), HazardKind.ToxicGas, "mg/m3", Period, 0, 20, 0.5, zone, "液氯包装15号秤",
        [High(1, 1, 0.1, offDelay: offDelay ?? OffDelay), High(2, 2, 0.1), High(3, 8.8, 0.1)]);

    /// <summary>Combustible gas: 25 and 50 %LEL; level 1 may be delayed.</summary>
    internal static DetectorConfig Combustible(string id, TimeSpan onDelay = default, int samples = 0, string zone = "") => new(
        new DetectorId(id), HazardKind.CombustibleGas, "%LEL", Period, 0, 100, 2, zone, "", [High(1, 25, 2, onDelay, samples), High(2, 50, 2)]);

    /// <summary>Oxygen: too little below 19.5 %, less below 18; too much from 23.5 %.</summary>
    internal static DetectorConfig Oxygen(string id) => new(
        new DetectorId(id), HazardKind.Oxygen, "%VOL", Period, 0, 30, 0.2, "", "", [Low(1, 19.5, 0.2), Low(2, 18, 0.2), High(1, 23.5, 0.2)]);

    internal static SourceConfig Of(params DetectorConfig[] detectors) => Zoned([.. detectors.Where(d => d.Zone.Length > 0).Select(d => d.Zone).Distinct().Select(z => new Zone(z, 1))], detectors);

    internal static SourceConfig Zoned(Zone[] zones, params DetectorConfig[] detectors) =>
        new(new HazardSourceId("HS-CL2-07"), "液氯库", "焦作某化工", new AreaCode("410803006"), false, [.. detectors], [.. zones]);
}
