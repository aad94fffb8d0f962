using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The last chunk of a source and who wrote it: what the fence rests on.</summary>
/// <param name="Number">The source's number in the file.</param>
internal readonly record struct SourceTip(long Number, long Last, Guid? Writer);

/// <summary>A chunk that is in no block yet.</summary>
internal readonly record struct LooseChunk(long Group, DirectoryEntry Entry);

/// <summary>
/// What the file says of every source without being asked: its tip, how far it is merged, and where its loose chunks lie.
/// Holds committed facts only, and only goes forward; who else writes to the file is caught up with by reading the groups
/// above the last one known. About 80 bytes a loose chunk. Used by several threads.
/// </summary>
internal sealed class LedgerIndex
{
    private sealed class Source(long number)
    {
        internal readonly long Number = number;
        internal long Last, Merged;
        internal Guid? Writer;
        internal readonly List<LooseChunk> Loose = [];
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Source> _byId = [];
    private readonly Dictionary<long, Source> _byNumber = [];
    private long _lastGroup;

    internal long LastGroup { get { lock (_lock) return _lastGroup; } }

    /// <summary>Null when the source is not known.</summary>
    internal SourceTip? TipOf(string id)
    {
        lock (_lock) return _byId.TryGetValue(id, out var source) ? new SourceTip(source.Number, source.Last, source.Writer) : null;
    }

    /// <summary>A source's loose chunks in number order, and the group up to which they are known.</summary>
    internal (long LastGroup, LooseChunk[] Loose) LooseOf(string id)
    {
        lock (_lock) return (_lastGroup, _byId.TryGetValue(id, out var source) ? [.. source.Loose] : []);
    }

    /// <summary>Who wrote a loose chunk; null when it is not loose.</summary>
    internal Guid? LooseWriter(string id, long chunkNo)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var source)) return null;
            foreach (ref readonly var loose in CollectionsMarshal.AsSpan(source.Loose))
                if (loose.Entry.ChunkNo == chunkNo) return loose.Entry.Writer;
            return null;
        }
    }

    /// <summary>Takes up what is committed. <paramref name="connection"/> must stand in a transaction, so that heads and groups are of one moment.</summary>
    internal void CatchUp(SqliteConnection connection)
    {
        lock (_lock)
        {
            using (var heads = new Statement(connection, "SELECT source, id, merged, merged_writer FROM source"))
            using (var rows = heads.Rows())
                while (rows.Read()) Merged(Known(rows.GetString(1), rows.GetInt64(0)), rows.GetInt64(2), rows.IsDBNull(3) ? null : new Guid(rows.GetFieldValue<byte[]>(3)));
            using var groups = new Statement(connection, "SELECT id, directory FROM chunk_group WHERE id > $last ORDER BY id", "$last");
            using var found = groups.Rows(_lastGroup);
            while (found.Read())
            {
                var group = found.GetInt64(0);
                foreach (ref readonly var entry in GroupDirectory.Read(found.GetFieldValue<byte[]>(1)).AsSpan()) Stored(new LooseChunk(group, entry));
                _lastGroup = group;
            }
        }
    }

    /// <summary>Takes up what this process committed; does nothing where a reader was quicker to see it.</summary>
    internal void Committed(LedgerBatch batch)
    {
        lock (_lock)
        {
            foreach (var (id, tip) in batch.Tips) Known(id, tip.Number);
            foreach (var chunk in batch.Stored)
                if (chunk.Group > _lastGroup) Stored(chunk);
            _lastGroup = Math.Max(_lastGroup, batch.LastGroup);
            foreach (var (number, merged, writer) in batch.Merged) Merged(_byNumber[number], merged, writer);
        }
    }

    private Source Known(string id, long number)
    {
        if (_byId.TryGetValue(id, out var known)) return known;
        return _byId[id] = _byNumber[number] = new Source(number);
    }

    private void Stored(in LooseChunk chunk)
    {
        var source = _byNumber[chunk.Entry.Source];
        if (chunk.Entry.ChunkNo > source.Last) (source.Last, source.Writer) = (chunk.Entry.ChunkNo, chunk.Entry.Writer);
        if (chunk.Entry.ChunkNo > source.Merged) source.Loose.Add(chunk);
    }

    private static void Merged(Source source, long merged, Guid? writer)
    {
        if (merged <= source.Merged) return;
        source.Merged = merged;
        var gone = 0;
        while (gone < source.Loose.Count && source.Loose[gone].Entry.ChunkNo <= merged) gone++;
        source.Loose.RemoveRange(0, gone);
        if (source.Last < merged) (source.Last, source.Writer) = (merged, writer);
    }
}
