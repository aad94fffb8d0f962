using System.Collections.Immutable;
using System.Globalization;
using Governance.Actors.Meetings;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>Beside what meetings know of cases and slips: cases that are likely to be late, scores that fall, re-inspections that failed.</summary>
public sealed class AccountFacts(ICaseFacts facts, IAccountViews accounts, CasePolicy policy) : ICaseFacts
{
    /// <summary>Cases of the past that a forecast is made from: the latest.</summary>
    private const int HistoryCases = 50_000;
    /// <summary>Cases that a forecast is made for: those that came half-way first.</summary>
    public const int HalfWayCases = 5_000;
    private const int FactLimit = 500_000;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    /// <summary>A meeting looks often; what is computed from months of history need not be newer than this.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private volatile Kept? _kept;

    private sealed record Kept(DateTimeOffset At, ImmutableList<OutsideFact> Facts);

    public async Task<IReadOnlyList<AgendaFact>> AllAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var all = await facts.AllAsync(at, cancel).ConfigureAwait(false);
        if (_kept is not { } kept || at < kept.At || at - kept.At > Fresh)
        {
            // Accounts that have not come to the journal's end say nothing of today, and are asked again.
            if ((await accounts.ProgressAsync(cancel).ConfigureAwait(false)).AsOf is null) return all;
            _kept = kept = new Kept(at, await OutsideAsync(at, cancel).ConfigureAwait(false));
        }
        return [.. all, .. kept.Facts];
    }

    private async Task<ImmutableList<OutsideFact>> OutsideAsync(DateTimeOffset at, CancellationToken cancel) =>
        [.. await LikelyLateAsync(cancel).ConfigureAwait(false), .. await FallingAsync(at, cancel).ConfigureAwait(false), .. await FailedAsync(at, cancel).ConfigureAwait(false)];

    /// <summary>From the history that is recorded: the same for meetings and for clients.</summary>
    public static async Task<Forecast> ForecastAsync(IAccountViews accounts, ScorecardPolicy policy, CancellationToken cancel) =>
        new(await accounts.HistoryAsync(HistoryCases, cancel).ConfigureAwait(false), policy[ScoreSetting.ForecastShrinkageCases]);

    private async Task<IEnumerable<OutsideFact>> LikelyLateAsync(CancellationToken cancel)
    {
        var halfWay = await accounts.HalfWayAsync(HalfWayCases, cancel).ConfigureAwait(false);
        if (halfWay.Count == 0) return [];
        var forecast = await ForecastAsync(accounts, policy.Scorecard, cancel).ConfigureAwait(false);
        var least = policy.Scorecard[ScoreSetting.ForecastAgendaFromPercent] / 100;
        return from account in halfWay
               let half = account.HalfWay!
               let prediction = forecast.Of(account.Category, half.Organisation, half.Level)
               where prediction is not null && prediction.Probability >= least
               select new OutsideFact(AgendaSection.BreachedOrStale, $"case/{account.Key}", account.Number.Length > 0 ? account.Number : account.Key, string.Create(CultureInfo.InvariantCulture,
                   $"half of its time is used, {prediction.Probability * 100:0} % of cases like it missed their deadline ({half.Organisation})"), account.Level, account.Area, half.At);
    }

    /// <summary>The month that is over against the one before it.</summary>
    private async Task<IEnumerable<OutsideFact>> FallingAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var month = Month.Of(at).Before();
        var before = await PointsAsync(month.Before(), cancel).ConfigureAwait(false);
        return from card in await PointsAsync(month, cancel).ConfigureAwait(false)
               join former in before on card.Organisation equals former.Organisation
               where former.Points - card.Points >= policy.Scorecard[ScoreSetting.ImprovedByPoints]
               select new OutsideFact(AgendaSection.FallingScores, $"score/{card.Organisation}/{month}", card.Organisation, string.Create(CultureInfo.InvariantCulture, $"score fell from {former.Points:0.0} to {card.Points:0.0} in {month}"), Colour.Blue, policy.District, month.To);
    }

    private async Task<IEnumerable<OutsideFact>> FailedAsync(DateTimeOffset at, CancellationToken cancel) => (await accounts.ReinspectedAsync(at - Week, at, cancel).ConfigureAwait(false)).Where(r => !r.Passed)
        .Select(r => new OutsideFact(AgendaSection.FailedReinspections, $"reinspection/{r.Case}", r.Case, $"closed falsely by {r.Organisation}: its re-inspection for {r.Month} failed", Colour.Blue, policy.District, r.At));

    /// <summary>Of those that are ranked: of few cases a fall says nothing.</summary>
    private async Task<IEnumerable<ScorecardFigures>> PointsAsync(Month month, CancellationToken cancel) => Scorecards.Of(
        month, await accounts.FactsAsync(month.From, month.To, FactLimit, cancel).ConfigureAwait(false), [.. await accounts.ExcludedAsync(month, cancel).ConfigureAwait(false)], policy.Scorecard,
        ImmutableDictionary<string, double>.Empty, ImmutableDictionary<string, string>.Empty).Where(c => c.Rank is not null);
}
