using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Tests;

/// <summary>Events and snapshots in SQLite files: written together, refused alone, read as earlier builds left them.</summary>
public sealed class JournalTests : IDisposable
{
    /// <summary>As Akka.Persistence.Sql 1.5.73 made it.</summary>
    private const string Before = """
        PRAGMA journal_mode=WAL;
        CREATE TABLE [journal] ([ordering] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [created] INTEGER NOT NULL, [deleted] Bit NOT NULL, [persistence_id] NVarChar(255) NOT NULL,
          [sequence_number] INTEGER NOT NULL, [message] VarBinary NOT NULL, [manifest] NVarChar(500) NULL, [identifier] INTEGER NULL, [writer_uuid] NVarChar(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE INDEX journal_created_idx ON journal (created);
        CREATE INDEX journal_sequence_number_idx ON journal (sequence_number);
        CREATE TABLE [tags] ([ordering_id] INTEGER NOT NULL, [tag] NVarChar(64) NOT NULL, [sequence_nr] INTEGER NOT NULL, [persistence_id] NVarChar(255) NOT NULL,
          CONSTRAINT [PK_tags] PRIMARY KEY ([ordering_id], [tag]));
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (7, 0, 'case/1', 1, X'0102', 'm', 1101, 'w'), (8, 0, 'case/1', 2, X'03', NULL, 1101, NULL);
        """;
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    private string File => Path.Combine(_folder, "journal.db");

    [Fact]
    public async Task What_is_written_is_read_in_order_and_within_its_bounds()
    {
        await using var journal = new SqliteJournal(File);
        using var reader = new SqliteJournalReader(File);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(e => AppendAsync(journal, Rows($"case/{e}", 1, 5))));
        await AppendAsync(journal, Rows("case/7", 6, 1));
        Assert.Equal((6, 5, 0), (reader.HighestNumber("case/7"), reader.HighestNumber("case/8"), reader.HighestNumber("case/none")));
        Assert.Equal([2, 3, 4], Read(reader, "case/7", 2, 4, 10).Select(r => r.Number));
        Assert.Equal([2, 3], Read(reader, "case/7", 2, long.MaxValue, 2).Select(r => r.Number));
        var row = Read(reader, "case/9", 5, 5, 1).Single();
        Assert.Equal(("case/9", 5L, 105L, "m", 1101, "w"), (row.EntityId, row.Number, row.CreatedTicks, row.Manifest, row.Serializer, row.Writer));
        Assert.Equal([5, 9], row.Message);
    }

    [Fact]
    public async Task A_number_that_is_taken_refuses_its_writer_alone_and_all_that_he_wrote_with_it()
    {
        var held = new HeldFirst();
        await using var journal = new SqliteJournal(File, held);
        using var reader = new SqliteJournalReader(File);
        var first = AppendAsync(journal, Rows("case/0", 1, 1));
        var others = Enumerable.Range(1, 20).Select(e => AppendAsync(journal, Rows($"case/{e}", 1, 2))).ToList();
        var late = AppendAsync(journal, [.. Rows("case/late", 1, 1), .. Rows("case/3", 2, 1)]);
        held.Go.Set();
        await Task.WhenAll([first, .. others]);
        Assert.True(StorageFaults.IsConflict(await Assert.ThrowsAsync<SqliteException>(() => late)));
        Assert.Equal(0, reader.HighestNumber("case/late"));
        Assert.All(Enumerable.Range(1, 20), e => Assert.Equal(2, reader.HighestNumber($"case/{e}")));
    }

    [Fact]
    public async Task A_file_of_an_earlier_build_goes_on()
    {
        using (var old = new SqliteConnection($"Data Source={File};Pooling=false"))
        {
            old.Open();
            using var create = old.CreateCommand();
            create.CommandText = Before;
            create.ExecuteNonQuery();
        }
        await using var journal = new SqliteJournal(File);
        using var reader = new SqliteJournalReader(File);
        Assert.Equal([(1, 7, "m", "w"), (2, 8, "", "")], Read(reader, "case/1", 1, long.MaxValue, long.MaxValue).Select(r => (r.Number, r.CreatedTicks, r.Manifest, r.Writer)));
        await Assert.ThrowsAsync<SqliteException>(() => AppendAsync(journal, Rows("case/1", 2, 1)));
        await AppendAsync(journal, Rows("case/1", 3, 1));
        Assert.Equal(3, reader.HighestNumber("case/1"));
    }

    [Fact]
    public async Task The_newest_snapshot_counts_until_it_is_removed()
    {
        await using var snapshots = new SqliteSnapshots(Path.Combine(_folder, "snapshots.db"));
        foreach (var n in new[] { 10, 20, 20, 30 }) await snapshots.SaveAsync(new SnapshotRow("case/1", n, n, [(byte)n], "m", 1101));
        Assert.Equal(30, snapshots.Newest("case/1", long.MaxValue, long.MaxValue)!.Value.Number);
        Assert.Equal([20], snapshots.Newest("case/1", 29, long.MaxValue)!.Value.Snapshot);
        Assert.Equal(10, snapshots.Newest("case/1", long.MaxValue, 19)!.Value.Number);
        await snapshots.RemoveAsync("case/1", 0, 20, long.MaxValue);
        Assert.Null(snapshots.Newest("case/1", 29, long.MaxValue));
        Assert.Equal(30, snapshots.Newest("case/1", long.MaxValue, long.MaxValue)!.Value.Number);
        Assert.Null(snapshots.Newest("case/2", long.MaxValue, long.MaxValue));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<JournalRow> Rows(string entity, long first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new JournalRow(entity, first + i, 100 + first + i, [(byte)(first + i), 9], "m", 1101, "w"))];

    private static List<JournalRow> Read(SqliteJournalReader journal, string entity, long from, long to, long max)
    {
        var rows = new List<JournalRow>();
        journal.Read(entity, from, to, max, row =>
        {
            rows.Add(row);
            return true;
        });
        return rows;
    }

    private static Task AppendAsync(SqliteJournal journal, IReadOnlyList<JournalRow> rows)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.Append(rows, failure =>
        {
            if (failure is null) done.SetResult();
            else done.SetException(failure);
        });
        return done.Task;
    }

    /// <summary>Holds the first batch, so that the rest gathers in the second.</summary>
    private sealed class HeldFirst : ICommitFaults
    {
        internal ManualResetEventSlim Go { get; } = new(false);
        public void BeforeBatch() => Go.Wait();
        public void BeforeCommit() { }
        public void AfterCommit() { }
    }
}
