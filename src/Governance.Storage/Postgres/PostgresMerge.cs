using Governance.Storage.Blocks;
using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>
/// Merges chunks into blocks, source after source. Read and packed without a lock, swapped in as short transactions, each
/// under a lock that one node of the cluster gets; who does not get it, or finds another number of rows than it read, has
/// been overtaken and ends its run.
/// </summary>
internal sealed class PostgresMerge(PostgresDatabase database, ICommitFaults? faults)
{
    private const int StepChunks = 4_000, SourceChunks = 1_000, SwapSources = 64, RetireBlocks = 64;
    private const long SourceBytes = 8 << 20, SwapBytes = 1 << 20;

    /// <summary>What a node of this build makes of the ledger: blocks are known.</summary>
    internal const int LedgerVersion = 3;

    /// <summary>Chunks of a source that may be merged.</summary>
    private readonly record struct Due(long Source, string Id, long First, long Last);

    internal MergeReport Run(TimeSpan storedFor, CancellationToken cancel)
    {
        database.ReadyAsync(cancel).GetAwaiter().GetResult();
        var (chunks, blocks, from) = (0, 0, 0L);
        if (OldNodesLive()) return new MergeReport(0, 0);
        while (DueFrom(from, storedFor, out var isLast) is { Count: > 0 } due)
        {
            foreach (var plans in Plans(due, cancel))
            {
                if (!new BlockSwap(database, faults).TrySwap(plans)) return new MergeReport(chunks, blocks);
                chunks += plans.Sum(p => p.FreshChunks);
                blocks += plans.Sum(p => p.Made.Count);
            }
            if (isLast) break;
            // A source may have more than was taken up of it at once.
            from = due[^1].Source;
        }
        return new MergeReport(chunks, blocks);
    }

    /// <summary>One statement per source and some blocks: nothing is held between them.</summary>
    internal int Retire(DateTimeOffset before, CancellationToken cancel)
    {
        var retired = 0;
        using var connection = database.Source.OpenConnection();
        foreach (var source in Sources(connection))
            for (var deleted = RetireBlocks; deleted == RetireBlocks; retired += deleted)
            {
                cancel.ThrowIfCancellationRequested();
                using var delete = new NpgsqlCommand($"""
                    DELETE FROM block WHERE source = $1 AND last_chunk IN (
                      SELECT last_chunk FROM block WHERE source = $1 AND last_sampled < $2 AND stored_at < $2 LIMIT {RetireBlocks})
                    """, connection) { Parameters = { new() { Value = source }, new() { Value = before.UtcTicks } } };
                deleted = delete.ExecuteNonQuery();
            }
        return retired;
    }

