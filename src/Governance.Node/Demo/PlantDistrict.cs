using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;

namespace Governance.Node.Demo;

/// <summary>
/// A district of the true size: 42 hazard sources with 22 detectors each, 8 enterprises, 9 subdistricts. Four gas
/// detectors per source every 20 s and 18 process detectors every 72 s: 18.9 readings a second. Names are ours.
/// </summary>
internal static class PlantDistrict
{
    internal const int Sources = 42, GasDetectors = 4, ProcessDetectors = 18;
    internal const int GasPeriodS = 20, ProcessPeriodS = 72;
    /// <summary>The liquid-chlorine filling station, and its detector at scale no. 15.</summary>
    internal const int ChlorineSource = 6, ScaleDetector = 0;
    private static readonly string[] Subdistricts =
        ["410803001", "410803002", "410803003", "410803004", "410803005", "410803006", "410803008", "410803009", "410803010"];
    private static readonly string[] Enterprises =
        ["Zhongzhan Chlor-Alkali", "Fluorine New Materials", "Titanium Works", "Longxiang Coatings", "Danhe Fertiliser", "Fucheng Gas Storage", "Yueshan Solvents", "Xuheng Battery Chemicals"];

    internal static string SourceId(int source) => source == ChlorineSource ? "HS-CL2-FILLING" : string.Create(CultureInfo.InvariantCulture, $"HS-{source + 1:00}");

    internal static IEnumerable<RegisterDetectorsRequest> Commissioning() => Enumerable.Range(0, Sources).Select(Source);

    /// <summary>What the gateway declares, in the order of <see cref="Commissioning"/>.</summary>
    internal static IReadOnlyList<SourceDeclaration> Declarations() =>
        [.. Commissioning().Select(r => new SourceDeclaration { SourceId = r.SourceId, Detectors = { r.Detectors.Select(d => new DetectorDeclaration { DetectorId = d.DetectorId, Unit = d.Unit }) } })];

    private static RegisterDetectorsRequest Source(int source)
    {
        var chlorine = source == ChlorineSource;
        var request = new RegisterDetectorsRequest
        {
            CommandId = Guid.NewGuid().ToString(), SourceId = SourceId(source), Name = chlorine ? "Liquid-chlorine filling station" : $"Hazard source {source + 1}",
            Subdistrict = Subdistricts[source % Subdistricts.Length], Enterprise = Enterprises[source % Enterprises.Length], Drill = true,
            Zones = { new ZoneSpec { Zone = "gas", HealthyMin = 2 }, new ZoneSpec { Zone = "process", HealthyMin = 9 } },
        };
        for (var d = 0; d < GasDetectors; d++) request.Detectors.Add(Gas(source, d, chlorine));
        for (var d = 0; d < ProcessDetectors; d++) request.Detectors.Add(Process(d));
        return request;
    }

    private static DetectorSpec Gas(int source, int d, bool chlorine)
    {
        var toxic = d < 2;
        var spec = new DetectorSpec
        {
            DetectorId = chlorine && d == ScaleDetector ? "CL2-SCALE-15" : $"{(toxic ? "TOX" : "LEL")}-{d + 1}", Kind = toxic ? HazardKind.ToxicGas : HazardKind.CombustibleGas,
            Unit = toxic ? "mg/m3" : "%LEL", Period = Seconds(GasPeriodS), RangeTop = toxic ? 30 : 100, ZeroDrift = toxic ? 0.5 : 2, Zone = "gas",
            Point = chlorine && d == ScaleDetector ? "液氯包装15号秤" : $"gas point {d + 1}",
        };
        // Chlorine: 1 mg/m3 ceiling, 2 mg/m3, 8.8 mg/m3; combustible gas 25 and 50 %LEL. Off-delay 5 min of good readings.
        double[] limits = toxic ? [1, 2, 8.8] : [25, 50];
        for (var level = 0; level < limits.Length; level++)
            spec.Limits.Add(new LimitSpec { Direction = LimitDirection.High, Level = (AlarmLevel)(level + 2), Value = limits[level], Deadband = toxic ? 0.2 : 2, OffDelay = Seconds(300) });
        return spec;
    }

    private static DetectorSpec Process(int d)
    {
        var (kind, unit, top, high, prefix) = (d % 3) switch
        {
            0 => (HazardKind.Temperature, "Cel", 200.0, 80.0, "TI"),
            1 => (HazardKind.Pressure, "kPa", 2500.0, 1600.0, "PI"),
            _ => (HazardKind.TankLevel, "%", 110.0, 90.0, "LI"),
        };
        return new DetectorSpec
        {
            DetectorId = $"{prefix}-{d + 1:00}", Kind = kind, Unit = unit, Period = Seconds(ProcessPeriodS), RangeBottom = 0, RangeTop = top, ZeroDrift = 1, Zone = "process", Point = $"{prefix} {d + 1}",
            Limits =
            {
                new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = high, Deadband = high * 0.02, OnDelay = Seconds(0), OnDelaySamples = 2, OffDelay = Seconds(0) },
                new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = high * 1.15, Deadband = high * 0.02, OffDelay = Seconds(0) },
            },
        };
    }

    private static Duration Seconds(int seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
