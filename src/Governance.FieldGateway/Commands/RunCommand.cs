using System.CommandLine;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Hosting;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Commands;

/// <summary>Runs until it is told to stop.</summary>
internal static class RunCommand
{
    private static readonly Option<string> File = CommandLine.ConfigFile();
    private static readonly Option<bool> Json = CommandLine.Json();
    private static readonly Option<double?> Status = new("--status") { Description = "seconds between status lines, from 0.1; 0: none (default: status_every_s of the configuration)" };

    internal static Command Create()
    {
        var command = new Command("run", "take readings of data loggers and devices and stream them") { File, Json, Status };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var config = ConfigReader.Read(parsed.GetValue(File)!);
        var every = parsed.GetValue(Status) is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : config.StatusEvery;
        using var lines = new LineQueue(Console.Out);
        var log = new FieldLog(lines.Add, parsed.GetValue(Json), TimeProvider.System);
        await using var host = new FieldGatewayHost(config, log);
        log.Say("READY", null, $"{config.GatewayId}: {config.Sources.Sum(s => s.Detectors.Count)} detectors, {config.Hj212?.Stations.Count ?? 0} stations, {config.Devices.Count} devices");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stopped.SetResult);
        await using var timer = every > TimeSpan.Zero ? new Timer(_ => host.TellStatus(), null, every, every) : null;
        await Task.WhenAny(stopped.Task, host.Fenced);
        await host.StopAsync();
        host.TellStatus();
        if (!host.Fenced.IsCompleted) return ExitCodes.Done;
        return CommandLine.Failed($"FENCED: the edge will not have this gateway: {await host.Fenced}; what was taken is kept in {config.BufferFolder}", ExitCodes.Fenced);
    }
}
