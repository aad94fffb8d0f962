using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;
using HazardKind = Governance.Edge.V1.HazardKind;

namespace Governance.Cluster.Tests.Faults;

/// <summary>
/// Sources whose values follow from detector and tick alone, so that it is known beforehand which readings must be in
/// the ledger and which occurrences must be raised, whatever happens to the nodes.
/// </summary>
internal sealed class Plant(string prefix, int sources, int detectors)
{
    /// <summary>Ticks from one episode of a detector to its next.</summary>
    internal const int EveryTicks = 600;
    /// <summary>Ticks of an episode.</summary>
    internal const int EpisodeTicks = 20;
    internal const string Area = "410803001";
    private const double Calm = 0.1, LevelOne = 1.5, LevelTwo = 2.5;

    internal int Sources => sources;
    internal int Detectors => detectors;
    internal string Source(int s) => string.Create(CultureInfo.InvariantCulture, $"HS-{prefix}-{s:00}");
    internal static string Detector(int d) => string.Create(CultureInfo.InvariantCulture, $"D{d:00}");

    /// <summary>Value of a detector at its tick, counted from 0; the reading's sequence number is one more.</summary>
    internal double Value(int source, int detector, long tick) => Phase(source, detector, tick) switch
    {
        >= EpisodeTicks => Calm,
        // Every third detector climbs: one occurrence, two levels.
        >= EpisodeTicks / 2 when detector % 3 == 0 => LevelTwo,
        _ => LevelOne,
    };

    /// <summary>True at the tick whose reading raises an occurrence.</summary>
    internal bool Raises(int source, int detector, long tick) => Phase(source, detector, tick) == 0;

    internal OccurrenceId Occurrence(int source, int detector, long tick) =>
        OccurrenceId.OfReading(new HazardSourceId(Source(source)), new DetectorId(Detector(detector)), 1, tick + 1);

    /// <summary>Detectors begin at different ticks, none at the first.</summary>
    private long Phase(int source, int detector, long tick)
    {
        var shifted = tick - 30 - ((source * detectors) + detector) * 37 % EveryTicks;
        return shifted < 0 ? EveryTicks - 1 : shifted % EveryTicks;
    }

    /// <summary>What a gateway of this plant declares.</summary>
    internal IReadOnlyList<SourceDeclaration> Declarations() => [.. Enumerable.Range(0, sources).Select(s =>
        new SourceDeclaration { SourceId = Source(s), Detectors = { Enumerable.Range(0, detectors).Select(d => new DetectorDeclaration { DetectorId = Detector(d), Unit = "mg/m3" }) } })];

    internal RegisterDetectorsRequest Registration(int s)
    {
        var request = new RegisterDetectorsRequest { CommandId = $"register-{Source(s)}", SourceId = Source(s), Name = Source(s), Subdistrict = Area, Enterprise = "Works" };
        for (var d = 0; d < detectors; d++)
            request.Detectors.Add(new DetectorSpec
            {
                // A period so long that an outage of the cluster is no silence of the detector: what is counted here is alarms.
                DetectorId = Detector(d), Kind = HazardKind.ToxicGas, Unit = "mg/m3", Period = Duration.FromTimeSpan(TimeSpan.FromHours(1)), RangeTop = 30, ZeroDrift = 0.5, Point = Detector(d),
                Limits =
                {
                    new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 1, Deadband = 0.2 },
                    new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = 2, Deadband = 0.2 },
                },
            });
        return request;
    }
}
