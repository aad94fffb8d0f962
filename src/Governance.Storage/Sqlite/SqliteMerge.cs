using Governance.Storage.Blocks;

namespace Governance.Storage.Sqlite;

/// <summary>
/// Merges the file's oldest groups into blocks. Read and packed beside the writer, swapped in through it in transactions
/// of some milliseconds. A group is deleted when all that it holds is in blocks; until then heads say what is where.
/// </summary>
internal sealed class SqliteMerge(SqliteFile file, Action<LedgerWork.Change, long> submit)
{
    private const int SwapSources = 64;
    private const long SwapBytes = 1 << 20, PruneBytes = 4 << 20;

    internal MergeReport Run(TimeSpan storedFor, CancellationToken cancel)
    {
        var (chunks, blocks) = (0, 0);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var window = GroupWindow.Read(file, storedFor);
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
        foreach (var source in BlockTails.Sources(file))
            for (var isMore = true; isMore;)
            {
                cancel.ThrowIfCancellationRequested();
                var old = BlockTails.Old(file, source, before, PruneBytes, out isMore);
                if (old.Count > 0) submit(new LedgerWork.Change((connection, _) =>
                {
                    using var rows = new BlockRows(connection);
                    foreach (var block in old) rows.Delete(source, block);
                }), 0);
                retired += old.Count;
            }
        return retired;
    }

    /// <summary>Some sources at a time, from one snapshot that ends before they are swapped in.</summary>
    private IEnumerable<List<BlockPlan>> Plans(GroupWindow window, CancellationToken cancel)
    {
        for (var at = 0; at < window.Sources.Count;)
        {
            var (plans, bytes) = (new List<BlockPlan>(), 0L);
            using (var blocks = new BlockTails(file))
                while (at < window.Sources.Count && plans.Count < SwapSources && bytes < SwapBytes)
                {
                    cancel.ThrowIfCancellationRequested();
                    var (source, fresh) = window.Sources[at++];
                    var plan = BlockPlan.Of(source, blocks.Of(source), fresh, b => blocks.Payload(source, b)) ?? throw new InvalidOperationException($"a block of {fresh[0].Chunk.SourceId} is not in the snapshot that told of it");
                    plans.Add(plan);
                    bytes += plan.Bytes;
                }
            yield return plans;
        }
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
            }), 0);
        }
    }
}
