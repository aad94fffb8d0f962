using System.Data.Common;

namespace Governance.Storage;

/// <summary>Read models in SQL that SQLite and PostgreSQL both speak: rows and journal offset in one transaction.</summary>
public abstract partial class SqlViews : SqlTables, IViews
{
    private const string CaseColumns = "key, number, state, level, category, source, subdistrict, drill, supervision, received, closed, version";
    private const string SourceColumns = "id, name, subdistrict, enterprise, drill, colour, detectors, active, changed, version";

    public async Task<long> OffsetAsync(CancellationToken cancel) => (await QueryAsync("SELECT journal_offset FROM progress", [], r => r.GetInt64(0), cancel))[0];

    public Task ApplyAsync(ViewBatch batch, CancellationToken cancel) => InTransactionAsync(async transaction =>
    {
        // First, so that of two projections only one goes on.
        var moved = await ExecuteAsync(transaction, "UPDATE progress SET journal_offset = @a WHERE journal_offset = @b", [batch.To, batch.From], cancel);
        if (moved == 0) throw new ViewsMovedException(batch.From);
        foreach (var r in batch.Cases)
            await UpsertAsync(transaction, "case_list", "key", CaseColumns, "WHERE excluded.version >= case_list.version", cancel, r.Key, r.Number, r.State, r.Level, r.Category, r.SourceId,
                r.Subdistrict, r.Drill ? 1 : 0, r.Supervision, r.ReceivedAt.UtcTicks, Ticks(r.ClosedAt), r.Version);
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
        var (received, key) = filter.After.Length == 0 ? (long.MaxValue, "\uffff") : PageToken.Read(filter.After);
        var rows = await QueryAsync($"""
            SELECT {CaseColumns} FROM case_list WHERE (received < @a OR (received = @a AND key < @b)) AND {In("@c", "state")}
            AND (@d = '' OR subdistrict = @d) AND {In("@e", "level")} AND (@f = 1 OR drill = 0) AND (@g = '' OR source = @g)
            ORDER BY received DESC, key DESC LIMIT @h
            """, [received, key, Set(filter.States), filter.Subdistrict, Set(filter.Levels), filter.IncludeDrills ? 1 : 0, filter.SourceId, filter.Limit + 1], Case, cancel);
        return Paged(rows, filter.Limit, r => PageToken.Of(r.ReceivedAt.UtcTicks, r.Key));
    }

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
        At(r.GetInt64(9)), At(r, 10), r.GetInt64(11));

    private static SourceRow Source(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt32(4) != 0, r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), At(r.GetInt64(8)), r.GetInt64(9));

    private static Page<T> Paged<T>(List<T> rows, int limit, Func<T, string> token) =>
        rows.Count <= limit ? new Page<T>(rows, "") : new Page<T>(rows[..limit], token(rows[limit - 1]));

    private static string Set<T>(IReadOnlyCollection<T> values) => values.Count == 0 ? "" : $",{string.Join(',', values)},";
}
