using Governance.Storage.Blocks;
using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>
/// Puts blocks in the place of the chunks and smaller blocks they were made of, for some sources at once: all of it or
/// nothing. The lock is taken or not, never waited for, and ends with the transaction, which the server ends when this
/// node falls silent.
/// </summary>
internal sealed class BlockSwap(PostgresDatabase database, ICommitFaults? faults)
{
    private const long MergeLock = 0x676F7665726E33;

    /// <summary>False, and nothing is changed, when another node merges, or what was read is not there any more.</summary>
    internal bool TrySwap(IReadOnlyList<BlockPlan> plans)
    {
        using var connection = database.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var take = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({MergeLock})", connection);
        if (take.ExecuteScalar() is not true || !TryDelete(connection, plans)) return false;
        Insert(connection, plans);
        faults?.BeforeCommit();
        transaction.Commit();
        return true;
    }

    private static bool TryDelete(NpgsqlConnection connection, IReadOnlyList<BlockPlan> plans)
    {
        using var chunks = Command(connection, "DELETE FROM chunk c USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS d (source, first, last) WHERE c.source = d.source AND c.chunk_no BETWEEN d.first AND d.last",
            plans.Select(p => p.Source).ToArray(), plans.Select(p => p.Fresh.FirstChunk).ToArray(), plans.Select(p => p.Fresh.LastChunk).ToArray());
        if (chunks.ExecuteNonQuery() != plans.Sum(p => p.FreshChunks)) return false;
        var replaced = plans.SelectMany(p => p.Replaced.Select(b => (p.Source, Block: b))).ToList();
        using var blocks = Command(connection, "DELETE FROM block b USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS d (source, first, last) WHERE b.source = d.source AND b.last_chunk = d.last AND b.first_chunk = d.first",
            replaced.Select(r => r.Source).ToArray(), replaced.Select(r => r.Block.FirstChunk).ToArray(), replaced.Select(r => r.Block.LastChunk).ToArray());
        return replaced.Count == 0 || blocks.ExecuteNonQuery() == replaced.Count;
    }

    private static void Insert(NpgsqlConnection connection, IReadOnlyList<BlockPlan> plans)
    {
        var made = plans.SelectMany(p => p.Made.Select(b => (p.Source, b.LastWriter, b.Span, b.Payload))).ToList();
        using var insert = Command(connection, """
            INSERT INTO block (source, first_chunk, last_chunk, last_writer, first_sampled, last_sampled, count, stored_at, payload)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::integer[], $8::bigint[], $9::bytea[])
            """, made.Select(m => m.Source).ToArray(), made.Select(m => m.Span.FirstChunk).ToArray(), made.Select(m => m.Span.LastChunk).ToArray(), made.Select(m => m.LastWriter).ToArray(),
            made.Select(m => m.Span.FirstSampled).ToArray(), made.Select(m => m.Span.LastSampled).ToArray(), made.Select(m => m.Span.Count).ToArray(),
            made.Select(m => m.Span.StoredAt).ToArray(), made.Select(m => m.Payload).ToArray());
        insert.ExecuteNonQuery();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params Array[] columns)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var column in columns) command.Parameters.Add(new NpgsqlParameter { Value = column });
        return command;
    }
}
