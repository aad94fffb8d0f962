namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// In which order the readings of a block's detectors came. A gateway asks its detectors round and round, so after a
/// detector comes the one that came after it the last time: written is how long that holds, then the one that came
/// instead. At first the neighbour is expected.
/// </summary>
internal static class ArrivalOrder
{
    /// <param name="order">Index of the detector of every reading, below <paramref name="detectors"/>.</param>
    internal static void Write(ColumnWriter to, ReadOnlySpan<int> order, int detectors)
    {
        var next = Neighbours(detectors);
        var (at, hits) = (detectors - 1, 0U);
        foreach (var detector in order)
        {
            if (next[at] == detector) hits++;
            else
            {
                to.Varint(hits);
                to.Varint((uint)detector);
                (next[at], hits) = (detector, 0);
            }
            at = detector;
        }
        if (hits > 0) to.Varint(hits);
    }

    internal static void Read(ref BlockCursor from, Span<int> order, int detectors)
    {
        var next = Neighbours(detectors);
        var at = detectors - 1;
        for (var i = 0; i < order.Length;)
        {
            for (var end = i + from.Count(order.Length - i); i < end; i++) order[i] = at = next[at];
            if (i == order.Length) return;
            order[i++] = at = next[at] = from.Count(detectors - 1);
        }
    }

    private static int[] Neighbours(int detectors)
    {
        var next = new int[detectors];
        for (var i = 0; i < detectors; i++) next[i] = (i + 1) % detectors;
        return next;
    }
}
