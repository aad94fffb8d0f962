using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;
using static Governance.Domain.Tests.Cases.SpecificationStages;

namespace Governance.Domain.Tests.Cases;

/// <summary>Guards and effects of the rows of cases.md "Commands", by row: from the signal to the task that is done. Monday 4 August 2025, 09:00.</summary>
public sealed class SpecificationGuardTests
{
    private static DateTimeOffset August(int day, int hour, int minute = 0) => new(2025, 8, day, hour, minute, 0, TimeSpan.FromHours(8));
    private static CaseWorld Until(CaseWorld world, int day, int hour, int minute = 0) => world.After(August(day, hour, minute) - world.Now);
    private static CaseWorld Registered(RegisterCase registration, CaseWorld? world = null) => (world ?? new CaseWorld()).Do(registration, "", Roles.Relay, "platform").Want(null);

    [Theory]
    [InlineData("0508", 0.85, Colour.Grey, CasePhase.Assigned)]
    [InlineData("0508", 0.84, Colour.Grey, CasePhase.PendingJudgment)]
    [InlineData("0508", 0.84, Colour.Yellow, CasePhase.PendingJudgment)]
    [InlineData("0508", 0.1, Colour.Orange, CasePhase.Assigned)]
    [InlineData("0508", 0.1, Colour.Red, CasePhase.Assigned)]
    [InlineData("", 0.99, Colour.Grey, CasePhase.PendingJudgment)]
    public void Row_01_a_sure_rule_and_danger_skip_the_judgment(string category, double confidence, Colour level, CasePhase phase)
    {
        var world = Registered(Registration(category, confidence, level));
        Assert.Equal(phase, world.Case().Phase);
        Assert.Equal(phase == CasePhase.PendingJudgment, world.Case().Running(ClockName.Judge) is not null);
        Assert.Equal(phase == CasePhase.Assigned, world.Events.Exists(e => e.Event is CaseJudged { By: "system" }) && world.Events.Exists(e => e.Event is CaseAssigned));
        if (category.Length == 0) Assert.Equal("9901", world.Case().Subject!.Category);
    }

    [Theory]
    [InlineData(Colour.Grey, 120)]
    [InlineData(Colour.Yellow, 60)]
    public void Row_01_judgment_by_a_person_is_due(Colour level, int minutes) =>
        Assert.Equal(August(4, 9).AddMinutes(minutes), Registered(Registration(confidence: 0.5, level: level)).Case().Running(ClockName.Judge)!.Due);

    [Theory]
    [InlineData("0508", 0.80, true, null)]
    [InlineData("0508", 0.79, false, null)]
    [InlineData("0508", 0.55, false, null)]
    [InlineData("0508", 0.54, false, "NOT_ALIKE")]
    [InlineData("0905", 0.99, false, null)]
    [InlineData("1305", 0.99, false, null)]
    [InlineData("1801", 0.99, false, null)]
    public void Row_02_alike_is_attached_by_rule_or_proposed_and_people_are_never_joined_by_a_rule(string category, double score, bool attached, string? refusal)
    {
        var world = Registered(Registration(category));
        var told = world.Sent.Count;
        world.Do(new AttachReport("HL", "r2", "the same", "vault-2", true, [], score), "", Roles.Relay, "platform").Want(refusal);
        Assert.Equal(attached ? 2 : 1, world.Case().Reports.Count);
        Assert.Equal(refusal is null && !attached, world.Sent.Skip(told).Any(s => s.Send.Message is AlertPublished p && p.Alert.Id.Contains("attach-proposed/HL/r2", StringComparison.Ordinal)));
        // What is only proposed is somebody's until the desk joins them.
        if (refusal is null && !attached) Assert.Equal("HL/r2", Assert.Single(Assert.Single(world.All, c => c.Key.Value != Key).Reports).Id);
        if (!attached) Assert.Equal(2, world.Desk(new AttachReport("HL", "r2", "the same", "vault-2", true, [], score)).Want(null).Case().Reports.Count);
    }

