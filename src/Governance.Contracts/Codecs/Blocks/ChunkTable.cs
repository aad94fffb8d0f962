namespace Governance.Contracts.Codecs.Blocks;

/// <summary>A chunk of a block without its readings.</summary>
/// <param name="Segments">Segments that are in columns; none when the payload is kept as it came.</param>
/// <param name="Verbatim">Length of the payload where it is kept as it came; −1 where it is in columns.</param>
/// <param name="Span">What the chunk says of its readings, as far as it differs from what they say themselves.</param>
internal readonly record struct ChunkRow(long ChunkNo, Guid Writer, bool IsOwnership, int Segments, int Verbatim, ChunkSpan Span);

/// <summary>First and last sampled time in ticks, and number of readings: as said, as found, or the difference of both.</summary>
internal readonly record struct ChunkSpan(long First, long Last, long Count)
{
    public static ChunkSpan operator -(ChunkSpan said, ChunkSpan found) => new(said.First - found.First, said.Last - found.Last, said.Count - found.Count);

    public static ChunkSpan operator +(ChunkSpan difference, ChunkSpan found) => new(difference.First + found.First, difference.Last + found.Last, difference.Count + found.Count);
}

/// <summary>
/// The chunks of a block as columns: number; writers once each and which of them; bit 0 ownership, bit 1 verbatim;
/// segments, or bytes of a verbatim payload; the differences of <see cref="ChunkSpan"/>, which are nought for what the product writes.
/// </summary>
internal static class ChunkTable
{
    private const int GuidBytes = 16;
    private const long Ownership = 1, Verbatim = 2;

    internal static void Write(ColumnWriter to, IReadOnlyList<ChunkRow> chunks)
    {
        var writers = chunks.Select(c => c.Writer).Distinct().ToList();
        to.Varint((uint)writers.Count);
        foreach (var writer in writers) to.Raw(writer.ToByteArray());
        var index = writers.Select((writer, i) => (writer, i)).ToDictionary(w => w.writer, w => (long)w.i);
        Column(to, chunks, c => c.ChunkNo);
        Column(to, chunks, c => index[c.Writer]);
        Column(to, chunks, c => (c.IsOwnership ? Ownership : 0) | (c.Verbatim >= 0 ? Verbatim : 0));
        Column(to, chunks, c => c.Verbatim >= 0 ? c.Verbatim : c.Segments);
        Column(to, chunks, c => c.Span.First);
        Column(to, chunks, c => c.Span.Last);
        Column(to, chunks, c => c.Span.Count);
    }

    internal static ChunkRow[] Read(ref BlockCursor from, int chunks, int segments)
    {
        var writers = new Guid[from.Count(chunks)];
        for (var i = 0; i < writers.Length; i++) writers[i] = new Guid(from.Bytes(GuidBytes));
        var columns = new long[7][];
        for (var i = 0; i < columns.Length; i++) IntegerColumn.Read(ref from, columns[i] = new long[chunks]);
        var (rows, left) = (new ChunkRow[chunks], (long)segments);
        for (var i = 0; i < chunks; i++)
        {
            var (writer, flags, size) = (columns[1][i], columns[2][i], columns[3][i]);
            if ((ulong)writer >= (ulong)writers.Length || flags is < 0 or > (Ownership | Verbatim) || size is < 0 or > int.MaxValue) throw new LedgerBlockException("a chunk that cannot be");
            var verbatim = (flags & Verbatim) != 0;
            if (!verbatim && (left -= size) < 0) throw new LedgerBlockException("chunks of more segments than there are");
            rows[i] = new ChunkRow(columns[0][i], writers[writer], (flags & Ownership) != 0, verbatim ? 0 : (int)size, verbatim ? (int)size : -1,
                new ChunkSpan(columns[4][i], columns[5][i], columns[6][i]));
        }
        return left == 0 ? rows : throw new LedgerBlockException("segments of no chunk");
    }

    private static void Column(ColumnWriter to, IReadOnlyList<ChunkRow> chunks, Func<ChunkRow, long> of) => IntegerColumn.Write(to, chunks.Select(of).ToArray());
}
