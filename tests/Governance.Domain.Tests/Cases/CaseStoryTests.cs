using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Tests.Cases;

/// <summary>Whole lives of cases with exact instants (cases.md "Three end-to-end scripts", "Clock rules").</summary>
public sealed class CaseStoryTests
{
    private static readonly OccurrenceId Relayed = new("HS-CL2-07/relay/C1");

    private static CaseStory Chlorine() => new CaseStory().At("14:10:00").Raise(Colour.Red, Relayed, Witness.Relay)
        .At("14:10:02").Notify("YJ", true).Notify("XFD", false).Number("410803-20250803-EM-00001-X").Raise(Colour.Red)
        .At("14:10:40").Accept().At("14:11:10").Leave().At("14:19:30").Arrive()
        .At("14:24:00").Command(new ReportProgress("gasket found", "液氯包装15号秤压力表垫片老化")).Want(null)
        .At("14:31:00").Clear().Clear(Relayed).Control();

    [Fact]
    public void Chlorine_from_receipt_to_clear_takes_twenty_one_minutes()
    {
        var story = Chlorine().At("14:32:00").Complete().At("14:33:00").Feedback().At("14:40:00").Verify().At("14:45:00").Close();
        Assert.Equal((CasePhase.Closed, Colour.Red, "410803-20250803-EM-00001-X"), (story.State.Phase, story.State.Level, story.State.Number));
        Assert.Equal("液氯包装15号秤压力表垫片老化", story.State.Cause);

        var ledger = TimeLedger.Of(story.State, SourceStory.Time("20:00:00"));
        Assert.Equal(TimeSpan.FromMinutes(21), ledger.ReceiptToClear);
        Assert.Equal(TimeSpan.FromMinutes(35), ledger.Total);
        Assert.Equal(ledger.Total, ledger.Legs.Aggregate(TimeSpan.Zero, (sum, leg) => sum + leg.Time));
        Assert.Equal(
            [
                ("RECEIVED", "NOTIFIED", "00:00:02"), ("NOTIFIED", "ACCEPTED", "00:00:38"), ("ACCEPTED", "EN_ROUTE", "00:00:30"), ("EN_ROUTE", "ON_SCENE", "00:08:20"),
                ("ON_SCENE", "CONTROLLED", "00:11:30"), ("CONTROLLED", "RETURNED_TO_NORMAL", "00:00:00"), ("RETURNED_TO_NORMAL", "VERIFIED", "00:09:00"), ("VERIFIED", "CLOSED", "00:05:00"),
            ], ledger.Legs.Select(l => (l.From, l.To, l.Time.ToString("c"))));
        Assert.All(story.State.Clocks.Where(c => c.Name != ClockName.Archive), c => Assert.Equal(ClockPhase.Met, c.Phase));
        Assert.Equal(["ARCHIVE"], story.Deadlines.Select(d => d.Name));
    }

    [Fact]
    public void An_open_case_has_a_ledger_up_to_now_and_a_live_one_no_clear()
    {
        var story = new CaseStory().At("14:10:00").Raise();
        var ledger = TimeLedger.Of(story.State, SourceStory.Time("14:12:00"));
        Assert.Null(ledger.ReceiptToClear);
        Assert.Equal([new Leg("RECEIVED", "NOW", TimeSpan.FromMinutes(2))], ledger.Legs);
        Assert.Equal(TimeSpan.Zero, TimeLedger.Of(CaseState.New("C2"), story.Now).Total);
    }

    [Fact]
    public void One_event_is_one_case_with_two_witnesses_assigned_once()
    {
        var story = new CaseStory().Raise(Colour.Orange).Raise(Colour.Red, Relayed, Witness.Relay).Raise(Colour.Red, Relayed, Witness.Relay);
        Assert.Equal([Witness.Sensor, Witness.Relay], story.State.Occurrences.Select(o => o.Witness));
        Assert.Equal(Colour.Red, story.State.Level);
        Assert.Single(story.Events.OfType<CaseAssigned>());
        Assert.Single(story.Sends, s => s.Message is NumberRequested);
        Assert.Equal(["YJ", "XFD", "JD-410803006", "HB", "WJ", "PA"], story.Sends.Where(s => s.Message is TaskOffered).Select(s => s.To.Id).Distinct());
        Assert.Equal("410803-20250803", story.Sends.Single(s => s.Message is NumberRequested).To.Id);
    }

    [Fact]
    public void The_clear_is_taken_back_when_another_occurrence_is_linked()
    {
        var story = new CaseStory().Raise().At("14:20:00").Clear().At("14:22:00").Raise(Colour.Red, Relayed);
        Assert.False(story.State.Milestones.ContainsKey(Milestone.ReturnedToNormal));
        story.At("14:31:00").Clear(Relayed);
        Assert.Equal(TimeSpan.FromMinutes(21), TimeLedger.Of(story.State, story.Now).ReceiptToClear);
    }

