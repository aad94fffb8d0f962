using Governance.Contracts.Codecs;

namespace Governance.Storage.Blocks;

/// <summary>A chunk that is to be merged.</summary>
/// <param name="StoredAt">Ticks.</param>
internal readonly record struct FreshChunk(LedgerChunk Chunk, long StoredAt);

/// <summary>A block that a merge made.</summary>
internal sealed record NewBlock(BlockSpan Span, Guid LastWriter, byte[] Payload);

/// <summary>
/// What is to become of one source: its fresh chunks go into blocks, together with the newest of its blocks where those
/// are still small. Prepared while others write; whoever swaps it in looks whether what it rests on is still so.
/// </summary>
/// <param name="Fresh">The fresh chunks, as one.</param>
/// <param name="Replaced">Blocks whose chunks are in the new ones, in number order.</param>
internal sealed record BlockPlan(long Source, BlockSpan Fresh, int FreshChunks, IReadOnlyList<BlockSpan> Replaced, IReadOnlyList<NewBlock> Made)
{
    /// <summary>The newest blocks of a source that a merge looks at; never more of them stay small.</summary>
    internal const int TailLimit = 32;
    /// <summary>So many small blocks become one: a reading is written anew about twice on its way into a full block.</summary>
    private const int Fan = 8;

    internal long Bytes => Made.Sum(b => (long)b.Payload.Length);

    /// <param name="tail">The source's newest blocks down to the first full one, that one left out, in number order.</param>
    /// <param name="fresh">In number order, at least one, following the tail.</param>
    /// <param name="payload">Reads a block of the tail; null when it is gone: somebody else merged, and there is no plan.</param>
    internal static BlockPlan? Of(long source, IReadOnlyList<BlockSpan> tail, IReadOnlyList<FreshChunk> fresh, Func<BlockSpan, byte[]?> payload)
    {
        var whole = fresh.Skip(1).Aggregate(BlockSpan.Of(fresh[0].Chunk, fresh[0].StoredAt), (sum, f) => sum.And(BlockSpan.Of(f.Chunk, f.StoredAt)));
        var replaced = tail.TakeLast(Joined(tail, whole)).ToList();
        var chunks = new List<FreshChunk>();
        foreach (var block in replaced)
        {
            if (payload(block) is not { } packed) return null;
            chunks.AddRange(LedgerBlock.Unpack(packed).Select(c => new FreshChunk(BlockChunks.From(fresh[0].Chunk.SourceId, c), block.StoredAt)));
        }
        chunks.AddRange(fresh);
        return new BlockPlan(source, whole, fresh.Count, replaced, Cut(chunks));
    }

    /// <summary>Blocks of these chunks, none above its size unless a single chunk is.</summary>
    internal static IReadOnlyList<NewBlock> Cut(IReadOnlyList<FreshChunk> chunks)
    {
        var (blocks, from) = (new List<NewBlock>(), 0);
        var span = BlockSpan.Of(chunks[0].Chunk, chunks[0].StoredAt);
        for (var i = 1; i < chunks.Count; i++)
        {
            var one = BlockSpan.Of(chunks[i].Chunk, chunks[i].StoredAt);
            var longer = span.And(one);
            if (longer.Size > 1)
            {
                blocks.Add(Made(span, from, i));
                (from, longer) = (i, one);
            }
            span = longer;
        }
        blocks.Add(Made(span, from, chunks.Count));
        return blocks;

        NewBlock Made(BlockSpan of, int first, int end)
        {
            var packed = LedgerBlock.Pack([.. Enumerable.Range(first, end - first).Select(i => BlockChunks.To(chunks[i].Chunk))]);
            return new NewBlock(of with { Bytes = packed.Length }, chunks[end - 1].Chunk.Writer, packed);
        }
    }

    /// <summary>
    /// How many of the newest blocks go together with what is fresh: all when that completes a block, else from the
    /// oldest that is small beside everything after it, so that sizes fall by steps and their number stays small.
    /// </summary>
    internal static int Joined(IReadOnlyList<BlockSpan> tail, BlockSpan fresh)
    {
        var whole = tail.Reverse().Aggregate(fresh, (sum, block) => block.And(sum));
        if (tail.Count >= TailLimit - 1 || whole.IsComplete) return tail.Count;
        var (joined, after) = (0, fresh.Size);
        for (var i = tail.Count - 1; i >= 0; i--)
        {
            if (tail[i].Size * (Fan - 1) <= after) joined = tail.Count - i;
            after += tail[i].Size;
        }
        return joined;
    }
}
