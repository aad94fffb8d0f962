namespace Governance.Actors.HazardSources;

/// <summary>Ordinals of a source's detectors, in order; costs a bit each.</summary>
internal sealed class DetectorSet(int detectors)
{
    private const int Bits = 64;
    private readonly ulong[] _words = new ulong[(detectors + Bits - 1) / Bits];

    internal static readonly DetectorSet Empty = new(0);

    internal int Count { get; private set; }

    internal void Add(int ordinal)
    {
        ref var word = ref _words[ordinal / Bits];
        var bit = 1UL << ordinal % Bits;
        if ((word & bit) != 0) return;
        word |= bit;
        Count++;
    }

    public IEnumerator<int> GetEnumerator()
    {
        for (var i = 0; i < _words.Length; i++)
            for (var rest = _words[i]; rest != 0; rest &= rest - 1)
                yield return i * Bits + System.Numerics.BitOperations.TrailingZeroCount(rest);
    }
}
