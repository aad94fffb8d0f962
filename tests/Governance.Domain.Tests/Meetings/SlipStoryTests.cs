using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Meetings.SlipCommand;
using static Governance.Domain.Tests.Meetings.SlipStory;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Days in the life of slips (cases.md "Three meetings, two slips").</summary>
public sealed class SlipStoryTests
{
    [Fact]
    public void A_reminder_slip_is_wanted_issued_signed_answered_reviewed_and_cancelled_by_two_persons()
    {
        var story = new SlipStory().Wanted();
        Assert.Equal((SlipPhase.Drafted, SlipGround.Rule, ""), (story.State.Phase, story.State.Content!.Ground, story.State.Number));
        Assert.Empty(story.Sent<SlipOpened>());
        Assert.Empty(story.Sent<SlipNumberRequested>());
        story.After(TimeSpan.FromMinutes(20)).Leader(new Issue("")).Want(null);
        var issued = story.Now;
        // The clocks run from here, whenever the number comes.
        Assert.Equal((issued.AddMinutes(30), issued.AddHours(72)), (story.State.Running(SlipClockName.Sign)!.Due, story.State.Running(SlipClockName.Limit)!.Due));
        Assert.Equal(new SlipOpened(story.State.Key, SlipKind.Reminder, "leader-1", "open and orange", issued.AddHours(72), issued), Assert.Single(story.Sent<SlipOpened>()));
        Assert.Equal(new EntityAddress(EntityKinds.SlipRegister, "TX-2025"), story.Sends.Single(s => s.Message is SlipNumberRequested).To);
        story.After(TimeSpan.FromSeconds(2)).Numbered();
        Assert.Equal(("TX-2025-0001", "TX-2025-0001"), (story.State.Number, Assert.Single(story.Sent<SlipNumbered>()).Number));
        Assert.Equal(issued.AddHours(72), story.State.Running(SlipClockName.Limit)!.Due);

        story.After(TimeSpan.FromMinutes(10)).Lead(new Sign(""), "XFD").Want("NOT_YOUR_SLIP").Lead(new Sign("")).Want(null);
        story.After(TimeSpan.FromHours(20)).Lead(SlipStory.Answer).Want(null);
        story.Leader(new Review(false, "no photo"), "leader-2").Want(null);
        // Refused: signed again, in no more time.
        Assert.Equal((SlipPhase.Signed, 1, issued.AddHours(72)), (story.State.Phase, story.State.RefusedReplies, story.State.Running(SlipClockName.Limit)!.Due));
        story.Lead(SlipStory.Answer).Want(null).By("wang", "YJ", Roles.Operator, new Review(true, "ours")).Want("REVIEWER_IS_HANDLER").Leader(new Review(true, "seen"), "leader-2").Want(null);
        Assert.Null(story.State.Running(SlipClockName.Limit));
        story.Leader(new Cancel("report"), "leader-2").Want("CANCELLER_IS_REVIEWER").Leader(new Cancel("report")).Want("CANCELLER_IS_ISSUER").Leader(new Cancel("report"), "leader-3").Want(null);
        Assert.Equal((SlipPhase.Cancelled, SlipResults.Cancelled, "leader-3"), (story.State.Phase, story.State.Result, story.State.EndedBy));
        Assert.Equal(new SlipEnded(story.State.Key, SlipResults.Cancelled, story.Now), Assert.Single(story.Sent<SlipEnded>()));
        Assert.Empty(story.Deadlines);
        var told = story.Sent<AlertPublished>().Select(a => a.Alert).ToList();
        Assert.Equal(told.Count, told.Select(a => a.Id).Distinct().Count());
        Assert.Equal((AlertKind.SlipIssued, AlertKind.SlipEnded), (told[0].Kind, told[^1].Kind));
        Assert.All(told, a => Assert.Equal(("410803006", First.Value), (a.Area.Value, a.CaseKey)));
    }

    [Theory]
    [InlineData(Colour.Red, 24)]
    [InlineData(Colour.Orange, 72)]
    public void The_limit_of_red_and_orange_is_calendar_time(Colour level, int hours)
    {
        var story = new SlipStory().Draft(SlipKind.Reminder, SlipStep.Issue, level).Want(null);
        Assert.Equal(story.Now.AddHours(hours), story.State.Running(SlipClockName.Limit)!.Due);
        Assert.Equal(story.Now.AddMinutes(30), story.State.Running(SlipClockName.Sign)!.Due);
    }