    [Fact]
    public void A_case_is_never_grey_or_blue() => Assert.Equal(Colour.Yellow, new CaseStory().Raise(Colour.Blue).State.Level);

    // --- clocks ---

    [Fact]
    public void Each_missed_deadline_is_breached_once_in_order_and_climbs_one_step()
    {
        var story = new CaseStory().At("14:10:00").Raise(Colour.Orange).WaitUntil("14:30:00");
        Breaches(story, "Sign 14:20:00 0");
        Assert.Equal(Supervision.Urged, story.State.Supervision);
        story.Accept().WaitUntil("15:00:01");
        Breaches(story, "Sign 14:20:00 0", "OnScene 15:00:00 0");
        story.Arrive().WaitUntil("17:00:00");
        Breaches(story, "Sign 14:20:00 0", "OnScene 15:00:00 0", "Feedback 16:10:00 0");
        story.WaitUntil("19:00:01");
        Breaches(story, "Sign 14:20:00 0", "OnScene 15:00:00 0", "Feedback 16:10:00 0", "Stale 17:00:01 0", "Control 19:00:01 0", "Stale 19:00:01 0");
        Assert.Equal(Supervision.Crisis, story.State.Supervision);
        Assert.Equal(["dispatch-duty-officer", "dispatch-duty-leader", "weekly-meeting-chair", "district-committee", "district-committee", "district-committee"], story.Events.OfType<Escalated>().Select(e => e.Told));
    }

    [Fact]
    public void Deadlines_missed_while_a_node_was_away_fire_once_in_order_and_say_how_late()
    {
        var story = new CaseStory().At("14:10:00").Raise(Colour.Red).At("16:10:00").Wake();
        Breaches(story, "Sign 14:15:00 6900", "Stale 14:20:00 6600", "Feedback 14:30:00 6000");
        story.Wake();
        Breaches(story, "Sign 14:15:00 6900", "Stale 14:20:00 6600", "Feedback 14:30:00 6000");
        Assert.Equal(SourceStory.Time("16:20:00"), Assert.Single(story.Deadlines, d => d.Name == "STALE").Due);
    }

    [Fact]
    public void A_clock_that_was_met_in_time_is_never_breached()
    {
        var story = new CaseStory().At("14:10:00").Raise(Colour.Orange).At("14:19:59").Accept().WaitUntil("14:30:00");
        Breaches(story);
        Assert.Equal(ClockPhase.Met, story.State.Clocks.Single(c => c.Name == ClockName.Sign).Phase);
    }

    [Fact]
    public void A_rise_takes_the_shorter_of_what_is_left_and_the_new_budget()
    {
        var story = new CaseStory(CaseStory.InWorkingDays).At("14:10:00").Raise(Colour.Yellow).At("14:11:00").Command(new RaiseLevel(Colour.Red, "wind"), "DC", Roles.Leader).Want(null);
        Assert.Equal([("FEEDBACK", SourceStory.Time("14:31:00")), ("SIGN", SourceStory.Time("14:16:00")), ("STALE", SourceStory.Time("14:21:00"))], story.Deadlines.Where(d => !d.Name.StartsWith("DUE", StringComparison.Ordinal)).Select(d => (d.Name, d.Due)).Order());
        // Danger knows no office hours: what was five working days runs in calendar time now.
        Assert.Equal(("1440min", SourceStory.Time("14:11:00").AddDays(1)), (story.State.Running(ClockName.Due)!.Budget.ToString(), story.State.Running(ClockName.Due)!.Due));
        var late = new CaseStory().At("14:10:00").Raise(Colour.Orange).At("14:18:00").Command(new RaiseLevel(Colour.Red, "wind"), "DC", Roles.Leader);
        Assert.Equal(SourceStory.Time("14:20:00"), late.State.Running(ClockName.Sign)!.Due);
    }

    [Fact]
    public void A_fall_of_colour_never_lowers_the_case()
    {
        var story = new CaseStory().Raise(Colour.Red).Deliver(new OccurrenceChanged(CaseStory.First, AlarmLevel.One, AlarmLevel.Two, Colour.Yellow, 1.1, SourceStory.Time("14:12:00"), ""));
        Assert.Equal((Colour.Red, AlarmLevel.One), (story.State.Level, story.State.Occurrences[0].Level));
    }

    // --- sources fall silent, cases are closed ---

    [Fact]
    public void Lost_data_that_nobody_else_watches_raises_the_level_and_returning_data_does_not_lower_it()
    {
        var story = new CaseStory().Raise(Colour.Yellow).Deliver(new OccurrenceDataLost(CaseStory.First, false, SourceStory.Time("14:11:00")));
        Assert.Equal((Colour.Yellow, OccurrencePhase.DataLost), (story.State.Level, story.State.Occurrences[0].Phase));
        story.Deliver(new OccurrenceDataLost(CaseStory.First, true, SourceStory.Time("14:12:00")));
        Assert.Equal(Colour.Orange, story.State.Level);
        story.Deliver(new OccurrenceDataRestored(CaseStory.First, SourceStory.Time("14:13:00")));
        Assert.Equal((Colour.Orange, OccurrencePhase.Active), (story.State.Level, story.State.Occurrences[0].Phase));
        var red = new CaseStory().Raise(Colour.Red).Deliver(new OccurrenceDataLost(CaseStory.First, true, SourceStory.Time("14:12:00")));
        Assert.Equal(Colour.Red, red.State.Level);
    }

