using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>Read models in one SQLite file: rows and journal offset in one transaction.</summary>
public sealed class SqliteViews : IViews
{
    private const string Schema = """
        CREATE TABLE progress (only INTEGER PRIMARY KEY CHECK (only = 1), journal_offset INTEGER NOT NULL);
        INSERT INTO progress VALUES (1, 0);
        CREATE TABLE case_list (
          key TEXT PRIMARY KEY, number TEXT NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, category TEXT NOT NULL, source TEXT NOT NULL,
          subdistrict TEXT NOT NULL, drill INTEGER NOT NULL, supervision TEXT NOT NULL, received INTEGER NOT NULL, closed INTEGER, version INTEGER NOT NULL);
        CREATE INDEX case_received ON case_list (received DESC, key DESC);
        CREATE UNIQUE INDEX case_number ON case_list (number) WHERE number <> '';
        CREATE TABLE source_list (
          id TEXT PRIMARY KEY, name TEXT NOT NULL, subdistrict TEXT NOT NULL, enterprise TEXT NOT NULL, drill INTEGER NOT NULL, colour INTEGER NOT NULL,
          detectors INTEGER NOT NULL, active INTEGER NOT NULL, changed INTEGER NOT NULL, version INTEGER NOT NULL)
        """;
    private const string CaseColumns = "key, number, state, level, category, source, subdistrict, drill, supervision, received, closed, version";
    private const string SourceColumns = "id, name, subdistrict, enterprise, drill, colour, detectors, active, changed, version";

    private readonly SqliteFile _file;
    private readonly GroupCommit<ViewBatch, bool> _writer;

    public SqliteViews(string path)
    {
        _file = new SqliteFile(path, 1, Schema);
        _writer = new GroupCommit<ViewBatch, bool>("views", _file.OpenWriter(), Write);
    }

    public Task<long> OffsetAsync(CancellationToken cancel) => Task.FromResult(Query("SELECT journal_offset FROM progress", [], r => r.GetInt64(0))[0]);
    public Task ApplyAsync(ViewBatch batch, CancellationToken cancel) => _writer.SubmitAsync(batch);

    /// <summary>By key or by readable number.</summary>
    public Task<CaseRow?> CaseAsync(string key, CancellationToken cancel) =>
        Task.FromResult(Query($"SELECT {CaseColumns} FROM case_list WHERE key = $a OR (number = $a AND number <> '')", [key], Case).FirstOrDefault());

    public Task<SourceRow?> SourceAsync(string id, CancellationToken cancel) =>
        Task.FromResult(Query($"SELECT {SourceColumns} FROM source_list WHERE id = $a", [id], Source).FirstOrDefault());

    public Task<Page<CaseRow>> CasesAsync(CaseFilter filter, CancellationToken cancel)
    {
        var (received, key) = filter.After.Length == 0 ? (long.MaxValue, "\uffff") : Token(filter.After);
        var rows = Query($"""
            SELECT {CaseColumns} FROM case_list WHERE (received < $a OR (received = $a AND key < $b)) AND ($c = '' OR instr($c, ',' || state || ',') > 0)
            AND ($d = '' OR subdistrict = $d) AND ($e = '' OR instr($e, ',' || level || ',') > 0) AND ($f OR NOT drill) AND ($g = '' OR source = $g)
            ORDER BY received DESC, key DESC LIMIT $h
            """, [received, key, Set(filter.States), filter.Subdistrict, Set(filter.Levels), filter.IncludeDrills, filter.SourceId, filter.Limit + 1], Case);
        return Task.FromResult(Paged(rows, filter.Limit, r => Token(r.ReceivedAt.UtcTicks, r.Key)));
    }

    public Task<Page<SourceRow>> SourcesAsync(SourceFilter filter, CancellationToken cancel)
    {
        var after = filter.After.Length == 0 ? "" : Token(filter.After).Key;
        var rows = Query($"""
            SELECT {SourceColumns} FROM source_list WHERE id > $a AND ($b = '' OR subdistrict = $b) AND ($c = '' OR instr($c, ',' || colour || ',') > 0)
            ORDER BY id LIMIT $d
            """, [after, filter.Subdistrict, Set(filter.Colours), filter.Limit + 1], Source);
        return Task.FromResult(Paged(rows, filter.Limit, r => Token(0, r.Id)));
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static bool Write(SqliteConnection connection, SqliteTransaction transaction, ViewBatch batch)
    {
        foreach (var r in batch.Cases)
            Upsert(connection, transaction, "case_list", "key", CaseColumns, r.Key, r.Number, r.State, r.Level, r.Category, r.SourceId, r.Subdistrict, r.Drill,
                r.Supervision, r.ReceivedAt.UtcTicks, (object?)r.ClosedAt?.UtcTicks ?? DBNull.Value, r.Version);
        foreach (var r in batch.Sources)
            Upsert(connection, transaction, "source_list", "id", SourceColumns, r.Id, r.Name, r.Subdistrict, r.Enterprise, r.Drill, r.Colour, r.Detectors,
                r.ActiveOccurrences, r.ChangedAt.UtcTicks, r.Version);
        using var progress = connection.CreateCommand();
        progress.Transaction = transaction;
        progress.CommandText = "UPDATE progress SET journal_offset = max(journal_offset, $offset)";
        progress.Parameters.AddWithValue("$offset", batch.Offset);
        progress.ExecuteNonQuery();
        return true;
    }

    private static void Upsert(SqliteConnection connection, SqliteTransaction transaction, string table, string key, string columns, params object[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var names = columns.Split(", ");
        command.CommandText = $"""
            INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", names.Select((_, i) => $"$v{i}"))})
            ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", names.Select(n => $"{n} = excluded.{n}"))} WHERE excluded.version >= version
            """;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"$v{i}", values[i]);
        command.ExecuteNonQuery();
    }

    private List<T> Query<T>(string sql, object[] parameters, Func<SqliteDataReader, T> map)
    {
        using var connection = _file.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", parameters[i]);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    private static CaseRow Case(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetBoolean(7), r.GetString(8),
        At(r.GetInt64(9)), r.IsDBNull(10) ? null : At(r.GetInt64(10)), r.GetInt64(11));

    private static SourceRow Source(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetBoolean(4), r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), At(r.GetInt64(8)), r.GetInt64(9));

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
