using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Governance.Storage;

/// <summary>Read models in SQL that SQLite and PostgreSQL both speak: rows and journal offset in one transaction.</summary>
/// <remarks>Errors of the database are <see cref="DbException"/>.</remarks>
public abstract class SqlViews : IViews
{
    private const string CaseColumns = "key, number, state, level, category, source, subdistrict, drill, supervision, received, closed, version";
    private const string SourceColumns = "id, name, subdistrict, enterprise, drill, colour, detectors, active, changed, version";

    /// <summary>A pooled connection, open.</summary>
    protected abstract ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel);

    public async Task<long> OffsetAsync(CancellationToken cancel) => (await QueryAsync("SELECT journal_offset FROM progress", [], r => r.GetInt64(0), cancel))[0];

    public async Task ApplyAsync(ViewBatch batch, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(true, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // First, so that of two projections only one goes on.
        var moved = await ExecuteAsync(transaction, "UPDATE progress SET journal_offset = @a WHERE journal_offset = @b", [batch.To, batch.From], cancel);
        if (moved == 0) throw new ViewsMovedException(batch.From);
        foreach (var r in batch.Cases)
            await UpsertAsync(transaction, "case_list", "key", CaseColumns, cancel, r.Key, r.Number, r.State, r.Level, r.Category, r.SourceId, r.Subdistrict, r.Drill ? 1 : 0,
                r.Supervision, r.ReceivedAt.UtcTicks, (object?)r.ClosedAt?.UtcTicks ?? DBNull.Value, r.Version);
        foreach (var r in batch.Sources)
            await UpsertAsync(transaction, "source_list", "id", SourceColumns, cancel, r.Id, r.Name, r.Subdistrict, r.Enterprise, r.Drill ? 1 : 0, r.Colour, r.Detectors,
                r.ActiveOccurrences, r.ChangedAt.UtcTicks, r.Version);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>By key or by readable number.</summary>
    public async Task<CaseRow?> CaseAsync(string key, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {CaseColumns} FROM case_list WHERE key = @a OR (number = @a AND number <> '')", [key], Case, cancel)).FirstOrDefault();

    public async Task<SourceRow?> SourceAsync(string id, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {SourceColumns} FROM source_list WHERE id = @a", [id], Source, cancel)).FirstOrDefault();

    public async Task<Page<CaseRow>> CasesAsync(CaseFilter filter, CancellationToken cancel)
    {
        var (received, key) = filter.After.Length == 0 ? (long.MaxValue, "\uffff") : Token(filter.After);
        var rows = await QueryAsync($"""
            SELECT {CaseColumns} FROM case_list WHERE (received < @a OR (received = @a AND key < @b)) AND {In("@c", "state")}
            AND (@d = '' OR subdistrict = @d) AND {In("@e", "level")} AND (@f = 1 OR drill = 0) AND (@g = '' OR source = @g)
            ORDER BY received DESC, key DESC LIMIT @h
            """, [received, key, Set(filter.States), filter.Subdistrict, Set(filter.Levels), filter.IncludeDrills ? 1 : 0, filter.SourceId, filter.Limit + 1], Case, cancel);
        return Paged(rows, filter.Limit, r => Token(r.ReceivedAt.UtcTicks, r.Key));
    }

    public async Task<Page<SourceRow>> SourcesAsync(SourceFilter filter, CancellationToken cancel)
    {
        var after = filter.After.Length == 0 ? "" : Token(filter.After).Key;
        var rows = await QueryAsync($"""
            SELECT {SourceColumns} FROM source_list WHERE id > @a AND (@b = '' OR subdistrict = @b) AND {In("@c", "colour")}
            ORDER BY id LIMIT @d
            """, [after, filter.Subdistrict, Set(filter.Colours), filter.Limit + 1], Source, cancel);
        return Paged(rows, filter.Limit, r => Token(0, r.Id));
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>True when the set is empty or holds the column's value. Both databases can do this much.</summary>
    private static string In(string set, string column) => $"({set} = '' OR replace({set}, ',' || {column} || ',', '') <> {set})";

    private static Task UpsertAsync(DbTransaction transaction, string table, string key, string columns, CancellationToken cancel, params object[] values)
    {
        var names = columns.Split(", ");
        return ExecuteAsync(transaction, $"""
            INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", names.Select((_, i) => Parameter(i)))})
            ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", names.Select(n => $"{n} = excluded.{n}"))} WHERE excluded.version >= {table}.version
            """, values, cancel);
    }

    private static async Task<int> ExecuteAsync(DbTransaction transaction, string sql, object[] parameters, CancellationToken cancel)
    {
        await using var command = Command(transaction.Connection!, sql, parameters);
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<List<T>> QueryAsync<T>(string sql, object[] parameters, Func<DbDataReader, T> map, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(false, cancel);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(map(reader));
        return rows;
    }

    private static DbCommand Command(DbConnection connection, string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (Parameter(i), values[i]);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static string Parameter(int index) => $"@{(char)('a' + index)}";

    private static CaseRow Case(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetInt32(7) != 0, r.GetString(8),
        At(r.GetInt64(9)), r.IsDBNull(10) ? null : At(r.GetInt64(10)), r.GetInt64(11));

    private static SourceRow Source(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt32(4) != 0, r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), At(r.GetInt64(8)), r.GetInt64(9));

    private static Page<T> Paged<T>(List<T> rows, int limit, Func<T, string> token) =>
        rows.Count <= limit ? new Page<T>(rows, "") : new Page<T>(rows[..limit], token(rows[limit - 1]));

    private static string Set<T>(IReadOnlyCollection<T> values) => values.Count == 0 ? "" : $",{string.Join(',', values)},";

    private static string Token(long number, string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}|{key}")));

    private static (long Number, string Key) Token(string token)
    {
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(token));
        var bar = text.IndexOf('|');
        return bar > 0 && long.TryParse(text[..bar], CultureInfo.InvariantCulture, out var number) ? (number, text[(bar + 1)..]) : throw new FormatException("not a page token");
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
