using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench memory</c>.</summary>
internal static class BenchMemoryCommand
{
    internal static Command Create()
    {
        var each = BenchCommand.Number("--each", "sources, and cases, between two weighings", 2000);
        var detectors = BenchCommand.Number("--detectors", "detectors of a large source", 100);
        var subscribers = BenchCommand.Number("--subscribers", "streams of alerts", 500);
        var rounds = BenchCommand.Number("--rounds", "measured rounds, after one for warming up", Figures.Rounds);
        var json = Options.Json();
        var command = new Command("memory", "bytes per idle detector, source, case and subscriber") { each, detectors, subscribers, rounds, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var work = new MemoryWork(parsed.GetValue(each), parsed.GetValue(detectors), parsed.GetValue(subscribers), parsed.GetValue(rounds));
            if (work.Detectors < 2) throw new UsageException("--detectors: at least 2, because a detector is the difference between a large source and one with a single detector");
            var (results, heap, rss) = await new MemoryBench(work, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            var sides = new Dictionary<string, IReadOnlyList<double>>
            {
                ["source"] = [.. results.Select(r => r.Source)], ["detector"] = [.. results.Select(r => r.Detector)], ["heard_detector"] = [.. results.Select(r => r.Detector + r.Heard)],
                ["case"] = [.. results.Select(r => r.Case)], ["subscriber"] = [.. results.Select(r => r.Subscriber)],
            };
            foreach (var (name, values) in sides) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name.Replace('_', ' '),-15}{Figures.Median(values),10:N0} B ({values.Min():N0} to {values.Max():N0})"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in the end {heap >> 20:N0} MiB managed, {rss >> 20:N0} MiB resident; {Machine.Name}"));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "memory", machine = Machine.Name, each = work.Each, detectors = work.Detectors, subscribers = work.Subscribers, rounds = results.Count,
                    bytes = sides.ToDictionary(s => s.Key, s => Figures.Of(Figures.Median(s.Value), 0)), spread = sides.ToDictionary(s => s.Key, s => Figures.Spread(s.Value)), heap_bytes = heap, rss_bytes = rss,
                }));
            return 0;
        });
        return command;
    }
}
