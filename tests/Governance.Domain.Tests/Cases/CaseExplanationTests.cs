using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Cases;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Cases;

/// <summary>Why a case is what it is (alarms.md §7): complete, and the same when it is recomputed from the journal.</summary>
public sealed class CaseExplanationTests
{
    private static readonly Caller Leader = new("li", "DC", [Roles.Leader]);

    [Fact]
    public void It_says_what_must_still_happen_at_every_step()
    {
        var story = new CaseStory().At("14:10:00").Raise();
        Assert.Equal(
            [$"{CaseStory.First} returns to normal", "YJ signs", "YJ arrives on the scene", "YJ declares the hazard controlled", "YJ completes its task", "YJ gives feedback",
                "a duty leader of another organisation verifies", "it is cancelled"], Explained(story).Closes);
        Assert.Contains("YJ", Explained(story).Unconfirmed);
        story.At("14:10:05").Notify("YJ", true).At("14:11:00").Accept().At("14:12:00").Leave().At("14:15:00").Arrive().At("14:20:00").Clear();
        Assert.DoesNotContain("YJ", Explained(story).Unconfirmed);
        Assert.Equal(["YJ declares the hazard controlled", "YJ completes its task", "YJ gives feedback", "a duty leader of another organisation verifies", "it is cancelled"], Explained(story).Closes);
        story.Control().Complete().Feedback();
        Assert.Equal(["a duty leader of another organisation verifies", "it is cancelled"], Explained(story).Closes);
        Assert.Superset(new HashSet<string> { nameof(RaiseLevel), nameof(Urge), nameof(Verify) }, Explained(story).Allowed[""].ToHashSet());
        Assert.DoesNotContain(nameof(CancelOff), Explained(story).Allowed[""]);
        story.Verify();
        Assert.Contains(nameof(CancelOff), Explained(story).Allowed[""]);
        story.Close();
        Assert.Empty(Explained(story).Closes);
        Assert.Contains(nameof(Reopen), Explained(story).Allowed[""]);
        Assert.Equal(["ARCHIVE"], Explained(story).Deadlines.Select(d => d.Name));
    }

    /// <summary>What it allows is what the rules take, and what it does not allow they refuse as illegal.</summary>
    [Fact]
    public void What_is_allowed_is_what_the_rules_take()
    {
        var steps = new Func<CaseStory, CaseStory>[]
        {
            s => s.Raise(), s => s.Accept(), s => s.Leave(), s => s.Arrive(), s => s.Clear(), s => s.Control(), s => s.Complete(), s => s.Feedback(), s => s.Verify(), s => s.Close(),
        };
        for (var done = 1; done <= steps.Length; done++)
        {
            CaseStory At() => steps[..done].Aggregate(new CaseStory().At("14:10:00"), (s, step) => step(s));
            var allowed = Explained(At()).Allowed;
            foreach (var command in OfLead)
            {
                var taken = At().Command(command).Refusal?.Reason != "ILLEGAL_TRANSITION";
                Assert.True(taken == allowed.GetValueOrDefault("YJ", []).Contains(command.GetType().Name), $"{command.GetType().Name} after {done} steps: {(taken ? "taken" : "refused")}");
            }
        }
    }

    private static readonly CaseCommand[] OfLead =
    [
        new AcceptTask(""), new Depart(""), new ArriveOnScene("QR", 0, 0, 0, ""), new ReportProgress("so far", ""), new DeclareControlled("x"), new CompleteTask("Resolved", "x", ["P"]), new SubmitFeedback("done", ""),
        new RequestExtension("24h", "late", "wait"),
    ];

    [Property(MaxTest = 500)]
    public Property Recomputed_from_the_journal_it_is_the_same_word_for_word() => Prop.ForAll(Arb.From(Gen.ListOf(Gen.Choose(0, 17))), moves =>
    {
        var (story, minute) = (new CaseStory().At("14:10:00").Raise(), 10);
        foreach (var move in moves)
        {
            story.At($"{14 + ++minute / 60}:{minute % 60:00}:00");
            _ = move switch
            {
                0 => story.Raise(Colour.Orange, new OccurrenceId($"o-{minute}")),
                1 => story.Clear(),
                2 => story.Clear(story.State.Occurrences[^1].Id),
                3 => story.Notify("YJ", true),
                4 => story.Number($"410803-20250803-EM-{minute:00000}-X"),
                5 => story.Wake(),
                6 => story.Deliver(new OccurrenceDataLost(CaseStory.First, minute % 2 == 0, story.Now)),
                7 => story.Deliver(new MonitoringFaultRaised(new OccurrenceId($"f-{minute}"), "GW-1", null, "gateway GW-1", "", new AreaCode("410803"), "", story.Now, "silent")),
                8 => story.Command(new Verify(minute % 3 > 0, "on site"), Leader.Organisation, Roles.Leader),
                9 => story.Command(new CancelOff("RESOLVED", ""), Leader.Organisation, Roles.Leader),
                _ => story.Command(OfLead[move - 10]),
            };
            var recomputed = story.Events.Aggregate(CaseState.New("C1"), CaseEvolution.Evolve);
            Assert.Equal(Json(CaseExplanation.Of(story.State)), Json(CaseExplanation.Of(recomputed)));
        }
    });

    [Fact]
    public void A_case_of_a_silent_gateway_has_its_category_and_ends_when_it_is_heard()
    {
        var story = new CaseStory().At("14:10:00").Deliver(new MonitoringFaultRaised(new OccurrenceId("gateway/GW-1/1"), "GW-1", null, "gateway GW-1", "Works", new AreaCode("410803001"), "", new CaseStory().At("14:10:00").Now, "nothing heard"));
        Assert.Equal(("0104", Colour.Yellow, ""), (story.State.Subject!.Category, story.State.Level, story.State.Subject.SourceText));
        Assert.Null(story.State.Subject.Kind);
        story.At("14:11:00").Accept().Leave().Arrive().Command(new DeclareControlled("x"));
        Assert.Equal("OCCURRENCE_LIVE", story.Refusal?.Reason);
        story.At("14:20:00").Clear(new OccurrenceId("gateway/GW-1/1")).Control().Complete().Feedback().Verify().Close();
        Assert.Equal(CasePhase.Closed, story.State.Phase);
    }

    private static CaseExplanation Explained(CaseStory story) => CaseExplanation.Of(story.State)!;
    private static string Json(CaseExplanation? explanation) => System.Text.Json.JsonSerializer.Serialize(explanation);
}
