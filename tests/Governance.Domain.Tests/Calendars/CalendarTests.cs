using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Calendars;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Calendars;

/// <summary>Working hours and days on the official calendar (cases.md "Clock rules"): the vectors, and properties of pauses.</summary>
public sealed class CalendarTests
{
    private static readonly WorkCalendar Official = District.Calendar;

    [Theory]
    [InlineData("2025-09-26 17:00", "1WD", "2025-09-28 18:00")]
    [InlineData("2025-09-26 17:00", "3WD", "2025-09-30 18:00")]
    [InlineData("2025-09-26 17:00", "5WD", "2025-10-10 18:00")]
    [InlineData("2025-09-26 17:00", "6WD", "2025-10-11 18:00")]
    [InlineData("2025-10-04 10:00", "1WD", "2025-10-09 18:00")]
    [InlineData("2025-09-30 15:00", "8WH", "2025-10-09 16:00")]
    [InlineData("2026-02-13 17:30", "2WH", "2026-02-14 10:00")]
    [InlineData("2026-02-13 17:30", "2WD", "2026-02-24 18:00")]
    [InlineData("2025-12-31 09:00", "1WD", "2026-01-04 18:00")]
    [InlineData("2025-08-03 14:10", "4WH", "2025-08-04 15:00")]
    [InlineData("2025-04-30 17:59", "1WH", "2025-05-06 09:29")]
    [InlineData("2025-08-03 14:10", "24h", "2025-08-04 14:10")]
    public void The_vectors_of_the_specification(string start, string budget, string due) =>
        Assert.Equal(At(due), Budget.Parse(budget)!.Value.Due(At(start), [], Official));

    [Theory, InlineData(2025), InlineData(2026)]
    public void A_year_has_248_working_days(int year) =>
        Assert.Equal(248, Enumerable.Range(0, 365).Count(d => Official.IsWorkingDay(new DateOnly(year, 1, 1).AddDays(d))));

    [OfficialNoticesFact]
    public void Our_file_says_what_the_official_notices_say()
    {
        foreach (var year in (int[])[2025, 2026])
        {
            using var notice = JsonDocument.Parse(File.ReadAllText(OfficialNoticesFactAttribute.File(year)));
            var named = notice.RootElement.GetProperty("days").EnumerateArray().ToDictionary(d => DateOnly.Parse(d.GetProperty("date").GetString()!), d => d.GetProperty("isOffDay").GetBoolean());
            for (var day = new DateOnly(year, 1, 1); day.Year == year; day = day.AddDays(1))
                Assert.Equal(!(named.TryGetValue(day, out var off) ? off : day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday), Official.IsWorkingDay(day));
        }
    }

    [Fact]
    public void A_year_without_a_notice_is_provisional_and_so_is_its_december_before()
    {
        Assert.True(Official.Covers(At("2025-12-31 09:00"), At("2026-01-04 18:00")));
        Assert.True(Official.Covers(new DateOnly(2026, 11, 30)));
        Assert.False(Official.Covers(new DateOnly(2026, 12, 1)));
        Assert.False(Official.Covers(At("2026-11-20 09:00"), At("2026-12-01 09:00")));
        Assert.False(Official.Covers(At("2026-11-20 09:00"), At("2028-01-01 09:00")));
    }

    [Fact]
    public void A_new_calendar_moves_what_was_provisional()
    {
        var (start, budget) = (At("2026-12-31 09:00"), Budget.OfWorkingDays(1));
        Assert.Equal(At("2027-01-01 18:00"), budget.Due(start, [], Official));
        var next = CalendarFile.Read(District.Texts.Calendar.Replace("version|1", "version|2") + "\nyear|2027\n2027-01-01..2027-01-03|off|x", new List<string>());
        Assert.Equal(At("2027-01-04 18:00"), budget.Due(start, [], next));
    }

    [Fact]
    public void A_pause_outside_working_time_moves_nothing_and_within_it_as_much_as_it_took()
    {
        var start = At("2025-08-04 09:00");
        ImmutableList<Pause> night = [new(At("2025-08-04 18:00"), At("2025-08-05 08:30"))];
        Assert.Equal(Budget.OfWorkingTime(TimeSpan.FromHours(8)).Due(start, [], Official), Budget.OfWorkingTime(TimeSpan.FromHours(8)).Due(start, night, Official));
        // The close of Monday falls into the pause only where the pause covers it.
        ImmutableList<Pause> afterClose = [new(At("2025-08-05 18:00"), At("2025-08-06 08:30"))];
        Assert.Equal(At("2025-08-06 18:00"), Budget.OfWorkingDays(2).Due(start, afterClose, Official));
        ImmutableList<Pause> overClose = [new(At("2025-08-05 17:59"), At("2025-08-06 08:30"))];
        Assert.Equal(At("2025-08-07 18:00"), Budget.OfWorkingDays(2).Due(start, overClose, Official));
        ImmutableList<Pause> weekend = [new(At("2025-08-08 18:00"), At("2025-08-11 08:30"))];
        Assert.Equal(Budget.OfWorkingDays(7).Due(start, [], Official), Budget.OfWorkingDays(7).Due(start, weekend, Official));
    }

    private static readonly Gen<(string Budget, int Start, (int After, int For)[] Pauses)> AnyClock =
        from kind in Gen.Elements("min", "WH", "WD")
        from amount in Gen.Choose(1, 20)
        from start in Gen.Choose(0, 60 * 24 * 500)
        from pauses in Gen.ArrayOf(from after in Gen.Choose(0, 4000) from takes in Gen.Choose(0, 4000) select (after, takes), 4)
        select ($"{(kind == "min" ? amount * 400 : amount)}{kind}", start, pauses);

