using System.CommandLine;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;

namespace Governance.Node.Commands;

/// <summary>Subscribes to alerts in the terminal.</summary>
internal static class WatchCommand
{
    internal static Command Create()
    {
        var (dataDir, endpoint, token, json) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token(), Options.Json());
        var area = new Option<string[]>("--area") { Description = "only these areas", AllowMultipleArgumentsPerToken = true };
        var command = new Command("watch", "show alerts as they happen") { dataDir, endpoint, token, json, area };
        command.SetAction(async (parsed, cancel) =>
        {
            var bearer = Options.TokenOr(parsed.GetValue(token)!, parsed.GetValue(dataDir)!, Options.OperatorRoles);
            var request = new SubscribeRequest();
            request.Areas.AddRange(parsed.GetValue(area) ?? []);
            await using var reader = new AlertReader(NodeChannel.ToAll(parsed.GetValue(endpoint)!), () => bearer, request);
            var asJson = parsed.GetValue(json);
            reader.Arrived += a => Console.WriteLine(asJson ? Google.Protobuf.JsonFormatter.Default.Format(a) : $"{a.At.ToDateTimeOffset().ToLocalTime():HH:mm:ss} {a.Colour,-7} {a.Kind,-18} {a.Text}{(a.Drill ? " [drill]" : "")}");
            await reader.WaitForAsync(_ => false, cancel);
            return 0;
        });
        return command;
    }
}
