using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>One SQLite file: WAL, synced at every commit, its schema created, extended or checked at open.</summary>
internal sealed class SqliteFile
{
    /// <param name="schema">Name below <c>cluster-config/schema/sqlite</c>.</param>
    internal SqliteFile(string path, string schema)
    {
        Path = path;
        var versions = Schemas.Of($"sqlite.{schema}");
        using var connection = OpenWriter();
        var found = VersionOf(connection);
        if (found > versions.Count) throw new SchemaTooNewException(path, found, versions.Count);
        if (found == versions.Count) return;
        // Asked again under the lock: another process may be extending it at this moment.
        Execute(connection, "BEGIN IMMEDIATE");
        for (var version = VersionOf(connection) + 1; version <= versions.Count; version++) Execute(connection, $"{versions[(int)version - 1]} PRAGMA user_version = {version};");
        Execute(connection, "COMMIT");
    }

    internal string Path { get; }

    /// <summary>What the disk below still has for this process.</summary>
    internal long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>
    /// 64 MiB of cache, because thousands of sources each have a leaf of an index that grows when chunks are merged, and
    /// 64 MiB between checkpoints, because each of those leaves is then written back once and not at every commit.
    /// </summary>
    internal SqliteConnection OpenWriter() => Open("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA wal_autocheckpoint=16000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY");

    /// <summary>Pooled; reads a WAL snapshot and never waits for the writer.</summary>
    internal SqliteConnection OpenReader() => Open("PRAGMA busy_timeout=5000; PRAGMA query_only=1");

    /// <summary>A batch as one transaction on the file's writing connection.</summary>
    internal static Func<IReadOnlyList<TWork>, IReadOnlyList<TResult>> Transaction<TWork, TResult>(SqliteConnection writer, Func<SqliteConnection, SqliteTransaction, TWork, TResult> write) => batch =>
    {
        var results = new TResult[batch.Count];
        using var transaction = writer.BeginTransaction(deferred: false);
        for (var i = 0; i < batch.Count; i++) results[i] = write(writer, transaction, batch[i]);
        transaction.Commit();
        return results;
    };

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = pragmas.Contains("query_only"), DefaultTimeout = 30 }.ToString());
        connection.Open();
        Execute(connection, pragmas);
        return connection;
    }

    private static long VersionOf(SqliteConnection connection)
    {
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA user_version";
        return (long)check.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
