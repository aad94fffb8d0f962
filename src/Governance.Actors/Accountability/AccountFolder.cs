using Akka.Persistence.Query;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>
/// Turns journal events into changed accounts. The rules are pure (<see cref="CaseAccount"/>); here is what they need to know of
/// before, remembered from batch to batch, read back when it is not. Whoever could not apply a batch throws the folder away.
/// </summary>
internal sealed class AccountFolder(IAccountViews views)
{
    /// <summary>Form of what this build makes of the journal; every change of it is a new one.</summary>
    internal const int Form = 1;
    /// <summary>Cases remembered; beyond, all are forgotten and read back as they are needed.</summary>
    private const int RememberedCases = 2_000;
    private readonly Dictionary<string, AccountedCase> _cases = new(StringComparer.Ordinal);

    internal async Task<AccountBatch> FoldAsync(IReadOnlyList<EventEnvelope> batch, long from)
    {
        if (_cases.Count > RememberedCases) _cases.Clear();
        var (touched, facts) = (new Dictionary<string, AccountedCase>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var (excluded, reinspected) = (new List<(Month, Excluded)>(), new List<ReinspectedCase>());
        foreach (var envelope in batch)
        {
            var id = envelope.PersistenceId[(envelope.PersistenceId.IndexOf('/') + 1)..];
            switch (envelope.Event)
            {
                case CaseEvent e:
                    if (!touched.TryGetValue(id, out var known))
                    {
                        known = await KnownAsync(id).ConfigureAwait(false);
                        facts[id] = known.Account.Facts.Count;
                    }
                    var after = CaseEvolution.Evolve(known.State, e);
                    touched[id] = new AccountedCase(after, known.Account.Take(known.State, e, after));
                    break;
                case ScorecardEvent.ExclusionConfirmed e: excluded.Add(Of(id, e.Case, e.Kind)); break;
                case ScorecardEvent.AppealDecided { Upheld: true } e: excluded.Add(Of(id, e.Case, e.Kind)); break;
                case ReinspectionEvent.CaseReinspected e: reinspected.Add(new ReinspectedCase(e.Record.Case, Month.Parse(id), e.Record.Organisation, e.Record.Passed, e.At)); break;
            }
        }
        foreach (var (id, accounted) in touched) _cases[id] = accounted;
        return new AccountBatch([.. touched.Values], facts, excluded, reinspected, from, ((Sequence)batch[^1].Offset).Value);

        static (Month, Excluded) Of(string id, string @case, FactKind? kind)
        {
            var card = ScorecardState.New(id);
            return (card.Month, new Excluded(card.Organisation, @case, kind));
        }
    }

    private async Task<AccountedCase> KnownAsync(string key) => _cases.TryGetValue(key, out var known) ? known
        : await views.CaseAsync(key, CancellationToken.None).ConfigureAwait(false) ?? new AccountedCase(CaseState.New(key), CaseAccount.New(key));
}
