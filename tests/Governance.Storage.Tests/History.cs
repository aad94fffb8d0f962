using Governance.Contracts.Codecs;

namespace Governance.Storage.Tests;

/// <summary>Chunks for tests, and a ledger's whole history as text, to be compared.</summary>
internal static class History
{
    internal static readonly DateTimeOffset T0 = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    internal static readonly Guid Me = Guid.Parse("11111111-1111-1111-1111-111111111111"), Other = Guid.Parse("22222222-2222-2222-2222-222222222222");

    /// <summary>A chunk of three readings, ten seconds long, one after the other by number.</summary>
    internal static LedgerChunk Chunk(string source, long number, Guid? writer = null, int count = 3, int bytes = 40)
    {
        var payload = new byte[bytes];
        new Random((int)number).NextBytes(payload);
        return new LedgerChunk(source, number, writer ?? Me, ChunkKind.Readings, T0.AddSeconds(10 * number), T0.AddSeconds(10 * number + 10), count, payload);
    }

    internal static string Line(LedgerChunk c) =>
        $"{c.SourceId} {c.ChunkNo} {c.Writer} {c.Kind} {c.FirstSampledAt:O} {c.LastSampledAt:O} {c.Count} {Convert.ToHexString(c.Payload.Span)}";

    internal static async Task<List<string>> TailAsync(IReadingLedger ledger, string source, long after = 0, long before = long.MaxValue)
    {
        var lines = new List<string>();
        await foreach (var chunk in ledger.ReadTailAsync(source, after, before, default)) lines.Add(Line(chunk));
        return lines;
    }

    internal static async Task<List<string>> RangeAsync(IReadingLedger ledger, string source, DateTimeOffset from, DateTimeOffset to)
    {
        var lines = new List<string>();
        await foreach (var chunk in ledger.ReadRangeAsync(source, from, to, default)) lines.Add(Line(chunk));
        return lines;
    }

    /// <summary>Every chunk number that the parts hold, in order; with how many of the parts are blocks.</summary>
    internal static async Task<(List<long> Numbers, int Blocks)> PartsAsync(IReadingLedger ledger, string source, DateTimeOffset from, DateTimeOffset to)
    {
        var (numbers, blocks) = (new List<long>(), 0);
        await foreach (var part in ledger.ReadPartsAsync(source, from, to, default))
        {
            if (part.IsBlock) blocks++;
            if (part.IsBlock) numbers.AddRange(LedgerBlock.Unpack(part.Payload).Select(c => c.ChunkNo));
            else numbers.Add(part.FirstChunkNo);
        }
        return (numbers, blocks);
    }
}
