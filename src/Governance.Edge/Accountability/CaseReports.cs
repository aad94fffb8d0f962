using Governance.Actors.Accountability;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Cases;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Accountability;

/// <summary>What the accounts of cases say of single ones: who had them, how likely they are to be late, which were closed too early.</summary>
public sealed class CaseReports(IAccountViews accounts, CasePolicy policy, CaseLookup lookup)
{
    private const int ClosedCases = 20_000;
    private static readonly TimeSpan PeriodAtMost = TimeSpan.FromDays(92);

    internal async Task<BallInCourtView> BallAsync(string caseId, DateTimeOffset asOf, CancellationToken cancel)
    {
        var account = (await KnownAsync(caseId, cancel)).Account;
        var view = new BallInCourtView { CaseId = account.Key, Number = account.Number, AgeS = account.Ball.Age(asOf).TotalSeconds, CountedS = account.Ball.Counted(asOf).TotalSeconds, AsOf = Fields.To(asOf) };
        view.Stretches.AddRange(account.Ball.Stretches.Select(s => new HolderStretch
        {
            Kind = Names.Of(s.Holder.Kind), Holder = s.Holder.Name, Counted = s.Holder.Counted, From = Fields.To(s.From), To = Fields.To(s.To), Why = s.Why,
        }));
        view.Shares.AddRange(account.Ball.SharesAt(asOf).Select(s => new V1.HolderShare { Kind = Names.Of(s.Holder.Kind), Holder = s.Holder.Name, Counted = s.Holder.Counted, TimeS = s.Time.TotalSeconds }));
        return view;
    }

    internal async Task<ForecastView> ForecastAsync(string caseId, DateTimeOffset asOf, CancellationToken cancel)
    {
        var account = (await KnownAsync(caseId, cancel)).Account;
        return Of(account, await ForecasterAsync(cancel), asOf);
    }

    internal async Task<ListForecastsReply> ForecastsAsync(ListForecastsRequest request, DateTimeOffset asOf, CancellationToken cancel)
    {
        if (!double.IsFinite(request.AtLeast) || request.AtLeast is < 0 or > 1) throw RefusedException.Invalid("at_least", "PROBABILITY_INVALID", "0 to 1");
        var (atLeast, forecaster) = (request.AtLeast > 0 ? request.AtLeast : policy.Scorecard[ScoreSetting.ForecastAgendaFromPercent] / 100, await ForecasterAsync(cancel));
        var reply = new ListForecastsReply { AsOf = Fields.To(asOf) };
        reply.Forecasts.AddRange((await accounts.HalfWayAsync(AccountFacts.HalfWayCases, cancel)).Select(a => Of(a, forecaster, asOf)).Where(f => f.HasProbability && f.Probability >= atLeast)
            .OrderByDescending(f => f.Probability).ThenBy(f => f.CaseId, StringComparer.Ordinal).Take(Fields.PageSize(request.Limit)));
        return reply;
    }

    internal async Task<ListPrematureClosuresReply> PrematureAsync(ListPrematureClosuresRequest request, DateTimeOffset asOf, CancellationToken cancel)
    {
        var (from, to) = (Fields.Optional(request.From, "from") ?? asOf - TimeSpan.FromDays(31), Fields.Optional(request.To, "to") ?? asOf);
        if (to <= from) throw RefusedException.Invalid("to", "PERIOD_EMPTY", "a period ends after it begins");
        if (to - from > PeriodAtMost) throw RefusedException.Invalid("from", "PERIOD_TOO_LONG", $"at most {PeriodAtMost.TotalDays:0} days");
        var closed = Bounded(await accounts.ClosedAsync(from, to, ClosedCases + 1, cancel));
        var later = Bounded(await accounts.ReceivedAsync(from, to + policy.Scorecard.Time(ScoreSetting.RecurrenceHours), ClosedCases + 1, cancel));
        // What was opened again is open, or was closed anew later, and its closing was too early all the same.
        var reopened = Bounded(await accounts.ReopenedAsync(from, to + policy.Scorecard.Time(ScoreSetting.ComplaintDays), ClosedCases + 1, cancel));
        var reply = new ListPrematureClosuresReply { Closed = closed.Count, AsOf = Fields.To(asOf) };
        reply.Closures.AddRange(Domain.Accountability.PrematureClosure.Of(closed.UnionBy(reopened, a => a.Key), later, policy.Scorecard)
            .Where(f => f.ClosedAt >= from && f.ClosedAt < to && (request.Organisation.Length == 0 || f.Organisation == request.Organisation))
            .Select(f => new V1.PrematureClosure { CaseId = f.Case, Number = f.Number, Organisation = f.Organisation, Sign = Names.Of(f.Sign), Reason = f.Reason, ClosedAt = Fields.To(f.ClosedAt) }));
        return reply;
    }

    /// <summary>Closed in a month, for the lot of its re-inspection: all of them, or more than may be.</summary>
    internal async Task<IReadOnlyList<ClosedCase>> ClosedInAsync(Month month, CancellationToken cancel) =>
        [.. (await accounts.ClosedAsync(month.From, month.To, Reinspection.PopulationLimit + 1, cancel)).Select(a => new ClosedCase(a.Key, a.Number, a.Lead, a.Level))];

    internal async Task<string> KeyAsync(string caseId, CancellationToken cancel) => (await lookup.AddressAsync(caseId, cancel)).Id;

    private async Task<AccountedCase> KnownAsync(string caseId, CancellationToken cancel) => await accounts.CaseAsync(await KeyAsync(caseId, cancel), cancel)
        ?? throw new RefusedException(new Refusal("UNKNOWN_CASE", $"there is no case {caseId}, or the records do not have it yet", RefusalKind.NotFound));

    private Task<Forecast> ForecasterAsync(CancellationToken cancel) => AccountFacts.ForecastAsync(accounts, policy.Scorecard, cancel);

    private static ForecastView Of(CaseAccount account, Forecast forecaster, DateTimeOffset asOf)
    {
        var (organisation, level) = account.HalfWay is { } half ? (half.Organisation, half.Level) : (account.Lead, account.Level);
        var view = new ForecastView { CaseId = account.Key, Number = account.Number, Organisation = organisation, Category = account.Category, Level = Fields.To(level), AsOf = Fields.To(asOf) };
        if (account is { Over: false, HalfWay: { Missed: null } open }) view.HalfWayAt = Fields.To(open.At);
        if (forecaster.Of(account.Category, organisation, level) is not { } prediction) return view;
        view.Probability = prediction.Probability;
        view.Grounds.AddRange(prediction.Grounds.Select(g => new V1.ForecastGround { Alike = g.Alike, Cases = g.Cases, Missed = g.Missed, Probability = g.Probability }));
        return view;
    }

    private static IReadOnlyList<CaseAccount> Bounded(IReadOnlyList<CaseAccount> found) => found.Count <= ClosedCases ? found
        : throw new RefusedException(new Refusal("REPORT_TOO_LARGE", $"more than {ClosedCases} cases: ask for less time", RefusalKind.Invalid).With("field", "from"));
}
