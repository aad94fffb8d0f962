using System.CommandLine;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench nation</c>.</summary>
internal static class BenchNationCommand
{
    internal static Command Create()
    {
        var (sources, rate, minutes) = (BenchCommand.Number("--sources", "hazard sources", 20_000), new Option<double>("--rate") { Description = "readings per second in all", DefaultValueFactory = _ => 9_260 }, new Option<double>("--minutes") { Description = "measured time", DefaultValueFactory = _ => 5 });
        var (detectors, postgres, json) = (BenchCommand.Number("--detectors", "detectors per source", 22), BenchCommand.Database(), Options.Json());
        var command = new Command("nation", "what a nation's hazard sources take of one node") { sources, detectors, rate, minutes, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var result = await new NationBench(parsed.GetValue(sources), parsed.GetValue(detectors), parsed.GetValue(rate), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(postgres)!, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            Console.WriteLine(result.Text);
            if (parsed.GetValue(json)) Console.WriteLine(result.Json);
            return result.Sent == result.InLedger ? 0 : 1;
        });
        return command;
    }
}
