using Governance.Actors.Accountability;
using Governance.Actors.Entity;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Storage;
using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Actors.Tests;

/// <summary>One changed byte in the journal is found, and named; so is what was removed, added, or sealed afresh.</summary>
public sealed class JournalVerificationTests : IClassFixture<SealedJournal>, IDisposable
{
    private static readonly EntityAddress First = SealedJournal.First, Second = SealedJournal.Second;
    private readonly string _folder = Directory.CreateTempSubdirectory("verify-").FullName;

    public JournalVerificationTests(SealedJournal made)
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(made.Folder, "*.db*")) System.IO.File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    private string File(string name) => Path.Combine(_folder, name);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<VerificationReport> VerifiedAsync(bool withSeals = true)
    {
        await using var seals = withSeals ? new SqliteSeals(File("own-seals.db")) : null;
        await using var views = new SqliteViews(File("views.db"));
        return await new JournalVerification(new SqliteRawJournal(File("journal.db")), new SqliteRawSnapshots(File("snapshots.db")), seals, views).RunAsync(_ => { }, default);
    }

    private int Change(string sql, params (string, object)[] values) => ChangeIn("journal.db", sql, values);

    private int ChangeIn(string file, string sql, params (string, object)[] values)
    {
        using var connection = new SqliteConnection($"Data Source={File(file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    private List<(long Ordering, string Entity, long Number, byte[] Message, string Manifest)> Rows(string where)
    {
        using var connection = new SqliteConnection($"Data Source={File("journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT ordering, persistence_id, sequence_number, message, manifest FROM journal WHERE {where} ORDER BY ordering";
        using var reader = command.ExecuteReader();
        var rows = new List<(long, string, long, byte[], string)>();
        while (reader.Read()) rows.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetString(4)));
        return rows;
    }

    [Fact]
    public async Task Untouched_it_is_what_it_was()
    {
        var report = await VerifiedAsync();
        Assert.Empty(report.Differences);
        // A node's rehearsal has events and no state.
        Assert.Equal(["node"], report.NotFolded);
        Assert.Equal(2, report.Days);
        Assert.True(report.Snapshots > 0, "snapshots were compared");
        Assert.True(report.Listed >= 2, "lines of the list were compared");
        // What the node wrote when it stopped is newer than the seals.
        Assert.True(report.Rows > 60 && report.NotSealed < report.Rows / 2, $"{report.Rows} rows, {report.NotSealed} not sealed");
    }

    [Fact]
    public async Task One_changed_byte_of_any_row_is_found_and_named()
    {
        var sealedRows = Rows("1 = 1");
        sealedRows = sealedRows[..(sealedRows.Count / 2)];
        var random = new Random(4);
        for (var i = 0; i < 25; i++)
        {
            var row = sealedRows[random.Next(sealedRows.Count)];
            var changed = row.Message.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(1, Change("UPDATE journal SET message = $m WHERE ordering = $o", ("$m", changed), ("$o", row.Ordering)));
            var found = (await VerifiedAsync()).Differences;
            Assert.True(found.Count > 0, $"a byte of {row.Entity} {row.Number} was changed and nothing was found");
            Assert.Equal((row.Entity, row.Number), (found[0].Entity, found[0].Number));
            Change("UPDATE journal SET message = $m WHERE ordering = $o", ("$m", row.Message), ("$o", row.Ordering));
        }
        Assert.Empty((await VerifiedAsync()).Differences);
    }

    [Theory]
    [InlineData("created = created + 1")]
    [InlineData("writer_uuid = 'somebody'")]
    [InlineData("identifier = 7")]
    public async Task So_is_what_stands_beside_the_event(string change)
    {
        Change($"UPDATE journal SET {change} WHERE persistence_id = $e AND sequence_number = 3", ("$e", First.ToString()));
        var found = (await VerifiedAsync()).Differences;
        Assert.Equal((First.ToString(), 3), (found[0].Entity, found[0].Number));
    }

    [Fact]
    public async Task The_last_events_of_a_case_that_are_gone_are_missed()
    {
        var last = Rows($"persistence_id = '{Second}'")[^1].Number;
        Change("DELETE FROM journal WHERE persistence_id = $e AND sequence_number > $n", ("$e", Second.ToString()), ("$n", last - 2));
        var found = (await VerifiedAsync()).Differences;
        Assert.Equal((Second.ToString(), last - 1), (found[0].Entity, found[0].Number));
    }

    [Fact]
    public async Task An_event_in_the_middle_that_is_gone_is_missed()
    {
        Change("DELETE FROM journal WHERE persistence_id = $e AND sequence_number = 4", ("$e", First.ToString()));
        Assert.Equal((First.ToString(), 4), (await VerifiedAsync()).Differences[0] is var d ? (d.Entity, d.Number) : default);
    }

    [Fact]
    public async Task A_case_that_is_gone_altogether_is_missed()
    {
        Assert.True(Change("DELETE FROM journal WHERE persistence_id = $e", ("$e", Second.ToString())) > 5);
        var found = (await VerifiedAsync()).Differences;
        Assert.Equal((Second.ToString(), 1), (found[0].Entity, found[0].Number));
        Assert.Contains("is gone", found[0].What);
        Assert.Contains(found, d => d.Entity.StartsWith("day ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_that_nobody_journaled_is_found()
    {
        var row = Rows($"persistence_id = '{First}'")[^1];
        Change("INSERT INTO journal (ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) SELECT -1, created, deleted, 'case/C0', 1, message, manifest, identifier, writer_uuid FROM journal WHERE ordering = $o", ("$o", row.Ordering));
        var found = (await VerifiedAsync()).Differences;
        Assert.Equal("case/C0", found[0].Entity);
        Assert.DoesNotContain(found, d => d.Entity == First.ToString());
    }

    /// <summary>Who can change the journal can make new seals too; what was told to the district cannot be taken back.</summary>
    [Fact]
    public async Task Sealed_afresh_after_a_change_the_roots_that_were_told_are_missed()
    {
        var row = Rows($"persistence_id = '{First}' AND manifest = 'case.CaseRegistered.1'")[0];
        var text = row.Message.AsSpan().IndexOf("lamp"u8);
        var changed = row.Message.ToArray();
        "tree"u8.CopyTo(changed.AsSpan(text));
        Change("UPDATE journal SET message = $m WHERE ordering = $o", ("$m", changed), ("$o", row.Ordering));
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_folder, "own-seals.db*")) System.IO.File.Delete(file);
        await using (var seals = new SqliteSeals(File("own-seals.db")))
            await new Sealing(new SqliteRawJournal(File("journal.db")), seals, () => Task.FromResult<DaySeal?>(null), _ => Task.FromResult(true)).RunAsync(DateTimeOffset.UnixEpoch.AddYears(80), () => true, default);
        var found = (await VerifiedAsync()).Differences;
        Assert.Equal(2, found.Count(d => d.What.StartsWith("has another root", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_its_seals_a_sealed_journal_is_not_what_it_was() =>
        Assert.Equal("seals", Assert.Single((await VerifiedAsync(withSeals: false)).Differences).Entity);

    [Fact]
    public async Task A_snapshot_that_says_otherwise_than_its_events_is_found()
    {
        SqliteConnection.ClearAllPools();
        using (var connection = new SqliteConnection($"Data Source={File("snapshots.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT snapshot FROM snapshot WHERE persistence_id = '{First}'";
            var bytes = (byte[])command.ExecuteScalar()!;
            var at = bytes.AsSpan().IndexOf("lamp"u8);
            "tree"u8.CopyTo(bytes.AsSpan(at));
            command.CommandText = $"UPDATE snapshot SET snapshot = $s WHERE persistence_id = '{First}'";
            command.Parameters.AddWithValue("$s", bytes);
            command.ExecuteNonQuery();
        }
        var found = Assert.Single((await VerifiedAsync()).Differences);
        Assert.Equal(First.ToString(), found.Entity);
        Assert.Contains("snapshot", found.What);
    }

    [Fact]
    public async Task A_line_of_the_list_that_says_otherwise_than_the_events_is_found()
    {
        var (version, whole) = Line(First);
        "tree"u8.CopyTo(whole.AsSpan(whole.AsSpan().IndexOf("lamp"u8)));
        Assert.Equal(1, ChangeIn("views.db", "UPDATE case_list SET whole = $w WHERE key = $k", ("$w", whole), ("$k", First.Id)));
        var found = Assert.Single((await VerifiedAsync()).Differences);
        Assert.Equal((First.ToString(), version), (found.Entity, found.Number));
        Assert.Contains("list", found.What);
    }

    /// <summary>A list is compared at its own event: that it has not seen the newest is no difference.</summary>
    [Fact]
    public async Task A_list_that_lags_behind_is_what_the_case_was_then()
    {
        var listed = (await VerifiedAsync()).Listed;
        var (version, whole) = EarlierLine(First);
        Assert.Equal(1, ChangeIn("views.db", "UPDATE case_list SET whole = $w, version = $v WHERE key = $k", ("$w", whole), ("$v", version), ("$k", First.Id)));
        var report = await VerifiedAsync();
        Assert.Empty(report.Differences);
        Assert.Equal(listed, report.Listed);
    }

    /// <summary>Newer than the seals: nothing but what was made of them knows that they were there.</summary>
    [Theory]
    [InlineData(true, "snapshot")]
    [InlineData(false, "list")]
    public async Task Events_that_no_seal_proves_yet_are_missed_where_something_was_made_of_them(bool withSnapshot, string named)
    {
        var version = Line(Second).Version;
        if (!withSnapshot) Assert.True(ChangeIn("snapshots.db", "DELETE FROM snapshot WHERE persistence_id = $e", ("$e", Second.ToString())) > 0);
        Change("DELETE FROM journal WHERE persistence_id = $e AND sequence_number >= $n", ("$e", Second.ToString()), ("$n", version));
        var found = Assert.Single((await VerifiedAsync()).Differences);
        Assert.Equal((Second.ToString(), version), (found.Entity, found.Number));
        Assert.Contains(named, found.What);
    }

    private (long Version, byte[] Whole) Line(EntityAddress address)
    {
        using var connection = new SqliteConnection($"Data Source={File("views.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, whole FROM case_list WHERE key = $k";
        command.Parameters.AddWithValue("$k", address.Id);
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }

    /// <summary>As the list had it half-way.</summary>
    private (long Version, byte[] Whole) EarlierLine(EntityAddress address)
    {
        var (line, events) = (CaseState.New(address.Id), Rows($"persistence_id = '{address}' AND manifest LIKE 'case.%'"));
        var half = events[..(events.Count / 2)];
        foreach (var row in half) line = CaseEvolution.Evolve(line, (CaseEvent)JournalRegistry.Codecs.Named(row.Manifest).Decode(row.Message));
        return (half[^1].Number, CaseStateCodec.Write(line));
    }
}

/// <summary>A kind of entity that nobody folds would be read and never proved.</summary>
public sealed class EntityFoldTests
{
    [Fact]
    public void Every_kind_of_entity_is_folded() =>
        Assert.All(typeof(EntityKinds).GetFields(), kind => Assert.NotNull(EntityFold.Of((string)kind.GetRawConstantValue()!, "410803")));
}

/// <summary>A journal with two sealed days, made once; every test changes a copy.</summary>
public sealed class SealedJournal : IAsyncLifetime
{
    internal static readonly EntityAddress First = new(EntityKinds.Case, CaseKey.Of("first").Value), Second = new(EntityKinds.Case, CaseKey.Of("second").Value);
    internal string Folder { get; } = Directory.CreateTempSubdirectory("sealed-").FullName;

    private string InFolder(string name) => Path.Combine(Folder, name);

    /// <summary>Two cases, a source with alarms, snapshots, two sealed days; then the node is stopped.</summary>
    public async Task InitializeAsync()
    {
        await using var engine = await EngineUnderTest.StartAsync(Folder, new EntityLimits { SnapshotEveryEvents = 10 });
        await Plant.CommissionAsync(engine);
        for (var seq = 1; seq <= 6; seq++) await engine.IngestAsync(Plant.Part(seq, (seq, seq % 2 == 0 ? 0.1 : 1.2)));
        await OpenAsync(engine, First);
        await OpenAsync(engine, Second);
        await using var seals = new SqliteSeals(InFolder("own-seals.db"));
        var journal = new SqliteRawJournal(InFolder("journal.db"));
        var sealing = Of(engine, journal, seals);
        var today = engine.Clocks.Wall.GetUtcNow();
        await sealing.RunAsync(today, () => true, default);
        await sealing.RunAsync(today.AddDays(1), () => true, default);
        Assert.Null((await engine.AskAsync<CommandReply>(new Command(First, "urge", new Caller("li", "DISPATCH", [Roles.Leader]), 0, new CaseCommand.Urge("hurry")))).Refusal);
        await sealing.RunAsync(today.AddDays(2), () => true, default);
        await sealing.RunAsync(today.AddDays(2), () => true, default);
        var told = await engine.StateAsync<SealState>(EntityKinds.Seal, "410803");
        Assert.Equal(2, told.Seals.Count);
        await EngineUnderTest.EventuallyAsync(async () => (await engine.StateAsync<AlertFeedState>(EntityKinds.AlertFeed, "410803")).Recent.Count(e => e.Alert.Kind == AlertKind.DaySealed) == 2, "both roots are in the district's feed");
        await sealing.RunAsync(today.AddDays(2), () => true, default);
        // Newer than the seals, and in the list.
        foreach (var address in (EntityAddress[])[First, Second])
        {
            Assert.Null((await engine.AskAsync<CommandReply>(new Command(address, "urge-again", new Caller("li", "DISPATCH", [Roles.Leader]), 0, new CaseCommand.Urge("still waiting")))).Refusal);
            var events = (await engine.StateAsync<CaseState>(address.Kind, address.Id)).Events;
            await EngineUnderTest.EventuallyAsync(async () => await engine.Views.CaseAsync(address.Id, default) is { } row && CaseStateCodec.Read(row.Whole).Events == events, "the list has all of the case");
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    private static Sealing Of(EngineUnderTest engine, IRawJournal journal, ISealStore seals)
    {
        var address = SealState.Address("410803");
        return new Sealing(journal, seals, async () => (await engine.StateAsync<SealState>(address.Kind, address.Id)).Seals is { IsEmpty: false } all ? all[^1] : null,
            async seal => (await engine.AskAsync<CommandReply>(new Command(address, $"seal-{seal.Day}", Caller.System, 0, new SealDay(seal)))).Refusal is null);
    }

    private static async Task OpenAsync(EngineUnderTest engine, EntityAddress address)
    {
        var register = new CaseCommand.RegisterCase("AP", address.Id, "0602", 0.95, Colour.Grey, "410803001", Place.Unknown, [], "lamp", "zhang", true, [], false, "");
        Assert.Null((await engine.AskAsync<CommandReply>(new Command(address, "register", Caller.System, 0, register))).Refusal);
        await EngineUnderTest.EventuallyAsync(async () => (await engine.StateAsync<CaseState>(address.Kind, address.Id)) is { Number.Length: > 0 } s && s.Tasks.TrueForAll(t => t.NotifiedAt is not null), "the case has its number and is on its desk");
    }
}
