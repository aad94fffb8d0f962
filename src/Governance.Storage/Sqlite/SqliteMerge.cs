using Governance.Storage.Blocks;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>
/// Merges the file's oldest groups into blocks. Read and packed beside the writer, swapped in through it in transactions
/// of some milliseconds. A group is deleted when all that it holds is in blocks; until then heads say what is where.
/// </summary>
internal sealed class SqliteMerge(SqliteFile file, Func<LedgerWork.Change, long, AppendOutcome> submit)
{
    private const int SwapSources = 64;
    private const long SwapBytes = 1 << 20, PruneBytes = 4 << 20;

    internal MergeReport Run(long storedBefore, CancellationToken cancel)
    {
        var (chunks, blocks) = (0, 0);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var window = GroupWindow.Read(file, storedBefore);
            var isWhole = true;
            foreach (var plans in Plans(window, cancel))
            {
                isWhole &= Swap(plans);
                chunks += plans.Sum(p => p.FreshChunks);
                blocks += plans.Sum(p => p.Made.Count);
            }
            // Somebody else merges the same file: what is left is seen at the next run.
            if (!isWhole) return new MergeReport(chunks, blocks);
            Prune(window.Groups);
            if (window.IsLast) return new MergeReport(chunks, blocks);
        }
    }

    /// <summary>Blocks with nothing after <paramref name="before"/> (ticks), deleted some at a time.</summary>
    internal int Retire(long before, CancellationToken cancel)
    {
        var retired = 0;
        foreach (var source in Sources())
            for (var isMore = true; isMore;)
            {
                cancel.ThrowIfCancellationRequested();
                var old = Old(source, before, out isMore);
                if (old.Count > 0) submit(new LedgerWork.Change((connection, _) =>
                {
                    using var rows = new BlockRows(connection);
                    foreach (var block in old) rows.TryDelete(source, block);
                    return AppendOutcome.Stored;
                }), 0);
                retired += old.Count;
            }
        return retired;
    }

    private IEnumerable<List<BlockPlan>> Plans(GroupWindow window, CancellationToken cancel)
    {
        var (plans, bytes) = (new List<BlockPlan>(), 0L);
        foreach (var (source, fresh) in window.Sources)
        {
            cancel.ThrowIfCancellationRequested();
            var plan = Plan(source, fresh) ?? throw new IOException($"a block of {fresh[0].Chunk.SourceId} went away while it was to be merged");
            plans.Add(plan);
            bytes += plan.Bytes;
            if (plans.Count < SwapSources && bytes < SwapBytes) continue;
            yield return plans;
            (plans, bytes) = ([], 0);
        }
        if (plans.Count > 0) yield return plans;
    }

    private BlockPlan? Plan(long source, List<FreshChunk> fresh)
    {
        using var connection = file.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        using var payload = new Statement(connection, "SELECT payload FROM block WHERE source = $s AND last_chunk = $l AND first_chunk = $f", "$s", "$l", "$f");
        return BlockPlan.Of(source, Tail(connection, source), fresh, b => payload.One(source, b.LastChunk, b.FirstChunk) as byte[]);
    }

    /// <summary>The newest blocks of a source that are not full yet, in number order.</summary>
    private static List<BlockSpan> Tail(SqliteConnection connection, long source)
    {
        using var newest = new Statement(connection, $"""
            SELECT first_chunk, last_chunk, first_sampled, last_sampled, count, length(payload), stored_at FROM block
            WHERE source = $s ORDER BY last_chunk DESC LIMIT {BlockPlan.TailLimit}
            """, "$s");
        using var rows = newest.Rows(source);
        var tail = new List<BlockSpan>();
        while (rows.Read() && Span(rows) is { IsFull: false } block) tail.Add(block);
        tail.Reverse();
        return tail;
    }

    private bool Swap(List<BlockPlan> plans)
    {
        var isWhole = true;
        submit(new LedgerWork.Change((connection, batch) =>
        {
            using var rows = new BlockRows(connection);
            foreach (var plan in plans)
                if (rows.TrySwap(plan)) batch.Merged.Add((plan.Source, plan.Fresh.LastChunk, plan.Made[^1].LastWriter));
                else isWhole = false;
            return AppendOutcome.Stored;
        }), plans.Sum(p => p.Bytes));
        return isWhole;
    }

    private void Prune(IReadOnlyList<(long Id, long Bytes)> groups)
    {
        for (var i = 0; i < groups.Count;)
        {
            var some = new List<long>();
            for (var bytes = 0L; i < groups.Count && bytes < PruneBytes; bytes += groups[i++].Bytes) some.Add(groups[i].Id);
            submit(new LedgerWork.Change((connection, _) =>
            {
                using var delete = new Statement(connection, "DELETE FROM chunk_group WHERE id = $id", "$id");
                foreach (var id in some) delete.Run(id);
                return AppendOutcome.Stored;
            }), 0);
        }
    }

    private List<long> Sources()
    {
        using var connection = file.OpenReader();
        using var all = new Statement(connection, "SELECT source FROM source");
        using var rows = all.Rows();
        var sources = new List<long>();
        while (rows.Read()) sources.Add(rows.GetInt64(0));
        return sources;
    }

    private List<BlockSpan> Old(long source, long before, out bool isMore)
    {
        using var connection = file.OpenReader();
        using var find = new Statement(connection, """
            SELECT first_chunk, last_chunk, first_sampled, last_sampled, count, length(payload), stored_at FROM block
            WHERE source = $s AND last_sampled < $before AND stored_at < $before
            """, "$s", "$before");
        using var rows = find.Rows(source, before);
        var (old, bytes) = (new List<BlockSpan>(), 0L);
        while (isMore = rows.Read())
        {
            old.Add(Span(rows));
            if ((bytes += old[^1].Bytes) > PruneBytes) break;
        }
        return old;
    }

    private static BlockSpan Span(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6));
}
