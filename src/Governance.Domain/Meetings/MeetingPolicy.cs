using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Domain.Meetings;

/// <summary>The three meetings (cases.md).</summary>
public enum MeetingKind
{
    /// <summary>日联合研判会商会.</summary>
    Daily = 1,
    /// <summary>周风险研判交办会.</summary>
    Weekly = 2,
    /// <summary>区委风险危机管控会.</summary>
    Crisis = 3,
}

/// <summary>Times of the meetings, and what comes to them: the file <c>meetings.psv</c> of the district.</summary>
/// <param name="CrisisWithin">From live danger to the meeting.</param>
/// <param name="Spoken">Items that are spoken about.</param>
/// <param name="Carries">Times that an item is carried before it is the weekly meeting's.</param>
public sealed record MeetingPolicy(
    TimeOnly DailyAt, TimeOnly DailyCutOff, DayOfWeek WeeklyDay, TimeOnly WeeklyAt, TimeOnly WeeklyCutOff, TimeSpan CrisisWithin, TimeOnly CrisisAt, TimeSpan CrisisCutOffBefore,
    int CrisisMonthlyWorkingDay, TimeSpan CloseWithin, int Spoken, int Carries, int StalePercent, int Rejections, TimeSpan GreyAfter, TimeSpan OldAfter, int Reopens, TimeSpan RedControlWithin,
    int OrangeCases, TimeSpan OrangeWithin)
{
    /// <summary>Days that a search for a meeting day may walk.</summary>
    private const int WalkLimitDays = 40;

    public static MeetingPolicy Read(IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        var v = new PolicyValues("meetings", values, holes);
        var read = new MeetingPolicy(
            v.Time("DAILY_AT"), v.Time("DAILY_CUT_OFF"), v.Name("WEEKLY_DAY", DayOfWeek.Friday), v.Time("WEEKLY_AT"), v.Time("WEEKLY_CUT_OFF"), v.Span("CRISIS_WITHIN"), v.Time("CRISIS_AT"),
            v.Span("CRISIS_CUT_OFF_BEFORE"), v.Number("CRISIS_MONTHLY_WORKING_DAY", 1, 15), v.Span("CLOSE_WITHIN"), v.Number("SPOKEN", 1, 1000), v.Number("CARRIES", 0, 100),
            v.Number("STALE_PERCENT", 1, 100), v.Number("REJECTIONS", 1, 100), v.Span("GREY_AFTER"), v.Span("OLD_AFTER"), v.Number("REOPENS", 1, 100), v.Span("RED_CONTROL_WITHIN"),
            v.Number("ORANGE_CASES", 1, 1000), v.Span("ORANGE_WITHIN"));
        v.Rest();
        if (read.DailyCutOff >= read.DailyAt) holes.Add("meetings: DAILY_CUT_OFF is before DAILY_AT");
        if (read.WeeklyCutOff >= read.WeeklyAt) holes.Add("meetings: WEEKLY_CUT_OFF is before WEEKLY_AT");
        if (read.CrisisCutOffBefore >= read.CrisisWithin) holes.Add("meetings: CRISIS_CUT_OFF_BEFORE is shorter than CRISIS_WITHIN");
        // What is carried must reach the next meeting before that one's agenda is fixed.
        if (read.DailyAt.ToTimeSpan() + read.CloseWithin > TimeSpan.FromDays(1) + read.DailyCutOff.ToTimeSpan()) holes.Add("meetings: CLOSE_WITHIN ends before the next daily cut-off");
        return read;
    }

    /// <summary>When the agenda of a regular meeting of that day is fixed, and when it begins. Null: no such meeting on that day.</summary>
    public (DateTimeOffset CutOff, DateTimeOffset Start)? RegularOn(MeetingKind kind, DateOnly day, WorkCalendar calendar) => kind switch
    {
        MeetingKind.Daily => (At(day, DailyCutOff), At(day, DailyAt)),
        MeetingKind.Weekly when WeeklyOf(day, calendar) == day => (At(day, WeeklyCutOff), At(day, WeeklyAt)),
        MeetingKind.Crisis when IsMonthly(day, calendar) => (At(day, CrisisAt) - CrisisCutOffBefore, At(day, CrisisAt)),
        _ => null,
    };

    /// <summary>The first regular meeting whose agenda is fixed after an instant.</summary>
    public MeetingKey Next(MeetingKind kind, DateTimeOffset after, WorkCalendar calendar)
    {
        var day = DayOf(after);
        for (var walked = 0; walked < WalkLimitDays; walked++, day = day.AddDays(1))
            if (RegularOn(kind, day, calendar) is { } times && times.CutOff > after) return new MeetingKey(kind, day);
        throw new InvalidOperationException($"no {kind} meeting within {WalkLimitDays} days after {after:O}: the calendar is faulty");
    }

    /// <summary>When a crisis meeting that is called now sits: soon where danger lives, else on the next working day.</summary>
    public (MeetingKey Key, DateTimeOffset CutOff, DateTimeOffset Start) Crisis(DateTimeOffset called, bool liveDanger, WorkCalendar calendar)
    {
        if (liveDanger)
        {
            var soon = called + CrisisWithin;
            return (new MeetingKey(MeetingKind.Crisis, DayOf(soon)), soon - CrisisCutOffBefore, soon);
        }
        var day = DayOf(called).AddDays(1);
        for (var walked = 0; !calendar.IsWorkingDay(day); walked++, day = day.AddDays(1))
            if (walked > WalkLimitDays) throw new InvalidOperationException($"no working day after {called:O}: the calendar is faulty");
        return (new MeetingKey(MeetingKind.Crisis, day), At(day, CrisisAt) - CrisisCutOffBefore, At(day, CrisisAt));
    }

    /// <summary>The regular meeting of the same kind that comes after one whose agenda is fixed.</summary>
    public MeetingKey NextAfter(MeetingKey missed, DateTimeOffset now, WorkCalendar calendar)
    {
        var midnight = At(missed.Day.AddDays(1), TimeOnly.MinValue);
        return Next(missed.Kind, midnight > now ? midnight : now, calendar);
    }

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(WorkCalendar.Local).DateTime);

    /// <summary>The day on which the week of this day meets: the policy's weekday, or the last working day before it.</summary>
    private DateOnly WeeklyOf(DateOnly day, WorkCalendar calendar)
    {
        // A week begins on the day after the meeting's weekday, so that a meeting that moves back stays in its week.
        var meets = day.AddDays(((int)WeeklyDay - (int)day.DayOfWeek + 7) % 7);
        for (var back = 0; back < 7; back++)
            if (calendar.IsWorkingDay(meets.AddDays(-back))) return meets.AddDays(-back);
        // A whole week off: it meets nevertheless, for overdue slips do not wait.
        return meets;
    }

    private bool IsMonthly(DateOnly day, WorkCalendar calendar)
    {
        if (!calendar.IsWorkingDay(day)) return false;
        var count = 0;
        for (var d = new DateOnly(day.Year, day.Month, 1); d <= day; d = d.AddDays(1))
            if (calendar.IsWorkingDay(d)) count++;
        return count == CrisisMonthlyWorkingDay;
    }

    private static DateTimeOffset At(DateOnly day, TimeOnly time) => new DateTimeOffset(day.ToDateTime(time), WorkCalendar.Local).ToUniversalTime();
}
