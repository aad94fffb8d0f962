using System.CommandLine;
using System.Data.Common;
using Governance.Domain.Registry;
using Governance.Gateway;
using Governance.Node.Gateway;
using Governance.Node.Notify;
using Governance.Node.Replay;
using Governance.Storage;
using Governance.Storage.Sqlite;
using Grpc.Core;

namespace Governance.Node.Commands;

/// <summary>The command line. Each verb in a file of its own; errors in one place, in words that say what to do next.</summary>
public static class CommandLine
{
    /// <summary>A node that is told to stop hands over what it owns; whoever stops it waits this long (cluster-config: 60 s).</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(55);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Governance.Actors: alerting engine of a district's dispatch centre")
        {
            ServeCommand.Create(), DemoCommand.Create(), DrillCommand.Create(), ReplayCommand.Create(), BacktestCommand.Create(), LimitsCommand.Create(), InspectCommand.Create(), ExplainCommand.Create(), ReportCommand.Create(), VerifyCommand.Create(), WhatIfCommand.Create(), DispatchCommand.Create(), WatchCommand.Create(), TokenCommand.Create(), DoctorCommand.Create(), BenchCommand.Create(), BenchChildCommand.Create(),
        };
        var verbs = root.Subcommands.Select(c => c.Name).ToHashSet();
        // `serve` is what happens when no verb is named.
        if (args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version") && !verbs.Contains(args[0]))) args = ["serve", .. args];
        var parsed = root.Parse(args);
        try { return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LeavePatience }); }
        catch (Exception e) when (e is RecordingException or PolicyRefusedException or NotifyRefusedException or DataFolderInUseException or SchemaTooNewException or UsageException or GatewayFencedException or SubscriptionRejectedException) { return Failed(e.Message); }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable) { return Failed($"the node does not answer ({e.Status.Detail}); is it running, and is --endpoint right?"); }
        catch (RpcException e) { return Failed($"{e.StatusCode}: {e.Status.Detail}"); }
        catch (OperationCanceledException) { return Failed("stopped"); }
        catch (DbException e) { return Failed($"the database refuses: {StorageFaults.Plainly(e)}; `governance doctor` says what to do"); }
        catch (IOException e) { return Failed(e.Message); }
    }

    private static int Failed(string why)
    {
        Console.Error.WriteLine($"governance: {why}");
        return 1;
    }
}

/// <summary>The options do not go together; says which to give.</summary>
public sealed class UsageException(string message) : Exception(message);