    /// <summary>A cluster is being upgraded. A node that was seen within a day may be frozen, and wake.</summary>
    private bool OldNodesLive()
    {
        using var connection = database.Source.OpenConnection();
        using var ask = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM cluster_node WHERE ledger < {LedgerVersion} AND seen_at > clock_timestamp() - interval '1 day')", connection);
        return ask.ExecuteScalar() is true;
    }

    /// <summary>
    /// The next sources with chunks that are old enough. The newest of each source is left: the fence looks there. A source
    /// with more than is taken at once comes again. What a clock that was wrong stored in the future is old enough.
    /// </summary>
    private List<Due> DueFrom(long source, TimeSpan storedFor, out bool isLast)
    {
        using var connection = database.Source.OpenConnection();
        using var ask = new NpgsqlCommand($"""
            SELECT s.source, s.id, c.chunk_no, c.bytes FROM (SELECT (extract(epoch FROM now()) * 10000000)::bigint + 621355968000000000 AS now) t CROSS JOIN source s CROSS JOIN LATERAL (
              SELECT chunk_no, length(payload) AS bytes FROM chunk
              WHERE source = s.source AND chunk_no < (SELECT max(m.chunk_no) FROM chunk m WHERE m.source = s.source)
                AND (stored_at <= t.now - $2 OR stored_at > t.now)
              ORDER BY chunk_no LIMIT {SourceChunks}) c
            WHERE s.source >= $1 ORDER BY s.source, c.chunk_no LIMIT {StepChunks}
            """, connection) { Parameters = { new() { Value = source }, new() { Value = storedFor.Ticks } } };
        using var rows = ask.ExecuteReader();
        var (due, count, bytes, ofSource) = (new List<Due>(), 0, 0L, 0);
        isLast = true;
        while (rows.Read())
        {
            var (id, number, size) = (rows.GetInt64(0), rows.GetInt64(2), (long)rows.GetInt32(3));
            if (++count == StepChunks) isLast = false;
            if (due.Count == 0 || due[^1].Source != id)
            {
                due.Add(new Due(id, rows.GetString(1), number, number));
                (bytes, ofSource) = (size, 1);
                continue;
            }
            // What is too much for one step is found again by the next.
            if (++ofSource == SourceChunks || bytes > SourceBytes) isLast = false;
            if (bytes <= SourceBytes) due[^1] = due[^1] with { Last = number };
            bytes += size;
        }
        return due;
    }

    private IEnumerable<List<BlockPlan>> Plans(List<Due> due, CancellationToken cancel)
    {
        var (plans, bytes) = (new List<BlockPlan>(), 0L);
        foreach (var one in due)
        {
            cancel.ThrowIfCancellationRequested();
            if (Plan(one) is not { } plan) continue;
            plans.Add(plan);
            bytes += plan.Bytes;
            if (plans.Count < SwapSources && bytes < SwapBytes) continue;
            yield return plans;
            (plans, bytes) = ([], 0);
        }
        if (plans.Count > 0) yield return plans;
    }

    /// <summary>Null when another node was quicker.</summary>
    private BlockPlan? Plan(Due due)
    {
        using var connection = database.Source.OpenConnection();
        var fresh = Fresh(connection, due);
        return fresh.Count == 0 ? null : BlockPlan.Of(due.Source, Tail(connection, due.Source), fresh, block =>
        {
            using var payload = new NpgsqlCommand("SELECT payload FROM block WHERE source = $1 AND last_chunk = $2 AND first_chunk = $3", connection)
                { Parameters = { new() { Value = due.Source }, new() { Value = block.LastChunk }, new() { Value = block.FirstChunk } } };
            return payload.ExecuteScalar() as byte[];
        });
    }

    private static List<FreshChunk> Fresh(NpgsqlConnection connection, Due due)
    {
        using var ask = new NpgsqlCommand("""
            SELECT chunk_no, writer, kind, first_sampled, last_sampled, count, payload, stored_at FROM chunk
            WHERE source = $1 AND chunk_no BETWEEN $2 AND $3 ORDER BY chunk_no
            """, connection) { Parameters = { new() { Value = due.Source }, new() { Value = due.First }, new() { Value = due.Last } } };
        using var rows = ask.ExecuteReader();
        var fresh = new List<FreshChunk>();
        while (rows.Read())
            fresh.Add(new FreshChunk(new LedgerChunk(due.Id, rows.GetInt64(0), rows.GetGuid(1), (ChunkKind)rows.GetInt16(2), At(rows.GetInt64(3)), At(rows.GetInt64(4)),
                rows.GetInt32(5), rows.GetFieldValue<byte[]>(6)), rows.GetInt64(7)));
        return fresh;
    }

    /// <summary>The newest blocks of a source that are not full yet, in number order.</summary>
    private static List<BlockSpan> Tail(NpgsqlConnection connection, long source)
    {
        using var ask = new NpgsqlCommand($"""
            SELECT first_chunk, last_chunk, first_sampled, last_sampled, count, length(payload), stored_at FROM block
            WHERE source = $1 ORDER BY last_chunk DESC LIMIT {BlockPlan.TailLimit}
            """, connection) { Parameters = { new() { Value = source } } };
        using var rows = ask.ExecuteReader();
        var tail = new List<BlockSpan>();
        while (rows.Read())
        {
            var block = new BlockSpan(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt32(4), rows.GetInt32(5), rows.GetInt64(6));
            if (block.IsFull) break;
            tail.Add(block);
        }
        tail.Reverse();
        return tail;
    }

    private static List<long> Sources(NpgsqlConnection connection)
    {
        using var ask = new NpgsqlCommand("SELECT source FROM source ORDER BY source", connection);
        using var rows = ask.ExecuteReader();
        var sources = new List<long>();
        while (rows.Read()) sources.Add(rows.GetInt64(0));
        return sources;
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
