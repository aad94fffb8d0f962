using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>Reading connections with their statements prepared: opening one costs more than what is read of an entity. As many as were ever in use at once.</summary>
internal sealed class ReaderPool(Func<SqliteConnection> open, params (string Sql, string[] Parameters)[] statements) : IDisposable
{
    private sealed record Reader(SqliteConnection Connection, Statement[] Statements) : IDisposable
    {
        public void Dispose()
        {
            foreach (var statement in Statements) statement.Dispose();
            Connection.Dispose();
        }
    }

    private readonly ConcurrentBag<Reader> _idle = [];

    /// <summary>Uses a statement alone; a reader that failed is not used again.</summary>
    internal T Use<T>(int statement, Func<Statement, T> read)
    {
        if (!_idle.TryTake(out var reader))
        {
            var connection = open();
            reader = new Reader(connection, [.. statements.Select(s => new Statement(connection, s.Sql, s.Parameters))]);
        }
        try
        {
            var result = read(reader.Statements[statement]);
            _idle.Add(reader);
            reader = null;
            return result;
        }
        finally { reader?.Dispose(); }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }
}
