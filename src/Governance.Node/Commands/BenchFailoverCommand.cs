using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench failover</c>.</summary>
internal static class BenchFailoverCommand
{
    internal static Command Create()
    {
        var kills = BenchCommand.Number("--kills", "nodes that end without a word, one after the other", 5);
        var rate = BenchCommand.Number("--rate", "readings per second in all", 2000);
        var seed = BenchCommand.Number("--seed", "chooses the nodes", 1);
        var (postgres, json) = (BenchCommand.Database(), Options.Json());
        var command = new Command("failover", "seconds from kill -9 of one of three nodes until alarms and acknowledgements are back; needs --postgres") { kills, rate, seed, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(postgres)!.Length == 0) throw new UsageException("--postgres: three nodes share a database; tests/bench.sh failover --on-postgres starts one");
            var result = await new FailoverBench(parsed.GetValue(kills), parsed.GetValue(rate), parsed.GetValue(seed), parsed.GetValue(postgres)!, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            // What the edge said was durable and is not: a reading that was not acknowledged is still with its gateway.
            var lost = Math.Max(0, result.Acknowledged - result.InLedger);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Kills.Count} kills at {parsed.GetValue(rate):N0} readings/s: alarms back after p50 {Of(k => k.Alarms):0.0} s, max {result.Kills.Max(k => k.Alarms):0.0} s; every source acknowledges after p50 {Of(k => k.Acknowledged):0.0} s, max {result.Kills.Max(k => k.Acknowledged):0.0} s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Sent:N0} readings sent, {result.Acknowledged:N0} acknowledged, {result.InLedger:N0} in the ledger, {lost} lost; {result.Alarms} alarms, {result.AlarmsLost} lost, {result.Duplicates} told twice; {Machine.Name}"));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "failover", machine = Machine.Name, storage = "postgres", nodes = 3, kills = result.Kills.Count, readings_per_second = parsed.GetValue(rate), seed = parsed.GetValue(seed),
                    alarms_p50_s = Figures.Of(Of(k => k.Alarms)), alarms_max_s = Figures.Of(result.Kills.Max(k => k.Alarms)), alarms_spread = Figures.Spread(result.Kills.Select(k => k.Alarms), 2),
                    acknowledged_p50_s = Figures.Of(Of(k => k.Acknowledged)), acknowledged_max_s = Figures.Of(result.Kills.Max(k => k.Acknowledged)), acknowledged_spread = Figures.Spread(result.Kills.Select(k => k.Acknowledged), 2),
                    sent = result.Sent, acknowledged = result.Acknowledged, in_ledger = result.InLedger, readings_lost = lost, alarms = result.Alarms, alarms_lost = result.AlarmsLost, alarms_twice = result.Duplicates,
                }));
            return lost == 0 && result.AlarmsLost == 0 && result.Duplicates == 0 && result.Acknowledged == result.Sent ? 0 : 1;

            double Of(Func<FailoverKill, double> of) => Figures.Median(result.Kills.Select(of));
        });
        return command;
    }
}
