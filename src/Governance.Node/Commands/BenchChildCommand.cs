using System.CommandLine;
using System.Globalization;
using Governance.Node.Bench;
using Governance.Node.Hosting;

namespace Governance.Node.Commands;

/// <summary>Processes that a bench starts beside itself; not for people.</summary>
internal static class BenchChildCommand
{
    internal static Command Create()
    {
        var command = new Command("bench-child", "one process of a bench") { Journal(), Limit(), Node() };
        command.Hidden = true;
        return command;
    }

    /// <summary>A node as <c>serve</c> runs it, which answers how many bytes its managed heap holds after a full collection.</summary>
    private static Command Node()
    {
        var options = new ServeOptions();
        var command = new Command("node", "a node that is weighed");
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var node = await NodeHost.StartAsync(options.Read(parsed), cancel);
            await node.WaitUntilReadyAsync(_ => { }, cancel);
            Console.WriteLine($"gRPC  {node.Grpc}");
            Console.WriteLine("ready");
            await ChildAnswers.RunAsync(_ =>
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
                return Task.FromResult(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
            }, cancel);
            return 0;
        });
        return command;
    }

    private static Command Journal()
    {
        var (mode, entities) = (new Option<JournalMode>("--mode"), new Option<int>("--entities"));
        var command = new Command("journal", "one journal") { mode, entities };
        command.SetAction(async (parsed, cancel) =>
        {
            var store = new JournalStore(parsed.GetValue(mode), Environment.GetEnvironmentVariable("GOVERNANCE_BENCH_STORAGE") == "postgres", Environment.GetEnvironmentVariable("GOVERNANCE_BENCH_STORE")!);
            await JournalChild.RunAsync(store, parsed.GetValue(entities), cancel);
            return 0;
        });
        return command;
    }

    /// <summary>The disk behind the door of a gateway: the other end of a measurement of limits.</summary>
    private static Command Limit()
    {
        var (mode, folder) = (new Option<LimitMode>("--mode"), new Option<string>("--folder"));
        var command = new Command("limit", "the disk behind the door of a gateway") { mode, folder };
        command.SetAction(async (parsed, cancel) =>
        {
            using ILimitStore store = parsed.GetValue(mode) switch
            {
                LimitMode.Log => new LogStore(parsed.GetValue(folder)!),
                LimitMode.RowsSqlite => new SqliteRowStore(parsed.GetValue(folder)!),
                _ => new PostgresRowStore(Environment.GetEnvironmentVariable("GOVERNANCE_POSTGRES")!),
            };
            await LimitServer.RunAsync(store, cancel);
            return 0;
        });
        return command;
    }
}
