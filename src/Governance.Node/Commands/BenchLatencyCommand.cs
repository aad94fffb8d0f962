using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench latency</c>.</summary>
internal static class BenchLatencyCommand
{
    internal static Command Create()
    {
        var (background, samples) = (new Option<double[]>("--background") { Description = "readings per second beside it", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [0, 10_000, 100_000] }, BenchCommand.Number("--samples", "alarms per background", 300));
        var (postgres, json) = (BenchCommand.Database(), Options.Json());
        var command = new Command("latency", "milliseconds from a crossing reading to its alert at a subscriber") { background, samples, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var result = await new LatencyBench(parsed.GetValue(background)!, parsed.GetValue(samples), parsed.GetValue(postgres)!, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            foreach (var round in result.Rounds)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round.BackgroundPerSecond,10:N0} readings/s beside it: alert p50 {round.Alert.P50:0.00} ms, p99 {round.Alert.P99:0.00} ms, max {round.Alert.Max:0.00} ms; ack p50 {round.Acknowledged.P50:0.00} ms, p99 {round.Acknowledged.P99:0.00} ms; a sync of the disk p50 {round.Sync.P50:0.00} ms, p99 {round.Sync.P99:0.00} ms, max {round.Sync.Max:0.00} ms"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"limit (one reading there, synced, and back): p50 {result.There.P50:0.00} ms, p99 {result.There.P99:0.00} ms; {Machine.Name}"));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "latency", machine = Machine.Name, storage = parsed.GetValue(postgres)!.Length > 0 ? "postgres" : "sqlite", limit = new { p50_ms = Figures.Of(result.There.P50), p99_ms = Figures.Of(result.There.P99) },
                    rounds = result.Rounds.Select(r => new { background = r.BackgroundPerSecond, reached = Math.Round(r.ReachedPerSecond), samples = r.Alert.Sorted.Count, p50_ms = Figures.Of(r.Alert.P50), p99_ms = Figures.Of(r.Alert.P99), max_ms = Figures.Of(r.Alert.Max), ratio = Figures.Of(r.Alert.P50 / result.There.P50), ack_p50_ms = Figures.Of(r.Acknowledged.P50), ack_p99_ms = Figures.Of(r.Acknowledged.P99), sync_p50_ms = Figures.Of(r.Sync.P50), sync_p99_ms = Figures.Of(r.Sync.P99), sync_max_ms = Figures.Of(r.Sync.Max) }),
                }));
            return 0;
        });
        return command;
    }
}
