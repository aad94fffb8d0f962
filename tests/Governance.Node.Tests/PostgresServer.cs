using System.Diagnostics;
using Npgsql;

namespace Governance.Node.Tests;

/// <summary>A PostgreSQL of the test's own, in a folder of its own, on loopback. Does nothing where none is installed.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"postgres-{Guid.NewGuid():N}");

    /// <summary>Folder of initdb and pg_ctl; null where PostgreSQL is not installed.</summary>
    internal static string? Binaries { get; } = !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(b => File.Exists(Path.Combine(b, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault();

    internal int Port { get; } = NodeProcess.FreePort();
    internal string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres";

    public async Task InitializeAsync()
    {
        if (Binaries is null) return;
        Directory.CreateDirectory(_folder);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", _folder);
        await AsServerAsync("initdb", "-D", Data, "-A", "trust", "-U", "postgres", "--no-sync", "-N");
        // Who is called stranger needs a password; all others are trusted.
        var access = Path.Combine(Data, "pg_hba.conf");
        await File.WriteAllTextAsync(access, "host all stranger 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(access));
        await AsServerAsync("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder}", "start");
    }

    internal async Task DoAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    internal async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Changes a setting of the running server and returns when new sessions have it.</summary>
    internal async Task SetAsync(string setting, string value)
    {
        await DoAsync($"ALTER SYSTEM SET {setting} = {value}", "SELECT pg_reload_conf()");
        while (await AskAsync($"SHOW {setting}") as string != value) await Task.Delay(20);
    }

    public async Task DisposeAsync()
    {
        if (Binaries is null) return;
        await AsServerAsync("pg_ctl", "-D", Data, "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static Task AsServerAsync(string tool, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, tool);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        if (process.ExitCode != 0) throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: {await output}{await errors}");
    }
}

/// <summary>A fact about a real PostgreSQL; skipped with the reason where none is installed.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Binaries is null) Skip = "no PostgreSQL in /usr/lib/postgresql/*/bin: apt-get install postgresql";
    }
}
