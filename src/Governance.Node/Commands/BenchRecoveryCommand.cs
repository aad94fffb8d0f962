using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;

namespace Governance.Node.Commands;

/// <summary><c>governance bench recovery</c>.</summary>
internal static class BenchRecoveryCommand
{
    internal static Command Create()
    {
        var sources = BenchCommand.Number("--sources", "commissioned hazard sources", 20_000);
        var cases = BenchCommand.Number("--cases", "open cases", 10_000);
        var events = BenchCommand.Number("--events", "journal rows of a case, at least", 40);
        var overdue = BenchCommand.Number("--overdue", "cases whose deadline passed while no node ran", 500);
        var detectors = BenchCommand.Number("--detectors", "detectors per source", 10);
        var rounds = BenchCommand.Number("--rounds", "cold starts, each on a copy", Figures.Rounds);
        var (postgres, json) = (BenchCommand.Database(), Options.Json());
        var command = new Command("recovery", "a node's cold start on what a busy district left behind") { sources, cases, events, overdue, detectors, rounds, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var work = new RecoveryWork(parsed.GetValue(sources), parsed.GetValue(cases), parsed.GetValue(events), parsed.GetValue(overdue), parsed.GetValue(detectors), parsed.GetValue(rounds), parsed.GetValue(postgres)!);
            if (work.Overdue > work.Cases || work.Cases > work.Sources) throw new UsageException("--overdue is at most --cases, and --cases at most --sources: a source opens one case");
            var (filled, results) = await new RecoveryBench(work, line => Console.Error.WriteLine(line)).RunAsync(cancel);
            var perSecond = Of(r => r.EntitiesPerSecond);
            var scan = Of(r => r.ScanRowsPerSecond);
            var ratio = perSecond * filled.CaseRows / Math.Max(1, work.Cases) / scan;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work.Sources:N0} sources, {work.Cases:N0} open cases, {filled.Rows:N0} journal rows, {(work.Postgres.Length > 0 ? "PostgreSQL" : "SQLite")}, {Machine.Name}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from process start: ready {Of(r => r.Ready):0.0} s, first reading {Of(r => r.FirstReading):0.0} s, {work.Overdue} overdue deadlines told {Of(r => r.Overdue):0.0} s, quiet {Of(r => r.Settled):0.0} s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"then {perSecond:N0} cases recovered per second ({Of(r => r.CpuMsPerEntity):0.00} ms CPU each); their rows at {ratio:P1} of the speed of a bare scan ({scan:N0} rows/s)"));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "recovery", machine = Machine.Name, storage = work.Postgres.Length > 0 ? "postgres" : "sqlite", sources = work.Sources, cases = work.Cases, events = work.Events, overdue = work.Overdue, detectors = work.Detectors, rounds = results.Count,
                    journal_rows = filled.Rows, case_rows = filled.CaseRows, ready_s = Figures.Of(Of(r => r.Ready)), first_reading_s = Figures.Of(Of(r => r.FirstReading)), first_reading_spread = Spread(r => r.FirstReading),
                    overdue_s = Figures.Of(Of(r => r.Overdue)), overdue_spread = Spread(r => r.Overdue), settled_s = Figures.Of(Of(r => r.Settled)), entities_per_second = Figures.Of(perSecond, 0), entities_spread = Spread(r => r.EntitiesPerSecond),
                    cpu_ms_per_entity = Figures.Of(Of(r => r.CpuMsPerEntity)), asked = work.Cases - work.Overdue, answered = results.Min(r => r.Answered), peak_mib = results.Max(r => r.PeakMib), limit = new { scan_rows_per_second = Figures.Of(scan, 0) }, ratio = Figures.Of(ratio, 4),
                }));
            return results.All(r => r.Answered == work.Cases - work.Overdue) ? 0 : 1;

            double Of(Func<RecoveryRound, double> of) => Figures.Median(results.Select(of));
            IEnumerable<double?> Spread(Func<RecoveryRound, double> of) => Figures.Spread(results.Select(of), 2);
        });
        return command;
    }
}