    /// <summary>Issued on Monday 2025-09-22 at 09:00; the Sunday after it is a make-up day, and eight days off begin on Wednesday 1 October.</summary>
    [Theory]
    [InlineData(SlipKind.Reminder, Colour.Yellow, "2025-09-28T18:00", "2025-09-22T15:30")]
    [InlineData(SlipKind.Reminder, Colour.Blue, "2025-09-30T18:00", "2025-09-22T15:30")]
    [InlineData(SlipKind.Supervision, Colour.Red, "2025-09-23T09:00", "2025-09-22T09:30")]
    [InlineData(SlipKind.Supervision, Colour.Orange, "2025-09-23T21:00", "2025-09-22T09:30")]
    [InlineData(SlipKind.Supervision, Colour.Yellow, "2025-09-25T18:00", "2025-09-22T15:30")]
    [InlineData(SlipKind.Supervision, Colour.Blue, "2025-09-26T18:00", "2025-09-22T15:30")]
    public void Limits_and_signatures_are_those_of_the_specification(SlipKind kind, Colour level, string due, string sign)
    {
        var story = new SlipStory().Draft(kind, SlipStep.Issue, level, SlipGround.Meeting).Want(null);
        Assert.Equal((due, sign), (Local(story.State.Running(SlipClockName.Limit)!.Due), Local(story.State.Running(SlipClockName.Sign)!.Due)));
    }

    private static string Local(DateTimeOffset at) => at.ToOffset(WorkCalendar.Local).ToString("yyyy-MM-dd'T'HH:mm");

