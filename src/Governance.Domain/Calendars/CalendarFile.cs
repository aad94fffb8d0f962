using System.Collections.Immutable;
using System.Globalization;

namespace Governance.Domain.Calendars;

/// <summary>
/// Reads the calendar of a district: lines of fields between bars. <c>version|1</c>; <c>hours|0101..1231|08:30-12:00,14:30-18:00</c>;
/// <c>year|2025|the notice</c>; <c>2025-10-01..2025-10-08|off|国庆节</c>; <c>2025-09-28|work|国庆节</c>.
/// </summary>
public static class CalendarFile
{
    /// <param name="holes">What is wrong is added to it, a line each.</param>
    public static WorkCalendar Read(string text, ICollection<string> holes)
    {
        var (version, years, days, hours) = (0, new HashSet<int>(), new Dictionary<DateOnly, bool>(), new List<OfficeHours>());
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var row = line.Split('|');
            var understood = row switch
            {
                ["version", var n] => version == 0 && int.TryParse(n, CultureInfo.InvariantCulture, out version),
                ["year", var n, ..] => int.TryParse(n, CultureInfo.InvariantCulture, out var year) && year is >= 2007 and <= 2100 && years.Add(year),
                ["hours", var season, var intervals] => Hours(season, intervals, hours),
                [var range, "off" or "work", ..] => Days(range, row[1] == "work", days),
                _ => false,
            };
            if (!understood) holes.Add($"calendar line {number}: '{line}' is not understood, or says again what was said");
        }
        var calendar = new WorkCalendar(version, years, days, hours);
        foreach (var hole in calendar.Holes()) holes.Add(hole);
        return calendar;
    }

    private static bool Days(string range, bool works, Dictionary<DateOnly, bool> days)
    {
        var ends = range.Split("..");
        if (ends.Length > 2 || !Day(ends[0], out var from) || !Day(ends[^1], out var to) || to < from || to.DayNumber - from.DayNumber > 31) return false;
        for (var day = from; day <= to; day = day.AddDays(1))
            if (!days.TryAdd(day, works)) return false;
        return true;
    }

    private static bool Hours(string season, string intervals, List<OfficeHours> hours)
    {
        var ends = season.Split("..");
        if (ends.Length != 2 || !MonthDay(ends[0], out var from) || !MonthDay(ends[1], out var to)) return false;
        var list = ImmutableArray.CreateBuilder<(TimeOnly, TimeOnly)>();
        foreach (var interval in intervals.Split(','))
        {
            if (interval.Split('-') is not [var a, var b] || !Time(a, out var begins) || !Time(b, out var closes)) return false;
            list.Add((begins, closes));
        }
        hours.Add(new OfficeHours(from, to, list.ToImmutable()));
        return true;
    }

    private static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static bool MonthDay(string text, out int value)
    {
        value = 0;
        // 2024 has a 29 February.
        if (!DateOnly.TryParseExact("2024" + text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        value = day.Month * 100 + day.Day;
        return true;
    }
}
