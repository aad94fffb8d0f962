using Governance.Contracts.Codecs;

namespace Governance.Storage.Blocks;

/// <summary>Chunks of the ledger as blocks keep them, and back.</summary>
internal static class BlockChunks
{
    internal static BlockChunk To(LedgerChunk chunk) =>
        new(chunk.ChunkNo, chunk.Writer, chunk.Kind == ChunkKind.Ownership, chunk.FirstSampledAt, chunk.LastSampledAt, chunk.Count, chunk.Payload);

    internal static LedgerChunk From(string sourceId, BlockChunk chunk) =>
        new(sourceId, chunk.ChunkNo, chunk.Writer, chunk.IsOwnership ? ChunkKind.Ownership : ChunkKind.Readings, chunk.FirstSampledAt, chunk.LastSampledAt, chunk.Count, chunk.Payload);

    /// <summary>Who wrote a chunk of a block; null when it is not in there.</summary>
    internal static Guid? WriterOf(byte[] block, long chunkNo) => LedgerBlock.Unpack(block).FirstOrDefault(c => c.ChunkNo == chunkNo)?.Writer;
}
