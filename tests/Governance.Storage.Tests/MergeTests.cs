using static Governance.Storage.Tests.History;

namespace Governance.Storage.Tests;

/// <summary>Merging changes how the history lies there, and nothing of what it says or of who may add to it.</summary>
public sealed class MergeTests(Databases databases) : IClassFixture<Databases>
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;

    [Theory, OnSqlite, OnPostgres]
    public async Task History_reads_the_same_before_and_after(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        await ledger.TakeOwnershipAsync("HS-1", Me, T0, default);
        for (var n = 2; n <= 40; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        await ledger.AppendAsync(Chunk("HS-2", 1));
        var before = await AllAsync();
        for (var round = 0; round < 3; round++)
        {
            var report = await ledger.MergeAsync(AtOnce, default);
            Assert.Equal(round == 0, report.Chunks >= 39);
            Assert.Equal(before, await AllAsync());
        }
        var (numbers, blocks) = await PartsAsync(ledger, "HS-1", T0.AddSeconds(40), T0.AddSeconds(60));
        Assert.Equal(1, blocks);
        Assert.Contains(3L, numbers);

        async Task<string> AllAsync() => string.Join("\n", await TailAsync(ledger, "HS-1"), string.Join("\n", await TailAsync(ledger, "HS-1", 7, 31)),
            string.Join("\n", await RangeAsync(ledger, "HS-1", T0.AddSeconds(40), T0.AddSeconds(60))), await ledger.CountReadingsAsync("HS-1", default), await ledger.CountReadingsAsync(null, default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_stored_lately_is_left(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 5; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        Assert.Equal(new MergeReport(0, 0), await ledger.MergeAsync(TimeSpan.FromMinutes(1), default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_fence_stands_after_a_merge_and_after_a_reopening(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        var ledger = store.Ledger();
        Assert.Equal(1, await ledger.TakeOwnershipAsync("HS-1", Me, T0, default));
        for (var n = 2; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        for (var round = 0; round < 2; round++)
        {
            await ledger.MergeAsync(AtOnce, default);
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 7, Other)));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 6, Other)));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 8)));
            await ledger.DisposeAsync();
            ledger = store.Ledger();
        }
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 7)));
        Assert.Equal(8, await ledger.TakeOwnershipAsync("HS-1", Other, T0, default));
        await ledger.DisposeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_repeat_of_what_is_merged_is_stored_for_its_writer_only(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        await ledger.MergeAsync(AtOnce, default);
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 3)));
        Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 3, Other)));
        Assert.Equal(6, (await TailAsync(ledger, "HS-1")).Count);
    }

    /// <summary>A frozen owner wakes when everything its successor wrote is in blocks: its next number looks free.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_former_owner_is_fenced_by_what_is_merged(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var former = store.Ledger();
        await former.AppendAsync(Chunk("HS-1", 1));
        await former.AppendAsync(Chunk("HS-9", 1));
        await using (var owner = store.Ledger())
        {
            await owner.TakeOwnershipAsync("HS-1", Other, T0, default);
            for (var n = 3; n <= 9; n++) await owner.AppendAsync(Chunk("HS-1", n, Other));
            await owner.MergeAsync(AtOnce, default);
        }
        var outcomes = await Task.WhenAll(former.AppendAsync(Chunk("HS-1", 2)), former.AppendAsync(Chunk("HS-1", 3)), former.AppendAsync(Chunk("HS-9", 2)));
        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
        Assert.Equal(9, (await TailAsync(former, "HS-1")).Count);
        Assert.Equal(2, (await TailAsync(former, "HS-9")).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_instance_merges_while_another_appends(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var writer = store.Ledger();
        await using var merger = store.Ledger();
        var merging = true;
        var merge = Task.Run(async () => { while (Volatile.Read(ref merging)) await merger.MergeAsync(AtOnce, default); });
        for (var n = 1; n <= 60; n++)
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(s => writer.AppendAsync(Chunk($"HS-{s}", n)))), o => Assert.Equal(AppendOutcome.Stored, o));
        Volatile.Write(ref merging, false);
        await merge;
        foreach (var ledger in new[] { writer, merger })
            for (var s = 0; s < 5; s++) Assert.Equal(Enumerable.Range(1, 60).Select(n => Line(Chunk($"HS-{s}", n))), await TailAsync(ledger, $"HS-{s}"));
    }

    /// <summary>Two that merge at once: one of them is overtaken, and nothing comes twice.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Two_may_merge_at_once(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var one = store.Ledger();
        await using var two = store.Ledger();
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(from s in Enumerable.Range(0, 30) from n in Enumerable.Range(1, 4) select one.AppendAsync(Chunk($"HS-{s}", (4 * round) + n)));
            await Task.WhenAll(one.MergeAsync(AtOnce, default), two.MergeAsync(AtOnce, default));
        }
        for (var s = 0; s < 30; s++) Assert.Equal(Enumerable.Range(1, 20).Select(n => Line(Chunk($"HS-{s}", n))), await TailAsync(two, $"HS-{s}"));
        Assert.Equal(30 * 20 * 3, await two.CountReadingsAsync(null, default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_swap_that_fails_leaves_the_old_and_can_be_tried_again(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        var faults = new FailingCommits();
        await using var ledger = store.Ledger(faults);
        for (var n = 1; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        var before = await TailAsync(ledger, "HS-1");
        faults.Fail = true;
        await Assert.ThrowsAsync<IOException>(() => ledger.MergeAsync(AtOnce, default));
        Assert.Equal(before, await TailAsync(ledger, "HS-1"));
        Assert.Equal(0, (await PartsAsync(ledger, "HS-1", T0, T0.AddDays(1))).Blocks);
        await using (var elsewhere = store.Ledger()) Assert.Equal(before, await TailAsync(elsewhere, "HS-1"));
        faults.Fail = false;
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 7)));
        Assert.True((await ledger.MergeAsync(AtOnce, default)).Chunks >= 6);
        Assert.Equal(before.Append(Line(Chunk("HS-1", 7))), await TailAsync(ledger, "HS-1"));
    }

    /// <summary>Between preparing and swapping in, somebody else merged the same: the prepared is thrown away.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_swap_that_comes_too_late_changes_nothing(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        var faults = new FailingCommits();
        await using var slow = store.Ledger(faults);
        for (var n = 1; n <= 6; n++) await slow.AppendAsync(Chunk("HS-1", n));
        await using var quick = store.Ledger();
        var before = await TailAsync(quick, "HS-1");
        // On SQLite held before its transaction begins, on PostgreSQL inside of it, where the other finds the lock taken.
        faults.Hold(on == Database.Sqlite);
        var late = slow.MergeAsync(AtOnce, default);
        await faults.Reached;
        await quick.MergeAsync(AtOnce, default);
        faults.Release();
        await late;
        Assert.Equal(before, await TailAsync(slow, "HS-1"));
        Assert.Equal(before, await TailAsync(quick, "HS-1"));
        Assert.Equal(18, await slow.CountReadingsAsync(null, default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Readers_see_no_gap_and_nothing_twice_while_merges_commit(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        await using var elsewhere = store.Ledger();
        var (stored, done) = (0L, false);
        var readers = new[] { ledger, elsewhere }.Select(reader => Task.Run(async () =>
        {
            for (var reads = 0; !Volatile.Read(ref done) || reads == 0; reads++)
            {
                var least = Interlocked.Read(ref stored);
                var tail = await TailAsync(reader, "HS-1");
                Assert.True(tail.Count >= least, $"{tail.Count} of {least}");
                Assert.Equal(Enumerable.Range(1, tail.Count).Select(n => Line(Chunk("HS-1", n))), tail);
                var (numbers, _) = await PartsAsync(reader, "HS-1", T0, T0.AddDays(9));
                Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
            }
        })).ToList();
        for (var n = 1; n <= 200; n++)
        {
            Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", n)));
            Interlocked.Exchange(ref stored, n);
            if (n % 5 == 0) await (n % 10 == 0 ? ledger : elsewhere).MergeAsync(AtOnce, default);
        }
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
    }

    /// <summary>Large histories are read in pages, and blocks are bounded.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Long_histories_read_in_order_across_pages(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(1, 400).Select(n => ledger.AppendAsync(Chunk("HS-1", (400 * round) + n, count: 400, bytes: 20_000))));
            if (round < 2) await ledger.MergeAsync(AtOnce, default);
        }
        var tail = new List<long>();
        await foreach (var chunk in ledger.ReadTailAsync("HS-1", 0, long.MaxValue, default)) tail.Add(chunk.ChunkNo);
        Assert.Equal(Enumerable.Range(1, 1200).Select(n => (long)n), tail);
        var (numbers, blocks) = await PartsAsync(ledger, "HS-1", T0, T0.AddDays(9));
        Assert.Equal(tail, numbers);
        Assert.InRange(blocks, 18, 40);
        Assert.Equal(1200 * 400, await ledger.CountReadingsAsync("HS-1", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Blocks_stay_few_however_small_the_merges_are(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 120; n++)
        {
            await ledger.AppendAsync(Chunk("HS-1", n));
            await ledger.MergeAsync(AtOnce, default);
        }
        Assert.InRange((await PartsAsync(ledger, "HS-1", T0, T0.AddDays(9))).Blocks, 1, 24);
        Assert.Equal(120, (await TailAsync(ledger, "HS-1")).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_merge_that_is_cancelled_stops(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 3; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ledger.MergeAsync(AtOnce, new CancellationToken(true)));
    }
}

/// <summary>Commits that fail, or stand still on the way.</summary>
internal sealed class FailingCommits : ICommitFaults
{
    private readonly ManualResetEventSlim _open = new(true);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _beforeBatch;
    internal volatile bool Fail;
    internal Task Reached => _reached.Task;

    internal void Hold(bool beforeBatch)
    {
        _beforeBatch = beforeBatch;
        _open.Reset();
    }

    internal void Release() => _open.Set();

    public void BeforeBatch() { if (_beforeBatch) Stand(); }

    public void BeforeCommit()
    {
        if (!_beforeBatch) Stand();
        if (Fail) throw new IOException("cut");
    }

    public void AfterCommit() { }

    private void Stand()
    {
        if (_open.IsSet) return;
        _reached.TrySetResult();
        _open.Wait();
    }
}
