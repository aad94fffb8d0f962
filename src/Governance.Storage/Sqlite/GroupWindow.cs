using Governance.Storage.Blocks;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// The oldest groups of the file, as many as a merge takes up at once, turned from what was committed together to what
/// belongs to one source.
/// </summary>
/// <param name="Groups">Row ids and bytes. All of them can go when every source here is merged up to its last fresh chunk.</param>
/// <param name="Sources">Fresh chunks by source, in number order.</param>
/// <param name="IsLast">No further group is old enough.</param>
internal sealed record GroupWindow(IReadOnlyList<(long Id, long Bytes)> Groups, IReadOnlyList<(long Source, List<FreshChunk> Fresh)> Sources, bool IsLast)
{
    /// <summary>Memory that a merge takes for groups.</summary>
    private const long LimitBytes = 32 << 20;
    private const int LimitChunks = 100_000;

    internal static GroupWindow Read(SqliteFile file, TimeSpan storedFor)
    {
        var now = DateTimeOffset.UtcNow.UtcTicks;
        var storedBefore = now - storedFor.Ticks;
        using var connection = file.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var (groups, sources, bytes, chunks) = (new List<(long, long)>(), new Dictionary<long, (string Id, long Merged, List<FreshChunk> Fresh)>(), 0L, 0);
        using (var heads = new Statement(connection, "SELECT source, id, merged FROM source"))
        using (var rows = heads.Rows())
            while (rows.Read()) sources[rows.GetInt64(0)] = (rows.GetString(1), rows.GetInt64(2), []);
        using var last = new Statement(connection, "SELECT max(id) FROM chunk_group");
        var newest = last.One() as long?;
        using var oldest = new Statement(connection, "SELECT id, stored_at, directory, payload FROM chunk_group ORDER BY id");
        using var found = oldest.Rows();
        while (found.Read())
        {
            var (id, storedAt) = (found.GetInt64(0), found.GetInt64(1));
            // What a clock that was wrong stored in the future must not hold up all that follows.
            if (storedAt > storedBefore && storedAt <= now) break;
            if (bytes > LimitBytes || chunks > LimitChunks) return new GroupWindow(groups, Fresh(sources), false);
            var (directory, payload) = (GroupDirectory.Read(found.GetFieldValue<byte[]>(2)), found.GetFieldValue<byte[]>(3));
            foreach (var entry in directory)
                if (sources[entry.Source] is var source && entry.ChunkNo > source.Merged)
                    source.Fresh.Add(new FreshChunk(entry.Chunk(source.Id, payload.AsMemory(entry.Offset, entry.Length)), storedAt));
            // The newest row stays, so that ids only rise.
            if (id != newest) groups.Add((id, payload.Length));
            bytes += payload.Length;
            chunks += directory.Length;
        }
        return new GroupWindow(groups, Fresh(sources), true);
    }

    private static List<(long, List<FreshChunk>)> Fresh(Dictionary<long, (string Id, long Merged, List<FreshChunk> Fresh)> sources) =>
        [.. sources.Where(s => s.Value.Fresh.Count > 0).Select(s => (s.Key, s.Value.Fresh))];
}
