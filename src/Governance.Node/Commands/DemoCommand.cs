using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Domain.Calendars;
using Governance.Node.Demo;
using Governance.Node.Hosting;
using Spectre.Console;

namespace Governance.Node.Commands;

/// <summary>The main job: the district in recorded time, and the 21 minutes of 3 August 2025.</summary>
internal static class DemoCommand
{

    internal static Command Create()
    {
        var speed = new Option<double>("--speed") { Description = "ceiling: recorded seconds per second", DefaultValueFactory = _ => 60 };
        var exit = new Option<bool>("--exit") { Description = "stop after the incident" };
        var (json, dataDir) = (Options.Json(), Options.DataDir(""));
        var command = new Command("demo", "play the chlorine alarm of 3 August 2025 through a real node") { speed, exit, json, dataDir };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(speed) is not (>= 1 and <= 100_000)) throw new UsageException("--speed: 1 to 100000");
            var folder = parsed.GetValue(dataDir)! is { Length: > 0 } given ? given : Options.FreshFolder();
            await using var node = await NodeHost.StartAsync(NodeOptions.Embedded(folder), cancel);
            Console.WriteLine($"node on {node.Grpc}, data in {node.DataDir}");
            using var channel = Options.Channel(node.Grpc.ToString());
            var result = await PlayAsync(node, channel, parsed.GetValue(speed), cancel);
            Print(result);
            if (!parsed.GetValue(exit))
            {
                Console.WriteLine("the node goes on; Ctrl-C stops it");
                await node.WaitForShutdownAsync(cancel);
            }
            var whole = result.Sent == result.Acknowledged && result.Sent == result.InLedger && result.Case.State == "CLOSED";
            // A node that stops may still say so: what a program reads comes after it.
            await node.DisposeAsync();
            if (parsed.GetValue(exit) && parsed.GetValue(dataDir)!.Length == 0) Directory.Delete(folder, recursive: true);
            if (parsed.GetValue(json)) Console.WriteLine(Json(result));
            return whole ? 0 : 1;
        });
        return command;
    }

    private static async Task<DemoResult> PlayAsync(NodeHost node, Grpc.Net.Client.GrpcChannel channel, double speed, CancellationToken cancel)
    {
        if (Console.IsOutputRedirected) return await new DemoRun(node.Issuer, node.Ledger, channel, speed, Tell, _ => { }).RunAsync(cancel);
        return await AnsiConsole.Progress().HideCompleted(true).StartAsync(async context =>
        {
            var bar = context.AddTask("3 August 2025, 14:05 to 14:41", maxValue: 1);
            return await new DemoRun(node.Issuer, node.Ledger, channel, speed, Tell, done => bar.Value = done).RunAsync(cancel);
        });
    }

    private static void Tell(DateTimeOffset at, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{at.ToOffset(WorkCalendar.Local):HH:mm:ss}  {what}");
        if (Console.IsOutputRedirected) Console.WriteLine(line);
        else AnsiConsole.WriteLine(line);
    }

    private static void Print(DemoResult r)
    {
        Console.WriteLine();
        Console.WriteLine($"case {r.Case.CaseNumber}: {r.Case.State}, {r.Case.Level}, cause {r.Case.Cause}");
        foreach (var leg in r.Case.Ledger.Legs) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {leg.From,-18} → {leg.To,-18} {leg.Seconds,8:0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  receipt → clear {r.Case.Ledger.ReceiptToClearS / 60:0.##} min, receipt → close {r.Case.Ledger.TotalS / 60:0.##} min; crossing → on the department's desk {r.DispatchedMs:0} ms"));
        Console.WriteLine($"  {r.Sent} readings sent, {r.Acknowledged} acknowledged, {r.InLedger} in the ledger, {r.SubscriberAlerts} alerts at the subscriber, {r.Wall.TotalSeconds:0.0} s");
    }

    private static string Json(DemoResult r)
    {
        var ledger = new Dictionary<string, double>();
        foreach (var leg in r.Case.Ledger.Legs) ledger[$"{leg.From}→{leg.To}"] = leg.Seconds;
        ledger["receipt_to_clear_s"] = r.Case.Ledger.ReceiptToClearS;
        ledger["total_s"] = r.Case.Ledger.TotalS;
        return JsonSerializer.Serialize(new
        {
            scenario = "chlorine", @case = r.Case.CaseNumber, case_state = r.Case.State, alarm_raised_at = r.RaisedAt.ToOffset(WorkCalendar.Local), dispatched_ms = Math.Round(r.DispatchedMs, 1),
            alarm_cleared_at = r.ClearedAt.ToOffset(WorkCalendar.Local), minutes_to_clear = (r.ClearedAt - r.RaisedAt).TotalMinutes, ledger, readings_sent = r.Sent,
            readings_acknowledged = r.Acknowledged, readings_in_ledger = r.InLedger, subscriber_alerts = r.SubscriberAlerts,
        }, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
