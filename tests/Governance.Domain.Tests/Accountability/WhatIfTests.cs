using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Accountability;

/// <summary>Recorded cases happen again under another policy; under their own they happen as they did.</summary>
public sealed class WhatIfTests
{
    private static readonly IReadOnlyList<RecordedCase> History = RecordedCases.Of(300, 5, District.Policy);
    private static readonly DateTimeOffset Now = new(2025, 12, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private static readonly System.Text.Json.JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static WhatIfResult Tried(CasePolicy other) => WhatIf.Of(History.Select(h => (h.Key, h.Events)), District.Policy, other, Now);

    [Fact]
    public void Under_its_own_policy_every_case_goes_as_it_went()
    {
        foreach (var recorded in History)
        {
            var (events, impossible) = WhatIf.Replay(recorded.Key, recorded.Events, District.Policy, recorded.Events[^1].At);
            Assert.Empty(impossible);
            Assert.Equal(recorded.Events.Select(Text), events.Select(Text));
        }
        var result = Tried(District.Policy);
        Assert.Equal((0, 0), (result.Cases.Count, result.Impossible));
        Assert.Equal(result.MissedRecorded, result.MissedReplayed);
        Assert.All(result.Scores, s => Assert.Equal(s.Recorded, s.Replayed, 9));
        Assert.True(result.MissedRecorded > 5 && result.Replayed > 290, $"{result.MissedRecorded} of {result.Replayed} missed");

        // What is told is read back in other words where the words decide nothing.
        static string Text(CaseEvent e) => e is CaseEvent.TaskOnScene s ? $"{s.At} {s.Organisation} on scene" : System.Text.Json.JsonSerializer.Serialize(e, e.GetType(), Json);
    }

    [Fact]
    public void With_half_of_the_time_more_is_missed_and_scores_fall()
    {
        var half = District.Policy with
        {
            Budgets = District.Policy.Budgets.SetItems(District.Policy.Budgets.Select(b => KeyValuePair.Create(b.Key, b.Value.Halved()))),
            Categories = District.Policy.Categories.SetItems(District.Policy.Categories.Values.Select(c => KeyValuePair.Create(c.Category, c with { Limit = c.Limit?.Halved() }))),
        };
        var result = Tried(half);
        Assert.True(result.MissedReplayed > result.MissedRecorded, $"{result.MissedRecorded} → {result.MissedReplayed}");
        Assert.True(result.EscalationsReplayed > result.EscalationsRecorded);
        Assert.Contains(result.Cases, c => !c.Recorded.DueMissed && c.Replayed.DueMissed && c.Replayed.Due < c.Recorded.Due);
        Assert.True(result.Scores.Sum(s => s.Replayed) < result.Scores.Sum(s => s.Recorded));
        // Nobody is closed at another time: people do what they did.
        Assert.All(result.Cases.Where(c => c.Impossible.IsEmpty), c => Assert.Equal(c.Recorded.ClosedAt, c.Replayed.ClosedAt));
    }

    [Fact]
    public void What_can_no_longer_happen_is_told()
    {
        var strict = District.Policy with { Limits = District.Policy.Limits with { SuspensionCodes = [], Extensions = 0 } };
        var result = Tried(strict);
        Assert.Contains(result.Cases, c => c.Impossible.Any(i => i is { What: "Suspend", Refusal: "SUSPENSION_CODE_UNKNOWN" }));
        Assert.Contains(result.Cases, c => c.Impossible.Any(i => i is { What: "RequestExtension", Refusal: "TOO_MANY_EXTENSIONS" }));
        Assert.Equal(result.Impossible, result.Cases.Sum(c => c.Impossible.Count));
    }

    [Fact]
    public void With_another_calendar_what_counts_working_days_is_due_at_another_time()
    {
        var always = new WorkCalendar(District.Calendar.Version, District.Calendar.Years, Enumerable.Range(0, 730).Select(d => KeyValuePair.Create(new DateOnly(2025, 1, 1).AddDays(d), true)),
            [new OfficeHours(101, 1231, [(new TimeOnly(8, 30), new TimeOnly(12, 0)), (new TimeOnly(14, 30), new TimeOnly(18, 0))])]);
        var result = Tried(District.Policy with { Calendar = always });
        Assert.True(result.Cases.Count(c => c.Replayed.Due < c.Recorded.Due) > 50);
        Assert.DoesNotContain(result.Cases, c => c.Level == Colour.Red && c.Replayed.Due != c.Recorded.Due && c.Recorded.Due - c.Replayed.Due > TimeSpan.FromDays(5));
    }

    [Fact]
    public void Under_other_rules_the_steps_of_the_lead_are_those_of_who_leads_then()
    {
        var router = District.Policy.Router;
        var other = District.Policy with { Router = router with { Cards = router.Cards.SetItems(CasePolicy.Levels.Select(l => KeyValuePair.Create(("0101", l), new ResponseCard("0101", l, "HB", ["YJ"], [])))) } };
        var gas = History.First(h => h.State is { Subject.Category: "0101", Level: Colour.Orange, Phase: CasePhase.Closed or CasePhase.Archived } && h.Events.OfType<CaseEvent.TaskAccepted>().Count() == 1);
        var (events, impossible) = WhatIf.Replay(gas.Key, gas.Events, other, Now);
        Assert.Empty(impossible);
        Assert.Equal("HB", Assert.Single(events.OfType<CaseEvent.TaskAccepted>()).Organisation);
    }

    [Fact]
    public void Four_thousand_cases_take_less_than_a_minute()
    {
        var history = RecordedCases.Of(4000, 1, District.Policy);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = WhatIf.Of(history.Select(h => (h.Key, h.Events)), District.Policy, District.Policy with { Escalation = [new EscalationStep(Supervision.Crisis, "district-committee")] }, Now);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed.TotalSeconds:0.0} s");
        Console.WriteLine($"what-if over {result.Replayed} recorded cases, {history.Sum(h => h.Events.Count)} events: {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.True(result.Replayed > 3900);
    }
}
