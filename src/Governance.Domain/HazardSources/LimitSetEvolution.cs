using System.Collections.Immutable;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>How events change the limit sets and permits of a source.</summary>
internal static class LimitSetEvolution
{
    internal static HazardSourceState Evolve(HazardSourceState state, HazardSourceEvent happened) => happened switch
    {
        LimitsProposed e => Remembered(state, e.Set),
        LimitsBacktested e => Changed(state, e.Version, s => s with { Finding = e.Finding }),
        LimitsActivated e => Activated(state, e),
        OccurrenceMigrated e => state with { Detectors = state.Detectors.SetItem(e.Detector, UpToDate(state, state.Detectors[e.Detector])) },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    /// <summary>What is commissioned with other limits than before is a limit set of its own, in force at once: nothing lives then.</summary>
    internal static HazardSourceState Commissioned(HazardSourceState state, SourceCommissioned e)
    {
        if (state.Config is { } old && e.Config.Detectors.All(d => old.Detectors.FirstOrDefault(o => o.Id == d.Id) is { } known && known.Limits.SequenceEqual(d.Limits))) return state;
        var version = state.Config is null ? Handling.New.LimitSet : state.NewestLimitSet + 1;
        // Which limits these are stands in the configuration; a set lists what it changes.
        return Remembered(state, new LimitSet(version, [], e.By, e.At, "commissioned", null, e.By, e.At)) with { LimitSetVersion = version };
    }

    /// <summary>The detector under the limits that are in force.</summary>
    internal static Detector UpToDate(HazardSourceState state, in Detector detector)
    {
        if (detector.Handling.LimitSet == state.LimitSetVersion) return detector;
        var id = detector.Config.Id;
        return state.Config!.Detectors.FirstOrDefault(d => d.Id == id) is { } config
            ? detector with { Config = config, Handling = detector.Handling with { LimitSet = state.LimitSetVersion } }
            : detector;
    }

    internal static HazardSourceState Opened(HazardSourceState state, PermitOpened e)
    {
        var permits = state.Permits.Add(e.Permit);
        if (permits.Count > HazardSourceState.RememberedPermits && permits.FindIndex(p => p.ClosedAt is not null || p.Until <= e.At) is >= 0 and var oldest) permits = permits.RemoveAt(oldest);
        return state with { Permits = permits };
    }

    internal static HazardSourceState Closed(HazardSourceState state, PermitClosed e)
    {
        var index = state.Permits.FindIndex(p => p.Id == e.Permit);
        if (index < 0) throw new InvalidOperationException($"permit {e.Permit} was never opened");
        return state with { Permits = state.Permits.SetItem(index, state.Permits[index] with { ClosedAt = e.At }) };
    }

    private static HazardSourceState Activated(HazardSourceState state, LimitsActivated e)
    {
        var set = state.LimitSets.Find(s => s.Version == e.Version) ?? throw new InvalidOperationException($"limit set {e.Version} was never proposed");
        state = Changed(state, e.Version, s => s with { ActivatedBy = e.By, ActivatedAt = e.At }) with { Config = set.Applied(state.Config!), LimitSetVersion = e.Version };
        var detectors = state.Detectors.ToBuilder();
        for (var i = 0; i < detectors.Count; i++)
            if (detectors[i].Memo.Live is null) detectors[i] = UpToDate(state, detectors[i]);
        return state with { Detectors = detectors.ToImmutable() };
    }

    private static HazardSourceState Remembered(HazardSourceState state, LimitSet set)
    {
        var sets = state.LimitSets.Add(set);
        if (sets.Count > HazardSourceState.RememberedLimitSets && sets.FindIndex(s => s.Version != state.LimitSetVersion) is >= 0 and var oldest) sets = sets.RemoveAt(oldest);
        return state with { LimitSets = sets, NewestLimitSet = set.Version };
    }

    private static HazardSourceState Changed(HazardSourceState state, int version, Func<LimitSet, LimitSet> change)
    {
        var index = state.LimitSets.FindIndex(s => s.Version == version);
        if (index < 0) throw new InvalidOperationException($"limit set {version} was never proposed");
        return state with { LimitSets = state.LimitSets.SetItem(index, change(state.LimitSets[index])) };
    }
}
