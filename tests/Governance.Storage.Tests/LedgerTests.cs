using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Tests;

/// <summary>The reading ledger on real databases: dense per source, fenced, group-committed, nothing half-written.</summary>
public sealed class LedgerTests(Databases databases) : IClassFixture<Databases>
{
    private static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.Parse("11111111-1111-1111-1111-111111111111"), Other = Guid.Parse("22222222-2222-2222-2222-222222222222");
    private readonly Faults _faults = new();

    [Theory, OnSqlite, OnPostgres]
    public async Task Numbers_are_dense_and_a_repeat_by_the_same_writer_is_stored(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 1)));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 1)));
        Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 1, Other)));
        Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 3)));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 2)));
        Assert.Equal([1L, 2], await NumbersAsync(ledger, "HS-1", 0, long.MaxValue));
        Assert.Equal(2 * 3, await ledger.CountReadingsAsync("HS-1", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_conflict_costs_one_source_and_not_the_batch(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.AppendAsync(Chunk("HS-1", 1));
        _faults.Hold();
        var blocked = ledger.AppendAsync(Chunk("HS-0", 1));
        var together = new[] { Chunk("HS-1", 1, Other), Chunk("HS-2", 1), Chunk("HS-3", 1) }.Select(ledger.AppendAsync).ToList();
        _faults.Release();
        Assert.Equal(AppendOutcome.Stored, await blocked);
        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Stored, AppendOutcome.Stored], await Task.WhenAll(together));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_failed_commit_writes_nothing_and_can_be_tried_again(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        _faults.Fail = true;
        Assert.Equal([AppendOutcome.Failed, AppendOutcome.Failed], await Task.WhenAll(ledger.AppendAsync(Chunk("HS-NEW", 1)), ledger.AppendAsync(Chunk("HS-NEW", 2))));
        _faults.Fail = false;
        // The source was first seen in the batch that failed: its id must not be remembered.
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-OTHER", 1)));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-NEW", 1)));
        Assert.Equal([1L], await NumbersAsync(ledger, "HS-NEW", 0, long.MaxValue));
        Assert.Equal(3, await ledger.CountReadingsAsync("HS-OTHER", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_full_disk_fails_the_append_and_keeps_what_was_stored(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.AppendAsync(Chunk("HS-1", 1));
        await using var small = store.Ledger(new FullDisk());
        Assert.Equal(AppendOutcome.Failed, await small.AppendAsync(Chunk("HS-1", 2)));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 2)));
        Assert.Equal([1L, 2], await NumbersAsync(ledger, "HS-1", 0, long.MaxValue));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Taking_over_fences_the_former_owner_in_another_process(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        Assert.Equal(1, await ledger.TakeOwnershipAsync("HS-1", Me, T0, default));
        await ledger.AppendAsync(Chunk("HS-1", 2));
        await using var elsewhere = store.Ledger();
        Assert.Equal(3, await elsewhere.TakeOwnershipAsync("HS-1", Other, T0, default));
        Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 3)));
        Assert.Equal(AppendOutcome.Stored, await elsewhere.AppendAsync(Chunk("HS-1", 4, Other)));
        Assert.Equal([2L, 3], await NumbersAsync(ledger, "HS-1", 1, 4));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Ranges_find_what_overlaps_and_only_readings(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.TakeOwnershipAsync("HS-1", Me, T0, default);
        for (var n = 2; n <= 10; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        var found = new List<long>();
        await foreach (var chunk in ledger.ReadRangeAsync("HS-1", T0.AddSeconds(40), T0.AddSeconds(60), default)) found.Add(chunk.ChunkNo);
        Assert.Equal([3L, 4, 5, 6], found);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Many_sources_at_once_all_arrive(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        var outcomes = await Task.WhenAll(from n in Enumerable.Range(1, 20) from s in Enumerable.Range(0, 50) select ledger.AppendAsync(Chunk($"HS-{s}", n)));
        Assert.All(outcomes, o => Assert.Equal(AppendOutcome.Stored, o));
        Assert.Equal(50 * 20 * 3, await ledger.CountReadingsAsync(null, default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_stored_is_there_for_another_process_at_once(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.AppendAsync(Chunk("HS-1", 1));
        await using var elsewhere = store.Ledger();
        var chunk = await elsewhere.ReadTailAsync("HS-1", 0, 9, default).SingleAsync();
        Assert.Equal((1L, Me, 3, T0.AddSeconds(10)), (chunk.ChunkNo, chunk.Writer, chunk.Count, chunk.FirstSampledAt));
        Assert.Equal([1, 2, 3], chunk.Payload.ToArray());
    }

    /// <summary>What a former owner had under way beyond the lost number must not land behind the new owner's chunk.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_former_owner_loses_everything_it_has_under_way(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.AppendAsync(Chunk("HS-1", 1));
        _faults.Hold();
        var underWay = new[] { Chunk("HS-1", 2), Chunk("HS-1", 3), Chunk("HS-1", 4) }.Select(ledger.AppendAsync).ToList();
        await using var elsewhere = store.Ledger();
        Assert.Equal(2, await elsewhere.TakeOwnershipAsync("HS-1", Other, T0, default));
        _faults.Release();
        Assert.All(await Task.WhenAll(underWay), outcome => Assert.Equal(AppendOutcome.Conflict, outcome));
        Assert.Equal(AppendOutcome.Stored, await elsewhere.AppendAsync(Chunk("HS-1", 3, Other)));
        Assert.Equal([1L, 2, 3], await NumbersAsync(ledger, "HS-1", 0, long.MaxValue));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_probe_says_whether_the_next_chunk_could_be_stored(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await ledger.ProbeAsync();
        _faults.Fail = true;
        await Assert.ThrowsAsync<IOException>(ledger.ProbeAsync);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Room_is_proved_by_many_at_once_and_nothing_of_it_stays(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger(_faults);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ledger.ProveRoomAsync()));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 1)));
        if (on is not Database.Postgres) return;
        await using var command = store.Postgres.Source.CreateCommand("SELECT pg_total_relation_size('room')");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public void A_newer_schema_is_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-").FullName;
        var file = Path.Combine(folder, "newer.db");
        using (var connection = new SqliteConnection($"Data Source={file}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        Assert.Contains("version 99", Assert.Throws<SchemaTooNewException>(() => new SqliteReadingLedger(file)).Message);
    }

    private static LedgerChunk Chunk(string source, long number, Guid? writer = null) =>
        new(source, number, writer ?? Me, ChunkKind.Readings, T0.AddSeconds(10 * number), T0.AddSeconds(10 * number + 10), 3, new byte[] { 1, 2, 3 });

    private static async Task<List<long>> NumbersAsync(IReadingLedger ledger, string source, long after, long before)
    {
        var numbers = new List<long>();
        await foreach (var chunk in ledger.ReadTailAsync(source, after, before, default)) numbers.Add(chunk.ChunkNo);
        return numbers;
    }

    private sealed class Faults : ICommitFaults
    {
        private readonly ManualResetEventSlim _open = new(true);
        internal volatile bool Fail;
        internal void Hold() => _open.Reset();
        internal void Release() => _open.Set();
        public void BeforeBatch() => _open.Wait();
        public void BeforeCommit() { if (Fail) throw new IOException("cut"); }
        public void AfterCommit() { }
    }

    private sealed class FullDisk : ICommitFaults
    {
        public void BeforeBatch() { }
        public void BeforeCommit() => throw new IOException("No space left on device");
        public void AfterCommit() { }
    }
}
