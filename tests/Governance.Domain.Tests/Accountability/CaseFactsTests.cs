using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>What counts for whom, from the events of a case alone.</summary>
public sealed class CaseFactsTests
{
    private static IEnumerable<(FactKind, string, bool)> Facts(CaseStory story) => CaseAccount.Of("C1", story.Events).Facts.Select(f => (f.Kind, f.Organisation, f.Good));
    private static IEnumerable<(FactKind, string, bool)> Of(CaseStory story, params FactKind[] kinds) => Facts(story).Where(f => kinds.Contains(f.Item1));

    private static CaseStory Closed(CaseStory story) => story.Accept().Leave().Arrive().Clear().Control().Complete().Feedback().Verify().Close();

    /// <summary>A case that a resident reported, with the lead that the rules chose.</summary>
    private static CaseStory Reported(string channel = "AP", bool reachable = true) => new CaseStory().At("10:00:00").CommandBy("platform",
        new RegisterCase(channel, "e1", "0602", 0.95, Colour.Grey, "410803006", Place.Unknown with { Address = "street 1" }, [], "lamp", "zhang", reachable, [], false, ""), "", Roles.System).Want(null);

    private static CaseStory Handled(CaseStory story) => (story.By(new AcceptTask("")).State.HasReachableReporter ? story.By(new ContactReporter("CALL", true, "")) : story).By(new ArriveOnScene("QR", 0, 0, 0, "")).By(new CompleteTask("RESOLVED", "photo", ["P"])).By(new SubmitFeedback("done", "done")).Verify();

    [Fact]
    public void In_time_everything_is_good_and_counts_once()
    {
        var story = Closed(new CaseStory().At("14:10:00").Raise().At("14:12:00"));
        Assert.Equal([(FactKind.Signed, "YJ", true)], Of(story, FactKind.Signed).Where(f => f.Item2 == "YJ"));
        Assert.Equal([(FactKind.Due, "YJ", true), (FactKind.Closed, "YJ", true), (FactKind.Resolved, "YJ", true)], Of(story, FactKind.Due, FactKind.Closed, FactKind.Resolved));
        Assert.DoesNotContain(Facts(story), f => f.Item1 is FactKind.Rework or FactKind.Reopened or FactKind.Satisfied or FactKind.Contacted or FactKind.Proactive);
    }

    [Fact]
    public void Who_signs_too_late_or_never_did_not_sign_in_time_and_each_organisation_answers_for_itself()
    {
        // Red: five minutes. The lead signs after them, fire too, the environment bureau never; the police in time.
        var story = new CaseStory().At("14:10:00").Raise();
        var co = story.State.Tasks.Where(t => !t.Lead).Select(t => t.Organisation).ToList();
        story.At("14:12:00").Command(new AcceptTask(""), co[0]).WaitUntil("14:20:00").Command(new AcceptTask(""), co[1]);
        Closed(story);
        Assert.Equal([(FactKind.Signed, co[0], true), (FactKind.Signed, "YJ", false), (FactKind.Signed, co[1], false), .. co.Skip(2).Order(StringComparer.Ordinal).Select(o => (FactKind.Signed, o, false))], Of(story, FactKind.Signed).OrderBy(f => co.IndexOf(f.Item2) > 1 ? f.Item2 : "", StringComparer.Ordinal));
    }

    [Fact]
    public void A_reporter_who_is_asked_says_whether_it_is_resolved()
    {
        var story = Handled(Reported()).CommandBy("op", new RecordCallback(true, true, false, "slow"), "DISPATCH", Roles.Operator).Want(null).Close();
        Assert.Equal([(true, FactKind.Contacted), (true, FactKind.Resolved), (false, FactKind.Satisfied)], Of(story, FactKind.Contacted, FactKind.Resolved, FactKind.Satisfied).Select(f => (f.Item3, f.Item1)));
    }

    [Fact]
    public void Not_resolved_is_opened_again_and_remembered()
    {
        var story = Handled(Reported()).CommandBy("op", new RecordCallback(true, false, false, "still dark"), "DISPATCH", Roles.Operator).Want(null);
        Assert.Equal([FactKind.Resolved, FactKind.Satisfied, FactKind.Reopened], Of(story, FactKind.Resolved, FactKind.Satisfied, FactKind.Reopened).Select(f => f.Item1));
        // The lead is asked again, and answers for that round too.
        Assert.Equal(2, Of(story, FactKind.Offered).Count(f => f.Item2 == story.State.Lead.Organisation));
        Handled(story).CommandBy("op", new RecordCallback(true, true, true, ""), "DISPATCH", Roles.Operator).Close();
        story.After(TimeSpan.FromDays(2)).CommandBy("op", new Reopen("dark again"), "DISPATCH", Roles.Operator).Want(null);
        Assert.Equal("dark again", Assert.Single(CaseAccount.Of("C1", story.Events).After).Reason);
        Assert.Equal(2, Of(story, FactKind.Reopened).Count());
    }

    [Fact]
    public void Whom_nobody_could_ask_is_judged_by_the_verification()
    {
        var story = Handled(Reported(reachable: false)).Close();
        Assert.Equal([(FactKind.Resolved, story.State.Lead.Organisation, true)], Of(story, FactKind.Resolved, FactKind.Satisfied, FactKind.Contacted));
    }

