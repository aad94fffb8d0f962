namespace Governance.Gateway.Keeping;

/// <summary>Sequence numbers of one detector that the edge or the caller named.</summary>
/// <param name="From">First, inclusive.</param>
/// <param name="To">Last, inclusive.</param>
/// <param name="Frame">Only what this frame carried; 0: whatever carried it.</param>
/// <param name="Tag">Given back with each reading that matches.</param>
internal readonly record struct Named(long From, long To, int Frame = 0, int Tag = 0);

/// <summary>Named readings of many detectors, gathered so that the blocks are looked through once for all of them.</summary>
internal sealed class Selection
{
    internal const int AnyFrame = 0;
    private readonly Dictionary<int, List<Named>> _named = [];

    internal bool IsEmpty => _named.Count == 0;
    internal IEnumerable<KeyValuePair<int, List<Named>>> ByDetector => _named;

    internal void Add(int flat, in Named named)
    {
        if (!_named.TryGetValue(flat, out var list)) _named[flat] = list = [];
        list.Add(named);
    }

    /// <summary>All detectors of a source, or the one, whatever their numbers.</summary>
    internal void AddAll(SourceTable table, int source, int flat, int frame, int tag)
    {
        if (flat >= 0) Add(flat, new Named(1, long.MaxValue, frame, tag));
        else for (var f = table.First[source]; f < table.First[source + 1]; f++) Add(f, new Named(1, long.MaxValue, frame, tag));
    }

    internal bool Matches(Block block, int i, out Named match)
    {
        match = default;
        if (!_named.TryGetValue(block.Detector[i], out var list)) return false;
        var (seq, frame) = (block.Seq[i], block.Frame[i]);
        foreach (var named in list)
            if (seq >= named.From && seq <= named.To && (named.Frame == AnyFrame || named.Frame == frame))
            {
                match = named;
                return true;
            }
        return false;
    }
}
