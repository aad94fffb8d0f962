using Akka.Configuration;
using Akka.Hosting;
using Governance.Actors.Journal;
using Governance.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Governance.Node.Bench;

/// <summary>A fresh journal of one mode: a file of its own, or a database of its own on the server given.</summary>
/// <param name="Where">Folder, or connection string of the fresh database.</param>
internal sealed record JournalStore(JournalMode Mode, bool IsPostgres, string Where)
{
    private const string StockConfig = """
        akka.persistence.journal {{ plugin = "akka.persistence.journal.sql", sql {{ connection-string = "{0}", provider-name = "{1}" }} }}
        akka.persistence.snapshot-store {{ plugin = "akka.persistence.snapshot-store.sql", sql {{ connection-string = "{0}", provider-name = "{1}" }} }}
        """;
    private const string MemoryConfig = """
        akka.persistence { journal.plugin = "akka.persistence.journal.inmem", snapshot-store.plugin = "akka.persistence.snapshot-store.inmem" }
        """;

    private string File => Path.Combine(Where, "journal.db");

    /// <summary>Makes the product's schema, where the product does so before its journal starts; answers the connection string that the product makes of the one given.</summary>
    internal async Task<string> PrepareAsync(CancellationToken cancel)
    {
        if (Mode != JournalMode.Product || !IsPostgres) return Where;
        await using var database = await PostgresDatabase.OpenAsync(Where, cancel);
        return database.ConnectionString;
    }

    /// <param name="prepared">What <see cref="PrepareAsync"/> answered.</param>
    internal void Apply(AkkaConfigurationBuilder akka, string prepared)
    {
        switch (Mode)
        {
            case JournalMode.Product when IsPostgres: new PostgresPersistence(prepared).Apply(akka); break;
            case JournalMode.Product: new SqlitePersistence(File, Path.Combine(Where, "snapshots.db")).Apply(akka); break;
            case JournalMode.Stock:
                akka.AddHocon(string.Format(System.Globalization.CultureInfo.InvariantCulture, StockConfig, IsPostgres ? Where : $"Data Source={File}", IsPostgres ? "PostgreSQL.15" : "SQLite.MS"), HoconAddMode.Prepend)
                    .AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
                break;
            default: akka.AddHocon(MemoryConfig, HoconAddMode.Prepend); break;
        }
    }

    /// <summary>Rows that the journal holds now, counted by another connection.</summary>
    internal async Task<long> CountAsync(CancellationToken cancel)
    {
        await using System.Data.Common.DbConnection connection = IsPostgres ? new NpgsqlConnection(Where) : new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(cancel);
        await using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM journal";
        return Convert.ToInt64(await count.ExecuteScalarAsync(cancel), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A store that nobody has written to, below a folder or beside the database of a connection string.</summary>
    internal static async Task<JournalStore> FreshAsync(JournalMode mode, string folder, string postgres, CancellationToken cancel)
    {
        if (postgres.Length == 0) return new JournalStore(mode, false, Directory.CreateDirectory(Path.Combine(folder, mode.ToString())).FullName);
        var name = $"bench_{mode.ToString().ToLowerInvariant()}_{Guid.NewGuid():N}"[..40];
        await PostgresAsync(postgres, $"CREATE DATABASE {name}", cancel);
        return new JournalStore(mode, true, new NpgsqlConnectionStringBuilder(postgres) { Database = name }.ConnectionString);
    }

    internal async Task RemoveAsync(string postgres, CancellationToken cancel)
    {
        if (IsPostgres) await PostgresAsync(postgres, $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(Where).Database} WITH (FORCE)", cancel);
    }

    internal static async Task PostgresAsync(string connection, string sql, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
