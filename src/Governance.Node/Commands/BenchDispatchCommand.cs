using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench dispatch</c>.</summary>
internal static class BenchDispatchCommand
{
    internal static Command Create()
    {
        var (rate, seconds) = (BenchCommand.Number("--rate", "cases per second", 100), BenchCommand.Number("--seconds", "seconds of load, after five to warm up", 45));
        var (postgres, json) = (BenchCommand.Database(), Options.Json());
        var command = new Command("dispatch", "milliseconds from a registered case to its department's desk, and how lists and search answer over what came together") { rate, seconds, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(rate) is not (>= 1 and <= 10_000) || parsed.GetValue(seconds) is not (>= 1 and <= 3600)) throw new UsageException("--rate: 1 to 10000; --seconds: 1 to 3600");
            var r = await new DispatchBench(parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(postgres)!, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.AskedPerSecond:0} cases/s asked, {r.ReachedPerSecond:0.0} reached, {r.Cases} cases: registered p50 {r.Registered.P50:0.0} ms, p99 {r.Registered.P99:0.0} ms; on the lead's desk p50 {r.Desk.P50:0.0} ms, p99 {r.Desk.P99:0.0} ms, max {r.Desk.Max:0.0} ms; a sync of the disk p50 {r.Sync.P50:0.00} ms"));
            foreach (var (what, found, time) in r.Lists) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  list, {what}: {found} found, p50 {time.P50:0.00} ms, p99 {time.P99:0.00} ms"));
            Console.WriteLine(Machine.Name);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "dispatch", machine = Machine.Name, storage = parsed.GetValue(postgres)!.Length > 0 ? "postgres" : "sqlite", asked_per_s = r.AskedPerSecond, reached_per_s = Figures.Of(r.ReachedPerSecond), cases = r.Cases,
                    registered_p50_ms = Figures.Of(r.Registered.P50), registered_p99_ms = Figures.Of(r.Registered.P99), desk_p50_ms = Figures.Of(r.Desk.P50), desk_p99_ms = Figures.Of(r.Desk.P99), desk_max_ms = Figures.Of(r.Desk.Max),
                    lists = r.Lists.Select(l => new { what = l.What, found = l.Found, p50_ms = Figures.Of(l.Time.P50), p99_ms = Figures.Of(l.Time.P99) }), sync_p50_ms = Figures.Of(r.Sync.P50),
                }));
            return 0;
        });
        return command;
    }
}
