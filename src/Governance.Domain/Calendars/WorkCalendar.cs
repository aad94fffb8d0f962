using System.Collections.Immutable;

namespace Governance.Domain.Calendars;

/// <summary>Office hours of a season, both days inclusive; e.g. an earlier afternoon in winter.</summary>
/// <param name="From">Month and day, as 1231 = month × 100 + day.</param>
/// <param name="Intervals">Within one local day, in order, not touching.</param>
public sealed record OfficeHours(int From, int To, ImmutableArray<(TimeOnly From, TimeOnly To)> Intervals)
{
    internal bool Holds(DateOnly day) => day.Month * 100 + day.Day is var at && (From <= To ? at >= From && at <= To : at >= From || at <= To);
}

/// <summary>
/// The official working calendar (State Council holidays and make-up days) with the district's office hours, in Shanghai
/// time. A day that no file names works from Monday to Friday. A year without a file is computed so as well, and said to
/// be provisional: every open clock is computed anew when the file comes.
/// </summary>
public sealed class WorkCalendar
{
    /// <summary>Shanghai has had no other offset since 1991.</summary>
    public static readonly TimeSpan Local = TimeSpan.FromHours(8);
    /// <summary>A walk that finds no working time within so many days is a faulty calendar.</summary>
    private const int WalkLimitDays = 1100;

    private readonly ImmutableDictionary<DateOnly, bool> _days;
    private readonly ImmutableHashSet<int> _years;
    private readonly ImmutableArray<OfficeHours> _hours;

    /// <param name="version">Rises with every change: open clocks are computed anew.</param>
    /// <param name="years">Of which the official notice is in <paramref name="days"/>.</param>
    /// <param name="days">Named days: true is worked, false is off.</param>
    /// <param name="hours">The first that holds for a day counts.</param>
    public WorkCalendar(int version, IEnumerable<int> years, IEnumerable<KeyValuePair<DateOnly, bool>> days, IEnumerable<OfficeHours> hours) =>
        (Version, _years, _days, _hours) = (version, [.. years], days.ToImmutableDictionary(), [.. hours]);

    public int Version { get; }
    public IReadOnlySet<int> Years => _years;

    public bool IsWorkingDay(DateOnly day) => _days.TryGetValue(day, out var works) ? works : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>Whether official notices cover the day. A day in December may be named in the file of the next year.</summary>
    public bool Covers(DateOnly day) => _years.Contains(day.Year) && (day.Month < 12 || _years.Contains(day.Year + 1));

    /// <summary>Whether everything between two instants is official; else what is computed from it is provisional.</summary>
    public bool Covers(DateTimeOffset from, DateTimeOffset to)
    {
        for (var day = DayOf(from); day <= DayOf(to); day = new DateOnly(day.Year, 12, 31).AddDays(1))
            if (!Covers(day) || !Covers(Least(DayOf(to), new DateOnly(day.Year, 12, 31)))) return false;
        return true;

        static DateOnly Least(DateOnly a, DateOnly b) => a < b ? a : b;
    }

    /// <summary>Whether the office is open at an instant.</summary>
    public bool IsWorkingTime(DateTimeOffset at)
    {
        foreach (var (begins, ends) in Intervals(DayOf(at)))
            if (at >= begins && at < ends) return true;
        return false;
    }

    /// <summary>Every time of day at which the office opens or closes in some season.</summary>
    public IEnumerable<TimeOnly> OfficeTurns => _hours.SelectMany(h => h.Intervals).SelectMany(i => new[] { i.From, i.To }).Distinct();

    /// <summary>Working time between two instants; nought where the second is not later.</summary>
    public TimeSpan WorkingTime(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = TimeSpan.Zero;
        for (var day = DayOf(from); day <= DayOf(to); day = day.AddDays(1))
            foreach (var (begins, ends) in Intervals(day))
                if (Later(begins, from) is var a && Earlier(ends, to) is var b && b > a) sum += b - a;
        return sum;
    }

    /// <summary>The instant at which so much working time has passed since <paramref name="start"/>; an amount of nought is the start itself.</summary>
    public DateTimeOffset AddWorkingTime(DateTimeOffset start, TimeSpan amount)
    {
        if (amount <= TimeSpan.Zero) return start;
        var (day, left) = (DayOf(start), amount);
        for (var walked = 0; walked < WalkLimitDays; walked++, day = day.AddDays(1))
            foreach (var (begins, ends) in Intervals(day))
            {
                var from = Later(begins, start);
                if (ends <= from) continue;
                if (ends - from >= left) return from + left;
                left -= ends - from;
            }
        throw new InvalidOperationException($"no {amount} of working time within {WalkLimitDays} days after {start:O}: the calendar is faulty");
    }

    /// <summary>Close of business of the n-th working day after the day of <paramref name="start"/>, which is not counted (收到次日起算).</summary>
    public DateTimeOffset CloseOfWorkingDay(DateTimeOffset start, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var day = DayOf(start);
        for (var (walked, found) = (0, 0); walked < WalkLimitDays; walked++)
            if (IsWorkingDay(day = day.AddDays(1)) && ++found == n) return Close(day);
        throw new InvalidOperationException($"no {n} working days within {WalkLimitDays} days after {start:O}: the calendar is faulty");
    }

    /// <summary>Closings of working days after <paramref name="from"/>, up to and with <paramref name="to"/>.</summary>
    public int Closings(DateTimeOffset from, DateTimeOffset to)
    {
        var count = 0;
        for (var day = DayOf(from); day <= DayOf(to); day = day.AddDays(1))
            if (IsWorkingDay(day) && Close(day) is var close && close > from && close <= to) count++;
        return count;
    }

    /// <summary>Midnight after an instant, local time.</summary>
    public static DateTimeOffset EndOfDay(DateTimeOffset at) => new(at.ToOffset(Local).Date.AddDays(1), Local);

    private DateTimeOffset Close(DateOnly day) => At(day, Hours(day)[^1].To);

    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Intervals(DateOnly day) =>
        IsWorkingDay(day) ? Hours(day).Select(i => (At(day, i.From), At(day, i.To))) : [];

    private ImmutableArray<(TimeOnly From, TimeOnly To)> Hours(DateOnly day)
    {
        foreach (var season in _hours)
            if (season.Holds(day)) return season.Intervals;
        throw new InvalidOperationException($"no office hours on {day:O}");
    }

    /// <summary>What is wrong with it, a line each; empty when every day has office hours that make sense.</summary>
    public ImmutableList<string> Holes()
    {
        var year = new DateOnly(2024, 1, 1);
        return
        [
            .. Version < 1 ? ["calendar: version is 1 or more"] : Array.Empty<string>(),
            .. _years.IsEmpty ? ["calendar: no year"] : Array.Empty<string>(),
            .. _days.Keys.Where(d => !_years.Contains(d.Year) && !_years.Contains(d.Year + 1)).Select(d => $"calendar: {d:yyyy-MM-dd} is of no year that is listed"),
            .. Enumerable.Range(0, 366).Select(year.AddDays).Where(d => !_hours.Any(h => h.Holds(d))).Take(1).Select(d => $"calendar: no office hours on {d:MM-dd}"),
            .. _hours.Where(h => h.Intervals.IsEmpty || h.Intervals.Any(i => i.To <= i.From) || h.Intervals.Zip(h.Intervals.Skip(1)).Any(p => p.Second.From <= p.First.To))
                .Select(h => $"calendar: office hours {h.From:0000} to {h.To:0000} are not intervals in order"),
        ];
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Local).DateTime);
    private static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), Local);
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
