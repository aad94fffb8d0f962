using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>
/// The one database of a cluster. Sessions are made so that a node that freezes or is cut off holds nothing that others
/// wait for: every write is one statement or a transaction that the server ends when its client falls silent.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Every session of a node bears this name in pg_stat_activity.</summary>
    public const string ApplicationName = "governance";
    /// <summary>Name of the schema below <c>cluster-config/schema</c>, and its lock.</summary>
    private const string Schema = "postgres";
    private const long SchemaLock = 0x676F7665726E31;

    private volatile bool _ready;

    private PostgresDatabase(string connectionString) => (ConnectionString, Source) = (connectionString, NpgsqlDataSource.Create(connectionString));

    /// <summary>With everything that a node adds to what its operator gave.</summary>
    public string ConnectionString { get; }
    public NpgsqlDataSource Source { get; }

    /// <summary>
    /// Connects; creates, extends or checks the schema. A database that is not there yet is no error: the schema is seen
    /// to when it comes.
    /// </summary>
    /// <exception cref="SchemaTooNewException">The schema is of a newer build.</exception>
    /// <exception cref="PostgresException">What will not mend by itself: a wrong password, a database that does not exist.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var database = new PostgresDatabase(Hardened(connectionString));
        try { await database.ReadyAsync(cancel); }
        catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient) { /* whoever needs it asks again */ }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
        return database;
    }

    /// <summary>Returns when the schema is as this build wants it; at once when that is known.</summary>
    internal async Task ReadyAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await MigrateAsync(cancel);
        _ready = true;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static string Hardened(string given)
    {
        var settings = new NpgsqlConnectionStringBuilder(given)
        {
            ApplicationName = ApplicationName, Timeout = 3, CommandTimeout = 5, CancellationTimeout = -1, KeepAlive = 0, TcpKeepAlive = true, TcpKeepAliveTime = 2,
            TcpKeepAliveInterval = 1, MaxPoolSize = 20, MaxAutoPrepare = 50, IncludeErrorDetail = false,
            // A command that took too long ends the session and counts as failed: an answer that comes after its cancellation
            // may say success of a commit that no standby has.
            // Above the client's own patience, so that what a client gave up the server gives up too.
            Options = "-c idle_in_transaction_session_timeout=4000 -c lock_timeout=4000 -c statement_timeout=6000 -c synchronous_commit=on",
        };
        return settings.ToString();
    }

    private async Task MigrateAsync(CancellationToken cancel)
    {
        var versions = Schemas.Of(Schema);
        await using var connection = await Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancel);
        await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)", cancel);
        await using var ask = new NpgsqlCommand("SELECT version FROM schema_version", connection);
        var found = await ask.ExecuteScalarAsync(cancel) is int version ? version : 0;
        if (found > versions.Count) throw new SchemaTooNewException("the database", found, versions.Count);
        if (found == versions.Count) return;
        for (var next = found; next < versions.Count; next++) await ExecuteAsync(connection, versions[next], cancel);
        await ExecuteAsync(connection, $"INSERT INTO schema_version VALUES (1, {versions.Count}) ON CONFLICT (one) DO UPDATE SET version = excluded.version", cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
