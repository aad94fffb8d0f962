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

    [Theory, OnSqlite, OnPostgres]
    public async Task Slips_page_filter_and_never_go_back(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        var slips = Enumerable.Range(1, 12).Select(n => new SlipRow(
            $"S{n:00}", n > 2 ? $"TX-2026-{n:0000}" : "", n % 3 == 0 ? 2 : 1, n > 10 ? "CANCELLED" : "ISSUED", n % 2 == 0 ? 3 : 4, "410803001", n % 4 == 0 ? "XF" : "YJ", [$"C{n}", $"C{n + 100}"], n == 5, n == 6, T0.AddMinutes(n),
            n > 2 ? T0.AddHours(n) : null, n > 2 ? T0.AddHours(n + 24) : null, n > 10 ? T0.AddHours(n + 1) : null, n > 10 ? "CANCELLED" : "", 3, [(byte)n, 0, 255])).ToList();
        await views.ApplyAsync(new ViewBatch([], [], 0, 9) { Slips = slips }, default);
        await views.ApplyAsync(new ViewBatch([], [], 9, 10) { Slips = [slips[0] with { State = "OLD", Version = 2 }, slips[1] with { State = "WITHDRAWN", Version = 4 }] }, default);
        Assert.Equivalent(slips[6], await views.SlipAsync("S07", default), strict: true);
        Assert.Equal(("S07", "ISSUED", "WITHDRAWN"), ((await views.SlipAsync("TX-2026-0007", default))!.Key, (await views.SlipAsync("S01", default))!.State, (await views.SlipAsync("S02", default))!.State));
        Assert.Null(await views.SlipAsync("", default));

        async Task<string> Keys(SlipFilter filter) => string.Join(' ', (await views.SlipsAsync(filter, default)).Rows.Select(r => r.Key[1..].TrimStart('0')));
        Assert.Equal("12 11 10 9 8 7 6 4 3 2 1", await Keys(SlipFilter.All));
        Assert.Equal("12 11 10 9 8 7 6 5 4 3 2 1", await Keys(SlipFilter.All with { IncludeDrills = true }));
        Assert.Equal("12 9 6 3", await Keys(SlipFilter.All with { Kinds = [2] }));
        Assert.Equal("12 11", await Keys(SlipFilter.All with { States = ["CANCELLED", "DRAFTED"] }));
        Assert.Equal("12 8 4", await Keys(SlipFilter.All with { Lead = "XF" }));
        Assert.Equal("11 9 7 3 1", await Keys(SlipFilter.All with { Levels = [4], Area = "410803001" }));
        Assert.Equal("", await Keys(SlipFilter.All with { Area = "410803002" }));
        Assert.Equal("4", await Keys(SlipFilter.All with { Case = "C104" }));
        Assert.Equal("6", await Keys(SlipFilter.All with { Overdue = true }));
        Assert.Equal("10 9 8 7 6 4 3", await Keys(SlipFilter.All with { Open = true }));
        Assert.Equal("8 7 6", await Keys(SlipFilter.All with { IssuedFrom = T0.AddHours(6), IssuedTo = T0.AddHours(9) }));
        var first = await views.SlipsAsync(SlipFilter.All with { Limit = 8 }, default);
        Assert.Equal((8, 3, ""), (first.Rows.Count, (await views.SlipsAsync(SlipFilter.All with { Limit = 8, After = first.Next }, default)).Rows.Count, (await views.SlipsAsync(SlipFilter.All with { Limit = 8, After = first.Next }, default)).Next));
        await Assert.ThrowsAsync<FormatException>(() => views.SlipsAsync(SlipFilter.All with { After = "%%%" }, default));
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
    private static CaseRow Case(string key, DateTimeOffset received, bool drill) => new(key, "N-" + key, "ASSIGNED", 4, "0101", "HS-1", "410803001", drill, "NONE", received, null, 1, "", "EM", "", "", [], null, 0, []);

    /// <summary>Both databases find the same: pairs of Chinese characters wherever they stand, beginnings of words and numbers, all of what was asked for.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_written_in_a_case_is_found(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        await views.ApplyAsync(new ViewBatch(
        [
            Written("C1", "向阳小区3号楼电动车充电桩损坏，无法充电"), Written("C2", "幸福家园不动产证代收费纠纷"), Written("C3", "液氯包装15号秤压力表垫片老化 CL2-SCALE-15"),
        ], [], 0, 10), default);
        foreach (var (query, found) in new[]
        {
            ("充电桩", "C1"), ("桩", "C1"), ("电动车 充电", "C1"), ("不动产证", "C2"), ("代收费", "C2"), ("15号秤", "C3"), ("cl2 scale", "C3"), ("垫片老化", "C3"), ("小区", "C1"),
            ("电桩充", ""), ("充电桩 不动产", ""), ("Scale-16", ""), ("区", "C1"), ("", "C3,C2,C1"), ("'; DROP TABLE case_list; --", ""), ("\"*\" OR", ""),
        })
            Assert.Equal((query, found), (query, string.Join(',', (await views.CasesAsync(Filter() with { Text = query }, default)).Rows.Select(r => r.Key))));
        // What a case no longer says is not found any more; what did not change stays found.
        await views.ApplyAsync(new ViewBatch([Written("C1", "路灯不亮") with { Version = 2 }, Case("C2", T0, false) with { Version = 2 }], [], 10, 20), default);
        Assert.Empty((await views.CasesAsync(Filter() with { Text = "充电桩" }, default)).Rows);
        Assert.Equal("C1", Assert.Single((await views.CasesAsync(Filter() with { Text = "路灯" }, default)).Rows).Key);
        Assert.Equal("C2", Assert.Single((await views.CasesAsync(Filter() with { Text = "不动产证" }, default)).Rows).Key);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_of_cases_are_narrowed_and_ordered_by_what_is_due(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        var rows = Enumerable.Range(1, 6).Select(i => Case($"C{i}", T0.AddHours(i), false) with
        {
            Due = i == 6 ? null : T0.AddDays(10 - i), Lead = i % 2 == 0 ? "YJ" : "ZJ", Organisations = i % 2 == 0 ? ["YJ", "XFD"] : ["ZJ"], Category = i < 4 ? "0801" : "0101", Channel = i < 3 ? "HL" : "EM",
            Breached = i == 2 ? 1 : 0, Supervision = i == 5 ? "REMINDED" : "NONE", Community = i == 1 ? "410803001001" : "", ClosedAt = i == 3 ? T0.AddDays(1) : null,
        }).ToList();
        await views.ApplyAsync(new ViewBatch(rows, [], 0, 10), default);
        await Wants(Filter() with { ByDue = true }, "C5,C4,C3,C2,C1");
        await Wants(Filter() with { OpenOnly = true }, "C6,C5,C4,C2,C1");
        await Wants(Filter() with { Organisation = "XFD" }, "C6,C4,C2");
        await Wants(Filter() with { Organisation = "XF" }, "");
        await Wants(Filter() with { Categories = ["0801"], Channels = ["HL"] }, "C2,C1");
        await Wants(Filter() with { BreachedOnly = true }, "C2");
        await Wants(Filter() with { Supervision = ["REMINDED", "CRISIS"] }, "C5");
        await Wants(Filter() with { Community = "410803001001" }, "C1");
        await Wants(Filter() with { ReceivedFrom = T0.AddHours(2), ReceivedBefore = T0.AddHours(4) }, "C3,C2");
        await Wants(Filter() with { DueBefore = T0.AddDays(7) }, "C5,C4");
        var (token, seen) = ("", new List<string>());
        do
        {
            var page = await views.CasesAsync(Filter() with { ByDue = true, Limit = 2, After = token }, default);
            seen.AddRange(page.Rows.Select(r => r.Key));
            token = page.Next;
        } while (token.Length > 0);
        Assert.Equal(["C5", "C4", "C3", "C2", "C1"], seen);

        async Task Wants(CaseFilter filter, string keys) => Assert.Equal(keys, string.Join(',', (await views.CasesAsync(filter, default)).Rows.Select(r => r.Key)));
    }

    /// <summary>A platform may send it; one such case must not keep all others out of the lists.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_text_with_a_nul_in_it_is_listed_without(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        await views.ApplyAsync(new ViewBatch([Case("C1", T0, false) with { Title = "lamp\0post", Words = SearchWords.Of("lamp\0post") }], [], 0, 10), default);
        Assert.Equal("lamppost", Assert.Single((await views.CasesAsync(Filter() with { SourceId = "HS-\01" }, default)).Rows).Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_overdue_is_found_by_its_deadline(Database on)
    {
        await using var under = await databases.OpenAsync(on);
        await using var views = under.Views();
        await views.ApplyAsync(new ViewBatch([.. Enumerable.Range(1, 4).Select(n => Case($"C{n}", T0.AddMinutes(n), false) with { Armed = n == 4 ? null : T0.AddHours(n) })], [], 0, 10), default);
        Assert.Equal(["C2", "C1"], (await views.CasesAsync(Filter() with { ArmedBefore = T0.AddHours(3) }, default)).Rows.Select(r => r.Key));
    }

    private static CaseRow Written(string key, string text) => Case(key, T0.AddMinutes(key[1] - '0'), false) with { Words = SearchWords.Of(text) };
    private static SourceRow Source(string id, int colour) => new(id, "name", "410803001", "works", false, colour, 22, 1, T0, 1);
}
