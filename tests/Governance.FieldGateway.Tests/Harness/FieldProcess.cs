using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>The field gateway as it is run: a process of its own, from its own folder, without the server beside it.</summary>
internal sealed class FieldProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly string Dll = Find();
    private readonly Process _process;
    private readonly ConcurrentQueue<JsonElement> _lines = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private FieldProcess(string[] arguments)
    {
        _process = Begin(arguments);
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = Task.Run(async () =>
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
                Take(line);
        });
    }

    internal IReadOnlyCollection<JsonElement> Lines => _lines;

    /// <summary>Returns when it says that it is ready.</summary>
    internal static async Task<FieldProcess> StartAsync(string config)
    {
        var field = new FieldProcess(["run", "--config", config, "--json", "--status", "0.2"]);
        await Wait.UntilAsync(() => field.Has("READY") || field._process.HasExited, field.State);
        return field.Has("READY") ? field : throw new InvalidOperationException(await field._errors);
    }

    /// <summary>Runs a verb to its end.</summary>
    internal static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Begin(arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Wait.Patience);
        return (process.ExitCode, await output, await errors);
    }

    internal bool Has(string what) => _lines.Any(l => l.TryGetProperty("event", out var e) && e.GetString() == what);

    /// <summary>The last status of something; null before the first.</summary>
    internal JsonElement? Status(string kind) => _lines.LastOrDefault(l => l.TryGetProperty("status", out var s) && s.GetString() == kind) is { ValueKind: JsonValueKind.Object } found ? found : null;

    internal long Counter(string kind, string name) => Status(kind) is { } status ? status.GetProperty(name).GetInt64() : 0;

    internal string State() => string.Join('\n', _lines.TakeLast(12));

    /// <summary>kill −9.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as systemd sends it; returns the exit code.</summary>
    internal async Task<int> StopAsync()
    {
        Assert.Equal(0, Kill(_process.Id, Terminate));
        await _process.WaitForExitAsync().WaitAsync(Wait.Patience);
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Waits until it ends by itself.</summary>
    internal async Task<(int Exit, string Errors)> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Wait.Patience);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        await _reading;
        _process.Dispose();
    }

    private void Take(string line)
    {
        try { _lines.Enqueue(JsonDocument.Parse(line).RootElement); }
        // The last line of a killed process may be half a line.
        catch (JsonException) { Torn++; }
    }

    /// <summary>Lines that were none.</summary>
    internal int Torn { get; private set; }

    private static Process Begin(string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(Dll);
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }

    /// <summary>Beside its own files: those of the suite are of a machine with ASP.NET.</summary>
    private static string Find()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var root = own;
        while (!File.Exists(Path.Combine(root!.FullName, "Governance.Actors.sln"))) root = root.Parent;
        return Path.Combine(root.FullName, "src", "Governance.FieldGateway", "bin", own.Parent!.Name, own.Name, "governance-gateway.dll");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
