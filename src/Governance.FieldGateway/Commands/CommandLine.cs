using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Modbus;

namespace Governance.FieldGateway.Commands;

/// <summary>The command line. Errors in one place, in words that say what to do next.</summary>
internal static class CommandLine
{
    /// <summary>Longer than the longest <c>drain_within_s</c>.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(660);

    internal static Option<string> ConfigFile() => new("--config") { Description = "the configuration file (JSON)", Required = true };
    internal static Option<bool> Json() => new("--json") { Description = "every line is one JSON object" };

    internal static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Field gateway: HJ 212 data loggers and Modbus devices to the dispatch centre") { RunCommand.Create(), CheckCommand.Create() };
        var parsed = root.Parse(args);
        var asJson = args.Contains("--json");
        try { return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopPatience }); }
        catch (ConfigRejectedException e)
        {
            foreach (var fault in e.Faults)
                Console.Error.WriteLine(asJson ? JsonSerializer.Serialize(new { path = fault.Path, reason = fault.Reason, detail = fault.Detail }) : $"  {fault}");
            return Failed(e.Message, ExitCodes.Configuration);
        }
        catch (LibraryMissingException e) { return Failed(e.Message, ExitCodes.Failed); }
        catch (SocketException e) { return Failed($"the port for data loggers cannot be had: {e.Message}", ExitCodes.Failed); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException) { return Failed(e.Message, ExitCodes.Failed); }
    }

    internal static int Failed(string why, int exit)
    {
        Console.Error.WriteLine($"governance-gateway: {why}");
        return exit;
    }
}

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    internal const int Done = 0;
    /// <summary>Something that may be different the next time.</summary>
    internal const int Failed = 1;
    /// <summary>The configuration cannot be used; trying again does not help.</summary>
    internal const int Configuration = 2;
    /// <summary>The edge will not have this gateway as it is (OLD_EPOCH, EPOCH_USED); somebody has to look.</summary>
    internal const int Fenced = 3;
}
