using System.Globalization;
using Npgsql;

namespace Governance.Cluster.Tests.Harness;

/// <summary>How a server is stopped.</summary>
internal enum PostgresStop
{
    /// <summary>Sessions are ended, everything is written: an orderly stop.</summary>
    Fast,

    /// <summary>Everything ends at once: the next start recovers from the log, as after a crash.</summary>
    Immediate,
}

/// <summary>A real PostgreSQL server of its own, in a fresh folder, with everything on that makes a commit durable.</summary>
/// <param name="below">Where its folder lies; null for the machine's temporary folder.</param>
internal sealed class PostgresServer(string? below = null) : IAsyncDisposable
{
    /// <summary>Where the nodes of a cluster under test live.</summary>
    internal const string NodesSubnet = "10.77.0.0/24";
    private readonly string _home = PostgresHomes.Create(below);

    /// <summary>Null when a server can run here, else the reason.</summary>
    internal static string? Missing => PostgresBinaries.Missing;

    internal int Port { get; } = FreePort.Take();

    /// <summary>Process id of the postmaster.</summary>
    internal int Pid => PostgresHomes.Postmaster(_home) ?? throw new InvalidOperationException("the server does not run");

    internal bool IsRunning => PostgresHomes.Postmaster(_home) is not null;

    /// <summary>What the server wrote to its log.</summary>
    internal string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    internal string DataDir => Path.Combine(_home, PostgresHomes.Data);
    private string LogFile => Path.Combine(_home, "server.log");

    /// <summary>Returns when the server takes connections.</summary>
    internal async Task StartAsync()
    {
        if (!Directory.Exists(DataDir)) await InitialiseAsync();
        var (exit, output) = await Shell.TryAsync(PostgresBinaries.Command("pg_ctl", "start", "-D", DataDir, "-l", LogFile, "-w", "-t", "60", "-s"));
        if (exit != 0) throw new InvalidOperationException($"PostgreSQL did not start: {output}\n{Log}");
    }

    /// <summary>Returns when the server is gone. Does nothing when it does not run.</summary>
    internal async Task StopAsync(PostgresStop mode)
    {
        if (!IsRunning) return;
        var (exit, output) = await Shell.TryAsync(PostgresHomes.StopCommand(_home, mode));
        if (exit != 0) throw new InvalidOperationException($"PostgreSQL did not stop: {output}\n{Log}");
    }

    /// <summary>Stops and starts the server; immediate is a crash with recovery.</summary>
    internal async Task RestartAsync(bool immediate)
    {
        await StopAsync(immediate ? PostgresStop.Immediate : PostgresStop.Fast);
        await StartAsync();
    }

    /// <summary>Creates an empty database and returns how to connect to it through an address of this machine.</summary>
    internal async Task<string> CreateDatabaseAsync(string name, string host = "127.0.0.1")
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name, host);
    }

    internal string ConnectionString(string database, string host = "127.0.0.1") =>
        string.Create(CultureInfo.InvariantCulture, $"Host={host};Port={Port};Username=postgres;Database={database}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync(PostgresStop.Immediate);
        Directory.Delete(_home, recursive: true);
    }

    private async Task InitialiseAsync()
    {
        await PostgresHomes.SweepAsync();
        await PostgresBinaries.HandOverAsync(_home);
        // --no-sync concerns the empty cluster only: the server itself syncs every commit.
        await Shell.RunAsync(PostgresBinaries.Command("initdb", "-D", DataDir, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync"));
        await File.AppendAllTextAsync(Path.Combine(DataDir, "postgresql.conf"), Settings());
        await File.WriteAllTextAsync(Path.Combine(DataDir, "pg_hba.conf"), Access);
    }

    private string Settings() => string.Create(CultureInfo.InvariantCulture, $"""

        listen_addresses = '*'
        port = {Port}
        unix_socket_directories = '{_home}'
        fsync = on
        synchronous_commit = on
        max_connections = 200
        shared_buffers = 128MB
        max_wal_size = 64MB
        min_wal_size = 32MB

        """);

    /// <summary>It listens everywhere, since the bridge may come after it; only loopback and the nodes' network are let in.</summary>
    private const string Access = $"""
        local all all trust
        host all all 127.0.0.0/8 trust
        host all all {NodesSubnet} trust

        """;
}
