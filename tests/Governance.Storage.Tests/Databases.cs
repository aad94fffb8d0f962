using System.Reflection;
using Governance.Cluster.Tests.Harness;
using Governance.Storage.Postgres;
using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit.Sdk;

namespace Governance.Storage.Tests;

/// <summary>Which database a test runs on. Both are real.</summary>
public enum Database { Sqlite, Postgres }

/// <summary>Runs a theory on SQLite.</summary>
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Database.Sqlite]];
}

/// <summary>Runs a theory on a PostgreSQL server of its own; skipped, with the reason, where none can run.</summary>
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute() => Skip = PostgresServer.Missing;
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Database.Postgres]];
}

/// <summary>Fresh stores on either database; one server per test class, started when first needed.</summary>
public sealed class Databases : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PostgresServer? _server;
    private int _count;

    public Task InitializeAsync() => Task.CompletedTask;

    internal async Task<StoreUnderTest> OpenAsync(Database on) =>
        on == Database.Sqlite ? new StoreUnderTest(Directory.CreateTempSubdirectory("storage-").FullName, null) : new StoreUnderTest(null, await PostgresDatabase.OpenAsync(await ConnectionAsync(), default));

    /// <summary>Connection string of an empty database.</summary>
    internal async Task<string> ConnectionAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_server is null)
            {
                _server = new PostgresServer();
                await _server.StartAsync();
            }
            return await _server.CreateDatabaseAsync($"test{++_count}");
        }
        finally { _gate.Release(); }
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
    }
}

/// <summary>An empty store. Every ledger opened on it is a node of its own.</summary>
internal sealed class StoreUnderTest(string? folder, PostgresDatabase? postgres) : IAsyncDisposable
{
    internal PostgresDatabase Postgres => postgres ?? throw new InvalidOperationException("not on PostgreSQL");
    internal IReadingLedger Ledger(ICommitFaults? faults = null) => postgres is null ? new SqliteReadingLedger(File("ledger.db"), faults) : new PostgresReadingLedger(postgres, faults);
    internal IDeadlineStore Deadlines() => postgres is null ? new SqliteDeadlineStore(File("deadlines.db")) : new PostgresDeadlineStore(postgres);
    internal IViews Views() => postgres is null ? new SqliteViews(File("views.db")) : new PostgresViews(postgres);
    internal IAlarmViews Alarms() => postgres is null ? new SqliteAlarmViews(File("alarms.db")) : new PostgresAlarmViews(postgres);

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
        if (folder is null) return;
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private string File(string name) => Path.Combine(folder!, name);
}
