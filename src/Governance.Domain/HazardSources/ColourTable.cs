using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>When a line of the colour table holds.</summary>
public enum ColourCondition
{
    Always = 1,
    /// <summary>An independent second witness sees it: another detector, or a relay whose point is not this detector.</summary>
    Witnessed = 2,
    /// <summary>Nobody acknowledged it in time.</summary>
    Unacknowledged = 3,
}

/// <summary>A line of the colour table.</summary>
public sealed record ColourRule(AlarmLevel Level, ColourCondition When, Colour Colour);

/// <summary>
/// Which colour a live level has (alarms.md §3): a policy file of the district with a version. A source journals the
/// table that it is coloured by, so its colours stay explained when the file changes.
/// </summary>
public sealed record ColourTable(int Version, ImmutableArray<ColourRule> Rules)
{
    /// <summary>Of sources that were coloured before tables had versions.</summary>
    public static readonly ColourTable First = new(1,
    [
        new(AlarmLevel.Three, ColourCondition.Always, Colour.Red), new(AlarmLevel.Two, ColourCondition.Witnessed, Colour.Red), new(AlarmLevel.Two, ColourCondition.Unacknowledged, Colour.Red),
        new(AlarmLevel.Two, ColourCondition.Always, Colour.Orange), new(AlarmLevel.One, ColourCondition.Always, Colour.Yellow),
    ]);

    public bool Equals(ColourTable? other) => other is not null && Version == other.Version && Rules.SequenceEqual(other.Rules);
    public override int GetHashCode() => HashCode.Combine(Version, Rules.Length);

    /// <summary>The highest colour that holds, and why; grey for no level.</summary>
    internal (Colour Colour, ColourCondition Why) Of(AlarmLevel level, bool witnessed, bool unacknowledged)
    {
        var found = (Colour: Colour.Grey, Why: ColourCondition.Always);
        foreach (var rule in Rules)
            if (rule.Level == level && Holds(rule.When, witnessed, unacknowledged) && (rule.Colour > found.Colour || (rule.Colour == found.Colour && rule.When < found.Why)))
                found = (rule.Colour, rule.When);
        return found;
    }

    /// <summary>Everything that is wrong with it; empty when every level has a colour and danger never fades upwards.</summary>
    public ImmutableList<string> Holes() =>
    [
        .. Version < 1 ? ["colours: version is 1 or more"] : Array.Empty<string>(),
        .. Rules.Where(r => r.Level is < AlarmLevel.One or > AlarmLevel.Three).Select(r => $"colours: {r.Level} is no level 1 to 3"),
        .. Rules.Where(r => r.Colour < Colour.Yellow).Select(r => $"colours: level {(int)r.Level} {r.When}: a live level is yellow, orange or red, not {r.Colour}"),
        .. Levels.Where(l => Always(l) is null).Select(l => $"colours: level {(int)l} has no colour that always holds"),
        .. Levels.Skip(1).Where(l => Always(l) < Always(l - 1)).Select(l => $"colours: level {(int)l} is {Always(l)}, level {(int)l - 1} is {Always(l - 1)}"),
        .. Rules.Where(r => r.When != ColourCondition.Always && r.Colour < Always(r.Level)).Select(r => $"colours: level {(int)r.Level} {r.When} is {r.Colour}, below what always holds"),
    ];

    private static ImmutableArray<AlarmLevel> Levels => [AlarmLevel.One, AlarmLevel.Two, AlarmLevel.Three];

    private Colour? Always(AlarmLevel level) => Rules.FirstOrDefault(r => r.Level == level && r.When == ColourCondition.Always)?.Colour;

    private static bool Holds(ColourCondition when, bool witnessed, bool unacknowledged) => when switch
    {
        ColourCondition.Always => true,
        ColourCondition.Witnessed => witnessed,
        ColourCondition.Unacknowledged => unacknowledged,
        _ => throw new InvalidOperationException($"unknown condition {when}"),
    };
}