    /// <summary>Against a walk over every single minute.</summary>
    [Property(MaxTest = 150)]
    public Property Random_pauses_equal_a_walk_minute_by_minute() => Prop.ForAll(Arb.From(AnyClock), clock =>
    {
        var (budget, start) = (Budget.Parse(clock.Budget)!.Value, At("2025-01-01 00:00").AddMinutes(clock.Start));
        var (pauses, at) = (ImmutableList<Pause>.Empty, start);
        foreach (var (after, takes) in clock.Pauses)
        {
            // A clock that ran out is not paused any more.
            if (at.AddMinutes(after) >= budget.Due(start, pauses, Official)) break;
            pauses = pauses.Add(new Pause(at.AddMinutes(after), at.AddMinutes(after + takes)));
            at = at.AddMinutes(after + takes);
        }
        var due = budget.Due(start, pauses, Official);
        Assert.Equal(Walked(budget, start, pauses), due);
    });

    [Property(MaxTest = 300)]
    public Property Marks_come_in_order_and_use_what_they_say() => Prop.ForAll(Arb.From(AnyClock), clock =>
    {
        var (budget, start) = (Budget.Parse(clock.Budget)!.Value, At("2025-01-01 00:00").AddMinutes(clock.Start));
        DateTimeOffset[] marks = [.. ((double[])[0.5, 0.8, 1, 1.2]).Select(s => budget.Mark(s, start, [], Official))];
        Assert.Equal(marks.Order(), marks);
        Assert.All(((double[])[0.5, 0.8]), share => Assert.Equal(share, budget.Used(start, [], Official, budget.Mark(share, start, [], Official)), 6));
        Assert.Equal(1, budget.Used(start, [], Official, marks[2]), 6);
    });

    /// <summary>Pauses are given back to the due time of working days as days, and to its marks as working time.</summary>
    [Theory]
    [InlineData("2025-08-06 17:50", "2025-08-07 08:40", "2025-08-07 17:50", "2025-08-08 08:40")]
    [InlineData("2025-08-06 08:30", "2025-08-06 17:30", "2025-08-07 08:30", "2025-08-07 17:30")]
    public void Marks_stay_on_their_side_of_the_due_time_whatever_pauses_there_were(string from1, string to1, string from2, string to2)
    {
        var (budget, start) = (Budget.OfWorkingDays(5), At("2025-08-03 14:10"));
        ImmutableList<Pause> pauses = [new Pause(At(from1), At(to1)), new Pause(At(from2), At(to2))];
        var due = budget.Due(start, pauses, Official);
        Assert.True(budget.Mark(0.8, start, pauses, Official) <= due);
        Assert.True(budget.Mark(1.2, start, pauses, Official) > due);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5WD")]
    [InlineData("400d")]
    [InlineData("5 WD x")]
    [InlineData("")]
    [InlineData("NaN")]
    public void What_is_no_budget_is_none(string text) => Assert.Null(Budget.Parse(text));

    [Fact]
    public void A_calendar_with_holes_is_refused_with_all_of_them()
    {
        var holes = new List<string>();
        CalendarFile.Read("version|0\nhours|0101..0630|08:30-12:00,11:00-18:00\nyear|1066\n2025-10-01..2025-09-01|off|x\n2025-13-01|work\nlunch|12:00\n2024-05-01|off|x\n2024-05-01|work|x", holes);
        string[] wanted = ["version is 1 or more", "no year", "no office hours on 07-01", "not intervals in order", "line 3", "line 4", "line 5", "line 6", "line 8", "2024-05-01 is of no year"];
        Assert.All(wanted, w => Assert.Contains(holes, h => h.Contains(w, StringComparison.Ordinal)));
    }

    [Fact]
    public void Office_hours_change_with_the_season()
    {
        var winter = CalendarFile.Read("version|1\nyear|2025\nhours|1001..0430|08:30-12:00,14:00-17:30\nhours|0101..1231|08:30-12:00,14:30-18:00", new List<string>());
        Assert.Equal(At("2025-12-02 17:30"), winter.CloseOfWorkingDay(At("2025-12-01 09:00"), 1));
        Assert.Equal(At("2025-07-02 18:00"), winter.CloseOfWorkingDay(At("2025-07-01 09:00"), 1));
    }

    private static DateTimeOffset Walked(Budget budget, DateTimeOffset start, ImmutableList<Pause> pauses)
    {
        bool Stands(DateTimeOffset at) => pauses.Exists(p => p.From <= at && at < p.To);
        if (budget.Kind == BudgetKind.WorkingDays)
        {
            var day = DateOnly.FromDateTime(start.ToOffset(WorkCalendar.Local).DateTime);
            for (var left = budget.Days; ;)
            {
                day = day.AddDays(1);
                if (!Official.IsWorkingDay(day)) continue;
                var close = new DateTimeOffset(day.ToDateTime(new TimeOnly(18, 0)), WorkCalendar.Local);
                // A closing that fell into a pause does not count.
                if (pauses.Exists(p => p.From < close && close <= p.To)) continue;
                if (--left == 0) return close;
            }
        }
        var used = TimeSpan.Zero;
        for (var at = start; ; at = at.AddMinutes(1))
        {
            var counts = !Stands(at) && (budget.Kind == BudgetKind.Calendar || Official.WorkingTime(at, at.AddMinutes(1)) > TimeSpan.Zero);
            if (counts && (used += TimeSpan.FromMinutes(1)) >= budget.Time) return at.AddMinutes(1);
        }
    }

    private static DateTimeOffset At(string local) => new(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), WorkCalendar.Local);
}
