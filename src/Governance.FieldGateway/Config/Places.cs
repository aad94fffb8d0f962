using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>Finds declared detectors for inputs, and sees to it that each has exactly one.</summary>
internal sealed class Places
{
    private readonly Dictionary<(string Source, string Detector), Place> _declared = [];
    private readonly Dictionary<Place, string> _fedBy = [];

    internal Places(IReadOnlyList<SourceDeclaration> sources)
    {
        for (var s = 0; s < sources.Count; s++)
            for (var d = 0; d < sources[s].Detectors.Count; d++)
                _declared.TryAdd((sources[s].SourceId, sources[s].Detectors[d].DetectorId), new Place(s, d, $"{sources[s].SourceId}/{sources[s].Detectors[d].DetectorId}"));
    }

    /// <summary>Reads <c>source</c> and <c>detector</c> of an input.</summary>
    internal Place Of(JsonFields input)
    {
        var (source, detector) = (input.Text("source"), input.Text("detector"));
        if (!_declared.TryGetValue((source, detector), out var place))
        {
            if (source.Length > 0 && detector.Length > 0) input.Fault("detector", ConfigReasons.UnknownDetector, $"{source}/{detector} is not declared in sources");
            return new Place(0, 0, "?");
        }
        if (!_fedBy.TryAdd(place, input.Path)) input.Fault("detector", ConfigReasons.DetectorFedTwice, $"{place.Name} has its input at {_fedBy[place]} already");
        return place;
    }

    /// <summary>Names the detectors without input.</summary>
    internal void Done(JsonFields root)
    {
        foreach (var place in _declared.Values.Where(p => !_fedBy.ContainsKey(p))) root.Fault("sources", ConfigReasons.DetectorNotFed, $"{place.Name} has no input");
    }
}
