using Npgsql;

namespace Governance.Node.Doctor.Database;

internal static class Sql
{
    /// <summary>The one row that a query returns.</summary>
    internal static async Task<T> OneAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? row(reader) : throw new InvalidDataException($"no row: {sql}");
    }

    internal static async Task DoAsync(this NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
