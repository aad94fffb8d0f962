using Governance.Domain.AlarmLoad;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>Records as tests write them: minutes after the beginning of a day.</summary>
internal static class Records
{
    internal static readonly DateTimeOffset Day = new(2025, 8, 3, 0, 0, 0, TimeSpan.Zero);

    internal static DateTimeOffset At(double minute) => Day.AddMinutes(minute);

    internal static LoadPeriod Period(double from, double to) => new(At(from), At(to));

    internal static AlarmRecord Alarm(double raised, double? cleared = null, string detector = "A", string source = "HS-1", AlarmLevel level = AlarmLevel.One, bool suppressed = false, string @case = "") => new(
        $"{source}/{detector}/1.{raised}", source, "410803001", 0, detector, "", HazardKind.ToxicGas, Witness.Sensor, level, level, 1, At(raised), null, "", null,
        cleared is { } end ? At(end) : null, false, suppressed, false, false, @case, At(raised));

    internal static AlarmInterval Interval(IntervalKind kind, double since, double? ended, string detector = "A", string source = "HS-1") => new(
        kind, "410803001", source, detector, At(since), null, ended is { } end ? At(end) : null, AlarmLevel.One, "liu", "why", "", "", "", false, At(since));

    internal static LoadFigures Figures(LoadPeriod period, IReadOnlyCollection<AlarmRecord>? alarms = null, IReadOnlyCollection<AlarmInterval>? intervals = null, params CaseRecord[] cases) =>
        LoadFigures.Of(period, alarms ?? [], intervals ?? [], cases.ToDictionary(c => c.Key));
}
