namespace Governance.Cluster.Tests.Harness;

/// <summary>Finds the programs of a PostgreSQL server, and the account to run them under.</summary>
internal static class PostgresBinaries
{
    private const string Account = "postgres";
    private static readonly string? Folder = Find();

    /// <summary>Null when a server can run here, else the reason.</summary>
    internal static string? Missing { get; } =
        Folder is null ? "PostgreSQL server binaries not found: apt-get install postgresql"
        : Environment.IsPrivilegedProcess && !HasAccount() ? $"PostgreSQL refuses to run as root and there is no account {Account}: apt-get install postgresql"
        : null;

    /// <summary>The command that runs one of the programs; never as root, which the server refuses.</summary>
    internal static string[] Command(string program, params string[] arguments)
    {
        string[] command = [Program(program), .. arguments];
        return Environment.IsPrivilegedProcess ? ["runuser", "-u", Account, "--", .. command] : command;
    }

    internal static string Program(string name) => Path.Combine(Folder ?? throw new InvalidOperationException(Missing), name);

    /// <summary>Gives a folder to the account that the server runs under.</summary>
    internal static Task HandOverAsync(string folder) =>
        Environment.IsPrivilegedProcess ? Shell.RunAsync("chown", $"{Account}:", folder) : Task.CompletedTask;

    /// <summary>Debian keeps the server's programs out of PATH, one folder per version: the newest one.</summary>
    private static string? Find()
    {
        const string versions = "/usr/lib/postgresql";
        var installed = Directory.Exists(versions) ? Directory.EnumerateDirectories(versions) : [];
        return installed.OrderByDescending(Version).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "pg_ctl")));
    }

    private static int Version(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;

    private static bool HasAccount() =>
        File.Exists("/etc/passwd") && File.ReadLines("/etc/passwd").Any(l => l.StartsWith($"{Account}:", StringComparison.Ordinal));
}
