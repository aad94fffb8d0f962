using System.CommandLine;
using Governance.Node.Hosting;

namespace Governance.Node.Commands;

/// <summary>Runs a node.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var options = new ServeOptions();
        var command = new Command("serve", "run a node (default)");
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var node = await NodeHost.StartAsync(options.Read(parsed), cancel);
            Console.WriteLine($"gRPC  {node.Grpc}");
            Console.WriteLine($"JSON  {node.Http}v1/");
            Console.WriteLine($"data  {node.DataDir}");
            Console.WriteLine("tokens: governance token --role operator --data-dir <data>");
            await using var stop = cancel.Register(node.BeginStop);
            await node.WaitUntilReadyAsync(reasons => Console.Error.WriteLine($"governance: not ready yet: {string.Join("; ", reasons)}"), cancel);
            Console.WriteLine("ready");
            await node.WaitForShutdownAsync(CancellationToken.None);
            return 0;
        });
        return command;
    }
}
