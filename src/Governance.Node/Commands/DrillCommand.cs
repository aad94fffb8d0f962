using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Domain.Calendars;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Demo;
using Governance.Node.Drills;
using Governance.Node.Gateway;
using Governance.Node.Hosting;
using Governance.Storage;
using Grpc.Net.Client;
using Incident = Governance.Node.Demo.Incident;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Commands;

/// <summary>Plays a script from life against a node and prints each leg beside what the script says.</summary>
internal static class DrillCommand
{
    private const string Chlorine = "chlorine";
    private static readonly string[] Scenarios = [Chlorine, Chargers.Name, CertificateFee.Name];
    private static readonly Argument<string> Scenario = new("scenario") { Description = string.Join(", ", Scenarios) };
    private static readonly Option<double> Speed = new("--speed") { Description = "recorded seconds per second at most; 0: as fast as it is durable" };
    private static readonly Option<bool> Json = Options.Json();
    private static readonly Option<string> Endpoint = Options.Endpoint("");
    private static readonly Option<string> DataDir = Options.DataDir("");

    internal static Command Create()
    {
        var command = new Command("drill", "play a script from life: chlorine, chargers, certificate-fee") { Scenario, Speed, Json, Endpoint, DataDir };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (scenario, endpoint) = (parsed.GetValue(Scenario)!, parsed.GetValue(Endpoint)!);
        if (!Scenarios.Contains(scenario)) throw new UsageException($"'{scenario}' is no scenario: {string.Join(", ", Scenarios)}");
        var speed = parsed.GetValue(Speed) switch { 0 => double.PositiveInfinity, > 0 and var s => s, _ => throw new UsageException("--speed: 0 or more") };
        var dataDir = parsed.GetValue(DataDir)! is { Length: > 0 } given ? given : endpoint.Length > 0 ? Options.DefaultDataDir : Options.FreshFolder();
        var node = endpoint.Length > 0 ? null : await NodeHost.StartAsync(NodeOptions.Embedded(dataDir), cancel);
        try
        {
            var issuer = node?.Issuer ?? Issuer(dataDir);
            using var channel = Options.Channel(node?.Grpc.ToString() ?? endpoint);
            var result = scenario == Chlorine ? await ChlorineAsync(issuer, node?.Ledger, channel, speed, cancel) : await PlayAsync(scenario, issuer, channel, speed, cancel);
            Print(result);
            // A node that stops may still say so: what a program reads comes after it.
            if (node is not null) await node.DisposeAsync();
            if (parsed.GetValue(Json)) Console.WriteLine(Text(result));
            return result.Unmet.Count == 0 ? 0 : 1;
        }
        finally
        {
            if (node is not null)
            {
                await node.DisposeAsync();
                if (parsed.GetValue(DataDir)!.Length == 0) Directory.Delete(dataDir, recursive: true);
            }
        }
    }

    private static TokenIssuer Issuer(string dataDir)
    {
        var keys = Path.Combine(dataDir, "keys");
        return File.Exists(Path.Combine(keys, "token.key")) ? new TokenIssuer(keys, TimeProvider.System) : throw new UsageException($"no key in {keys}: give the node's --data-dir");
    }

    private static async Task<DrillResult> PlayAsync(string scenario, TokenIssuer issuer, GrpcChannel channel, double speed, CancellationToken cancel)
    {
        var viewer = issuer.For("drill-subscriber", "", Kernel.Roles.Viewer);
        await using var alerts = new AlertReader([channel], () => viewer, new SubscribeRequest { HeartbeatS = 1 });
        await alerts.WaitUntilSubscribedAsync(cancel);
        var begins = scenario == Chargers.Name ? Chargers.Begins : CertificateFee.Begins;
        await using var clock = await DrillClock.StartAsync(channel, issuer, $"drill-{Guid.NewGuid():n}"[..20], "410803001", begins, speed, cancel);
        var stage = new DrillStage(channel, issuer, clock, alerts, Tell);
        return scenario == Chargers.Name ? await Chargers.RunAsync(stage, cancel) : await CertificateFee.RunAsync(stage, cancel);
    }

