using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// One transaction of the ledger: what it decided and is about to store. Nothing of it reaches the index before it is
/// committed, so a batch that failed is forgotten by itself.
/// </summary>
internal sealed class LedgerBatch(LedgerIndex index, LedgerStatements statements)
{
    /// <summary>A row of a group is cut at this size, so that reading one chunk out of it does not walk through many pages.</summary>
    private const int GroupBytes = 128 << 10;
    private readonly List<DirectoryEntry> _entries = [];
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private int _bytes;

    internal Dictionary<string, SourceTip> Tips { get; } = [];
    internal List<LooseChunk> Stored { get; } = [];
    internal List<(long Source, long Merged, Guid Writer)> Merged { get; } = [];
    internal long LastGroup { get; private set; } = index.LastGroup;

    /// <summary>Dense or nothing; decided before anything is written.</summary>
    internal AppendOutcome Append(LedgerChunk chunk)
    {
        var tip = TipOf(chunk.SourceId);
        if (chunk.ChunkNo <= tip.Last) return WriterOf(tip.Number, chunk) == chunk.Writer ? AppendOutcome.Stored : AppendOutcome.Conflict;
        if (chunk.ChunkNo != tip.Last + 1) return AppendOutcome.Conflict;
        // What a former owner still had in its hands must not land behind the new owner's first chunk.
        if (tip.Writer is { } last && last != chunk.Writer && chunk.Kind != ChunkKind.Ownership) return AppendOutcome.Conflict;
        Tips[chunk.SourceId] = tip with { Last = chunk.ChunkNo, Writer = chunk.Writer };
        if (_bytes > 0 && _bytes + chunk.Payload.Length > GroupBytes) Close();
        _entries.Add(new DirectoryEntry(tip.Number, chunk.ChunkNo, chunk.Writer, chunk.Kind, chunk.FirstSampledAt.UtcTicks, chunk.LastSampledAt.UtcTicks, chunk.Count, _bytes, chunk.Payload.Length));
        _payloads.Add(chunk.Payload);
        _bytes += chunk.Payload.Length;
        return AppendOutcome.Stored;
    }

    /// <summary>Writes what was appended and is not written yet.</summary>
    internal void Close()
    {
        if (_entries.Count == 0) return;
        LastGroup++;
        var (directory, payload, at) = (new byte[_entries.Count * GroupDirectory.EntryBytes], statements.Buffer(_bytes), 0);
        for (var i = 0; i < _entries.Count; i++)
        {
            GroupDirectory.Write(directory.AsSpan(i * GroupDirectory.EntryBytes), _entries[i]);
            _payloads[i].Span.CopyTo(payload.AsSpan(at));
            at += _payloads[i].Length;
            Stored.Add(new LooseChunk(LastGroup, _entries[i]));
        }
        statements.InsertGroup.Run(LastGroup, DateTimeOffset.UtcNow.UtcTicks, directory, new ArraySegment<byte>(payload, 0, _bytes));
        _entries.Clear();
        _payloads.Clear();
        _bytes = 0;
    }

    private SourceTip TipOf(string id)
    {
        if (Tips.TryGetValue(id, out var staged)) return staged;
        return Tips[id] = index.TipOf(id) ?? new SourceTip((long)statements.InsertSource.One(id)!, 0, null);
    }

    /// <summary>Who wrote a number that is taken: in this batch, in a group, or merged since; null when it is retired.</summary>
    private Guid? WriterOf(long source, LedgerChunk chunk)
    {
        foreach (var entry in _entries)
            if (entry.Source == source && entry.ChunkNo == chunk.ChunkNo) return entry.Writer;
        foreach (var stored in Stored)
            if (stored.Entry.Source == source && stored.Entry.ChunkNo == chunk.ChunkNo) return stored.Entry.Writer;
        return index.LooseWriter(chunk.SourceId, chunk.ChunkNo)
            ?? (statements.BlockWith.One(source, chunk.ChunkNo) is byte[] block ? Blocks.BlockChunks.WriterOf(block, chunk.ChunkNo) : null);
    }
}

/// <summary>The statements of the ledger's writer. Used by its thread only.</summary>
internal sealed class LedgerStatements(SqliteConnection connection) : IDisposable
{
    private byte[] _buffer = [];

    internal Statement Begin { get; } = new(connection, "BEGIN IMMEDIATE");
    internal Statement Commit { get; } = new(connection, "COMMIT");
    internal Statement Rollback { get; } = new(connection, "ROLLBACK");
    /// <summary>Changes when another connection committed.</summary>
    internal Statement DataVersion { get; } = new(connection, "PRAGMA data_version");
    internal Statement InsertSource { get; } = new(connection, "INSERT INTO source (id) VALUES ($id) RETURNING source", "$id");
    internal Statement InsertGroup { get; } = new(connection, "INSERT INTO chunk_group (id, stored_at, directory, payload) VALUES ($id, $at, $d, $p)", "$id", "$at", "$d", "$p");
    internal Statement BlockWith { get; } = new(connection,
        "SELECT payload FROM block WHERE source = $s AND last_chunk >= $n AND first_chunk <= $n ORDER BY last_chunk LIMIT 1", "$s", "$n");
    internal Statement Probe { get; } = new(connection, "UPDATE probe SET count = count + 1");

    /// <summary>Of at least so many bytes; the same one again and again.</summary>
    internal byte[] Buffer(int bytes) => _buffer.Length >= bytes ? _buffer : _buffer = new byte[Math.Max(bytes, 256 << 10)];

    public void Dispose()
    {
        foreach (var statement in new[] { Begin, Commit, Rollback, DataVersion, InsertSource, InsertGroup, BlockWith, Probe }) statement.Dispose();
    }
}