    [Fact]
    public void A_closed_case_answers_so_and_takes_nothing_more()
    {
        var story = CaseTableTests.In(CaseTableTests.Stage.Closed);
        var before = story.State;
        story.Raise(Colour.Red, Relayed);
        Assert.Equal("CASE_CLOSED", story.Outcome.Name);
        story.Clear().Deliver(new OccurrenceDataLost(CaseStory.First, true, story.Now)).Wake();
        Assert.Same(before, story.State);
    }

    [Fact]
    public void A_full_case_sends_the_next_occurrence_to_another_one()
    {
        var story = new CaseStory();
        for (var i = 0; i < CaseState.OccurrenceLimit; i++) story.Raise(Colour.Yellow, new OccurrenceId($"o{i}"));
        Assert.Equal("ACCEPTED", story.Outcome.Name);
        story.Raise(Colour.Yellow, new OccurrenceId("one more"));
        Assert.Equal(("CASE_CLOSED", CaseState.OccurrenceLimit), (story.Outcome.Name, story.State.Occurrences.Count));
    }

    [Property(MaxTest = 500)]
    public Property No_live_phase_is_without_a_deadline_and_nothing_leaves_the_table() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 20).SelectMany(what => Gen.Choose(0, 3).SelectMany(who => Gen.Choose(0, 40).Select(minutes => (what, who, minutes))))).ToArbitrary(), moves =>
        {
            var story = new CaseStory(CaseStory.InWorkingDays).Raise(moves.Count % 2 == 0 ? Colour.Orange : Colour.Yellow);
            foreach (var (what, who, minutes) in moves)
            {
                var phase = story.State.Phase;
                var (organisation, role) = who switch { 0 => ("DC", Roles.Leader), 1 => ("XFD", Roles.Handler), _ => ("YJ", Roles.Handler) };
                story.After(TimeSpan.FromMinutes(minutes)).Wake();
                CaseCommand? command = what switch
                {
                    0 => new AcceptTask(""), 1 => new Depart(""), 2 or 3 => new ArriveOnScene("QR", 0, 0, 0, ""), 4 => new ReportProgress("x", ""), 5 => new DeclareControlled(""),
                    6 => new CompleteTask("Resolved", "", ["P"]), 7 or 8 => new SubmitFeedback("done", ""), 9 or 10 => new Verify(minutes % 3 > 0, ""), 11 => new CancelOff("RESOLVED", ""),
                    12 => new RaiseLevel(minutes % 2 == 0 ? Colour.Red : Colour.Orange, ""), 13 => new RequestExtension(minutes % 2 == 0 ? "1WD" : "24h", "late", "wait"),
                    14 => new DecideExtension(minutes % 2 == 0, "so"), 15 => new Suspend("SEASON", story.Now.AddDays(1 + minutes), "frost"), 16 => new Resume("thaw"), 17 => new Urge("ask"), _ => null,
                };
                if (command is not null) story.Command(command, organisation, role);
                else if (what == 18) story.Clear();
                else if (what == 19) story.Raise(Colour.Orange, Relayed);
                else story.Clear(Relayed);
                Assert.True(story.State.Phase == CasePhase.Closed || story.Deadlines.Any(), $"{story.State.Phase} has no deadline");
                Assert.Contains((phase, story.State.Phase), (List<(CasePhase, CasePhase)>)
                [
                    (phase, phase), (CasePhase.Assigned, CasePhase.Handling), (CasePhase.Handling, CasePhase.PendingVerification),
                    (CasePhase.PendingVerification, CasePhase.Handling), (CasePhase.PendingVerification, CasePhase.Closed),
                ]);
                Assert.False(story.State is { Phase: CasePhase.Closed, IsLive: true });
            }
            var rules = new CaseRules(Registry.District.Policy);
            Assert.Equal(CaseText.Of(story.State), CaseText.Of(story.Events.Aggregate(CaseState.New("C1"), rules.Evolve)));
            foreach (var breach in story.Events.OfType<DeadlineBreached>().GroupBy(b => (b.Clock, b.Due))) Assert.Single(breach);
        });

    private static void Breaches(CaseStory story, params string[] wanted) =>
        Assert.Equal(wanted, story.Events.OfType<DeadlineBreached>().Select(b => FormattableString.Invariant($"{b.Clock} {b.Due:HH:mm:ss} {b.LateBy.TotalSeconds:0}")));
}
