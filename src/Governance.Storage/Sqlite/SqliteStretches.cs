using Governance.Storage.Reading;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// Blocks and loose chunks of the file. The index is asked first, the snapshot taken after: whatever was merged in between
/// the snapshot has as blocks, whatever was stored in between lies in groups that the index did not know, and those are
/// looked through.
/// </summary>
internal sealed class SqliteStretches(SqliteFile file, LedgerIndex index) : IStretches
{
    private const long PageBytes = 4 << 20;
    /// <summary>More groups than that are not looked through for one source, but taken into the index for all.</summary>
    private const int UnknownGroupsLimit = 16;

    public Task<Page> ReadAsync(string sourceId, Window window, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var connection = file.OpenReader();
        while (true)
        {
            var (known, loose) = index.LooseOf(sourceId);
            using var snapshot = connection.BeginTransaction(deferred: true);
            using var newest = new Statement(connection, "SELECT max(id) FROM chunk_group");
            if (newest.One() is long last && last - known > UnknownGroupsLimit)
            {
                index.CatchUp(connection);
                continue;
            }
            using var head = new Statement(connection, "SELECT source, merged FROM source WHERE id = $id", "$id");
            using var row = head.Rows(sourceId);
            if (!row.Read()) return Task.FromResult(new Page([], true));
            return Task.FromResult(ReadPage(connection, sourceId, row.GetInt64(0), row.GetInt64(1), window, loose, known));
        }
    }

    public Task<long> BelowAsync(string sourceId, long from, long to, CancellationToken cancel)
    {
        using var connection = file.OpenReader();
        using var below = new Statement(connection, """
            SELECT coalesce((SELECT min(first_chunk) - 1 FROM block b WHERE b.source = s.source AND last_sampled >= $from AND first_sampled <= $to), s.merged)
            FROM source s WHERE s.id = $id
            """, "$id", "$from", "$to");
        return Task.FromResult(below.One(sourceId, from, to) is long number ? number : 0);
    }

    private static Page ReadPage(SqliteConnection connection, string sourceId, long source, long merged, Window window, LooseChunk[] loose, long known)
    {
        var (found, bytes) = (new List<Stretch>(), 0L);
        using var blocks = new Statement(connection, """
            SELECT block, first_chunk, last_chunk FROM block
            WHERE source = $s AND last_chunk > $after AND first_chunk < $before AND last_sampled >= $from AND first_sampled <= $to ORDER BY last_chunk
            """, "$s", "$after", "$before", "$from", "$to");
        using var payload = new Statement(connection, "SELECT payload FROM block WHERE block = $b", "$b");
        using (var rows = blocks.Rows(source, window.After, window.Before, window.From, window.To))
            while (rows.Read())
            {
                if (bytes > PageBytes) return new Page(found, false);
                var block = (byte[])payload.One(rows.GetInt64(0))!;
                found.Add(new Stretch(rows.GetInt64(1), rows.GetInt64(2), null, block));
                bytes += block.Length;
            }
        foreach (var chunk in loose.Concat(Unknown(connection, source, known)))
        {
            var entry = chunk.Entry;
            if (entry.ChunkNo <= merged || entry.ChunkNo <= window.After || entry.ChunkNo >= window.Before || entry.LastSampled < window.From || entry.FirstSampled > window.To) continue;
            if (bytes > PageBytes) return new Page(found, false);
            found.Add(new Stretch(entry.ChunkNo, entry.ChunkNo, entry.Chunk(sourceId, Payload(connection, chunk)), null));
            bytes += entry.Length;
        }
        return new Page(found, true);
    }

    /// <summary>Chunks of the source in groups that the index did not know yet.</summary>
    private static IEnumerable<LooseChunk> Unknown(SqliteConnection connection, long source, long known)
    {
        using var groups = new Statement(connection, "SELECT id, directory FROM chunk_group WHERE id > $known ORDER BY id", "$known");
        using var rows = groups.Rows(known);
        while (rows.Read())
            foreach (var entry in GroupDirectory.Read(rows.GetFieldValue<byte[]>(1)))
                if (entry.Source == source) yield return new LooseChunk(rows.GetInt64(0), entry);
    }

    /// <summary>One chunk out of its group, without reading what lies behind it.</summary>
    private static byte[] Payload(SqliteConnection connection, LooseChunk chunk)
    {
        var payload = new byte[chunk.Entry.Length];
        if (payload.Length == 0) return payload;
        using var group = new SqliteBlob(connection, "chunk_group", "payload", chunk.Group, readOnly: true);
        group.Position = chunk.Entry.Offset;
        group.ReadExactly(payload);
        return payload;
    }
}
