using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Tests.Meetings.Facts;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Agendas of the three meetings: sections, order, cap, hash (cases.md "Three meetings, two slips").</summary>
public sealed class AgendaTests
{
    private static MeetingPolicy Policy => District.Policy.Meetings;
    private static Agenda Daily(params AgendaFact[] facts) => Agenda.Of(MeetingKind.Daily, facts, CutOff, Policy);

    [Fact]
    public void The_daily_meeting_has_its_sections_in_order()
    {
        var agenda = Daily(
            new RaisedFact(Raised("case/carried")), new SourceFact("HS-9", "tank", "410803006", CutOff.AddHours(-5)), Outside(AgendaSection.BellCheck, "bell", Colour.Grey), Outside(AgendaSection.HiddenDisputes, "dispute"),
            Slip("TX-1", SlipKind.Reminder, dueInHours: 5), Case("6", Colour.Yellow) with { Breached = true }, Case("5", Colour.Yellow) with { Rejections = 2 },
            Case("4", Colour.Yellow) with { Departments = ["YJ", "XFD"], LeadAgreed = false }, Outside(AgendaSection.NewHotspots, "hotspot", Colour.Grey), Outside(AgendaSection.Correlations, "correlation"), Case("1", Colour.Orange));
        Assert.Equal(
            [AgendaSection.OpenRedOrange, AgendaSection.Correlations, AgendaSection.NewHotspots, AgendaSection.NoAgreedLead, AgendaSection.SecondRejection, AgendaSection.BreachedOrStale, AgendaSection.ReminderSlips,
                AgendaSection.HiddenDisputes, AgendaSection.BellCheck, AgendaSection.GreySources, AgendaSection.CarriedOver],
            agenda.Items.Select(i => i.Section));
        Assert.All(agenda.Items, i => Assert.True(i.Rules.Count > 0 && i.Reason.Length > 0 && i.Spoken));
    }

    [Fact]
    public void What_does_not_belong_is_left_out()
    {
        var agenda = Daily(
            Case("quiet", Colour.Yellow), Case("after", Colour.Red, hoursAgo: -0.1), Outside(AgendaSection.Correlations, "blue", Colour.Blue), Outside(AgendaSection.HiddenDisputes, "blue", Colour.Blue), Outside(AgendaSection.PersistentHotspots, "weekly"),
            Slip("TX-1", SlipKind.Reminder), Slip("DB-1", SlipKind.Supervision, SlipPhase.Issued, signed: false), new SourceFact("HS-9", "tank", "410803006", CutOff.AddHours(-4)),
            Case("one lead", Colour.Yellow) with { Departments = ["YJ"], LeadAgreed = false }, Case("once", Colour.Yellow) with { Rejections = 1 });
        Assert.Empty(agenda.Items);
    }

    [Theory]
    [InlineData(0.80, null, true)]
    [InlineData(0.79, null, false)]
    [InlineData(0.80, -23.9, false)]
    [InlineData(0.80, -24.0, true)]
    public void Eighty_percent_without_progress_since_the_last_meeting_comes_up(double used, double? progressHours, bool comes) =>
        Assert.Equal(comes, Daily(Case("c", Colour.Yellow) with { Used = used, ProgressAt = progressHours is { } h ? CutOff.AddHours(h) : null }).Items.Count == 1);

    /// <summary>P = 1000·level + 200·min(over, 3) + 100·reopens + 50·(C − 1) + 10·ln(1 + affected) + age in days.</summary>
    [Fact]
    public void The_priority_is_the_formula()
    {
        double P(CaseFact c) => Daily(c with { Breached = true }).Items.Single().Priority;
        Assert.Equal(2000.5, P(Case("c", Colour.Yellow)));
        Assert.Equal(4000.5, P(Case("c", Colour.Red)));
        Assert.Equal(2000.5 + 200 * 0.25, P(Case("c", Colour.Yellow) with { Used = 1.25 }));
        Assert.Equal(2000.5 + 600, P(Case("c", Colour.Yellow) with { Used = 9 }));
        Assert.Equal(2000.5 + 300, P(Case("c", Colour.Yellow) with { Reopens = 3 }));
        Assert.Equal(2000.5 + 100, P(Case("c", Colour.Yellow) with { Departments = ["A", "B", "C"] }));
        Assert.Equal(Math.Round(2000.5 + 10 * Math.Log(8), 3), P(Case("c", Colour.Yellow) with { Affected = 7 }));
        Assert.Equal(2003, P(Case("c", Colour.Yellow, hoursAgo: 72)));
        Assert.Equal(2000.5, P(Case("c", Colour.Yellow) with { Departments = [] }));
    }

    [Fact]
    public void Within_a_section_the_highest_priority_is_first_and_ties_go_by_number() =>
        Assert.Equal(["R", "A", "B", "C"], Daily(Case("C", Colour.Orange), Case("B", Colour.Orange), Case("R", Colour.Red), Case("A", Colour.Orange)).Items.Select(i => i.Subject));

