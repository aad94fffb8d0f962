using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;
using static Governance.Domain.Tests.Cases.SpecificationStages;

namespace Governance.Domain.Tests.Cases;

/// <summary>Guards and effects of the rows of cases.md "Commands", by row: from the feedback to the archive. Monday 4 August 2025, 09:00.</summary>
public sealed class SpecificationClosingTests
{
    private static readonly OccurrenceId Leak = new("HS-1/A/1.1");

    private static DateTimeOffset August(int day, int hour, int minute = 0) => new(2025, 8, day, hour, minute, 0, TimeSpan.FromHours(8));
    private static CaseWorld Until(CaseWorld world, int day, int hour, int minute = 0) => world.After(August(day, hour, minute) - world.Now);
    private static CaseWorld Reports(CaseWorld world, CaseCommand command, string subject = Reporter) => world.Do(command, "", Roles.Reporter, subject);
    private static CaseWorld Slip(CaseWorld world, SlipKind kind, string slip = "S1") => world.Tell(Key, new SlipOpened(new SlipKey(slip), kind, "li", "late", world.Now.AddDays(7), world.Now), "slip");
    private static CaseWorld Cancelled(CaseWorld world, string slip = "S1") => world.Tell(Key, new SlipEnded(new SlipKey(slip), SlipResults.Cancelled, world.Now), "slip");
    private static CaseWorld Alarm(CaseWorld world, Colour colour) => world.Tell(Key, new OccurrenceRaised(
        Leak, Witness.Sensor, new HazardSourceId("HS-1"), "store", "works", new AreaCode("410803001"), "A", HazardKind.ToxicGas, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", false, ClockId.Wall, world.Now, "chlorine"));

    [Fact]
    public void Row_21_feedback_needs_a_reporter_who_was_contacted_or_tried_three_times()
    {
        var world = In(Stage.Accepted).Lead_(new CompleteTask("RESOLVED", "photo-1", ["P"])).Want(null).Lead_(new SubmitFeedback("done", "done")).Want("REPORTER_NOT_CONTACTED");
        for (var attempt = 1; attempt <= 2; attempt++) world.Lead_(new ContactReporter("CALL", false, "no answer")).Want(null).Lead_(new SubmitFeedback("done", "done")).Want("REPORTER_NOT_CONTACTED");
        world.Lead_(new ContactReporter("CALL", false, "no answer")).Want(null).Lead_(new SubmitFeedback("", "done")).Want("TEXT_MISSING").Lead_(new SubmitFeedback("done", "")).Want("TEXT_MISSING").Lead_(new SubmitFeedback("done", "done")).Want(null);
        Assert.Equal((CasePhase.PendingVerification, ClockPhase.Met, August(6, 18)), (world.Case().Phase, world.Case().Clocks.Single(c => c.Name == ClockName.Due).Phase, world.Case().Running(ClockName.Verify)!.Due));
        // Nobody to contact: no reply is needed.
        world = new CaseWorld().Do(Registration(reachable: false), "", Roles.Relay).Lead_(new AcceptTask("")).Lead_(new CompleteTask("RESOLVED", "photo-1", ["P"])).Lead_(new SubmitFeedback("done", "")).Want(null);
    }

    [Theory]
    [InlineData("we called 13800138000 about it", true)]
    [InlineData("电话13800138000已联系", true)]
    [InlineData("+8613800138000", true)]
    [InlineData("138 0013 8000", true)]
    [InlineData("138-0013-8000", true)]
    [InlineData("请拨打１３８００１３８０００", true)]
    [InlineData("410803 19800101 123X", true)]
    [InlineData("0391-2946001", false)]
    [InlineData("of 410803198001011234", true)]
    [InlineData("of 41080319800101123X", true)]
    [InlineData("of 41080319800101123x.", true)]
    [InlineData("work order 410803-20250803-AP-00017-C", false)]
    [InlineData("call 12345 for more", false)]
    [InlineData("planted 20250804, 14 trees", false)]
    public void Row_21_a_public_reply_holds_no_identity_card_and_no_mobile_number(string reply, bool personal)
    {
        var world = In(Stage.Done).Lead_(new SubmitFeedback("done", reply)).Want(personal ? "PERSONAL_DATA_IN_REPLY" : null);
        Assert.Equal(personal ? CasePhase.Handling : CasePhase.PendingVerification, world.Case().Phase);
    }

    [Fact]
    public void Row_22_who_handled_it_does_not_verify_it()
    {
        In(Stage.PendingVerification).Do(new Verify(true, "seen"), Lead, Roles.GridWorker).Want("VERIFIER_IS_HANDLER").Do(new Verify(true, "seen"), "CS-410803002001", Roles.GridWorker).Want(null);
        Slip(In(Stage.PendingVerification), SlipKind.Reminder).Do(new Verify(true, "seen"), Lead, Roles.Operator).Want("VERIFIER_IS_HANDLER").Desk(new Verify(true, "seen")).Want(null);
        In(Stage.PendingVerification).Leader(new RaiseLevel(Colour.Orange, "x")).Do(new Verify(true, "seen"), Lead, Roles.Leader).Want("VERIFIER_IS_HANDLER").Desk(new Verify(true, "seen")).Want(null);
        In(Stage.PendingVerification).Leader(new RaiseLevel(Colour.Red, "x")).Desk(new Verify(true, "seen")).Want("LEADER_ONLY").Leader(new Verify(true, "seen")).Want(null);
    }

    [Fact]
    public void Row_22_a_rework_is_counted_and_has_half_of_the_time()
    {
        var world = In(Stage.PendingVerification).Desk(new Verify(false, "still bare")).Want(null);
        // Half of five working days, rounded up.
        Assert.Equal((CasePhase.Handling, 1, August(7, 18)), (world.Case().Phase, world.Case().Rework, world.Case().Running(ClockName.Due)!.Due));
        Assert.Null(world.Case().Running(ClockName.Verify));
    }

    [Fact]
    public void Row_23_three_attempts_on_two_days_make_a_reporter_unreachable()
    {
        var world = In(Stage.PendingCallback);
        for (var attempt = 1; attempt <= 3; attempt++) world.Desk(new RecordCallback(false, false, false, "no answer")).Want(null).Desk(new CancelOff("RESOLVED", "")).Want("NOT_CALLED_BACK");
        Until(world, 5, 9).Desk(new RecordCallback(false, false, false, "no answer")).Want(null).Desk(new CancelOff("RESOLVED", "")).Want(null);
        var two = In(Stage.PendingCallback).Desk(new RecordCallback(false, false, false, "")).Want(null);
        Until(two, 5, 9).Desk(new RecordCallback(false, false, false, "")).Desk(new CancelOff("RESOLVED", "")).Want("NOT_CALLED_BACK");
    }

    [Fact]
    public void Row_23_what_is_not_resolved_is_opened_again_once_by_itself_then_a_leader_decides()
    {
        var world = Reports(In(Stage.PendingCallback), new RecordCallback(true, false, false, "still bare")).Want(null);
        Assert.Equal((CasePhase.Assigned, 1, Lead, Supervision.Urged), (world.Case().Phase, world.Case().Reopened, world.Case().Lead.Organisation, world.Case().Supervision));
        world.Lead_(new AcceptTask("")).Want(null).Lead_(new CompleteTask("RESOLVED", "photo-2", ["P"])).Want(null);
        if (!world.Case().Contacted) world.Lead_(new ContactReporter("CALL", true, ""));
        world.Lead_(new SubmitFeedback("again", "again")).Want(null).Desk(new Verify(true, "seen")).Want(null).Desk(new RecordCallback(true, false, false, "still bare")).Want(null);
        Assert.Equal((CasePhase.PendingCallback, 1), (world.Case().Phase, world.Case().Reopened));
        world.Desk(new CancelOff("RESOLVED", "")).Want("LEADER_ONLY").Leader(new CancelOff("CANNOT_FIX", "next spring")).Want(null);
    }

    [Fact]
    public void Row_24_nothing_is_cancelled_over_an_open_slip_and_what_had_one_is_cancelled_by_its_issuer()
    {
        var reminded = Slip(In(Stage.CalledBack), SlipKind.Reminder);
        Assert.Equal(Supervision.Reminded, reminded.Case().Supervision);
        reminded.Leader(new CancelOff("RESOLVED", "")).Want("SLIP_OPEN");
        Cancelled(reminded).Desk(new CancelOff("RESOLVED", "")).Want("LEADER_ONLY").Leader(new CancelOff("RESOLVED", "")).Want(null);
        Assert.Equal(Supervision.None, reminded.Case().Supervision);
        var supervised = Slip(In(Stage.CalledBack), SlipKind.Supervision).Do(new CancelOff("RESOLVED", ""), "WK", Roles.WeeklyChair).Want("SLIP_OPEN");
        Assert.Equal(Supervision.Supervised, supervised.Case().Supervision);
        Cancelled(supervised).Leader(new CancelOff("RESOLVED", "")).Want("WEEKLY_CHAIR_ONLY").Do(new CancelOff("RESOLVED", ""), "WK", Roles.WeeklyChair).Want(null);
    }

    [Fact]
    public void Row_24_an_outcome_is_one_of_six_and_what_cannot_be_fixed_has_a_plan()
    {
        foreach (var outcome in new[] { "RESOLVED", "MEDIATED", "CONTROLLED_WITH_FOLLOW_UP", "REFERRED", "NO_FAULT" }) In(Stage.CalledBack).Desk(new CancelOff(outcome, "")).Want(null);
        In(Stage.CalledBack).Desk(new CancelOff("GONE", "")).Want("OUTCOME_MISSING").Desk(new CancelOff("CANNOT_FIX", "")).Want("PLAN_MISSING").Desk(new CancelOff("CANNOT_FIX", "next spring")).Want(null);
    }

    [Fact]
    public void Row_24_and_25_and_7_nothing_ends_over_a_live_occurrence()
    {
        var world = Alarm(new CaseWorld(), Colour.Yellow).Leader(new VoidCase("FALSE_ALARM", "device replaced")).Want("OCCURRENCE_LIVE");
        world.Tell(Key, new OccurrenceDataLost(Leak, false, world.Now)).Leader(new VoidCase("FALSE_ALARM", "device replaced")).Want("OCCURRENCE_LIVE")
            .Tell(Key, new OccurrenceCleared(Leak, world.Now)).Leader(new VoidCase("FALSE_ALARM", "")).Want("PROOF_MISSING").Leader(new VoidCase("FALSE_ALARM", "device replaced")).Want(null);
        Assert.Equal((CasePhase.Void, "FALSE_ALARM"), (world.Case().Phase, world.Case().RefusedAs));
        Alarm(In(Stage.PendingJudgment), Colour.Yellow).Desk(new RejectIntake("NO_FACTS", "x", "y")).Want("OCCURRENCE_LIVE");
        Alarm(In(Stage.CalledBack), Colour.Yellow).Leader(new CancelOff("RESOLVED", "")).Want("ILLEGAL_TRANSITION");
    }

    [Fact]
    public void Row_25_a_reporter_withdraws_his_own_blue_report_that_nobody_else_made()
    {
        Reports(In(Stage.Assigned), new VoidCase("TEST", "")).Want("NOT_WITHDRAWABLE");
        Reports(In(Stage.Assigned, reports: 2), new VoidCase("WITHDRAWN", "")).Want("NOT_WITHDRAWABLE");
        Reports(In(Stage.Assigned).Desk(new RaiseLevel(Colour.Yellow, "x")), new VoidCase("WITHDRAWN", "")).Want("NOT_WITHDRAWABLE");
        Reports(In(Stage.Assigned), new VoidCase("WITHDRAWN", ""), "vault-9").Want("NOT_YOUR_REPORT");
        Assert.Equal(CasePhase.Void, Reports(In(Stage.Assigned), new VoidCase("WITHDRAWN", "")).Want(null).Case().Phase);
        Assert.Equal(CasePhase.Void, In(Stage.OnScene).Leader(new VoidCase("TEST", "")).Want(null).Case().Phase);
    }

    [Theory]
    [InlineData(Roles.Reporter, 15 * 24, null)]
    [InlineData(Roles.Reporter, 15 * 24 + 1, "REOPEN_TOO_LATE")]
    [InlineData(Roles.Operator, 90 * 24 - 1, null)]
    [InlineData(Roles.Operator, 90 * 24 + 1, "ILLEGAL_TRANSITION")]
    [InlineData(Roles.Inspection, 90 * 24 - 1, null)]
    [InlineData(Roles.Inspection, 90 * 24 + 1, "ILLEGAL_TRANSITION")]
    public void Row_26_a_closed_case_is_opened_again_within_its_time(string role, int hours, string? refusal) =>
        In(Stage.Closed).After(TimeSpan.FromHours(hours)).Do(new Reopen("as before"), "", role, Reporter).Want(refusal);

    [Theory]
    [InlineData(11, 17, null)]
    [InlineData(11, 19, "REOPEN_TOO_LATE")]
    public void Row_26_an_appeal_against_a_rejection_has_five_working_days(int day, int hour, string? refusal)
    {
        var world = Reports(Until(In(Stage.Rejected), day, hour), new Reopen("there are facts")).Want(refusal);
        Assert.Equal(refusal is null ? CasePhase.PendingJudgment : CasePhase.Rejected, world.Case().Phase);
    }

    [Fact]
    public void Row_26_an_appeal_of_a_case_whose_time_had_run_out_has_a_time_to_resolve_again()
    {
        var world = Until(In(Stage.PendingAssignment), 25, 9);
        Assert.Equal(ClockPhase.Breached, world.Case().Clocks.Last(c => c.Name == ClockName.Due).Phase);
        foreach (var slip in world.Case().Slips.Where(s => s.IsOpen).ToList()) world.Tell(Key, new SlipEnded(slip.Key, "WITHDRAWN", world.Now));
        Reports(world.Desk(new RejectIntake("NO_FACTS", "nothing is there", "nobody")).Want(null).After(TimeSpan.FromHours(1)), new Reopen("there are facts")).Want(null).Desk(new Judge(Colour.Grey, "", [], "ASSIGN", "seen")).Want(null);
        Assert.True(world.Case().Running(ClockName.Due)?.Due > world.Now);
    }

    [Fact]
    public void Row_33_the_area_that_a_case_leaves_hears_where_it_went()
    {
        var world = In(Stage.Assigned).Desk(new MoveToGrid("410803002", "410803002001", "", "another park")).Want(null);
        var told = world.Sent.Where(s => s.Send.Message is AlertPublished { Alert.Text: var text } && text.StartsWith("moved to", StringComparison.Ordinal)).ToList();
        Assert.Equal(["410803001", "410803002"], told.Select(s => s.Send.To.Id).Order(StringComparer.Ordinal));
        Assert.All(told, s => Assert.Equal("410803002", ((AlertPublished)s.Send.Message).Alert.Area.Value));
        var within = In(Stage.Assigned).Desk(new MoveToGrid("410803001", "410803001002", "", "the next street")).Want(null);
        Assert.Single(within.Sent, s => s.Send.Message is AlertPublished { Alert.Text: var text } && text.StartsWith("moved to", StringComparison.Ordinal));
    }

    [Fact]
    public void Row_26_opened_again_it_has_the_same_lead_half_of_the_time_and_is_urged_and_a_reporter_may_twice()
    {
        var world = In(Stage.Closed).Do(new Reopen(""), "", Roles.Reporter, Reporter).Want("REASON_MISSING");
        for (var time = 1; time <= 2; time++)
        {
            Reports(world, new Reopen("as before")).Want(null);
            Assert.Equal((CasePhase.Assigned, Lead, Supervision.Urged, time), (world.Case().Phase, world.Case().Lead.Organisation, world.Case().Supervision, world.Case().ReopenedByReporter));
            Assert.Equal(August(7, 18), world.Case().Running(ClockName.Due)!.Due);
            world.Lead_(new AcceptTask("")).Want(null).Lead_(new CompleteTask("RESOLVED", "photo", ["P"])).Want(null).Lead_(new ContactReporter("CALL", true, ""))
                .Lead_(new SubmitFeedback("again", "again")).Want(null).Desk(new Verify(true, "seen")).Want(null).Desk(new RecordCallback(true, true, true, "")).Want(null).Desk(new CancelOff("RESOLVED", "")).Want(null);
        }
        Reports(world, new Reopen("as before")).Want("TOO_MANY_REOPENINGS").Leader(new Reopen("he is right")).Want(null);
    }

    [Fact]
    public void Row_27_extensions_are_no_longer_than_the_limit_and_fifteen_working_days_together()
    {
        // Illegal building (违法建设) has fifteen working days.
        var world = new CaseWorld().Do(Registration("0503"), "", Roles.Relay).Lead_(new AcceptTask("")).Want(null).Lead_(new RequestExtension("16WD", "court", "wait")).Want("EXTENSION_TOO_LONG")
            .Lead_(new RequestExtension("8WD", "court", "")).Want("REASON_MISSING").Lead_(new RequestExtension("8WD", "court", "wait")).Want(null).Desk(new DecideExtension(true, "agreed")).Want(null)
            .Lead_(new RequestExtension("8WD", "court", "wait")).Want("EXTENSION_TOO_LONG").Lead_(new RequestExtension("7WD", "court", "wait")).Want(null).Desk(new DecideExtension(true, "agreed")).Want("LEADER_ONLY").Leader(new DecideExtension(true, "agreed")).Want(null);
        Assert.Equal("30WD", world.Case().Running(ClockName.Due)!.Budget.ToString());
        // Breached: nothing is left to extend. A lead that waits for others may ask.
        Until(In(Stage.Accepted), 11, 18).Lead_(new RequestExtension("1WD", "x", "y")).Want("DEADLINE_PASSED");
        In(Stage.Done).Desk(new Assign("", ["XFD"], ["XFD"], "", "water")).Lead_(new RequestExtension("1WD", "no water yet", "wait")).Want(null);
    }

    [Fact]
    public void Row_28_while_a_slip_is_open_its_issuer_decides()
    {
        Slip(In(Stage.ExtensionAsked), SlipKind.Reminder).Desk(new DecideExtension(true, "x")).Want("LEADER_ONLY").Leader(new DecideExtension(true, "x")).Want(null);
        Slip(In(Stage.ExtensionAsked), SlipKind.Supervision).Leader(new DecideExtension(true, "x")).Want("WEEKLY_CHAIR_ONLY").Do(new DecideExtension(true, "x"), "WK", Roles.WeeklyChair).Want(null);
    }

    [Fact]
    public void Row_31_a_reporter_urges_once_in_twenty_four_hours_others_as_they_see_fit()
    {
        var world = Reports(In(Stage.Accepted), new Urge("when?")).Want(null);
        Assert.Equal(Supervision.Urged, world.Case().Supervision);
        Reports(world, new Urge("when?")).Want("URGED_ALREADY").Desk(new Urge("now")).Want(null).Desk(new Urge("now")).Want(null);
        Reports(world.After(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1)), new Urge("when?")).Want("URGED_ALREADY");
        Reports(world.After(TimeSpan.FromMinutes(1)), new Urge("when?")).Want(null);
        Assert.Equal(Supervision.Reminded, Reports(Slip(In(Stage.Accepted), SlipKind.Reminder), new Urge("when?")).Want(null).Case().Supervision);
    }

    [Fact]
    public void Row_32_supervision_reaches_a_case_whose_clocks_stand_still()
    {
        foreach (var stage in new[] { Stage.Suspended, Stage.AwaitingInHandling })
        {
            var world = Reports(In(stage), new Urge("when?")).Want(null).Leader(new IssueReminder("")).Want("REASON_MISSING").Leader(new IssueReminder("nothing happens")).Want(null).Do(new IssueSupervision("still nothing"), "WK", Roles.WeeklyChair).Want(null)
                .Do(new EscalateCrisis("danger"), "QW", Roles.CrisisChair).Want(null);
            Assert.Equal(Supervision.Crisis, world.Case().Supervision);
            Assert.Equal([SlipKind.Reminder, SlipKind.Supervision], world.Sent.Select(s => s.Send.Message).OfType<SlipWanted>().Select(w => w.Kind));
            Assert.DoesNotContain(world.Case().Clocks, c => c.Phase == ClockPhase.Running);
        }
    }

    [Fact]
    public void Row_33_another_category_or_place_is_routed_anew_with_the_time_that_it_has_used()
    {
        var world = In(Stage.Assigned).After(TimeSpan.FromDays(1));
        var started = world.Case().Running(ClockName.Due)!.StartedAt;
        world.Desk(new Correct("COLOUR", "x", "y")).Want("FIELD_INVALID").Desk(new Correct("CATEGORY", "9999", "y")).Want("CATEGORY_UNKNOWN").Desk(new Correct("CATEGORY", "0804", "")).Want("REASON_MISSING").Desk(new Correct("CATEGORY", "0804", "it is the fee")).Want(null);
        Assert.Equal(("ZJ", "0804", started), (world.Case().Lead.Organisation, world.Case().Subject!.Category, world.Case().Running(ClockName.Due)!.StartedAt));
        // Whoever has signed keeps it.
        Assert.Equal(Lead, In(Stage.Accepted).Desk(new Correct("CATEGORY", "0804", "it is the fee")).Want(null).Case().Lead.Organisation);
    }

    [Fact]
    public void Row_34_a_personal_field_is_seen_for_half_an_hour_by_whoever_has_an_open_task()
    {
        var world = In(Stage.Accepted).Lead_(new Unmask("DIARY", "CONTACT")).Want("FIELD_INVALID").Lead_(new Unmask("PHONE", "CURIOSITY")).Want("PURPOSE_INVALID").Do(new Unmask("PHONE", "CONTACT"), Lead, Roles.GridWorker).Want(null);
        Assert.Equal(August(4, 9, 30), Assert.Single(world.Case().Sights).Until);
        Assert.Single(world.Events, e => e.Event is PiiUnmasked);
        world.After(TimeSpan.FromMinutes(31)).Desk(new Unmask("ADDRESS", "RESCUE")).Want(null);
        Assert.Equal(August(4, 10, 1), Assert.Single(world.Case().Sights).Until);
        // An appeal needs a call.
        In(Stage.Rejected).Desk(new Unmask("PHONE", "CALLBACK")).Want(null).Lead_(new Unmask("PHONE", "CONTACT")).Want("NOT_YOUR_TASK");
    }

    [Fact]
    public void Row_35_a_closed_case_is_archived_after_ninety_days_by_itself_and_a_reporter_is_forgotten_wherever_the_report_is()
    {
        var world = In(Stage.Closed).After(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));
        Assert.Equal(CasePhase.Closed, world.Case().Phase);
        world.After(TimeSpan.FromMinutes(1));
        Assert.Equal(CasePhase.Archived, world.Case().Phase);
        Assert.Empty(world.Deadlines(Key));
        world.Do(new ForgetReporter("AP/A"), "", Roles.System).Want(null);
        Assert.Equal(("", "", false), (world.Case().Reports[0].Reporter, world.Case().Reports[0].Text, world.Case().Reports[0].Reachable));
        // A merged case remembers its reports for the way back, and the other one what it was brought.
        var merged = In(Stage.Merged).Do(new ForgetReporter("AP/A"), "", Roles.System).Want(null);
        Assert.DoesNotContain(Reporter, CaseText.Of(merged.Case()), StringComparison.Ordinal);
        merged.Command("B", new VoidCase("TEST", "")).Want(null).Command("B", new ForgetReporter("AP/A"), "", Roles.System).Want(null);
        Assert.DoesNotContain(Reporter, CaseText.Of(merged["B"]), StringComparison.Ordinal);
    }
}
