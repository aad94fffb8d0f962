using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench journal</c>.</summary>
internal static class BenchJournalCommand
{
    internal static Command Create()
    {
        var entities = BenchCommand.Number("--entities", "persistent entities: 1, 100, 10000", 100);
        var seconds = BenchCommand.Number("--seconds", "measured time of a round", 4);
        var rounds = BenchCommand.Number("--rounds", "measured rounds, after one for warming up", Figures.Rounds);
        var samples = BenchCommand.Number("--samples", "persists one at a time", 300);
        var (postgres, json) = (BenchCommand.Database(), Options.Json());
        var command = new Command("journal", "durable events per second through persistent entities") { entities, seconds, rounds, samples, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var work = new JournalWork(parsed.GetValue(entities), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(samples), parsed.GetValue(postgres)!);
            var sides = await new JournalBench(work, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            var product = sides.First(s => s.Mode == JournalMode.Product);
            foreach (var side in sides)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{side.Mode,-8}{Rate(side),12:N0} events/s; product = {Rate(product) / Rate(side):0.00} x{Waits(side)}"));
            Console.WriteLine($"{work.Entities} entities, {work.InFlight} events under way, {(work.Postgres.Length > 0 ? "PostgreSQL" : "SQLite")}, {Machine.Name}");
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "journal", machine = Machine.Name, storage = work.Postgres.Length > 0 ? "postgres" : "sqlite", entities = work.Entities, in_flight = work.InFlight, seconds = work.Measured.TotalSeconds, rounds = work.Rounds,
                    product = Side(product), limits = sides.Where(s => s != product).ToDictionary(s => s.Mode.ToString().ToLowerInvariant(), s => new { limit = Side(s), ratio = Figures.Of(Rate(product) / Rate(s), 3) }),
                }));
            return sides.All(s => s.Written == s.Found) ? 0 : 1;
        });
        return command;
    }

    private static string Waits(JournalSide side) => side is not { Idle: { } idle, Half: { } half } ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; one persist idle p50 {idle.P50Ms:0.00} ms, p99 {idle.P99Ms:0.00} ms; at half of its rate p50 {half.P50Ms:0.00} ms, p99 {half.P99Ms:0.00} ms");

    private static double Rate(JournalSide side) => Figures.Median(side.Rounds.Select(r => r.EventsPerSecond));

    private static object Side(JournalSide side) => new
    {
        events_per_second = Figures.Of(Rate(side), 0), spread = Figures.Spread(side.Rounds.Select(r => r.EventsPerSecond)), cpu_us_per_event = Figures.Of(Figures.Median(side.Rounds.Select(r => r.CpuUs)), 1),
        saturated_p50_ms = Figures.Of(Figures.Median(side.Rounds.Select(r => r.P50Ms))), saturated_p99_ms = Figures.Of(Figures.Median(side.Rounds.Select(r => r.P99Ms))),
        idle_p50_ms = Figures.Of(side.Idle?.P50Ms ?? double.NaN), idle_p99_ms = Figures.Of(side.Idle?.P99Ms ?? double.NaN),
        half_rate_p50_ms = Figures.Of(side.Half?.P50Ms ?? double.NaN), half_rate_p99_ms = Figures.Of(side.Half?.P99Ms ?? double.NaN), written = side.Written, found = side.Found,
    };
}
