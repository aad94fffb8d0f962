using System.Buffers.Binary;

namespace Governance.Contracts.Codecs;

/// <summary>A chunk of the reading ledger as a block keeps it.</summary>
/// <param name="IsOwnership">Marks that a new activation owns the source from here on; holds no readings.</param>
/// <param name="Payload">As <see cref="ChunkPayload"/> packs it.</param>
public sealed record BlockChunk(
    long ChunkNo, Guid Writer, bool IsOwnership, DateTimeOffset FirstSampledAt, DateTimeOffset LastSampledAt, int Count, ReadOnlyMemory<byte> Payload);

/// <summary>Consecutive chunks of one source merged: what came in is what goes out, byte for byte.</summary>
public static class LedgerBlock
{
    private const int HeaderBytes = 8 + 16 + 1 + 8 + 8 + 4 + 4;

    public static byte[] Pack(IReadOnlyList<BlockChunk> chunks)
    {
        var block = new byte[chunks.Sum(c => HeaderBytes + c.Payload.Length)];
        var to = block.AsSpan();
        foreach (var chunk in chunks)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, chunk.ChunkNo);
            chunk.Writer.TryWriteBytes(to[8..]);
            to[24] = chunk.IsOwnership ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt64LittleEndian(to[25..], chunk.FirstSampledAt.UtcTicks);
            BinaryPrimitives.WriteInt64LittleEndian(to[33..], chunk.LastSampledAt.UtcTicks);
            BinaryPrimitives.WriteInt32LittleEndian(to[41..], chunk.Count);
            BinaryPrimitives.WriteInt32LittleEndian(to[45..], chunk.Payload.Length);
            chunk.Payload.Span.CopyTo(to[HeaderBytes..]);
            to = to[(HeaderBytes + chunk.Payload.Length)..];
        }
        return block;
    }

    public static IReadOnlyList<BlockChunk> Unpack(ReadOnlyMemory<byte> block)
    {
        var chunks = new List<BlockChunk>();
        for (var rest = block; rest.Length > 0;)
        {
            var from = rest.Span;
            var length = BinaryPrimitives.ReadInt32LittleEndian(from[45..]);
            chunks.Add(new BlockChunk(BinaryPrimitives.ReadInt64LittleEndian(from), new Guid(from.Slice(8, 16)), from[24] == 1,
                new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(from[25..]), TimeSpan.Zero), new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(from[33..]), TimeSpan.Zero),
                BinaryPrimitives.ReadInt32LittleEndian(from[41..]), rest.Slice(HeaderBytes, length)));
            rest = rest[(HeaderBytes + length)..];
        }
        return chunks;
    }
}
