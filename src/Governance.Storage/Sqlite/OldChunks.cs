using Governance.Storage.Blocks;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// Files of version 2 had a row per chunk. They are folded into blocks when the file is opened, source by source, in
/// transactions of a few MiB: cut off anywhere, the next opening goes on where the heads stand. The rows themselves stay
/// until all are folded; the file needs as much room again for that long.
/// </summary>
internal static class OldChunks
{
    private const long StepBytes = 8 << 20;
    private const int ChunksAtOnce = 2_000;

    internal static void Fold(SqliteConnection connection)
    {
        using var begin = new Statement(connection, "BEGIN IMMEDIATE");
        using var commit = new Statement(connection, "COMMIT");
        while (true)
        {
            begin.Run();
            var isMore = false;
            try { isMore = Exists(connection) && Step(connection); }
            catch
            {
                connection.Execute("ROLLBACK");
                throw;
            }
            commit.Run();
            if (!isMore) return;
        }
    }

    /// <summary>False when nothing is left and the table is gone.</summary>
    private static bool Step(SqliteConnection connection)
    {
        var bytes = 0L;
        using var rows = new BlockRows(connection);
        foreach (var (source, id, merged) in Unfolded(connection))
        {
            var head = merged;
            while (Next(connection, source, id, head) is { Count: > 0 } chunks)
            {
                foreach (var block in BlockPlan.Cut(chunks))
                {
                    rows.Append(source, block, head);
                    head = block.Span.LastChunk;
                }
                if ((bytes += chunks.Sum(c => (long)c.Chunk.Payload.Length)) > StepBytes) return true;
            }
        }
        connection.Execute("DROP TABLE chunk");
        return false;
    }

    private static List<(long Source, string Id, long Merged)> Unfolded(SqliteConnection connection)
    {
        using var all = new Statement(connection, "SELECT source, id, merged FROM source s WHERE EXISTS (SELECT 1 FROM chunk c WHERE c.source = s.source AND c.chunk_no > s.merged)");
        using var rows = all.Rows();
        var found = new List<(long, string, long)>();
        while (rows.Read()) found.Add((rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2)));
        return found;
    }

    /// <summary>Bounded in number, and in bytes by that. When each was stored is not known: it counts as stored now, so that nothing is retired too early.</summary>
    private static List<FreshChunk> Next(SqliteConnection connection, long source, string id, long after)
    {
        using var next = new Statement(connection, $"""
            SELECT chunk_no, writer, kind, first_sampled, last_sampled, count, payload FROM chunk
            WHERE source = $s AND chunk_no > $after ORDER BY chunk_no LIMIT {ChunksAtOnce}
            """, "$s", "$after");
        using var rows = next.Rows(source, after);
        var (chunks, bytes, now) = (new List<FreshChunk>(), 0L, DateTimeOffset.UtcNow.UtcTicks);
        while (bytes < StepBytes && rows.Read())
        {
            var payload = rows.GetFieldValue<byte[]>(6);
            var entry = new DirectoryEntry(source, rows.GetInt64(0), new Guid(rows.GetFieldValue<byte[]>(1)), (ChunkKind)rows.GetInt32(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt32(5), 0, payload.Length);
            chunks.Add(new FreshChunk(entry.Chunk(id, payload), now));
            bytes += payload.Length;
        }
        return chunks;
    }

    private static bool Exists(SqliteConnection connection)
    {
        using var ask = new Statement(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'chunk'");
        return ask.One() is not null;
    }

    private static void Execute(this SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        statement.Run();
    }
}
