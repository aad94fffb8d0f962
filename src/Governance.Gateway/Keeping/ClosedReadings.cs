namespace Governance.Gateway.Keeping;

/// <summary>
/// Readings above the mark that are over without being durable: finally refused, or declared lost. Few, or something is
/// wrong; so they are kept by detector, and an advancing mark takes them out.
/// </summary>
internal sealed class ClosedReadings
{
    private readonly Dictionary<int, List<(long From, long To)>> _ranges = [];

    internal bool IsEmpty => _ranges.Count == 0;

    internal void Add(int flat, long from, long to)
    {
        if (!_ranges.TryGetValue(flat, out var ranges)) _ranges[flat] = ranges = [];
        // Readings are closed in the order of taking, so a range usually grows at its end.
        if (ranges.Count > 0 && ranges[^1].To == from - 1) ranges[^1] = (ranges[^1].From, to);
        else ranges.Add((from, to));
    }

    internal bool Contains(int flat, long seq) => _ranges.TryGetValue(flat, out var ranges) && ranges.Exists(r => seq >= r.From && seq <= r.To);

    /// <summary>The parts of a range that are closed.</summary>
    internal IEnumerable<(long From, long To)> Within(int flat, long from, long to) => !_ranges.TryGetValue(flat, out var ranges) ? []
        : ranges.Where(r => r.From <= to && r.To >= from).Select(r => (Math.Max(from, r.From), Math.Min(to, r.To)));

    /// <summary>The mark has come so far: how many it passed over.</summary>
    internal long PassedBy(int flat, long through)
    {
        if (!_ranges.TryGetValue(flat, out var ranges)) return 0;
        var passed = 0L;
        for (var i = ranges.Count - 1; i >= 0; i--)
        {
            var (from, to) = ranges[i];
            if (from > through) continue;
            passed += Math.Min(to, through) - from + 1;
            if (to <= through) ranges.RemoveAt(i);
            else ranges[i] = (through + 1, to);
        }
        if (ranges.Count == 0) _ranges.Remove(flat);
        return passed;
    }
}
