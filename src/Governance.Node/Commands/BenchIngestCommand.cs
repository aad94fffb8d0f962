using System.CommandLine;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench ingest</c>.</summary>
internal static class BenchIngestCommand
{
    internal static Command Create()
    {
        var (sources, detectors, frame, gateways) = (BenchCommand.Number("--sources", "hazard sources", 42), BenchCommand.Number("--detectors", "detectors per source", 22), BenchCommand.Number("--frame", "readings per frame", 1000), BenchCommand.Number("--gateways", "streams", 4));
        var (seconds, rounds) = (BenchCommand.Number("--seconds", "measured time of a round", 6), BenchCommand.Number("--rounds", "measured rounds, after one for warming up", Figures.Rounds));
        var rate = new Option<double>("--rate") { Description = "readings per second in all; 0: as fast as it goes" };
        var (noLimits, postgres, json) = (new Option<bool>("--no-limits") { Description = "measure the product alone" }, BenchCommand.Database(), Options.Json());
        var command = new Command("ingest", "readings per second: evaluated, durable and acknowledged") { sources, detectors, frame, gateways, seconds, rounds, rate, postgres, noLimits, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var database = parsed.GetValue(postgres)!;
            IReadOnlyList<LimitMode> limits = parsed.GetValue(noLimits) ? [] : [LimitMode.Log, database.Length > 0 ? LimitMode.RowsPostgres : LimitMode.RowsSqlite];
            var work = new IngestWork(parsed.GetValue(sources), parsed.GetValue(detectors), parsed.GetValue(frame), parsed.GetValue(gateways), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), database, limits);
            var result = await new IngestBench(work, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            Console.WriteLine(IngestReport.Text(result));
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(IngestReport.Figures(result)));
            return result.Sent == result.InLedger ? 0 : 1;
        });
        return command;
    }
}
