using Governance.Domain.Accountability;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Accountability.ReinspectionCommand;
using static Governance.Domain.Accountability.ScorecardCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>Exclusions need two persons, appeals the inspection office, re-inspections a seed that nobody could choose afterwards.</summary>
public sealed class ScorecardRulesTests
{
    private static readonly Caller Li = new("li", "ZX", [Roles.Leader]), Zhao = new("zhao", "DC", [Roles.Inspection]), Own = new("wang", "YJ", [Roles.Handler, Roles.Leader, Roles.Inspection]);
    private readonly ScorecardRules _rules = new(District.Scorecard, District.Calendar, "410803");
    private readonly List<Send> _sends = [];
    private ScorecardState _state;
    private DateTimeOffset _now = At("2025-08-20 10:00");
    private string? _refusal;

    public ScorecardRulesTests() => _state = _rules.Initial("YJ/202508");

    private static DateTimeOffset At(string time) => DateTimeOffset.ParseExact(time + " +08:00", "yyyy-MM-dd HH:mm zzz", System.Globalization.CultureInfo.InvariantCulture);

    private void Do(ScorecardCommand command, Caller caller) => Take(new Stimulus.Commanded(command, caller));

    private void Take(Stimulus stimulus)
    {
        var decision = _rules.Decide(_state, stimulus, _now);
        _refusal = decision.Refusal?.Reason;
        _state = decision.Events.Aggregate(_state, _rules.Evolve);
        _sends.AddRange(decision.Sends);
    }

