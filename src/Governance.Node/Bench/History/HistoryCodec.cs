using System.Diagnostics;
using Governance.Contracts.Codecs;
using Governance.Storage;

namespace Governance.Node.Bench;

/// <summary>What packing costs and saves. Bytes and nanoseconds per reading, best of the rounds: the codec's own, without its neighbours on the machine.</summary>
/// <param name="PlainBytes">The payloads of the chunks.</param>
internal sealed record CodecFigures(long Readings, int Blocks, double PlainBytes, double BlockBytes, double PackNs, double UnpackNs);

internal static class HistoryCodec
{
    private const int BlockReadings = 16_384;

    internal static CodecFigures Measure(IEnumerable<LedgerChunk> chunks, int rounds)
    {
        var blocks = Cut(chunks);
        var (readings, plain) = (blocks.Sum(b => b.Sum(c => (double)c.Count)), blocks.Sum(b => b.Sum(c => (double)c.Payload.Length)));
        var (packed, pack, unpack) = (new List<byte[]>(), double.MaxValue, double.MaxValue);
        for (var round = 0; round <= rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            packed = blocks.ConvertAll(b => LedgerBlock.Pack(b));
            pack = Math.Min(pack, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / readings);
            begun = Stopwatch.GetTimestamp();
            foreach (var block in packed) LedgerBlock.Unpack(block);
            unpack = Math.Min(unpack, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / readings);
        }
        if (!blocks.SelectMany(b => b).Select(c => Convert.ToHexString(c.Payload.Span)).SequenceEqual(packed.SelectMany(p => LedgerBlock.Unpack(p)).Select(c => Convert.ToHexString(c.Payload.Span))))
            throw new InvalidDataException("what was unpacked is not what was packed");
        return new CodecFigures((long)readings, blocks.Count, plain / readings, packed.Sum(p => (double)p.Length) / readings, pack, unpack);
    }

    private static List<List<BlockChunk>> Cut(IEnumerable<LedgerChunk> chunks)
    {
        var (blocks, count) = (new List<List<BlockChunk>> { new() }, 0);
        foreach (var chunk in chunks)
        {
            if (count > 0 && count + chunk.Count > BlockReadings)
            {
                blocks.Add([]);
                count = 0;
            }
            blocks[^1].Add(new BlockChunk(chunk.ChunkNo, chunk.Writer, false, chunk.FirstSampledAt, chunk.LastSampledAt, chunk.Count, chunk.Payload));
            count += chunk.Count;
        }
        return blocks;
    }
}
