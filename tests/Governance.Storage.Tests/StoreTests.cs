using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Tests;

/// <summary>Deadlines, lists and the data folder on real files.</summary>
public sealed class StoreTests(Databases databases) : IClassFixture<Databases>, IDisposable
{
    private static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Deadlines_come_back_earliest_first_and_the_last_word_counts(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var store = under.Deadlines();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(n => store.UpsertAsync(new DeadlineRow("case", $"C{n}", T0.AddSeconds(60 - n), 1))));
        await store.UpsertAsync(new DeadlineRow("case", "C50", T0.AddHours(1), 1));
        await store.RemoveAsync("case", "C49", 2);
        await store.RemoveAsync("case", "never-was", 1);
        var due = await store.DueAsync(T0.AddSeconds(14), 3, default);
        Assert.Equal(["C48", "C47", "C46"], due.Select(d => d.Id));
        Assert.Equal(T0.AddSeconds(12), due[0].Due);
        await using var again = under.Deadlines();
        Assert.Equal("C48", Assert.Single(await again.DueAsync(T0.AddSeconds(12), 10, default)).Id);
    }

    /// <summary>Of two owners the former one's journal is behind: whatever it still says changes nothing.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_former_owners_late_word_changes_no_deadline(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var store = under.Deadlines();
        await store.UpsertAsync(new DeadlineRow("case", "C1", T0.AddSeconds(30), 8));
        await Task.WhenAll(store.UpsertAsync(new DeadlineRow("case", "C1", T0.AddDays(3), 7)), store.RemoveAsync("case", "C1", 7));
        Assert.Equal(T0.AddSeconds(30), Assert.Single(await store.DueAsync(T0.AddHours(1), 10, default)).Due);
        await store.RemoveAsync("case", "C1", 8);
        Assert.Empty(await store.DueAsync(T0.AddYears(1), 10, default));
    }

    [Fact]
    public async Task Deadlines_of_an_older_file_are_kept()
    {
        var file = Path.Combine(_folder, "old.db");
        using (var connection = new SqliteConnection($"Data Source={file}"))
        {
            connection.Open();
            using var old = connection.CreateCommand();
            old.CommandText = """
                CREATE TABLE deadline (kind TEXT NOT NULL, id TEXT NOT NULL, clock TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
                CREATE INDEX deadline_due ON deadline (clock, due); PRAGMA user_version = 1;
                """ + $"INSERT INTO deadline VALUES ('case', 'C1', '', {T0.UtcTicks})";
            old.ExecuteNonQuery();
        }
        await using var store = new SqliteDeadlineStore(file);
        Assert.Equal(new DeadlineRow("case", "C1", T0, 0), Assert.Single(await store.DueAsync(T0, 10, default)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_page_filter_and_never_go_back(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        var rows = Enumerable.Range(1, 25).Select(n => Case($"C{n:00}", T0.AddMinutes(n / 2), n % 5 == 0)).ToList();
        await views.ApplyAsync(new ViewBatch(rows, [Source("HS-1", 4), Source("HS-2", 1)], 0, 70), default);
        // Another node that feeds the same lists from where it once was changes nothing; an older version of a row neither.
        await Assert.ThrowsAsync<ViewsMovedException>(() => views.ApplyAsync(new ViewBatch([rows[0] with { State = "GHOST", Version = 9 }], [], 0, 60), default));
        await views.ApplyAsync(new ViewBatch([rows[0] with { State = "OLD", Version = 0 }], [], 70, 70), default);
        Assert.Equal(70, await views.OffsetAsync(default));
        Assert.Equal("ASSIGNED", (await views.CaseAsync("C01", default))!.State);
        Assert.Equal("C07", (await views.CaseAsync("N-C07", default))!.Key);

        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await views.CasesAsync(Filter() with { After = token }, default);
            Assert.True(page.Rows.Count <= 7);
            seen.AddRange(page.Rows.Select(r => r.Key));
            token = page.Next;
        }
        while (token.Length > 0);
        Assert.Equal(rows.OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.Key).Select(r => r.Key), seen);
        Assert.Equal(20, (await views.CasesAsync(Filter() with { IncludeDrills = false, Limit = 100 }, default)).Rows.Count);
        Assert.Empty((await views.CasesAsync(Filter() with { States = ["CLOSED"] }, default)).Rows);
        Assert.Equal("HS-1", Assert.Single((await views.SourcesAsync(new SourceFilter("", [4], 10, ""), default)).Rows).Id);
        await Assert.ThrowsAsync<FormatException>(() => views.CasesAsync(Filter() with { After = "%%%" }, default));
    }

    [Fact]
    public void A_data_folder_has_one_user()
    {
        var path = Path.Combine(_folder, "data");
        using (new DataFolder(path))
        {
            var refused = Assert.Throws<DataFolderInUseException>(() => new DataFolder(path));
            Assert.Contains(path, refused.Message);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }
        using var free = new DataFolder(path);
    }

    private static CaseFilter Filter() => new([], "", [], true, "", 7, "");
    private static CaseRow Case(string key, DateTimeOffset received, bool drill) => new(key, "N-" + key, "ASSIGNED", 4, "0101", "HS-1", "410803001", drill, "NONE", received, null, 1);
    private static SourceRow Source(string id, int colour) => new(id, "name", "410803001", "works", false, colour, 22, 1, T0, 1);
}
