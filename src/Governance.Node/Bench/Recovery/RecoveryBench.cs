using System.Collections.Concurrent;
using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Node.Gateway;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Npgsql;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>One cold start; seconds count from the start of the process.</summary>
/// <param name="FirstReading">Until a reading was evaluated, durable and acknowledged.</param>
/// <param name="Overdue">Until every deadline that had passed was told to a subscriber.</param>
/// <param name="Settled">Until the node had nothing more to do by itself.</param>
/// <param name="EntitiesPerSecond">Cases that slept until they were asked for, with 64 questions under way.</param>
/// <param name="Answered">Cases that answered with the version they were left at.</param>
internal sealed record RecoveryRound(double Ready, double FirstReading, double Overdue, double Settled, double EntitiesPerSecond, double CpuMsPerEntity, int Answered, long PeakMib, double ScanRowsPerSecond);

/// <summary>Starts a node on a store that a busy district left behind, again and again on copies of it.</summary>
internal sealed class RecoveryBench(RecoveryWork work, Action<string> tell)
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3), RestOver = TimeSpan.FromSeconds(12);

    internal async Task<(RecoveryFilled Filled, IReadOnlyList<RecoveryRound> Rounds)> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        var (databases, template) = (new List<JournalStore>(), Path.Combine(folder, "filled"));
        try
        {
            var filledDatabase = await DatabaseAsync(null);
            await MakeSchemaAsync(template, filledDatabase, cancel);
            var filled = await RecoveryFill.RunAsync(work, template, filledDatabase, cancel);
            tell($"{filled.Rows:N0} journal rows, {filled.CaseRows:N0} of them of {work.Cases:N0} cases");
            var rounds = new List<RecoveryRound>();
            for (var round = 1; round <= work.Rounds; round++)
            {
                var copy = Path.Combine(folder, $"round-{round}");
                foreach (var file in Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(file.Replace(template, copy, StringComparison.Ordinal))!);
                    File.Copy(file, file.Replace(template, copy, StringComparison.Ordinal));
                }
                var database = await DatabaseAsync(filledDatabase);
                var scanned = await ScanAsync(copy, database, cancel);
                rounds.Add(await RoundAsync(filled, copy, database, scanned, cancel));
                var r = rounds[^1];
                tell($"round {round}: ready {r.Ready:0.0} s, first reading {r.FirstReading:0.0} s, overdue {r.Overdue:0.0} s, settled {r.Settled:0.0} s, {r.EntitiesPerSecond:N0} entities/s at {r.CpuMsPerEntity:0.00} ms CPU, bare scan {r.ScanRowsPerSecond:N0} rows/s");
                Directory.Delete(copy, recursive: true);
            }
            return (filled, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            foreach (var database in databases) await database.RemoveAsync(work.Postgres, CancellationToken.None);
        }

        async Task<string> DatabaseAsync(string? copyOf)
        {
            if (work.Postgres.Length == 0) return "";
            var name = $"bench_recovery_{Guid.NewGuid():N}"[..30];
            await JournalStore.PostgresAsync(work.Postgres, copyOf is null ? $"CREATE DATABASE {name}" : $"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(copyOf).Database}", cancel);
            databases.Add(new JournalStore(JournalMode.Product, true, new NpgsqlConnectionStringBuilder(work.Postgres) { Database = name }.ConnectionString));
            return databases[^1].Where;
        }
    }

    /// <summary>A node makes its files when it starts, and the tables of its journal when the first entity recovers: the roster, which is awake on every node.</summary>
    private static async Task MakeSchemaAsync(string folder, string database, CancellationToken cancel)
    {
        await using var node = await BenchNode.StartAsync(folder, database, cancel);
        await new Edge.V1.Inspection.InspectionClient(node.Channel).InspectEntityAsync(new InspectEntityRequest { Kind = "roster", Id = "410803" }, node.Headers(Roles.Operator), cancellationToken: cancel);
        await node.Process.StopAsync();
    }

    private async Task<RecoveryRound> RoundAsync(RecoveryFilled filled, string folder, string database, double scanned, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var node = await BenchNode.StartAsync(folder, database, cancel);
        var ready = Seconds();
        var (reading, overdue) = (FirstReadingAsync(), OverdueAsync());
        await Task.WhenAll(reading, overdue);
        // A start wakes whoever is due and, after a pause (RosterRound), every source; what is measured next must not share the processor with it.
        await node.Process.QuietAsync(RestOver, Patience, cancel);
        var settled = Seconds();
        var (cpu, from, answered) = (node.Process.CpuTime, Stopwatch.GetTimestamp(), 0);
        var (client, headers) = (new Cases.CasesClient(node.Channel), node.Headers(Roles.Operator));
        await Parallel.ForEachAsync(filled.CaseKeys.Skip(work.Overdue), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (key, stop) =>
        {
            var asked = await client.GetCaseAsync(new GetCaseRequest { CaseId = key }, headers, cancellationToken: stop);
            if (asked.CaseId == key && asked.Version == filled.Versions[key]) Interlocked.Increment(ref answered);
        });
        var touched = Math.Max(1, work.Cases - work.Overdue);
        return new RecoveryRound(ready, await reading, await overdue, settled, answered / Stopwatch.GetElapsedTime(from).TotalSeconds, (node.Process.CpuTime - cpu).TotalMilliseconds / touched, answered, node.Process.Memory.PeakBytes >> 20, scanned);

        double Seconds() => Stopwatch.GetElapsedTime(begun).TotalSeconds;

        async Task<double> FirstReadingAsync()
        {
            // The last source: with the numbers of sources and cases that are meant, one without a case.
            var hello = new Hello { GatewayId = "bench-recovery", Epoch = 1, Clock = Clock.Live, MarkColumns = true };
            hello.Sources.Add(new SourceDeclaration { SourceId = BenchNode.SourceId(work.Sources - 1), Detectors = { new DetectorDeclaration { DetectorId = "D00", Unit = "mg/m3" } } });
            using var enough = new CancellationTokenSource();
            var load = new FrameLoad(node.Channel, node.Token(Roles.Gateway), hello, 1, 1) { CreditLimit = 1 };
            var running = load.RunAsync(enough.Token, cancel);
            while (load.AcknowledgedReadings == 0 && !running.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(2), cancel);
            var acknowledged = Seconds();
            await enough.CancelAsync();
            await running;
            return acknowledged;
        }

        async Task<double> OverdueAsync()
        {
            var (told, all) = (new ConcurrentDictionary<string, byte>(), new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (work.Overdue == 0) return Seconds();
            await using var alerts = new AlertReader([node.Channel], () => node.Token(Roles.Viewer), new SubscribeRequest { Kinds = { AlertKind.DeadlineBreached }, HeartbeatS = 5 });
            alerts.Arrived += Hear;
            foreach (var alert in alerts.Alerts) Hear(alert);
            return await all.Task.WaitAsync(Patience, cancel);

            void Hear(Alert alert)
            {
                if (told.TryAdd(alert.AlertId, 0) && told.Count == work.Overdue) all.TrySetResult(Seconds());
            }
        }
    }

    private static async Task<double> ScanAsync(string folder, string database, CancellationToken cancel)
    {
        await using System.Data.Common.DbConnection connection = database.Length > 0
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString)
            : new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=false;Mode=ReadOnly");
        var (rows, took) = await JournalRows.ScanAsync(connection, cancel);
        return rows / took.TotalSeconds;
    }
}
