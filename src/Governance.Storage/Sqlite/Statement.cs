using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>A statement that is prepared once. Transactions are statements too (BEGIN, COMMIT), so it belongs to none.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    internal Statement(SqliteConnection connection, string sql, params string[] parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in parameters) _command.Parameters.Add(new SqliteParameter(name, null));
    }

    /// <summary>Returns the rows changed.</summary>
    internal int Run(params object?[] values) => With(values).ExecuteNonQuery();

    internal object? One(params object?[] values) => With(values).ExecuteScalar() is { } found and not DBNull ? found : null;

    internal SqliteDataReader Rows(params object?[] values) => With(values).ExecuteReader();

    public void Dispose() => _command.Dispose();

    private SqliteCommand With(object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = _command.Parameters[i];
            if (values[i] is ArraySegment<byte> part) (parameter.Value, parameter.Size) = (part.Array, part.Count);
            else parameter.Value = values[i] ?? DBNull.Value;
        }
        return _command;
    }
}
