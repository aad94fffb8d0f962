using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The database was written by a newer build.</summary>
public sealed class SchemaTooNewException(string file, long found, long known)
    : Exception($"{file} has schema version {found}, this build knows {known}: run the newer build, or restore a backup from before the upgrade");

/// <summary>One SQLite file: WAL, synced at every commit, its schema created or checked at open.</summary>
internal sealed class SqliteFile
{
    private readonly string _path;

    internal SqliteFile(string path, int version, string schema)
    {
        _path = path;
        using var connection = OpenWriter();
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA user_version";
        var found = (long)check.ExecuteScalar()!;
        if (found > version) throw new SchemaTooNewException(path, found, version);
        if (found == version) return;
        using var create = connection.CreateCommand();
        create.CommandText = $"BEGIN IMMEDIATE; {schema}; PRAGMA user_version = {version}; COMMIT";
        create.ExecuteNonQuery();
    }

    internal SqliteConnection OpenWriter() => Open("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY");

    /// <summary>Pooled; reads a WAL snapshot and never waits for the writer.</summary>
    internal SqliteConnection OpenReader() => Open("PRAGMA busy_timeout=5000; PRAGMA query_only=1");

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = pragmas.Contains("query_only"), DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
        return connection;
    }
}
