using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.AlarmLoad.Records;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>Load figures where they are easily got wrong (alarms.md §8).</summary>
public sealed class LoadFiguresTests
{
    [Fact]
    public void A_period_in_which_nothing_happened_has_figures_and_no_division_by_zero()
    {
        var figures = Figures(Period(0, 60));
        Assert.Equal((0, 0.0, 0, null, 0.0, 0.0), (figures.Alarms, figures.PerTenMinutes, figures.Peak, figures.PeakFrom, figures.FloodShare, figures.MostFrequentShare));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (figures.Bypassed.Total, figures.Grey));
        Assert.Empty(figures.Responses);
        Assert.Equal(0, Figures(Period(60, 60), [Alarm(60)]).Alarms);
    }

    [Fact]
    public void The_peak_is_found_between_whole_ten_minutes_and_says_when()
    {
        // Four in each of two clock intervals, seven in the ten minutes across them.
        var figures = Figures(Period(0, 20), [Alarm(1), Alarm(7), Alarm(8), Alarm(9), Alarm(10), Alarm(11), Alarm(12), Alarm(16.5)]);
        Assert.Equal((7, At(7), 4.0), (figures.Peak, figures.PeakFrom, figures.PerTenMinutes));
        // Ten minutes to the very tick are one window and not two.
        Assert.Equal(1, Figures(Period(0, 20), [Alarm(0), Alarm(10)]).Peak);
    }

    [Fact]
    public void An_alarm_at_the_first_instant_counts_and_one_at_the_last_does_not() => Assert.Equal(1, Figures(Period(0, 10), [Alarm(0), Alarm(10), Alarm(-1)]).Alarms);

    [Fact]
    public void What_was_never_told_is_no_alarm_but_is_counted()
    {
        var figures = Figures(Period(0, 60), [Alarm(1), Alarm(2, suppressed: true)]);
        Assert.Equal((1, 1, 1), (figures.Alarms, figures.Suppressed, figures.Responses.Count));
    }

    [Fact]
    public void A_detector_shelved_twice_over_is_bypassed_once_and_two_detectors_twice()
    {
        var figures = Figures(Period(0, 60), null, [Interval(IntervalKind.Shelved, 10, 30), Interval(IntervalKind.Shelved, 20, 40), Interval(IntervalKind.Shelved, 10, 40, "B"), Interval(IntervalKind.OutOfService, 50, null)]);
        Assert.Equal((60.0, 10.0, 70.0), (figures.Bypassed.Shelved.TotalMinutes, figures.Bypassed.OutOfService.TotalMinutes, figures.Bypassed.Total.TotalMinutes));
    }

    [Fact]
    public void An_alarm_is_stale_after_a_day_and_only_where_it_stood_in_the_period()
    {
        var (day, later) = (24.0 * 60, Period(25 * 60, 30 * 60));
        var figures = Figures(later, [Alarm(0), Alarm(1, 1 + day + 120, "B"), Alarm(0, day, "C"), Alarm(10 * 60, null, "D")]);
        Assert.Equal([("A", 30.0), ("B", 26.0)], figures.Stale.Select(s => (s.Alarm.Detector, s.Active.TotalHours)));
        Assert.Empty(Figures(Period(0, day), [Alarm(0)]).Stale);
    }

    [Fact]
    public void A_leg_counts_from_its_alarm_and_not_for_one_that_came_when_it_was_over()
    {
        var its = new CaseRecord("C1", "410803-1", "410803001", "HS-1", false, CasePhase.Closed, Colour.Orange, "0101", "YJ", TaskPhase.Done, At(0), At(1), At(4), At(15), At(60), "", At(60));
        var figures = Figures(Period(0, 120), [Alarm(0, 30, @case: "C1"), Alarm(10, 20, "B", @case: "C1"), Alarm(50, null, "C")], null, its);
        var (first, second, third) = (figures.Responses[0], figures.Responses[1], figures.Responses[2]);
        Assert.Equal((1.0, 4.0, 15.0, 30.0, 60.0), (first.ToDispatch!.Value.TotalMinutes, first.ToAccept!.Value.TotalMinutes, first.ToArrive!.Value.TotalMinutes, first.ToClear!.Value.TotalMinutes, first.ToClose!.Value.TotalMinutes));
        Assert.Equal((true, null, null, 5.0, 10.0, 50.0), (second.JoinedCase, second.ToDispatch, second.ToAccept, second.ToArrive!.Value.TotalMinutes, second.ToClear!.Value.TotalMinutes, second.ToClose!.Value.TotalMinutes));
        Assert.Equal((false, "", null, null), (third.JoinedCase, third.CaseNumber, third.ToDispatch, third.ToClear));
        Assert.Equal((2, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)), LegFigures.Of(figures.Responses.Select(r => r.ToArrive)) is var arrive ? (arrive.Count, arrive.P50, arrive.Max) : default);
    }

    [Fact]
    public void The_ten_most_frequent_are_ten_and_their_share_is_of_all()
    {
        var alarms = Enumerable.Range(0, 12).SelectMany(d => Enumerable.Range(0, 12 - d).Select(n => Alarm(d + n * 0.01, null, $"D{d:00}"))).ToList();
        var figures = Figures(Period(0, 60), alarms);
        Assert.Equal(["D00", "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09"], figures.MostFrequent.Select(f => f.Detector));
        Assert.Equal(75 / 78.0, figures.MostFrequentShare, 12);
    }
}
