using Governance.Domain.Accountability;
using Governance.Domain.Cases;

namespace Governance.Storage;

/// <summary>A case and what it says about those who handled it, as far as the journal was read.</summary>
public sealed record AccountedCase(CaseState State, CaseAccount Account);

/// <summary>What a re-inspection found, and when.</summary>
public sealed record ReinspectedCase(string Case, Month Month, string Organisation, bool Passed, DateTimeOffset At);

/// <summary>What the projection of accounts writes in one transaction.</summary>
/// <param name="Facts">How many facts of each case are stored already: only later ones are written.</param>
public sealed record AccountBatch(
    IReadOnlyCollection<AccountedCase> Cases, IReadOnlyDictionary<string, int> Facts, IReadOnlyCollection<(Month Month, Excluded Excluded)> Excluded, IReadOnlyCollection<ReinspectedCase> Reinspected, long From, long To);

/// <summary>The accounts are of a newer build's making: this build must neither read nor write them.</summary>
public sealed class AccountsTooNewException(int found, int known) : Exception($"the accounts of cases are of form {found}, this build makes form {known}: a newer node feeds them");

/// <summary>
/// Read models of accountability, fed by the journal; rows and offset in one transaction. Nothing but scorecards, forecasts and
/// reports hangs on them; they are made again from the journal when their form changes. Drills are in them and count nowhere.
/// </summary>
public interface IAccountViews : IAsyncDisposable
{
    /// <summary>Makes them ready to be fed in this form: what an older build made of the journal is thrown away, to be made again.</summary>
    /// <exception cref="AccountsTooNewException">A newer build feeds them.</exception>
    Task<AlarmProgress> BeginAsync(int form, CancellationToken cancel);

    Task<AlarmProgress> ProgressAsync(CancellationToken cancel);

    /// <summary>Throws <see cref="ViewsMovedException"/>, and writes nothing, when the accounts are not at the batch's first offset.</summary>
    Task ApplyAsync(AccountBatch batch, CancellationToken cancel);

    /// <summary>The journal was read to its end, begun at <paramref name="asOf"/>.</summary>
    Task ConfirmAsync(long offset, DateTimeOffset asOf, CancellationToken cancel);

    Task<AccountedCase?> CaseAsync(string key, CancellationToken cancel);

    /// <summary>What counts in a period, and every false closure whenever it was found.</summary>
    Task<IReadOnlyList<ScoreFact>> FactsAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel);

    Task<IReadOnlyList<Excluded>> ExcludedAsync(Month month, CancellationToken cancel);

    /// <summary>Of live cases, in the order of their end.</summary>
    Task<IReadOnlyList<CaseAccount>> ClosedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel);

    /// <summary>Live cases that were opened again in a period, whenever they were closed before.</summary>
    Task<IReadOnlyList<CaseAccount>> ReopenedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel);

    /// <summary>Live cases that were received in a period: among which recurrences are looked for.</summary>
    Task<IReadOnlyList<CaseAccount>> ReceivedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel);

    /// <summary>How those ended that came half-way: the latest ones.</summary>
    Task<IReadOnlyList<PastCase>> HistoryAsync(int latest, CancellationToken cancel);

    /// <summary>Live cases that are half-way and not resolved, the earliest first.</summary>
    Task<IReadOnlyList<CaseAccount>> HalfWayAsync(int limit, CancellationToken cancel);

    Task<IReadOnlyList<ReinspectedCase>> ReinspectedAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);
}
