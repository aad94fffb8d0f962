using System.ComponentModel;
using System.Diagnostics;

namespace Governance.Cluster.Tests.Harness;

/// <summary>Short commands of the operating system, run to their end.</summary>
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Returns what the command printed; throws when it fails.</summary>
    internal static async Task<string> RunAsync(params string[] command)
    {
        var (exit, output) = await TryAsync(command);
        return exit == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {exit}: {output.Trim()}");
    }

    /// <summary>Exit code and output; 127 when there is no such program, as in a shell.</summary>
    internal static async Task<(int Exit, string Output)> TryAsync(params string[] command)
    {
        using var process = new Process { StartInfo = Info(command) };
        // The account that PostgreSQL runs under may not enter the folder of the tests.
        process.StartInfo.WorkingDirectory = "/";
        try { process.Start(); }
        catch (Win32Exception missing) { return (127, missing.Message); }
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try { await process.WaitForExitAsync().WaitAsync(Patience); }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end within {Patience}");
        }
        return (process.ExitCode, await output + await errors);
    }

    internal static ProcessStartInfo Info(IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1)) info.ArgumentList.Add(argument);
        return info;
    }
}
