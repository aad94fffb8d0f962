using Governance.Storage.Blocks;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The block table, for who prepares a change: one snapshot.</summary>
internal sealed class BlockTails : IDisposable
{
    private const string Columns = "first_chunk, last_chunk, first_sampled, last_sampled, count, length(payload), stored_at";
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;
    private readonly Statement _newest, _payload;

    internal BlockTails(SqliteFile file)
    {
        _connection = file.OpenReader();
        _snapshot = _connection.BeginTransaction(deferred: true);
        _newest = new Statement(_connection, $"SELECT {Columns} FROM block WHERE source = $s ORDER BY last_chunk DESC LIMIT {BlockPlan.TailLimit}", "$s");
        _payload = new Statement(_connection, "SELECT payload FROM block WHERE source = $s AND last_chunk = $l AND first_chunk = $f", "$s", "$l", "$f");
    }

    /// <summary>The newest blocks of a source that are not full yet, in number order.</summary>
    internal List<BlockSpan> Of(long source)
    {
        using var rows = _newest.Rows(source);
        var tail = new List<BlockSpan>();
        while (rows.Read() && Span(rows) is { IsFull: false } block) tail.Add(block);
        tail.Reverse();
        return tail;
    }

    internal byte[]? Payload(long source, BlockSpan block) => _payload.One(source, block.LastChunk, block.FirstChunk) as byte[];

    public void Dispose()
    {
        _payload.Dispose();
        _newest.Dispose();
        _snapshot.Dispose();
        _connection.Dispose();
    }

    internal static List<long> Sources(SqliteFile file)
    {
        using var connection = file.OpenReader();
        using var all = new Statement(connection, "SELECT source FROM source");
        using var rows = all.Rows();
        var sources = new List<long>();
        while (rows.Read()) sources.Add(rows.GetInt64(0));
        return sources;
    }

    /// <summary>Blocks with no sample and no storing after <paramref name="before"/> (ticks), of about so many bytes.</summary>
    internal static List<BlockSpan> Old(SqliteFile file, long source, long before, long limitBytes, out bool isMore)
    {
        using var connection = file.OpenReader();
        using var find = new Statement(connection, $"SELECT {Columns} FROM block WHERE source = $s AND last_sampled < $before AND stored_at < $before", "$s", "$before");
        using var rows = find.Rows(source, before);
        var (old, bytes) = (new List<BlockSpan>(), 0L);
        while (isMore = rows.Read())
        {
            old.Add(Span(rows));
            if ((bytes += old[^1].Bytes) > limitBytes) break;
        }
        return old;
    }

    private static BlockSpan Span(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6));
}
