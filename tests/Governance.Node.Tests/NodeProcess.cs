using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Governance.Node.Tests;

/// <summary>A real node in a process of its own, which can be killed without a word.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "governance.dll");
    private Process? _process;

    internal string DataDir { get; } = Directory.CreateTempSubdirectory("node-").FullName;
    internal int GrpcPort { get; } = FreePort();
    private int HttpPort { get; } = FreePort();
    internal string Endpoint => $"http://127.0.0.1:{GrpcPort}";

    /// <summary>Returns when the node says that it is ready.</summary>
    internal async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        _process = Start(environment ?? new Dictionary<string, string>(), ["serve", "--data-dir", DataDir, "--grpc-port", $"{GrpcPort}", "--http-port", $"{HttpPort}"]);
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            if (line == "ready") return;
        throw new InvalidOperationException($"the node did not start: {await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>kill −9.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Runs a verb to its end and returns its exit code and output.</summary>
    internal static Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The same with environment variables.</summary>
    internal static async Task<(int Exit, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(4));
        return (process.ExitCode, await output, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Directory.Delete(DataDir, recursive: true);
    }

    private static Process Start(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(Dll);
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return Process.Start(info) ?? throw new InvalidOperationException("dotnet did not start");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
