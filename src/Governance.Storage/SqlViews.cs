using System.Data.Common;

namespace Governance.Storage;

/// <summary>Read models in SQL that SQLite and PostgreSQL both speak: rows and journal offset in one transaction.</summary>
public abstract partial class SqlViews : SqlTables, IViews
{
    private const string CaseColumns = "key, number, state, level, category, source, subdistrict, drill, supervision, received, closed, version, title, channel, community, lead, organisations, due, breached, armed, whole";
    private const string SourceColumns = "id, name, subdistrict, enterprise, drill, colour, detectors, active, changed, version";

    public async Task<long> OffsetAsync(CancellationToken cancel) => (await QueryAsync("SELECT journal_offset FROM progress", [], r => r.GetInt64(0), cancel))[0];

    public Task ApplyAsync(ViewBatch batch, CancellationToken cancel) => InTransactionAsync(async transaction =>
    {
        // First, so that of two projections only one goes on.
        var moved = await ExecuteAsync(transaction, "UPDATE progress SET journal_offset = @a WHERE journal_offset = @b", [batch.To, batch.From], cancel);
        if (moved == 0) throw new ViewsMovedException(batch.From);
        foreach (var r in batch.Cases)
        {
            await UpsertAsync(transaction, "case_list", "key", CaseColumns, "WHERE excluded.version >= case_list.version", cancel, r.Key, r.Number, r.State, r.Level, r.Category, r.SourceId,
                r.Subdistrict, r.Drill ? 1 : 0, r.Supervision, r.ReceivedAt.UtcTicks, Ticks(r.ClosedAt), r.Version, r.Title, r.Channel, r.Community, r.Lead, Set(r.Organisations), Ticks(r.Due), r.Breached, Ticks(r.Armed), r.Whole);
            if (r.Words is { } words) await WriteWordsAsync(transaction, r.Key, words, cancel);
        }
        foreach (var r in batch.Sources)
            await UpsertAsync(transaction, "source_list", "id", SourceColumns, "WHERE excluded.version >= source_list.version", cancel, r.Id, r.Name, r.Subdistrict, r.Enterprise,
                r.Drill ? 1 : 0, r.Colour, r.Detectors, r.ActiveOccurrences, r.ChangedAt.UtcTicks, r.Version);
        foreach (var r in batch.Slips) await WriteAsync(transaction, r, cancel);
    }, cancel);

    /// <summary>By key or by readable number.</summary>
    public async Task<CaseRow?> CaseAsync(string key, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {CaseColumns} FROM case_list WHERE key = @a OR (number = @a AND number <> '')", [key], Case, cancel)).FirstOrDefault();

    public async Task<SourceRow?> SourceAsync(string id, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {SourceColumns} FROM source_list WHERE id = @a", [id], Source, cancel)).FirstOrDefault();

    public async Task<Page<CaseRow>> CasesAsync(CaseFilter filter, CancellationToken cancel)
    {
        var (at, key) = filter.After.Length > 0 ? PageToken.Read(filter.After) : filter.ByDue ? (long.MinValue, "") : (long.MaxValue, "\uffff");
        var search = SearchWords.Query(filter.Text);
        // Few are overdue among all that ever were: they are found by their deadline, not by walking through every receipt.
        var received = filter.ArmedBefore is null ? "received" : "+received";
        var rows = await QueryAsync($"""
            SELECT {CaseColumns} FROM case_list WHERE {(filter.ByDue ? "(due > @a OR (due = @a AND key > @b))" : $"({received} < @a OR ({received} = @a AND key < @b))")} AND {In("@c", "state")}
            AND (@d = '' OR subdistrict = @d) AND {In("@e", "level")} AND (@f = 1 OR drill = 0) AND (@g = '' OR source = @g)
            AND {In("@i", "category")} AND {In("@j", "channel")} AND {In("@k", "supervision")} AND (@l = '' OR community = @l)
            AND (@m = '' OR replace(organisations, @m, '') <> organisations) AND {received} >= @n AND {received} < @o AND (@p = 0 OR due < @p) AND (@q = 0 OR breached > 0) AND {(filter.ArmedBefore is null ? "@r = 0" : "armed < @r")}{(filter.OpenOnly ? " AND closed IS NULL" : "")}
            {(search.Count == 0 ? "" : $"AND {HasWords}")}
            ORDER BY {(filter.ByDue ? "due, key" : $"{received} DESC, key DESC")} LIMIT @h
            """,
            [
                at, key, Set(filter.States), filter.Subdistrict, Set(filter.Levels), filter.IncludeDrills ? 1 : 0, filter.SourceId, filter.Limit + 1, Set(filter.Categories), Set(filter.Channels),
                Set(filter.Supervision), filter.Community, filter.Organisation.Length == 0 ? "" : Set([filter.Organisation]), filter.ReceivedFrom?.UtcTicks ?? 0L, filter.ReceivedBefore?.UtcTicks ?? long.MaxValue,
                filter.DueBefore?.UtcTicks ?? 0L, filter.BreachedOnly ? 1 : 0, filter.ArmedBefore?.UtcTicks ?? 0L, .. search.Count == 0 ? Array.Empty<object>() : [Searched(search)],
            ], Case, cancel);
        return Paged(rows, filter.Limit, r => PageToken.Of(filter.ByDue ? r.Due!.Value.UtcTicks : r.ReceivedAt.UtcTicks, r.Key));
    }

    /// <summary>Condition that the case holds what <see cref="Searched"/> made of the query, which is @s.</summary>
    protected abstract string HasWords { get; }

    /// <summary>The query in the language of the database.</summary>
    protected abstract object Searched(IReadOnlyList<SearchPhrase> query);

    /// <summary>Puts the words of a case in the place of those that it had.</summary>
    protected abstract Task WriteWordsAsync(DbTransaction transaction, string key, string words, CancellationToken cancel);

    public async Task<Page<SourceRow>> SourcesAsync(SourceFilter filter, CancellationToken cancel)
    {
        var after = filter.After.Length == 0 ? "" : PageToken.Read(filter.After).Key;
        var rows = await QueryAsync($"""
            SELECT {SourceColumns} FROM source_list WHERE id > @a AND (@b = '' OR subdistrict = @b) AND {In("@c", "colour")}
            ORDER BY id LIMIT @d
            """, [after, filter.Subdistrict, Set(filter.Colours), filter.Limit + 1], Source, cancel);
        return Paged(rows, filter.Limit, r => PageToken.Of(0, r.Id));
    }

    /// <summary>True when the set is empty or holds the column's value. Both databases can do this much.</summary>
    private static string In(string set, string column) => $"({set} = '' OR replace({set}, ',' || {column} || ',', '') <> {set})";

    private static CaseRow Case(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetInt32(7) != 0, r.GetString(8),
        At(r.GetInt64(9)), At(r, 10), r.GetInt64(11), r.GetString(12), r.GetString(13), r.GetString(14), r.GetString(15), r.GetString(16).Split(',', StringSplitOptions.RemoveEmptyEntries), At(r, 17), r.GetInt32(18),
        r.GetFieldValue<byte[]>(20)) { Armed = At(r, 19) };

    private static SourceRow Source(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt32(4) != 0, r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), At(r.GetInt64(8)), r.GetInt64(9));

    private static Page<T> Paged<T>(List<T> rows, int limit, Func<T, string> token) =>
        rows.Count <= limit ? new Page<T>(rows, "") : new Page<T>(rows[..limit], token(rows[limit - 1]));

    private static string Set<T>(IReadOnlyCollection<T> values) => values.Count == 0 ? "" : $",{string.Join(',', values)},";
}
