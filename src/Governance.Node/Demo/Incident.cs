using Governance.Domain.Calendars;
using Governance.Gateway;

namespace Governance.Node.Demo;

/// <summary>3 August 2025, a Sunday: what the detectors measured. The same on every run.</summary>
internal static class Incident
{
    internal static readonly DateTimeOffset Begins = At(14, 5, 0), Warning = At(14, 10, 0), Cleared = At(14, 31, 0), Ends = At(14, 41, 0);

    /// <summary>Seconds between the points of the time ledger, as the script has them: on the desk at once, signed, on the way, there, clear, controlled, verified, closed.</summary>
    internal static readonly double[] ScriptLegsS = [0, 40, 50, 450, 720, 20, 400, 120];

    /// <summary>Chlorine at scale no. 15: minutes after the warning, mg/m³. Below the reset value from 14:26:00 on.</summary>
    private static readonly (double Minute, double Value)[] Leak =
        [(0, 2.6), (3, 3.8), (6, 5.4), (9, 5.1), (12, 4.6), (14.9, 4.2), (15, 2.4), (15.34, 1.7), (15.67, 1.2), (16, 0.5), (18, 0.2), (21, 0.1), (60, 0.1)];

    internal static DateTimeOffset At(int hour, int minute, int second) => new(2025, 8, 3, hour, minute, second, WorkCalendar.Local);

    /// <summary>What all detectors that are due at this second measure.</summary>
    internal static Sample[] Samples(DateTimeOffset at)
    {
        var second = (long)(at - Begins).TotalSeconds;
        var samples = new List<Sample>();
        for (var source = 0; source < PlantDistrict.Sources; source++)
            for (var detector = 0; detector < PlantDistrict.GasDetectors + PlantDistrict.ProcessDetectors; detector++)
                if (IsDue(source, detector, second)) samples.Add(new Sample(source, detector, at, Value(source, detector, at, second)));
        return [.. samples];
    }

    private static bool IsDue(int source, int detector, long second) =>
        source == PlantDistrict.ChlorineSource && detector == PlantDistrict.ScaleDetector ? second % PlantDistrict.GasPeriodS == 0
        : detector < PlantDistrict.GasDetectors ? (second + source * 7 + detector * 5) % PlantDistrict.GasPeriodS == 0
        : (second + source * 11 + detector * 4) % PlantDistrict.ProcessPeriodS == 0;

    private static double Value(int source, int detector, DateTimeOffset at, long second)
    {
        // A steady plant: a slow wave and a little noise, both from the numbers of source, detector and second.
        var wave = Math.Sin((second + source * 31 + detector * 17) / 240.0);
        var noise = ((source * 7919 + detector * 104729 + second * 15485863) % 1000 / 1000.0) - 0.5;
        if (source == PlantDistrict.ChlorineSource && detector == PlantDistrict.ScaleDetector && at >= Warning) return Leaking((at - Warning).TotalMinutes);
        if (detector < 2) return Math.Max(0, 0.10 + 0.05 * wave + 0.04 * noise);
        if (detector < PlantDistrict.GasDetectors) return Math.Max(0, 2 + wave + 0.5 * noise);
        return (detector - PlantDistrict.GasDetectors) % 3 switch
        {
            0 => 45 + 8 * wave + noise,
            1 => 900 + 60 * wave + 10 * noise,
            _ => 60 + 10 * wave + noise,
        };
    }

    private static double Leaking(double minute)
    {
        for (var i = 1; i < Leak.Length; i++)
            if (minute < Leak[i].Minute)
            {
                var (a, b) = (Leak[i - 1], Leak[i]);
                return Math.Round(a.Value + (b.Value - a.Value) * (minute - a.Minute) / (b.Minute - a.Minute), 2);
            }
        return Leak[^1].Value;
    }
}
