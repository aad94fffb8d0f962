using System.Globalization;

namespace Governance.Cluster.Tests.Harness;

/// <summary>The temporary folders of servers. A run that died leaves folder and server behind; the next run removes both.</summary>
internal static class PostgresHomes
{
    internal const string Data = "data";
    private const string Prefix = "governance-pg-";

    /// <summary>A fresh folder whose name says which process it belongs to.</summary>
    /// <param name="below">Where it lies; null for the machine's temporary folder.</param>
    internal static string Create(string? below)
    {
        if (below is null) return Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
        return Directory.CreateDirectory(Path.Combine(below, $"{Prefix}{Environment.ProcessId}-0")).FullName;
    }

    /// <summary>The running postmaster of a folder. The number may long belong to another process, so its command line is asked.</summary>
    internal static int? Postmaster(string home)
    {
        try
        {
            var pid = File.ReadLines(Path.Combine(home, Data, "postmaster.pid")).FirstOrDefault();
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(home, StringComparison.Ordinal) ? int.Parse(pid!, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException) { return null; }
    }

    internal static string[] StopCommand(string home, PostgresStop mode) =>
        PostgresBinaries.Command("pg_ctl", "stop", "-D", Path.Combine(home, Data), "-m", mode == PostgresStop.Fast ? "fast" : "immediate", "-w", "-t", "60", "-s");

    /// <summary>Removes what runs that are no more left behind.</summary>
    internal static async Task SweepAsync()
    {
        foreach (var home in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(IsOrphan))
        {
            try
            {
                if (Postmaster(home) is not null) await Shell.TryAsync(StopCommand(home, PostgresStop.Immediate));
                Directory.Delete(home, recursive: true);
            }
            catch (Exception foreign) when (foreign is IOException or UnauthorizedAccessException)
            {
                // Another user's: it is left to that user.
            }
        }
    }

    private static bool IsOrphan(string home)
    {
        var owner = Path.GetFileName(home)[Prefix.Length..].Split('-')[0];
        return int.TryParse(owner, CultureInfo.InvariantCulture, out _) && !Directory.Exists($"/proc/{owner}");
    }
}
