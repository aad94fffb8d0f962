using System.Globalization;
using System.Text.Json;

namespace Governance.Node.Bench;

/// <summary>
/// Durable events per second through persistent entities, and in the same run: the plugin as shipped, a bare insert of the
/// same rows, and Akka without storage. Each in a process of its own, in turn, so that none shares the disk with another.
/// </summary>
internal sealed class JournalBench(JournalWork work, Action<string> tell)
{
    internal async Task<IReadOnlyList<JournalSide>> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        try
        {
            var sides = new List<JournalSide>();
            foreach (var mode in Enum.GetValues<JournalMode>()) sides.Add(await SideAsync(mode, folder, cancel));
            return sides;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private async Task<JournalSide> SideAsync(JournalMode mode, string folder, CancellationToken cancel)
    {
        var store = await JournalStore.FreshAsync(mode, folder, work.Postgres, cancel);
        try
        {
            await using var child = await ChildProcess.StartAsync(
                ["bench-child", "journal", "--mode", mode.ToString(), "--entities", Text(work.Entities)], cancel,
                new Dictionary<string, string> { ["GOVERNANCE_BENCH_STORE"] = store.Where, ["GOVERNANCE_BENCH_STORAGE"] = store.IsPostgres ? "postgres" : "sqlite" });
            var rounds = new List<JournalRound>();
            // One round more than asked: the first one warms the compiler.
            for (var round = 0; round <= work.Rounds; round++)
            {
                var measured = await AskAsync($"saturate {work.InFlight} {Text(work.Measured.TotalSeconds)}");
                tell($"{mode} round {round}: {measured.EventsPerSecond:N0} events/s, p50 {measured.P50Ms:0.0} ms, p99 {measured.P99Ms:0.0} ms, {measured.CpuUs:0} µs CPU per event");
                if (round > 0) rounds.Add(measured);
            }
            JournalRound? idle = null, half = null;
            if (mode is not JournalMode.Bare)
            {
                idle = await AskAsync($"single {work.IdleSamples}");
                half = await AskAsync($"pace {Text(Figures.Median(rounds.Select(r => r.EventsPerSecond)) / 2)} {Text(work.Measured.TotalSeconds)}");
                tell($"{mode}: idle p50 {idle.P50Ms:0.00} ms, p99 {idle.P99Ms:0.00} ms; at {half.EventsPerSecond:N0} events/s p50 {half.P50Ms:0.00} ms, p99 {half.P99Ms:0.00} ms");
            }
            var written = long.Parse(await child.AskAsync("written", cancel), CultureInfo.InvariantCulture);
            await child.StopAsync();
            return new JournalSide(mode, rounds, idle, half, written, mode == JournalMode.Memory ? written : await store.CountAsync(cancel));

            async Task<JournalRound> AskAsync(string question) => JsonSerializer.Deserialize<JournalRound>(await child.AskAsync(question, cancel))!;
        }
        finally { await store.RemoveAsync(work.Postgres, CancellationToken.None); }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
