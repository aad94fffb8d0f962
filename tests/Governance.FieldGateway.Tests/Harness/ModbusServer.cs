using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>A real Modbus server in a process of its own: pymodbus under the system's Python. Killed without a word, started again on the same port.</summary>
internal sealed class ModbusServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private Process? _process;

    /// <summary>Why there can be none here; null when there can.</summary>
    internal static string? Missing { get; } = Look();

    internal int Port { get; } = Ports.Free();

    internal async Task StartAsync()
    {
        var info = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Harness", "modbus_server.py"), $"{Port}" }) info.ArgumentList.Add(argument);
        _process = Process.Start(info)!;
        // Nobody reads what it says about its clients; a full pipe would stop it.
        _ = _process.StandardError.ReadToEndAsync();
        Assert.Equal("listening", await _process.StandardOutput.ReadLineAsync().WaitAsync(Wait.Patience));
    }

    internal Task SetAsync(string table, int address, params int[] values) => TellAsync($"set {table} {address} {string.Join(' ', values)}");

    internal Task DelayAsync(double seconds) => TellAsync(FormattableString.Invariant($"delay {seconds}"));

    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
    }

    private async Task TellAsync(string command)
    {
        await _process!.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        Assert.Equal("done", await _process.StandardOutput.ReadLineAsync().WaitAsync(Wait.Patience));
    }

    private static string? Look()
    {
        if (!NativeLibrary.TryLoad("libmodbus.so.5", out _)) return "libmodbus5 is not installed (apt-get install libmodbus5)";
        if (!File.Exists(Python)) return $"{Python} is not there";
        var info = new ProcessStartInfo(Python) { RedirectStandardError = true };
        foreach (var argument in new[] { "-c", "import pymodbus.server" }) info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "pymodbus is not installed (apt-get install python3-pymodbus python3-serial-asyncio)";
    }
}

/// <summary>A test that needs libmodbus and a Modbus server.</summary>
public sealed class ModbusFactAttribute : FactAttribute
{
    public ModbusFactAttribute() => Skip = ModbusServer.Missing;
}