    [Fact]
    public void A_thing_is_one_item_with_every_rule_that_brought_it()
    {
        var worst = Case("c", Colour.Red) with { Departments = ["YJ", "XFD"], LeadAgreed = false, Rejections = 3, Breached = true };
        var item = Assert.Single(Daily(worst, new RaisedFact(Raised($"case/{worst.Case}", carried: 1, stays: true))).Items);
        Assert.Equal(AgendaSection.OpenRedOrange, item.Section);
        Assert.Equal(["OPEN_RED_ORANGE", "NO_AGREED_LEAD", "SECOND_REJECTION", "BREACHED", "REFERRED"], item.Rules);
        Assert.Equal((true, 1), (item.Stays, item.Carried));
    }

    [Fact]
    public void Thirty_are_spoken_and_the_rest_is_written()
    {
        var agenda = Daily([.. Enumerable.Range(0, 45).Select(i => Case($"case {i:00}", i < 3 ? Colour.Red : Colour.Orange))]);
        Assert.Equal((45, 30), (agenda.Items.Count, agenda.Items.Count(i => i.Spoken)));
        Assert.All(agenda.Items.Take(30), i => Assert.True(i.Spoken));
        Assert.All(agenda.Items.Take(3), i => Assert.Equal(Colour.Red, i.Level));
    }

    [Fact]
    public void Unsigned_slips_and_those_due_today_come_up()
    {
        Assert.Equal(["SLIP_UNSIGNED"], Daily(Slip("TX-1", SlipKind.Reminder, SlipPhase.Issued, signed: false)).Items.Single().Rules);
        Assert.Equal(["SLIP_UNSIGNED"], Daily(Slip("TX-1", SlipKind.Reminder, SlipPhase.Signed, signed: false)).Items.Single().Rules);
        // 7:30 + 16 h is 23:30 of the same day, half an hour more is tomorrow.
        Assert.Equal(["SLIP_DUE_TODAY"], Daily(Slip("TX-1", SlipKind.Reminder, dueInHours: 16)).Items.Single().Rules);
        Assert.Empty(Daily(Slip("TX-1", SlipKind.Reminder, dueInHours: 16.5)).Items);
    }

    [Fact]
    public void The_weekly_meeting_begins_with_overdue_reminders_that_cannot_be_taken_off()
    {
        var held = CaseKey.Of("held");
        var agenda = Agenda.Of(MeetingKind.Weekly,
        [
            new RaisedFact(Raised("case/x")), Outside(AgendaSection.FailedReinspections, "found open"), Slip("DB-1", SlipKind.Supervision, cases: held), Outside(AgendaSection.FallingScores, "YJ"), Outside(AgendaSection.PersistentHotspots, "corner"),
            new CaseFact(held, "held", Colour.Yellow, "01", "410803006", "410803006", CutOff.AddHours(-5)) { ExtensionAsked = true }, Case("free", Colour.Yellow) with { ExtensionAsked = true }, Case("often", Colour.Yellow) with { Reopens = 2 },
            Case("young", Colour.Red, 71), Case("old", Colour.Red, 72.1), Slip("TX-2", SlipKind.Reminder, overdue: true), Slip("TX-3", SlipKind.Reminder),
        ], CutOff, Policy);
        Assert.Equal([
            ("TX-2", AgendaSection.OverdueReminders, true), ("old", AgendaSection.OldRedOrange, false), ("often", AgendaSection.OftenReopened, false), ("held", AgendaSection.ExtensionsAsked, false),
            ("corner", AgendaSection.PersistentHotspots, false), ("YJ", AgendaSection.FallingScores, false), ("DB-1", AgendaSection.SupervisionSlips, false), ("found open", AgendaSection.FailedReinspections, false),
            ("case/x", AgendaSection.Referred, false),
        ], agenda.Items.Select(i => (i.Subject, i.Section, i.Stays)));
        // Raised by the slip itself, it is there whatever the lists know.
        var raised = Agenda.Of(MeetingKind.Weekly, [new RaisedFact(Raised("slip/S1", "REMINDER_OVERDUE", stays: true))], CutOff, Policy).Items.Single();
        Assert.Equal((AgendaSection.OverdueReminders, true), (raised.Section, raised.Stays));
    }

    [Fact]
    public void The_crisis_meeting_has_what_called_it()
    {
        var agenda = Agenda.Of(MeetingKind.Crisis,
        [
            new RaisedFact(Raised("case/manual", "CALLED")), Case("a", Colour.Orange, 3), Case("b", Colour.Orange, 2), Slip("DB-1", SlipKind.Supervision, overdue: true), Outside(AgendaSection.RedCorrelations, "red", Colour.Red),
            Outside(AgendaSection.RedCorrelations, "orange", Colour.Orange), Case("burning", Colour.Red, 2) with { RedSince = CutOff.AddMinutes(-60), Place = "" }, Case("new", Colour.Red, 2) with { RedSince = CutOff.AddMinutes(-59), Place = "" },
        ], CutOff, Policy);
        Assert.Equal([AgendaSection.RedNotControlled, AgendaSection.RedCorrelations, AgendaSection.OverdueSupervision, AgendaSection.OrangeCluster, AgendaSection.Called], agenda.Items.Select(i => i.Section));
        Assert.Equal("burning", agenda.Items[0].Subject);
        Assert.Contains("2 orange or red cases of group 01", agenda.Items[3].Reason);
    }

