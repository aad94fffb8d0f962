using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Governance.Domain.Calendars;

/// <summary>What a time limit counts.</summary>
public enum BudgetKind
{
    /// <summary>Calendar time, 24 × 7 (CAL).</summary>
    Calendar = 1,
    /// <summary>Working time (工作时, WH).</summary>
    WorkingTime = 2,
    /// <summary>Close of the n-th working day (工作日, WD).</summary>
    WorkingDays = 3,
}

/// <summary>A time in which a clock stands still; open while <paramref name="To"/> is null.</summary>
public sealed record Pause(DateTimeOffset From, DateTimeOffset? To);

/// <summary>A time limit: so much calendar time, working time, or so many working days.</summary>
/// <param name="Time">Of the first two kinds.</param>
/// <param name="Days">Of the third.</param>
public readonly partial record struct Budget(BudgetKind Kind, TimeSpan Time, int Days)
{
    /// <summary>A year: a longer limit is a slip of the pen.</summary>
    public const int LimitDays = 366;

    public static Budget OfCalendar(TimeSpan time) => new(BudgetKind.Calendar, time, 0);
    public static Budget OfWorkingTime(TimeSpan time) => new(BudgetKind.WorkingTime, time, 0);
    public static Budget OfWorkingDays(int days) => new(BudgetKind.WorkingDays, TimeSpan.Zero, days);

    public bool IsPositive => Kind == BudgetKind.WorkingDays ? Days > 0 : Time > TimeSpan.Zero;

    /// <summary>Half of it, rounded up where it counts days: what a rework or a reopened case gets.</summary>
    public Budget Halved() => Kind == BudgetKind.WorkingDays ? this with { Days = (Days + 1) / 2 } : this with { Time = Time / 2 };

    /// <summary>Both together; they count the same.</summary>
    public Budget And(Budget other) => Kind == other.Kind ? new(Kind, Time + other.Time, Days + other.Days) : throw new InvalidOperationException($"{this} and {other} do not count the same");

    /// <summary>Compares what counts the same.</summary>
    public bool IsLongerThan(Budget other) => Kind == other.Kind ? Time > other.Time || Days > other.Days : throw new InvalidOperationException($"{this} and {other} do not count the same");

    /// <summary>When it is used up. What passed in pauses is given back in the kind that it counts, so a pause outside working time moves nothing.</summary>
    /// <param name="pauses">Ended ones; with an open one nothing is due.</param>
    public DateTimeOffset Due(DateTimeOffset start, ImmutableList<Pause> pauses, WorkCalendar calendar) => Kind switch
    {
        BudgetKind.Calendar => start + Time + Paused(pauses),
        BudgetKind.WorkingTime => calendar.AddWorkingTime(start, Time + PausedWork(pauses, calendar)),
        // The day of the start is not counted, and neither is its close.
        BudgetKind.WorkingDays => calendar.CloseOfWorkingDay(start, Days + pauses.Sum(p => calendar.Closings(p.From, Ended(p)) - calendar.Closings(p.From, Earlier(WorkCalendar.EndOfDay(start), Ended(p))))),
        _ => throw new InvalidOperationException($"unknown budget {Kind}"),
    };

    /// <summary>When this share of it is used up: 0.5 and 0.8 remind, 1.2 escalates. Of working days by their working time.</summary>
    public DateTimeOffset Mark(double share, DateTimeOffset start, ImmutableList<Pause> pauses, WorkCalendar calendar) => share == 1 ? Due(start, pauses, calendar) : Kind switch
    {
        BudgetKind.Calendar => start + Time * share + Paused(pauses),
        BudgetKind.WorkingTime => calendar.AddWorkingTime(start, Time * share + PausedWork(pauses, calendar)),
        // Pauses come back to the due time as whole days and to the marks as working time: no mark changes sides.
        _ when share > 1 => calendar.AddWorkingTime(Due(start, pauses, calendar), Whole(start, calendar) * (share - 1)),
        _ => Earlier(Due(start, pauses, calendar), calendar.AddWorkingTime(start, Whole(start, calendar) * share + PausedWork(pauses, calendar))),
    };

    /// <summary>How much of it is used at an instant: 1 at the due time without pauses.</summary>
    public double Used(DateTimeOffset start, ImmutableList<Pause> pauses, WorkCalendar calendar, DateTimeOffset at)
    {
        var closed = pauses.Select(p => new Pause(p.From, p.To ?? (at > p.From ? at : p.From))).Where(p => p.From < at).Select(p => p with { To = p.To < at ? p.To : at }).ToImmutableList();
        return Kind switch
        {
            BudgetKind.Calendar => (at - start - Paused(closed)) / Time,
            BudgetKind.WorkingTime => (calendar.WorkingTime(start, at) - PausedWork(closed, calendar)) / Time,
            _ => (calendar.WorkingTime(start, at) - PausedWork(closed, calendar)) / Whole(start, calendar),
        };
    }

    /// <summary>90, 90min, 24h, 3d: calendar time. 4WH: working hours. 5WD: working days. Null: none of these, or not between nothing and a year.</summary>
    public static Budget? Parse(string text)
    {
        var match = Form().Match(text.Trim());
        if (!match.Success || !double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var amount)) return null;
        Budget? budget = match.Groups[2].Value switch
        {
            "" or "min" => amount <= LimitDays * 1440d ? OfCalendar(TimeSpan.FromMinutes(amount)) : null,
            "h" => amount <= LimitDays * 24d ? OfCalendar(TimeSpan.FromHours(amount)) : null,
            "d" => amount <= LimitDays ? OfCalendar(TimeSpan.FromDays(amount)) : null,
            "WH" => amount <= LimitDays * 8d ? OfWorkingTime(TimeSpan.FromHours(amount)) : null,
            _ => amount <= LimitDays && amount == Math.Floor(amount) ? OfWorkingDays((int)amount) : null,
        };
        return budget is { IsPositive: true } ? budget : null;
    }

    public override string ToString() => Kind switch
    {
        BudgetKind.WorkingDays => string.Create(CultureInfo.InvariantCulture, $"{Days}WD"),
        BudgetKind.WorkingTime => string.Create(CultureInfo.InvariantCulture, $"{Time.TotalHours:0.###}WH"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Time.TotalMinutes:0.###}min"),
    };

    private TimeSpan Whole(DateTimeOffset start, WorkCalendar calendar) => calendar.WorkingTime(start, calendar.CloseOfWorkingDay(start, Days));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    private static DateTimeOffset Ended(Pause pause) => pause.To ?? throw new InvalidOperationException("nothing is due while a clock stands still");
    private static TimeSpan Paused(IEnumerable<Pause> pauses) => pauses.Aggregate(TimeSpan.Zero, (sum, p) => sum + (Ended(p) - p.From));
    private static TimeSpan PausedWork(IEnumerable<Pause> pauses, WorkCalendar calendar) => pauses.Aggregate(TimeSpan.Zero, (sum, p) => sum + calendar.WorkingTime(p.From, Ended(p)));

    [GeneratedRegex(@"\A([0-9]{1,6}(?:\.[0-9]{1,3})?)(min|h|d|WH|WD|)\z")] private static partial Regex Form();
}
