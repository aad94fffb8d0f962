using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>How a journal becomes records, where time moves or things take each other's place.</summary>
public sealed class FoldingTests
{
    private static readonly DateTimeOffset Journaled = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static SourceStory Plant() => new SourceStory(Of(
        Chlorine("CL-1", offDelay: TimeSpan.Zero) with { LatchFrom = AlarmLevel.One }, Chlorine("CL-2", offDelay: TimeSpan.Zero), Combustible("GAS-1", zone: "hall")) with
    {
        Rules = [new SuppressionRule("leak", "CL-1", AlarmLevel.One, ["GAS-1"], AlarmLevel.One)],
    }).At("14:10:00").Feed("CL-1", 0.1).Feed("CL-2", 0.1).Feed("GAS-1", 1);

    private static SourceFolding Records(SourceStory story)
    {
        var folding = new SourceFolding(WatchedSource.New("HS-CL2-07"));
        foreach (var happened in story.Events) folding.Take(happened, Journaled);
        return folding;
    }

    private static IEnumerable<(string, string, string)> Stretches(SourceFolding records, IntervalKind kind) => records.Intervals.Where(i => i.Kind == kind).OrderBy(i => i.Since)
        .Select(i => (i.Detector, Clock(i.Since), i.Ended is { } ended ? Clock(ended) : ""));

