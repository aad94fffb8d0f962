using System.Data.Common;
using System.Text.Json;
using Governance.Contracts.Codecs;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Storage;

/// <summary>Accounts of cases in SQL that SQLite and PostgreSQL both speak. No figure is made here: rows in, rows out.</summary>
public abstract class SqlAccountViews : SqlTables, IAccountViews
{
    /// <summary>Ordinal of the fact that a re-inspection makes; those of the case itself count from 0.</summary>
    private const int OfReinspection = -1;
    private static readonly string[] Tables = ["account_case", "account_fact", "account_excluded", "account_reinspected"];
    private const string CaseColumns = "key, subject, area, category, lead, level, drill, finished, received, closed, half_at, half_organisation, half_level, missed, state, account";
    /// <summary>Form that this build makes; nothing is fed before <see cref="BeginAsync"/> set it.</summary>
    private int _form = -1;

    public async Task<AlarmProgress> BeginAsync(int form, CancellationToken cancel)
    {
        _form = form;
        var found = (await QueryAsync("SELECT form FROM account_progress", [], r => r.GetInt32(0), cancel))[0];
        if (found > form) throw new AccountsTooNewException(found, form);
        if (found < form)
            await InTransactionAsync(async transaction =>
            {
                if (await ExecuteAsync(transaction, "UPDATE account_progress SET journal_offset = 0, form = @a, as_of = NULL WHERE form = @b", [form, found], cancel) == 0) return;
                foreach (var table in Tables) await ExecuteAsync(transaction, Emptying(table), [], cancel);
            }, cancel);
        return await ProgressAsync(cancel);
    }

    /// <summary>A statement that empties a table, within what one statement may take.</summary>
    protected virtual string Emptying(string table) => $"DELETE FROM {table}";

    public async Task<AlarmProgress> ProgressAsync(CancellationToken cancel) =>
        (await QueryAsync("SELECT journal_offset, as_of FROM account_progress", [], r => new AlarmProgress(r.GetInt64(0), At(r, 1)), cancel))[0];

    public Task ApplyAsync(AccountBatch batch, CancellationToken cancel) => InTransactionAsync(async transaction =>
    {
        // First, so that of two projections only one goes on.
        if (await ExecuteAsync(transaction, "UPDATE account_progress SET journal_offset = @a WHERE journal_offset = @b AND form = @c", [batch.To, batch.From, _form], cancel) == 0) throw new ViewsMovedException(batch.From);
        foreach (var (state, account) in batch.Cases)
        {
            await UpsertAsync(transaction, "account_case", "key", CaseColumns, "", cancel, account.Key, account.Subject, account.Area, account.Category, account.Lead, (int)account.Level, account.Drill ? 1 : 0, account.Over ? 1 : 0,
                Ticks(account.Received), Ticks(account.Ending.ClosedAt), Ticks(account.HalfWay?.At), account.HalfWay?.Organisation ?? "", (int)(account.HalfWay?.Level ?? 0), account.HalfWay?.Missed is { } missed ? (object)(missed ? 1 : 0) : DBNull.Value,
                JournalRegistry.Codecs.For(state).Encode(state), JsonSerializer.Serialize(account));
            for (var n = batch.Facts.GetValueOrDefault(account.Key); n < account.Facts.Count; n++) await WriteAsync(transaction, n, account.Facts[n], cancel);
        }
        foreach (var (month, e) in batch.Excluded)
            await ExecuteAsync(transaction, "INSERT INTO account_excluded (organisation, month, case_key, kind) VALUES (@a, @b, @c, @d) ON CONFLICT DO NOTHING", [e.Organisation, month.ToString(), e.Case, (int?)e.Kind ?? 0], cancel);
        foreach (var r in batch.Reinspected)
        {
            await UpsertAsync(transaction, "account_reinspected", "case_key", "case_key, month, organisation, passed, at", "", cancel, r.Case, r.Month.ToString(), r.Organisation, r.Passed ? 1 : 0, r.At.UtcTicks);
            if (!r.Passed) await WriteAsync(transaction, OfReinspection, new ScoreFact(r.At, FactKind.FalseClosure, r.Organisation, "", r.Case, false), cancel);
        }
    }, cancel);

    private static Task<int> WriteAsync(DbTransaction transaction, int n, ScoreFact f, CancellationToken cancel) =>
        UpsertAsync(transaction, "account_fact", "case_key, n", "case_key, n, at, kind, organisation, category, good", "", cancel, f.Case, n, f.At.UtcTicks, (int)f.Kind, f.Organisation, f.Category, f.Good ? 1 : 0);

