using System.Data.Common;

namespace Governance.Storage;

/// <summary>The list of slips.</summary>
public abstract partial class SqlViews
{
    private const string SlipColumns = "key, number, kind, state, level, area, lead, cases, drill, overdue, drafted, issued, due, ended, result, version, body";

    private static Task WriteAsync(DbTransaction transaction, SlipRow r, CancellationToken cancel) => UpsertAsync(
        transaction, "slip_list", "key", SlipColumns, "WHERE excluded.version >= slip_list.version", cancel, r.Key, r.Number, r.Kind, r.State, r.Level, r.Area, r.Lead, Set(r.Cases), r.Drill ? 1 : 0,
        r.Overdue ? 1 : 0, r.DraftedAt.UtcTicks, Ticks(r.IssuedAt), Ticks(r.Due), Ticks(r.EndedAt), r.Result, r.Version, r.Body);

    public async Task<SlipRow?> SlipAsync(string key, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {SlipColumns} FROM slip_list WHERE key = @a OR (number = @a AND number <> '')", [key], Slip, cancel)).FirstOrDefault();

    public async Task<Page<SlipRow>> SlipsAsync(SlipFilter filter, CancellationToken cancel)
    {
        var (drafted, key) = filter.After.Length == 0 ? (long.MaxValue, "\uffff") : PageToken.Read(filter.After);
        var rows = await QueryAsync($"""
            SELECT {SlipColumns} FROM slip_list WHERE (drafted < @a OR (drafted = @a AND key < @b)) AND {In("@c", "kind")} AND {In("@d", "state")} AND {In("@e", "level")}
            AND (@f = '' OR area = @f) AND (@g = '' OR lead = @g) AND (@h = '' OR replace(cases, ',' || @h || ',', '') <> cases) AND (@i = 0 OR overdue = 1)
            AND (@j = 0 OR (issued IS NOT NULL AND ended IS NULL)) AND (@k = 1 OR drill = 0) AND (@l = 0 OR issued >= @l) AND (@m = 0 OR issued < @m)
            ORDER BY drafted DESC, key DESC LIMIT @n
            """, [drafted, key, Set(filter.Kinds), Set(filter.States), Set(filter.Levels), filter.Area, filter.Lead, filter.Case, filter.Overdue ? 1 : 0, filter.Open ? 1 : 0, filter.IncludeDrills ? 1 : 0,
                filter.IssuedFrom?.UtcTicks ?? 0L, filter.IssuedTo?.UtcTicks ?? 0L, filter.Limit + 1], Slip, cancel);
        return Paged(rows, filter.Limit, r => PageToken.Of(r.DraftedAt.UtcTicks, r.Key));
    }

    private static SlipRow Slip(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetString(3), r.GetInt32(4), r.GetString(5), r.GetString(6), r.GetString(7).Split(',', StringSplitOptions.RemoveEmptyEntries), r.GetInt32(8) != 0,
        r.GetInt32(9) != 0, At(r.GetInt64(10)), At(r, 11), At(r, 12), At(r, 13), r.GetString(14), r.GetInt64(15), (byte[])r.GetValue(16));
}