    private static string Clock(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm:ss");

    [Fact]
    public void A_source_is_grey_from_its_commissioning_to_its_first_trustworthy_reading()
    {
        var records = Records(Plant());
        Assert.Equal([("", "14:00:00", "14:10:00")], Stretches(records, IntervalKind.Grey));
        Assert.Equal("no reading yet", Assert.Single(records.Intervals).Reason);
    }

    [Fact]
    public void S9_an_alarm_that_goes_on_as_another_ends_the_first_and_both_are_counted()
    {
        var story = Plant().Wait(10).Feed("CL-2", 1.5).Wait(5).Command(new ShelveDetector("CL-2", AlarmLevel.None, SourceStory.Time("14:11:15"), "nuisance"));
        var records = Records(story.Wait(5).Feed("CL-2", 1.5).Wait(30).Feed("CL-2", 1.5).Wait(30).Feed("CL-2", 1.5));
        var alarms = records.Alarms.Where(a => a.Detector == "CL-2").OrderBy(a => a.Raised).ToList();
        Assert.Equal([("14:10:10", "14:11:15"), ("14:11:15", "")], alarms.Select(a => (Clock(a.Raised), a.Cleared is { } c ? Clock(c) : "")));
        Assert.Equal(2, records.Raised.Count);
        Assert.Equal([("CL-2", "14:10:15", "14:11:15")], Stretches(records, IntervalKind.Shelved));
        Assert.Equal("EXPIRED", Assert.Single(records.Intervals, i => i.Kind == IntervalKind.Shelved).EndedWhy);
    }

    [Fact]
    public void A_persons_shelf_takes_the_place_of_a_suppression_by_design()
    {
        var story = Plant().Wait(10).Feed("CL-1", 1.5).Wait(10);
        var records = Records(story.Command(new ShelveDetector("GAS-1", AlarmLevel.None, story.Now.AddMinutes(5), "nuisance")));
        Assert.Equal([("GAS-1", "14:10:10", "14:10:20")], Stretches(records, IntervalKind.ByDesign));
        Assert.Equal(("REPLACED", "leak"), Assert.Single(records.Intervals, i => i.Kind == IntervalKind.ByDesign) is var i ? (i.EndedWhy, i.Reference) : default);
        Assert.Equal([("GAS-1", "14:10:20", "")], Stretches(records, IntervalKind.Shelved));
    }

    [Fact]
    public void A_permit_ends_when_it_was_to_end_unless_a_person_closes_it_before()
    {
        var story = Plant();
        story.Command(new OpenPermit("P-1", ["CL-1", "CL-2"], story.Now.AddHours(1), "work")).Command(new OpenPermit("P-2", ["CL-2"], story.Now.AddHours(2), "work"));
        var records = Records(story.Wait(60).Feed("CL-1", 0.1).Feed("CL-2", 0.1).Command(new ClosePermit("P-2", "done")));
        Assert.Equal([("CL-1,CL-2", "14:10:00", "15:10:00"), ("CL-2", "14:10:00", "14:11:00")], Stretches(records, IntervalKind.Permit).Order());
    }

    [Fact]
    public void What_a_retired_detector_left_open_ends_with_it()
    {
        var story = Plant().Wait(10).Feed("CL-1", 0.1).Command(new ShelveDetector("CL-2", AlarmLevel.None, SourceStory.Time("15:00:00"), "nuisance"));
        var config = Of(Chlorine("CL-1", offDelay: TimeSpan.Zero), Combustible("GAS-1", zone: "hall"));
        var records = Records(story.Wait(5).Command(new CommissionSource(config)).WantRefusal(null));
        Assert.Equal([("CL-2", "14:10:10", "14:10:15")], Stretches(records, IntervalKind.Shelved));
        Assert.Equal([false, true, false], records.Source.Detectors.Select(d => d.Retired));
    }

    [Fact]
    public void A_drill_counts_in_the_time_of_its_recording_and_not_from_the_day_it_was_put_in()
    {
        var (gateway, config) = (new GatewayId("GW-1"), Of(Chlorine("CL-1")) with { Drill = true });
        var records = new SourceFolding(WatchedSource.New("HS-CL2-07"));
        records.Take(new HazardSourceEvent.SourceCommissioned(SourceStory.Day.AddYears(1), config, 1, "admin"), Journaled);
        records.Take(new HazardSourceEvent.ClockBound(SourceStory.Day, ClockId.Recorded(gateway.Value)), Journaled);
        records.Take(new HazardSourceEvent.ColourChanged(SourceStory.Day.AddMinutes(2), Colour.Grey, Colour.Blue, ""), Journaled);
        var grey = new LoadPeriod(SourceStory.Day.AddDays(-1), SourceStory.Day.AddYears(2)).Covered(records.Intervals);
        Assert.Equal(TimeSpan.FromMinutes(2), grey);
        Assert.All(records.Intervals, i => Assert.True(i.Drill));
    }

    [Fact]
    public void An_event_of_a_source_that_was_never_commissioned_makes_no_record()
    {
        var records = new SourceFolding(WatchedSource.New("HS-CL2-07"));
        records.Take(new HazardSourceEvent.ColourChanged(SourceStory.Day, Colour.Blue, Colour.Grey, ""), Journaled);
        Assert.Empty(records.Intervals);
    }

    /// <summary>The legs are the case's own milestones, and what runs out next is what its rules say.</summary>
    [Fact]
    public void The_legs_of_a_case_are_those_of_its_time_ledger_after_every_event()
    {
        var story = new CaseStory().At("14:10:00").Raise().At("14:10:02").Notify("XFD", false).Notify("YJ", true).Number("410803-20250803-EM-00001-X")
            .At("14:10:40").Accept().At("14:11:10").Leave().At("14:19:30").Arrive().At("14:31:00").Clear().Control().At("14:32:00").Complete().At("14:33:00").Feedback()
            .At("14:40:00").Verify(false).WaitUntil("14:50:00").Control().Complete().Feedback().At("15:00:00").Verify().At("15:01:00").Close();
        var (state, record) = (CaseState.New("C1"), (CaseRecord?)null);
        foreach (var happened in story.Events)
        {
            state = CaseEvolution.Evolve(state, happened);
            record = CaseFolding.After("C1", record, happened, Journaled);
            if (state.Tasks.IsEmpty) continue;
            Assert.Equal((state.Phase, state.Level, state.Number, state.Lead.Organisation, state.Lead.Phase), (record!.Phase, record.Level, record.Number, record.Lead, record.LeadPhase));
            Assert.Equal((At(Milestone.Received), At(Milestone.Notified), At(Milestone.Accepted), At(Milestone.OnScene), At(Milestone.Closed)), ((DateTimeOffset?)record.Received, record.Dispatched, record.Accepted, record.Arrived, record.Closed));
            if (state.Phase != CasePhase.Closed) Assert.Equal(state.Clocks.Where(c => c.Phase == ClockPhase.Running).Select(c => (DateTimeOffset?)c.Due).Min(), record.NextDeadline?.Due);
        }
        Assert.Equal((CasePhase.Closed, "YJ", null), (record!.Phase, record.Lead, record.NextDeadline));

        DateTimeOffset? At(Milestone milestone) => state.Milestones.TryGetValue(milestone, out var at) ? at : null;
    }
}