    [Fact]
    public void Row_02_a_report_about_a_closed_case_proposes_to_open_it_again()
    {
        var world = In(Stage.Closed).Do(new AttachReport("HL", "r2", "the same", "vault-2", true, [], 0.9), "", Roles.Relay, "platform").Want(null);
        Assert.Equal((CasePhase.Closed, 2), (world.Case().Phase, world.Case().Reports.Count));
        Assert.Contains(world.Sent, s => s.Send.Message is AlertPublished p && p.Alert.Text.Contains("reopen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Stage.Assigned)]
    [InlineData(Stage.Rejected)]
    [InlineData(Stage.Void)]
    [InlineData(Stage.Closed)]
    public void Row_03_a_detached_report_is_a_case_of_its_own_that_keeps_when_it_was_received(Stage stage)
    {
        var world = In(stage, reports: 2);
        var received = world.Case().Reports[1].ReceivedAt;
        world.After(TimeSpan.FromMinutes(20)).Desk(new DetachReport("HL/r2", "")).Want("REASON_MISSING").Desk(new DetachReport("HL/nobody", "x")).Want("UNKNOWN_REPORT").Desk(new DetachReport("HL/r2", "another park")).Want(null);
        var other = Assert.Single(world.All, c => c.Key.Value != Key);
        Assert.Equal((received, received), (Assert.Single(other.Reports).ReceivedAt, other.Milestones[Milestone.Received]));
        Assert.True(other.IsOpen);
        Assert.Equal(["AP/A"], world.Case().Reports.Select(r => r.Id));
    }

    [Fact]
    public void Row_04_a_drill_is_not_merged_with_a_live_case()
    {
        var world = In(Stage.Accepted);
        world.Command("B", Registration() with { SourceEventId = "B", Drill = true }, "", Roles.Relay, "platform").Want(null).Leader(new MergeInto(new CaseKey("B"), "the same")).Want(null);
        Assert.Contains(world.Events, e => e.Event is MergeRefused);
        Assert.Equal(CasePhase.Handling, world.Case().Phase);
    }

    [Fact]
    public void Row_06_a_community_judges_blue_cases_and_a_leader_alone_lowers_orange()
    {
        In(Stage.PendingJudgment).Do(new Judge(Colour.Yellow, "", [], "ASSIGN", "x"), Community, Roles.CommunityDesk).Want("ABOVE_YOUR_LEVEL").Do(new Judge(Colour.Grey, "", [], "ASSIGN", "x"), "CS-410803002001", Roles.CommunityDesk).Want("OUT_OF_SCOPE")
            .Do(new Judge(Colour.Blue, "", [], "ASSIGN", "x"), Community, Roles.CommunityDesk).Want(null);
        Registered(Registration(confidence: 0.5, level: Colour.Yellow)).Do(new Judge(Colour.Blue, "", [], "ASSIGN", "x"), Community, Roles.CommunityDesk).Want("ABOVE_YOUR_LEVEL").Desk(new Judge(Colour.Blue, "", [], "ASSIGN", "x")).Want(null);
    }

    [Theory]
    [InlineData("ASSIGN", CasePhase.Assigned)]
    [InlineData("AGENDA", CasePhase.PendingAssignment)]
    public void Row_06_a_judgment_ends_its_clock_and_the_question_to_the_reporter(string decision, CasePhase phase)
    {
        var world = In(Stage.AwaitingInJudgment).After(TimeSpan.FromMinutes(30)).Desk(new Judge(Colour.Grey, "0602", ["lamp"], decision, "by the photo")).Want(null);
        Assert.Equal((phase, "0602", false, null), (world.Case().Phase, world.Case().Subject!.Category, world.Case().IsWaiting, world.Case().Running(ClockName.Judge)));
        Assert.False(Assert.Single(world.Events, e => e.Event is InfoProvided).Event is InfoProvided { Answered: true });
        Assert.DoesNotContain(world.Case().Clocks, c => c.Phase == ClockPhase.Paused);
    }

    [Fact]
    public void Row_07_intake_is_refused_for_blue_only_with_a_code_a_basis_and_where_to_go_and_as_malicious_by_two_persons()
    {
        Registered(Registration(confidence: 0.5, level: Colour.Yellow)).Desk(new RejectIntake("NO_FACTS", "x", "y")).Want("LEVEL_NOT_REJECTABLE");
        var world = In(Stage.PendingJudgment).Desk(new RejectIntake("BORING", "x", "y")).Want("CODE_INVALID").Desk(new RejectIntake("NO_FACTS", "", "y")).Want("TEXT_MISSING").Desk(new RejectIntake("NO_FACTS", "x", "")).Want("TEXT_MISSING")
            .Desk(new RejectIntake("MALICIOUS", "the fifth today", "nowhere")).Want(null);
        Assert.Equal(CasePhase.PendingJudgment, world.Case().Phase);
        world.Desk(new RejectIntake("MALICIOUS", "the fifth today", "nowhere")).Want("SECOND_PERSON_NEEDED").Leader(new RejectIntake("MALICIOUS", "I have seen them", "nowhere")).Want(null);
        Assert.Equal((CasePhase.Rejected, "MALICIOUS"), (world.Case().Phase, world.Case().RefusedAs));
        Assert.Empty(world.Deadlines(Key));
    }

    [Fact]
    public void Row_08_the_reporter_is_asked_twice_for_two_working_days_each_and_every_clock_stands_still()
    {
        var world = In(Stage.Accepted);
        var before = world.Case().Clocks.Where(c => c.Phase == ClockPhase.Running).ToList();
        world.Lead_(new AskReporter("which park?")).Want(null);
        Assert.Equal(August(6, 18), world.Case().Info!.Until);
        Assert.DoesNotContain(world.Case().Clocks, c => c.Phase == ClockPhase.Running);
        Assert.Equal(["INFO_ANSWER"], world.Deadlines(Key).Select(d => d.Name));
        Until(world, 6, 17, 59);
        Assert.NotNull(world.Case().Info);
        Until(world, 6, 18);
        var answer = Assert.Single(world.Events, e => e.Event is InfoProvided);
        Assert.True(answer.Event is InfoProvided { Answered: false } && answer.Event.At == August(6, 18));
        Assert.Equal(before.Select(c => c.Name), world.Case().Clocks.Where(c => c.Phase == ClockPhase.Running).Select(c => c.Name));
        Assert.Equal(before.Single(c => c.Name == ClockName.Contact).Due.AddHours(57), world.Case().Running(ClockName.Contact)!.Due);
        // Closings of the 5th and the 6th fell into it; that of the first day never counts.
        Assert.Equal(August(13, 18), world.Case().Running(ClockName.Due)!.Due);
        world.Lead_(new AskReporter("which tree?")).Want(null).Do(new AnswerQuestion("the oak"), "", Roles.Reporter, Reporter).Want(null).Lead_(new AskReporter("which branch?")).Want("TOO_MANY_QUESTIONS");
    }

    [Fact]
    public void Row_08_whoever_leads_asks_and_nobody_is_asked_over_danger()
    {
        In(Stage.PendingJudgment).Desk(new Assign(Community, [], [], "", "near")).Want(null).Do(new AcceptTask(""), Community, Roles.CommunityDesk).Want(null)
            .Do(new AskReporter("where?"), Subdistrict, Roles.SubdistrictDesk).Want("LEAD_ONLY").Do(new AskReporter("where?"), Community, Roles.GridWorker).Want(null);
        In(Stage.Accepted).Leader(new RaiseLevel(Colour.Orange, "it burns")).Lead_(new AskReporter("where?")).Want("LEVEL_NOT_SUSPENDABLE");
        Registered(Registration(reachable: false)).Lead_(new AcceptTask("")).Lead_(new AskReporter("where?")).Want("NO_REPORTER");
    }

    [Fact]
    public void Row_09_the_time_to_resolve_starts_with_the_assignment_and_not_with_the_signature()
    {
        var world = In(Stage.PendingJudgment).After(TimeSpan.FromMinutes(90)).Desk(new Assign("CG", [], [], "", "list of duties")).Want(null).After(TimeSpan.FromDays(1)).Lead_(new AcceptTask("")).Want(null);
        Assert.Equal((August(4, 10, 30), August(11, 18)), (world.Case().Running(ClockName.Due)!.StartedAt, world.Case().Running(ClockName.Due)!.Due));
        In(Stage.PendingJudgment).Desk(new Assign("XX", [], [], "", "x")).Want("ORGANISATION_UNKNOWN").Desk(new Assign("", [], [], "", "x")).Want("LEAD_MISSING");
        In(Stage.Accepted).Desk(new Assign("ZJ", [], [], "", "x")).Want("LEAD_STANDS");
    }

    [Fact]
    public void Row_11_a_second_rejection_goes_to_a_leader_within_two_working_hours_and_the_time_to_resolve_runs_on()
    {
        var world = In(Stage.Assigned);
        var due = world.Case().Running(ClockName.Due)!.Due;
        world.Lead_(new RejectTask("NOT_OURS", "NS", "list of duties")).Want(null).After(TimeSpan.FromHours(1)).Desk(new Assign("NS", [], [], "", "as suggested")).Want(null)
            .Do(new RejectTask("NOT_OURS", "CG", "list of duties"), "NS", Roles.Handler).Want(null);
        Assert.Equal((CasePhase.PendingAssignment, 2, due), (world.Case().Phase, world.Case().Rejections, world.Case().Running(ClockName.Due)!.Due));
        Assert.Equal(August(4, 12), world.Case().Running(ClockName.Assign)!.Due);
        world.Leader(new ForceAssign("ZJ", "")).Want("TEXT_MISSING").Leader(new ForceAssign("ZJ", "first come")).Want(null).Do(new RejectTask("NOT_OURS", "", "x"), "ZJ", Roles.Handler).Want("TASK_FORCED");
        // Assigned again and not forced: given back often enough.
        var third = In(Stage.PendingAssignment).Desk(new Assign("NS", [], [], "", "x")).Do(new RejectTask("NOT_OURS", "CG", "x"), "NS", Roles.Handler).Desk(new Assign("ZJ", [], [], "", "x"));
        third.Do(new RejectTask("NOT_OURS", "CG", "x"), "ZJ", Roles.Handler).Want("TOO_MANY_REJECTIONS");
    }

    [Fact]
    public void Row_11_nobody_gives_back_danger_nor_what_he_signed_four_working_hours_ago()
    {
        In(Stage.Assigned).Leader(new RaiseLevel(Colour.Orange, "it burns")).Lead_(new RejectTask("NOT_OURS", "", "x")).Want("LEVEL_NOT_REJECTABLE");
        In(Stage.Assigned).Leader(new RaiseLevel(Colour.Yellow, "it may fall")).Lead_(new RejectTask("NOT_OURS", "", "x")).Want(null);
        // Signed at nine: four working hours end at half past three.
        Until(In(Stage.Accepted), 4, 15, 29).Lead_(new RejectTask("NOT_OURS", "", "")).Want("TEXT_MISSING").Lead_(new RejectTask("NOT_OURS", "", "x")).Want(null);
        Until(In(Stage.Accepted), 4, 15, 31).Lead_(new RejectTask("NOT_OURS", "", "x")).Want("REJECTION_TOO_LATE");
    }

    [Fact]
    public void Row_13_down_to_a_unit_once_and_up_one_tier_at_a_time_with_the_same_time_to_resolve()
    {
        In(Stage.Accepted).Lead_(new CaseCommand.Delegate("CG-1", "near")).Want(null).Lead_(new CaseCommand.Delegate("CG-2", "nearer")).Want("DELEGATED_ALREADY").Do(new Depart(""), "CG-1", Roles.Handler).Want(null);
        var world = In(Stage.PendingJudgment).Desk(new Assign(Community, [], [], "", "near")).Want(null);
        var due = world.Case().Running(ClockName.Due)!.Due;
        world.Do(new AcceptTask(""), Community, Roles.GridWorker).Want(null).Do(new ReportUp(""), Community, Roles.GridWorker).Want("REASON_MISSING").Do(new ReportUp("too big"), Community, Roles.GridWorker).Want(null);
        Assert.Equal((Subdistrict, due), (world.Case().Lead.Organisation, world.Case().Running(ClockName.Due)!.Due));
        world.Do(new AcceptTask(""), Community, Roles.GridWorker).Want("NOT_YOUR_TASK").Do(new AcceptTask(""), Subdistrict, Roles.SubdistrictDesk).Want(null).Do(new ReportUp("too big"), Subdistrict, Roles.SubdistrictDesk).Want(null);
        Assert.Equal(("DISPATCH", due), (world.Case().Lead.Organisation, world.Case().Running(ClockName.Due)!.Due));
    }

    [Fact]
    public void Row_13_what_the_grid_handles_itself_goes_up_by_itself_after_four_working_hours_on_each_tier()
    {
        var world = Registered(Registration("0501"));
        Assert.True(world.Case().SelfHandling);
        Assert.StartsWith("CS-410803001001", world.Case().Lead.Organisation, StringComparison.Ordinal);
        Until(world, 4, 15, 29);
        Assert.Equal(Community, world.Case().Lead.Organisation);
        Until(world, 4, 15, 30);
        Assert.Equal((Subdistrict, TaskPhase.Offered), (world.Case().Lead.Organisation, world.Case().Lead.Phase));
        Assert.Contains(world.Events, e => e.Event is TaskDelegated { Up: true, By: "system" } up && up.At == August(4, 15, 30));
        // Two and a half hours are left of Monday, one and a half come on Tuesday.
        Until(world, 5, 10);
        Assert.Equal("DISPATCH", world.Case().Lead.Organisation);
        Assert.False(Registered(Registration("0501", level: Colour.Yellow)).Case().SelfHandling);
    }

    [Theory]
    [InlineData(113.19, 35.23, 50, null)]
    [InlineData(113.1928, 35.23, 60, null)]
    [InlineData(113.1928, 35.23, 50, "NOT_ON_SCENE")]
    [InlineData(113.19, 35.235, 200, "NOT_ON_SCENE")]
    public void Row_15_one_is_on_the_scene_within_two_hundred_metres_and_the_accuracy(double longitude, double latitude, double accuracy, string? refusal) =>
        // 0.0028 degrees of longitude are 254.6 m at this latitude.
        Registered(Registration() with { Place = Place.Unknown with { Community = "410803001001", Longitude = 113.19, Latitude = 35.23 } }).Lead_(new AcceptTask("")).Lead_(new ArriveOnScene("POINT", longitude, latitude, accuracy, "")).Want(refusal);

    [Fact]
    public void Row_16_progress_starts_the_stale_clock_anew_also_for_a_lead_that_waits_for_others()
    {
        var world = Until(In(Stage.Done), 6, 10).Lead_(new ReportProgress("the gardeners come", "")).Want(null);
        Assert.Equal((August(6, 10), August(11, 18)), (world.Case().Running(ClockName.Stale)!.StartedAt, world.Case().Running(ClockName.Stale)!.Due));
    }

    [Fact]
    public void Row_18_contact_by_call_visit_or_a_message_that_was_read_meets_its_clock()
    {
        var world = In(Stage.Accepted).Lead_(new ContactReporter("DOVE", true, "")).Want("METHOD_INVALID").Lead_(new ContactReporter("MESSAGE", false, "not read")).Want(null);
        Assert.Equal((false, August(5, 9)), (world.Case().Contacted, world.Case().Running(ClockName.Contact)!.Due));
        world.Lead_(new ContactReporter("VISIT", true, "")).Want(null);
        Assert.Equal((true, ClockPhase.Met), (world.Case().Contacted, world.Case().Clocks.Single(c => c.Name == ClockName.Contact).Phase));
    }

    [Theory]
    [InlineData("0508", "", "EVIDENCE_MISSING", "P")]
    [InlineData("0508", "S", "EVIDENCE_MISSING", "P")]
    [InlineData("0508", "P", null, "")]
    [InlineData("0503", "P", "EVIDENCE_MISSING", "V")]
    [InlineData("0503", "P,V", null, "")]
    [InlineData("0804", "C", "EVIDENCE_MISSING", "S")]
    [InlineData("0804", "C,S", null, "")]
    public void Row_19_a_task_is_done_with_the_evidence_of_its_category(string category, string kinds, string? refusal, string lacking)
    {
        var world = Registered(Registration(category));
        var lead = world.Case().Lead.Organisation;
        world.Do(new AcceptTask(""), lead, Roles.Handler).Want(null).Do(new CompleteTask("RESOLVED", "e", [.. kinds.Split(',')]), lead, Roles.Handler).Want(refusal);
        if (refusal is not null) Assert.Equal(lacking, world.Refusal!.Metadata["kinds"]);
        else Assert.Equal(TaskPhase.Done, world.Case().Lead.Phase);
    }

    [Fact]
    public void Row_20_a_share_that_is_not_needed_is_waived_or_withdrawn_with_a_reason()
    {
        var world = In(Stage.Done).Desk(new Assign("", ["XFD", "PA"], ["XFD"], "", "needs water")).Want(null).Lead_(new SubmitFeedback("done", "done")).Want("TASKS_OPEN")
            .Desk(new WaiveTask("XFD", "")).Want("REASON_MISSING").Desk(new WaiveTask("XFD", "it rained")).Want(null).Desk(new WithdrawTask("PA", "by mistake")).Want(null);
        Assert.Equal([TaskPhase.Waived, TaskPhase.Withdrawn], world.Case().Tasks.Where(t => !t.Lead).Select(t => t.Phase));
        world.Do(new AcceptTask(""), "XFD", Roles.Handler).Want("NOT_YOUR_TASK").Lead_(new SubmitFeedback("done", "done")).Want(null);
    }
}
