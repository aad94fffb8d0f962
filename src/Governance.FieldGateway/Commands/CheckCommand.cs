using System.CommandLine;
using System.Text.Json;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Hosting;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Commands;

/// <summary>Validates the configuration and tries once what it names. Takes no readings; makes the buffer folder where it is missing.</summary>
internal static class CheckCommand
{
    private static readonly Option<string> File = CommandLine.ConfigFile();
    private static readonly Option<bool> Json = CommandLine.Json();

    internal static Command Create()
    {
        var command = new Command("check", "validate the configuration and try devices, port, folder and nodes once") { File, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var config = ConfigReader.Read(parsed.GetValue(File)!);
        var asJson = parsed.GetValue(Json);
        var isWell = true;
        await foreach (var finding in Trial.RunAsync(config, new FieldLog(_ => { }, asJson: false, TimeProvider.System), cancel))
        {
            isWell &= finding.IsWell;
            Console.WriteLine(asJson ? JsonSerializer.Serialize(new { check = finding.Check, ok = finding.IsWell, detail = finding.Detail }) : $"{(finding.IsWell ? "ok   " : "FAIL ")} {finding.Check}: {finding.Detail}");
        }
        return isWell ? ExitCodes.Done : ExitCodes.Failed;
    }
}
