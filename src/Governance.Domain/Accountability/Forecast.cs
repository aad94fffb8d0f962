using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>A case that was not resolved when the given share of its time was used: did it miss its deadline?</summary>
public sealed record PastCase(string Category, string Organisation, Colour Level, bool Missed);

/// <summary>One reason for a forecast: how those that are alike ended.</summary>
public sealed record ForecastGround(string Alike, int Cases, int Missed, double Probability);

/// <summary>How likely a case is to miss its deadline that is not resolved half-way (超期概率).</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="Grounds">From the whole district to what is most alike; the last one's is the answer.</param>
public sealed record Prediction(double Probability, ImmutableList<ForecastGround> Grounds);

/// <summary>
/// Forecasts from recorded history alone: the share of cases that missed their deadline among those that, like this one, had
/// got so far unresolved (empirical survival). What is alike only in few cases leans on what is alike in many: each rate is
/// shrunk towards the one before it. Pure.
/// </summary>
public sealed class Forecast
{
    private static readonly ImmutableList<(string Name, Func<string, string, Colour, string> Key)> Steps =
    [
        ("district", (_, _, _) => ""), ("level", (_, _, level) => $"{level}"), ("category", (category, _, level) => $"{level}|{category}"), ("organisation", (category, organisation, level) => $"{level}|{category}|{organisation}"),
    ];

    private readonly ImmutableList<Dictionary<string, (int Cases, int Missed)>> _counts;
    private readonly double _shrinkage;

    /// <param name="shrinkageCases">As if so many cases of the next wider group were added to each group.</param>
    public Forecast(IEnumerable<PastCase> history, double shrinkageCases)
    {
        _shrinkage = shrinkageCases;
        _counts = Steps.ConvertAll(_ => new Dictionary<string, (int Cases, int Missed)>());
        foreach (var past in history)
            for (var step = 0; step < Steps.Count; step++)
            {
                var key = Steps[step].Key(past.Category, past.Organisation, past.Level);
                var (cases, missed) = _counts[step].GetValueOrDefault(key);
                _counts[step][key] = (cases + 1, missed + (past.Missed ? 1 : 0));
            }
    }

    /// <summary>Null while there is no history at all: nothing is known, and nothing is made up.</summary>
    public Prediction? Of(string category, string organisation, Colour level)
    {
        if (_counts[0].Count == 0) return null;
        var (grounds, probability) = (ImmutableList.CreateBuilder<ForecastGround>(), 0.0);
        for (var step = 0; step < Steps.Count; step++)
        {
            var (cases, missed) = _counts[step].GetValueOrDefault(Steps[step].Key(category, organisation, level));
            // The district itself leans on nothing; one case of each kind keeps it from being certain.
            probability = step == 0 ? (missed + 1.0) / (cases + 2.0) : cases + _shrinkage == 0 ? probability : (missed + _shrinkage * probability) / (cases + _shrinkage);
            grounds.Add(new ForecastGround(Steps[step].Name, cases, missed, probability));
        }
        return new Prediction(probability, grounds.ToImmutable());
    }
}