    public Task ConfirmAsync(long offset, DateTimeOffset asOf, CancellationToken cancel) =>
        ExecuteAsync("UPDATE account_progress SET as_of = @a WHERE journal_offset = @b AND form = @c AND (as_of IS NULL OR as_of < @a)", [asOf.UtcTicks, offset, _form], cancel);

    public async Task<AccountedCase?> CaseAsync(string key, CancellationToken cancel) => (await QueryAsync("SELECT state, account FROM account_case WHERE key = @a", [key],
        r => new AccountedCase((CaseState)JournalRegistry.Codecs.Named("case.State.1").Decode(r.GetFieldValue<byte[]>(0)), Account(r, 1)), cancel)).FirstOrDefault();

    public async Task<IReadOnlyList<ScoreFact>> FactsAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel) => await QueryAsync(
        $"SELECT at, kind, organisation, category, case_key, good FROM account_fact WHERE (at >= @a AND at < @b) OR kind = {(int)FactKind.FalseClosure} ORDER BY at, case_key, n LIMIT @c", [from.UtcTicks, to.UtcTicks, limit],
        r => new ScoreFact(At(r.GetInt64(0)), (FactKind)r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5) != 0), cancel);

    public async Task<IReadOnlyList<Excluded>> ExcludedAsync(Month month, CancellationToken cancel) => await QueryAsync("SELECT organisation, case_key, kind FROM account_excluded WHERE month = @a", [month.ToString()],
        r => new Excluded(r.GetString(0), r.GetString(1), r.GetInt32(2) == 0 ? null : (FactKind)r.GetInt32(2)), cancel);

    public async Task<IReadOnlyList<CaseAccount>> ClosedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel) =>
        await QueryAsync("SELECT account FROM account_case WHERE drill = 0 AND closed >= @a AND closed < @b ORDER BY closed, key LIMIT @c", [from.UtcTicks, to.UtcTicks, limit], r => Account(r, 0), cancel);

    public async Task<IReadOnlyList<CaseAccount>> ReopenedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel) => await QueryAsync(
        $"SELECT account FROM account_case WHERE drill = 0 AND key IN (SELECT case_key FROM account_fact WHERE kind = {(int)FactKind.Reopened} AND at >= @a AND at < @b) ORDER BY key LIMIT @c",
        [from.UtcTicks, to.UtcTicks, limit], r => Account(r, 0), cancel);

    public async Task<IReadOnlyList<CaseAccount>> ReceivedAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel) =>
        await QueryAsync("SELECT account FROM account_case WHERE drill = 0 AND received >= @a AND received < @b ORDER BY received, key LIMIT @c", [from.UtcTicks, to.UtcTicks, limit], r => Account(r, 0), cancel);

    public async Task<IReadOnlyList<PastCase>> HistoryAsync(int latest, CancellationToken cancel) => await QueryAsync(
        "SELECT category, half_organisation, half_level, missed FROM account_case WHERE half_at IS NOT NULL AND missed IS NOT NULL AND drill = 0 ORDER BY half_at DESC LIMIT @a", [latest],
        r => new PastCase(r.GetString(0), r.GetString(1), (Colour)r.GetInt32(2), r.GetInt32(3) != 0), cancel);

    public async Task<IReadOnlyList<CaseAccount>> HalfWayAsync(int limit, CancellationToken cancel) =>
        await QueryAsync("SELECT account FROM account_case WHERE half_at IS NOT NULL AND missed IS NULL AND finished = 0 AND drill = 0 ORDER BY half_at, key LIMIT @a", [limit], r => Account(r, 0), cancel);

    public async Task<IReadOnlyList<ReinspectedCase>> ReinspectedAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => await QueryAsync(
        "SELECT case_key, month, organisation, passed, at FROM account_reinspected WHERE at >= @a AND at < @b ORDER BY at, case_key", [from.UtcTicks, to.UtcTicks],
        r => new ReinspectedCase(r.GetString(0), Month.Parse(r.GetString(1)), r.GetString(2), r.GetInt32(3) != 0, At(r.GetInt64(4))), cancel);

    private static CaseAccount Account(DbDataReader r, int column) => JsonSerializer.Deserialize<CaseAccount>(r.GetString(column))!;
}
