using System.Collections.Immutable;

namespace Governance.Domain.HazardSources;

/// <summary>
/// Detectors of a source mostly have the same limits and the same unit. Held once, they are half of what a detector
/// weighs, and what its neighbour was compared with a moment ago is still in the processor's cache.
/// </summary>
public static class Sharing
{
    /// <summary>The same configuration; what is equal in it is one object.</summary>
    internal static SourceConfig Of(SourceConfig config)
    {
        var (limits, texts) = (new List<ImmutableArray<Limit>>(), new Dictionary<string, string>());
        return config with { Detectors = [.. config.Detectors.Select(d => d with { Unit = Text(d.Unit), Zone = Text(d.Zone), Limits = Limits(d.Limits) })] };

        string Text(string text) => texts.TryGetValue(text, out var known) ? known : texts[text] = text;

        ImmutableArray<Limit> Limits(ImmutableArray<Limit> own)
        {
            foreach (var known in limits)
                if (known.SequenceEqual(own)) return known;
            limits.Add(own);
            return own;
        }
    }

    /// <summary>The same state, as it was before it was written down and read again.</summary>
    public static HazardSourceState Of(HazardSourceState state)
    {
        if (state.Config is null) return state;
        var config = Of(state.Config);
        var byId = config.Detectors.ToDictionary(d => d.Id);
        return state with
        {
            Config = config,
            Detectors = [.. state.Detectors.Select(d => byId.TryGetValue(d.Config.Id, out var known) && known.Equals(d.Config) ? d with { Config = known } : d)],
        };
    }
}
