using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Accountability;

/// <summary>Scorecards from the accounts of cases: which facts, up to which moment, and what is refused.</summary>
public sealed class ScorecardReports(IAccountViews accounts, CasePolicy policy, Entities entities)
{
    /// <summary>Facts that one report may read into memory: about 100 MB.</summary>
    private const int FactLimit = 500_000;
    private const int FirstYear = 2000, LastYear = 2999;
    private static readonly ImmutableDictionary<string, double> NothingBefore = ImmutableDictionary<string, double>.Empty;

    internal ScorecardPolicy Policy => policy.Scorecard;
    internal ScorecardRules Rules { get; } = new(policy.Scorecard, policy.Calendar, policy.District);

    /// <summary>Asked for before any record is read, so that what is told is never older than it says.</summary>
    internal async Task<DateTimeOffset> AsOfAsync(CancellationToken cancel) => (await accounts.ProgressAsync(cancel)).AsOf
        ?? throw new RefusedException(new Refusal("RECORDS_NOT_COMPLETE", "the accounts of cases are being made from the journal and have not come to its end yet; ask again"));

    internal async Task<ImmutableList<ScorecardFigures>> OfMonthAsync(Month month, CancellationToken cancel)
    {
        var before = await FiguresAsync(month.Before(), NothingBefore, cancel);
        return await FiguresAsync(month, before.ToDictionary(c => c.Organisation, c => c.Points), cancel);
    }

    /// <summary>Whether anything of a case counts for an organisation in a month, and how many cases it had.</summary>
    internal async Task<(bool Counts, int Cases)> CountedAsync(string organisation, Month month, string @case, FactKind? kind, CancellationToken cancel)
    {
        var facts = (await FactsAsync(month, cancel)).Where(f => f.Organisation == organisation && month.Holds(f.At)).ToList();
        return (facts.Exists(f => new Excluded(organisation, @case, kind).Covers(f)), facts.Where(f => f.Kind == FactKind.Offered).Select(f => f.Case).Distinct().Count());
    }

    internal async Task<ExportYearReply> YearAsync(int year, CancellationToken cancel)
    {
        if (year is < FirstYear or > LastYear) throw RefusedException.Invalid("year", "YEAR_INVALID", $"{FirstYear} to {LastYear}");
        var asOf = await AsOfAsync(cancel);
        var cards = new List<ScorecardFigures>();
        // A month that is not over says nothing yet.
        for (var month = 1; month <= 12; month++)
            if (new Month(year, month) is var next && next.To <= asOf) cards.AddRange(await FiguresAsync(next, NothingBefore, cancel));
        var reinspected = (await accounts.ReinspectedAsync(new Month(year, 1).From, new Month(year, 12).To, cancel)).GroupBy(r => r.Organisation)
            .ToDictionary(g => g.Key, g => new Reinspected(g.Count(r => r.Passed), g.Count()));
        var csv = YearReport.Csv(year, YearReport.Of(year, cards, reinspected, Policy), await NewestSealAsync(cancel), asOf);
        return new ExportYearReply { Csv = csv, Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv))), AsOf = Fields.To(asOf) };
    }

    internal async Task<IReadOnlyList<Domain.Accountability.DaySeal>> SealsAsync(CancellationToken cancel) =>
        ((SealState)(await entities.AskAsync<StateReply>(new GetState(SealState.Address(policy.District)), cancel)).State).Seals;

    /// <summary>An organisation of the district, by its code.</summary>
    internal string Known(string organisation) => policy.IsOrganisation(organisation) ? organisation
        : throw new RefusedException(new Refusal("UNKNOWN_ORGANISATION", $"'{(organisation.Length > 40 ? organisation[..40] : organisation)}' is no organisation of this district", RefusalKind.NotFound).With("field", "organisation"));

    private async Task<string> NewestSealAsync(CancellationToken cancel) => await SealsAsync(cancel) is { Count: > 0 } seals ? Convert.ToHexStringLower(seals[^1].Chain.AsSpan()) : "";

    private async Task<ImmutableList<ScorecardFigures>> FiguresAsync(Month month, IReadOnlyDictionary<string, double> before, CancellationToken cancel) =>
        Scorecards.Of(month, await FactsAsync(month, cancel), [.. await accounts.ExcludedAsync(month, cancel)], Policy, before,
            policy.Router.Organisations.All.Values.Where(o => o.Active).ToDictionary(o => o.Code, o => o.Kind, StringComparer.Ordinal));

    private async Task<IReadOnlyList<ScoreFact>> FactsAsync(Month month, CancellationToken cancel)
    {
        var facts = await accounts.FactsAsync(month.From, month.To, FactLimit + 1, cancel);
        return facts.Count <= FactLimit ? facts : throw new RefusedException(new Refusal("REPORT_TOO_LARGE", $"more than {FactLimit} facts in a month", RefusalKind.Exhausted));
    }
}
