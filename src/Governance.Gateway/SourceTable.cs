using System.Text;
using Governance.Edge.V1;

namespace Governance.Gateway;

/// <summary>
/// The declared sources and detectors under one flat index, and back from their names. Whatever the kit keeps per
/// detector is an array over this index.
/// </summary>
internal sealed class SourceTable
{
    private readonly int[] _first;
    private readonly int[] _sourceOf;
    private readonly byte[][] _names;
    private readonly Dictionary<string, int> _sources = [];
    private readonly Dictionary<string, int>?[] _detectors;

    /// <exception cref="ArgumentException">A source or a detector stands there twice, or there is none.</exception>
    internal SourceTable(IReadOnlyList<SourceDeclaration> sources)
    {
        if (sources.Count == 0) throw new ArgumentException("at least one source", nameof(sources));
        Declarations = [.. sources.Select(s => s.Clone())];
        _first = new int[sources.Count + 1];
        _names = new byte[sources.Count][];
        _detectors = new Dictionary<string, int>?[sources.Count];
        for (var s = 0; s < Declarations.Length; s++)
        {
            var declared = Declarations[s];
            if (!_sources.TryAdd(declared.SourceId, s)) throw new ArgumentException($"source {declared.SourceId} is declared twice", nameof(sources));
            if (declared.Detectors.DistinctBy(d => d.DetectorId).Count() != declared.Detectors.Count) throw new ArgumentException($"source {declared.SourceId} declares a detector twice", nameof(sources));
            _names[s] = Encoding.UTF8.GetBytes(declared.SourceId);
            _first[s + 1] = _first[s] + declared.Detectors.Count;
        }
        _sourceOf = new int[_first[^1]];
        for (var s = 0; s < Declarations.Length; s++) _sourceOf.AsSpan(_first[s], _first[s + 1] - _first[s]).Fill(s);
    }

    internal SourceDeclaration[] Declarations { get; }
    internal int Sources => Declarations.Length;
    internal int Detectors => _sourceOf.Length;
    internal ReadOnlySpan<int> SourceOf => _sourceOf;
    /// <summary>Flat index of each source's first detector, and one more entry: the number of all.</summary>
    internal ReadOnlySpan<int> First => _first;

    internal int DetectorsOf(int source) => _first[source + 1] - _first[source];

    /// <summary>The source's id in UTF-8.</summary>
    internal byte[] Name(int source) => _names[source];

    internal int NameLimitBytes => _names.Max(n => n.Length);

    internal string SourceId(int flat) => Declarations[_sourceOf[flat]].SourceId;

    internal string DetectorId(int flat) => Declarations[_sourceOf[flat]].Detectors[flat - _first[_sourceOf[flat]]].DetectorId;

    /// <summary>Negative when it was never declared.</summary>
    internal int SourceNamed(string sourceId) => _sources.TryGetValue(sourceId, out var source) ? source : -1;

    /// <summary>Negative when it was never declared.</summary>
    internal int FlatNamed(string sourceId, string detectorId)
    {
        if (!_sources.TryGetValue(sourceId, out var source)) return -1;
        // An edge that tells marks as columns never asks for a name: built for the first one that does.
        var detectors = _detectors[source] ??= Declarations[source].Detectors.Select((d, i) => (d.DetectorId, Flat: _first[source] + i)).ToDictionary(d => d.DetectorId, d => d.Flat);
        return detectors.TryGetValue(detectorId, out var flat) ? flat : -1;
    }
}
