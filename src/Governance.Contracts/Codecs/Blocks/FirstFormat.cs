using System.Buffers.Binary;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>Blocks of before there were columns: chunk after chunk, each behind a header of fixed size. Read, no longer written.</summary>
internal static class FirstFormat
{
    private const int HeaderBytes = 8 + 16 + 1 + 8 + 8 + 4 + 4;
    private const long ChunkNoLimit = 1L << 40;

    internal static bool Is(ReadOnlySpan<byte> block) => block.Length >= HeaderBytes && BinaryPrimitives.ReadInt64LittleEndian(block) is > 0 and < ChunkNoLimit;

    internal static List<BlockChunk> Read(ReadOnlyMemory<byte> block)
    {
        var chunks = new List<BlockChunk>();
        for (var rest = block; rest.Length > 0;)
        {
            if (rest.Length < HeaderBytes) throw new LedgerBlockException("the block ends within a chunk");
            var from = rest.Span;
            var length = BinaryPrimitives.ReadInt32LittleEndian(from[45..]);
            if (from[24] > 1 || length < 0 || length > rest.Length - HeaderBytes) throw new LedgerBlockException("a chunk that cannot be");
            chunks.Add(new BlockChunk(BinaryPrimitives.ReadInt64LittleEndian(from), new Guid(from.Slice(8, 16)), from[24] == 1, At(from[25..]), At(from[33..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[41..]), rest.Slice(HeaderBytes, length)));
            rest = rest[(HeaderBytes + length)..];
        }
        return chunks;
    }

    private static DateTimeOffset At(ReadOnlySpan<byte> ticks) => new(BinaryPrimitives.ReadInt64LittleEndian(ticks), TimeSpan.Zero);
}