    /// <summary>Script 1 is what the demonstration plays, with the whole plant streaming.</summary>
    private static async Task<DrillResult> ChlorineAsync(TokenIssuer issuer, IReadingLedger? ledger, GrpcChannel channel, double speed, CancellationToken cancel)
    {
        var legs = new List<DrillLeg>();
        var played = await new DemoRun(issuer, ledger, channel, speed, (at, what) => { if (at >= Incident.Warning) Tell(new DrillLeg(what, at, at, "", "")); }, _ => { }).RunAsync(cancel);
        var received = played.Case.ReceivedAt.ToDateTimeOffset();
        var (planned, at) = (received, received);
        foreach (var (leg, script) in played.Case.Ledger.Legs.Zip(Incident.ScriptLegsS))
        {
            (planned, at) = (planned + TimeSpan.FromSeconds(script), at + TimeSpan.FromSeconds(leg.Seconds));
            legs.Add(new DrillLeg($"{leg.From} → {leg.To}", planned, at, "", $"{leg.Seconds:0} s"));
        }
        var unmet = new List<string>();
        if (played.Case.State != "CLOSED") unmet.Add("the case is closed");
        if (played.ClearedAt - played.RaisedAt != TimeSpan.FromMinutes(21) || played.Case.Ledger.ReceiptToClearS != 21 * 60) unmet.Add("receipt → clear is 21:00");
        if (!played.Case.Ledger.Legs.Select(l => l.Seconds).SequenceEqual(Incident.ScriptLegsS)) unmet.Add("every leg is as long as the script's");
        if (played.Case.Clocks.Any(c => c.State == "BREACHED")) unmet.Add($"every clock is met ({string.Join(", ", played.Case.Clocks.Where(c => c.State == "BREACHED").Select(c => c.Clock))})");
        if (played.Sent != played.Acknowledged || played.Sent != played.InLedger) unmet.Add("every reading is acknowledged and in the ledger");
        return new DrillResult(Chlorine, played.Case, legs, played.DispatchedMs, [], unmet);
    }

    private static void Tell(DrillLeg leg) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{leg.Happened.ToOffset(WorkCalendar.Local):MM-dd HH:mm:ss}  {leg.What}{(leg.State.Length > 0 ? $" → {leg.State}" : "")}{(leg.Facts.Length > 0 ? $"  ({leg.Facts})" : "")}"));

    private static void Print(DrillResult r)
    {
        Console.WriteLine();
        Console.WriteLine($"case {r.Case.CaseNumber}: {r.Case.State}, {r.Case.Level}");
        foreach (var leg in r.Case.Ledger.Legs) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {leg.From,-18} → {leg.To,-18} {leg.Seconds,9:0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  receipt → close {r.Case.Ledger.TotalS / 3600:0.##} h; receipt → on the lead's desk {r.DeskMs:0} ms; {r.Slips.Count} slips"));
        foreach (var promise in r.Unmet) Console.WriteLine($"  NOT KEPT: {promise}");
    }

    private static string Text(DrillResult r) => JsonSerializer.Serialize(new
    {
        scenario = r.Scenario, @case = r.Case.CaseNumber, case_state = r.Case.State, desk_ms = Math.Round(r.DeskMs, 1), total_s = r.Case.Ledger.TotalS, receipt_to_clear_s = r.Case.Ledger.ReceiptToClearS,
        legs = r.Legs.Select(l => new { what = l.What, planned = l.Planned, happened = l.Happened, state = l.State, facts = l.Facts }), slips = r.Slips.Select(s => new { number = s.Number, state = s.State }),
        clocks = r.Case.Clocks.Select(c => new { clock = c.Clock, state = c.State, budget = c.Budget }), not_kept = r.Unmet,
    }, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
