using System.CommandLine;
using System.Globalization;
using Governance.Edge.V1;

namespace Governance.Node.Commands;

/// <summary>Shows the live state of a case or a source.</summary>
internal static class InspectCommand
{
    internal static Command Create()
    {
        var (dataDir, endpoint, token, json) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token(), Options.Json());
        var kind = new Argument<string>("what") { Description = "case, source, gateway or cluster" };
        var id = new Argument<string>("id") { Description = "case number or key, source id or gateway id", DefaultValueFactory = _ => "" };
        var command = new Command("inspect", "show the live state of a case, a source or a gateway") { kind, id, dataDir, endpoint, token, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var bearer = Options.Bearer(parsed.GetValue(token)!, parsed.GetValue(dataDir)!);
            using var channel = Options.Channel(parsed.GetValue(endpoint)!);
            var inspection = new Inspection.InspectionClient(channel);
            switch (parsed.GetValue(kind))
            {
                case "case":
                    var found = await inspection.InspectCaseAsync(new InspectCaseRequest { CaseId = parsed.GetValue(id)! }, bearer, cancellationToken: cancel);
                    Options.Show(parsed.GetValue(json), found, Print);
                    return 0;
                case "source" or "gateway":
                    var entity = await inspection.InspectEntityAsync(new InspectEntityRequest { Kind = parsed.GetValue(kind) == "source" ? "hazard-source" : "gateway", Id = parsed.GetValue(id)! }, bearer, cancellationToken: cancel);
                    Options.Show(parsed.GetValue(json), entity, Print);
                    return 0;
                case "cluster":
                    var cluster = await inspection.InspectClusterAsync(new InspectClusterRequest(), bearer, cancellationToken: cancel);
                    Options.Show(parsed.GetValue(json), cluster, Print);
                    return 0;
                default: throw new UsageException("inspect what? 'case', 'source', 'gateway' or 'cluster'");
            }
        });
        return command;
    }

    private static void Print(ClusterInspection cluster)
    {
        Console.WriteLine($"{cluster.Node}: {(cluster.Ready ? "ready" : $"NOT READY: {string.Join("; ", cluster.Reasons)}")}");
        foreach (var member in cluster.Members)
            Console.WriteLine($"  {member.Address,-45} {member.Status,-8} {string.Join(",", member.Roles),-12} {(member.Reachable ? "" : "UNREACHABLE ")}{(member.OnDuty ? "on duty" : "")}");
        Console.WriteLine($"  in memory here: {string.Join(", ", cluster.EntitiesHere.Where(e => e.Value > 0).OrderBy(e => e.Key).Select(e => $"{e.Value} {e.Key}"))}");
    }

    internal static void Print(CaseInspection inspection)
    {
        var found = inspection.Case;
        Console.WriteLine($"case {found.CaseNumber} ({found.CaseId}): {found.State} {found.SubPhase}, {found.Level}, supervision {found.Supervision}, category {found.Category}, source {found.SourceId}{(found.Drill ? ", drill" : "")}");
        foreach (var task in found.Tasks) Console.WriteLine($"  task   {task.Organisation,-6} {(task.Lead ? "lead" : "co"),-5} {task.State}");
        foreach (var clock in found.Clocks) Console.WriteLine($"  clock  {clock.Clock,-9} {clock.State,-9} due {clock.Due.ToDateTimeOffset():u}");
        foreach (var leg in found.Ledger.Legs) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  leg    {leg.From} → {leg.To}: {leg.Seconds:0.###} s"));
        Print(inspection.Entity);
        Console.WriteLine("cause chain:");
        foreach (var line in inspection.CauseChain) Console.WriteLine($"  {line}");
    }

    private static void Print(EntityInspection entity)
    {
        Console.WriteLine($"actor {entity.Kind}/{entity.Id}: version {entity.Version}, journal {entity.JournalSequence}, node {entity.Node}, shard {entity.Shard}, now {entity.Now.ToDateTimeOffset():u}");
        foreach (var deadline in entity.Deadlines) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  armed  {deadline.Kind,-9} due {deadline.Due.ToDateTimeOffset():u}, {deadline.SecondsLeft:0} s left"));
        foreach (var message in entity.Outbox) Console.WriteLine($"  outbox {message.To} #{message.Number} {message.Message}");
        foreach (var answered in entity.LastCommands) Console.WriteLine($"  command {answered.At.ToDateTimeOffset():u} {answered.Command}: {answered.Answer}");
        Console.WriteLine($"  state  {entity.StateJson}");
    }
}
