using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static Governance.Storage.Tests.History;

namespace Governance.Storage.Tests;

/// <summary>A file as builds before wrote it, with a row per chunk: everything in it is there afterwards, and fenced as it was.</summary>
public sealed class OldLedgerTests : IDisposable
{
    private const string Version2 = """
        PRAGMA journal_mode=WAL;
        CREATE TABLE source (source INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE chunk (
          source INTEGER NOT NULL, chunk_no INTEGER NOT NULL, writer BLOB NOT NULL, kind INTEGER NOT NULL,
          first_sampled INTEGER NOT NULL, last_sampled INTEGER NOT NULL, count INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE UNIQUE INDEX chunk_number ON chunk (source, chunk_no);
        CREATE INDEX chunk_sampled ON chunk (source, last_sampled, first_sampled);
        CREATE TABLE probe (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL);
        INSERT INTO probe VALUES (1, 0);
        PRAGMA user_version = 2;
        """;
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;

    private string File => Path.Combine(_folder, "ledger.db");

    [Fact]
    public async Task Nothing_is_lost_and_the_fence_stands()
    {
        var chunks = (from n in Enumerable.Range(1, 700) from s in Enumerable.Range(1, 3) select Chunk($"HS-{s}", n, bytes: 9_000)).ToList();
        chunks.Add(new LedgerChunk("HS-1", 701, Other, ChunkKind.Ownership, T0, T0, 0, ReadOnlyMemory<byte>.Empty));
        Write(chunks);
        for (var opened = 0; opened < 2; opened++)
        {
            await using var ledger = new SqliteReadingLedger(File);
            foreach (var source in new[] { "HS-1", "HS-2", "HS-3" })
                Assert.Equal(chunks.Where(c => c.SourceId == source).Select(Line), await TailAsync(ledger, source));
            Assert.Equal(3 * 700 * 3, await ledger.CountReadingsAsync(null, default));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Chunk("HS-1", 702)));
            Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(Chunk("HS-2", 700, bytes: 9_000)));
            // It counts as stored now: nothing of it is retired because it was folded.
            Assert.Equal(0, await ledger.RetireAsync(DateTimeOffset.UtcNow.AddDays(-1), default));
        }
        await using var again = new SqliteReadingLedger(File);
        Assert.Equal(AppendOutcome.Stored, await again.AppendAsync(Chunk("HS-2", 701)));
        await again.MergeAsync(TimeSpan.Zero, default);
        Assert.Equal(701, (await TailAsync(again, "HS-2")).Count);
    }

    [Fact]
    public async Task Two_that_open_it_at_once_fold_it_once()
    {
        var chunks = (from n in Enumerable.Range(1, 500) from s in Enumerable.Range(1, 4) select Chunk($"HS-{s}", n, bytes: 9_000)).ToList();
        Write(chunks);
        var opened = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => new SqliteReadingLedger(File))));
        foreach (var ledger in opened)
        {
            Assert.Equal(500, (await TailAsync(ledger, "HS-4")).Count);
            Assert.Equal(500 * 4 * 3, await ledger.CountReadingsAsync(null, default));
        }
        foreach (var ledger in opened) await ledger.DisposeAsync();
    }

    private void Write(List<LedgerChunk> chunks)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Version2;
        command.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction();
        command.Transaction = transaction;
        command.CommandText = "INSERT OR IGNORE INTO source (id) VALUES ($id); INSERT INTO chunk SELECT source, $n, $w, $k, $f, $l, $c, $p FROM source WHERE id = $id";
        foreach (var c in chunks)
        {
            command.Parameters.Clear();
            foreach (var (name, value) in new (string, object)[] { ("$id", c.SourceId), ("$n", c.ChunkNo), ("$w", c.Writer.ToByteArray()), ("$k", (int)c.Kind), ("$f", c.FirstSampledAt.UtcTicks),
                ("$l", c.LastSampledAt.UtcTicks), ("$c", c.Count), ("$p", c.Payload.ToArray()) }) command.Parameters.AddWithValue(name, value);
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
