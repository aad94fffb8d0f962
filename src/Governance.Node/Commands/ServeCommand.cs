using System.CommandLine;
using Governance.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Commands;

/// <summary>Runs a node.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var dataDir = Options.DataDir(Options.DefaultDataDir);
        var config = new Option<string>("--config") { Description = "folder with the district's policy files", DefaultValueFactory = _ => NodeOptions.ShippedConfig };
        var grpc = new Option<int>("--grpc-port") { Description = "port of the gRPC API, loopback", DefaultValueFactory = _ => Options.GrpcPort };
        var http = new Option<int>("--http-port") { Description = "port of the JSON API, loopback", DefaultValueFactory = _ => Options.HttpPort };
        var command = new Command("serve", "run a node (default)") { dataDir, config, grpc, http };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new NodeOptions(parsed.GetValue(dataDir)!, parsed.GetValue(grpc), parsed.GetValue(http), parsed.GetValue(config)!, LogLevel.Warning);
            await using var node = await NodeHost.StartAsync(options, cancel);
            Console.WriteLine($"gRPC  {node.Grpc}");
            Console.WriteLine($"JSON  {node.Http}v1/");
            Console.WriteLine($"data  {node.DataDir}");
            Console.WriteLine("tokens: governance token --role operator --data-dir <data>");
            Console.WriteLine("ready");
            await node.WaitForShutdownAsync(cancel);
            return 0;
        });
        return command;
    }
}
