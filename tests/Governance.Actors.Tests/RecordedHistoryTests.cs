using System.Diagnostics;
using Governance.Actors.Accountability;
using Governance.Actors.Inspection;
using Governance.Contracts.Codecs;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;
using Governance.Domain.Tests.Accountability;
using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Governance.Actors.Tests;

/// <summary>Months of cases in the journal: accounted, played once more under other limits, sealed and verified. HISTORY_CASES=4000 is a quarter of a year.</summary>
public sealed class RecordedHistoryTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("HISTORY_CASES"), out var asked) ? asked : 600;
    private readonly string _folder = Directory.CreateTempSubdirectory("history-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_history_is_accounted_tried_otherwise_and_verified()
    {
        var policy = PolicyFiles.Read(Repo.Policy()).Policy;
        var history = RecordedCases.Of(Cases, 1, policy);
        var events = history.Sum(h => h.Events.Count);
        await WriteAsync(history);
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            var begun = Stopwatch.StartNew();
            await EngineUnderTest.EventuallyAsync(async () => (await engine.Accounts.Views.ProgressAsync(default)).AsOf is not null, "every case is accounted for", 300);
            output.WriteLine($"{Cases} cases, {events} events accounted in {begun.Elapsed.TotalSeconds:0.0} s");
            var accounts = await engine.Accounts.Views.ReceivedAsync(DateTimeOffset.UnixEpoch, engine.Clocks.Wall.GetUtcNow().AddYears(1), 20_000, default);
            // As the rules' own fold makes them, word for word.
            foreach (var recorded in history.Where((_, i) => i % 50 == 0))
                Assert.Equal(System.Text.Json.JsonSerializer.Serialize(CaseAccount.Of(recorded.Key, recorded.Events.Select(Stored))), System.Text.Json.JsonSerializer.Serialize((await engine.Accounts.Views.CaseAsync(recorded.Key, default))!.Account));
            var watch = Stopwatch.StartNew();
            var (reader, recordedCases) = (new JournalHistory(engine.System), new List<(string, IReadOnlyList<CaseEvent>)>());
            foreach (var account in accounts) recordedCases.Add((account.Key, await reader.EventsAsync<CaseEvent>(new EntityAddress(EntityKinds.Case, account.Key), default)));
            var half = policy with { Budgets = policy.Budgets.SetItems(policy.Budgets.Select(b => KeyValuePair.Create(b.Key, b.Value.Halved()))) };
            var result = WhatIf.Of(recordedCases, policy, half, engine.Clocks.Wall.GetUtcNow());
            output.WriteLine($"what-if over {result.Replayed} cases out of the journal: {watch.Elapsed.TotalSeconds:0.0} s, escalations {result.EscalationsRecorded} -> {result.EscalationsReplayed}");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
            Assert.True(result.Replayed > Cases * 9 / 10 && result.EscalationsReplayed > result.EscalationsRecorded);
        }
        await VerifyAsync(history);
    }

    /// <summary>As it comes back out of the journal: instants are kept in UTC.</summary>
    private static CaseEvent Stored(CaseEvent e) => JournalRegistry.Codecs.For(e) is var codec ? (CaseEvent)codec.Decode(codec.Encode(e)) : e;

    private async Task WriteAsync(IReadOnlyList<RecordedCase> history)
    {
        var watch = Stopwatch.StartNew();
        await using var journal = new SqliteJournal(Path.Combine(_folder, "journal.db"));
        var done = history.Select(recorded =>
        {
            var written = new TaskCompletionSource();
            journal.Append([.. recorded.Events.Select((e, i) => Row(recorded.Key, i + 1, e))], failure =>
            {
                if (failure is null) written.SetResult();
                else written.SetException(failure);
            });
            return written.Task;
        }).ToList();
        await Task.WhenAll(done);
        output.WriteLine($"written in {watch.Elapsed.TotalSeconds:0.0} s");

        static JournalRow Row(string key, long number, CaseEvent e) =>
            JournalRegistry.Codecs.For(e) is var codec ? new JournalRow($"case/{key}", number, 0, codec.Encode(e), codec.Manifest, 1101, "recorded") : default;
    }

    private async Task VerifyAsync(IReadOnlyList<RecordedCase> history)
    {
        await using var seals = new SqliteSeals(Path.Combine(_folder, "own-seals.db"));
        await using var views = new SqliteViews(Path.Combine(_folder, "views.db"));
        var (journal, watch) = (new SqliteRawJournal(Path.Combine(_folder, "journal.db")), Stopwatch.StartNew());
        await new Sealing(journal, seals, () => Task.FromResult<DaySeal?>(null), _ => Task.FromResult(true)).RunAsync(DateTimeOffset.UnixEpoch.AddYears(80), () => true, default);
        output.WriteLine($"sealed in {watch.Elapsed.TotalSeconds:0.0} s");
        watch.Restart();
        var verification = new JournalVerification(journal, new SqliteRawSnapshots(Path.Combine(_folder, "snapshots.db")), seals, views);
        var clean = await verification.RunAsync(_ => { }, default);
        Assert.Empty(clean.Differences);
        output.WriteLine($"verified {clean.Rows} rows of {clean.Entities} entities and {clean.Listed} lines in {watch.Elapsed.TotalSeconds:0.0} s");
        var victim = history[history.Count / 2];
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "journal.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE journal SET message = CAST(substr(message, 1, 3) || x'07' || substr(message, 5) AS BLOB) WHERE persistence_id = $e AND sequence_number = 5";
            command.Parameters.AddWithValue("$e", $"case/{victim.Key}");
            Assert.Equal(1, command.ExecuteNonQuery());
        }
        var found = (await new JournalVerification(journal, new SqliteRawSnapshots(Path.Combine(_folder, "snapshots.db")), seals, views).RunAsync(_ => { }, default)).Differences;
        Assert.Equal(($"case/{victim.Key}", 5), (found[0].Entity, found[0].Number));
    }
}