    [Theory]
    [InlineData("GW", 1)]
    [InlineData("AP", 0)]
    public void What_the_grid_found_before_anybody_complained_is_proactive(string channel, int count) => Assert.Equal(count, Of(Handled(Reported(channel, false)).Close(), FactKind.Proactive).Count());

    [Fact]
    public void A_rejection_that_arbitration_decides_against_is_wrongful()
    {
        var story = Reported();
        var lead = story.State.Lead.Organisation;
        story.By(new RejectTask("NOT_OURS", "ZJ", "not our street")).CommandBy("li", new ForceAssign(lead, "it is"), "DISPATCH", Roles.Leader).Want(null);
        Assert.Equal([(FactKind.Signed, lead, true), (FactKind.WrongfulRejection, lead, false)], Of(story, FactKind.Signed, FactKind.WrongfulRejection));
        var other = Reported().By(new RejectTask("NOT_OURS", "ZJ", "not our street")).CommandBy("li", new ForceAssign("ZJ", "as suggested"), "DISPATCH", Roles.Leader).Want(null);
        Assert.Empty(Of(other, FactKind.WrongfulRejection));
    }

    [Fact]
    public void Slips_and_a_crisis_by_delay_are_the_leads()
    {
        var story = new CaseStory().At("14:10:00").Raise().Accept();
        var (tx, db) = (SlipKey.Of("a"), SlipKey.Of("b"));
        story.Deliver(new SlipOpened(tx, SlipKind.Reminder, "li", "late", story.Now.AddHours(1), story.Now)).Deliver(new SlipOpened(db, SlipKind.Supervision, "chair", "late", story.Now.AddHours(2), story.Now))
            .Deliver(new SlipOverdue(tx, SlipKind.Reminder, story.Now)).Deliver(new SlipOverdue(db, SlipKind.Supervision, story.Now));
        Assert.Equal([FactKind.Supervised, FactKind.ReminderOverdue, FactKind.SupervisionOverdue], Of(story, FactKind.Supervised, FactKind.ReminderOverdue, FactKind.SupervisionOverdue).Select(f => f.Item1));
        Assert.Empty(Of(story, FactKind.CrisisByDelay));
        // One missed deadline after the other climbs to the crisis meeting; that happens once.
        story.WaitUntil("20:00:00");
        Assert.Equal([(FactKind.CrisisByDelay, "YJ", false)], Of(story, FactKind.CrisisByDelay));
        var called = new CaseStory().At("14:10:00").Raise().CommandBy("k", new EscalateCrisis("live danger"), "QW", Roles.CrisisChair).Want(null);
        Assert.Empty(Of(called, FactKind.CrisisByDelay));
    }

    [Fact]
    public void A_missed_time_to_resolve_counts_once_a_round()
    {
        var story = new CaseStory().At("14:10:00").Raise().Accept().After(TimeSpan.FromHours(30)).Wake();
        Assert.Equal([(FactKind.Due, "YJ", false)], Of(story, FactKind.Due));
        story.Leave().Arrive().Clear().Control().Complete().Feedback();
        story.Verify(false).Control().Complete().Feedback().Verify().Close();
        Assert.Equal([(FactKind.Due, "YJ", false)], Of(story, FactKind.Due));
        Assert.Single(Of(story, FactKind.Rework));
    }

    [Fact]
    public void Drills_count_nowhere()
    {
        var drills = RecordedCases.Of(600, 3, District.Policy).Select(c => CaseAccount.Of(c.Key, c.Events)).Where(a => a.Drill).ToList();
        Assert.NotEmpty(drills);
        Assert.All(drills, a => Assert.Empty(a.Facts));
        Assert.All(drills, a => Assert.NotEmpty(a.Ball.Stretches));
    }

    [Fact]
    public void Every_random_life_counts_each_thing_for_somebody_who_had_a_share()
    {
        foreach (var life in RecordedCases.Of(500, 21, District.Policy))
        {
            var account = CaseAccount.Of(life.Key, life.Events);
            var offered = account.Facts.Where(f => f.Kind == FactKind.Offered).Select(f => f.Organisation).ToHashSet();
            Assert.All(account.Facts, f => Assert.Contains(f.Organisation, offered));
            Assert.True(account.Facts.Count(f => f.Kind == FactKind.Signed) <= account.Facts.Count(f => f.Kind == FactKind.Offered));
            Assert.Equal(life.Events.OfType<CaseEvent.CaseClosed>().Count() * (account.Drill ? 0 : 1), account.Facts.Count(f => f.Kind == FactKind.Closed));
            // What is stored and read back is the same, and goes on the same.
            var half = life.Events.Count / 2;
            var state = life.Events.Take(half).Aggregate(CaseState.New(life.Key), CaseEvolution.Evolve);
            var kept = System.Text.Json.JsonSerializer.Deserialize<CaseAccount>(System.Text.Json.JsonSerializer.Serialize(CaseAccount.Of(life.Key, life.Events.Take(half))))!;
            foreach (var happened in life.Events.Skip(half))
            {
                var after = CaseEvolution.Evolve(state, happened);
                (kept, state) = (kept.Take(state, happened, after), after);
            }
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(account), System.Text.Json.JsonSerializer.Serialize(kept));
        }
    }
}