    [Fact]
    public void Unsigned_counts_as_signed_and_is_known_as_such()
    {
        var story = new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued).After(TimeSpan.FromHours(1));
        Assert.Equal((SlipPhase.Signed, true, ""), (story.State.Phase, story.State.IsDeemedSigned, story.State.SignedBy));
        Assert.Contains(new SlipEvent.DeadlineMissed(story.Now.AddMinutes(-30), SlipClockName.Sign, TimeSpan.Zero), story.Events);
        var limit = story.State.Running(SlipClockName.Limit)!.Due;
        story.Lead(new Sign("")).Want(null).Lead(new Sign("")).Want("ILLEGAL_TRANSITION").Lead(SlipStory.Answer).Want(null);
        Assert.Equal(("wang", limit), (story.State.SignedBy, story.State.Running(SlipClockName.Limit)!.Due));
        new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued).After(TimeSpan.FromHours(1)).Lead(SlipStory.Answer).Want(null);
    }

    [Fact]
    public void A_late_wake_up_fires_each_deadline_once_at_its_own_instant()
    {
        var story = new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued);
        var issued = story.Now;
        story.At(issued.AddHours(100)).Wake().Wake();
        var missed = story.Events.OfType<SlipEvent.DeadlineMissed>().ToList();
        Assert.Equal([(issued.AddMinutes(30), SlipClockName.Sign, TimeSpan.FromHours(99.5)), (issued.AddHours(72), SlipClockName.Limit, TimeSpan.FromHours(28))], missed.Select(m => (m.At, m.Clock, m.LateBy)));
        Assert.Equal(("OVERDUE", issued.AddHours(72), SlipPhase.Signed), (story.State.StateName, story.State.OverdueAt, story.State.OverdueIn));
    }

    [Fact]
    public void An_overdue_reminder_comes_before_the_next_weekly_meeting_and_is_worked_off_or_superseded()
    {
        // Issued on Monday, overdue on Thursday: the meeting is on Friday.
        var story = new SlipStory().To(SlipKind.Reminder, SlipPhase.Signed).After(TimeSpan.FromHours(72));
        var raised = story.Sends.Single(s => s.Message is MeetingItemRaised);
        Assert.Equal("meeting/weekly/2025-09-26", raised.To.ToString());
        var item = ((MeetingItemRaised)raised.Message).Item;
        Assert.Equal(($"slip/{story.State.Key}", "REMINDER_OVERDUE", true, story.Now), (item.Key, item.Rule, item.Stays, item.Since));
        Assert.Equal(2, story.Sent<SlipOverdue>().Count());
        Assert.Contains(story.Sent<AlertPublished>(), a => a.Alert is { Kind: AlertKind.SlipOverdue } alert && alert.Departments.Contains("YJ"));
        story.Leader(new Withdraw("never mind")).Want("SLIP_OVERDUE");

        // The meeting's agenda was fixed before it came: the next one has it.
        story.After(TimeSpan.FromHours(26)).Confirm(raised.Message, raised.To, MeetingItemRaised.AgendaFixed);
        Assert.Equal("meeting/weekly/2025-09-30", story.Sends[^1].To.ToString());

        // Late work is work: accepted and cancelled after its time.
        story.Lead(SlipStory.Answer).Want(null);
        Assert.Equal("OVERDUE", story.State.StateName);
        story.Leader(new Review(true, "late, and done"), "leader-2").Want(null).Leader(new Cancel("report"), "leader-3").Want(null);
        Assert.NotNull(story.State.OverdueAt);

        var other = new SlipStory().To(SlipKind.Reminder, SlipPhase.Signed).After(TimeSpan.FromHours(80)).Deliver(new SlipTaken(new SlipKey("S9"), default)).Deliver(new SlipTaken(new SlipKey("S10"), default));
        Assert.Equal((SlipPhase.Superseded, "S9", SlipResults.Superseded), (other.State.Phase, other.State.ReplacedBy.Value, other.State.Result));
        Assert.Equal(2, other.Sent<SlipEnded>().Count(e => e.Result == SlipResults.Superseded));
    }

    [Fact]
    public void A_supervision_slip_goes_from_plan_to_inspection_to_two_persons()
    {
        var story = new SlipStory().Draft(SlipKind.Supervision, SlipStep.Draft, ground: SlipGround.Overdue).Want(null).Leader(new Issue("")).Want("ROLE_REQUIRED").Chair(new Approve("")).Want(null).Leader(new Issue("")).Want(null);
        Assert.Equal(("chair", "leader-1"), (story.State.ApprovedBy, story.State.IssuedBy));
        story.Numbered("DB-2025-0001").Lead(new Sign("")).Want(null);
        Assert.Equal(("2025-09-23T18:00"), Local(story.State.Running(SlipClockName.Plan)!.Due));
        story.Lead(new Report("at once")).Want("ILLEGAL_TRANSITION").Lead(new FilePlan("all gaskets")).Want(null);
        Assert.Equal(story.Now.AddHours(24), story.State.Running(SlipClockName.Progress)!.Due);
        story.After(TimeSpan.FromHours(23)).Lead(new Report("half")).Want(null).Lead(new RequestCancel("photo")).Want(null);
        Assert.Null(story.State.Running(SlipClockName.Progress));
        story.By("g1", "XFD", Roles.GridWorker, new Inspect(true, "fine")).Want("INSPECTOR_IS_HANDLER").By("g1", "", Roles.GridWorker, new Inspect(true, "fine")).Want("ORGANISATION_MISSING")
            .By("g1", "CS-2", Roles.GridWorker, new Inspect(false, "two are old")).Want(null);
        Assert.Equal((SlipPhase.InProgress, 1, ""), (story.State.Phase, story.State.FailedInspections, story.State.CancelEvidence));
        Assert.NotNull(story.State.Running(SlipClockName.Limit));
        story.Lead(new RequestCancel("photo of all")).Want(null).By("i1", "DCS", Roles.Inspection, new Inspect(true, "all new")).Want(null);
        Assert.Null(story.State.Running(SlipClockName.Limit));
        story.Chair(new Cancel("report")).Want("SECOND_PERSON_MISSING").Leader(new Cancel("agreed")).Want(null).Leader(new Cancel("agreed"), "leader-2").Want("SECONDED_ALREADY")
            .Chair(new Cancel("report"), "leader-1").Want("SAME_PERSON").Chair(new Cancel("report")).Want(null);
        Assert.Equal((SlipPhase.Cancelled, "leader-1", "chair"), (story.State.Phase, story.State.SecondedBy, story.State.EndedBy));
    }

    [Fact]
    public void Plan_and_progress_that_do_not_come_are_told_again_and_again_and_after_an_absence_once()
    {
        var story = new SlipStory().To(SlipKind.Supervision, SlipPhase.PlanFiled).After(TimeSpan.FromHours(30));
        Assert.Single(story.Events.OfType<SlipEvent.DeadlineMissed>(), m => m.Clock == SlipClockName.Progress);
        var due = story.State.Running(SlipClockName.Progress)!.Due;
        story.At(due.AddDays(9)).Wake();
        Assert.Equal(2, story.Events.OfType<SlipEvent.DeadlineMissed>().Count(m => m.Clock == SlipClockName.Progress));
        Assert.Equal(story.Now.AddHours(24), story.State.Running(SlipClockName.Progress)!.Due);
        var lazy = new SlipStory().To(SlipKind.Supervision, SlipPhase.Signed).WaitUntil(SlipStory.Local(2025, 9, 23, 18, 30));
        Assert.Contains(lazy.Events, e => e is SlipEvent.DeadlineMissed { Clock: SlipClockName.Plan });
        lazy.Lead(new FilePlan("late")).Want(null);
    }

    /// <summary>Every meeting reads the limit of every open slip: one slip without it would leave the district without agendas.</summary>
    [Theory, InlineData(SlipPhase.PlanFiled), InlineData(SlipPhase.Inspected)]
    public void A_slip_that_stands_still_for_months_keeps_its_limit(SlipPhase phase)
    {
        var story = new SlipStory().To(SlipKind.Supervision, phase);
        var due = story.State.Latest(SlipClockName.Limit)!.Due;
        story.After(TimeSpan.FromDays(120));
        Assert.True(story.State.Clocks.Count <= SlipState.ClockLimit);
        Assert.Equal(due, CaseFacts.Of(story.State).Due);
    }

    [Fact]
    public void An_overdue_supervision_slip_calls_the_crisis_meeting_and_is_referred_to_discipline()
    {
        var story = new SlipStory().To(SlipKind.Supervision, SlipPhase.InProgress).After(TimeSpan.FromHours(36));
        Assert.Equal(("OVERDUE", "JW"), (story.State.StateName, story.State.ReferredTo));
        var raised = story.Sends.Single(s => s.Message is MeetingItemRaised);
        // Tuesday evening: the next working day, at nine.
        Assert.Equal(("meeting/crisis/2025-09-24", SlipStory.Local(2025, 9, 24, 9, 0), false), (raised.To.ToString(), ((MeetingItemRaised)raised.Message).Call!.Start, ((MeetingItemRaised)raised.Message).Call!.LiveDanger));
        Assert.Contains(story.Sent<AlertPublished>(), a => a.Alert.Kind == AlertKind.SlipOverdue && a.Alert.Departments.Contains("JW"));
        story.Chair(new Extend("24h", "rain")).Want("DEADLINE_PASSED").Chair(new Withdraw("never mind")).Want("SLIP_OVERDUE").Lead(new RequestCancel("done at last")).Want(null);

        // Red is live danger: within two hours.
        var red = new SlipStory().Draft(SlipKind.Supervision, SlipStep.Issue, Colour.Red, SlipGround.Meeting).After(TimeSpan.FromHours(24));
        var call = (MeetingItemRaised)red.Sends.Single(s => s.Message is MeetingItemRaised).Message;
        Assert.Equal((red.Now.AddHours(2), true), (call.Call!.Start, call.Call.LiveDanger));
    }

    [Fact]
    public void More_time_is_granted_once_and_within_its_bounds()
    {
        var story = new SlipStory().To(SlipKind.Supervision, SlipPhase.Signed);
        var due = story.State.Running(SlipClockName.Limit)!.Due;
        story.Chair(new Extend("soon", "rain")).Want("EXTENSION_INVALID").Chair(new Extend("9WD", "rain")).Want("EXTENSION_TOO_LONG").Chair(new Extend("24h", "")).Want("REASON_MISSING").Chair(new Extend("24h", "rain")).Want(null);
        Assert.Equal(due.AddHours(24), story.State.Running(SlipClockName.Limit)!.Due);
        story.Chair(new Extend("24h", "more rain")).Want("TOO_MANY_EXTENSIONS").WaitUntil(due.AddHours(23));
        Assert.Null(story.State.OverdueAt);
        Assert.NotNull(story.WaitUntil(due.AddHours(24)).State.OverdueAt);
    }

    [Fact]
    public void By_rule_a_red_case_is_reminded_at_once_and_a_wish_that_is_repeated_changes_nothing()
    {
        var story = new SlipStory().Wanted(level: Colour.Red, atOnce: true);
        Assert.Equal((SlipPhase.Issued, "system"), (story.State.Phase, story.State.IssuedBy));
        var before = story.State;
        Assert.Same(before, story.Wanted(level: Colour.Red, atOnce: true).State);
        // Another case with the same wish is covered too, and told.
        story.Wanted(level: Colour.Red, atOnce: true, of: Second);
        Assert.Equal([First, Second], story.State.Cases.Select(c => c.Case));
        Assert.Equal(2, story.Sent<SlipOpened>().Count());
        // A rise makes a draft what it must be.
        var risen = new SlipStory().Wanted().Wanted(level: Colour.Red, atOnce: true);
        Assert.Equal((SlipPhase.Issued, Colour.Red, risen.Now.AddHours(24)), (risen.State.Phase, risen.State.Content!.Level, risen.State.Running(SlipClockName.Limit)!.Due));
        // A supervision slip is the weekly meeting's, whatever a rule wishes; its chair may ask for it in the case.
        var asked = new SlipStory().Deliver(new SlipWanted(SlipKind.Supervision, First, "", Colour.Yellow, new AreaCode("410803006"), "YJ", [], "0101", "three weeks", true, false, ClockId.Wall, default, "chair"));
        Assert.Equal((SlipPhase.Issued, "chair", "chair"), (asked.State.Phase, asked.State.ApprovedBy, asked.State.IssuedBy));
        Assert.Equal(SlipPhase.Drafted, new SlipStory().Wanted(SlipKind.Supervision, Colour.Red, atOnce: true).State.Phase);
        Assert.Equal("SLIP_IS_ANOTHER_WORLDS", new SlipStory().Wanted().Wanted(drill: true, of: Second).Outcome.Name);
        var withdrawn = new SlipStory().To(SlipKind.Reminder, SlipPhase.Withdrawn);
        var over = withdrawn.State;
        Assert.Same(over, withdrawn.Wanted().State);
    }

    [Fact]
    public void A_case_that_is_over_is_dropped_and_with_the_last_one_the_slip_is_withdrawn()
    {
        var story = new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued);
        var opened = story.Sends.Where(s => s.Message is SlipOpened).ToList();
        Assert.Equal([First.Value, Second.Value], opened.Select(o => o.To.Id));
        story.Confirm(opened[0].Message, opened[0].To, new Outcome(SlipOpened.CaseClosed));
        Assert.Equal((SlipPhase.Issued, 1), (story.State.Phase, story.State.Held.Count()));
        story.Confirm(opened[1].Message, opened[1].To, Outcome.Accepted);
        Assert.Equal(SlipPhase.Issued, story.State.Phase);
        story.Confirm(opened[1].Message, opened[1].To, new Outcome(SlipOpened.CaseClosed));
        Assert.Equal((SlipPhase.Withdrawn, "system"), (story.State.Phase, story.State.EndedBy));
        // Its number comes later, and stays its own: the register has no hole.
        Assert.Equal("TX-2025-0001", story.Numbered().State.Number);
        Assert.Empty(story.Sent<SlipNumbered>());
    }

    [Fact]
    public void A_slip_needs_a_ground()
    {
        new SlipStory().Draft(SlipKind.Reminder, SlipStep.Issue, Colour.Yellow, ground: null).Want("GROUND_MISSING");
        new SlipStory().Draft(SlipKind.Supervision, SlipStep.Issue, Colour.Yellow, ground: null).Want("ITEM_NOT_OVERDUE");
        new SlipStory().Draft(SlipKind.Reminder, SlipStep.Draft, Colour.Yellow, ground: null).Want(null).Leader(new Issue("")).Want("GROUND_MISSING");
        new SlipStory().Leader(new Draft(Content(SlipKind.Reminder) with { Lead = "" }, [new SlipCase(First, "")], SlipStep.Issue, default)).Want("LEAD_MISSING")
            .Leader(new Draft(Content(SlipKind.Reminder) with { Reason = "" }, [new SlipCase(First, "")], SlipStep.Issue, default)).Want("REASON_MISSING")
            .Leader(new Draft(Content(SlipKind.Reminder) with { Level = Colour.Grey }, [new SlipCase(First, "")], SlipStep.Issue, default)).Want("LEVEL_INVALID")
            .Leader(new Draft(Content(SlipKind.Reminder), [], SlipStep.Issue, default)).Want("CASES_INVALID")
            .Leader(new Draft(Content(SlipKind.Reminder), [new SlipCase(First, ""), new SlipCase(First, "")], SlipStep.Issue, default)).Want("CASES_INVALID")
            .Leader(new Draft(Content(SlipKind.Reminder), [new SlipCase(First, "")], SlipStep.Approve, default)).Want("STEP_INVALID")
            .Leader(new Draft(Content(SlipKind.Reminder), [new SlipCase(First, "")], SlipStep.Issue, default)).Want(null)
            .Leader(new Draft(Content(SlipKind.Reminder), [new SlipCase(First, "")], SlipStep.Issue, default)).Want("SLIP_EXISTS");
        var limits = District.Policy.Slips;
        Assert.Equal([SlipGround.Level, SlipGround.Correlation, SlipGround.Departments, SlipGround.Overdue, null], new SlipGround?[]
        {
            limits.GroundOf(Colour.Orange, Colour.Grey, 1, 0), limits.GroundOf(Colour.Yellow, Colour.Yellow, 1, 0), limits.GroundOf(Colour.Blue, Colour.Blue, 2, 0), limits.GroundOf(Colour.Blue, Colour.Grey, 1, 20),
            limits.GroundOf(Colour.Yellow, Colour.Blue, 1, 19.9),
        });
    }

    [Fact]
    public void A_drill_is_numbered_apart_lives_in_its_recording_and_reaches_no_meeting()
    {
        var recorded = new DateTimeOffset(2020, 1, 6, 1, 0, 0, TimeSpan.Zero);
        var story = new SlipStory().At(recorded).Draft(SlipKind.Reminder, SlipStep.Issue, drill: true).Want(null);
        Assert.Equal("TX-2020-DR", story.Sends.Single(s => s.Message is SlipNumberRequested).To.Id);
        Assert.Equal(recorded.AddHours(72), story.State.Running(SlipClockName.Limit)!.Due);
        story.After(TimeSpan.FromHours(80));
        Assert.NotNull(story.State.OverdueAt);
        Assert.Empty(story.Sent<MeetingItemRaised>());
        Assert.All(story.Sent<AlertPublished>(), a => Assert.True(a.Alert.Drill));
        Assert.Empty(new SlipStory().Draft(SlipKind.Supervision, SlipStep.Issue, ground: SlipGround.Overdue, drill: true).After(TimeSpan.FromHours(99)).Sent<MeetingItemRaised>());
    }

    [Fact]
    public void A_meeting_orders_a_slip_once_and_it_takes_the_place_of_the_reminder()
    {
        var old = new SlipKey("S7");
        var order = new SlipOrdered(new SlipOrder(Content(SlipKind.Supervision, ground: null, replaces: old), [new SlipCase(First, "N1")]), "chair", "weekly/2025-09-26", default);
        var story = new SlipStory().Deliver(order);
        Assert.Equal((SlipPhase.Issued, "chair", "chair", SlipGround.Meeting), (story.State.Phase, story.State.ApprovedBy, story.State.IssuedBy, story.State.Content!.Ground));
        Assert.Equal(old.Address, story.Sends.Single(s => s.Message is SlipTaken).To);
        var before = story.State;
        Assert.Same(before, story.Deliver(order).State);
    }

    [Fact]
    public void A_new_calendar_moves_what_counts_working_days_and_nothing_else()
    {
        var story = new SlipStory().Draft(SlipKind.Reminder, SlipStep.Issue, Colour.Yellow, SlipGround.Departments);
        var texts = District.Texts with { Calendar = District.Texts.Calendar.Replace("version|1", "version|2").Replace("2025-09-28|work", "2025-09-23..2025-09-24|off|storm\n2025-09-28|work") };
        var rules = new SlipRules(Domain.Registry.PolicyFiles.Read(texts).Policy);
        Assert.Contains(rules.Deadlines(story.State), d => d.Due <= story.Now);
        var moved = rules.Decide(story.State, new Stimulus.Woken(), story.Now).Events.OfType<SlipEvent.ClockMoved>().Single();
        // Two days off: Thu, Fri, Sun (make-up day), Mon, Tue.
        Assert.Equal((SlipClockName.Limit, "2025-09-30T18:00", 2), (moved.Clock, Local(moved.Due), moved.Calendar));
        var after = rules.Evolve(story.State, moved);
        Assert.DoesNotContain(rules.Deadlines(after), d => d.Due <= story.Now);
        Assert.DoesNotContain(rules.Deadlines(new SlipStory().Draft(SlipKind.Reminder, SlipStep.Issue, Colour.Orange).State), d => d.Due <= story.Now);
    }

    [Fact]
    public void What_is_impossible_is_loud() =>
        Assert.Throws<InvalidOperationException>(() => SlipEvolution.Evolve(new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued).State, new SlipEvent.SlipReplied(default, new Domain.Meetings.SlipReply("", default, "", "", "", ""))));
}