    [Fact]
    public void A_trigger_names_the_same_moment_whenever_it_is_noticed()
    {
        var (a, b, c) = (Case("a", Colour.Orange, 20), Case("b", Colour.Orange, 10), Case("c", Colour.Orange, 1));
        var elsewhere = Case("d", Colour.Orange, 5) with { Place = "410803001" };
        var other = Case("e", Colour.Orange, 5) with { Group = "02" };
        CrisisTrigger Only(DateTimeOffset now, params AgendaFact[] facts) => Assert.Single(CrisisTriggers.Of([.. facts, elsewhere, other], now, Policy));
        var first = Only(CutOff.AddHours(-9), a, b);
        Assert.Equal((b.ReceivedAt, false), (first.Since, first.LiveDanger));
        var later = Only(CutOff.AddHours(20), a, b, c);
        Assert.Equal((first.Item.Key, first.Since), (later.Item.Key, later.Since));
        Assert.Empty(CrisisTriggers.Of([a, b, c], CutOff.AddHours(24), Policy));
        Assert.Empty(CrisisTriggers.Of([a, elsewhere, other], CutOff, Policy));
        Assert.True(Only(CutOff, a, b with { IsLive = true }).LiveDanger);
        var red = Case("r", Colour.Red, 3) with { RedSince = CutOff.AddHours(-3), Place = "" };
        Assert.Equal(CutOff.AddHours(-2), Assert.Single(CrisisTriggers.Of([red], CutOff, Policy)).Since);
    }

    /// <summary>The same facts in any order give the same agenda and the same hash, and another fact gives another hash.</summary>
    [Fact]
    public void The_same_facts_in_any_order_give_the_same_hash()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var facts = Some(random);
            foreach (var kind in Enum.GetValues<MeetingKind>())
            {
                var agenda = Agenda.Of(kind, facts, CutOff, Policy);
                for (var again = 0; again < 4; again++)
                {
                    var shuffled = facts.ToArray();
                    random.Shuffle(shuffled);
                    var other = Agenda.Of(kind, shuffled, CutOff, Policy);
                    Assert.True(agenda.Hash == other.Hash && agenda.Items.Select(i => i.Key).SequenceEqual(other.Items.Select(i => i.Key)), $"seed {seed}, {kind}");
                }
                Assert.True(agenda.Items.Select(i => i.Key).Distinct().Count() == agenda.Items.Count, $"seed {seed}, {kind}: an item twice");
                Assert.NotEqual(agenda.Hash, Agenda.Of(kind, [.. facts, new RaisedFact(Raised("case/another"))], CutOff, Policy).Hash);
                Assert.NotEqual(agenda.Hash, Agenda.Of(kind, facts, CutOff.AddMinutes(1), Policy).Hash);
            }
        }
        Assert.Equal(64, Daily().Hash.Length);
    }

    private static List<AgendaFact> Some(Random random)
    {
        var levels = SlipLimits.Levels;
        List<AgendaFact> facts = [];
        for (var i = 0; i < random.Next(60); i++)
        {
            // Ages are coarse, so that priorities tie.
            facts.Add(Case($"case {i}", levels[random.Next(4)], random.Next(5) * 30) with
            {
                Rejections = random.Next(4), Breached = random.Next(3) == 0, Used = random.Next(4) * 0.5, Reopens = random.Next(3), Affected = random.Next(3), LeadAgreed = random.Next(2) == 0,
                Departments = ["YJ", "XFD"], RedSince = random.Next(2) == 0 ? CutOff.AddHours(-random.Next(5)) : null, Place = $"41080300{random.Next(3)}", Group = $"0{random.Next(3)}",
            });
            if (random.Next(3) == 0) facts.Add(Slip($"slip {i}", (SlipKind)(1 + random.Next(2)), signed: random.Next(2) == 0, overdue: random.Next(2) == 0, dueInHours: random.Next(5) * 12));
            if (random.Next(4) == 0) facts.Add(Outside(Enum.GetValues<AgendaSection>()[random.Next(Enum.GetValues<AgendaSection>().Length)], $"outside {i}", levels[random.Next(4)]));
            if (random.Next(4) == 0) facts.Add(new RaisedFact(Raised($"case/{CaseKey.Of($"case {i}")}", carried: random.Next(3))));
            if (random.Next(4) == 0) facts.Add(new SourceFact($"HS-{i}", "tank", "410803006", CutOff.AddHours(-random.Next(10))));
        }
        return facts;
    }
}
