using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Tests.AlarmLoad.Records;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>What one shift hands over to the next, in the order in which it must be read.</summary>
public sealed class HandoverTests
{
    private static Handover Of(AlarmRecord[] alarms, AlarmInterval[]? intervals = null, params CaseRecord[] cases) => Handover.Of(At(480), At(0), alarms, intervals ?? [], cases);

    private static AlarmRecord Seen(AlarmRecord alarm) => alarm with { Acknowledged = alarm.Raised.AddMinutes(1), AcknowledgedBy = "liu" };

    [Fact]
    public void Unacknowledged_alarms_come_first_then_the_higher_level_then_the_older()
    {
        var handover = Of([Seen(Alarm(1, level: AlarmLevel.Three)), Alarm(5, detector: "B"), Alarm(6, detector: "C", level: AlarmLevel.Two), Alarm(2, detector: "D"), Seen(Alarm(3, detector: "E")), Alarm(4, 9, "F")]);
        Assert.Equal(["C", "D", "B", "A", "E"], handover.Active.Select(a => a.Alarm.Detector));
    }

    [Fact]
    public void Nobody_is_asked_to_acknowledge_what_is_shelved_and_the_shelf_says_what_stands_behind_it()
    {
        var handover = Of([Alarm(1, level: AlarmLevel.Two), Alarm(2, detector: "B", suppressed: true)], [Interval(IntervalKind.Shelved, 3, null), Interval(IntervalKind.OutOfService, 1, null, "B"), Interval(IntervalKind.Shelved, 3, 5, "C")]);
        Assert.Equal(("A", false), Assert.Single(handover.Active) is var a ? (a.Alarm.Detector, a.IsUnacknowledged) : default);
        Assert.Equal(AlarmLevel.Two, Assert.Single(handover.Shelved).Active?.Level);
        Assert.Equal(("B", AlarmLevel.One), Assert.Single(handover.OutOfService) is var o ? (o.Suppression.Detector, o.Active!.Level) : default);
    }

    [Fact]
    public void What_changed_is_told_once_in_order_and_only_since_the_shift_began()
    {
        var handover = Of([Alarm(-5, 30), Alarm(20, detector: "B"), Alarm(-9, -2, "C")], [Interval(IntervalKind.OutOfService, 10, 40, "D"), Interval(IntervalKind.Grey, -1, 15, ""), Interval(IntervalKind.Permit, 9, 700, "D")]);
        Assert.Equal([(9.0, "PERMIT_OPENED"), (10, "TAKEN_OUT"), (15, "WATCHED_AGAIN"), (20, "RAISED"), (30, "CLEARED"), (40, "RETURNED")], handover.Changes.Select(c => ((c.At - Day).TotalMinutes, c.What)));
        Assert.Equal("D", Assert.Single(handover.Permits).Detector);
        Assert.Empty(handover.Grey);
    }

    [Fact]
    public void An_alarm_that_nobody_saw_is_handed_over_although_it_is_over() => Assert.Equal("B", Assert.Single(Of([Alarm(1, 5), Alarm(2, 6, "B") with { IsAwaiting = true }]).Returned).Detector);

    [Fact]
    public void The_case_that_needs_somebody_next_comes_first_within_its_level()
    {
        CaseRecord Case(string key, Colour level, double due) => new(key, key, "410803001", "HS-1", false, CasePhase.Handling, level, "0101", "YJ", TaskPhase.Accepted, At(1), null, null, null, null,
            $"STALE={At(due + 50).UtcTicks},VERIFY={At(due).UtcTicks}", At(1));
        var handover = Of([], null, Case("C1", Colour.Yellow, 500), Case("C2", Colour.Red, 900), Case("C3", Colour.Yellow, 490), Case("C4", Colour.Red, 1) with { Phase = CasePhase.Closed });
        Assert.Equal(["C2", "C3", "C1"], handover.Cases.Select(c => c.Key));
        Assert.Equal(("VERIFY", At(900)), handover.Cases[0].NextDeadline);
    }
}
