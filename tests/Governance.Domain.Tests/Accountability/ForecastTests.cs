using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Accountability;

/// <summary>How likely a case is to miss its deadline, from recorded history alone.</summary>
public sealed class ForecastTests
{
    [Fact]
    public void Nothing_is_made_up_without_history() => Assert.Null(new Forecast([], 10).Of("0101", "YJ", Colour.Yellow));

    [Fact]
    public void What_is_alike_only_in_few_cases_leans_on_what_is_alike_in_many()
    {
        var history = Enumerable.Range(0, 200).Select(i => new PastCase("0101", "YJ", Colour.Yellow, i % 10 == 0)).Append(new PastCase("0502", "CG", Colour.Yellow, true)).ToList();
        var forecast = new Forecast(history, 10);
        var known = forecast.Of("0101", "YJ", Colour.Yellow)!;
        Assert.InRange(known.Probability, 0.09, 0.12);
        Assert.Equal(["district", "level", "category", "organisation"], known.Grounds.Select(g => g.Alike));
        Assert.Equal((200, 20), (known.Grounds[^1].Cases, known.Grounds[^1].Missed));
        // One case that was missed is no certainty.
        Assert.InRange(forecast.Of("0502", "CG", Colour.Yellow)!.Probability, 0.15, 0.35);
        // Of what was never seen it is what is known of the district.
        Assert.Equal(forecast.Of("9999", "ZZ", Colour.Yellow)!.Grounds[1].Probability, forecast.Of("9999", "ZZ", Colour.Yellow)!.Probability, 9);
    }

    /// <summary>Cases with true chances that differ by category, organisation and level, many groups of few cases: learned from the first half, judged on the second.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void It_is_calibrated_and_beats_the_base_rate(int seed)
    {
        var random = new Random(seed);
        var chance = new Dictionary<(string, string, Colour), double>();
        for (var c = 0; c < 12; c++)
            for (var o = 0; o < 6; o++)
                for (var l = 0; l < 3; l++) chance[($"{c:00}", $"O{o}", Colour.Yellow + l)] = Math.Clamp(0.03 + c * 0.05 + (o - 2) * 0.04 + random.NextDouble() * 0.1, 0.01, 0.95);
        List<PastCase> Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => chance.ElementAt(random.Next(chance.Count))).Select(g => new PastCase(g.Key.Item1, g.Key.Item2, g.Key.Item3, random.NextDouble() < g.Value))];
        var (past, future) = (Draw(2000), Draw(4000));
        var forecast = new Forecast(past, District.Scorecard[ScoreSetting.ForecastShrinkageCases]);
        var predicted = future.ConvertAll(f => (P: forecast.Of(f.Category, f.Organisation, f.Level)!.Probability, f.Missed));
        var rate = past.Count(p => p.Missed) / (double)past.Count;
        var (brier, baseline) = (predicted.Average(p => Math.Pow(p.P - (p.Missed ? 1 : 0), 2)), future.Average(f => Math.Pow(rate - (f.Missed ? 1 : 0), 2)));
        Assert.True(brier < baseline * 0.93, $"seed {seed}: Brier score {brier:0.0000}, of the base rate {baseline:0.0000}");
        foreach (var bin in predicted.GroupBy(p => (int)(p.P * 5)).Where(g => g.Count() > 300))
            Assert.True(Math.Abs(bin.Average(p => p.P) - bin.Average(p => p.Missed ? 1 : 0)) < 0.1, $"seed {seed}: foretold {bin.Average(p => p.P):0.00}, came true {bin.Average(p => p.Missed ? 1 : 0):0.00} in {bin.Count()} cases");
    }

    [Fact]
    public void From_cases_that_the_rules_lived_through_it_beats_the_base_rate()
    {
        var history = RecordedCases.Of(1500, 11, District.Policy).Select(c => CaseAccount.Of(c.Key, c.Events)).Where(a => a.HalfWay is { Missed: not null }).OrderBy(a => a.HalfWay!.At)
            .Select(a => new PastCase(a.Category, a.HalfWay!.Organisation, a.HalfWay.Level, a.HalfWay.Missed!.Value)).ToList();
        var (past, future) = (history[..(history.Count / 2)], history[(history.Count / 2)..]);
        Assert.True(past.Count > 150 && past.Exists(p => p.Missed) && past.Exists(p => !p.Missed), $"{past.Count} cases came half-way");
        var forecast = new Forecast(past, 10);
        var rate = past.Count(p => p.Missed) / (double)past.Count;
        var (brier, baseline) = (future.Average(f => Math.Pow(forecast.Of(f.Category, f.Organisation, f.Level)!.Probability - (f.Missed ? 1 : 0), 2)), future.Average(f => Math.Pow(rate - (f.Missed ? 1 : 0), 2)));
        Assert.True(brier < baseline, $"Brier score {brier:0.0000}, of the base rate {baseline:0.0000}");
    }
}