    [Fact]
    public void A_case_is_left_out_when_a_second_person_says_the_same()
    {
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "flood", 100), Own);
        Assert.Equal("OWN_SCORECARD", _refusal);
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "flood", 100), new Caller("x", "ZX", [Roles.Operator]));
        Assert.Equal("LEADER_OR_INSPECTION_ONLY", _refusal);
        Do(new Exclude("C1", null, "BAD_LUCK", "", 100), Li);
        Assert.Equal("EXCLUSION_CODE_UNKNOWN", _refusal);
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "flood", 100), Li);
        Assert.Null(_refusal);
        Assert.Empty(_state.Excluded);
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "flood", 100), Li);
        Assert.Equal("SECOND_PERSON_NEEDED", _refusal);
        Do(new Exclude("C1", null, "DUPLICATE", "", 100), Zhao);
        Assert.Equal("EXCLUSION_CODE_DIFFERS", _refusal);
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "", 100), Zhao);
        Assert.Null(_refusal);
        Assert.Equal([new Excluded("YJ", "C1", null)], _state.Excluded);
        Do(new Exclude("C1", null, "FORCE_MAJEURE", "", 100), Zhao);
        Assert.Equal("ALREADY_EXCLUDED", _refusal);
        Assert.Empty(_sends);
    }

    [Fact]
    public void More_than_five_percent_is_told_once()
    {
        for (var i = 1; i <= 4; i++)
        {
            Do(new Exclude($"C{i}", null, "DUPLICATE", "", 40), Li);
            Do(new Exclude($"C{i}", null, "DUPLICATE", "", 40), Zhao);
            Assert.Equal(i < 3 ? 0 : 1, _sends.Count);
        }
        Assert.Equal(AlertKind.ExclusionAlarm, Assert.IsType<AlertPublished>(_sends[0].Message).Alert.Kind);
    }

    [Fact]
    public void An_appeal_is_filed_within_three_working_days_of_the_month_and_decided_by_the_inspection_office()
    {
        // The holiday of October: the third working day after September is the 11th, a make-up day.
        Assert.Equal(At("2025-10-11 18:00"), _rules.AppealUntil(new Month(2025, 9)));
        Assert.Equal(At("2025-09-03 18:00"), _rules.AppealUntil(new Month(2025, 8)));
        _now = At("2025-09-03 18:01");
        Do(new FileAppeal("C1", FactKind.Due, "road was closed"), Own);
        Assert.Equal("APPEAL_TOO_LATE", _refusal);
        _now = At("2025-09-03 17:59");
        Do(new FileAppeal("C1", FactKind.Due, "road was closed"), Li);
        Assert.Equal("NOT_YOUR_SCORECARD", _refusal);
        Do(new FileAppeal("C1", FactKind.Due, ""), Own);
        Assert.Equal("REASON_MISSING", _refusal);
        Do(new FileAppeal("C1", FactKind.Due, "road was closed"), Own);
        Assert.Null(_refusal);
        Do(new FileAppeal("C1", FactKind.Due, "again"), Own);
        Assert.Equal("ALREADY_APPEALED", _refusal);
        var appeal = Assert.Single(_state.Appeals);
        Assert.Equal(At("2025-09-08 18:00"), appeal.DecideBy);
        Assert.Equal([new Deadline(ScorecardRules.AppealDecision, appeal.DecideBy)], _rules.Deadlines(_state));
        Do(new DecideAppeal(appeal.Id, true, "it was"), Li);
        Assert.Equal("INSPECTION_ONLY", _refusal);
        Do(new DecideAppeal(appeal.Id, true, "it was"), Own);
        Assert.Equal("OWN_SCORECARD", _refusal);
        Assert.Empty(_state.Excluded);
        Do(new DecideAppeal(appeal.Id, true, "it was"), Zhao);
        Assert.Null(_refusal);
        Assert.Equal([new Excluded("YJ", "C1", FactKind.Due)], _state.Excluded);
        Assert.Empty(_rules.Deadlines(_state));
        Do(new DecideAppeal(appeal.Id, false, "no"), Zhao);
        Assert.Equal("APPEAL_DECIDED", _refusal);
        Do(new DecideAppeal("YJ/202508/9", false, "no"), Zhao);
        Assert.Equal("UNKNOWN_APPEAL", _refusal);
    }

    [Fact]
    public void An_appeal_that_nobody_decides_is_told_once_and_can_still_be_decided()
    {
        Do(new FileAppeal("C1", null, "not ours"), Own);
        _now = At("2025-09-30 08:00");
        Take(new Stimulus.Woken());
        Assert.True(_state.Appeals[0].Overdue);
        Assert.Empty(_rules.Deadlines(_state));
        Do(new DecideAppeal("YJ/202508/1", false, "it is yours"), Zhao);
        Assert.Null(_refusal);
        Assert.Equal(["appeals", "nobody", "refused"], _sends.Select(s => ((AlertPublished)s.Message).Alert.Text).Select(t => t.Contains("appeals against") ? "appeals" : t.StartsWith("nobody", StringComparison.Ordinal) ? "nobody" : "refused"));
    }

    [Fact]
    public void A_lot_is_the_same_for_everybody_and_another_with_another_seed()
    {
        var closed = Enumerable.Range(0, 200).Select(i => new ClosedCase($"C{i:000}", $"N{i}", "YJ", i % 20 == 0 ? Colour.Red : Colour.Yellow)).ToList();
        var lot = Reinspection.Draw("a seed of some length", closed, 5);
        Assert.Equal(10 + 10, lot.Drawn.Count);
        Assert.All(lot.Drawn.Where(d => d.Level == Colour.Red), d => Assert.False(d.ByLot));
        Assert.Equal(lot.Drawn.Select(d => d.Case), Reinspection.Draw("a seed of some length", closed.AsEnumerable().Reverse(), 5).Drawn.Select(d => d.Case));
        Assert.NotEqual(lot.Drawn.Select(d => d.Case), Reinspection.Draw("another seed of some length", closed, 5).Drawn.Select(d => d.Case));
        // Who closes one case more cannot know whom that draws.
        Assert.NotEqual(lot.Drawn.Select(d => d.Case), Reinspection.Draw("a seed of some length", closed.Append(new ClosedCase("C999", "", "YJ", Colour.Yellow)), 5).Drawn.Select(d => d.Case));
        Assert.Single(Reinspection.Draw("a seed of some length", closed.Where(c => c.Level == Colour.Yellow).Take(3), 5).Drawn);
    }

    [Fact]
    public void Every_case_has_the_same_chance()
    {
        var closed = Enumerable.Range(0, 40).Select(i => new ClosedCase($"C{i:000}", "", "YJ", Colour.Yellow)).ToList();
        var times = Enumerable.Range(0, 2000).SelectMany(s => Reinspection.Draw($"seed number {s} of many", closed, 5).Drawn).GroupBy(d => d.Case).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(40, times.Count);
        Assert.All(times.Values, n => Assert.InRange(n, 60, 145));
    }

    [Fact]
    public void The_seed_is_committed_before_the_month_is_over_and_revealed_after_it()
    {
        var (rules, seed) = (new ReinspectionRules("410803"), "a seed of some length");
        var (state, told, now) = (rules.Initial("202508"), new List<Send>(), At("2025-08-30 10:00"));
        var lot = Reinspection.Draw(seed, [new ClosedCase("C1", "N1", "YJ", Colour.Red), new ClosedCase("C2", "N2", "YJ", Colour.Red)], 5);
        Want("INSPECTION_ONLY", new CommitSeed(Reinspection.HashOf(seed)), Li);
        Want("HASH_INVALID", new CommitSeed("abc"), Zhao);
        Want("NOT_COMMITTED", new DrawLot(seed, lot), Zhao);
        Want(null, new CommitSeed(Reinspection.HashOf(seed)), Zhao);
        Assert.Contains(Reinspection.HashOf(seed), Assert.IsType<AlertPublished>(told[0].Message).Alert.Text);
        Want("ALREADY_COMMITTED", new CommitSeed(Reinspection.HashOf("b")), Zhao);
        Want("MONTH_NOT_OVER", new DrawLot(seed, lot), Zhao);
        now = At("2025-09-01 00:00");
        Want("SEED_DOES_NOT_MATCH", new DrawLot(seed + "!", lot), Zhao);
        Want("SEED_TOO_SHORT", new DrawLot("short", lot), Zhao);
        Want("TOO_MANY_CLOSED", new DrawLot(seed, lot with { Population = Reinspection.PopulationLimit + 1 }), Zhao);
        Want("NOT_DRAWN", new RecordInspection("C1", true, "as said"), Zhao);
        Want(null, new DrawLot(seed, lot), Zhao);
        Want("ALREADY_DRAWN", new DrawLot(seed, lot), Zhao);
        Want("INSPECTOR_IS_HANDLER", new RecordInspection("C1", true, "as said"), Own);
        Want("FINDINGS_MISSING", new RecordInspection("C1", true, ""), Zhao);
        Want(null, new RecordInspection("C1", false, "it still leaks"), Zhao);
        Want("ALREADY_INSPECTED", new RecordInspection("C1", true, "as said"), Zhao);
        Want("NOT_DRAWN", new RecordInspection("C9", true, "as said"), Zhao);
        Assert.False(state.Records["C1"].Passed);
        Assert.Contains("closed falsely", ((AlertPublished)told[^1].Message).Alert.Text);
        var late = rules.Decide(rules.Initial("202508"), new Stimulus.Commanded(new CommitSeed(Reinspection.HashOf(seed)), Zhao), now);
        Assert.Equal("COMMIT_TOO_LATE", late.Refusal?.Reason);

        void Want(string? refusal, ReinspectionCommand command, Caller caller)
        {
            var decision = rules.Decide(state, new Stimulus.Commanded(command, caller), now);
            Assert.Equal(refusal, decision.Refusal?.Reason);
            state = decision.Events.Aggregate(state, rules.Evolve);
            told.AddRange(decision.Sends);
        }
    }
}
