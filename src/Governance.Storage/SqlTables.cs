using System.Data.Common;

namespace Governance.Storage;

/// <summary>Statements that SQLite and PostgreSQL both speak, on pooled connections.</summary>
/// <remarks>Errors of the database are <see cref="DbException"/>.</remarks>
public abstract class SqlTables : IAsyncDisposable
{
    /// <summary>A pooled connection, open.</summary>
    protected abstract ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Everything or nothing; a write that throws writes nothing.</summary>
    protected async Task InTransactionAsync(Func<DbTransaction, Task> write, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(true, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await write(transaction);
        await transaction.CommitAsync(cancel);
    }

    protected static Task<int> ExecuteAsync(DbTransaction transaction, string sql, object[] parameters, CancellationToken cancel) =>
        ExecuteAsync(transaction.Connection!, transaction, sql, parameters, cancel);

    /// <summary>One statement on its own.</summary>
    protected async Task<int> ExecuteAsync(string sql, object[] parameters, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(true, cancel);
        return await ExecuteAsync(connection, null, sql, parameters, cancel);
    }

    protected async Task<List<T>> QueryAsync<T>(string sql, object[] parameters, Func<DbDataReader, T> map, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(false, cancel);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(map(reader));
        return rows;
    }

    /// <summary>Inserts a row, or puts it in the place of the one with its key.</summary>
    /// <param name="only">When an existing row may be replaced; empty: always.</param>
    protected static Task<int> UpsertAsync(DbTransaction transaction, string table, string key, string columns, string only, CancellationToken cancel, params object[] values)
    {
        var names = columns.Split(", ");
        return ExecuteAsync(transaction, $"""
            INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", names.Select((_, i) => Parameter(i)))})
            ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", names.Select(n => $"{n} = excluded.{n}"))} {only}
            """, values, cancel);
    }

    /// <summary>@a, @b, …: at most 26 in a statement.</summary>
    protected static string Parameter(int index) => $"@{(char)('a' + index)}";

    protected internal static object Ticks(DateTimeOffset? at) => at is { } set ? set.UtcTicks : DBNull.Value;
    protected static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
    protected internal static DateTimeOffset? At(DbDataReader r, int column) => r.IsDBNull(column) ? null : At(r.GetInt64(column));

    private static async Task<int> ExecuteAsync(DbConnection connection, DbTransaction? transaction, string sql, object[] parameters, CancellationToken cancel)
    {
        await using var command = Command(connection, sql, parameters);
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static DbCommand Command(DbConnection connection, string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            // PostgreSQL knows no text with a NUL in it: a single one, in whatever somebody reported, would stop every list for good.
            (parameter.ParameterName, parameter.Value) = (Parameter(i), values[i] is string text ? text.Replace("\0", "", StringComparison.Ordinal) : values[i]);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
