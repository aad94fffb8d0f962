using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Actors.Accountability;
using Governance.Storage;
using Governance.Storage.Postgres;
using Governance.Storage.Sqlite;

namespace Governance.Node.Commands;

/// <summary><c>governance verify journal</c>: whether the journal is what it was when it was sealed.</summary>
internal static class VerifyCommand
{
    private const int Told = 20;

    internal static Command Create() => new("verify", "whether what is kept is what it was") { Journal() };

    private static Command Journal()
    {
        var (dataDir, json) = (Options.DataDir(Options.DefaultDataDir), Options.Json());
        var postgres = new Option<string>("--postgres") { Description = "connection string of a cluster's PostgreSQL, in place of --data-dir", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("GOVERNANCE_POSTGRES") ?? "" };
        var command = new Command("journal", "recompute every hash chain, daily root and entity from the journal's rows, and compare them with seals, snapshots and lists") { dataDir, postgres, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var report = parsed.GetValue(postgres) is { Length: > 0 } connection ? await OfDatabaseAsync(connection, cancel) : await OfFolderAsync(parsed.GetValue(dataDir)!, cancel);
            Print(report);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    rows = report.Rows, entities = report.Entities, not_sealed = report.NotSealed, days = report.Days, snapshots = report.Snapshots, snapshots_not_compared = report.NotCompared, listed = report.Listed, kinds_not_folded = report.NotFolded,
                    ok = report.Differences.Count == 0, differences = report.Differences.Select(d => new { entity = d.Entity, number = d.Number, what = d.What }),
                }));
            return report.Differences.Count == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>A copy, a node that is stopped, or one that runs: nothing is written but what SQLite itself needs to read.</summary>
    private static async Task<VerificationReport> OfFolderAsync(string path, CancellationToken cancel)
    {
        string File(string name) => Path.Combine(path, name);
        if (!System.IO.File.Exists(File("journal.db"))) throw new UsageException($"no journal in {path}: give the node's folder with --data-dir, or --postgres");
        await using var seals = System.IO.File.Exists(File("seals.db")) ? new SqliteSeals(File("seals.db")) : null;
        await using var views = System.IO.File.Exists(File("views.db")) ? new SqliteViews(File("views.db")) : null;
        return await RunAsync(new SqliteRawJournal(File("journal.db")), new SqliteRawSnapshots(File("snapshots.db")), seals, views, cancel);
    }

    private static async Task<VerificationReport> OfDatabaseAsync(string connection, CancellationToken cancel)
    {
        await using var database = await PostgresDatabase.OpenAsync(connection, cancel);
        return await RunAsync(new PostgresRawJournal(database), new PostgresRawSnapshots(database), new PostgresSeals(database), new PostgresViews(database), cancel);
    }

    private static Task<VerificationReport> RunAsync(IRawJournal journal, IRawSnapshots snapshots, ISealStore? seals, IViews? views, CancellationToken cancel)
    {
        var told = 0L;
        return new JournalVerification(journal, snapshots, seals, views).RunAsync(rows =>
        {
            if (rows - told < 100_000) return;
            told = rows;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows read"));
        }, cancel);
    }

    private static void Print(VerificationReport report)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Rows:N0} rows of {report.Entities:N0} entities, {report.Days} daily roots, {report.Snapshots} snapshots and {report.Listed} lines of lists compared; {report.NotSealed:N0} rows are newer than the seals and proved by nothing yet"));
        if (report.NotCompared > 0) Console.WriteLine($"{report.NotCompared} snapshots hold readings that are not in the journal and were not compared");
        if (report.NotFolded.Count > 0) Console.WriteLine($"read, and not folded: {string.Join(", ", report.NotFolded)}");
        foreach (var d in report.Differences.Take(Told)) Console.WriteLine(d.Entity.StartsWith("day ", StringComparison.Ordinal) ? $"{d.Entity} {d.What}" : $"{d.Entity}: event {d.Number} {d.What}");
        if (report.Differences.Count > Told) Console.WriteLine($"and {report.Differences.Count - Told} more");
        Console.WriteLine(report.Differences.Count == 0 ? "the journal is what it was" : $"the journal is NOT what it was: the first that differs is {report.Differences[0].Entity}, event {report.Differences[0].Number}");
    }
}
