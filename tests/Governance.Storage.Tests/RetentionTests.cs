using static Governance.Storage.Tests.History;

namespace Governance.Storage.Tests;

/// <summary>What is old goes; who owns a source, and what comes next, stays known.</summary>
public sealed class RetentionTests(Databases databases) : IClassFixture<Databases>
{
    /// <summary>After every sample of these tests, and after their storing.</summary>
    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddMinutes(1);

    [Theory, OnSqlite, OnPostgres]
    public async Task The_fence_outlives_all_readings(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        var ledger = store.Ledger();
        for (var n = 1; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        await ledger.MergeAsync(TimeSpan.Zero, default);
        Assert.Equal(1, await ledger.RetireAsync(Later, default));
        for (var round = 0; round < 2; round++)
        {
            Assert.DoesNotContain(await TailAsync(ledger, "HS-1"), line => line.StartsWith("HS-1 5", StringComparison.Ordinal));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 7, Other)));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 1)));
            await ledger.DisposeAsync();
            ledger = store.Ledger();
        }
        Assert.Equal(7, await ledger.TakeOwnershipAsync("HS-1", Other, T0, default));
        Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-1", 8, Other)));
        await ledger.MergeAsync(TimeSpan.Zero, default);
        Assert.EndsWith(Line(Chunk("HS-1", 8, Other)), (await TailAsync(ledger, "HS-1"))[^1]);
        await ledger.DisposeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_not_merged_yet_stays(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        Assert.Equal(0, await ledger.RetireAsync(Later, default));
        Assert.Equal(18, await ledger.CountReadingsAsync("HS-1", default));
    }

    /// <summary>A gateway that was cut off for long sends history: it is kept as long as any, from when it arrived.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task History_that_arrived_late_is_kept(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        for (var n = 1; n <= 6; n++) await ledger.AppendAsync(Chunk("HS-1", n));
        await ledger.MergeAsync(TimeSpan.Zero, default);
        Assert.Equal(0, await ledger.RetireAsync(T0.AddDays(30), default));
        Assert.Equal(18, await ledger.CountReadingsAsync("HS-1", default));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_what_is_wholly_older_goes(Database on)
    {
        await using var store = await databases.OpenAsync(on);
        await using var ledger = store.Ledger();
        var ahead = DateTimeOffset.UtcNow.AddDays(2);
        await Task.WhenAll(Enumerable.Range(1, 100).Select(n => ledger.AppendAsync(Chunk("HS-1", n, count: 400))));
        await Task.WhenAll(Enumerable.Range(101, 100).Select(n => ledger.AppendAsync(Chunk("HS-1", n, count: 400) with { FirstSampledAt = ahead, LastSampledAt = ahead })));
        await ledger.MergeAsync(TimeSpan.Zero, default);
        Assert.InRange(await ledger.RetireAsync(Later, default), 2, 3);
        var left = new List<long>();
        await foreach (var chunk in ledger.ReadTailAsync("HS-1", 0, long.MaxValue, default)) left.Add(chunk.ChunkNo);
        Assert.InRange(left[0], 81, 101);
        Assert.Equal(Enumerable.Range((int)left[0], 200 - (int)left[0] + 1).Select(n => (long)n), left);
    }
}
