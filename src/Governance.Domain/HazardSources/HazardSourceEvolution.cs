using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>How events change a hazard source: live, and again after every crash.</summary>
public static class HazardSourceEvolution
{
    public static HazardSourceState Evolve(HazardSourceState state, HazardSourceEvent happened) => happened switch
    {
        SourceCommissioned e => Commissioned(state, e with { Config = Sharing.Of(e.Config) }),
        ClockBound e => state with { Clock = e.Clock },
        DetectorTransition e => AfterTransition(state, e),
        DataLossDeclared e => AfterDataLoss(state, e),
        DetectorsFed e => Feeds.Evolve(state, e),
        SequenceReused => state,
        WarningRelayed e => state with { Warnings = Bounded(state.Warnings.Add(e.Warning)) },
        WarningUpdated e => state with { Warnings = state.Warnings.SetItem(IndexOf(state, e.Occurrence), state.Warnings[IndexOf(state, e.Occurrence)] with { Level = e.Level, Value = e.Value }) },
        WarningCleared e => WarningEnded(state, e),
        IncidentOpened e => state with
        {
            Incidents = Bounded(state.Incidents.Add(new Incident(e.Case, e.Kind, e.At, [e.Occurrence], [e.Occurrence], null))),
        },
        IncidentJoined e => WithIncident(state, e.Case,
            i => i with { Occurrences = i.Occurrences.Add(e.Occurrence), Live = i.Live.Add(e.Occurrence), LastEndedAt = null }),
        IncidentRenewed e => Renewed(state, e),
        ColourTableAdopted e => state with { Colours = e.Table },
        ColourChanged e => state with { Colour = e.To, ColourReason = e.Reason },
        MarksCheckpointed e => Checkpointed(state, e),
        PermitOpened e => LimitSetEvolution.Opened(state, e),
        PermitClosed e => LimitSetEvolution.Closed(state, e),
        LimitsProposed or LimitsBacktested or LimitsActivated or OccurrenceMigrated => LimitSetEvolution.Evolve(state, happened),
        OccurrenceAcknowledged or AcknowledgementExpired or AcknowledgementOverdue or OccurrenceConfirmed or LatchReset or SuppressionBegan or SuppressionEnded
            or ChatteringBegan or ChatteringEnded => HandlingEvolution.Evolve(state, happened),
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static HazardSourceState Commissioned(HazardSourceState state, SourceCommissioned e)
    {
        state = LimitSetEvolution.Commissioned(state, e);
        var detectors = state.Detectors.ToBuilder();
        for (var i = 0; i < detectors.Count; i++)
        {
            var known = detectors[i];
            var config = e.Config.Detectors.FirstOrDefault(d => d.Id == known.Config.Id);
            detectors[i] = config is null ? known with { Retired = true }
                : known with { Config = config, Retired = false, Handling = known.Handling with { LimitSet = state.LimitSetVersion } };
        }
        foreach (var config in e.Config.Detectors)
            if (state.Detectors.All(d => d.Config.Id != config.Id))
                detectors.Add(new Detector(config, DetectorMemo.New, state.LimitSetVersion == Handling.New.LimitSet ? Handling.New : Handling.New with { LimitSet = state.LimitSetVersion }, false));
        var stored = state.Stored.AddRange(Enumerable.Repeat(SeqSet.Empty, detectors.Count - state.Stored.Length));
        return state with { Config = e.Config, ConfigVersion = e.Version, Detectors = detectors.ToImmutable(), Stored = stored };
    }

    private static HazardSourceState AfterTransition(HazardSourceState state, DetectorTransition e)
    {
        var detector = state.Detectors[e.Detector];
        detector = detector with { Memo = e.Memo, Handling = HandlingEvolution.After(detector, e) };
        if (e is ReturnedToNormal) detector = LimitSetEvolution.UpToDate(state, detector);
        state = state with { Detectors = state.Detectors.SetItem(e.Detector, detector) };
        return e switch
        {
            ReturnedToNormal ended => Ended(state, ended.Occurrence, ended.At),
            OccurrenceActivated { Replaces: { } replaced } again => Ended(state, replaced, again.At),
            _ => state,
        };
    }

    private static HazardSourceState AfterDataLoss(HazardSourceState state, DataLossDeclared e)
    {
        var detector = state.Detectors[e.Detector];
        var memo = detector.Memo with { Evaluated = detector.Memo.Evaluated.AddRange(e.Epoch, e.Range.From, e.Range.To) };
        return state with
        {
            Detectors = state.Detectors.SetItem(e.Detector, detector with { Memo = memo }),
            Stored = state.Stored.SetItem(e.Detector, Later(state.Stored[e.Detector], e)),
        };
    }

    /// <summary>A checkpoint of another epoch cannot be lowered by an old declaration.</summary>
    private static SeqSet Later(SeqSet stored, DataLossDeclared e) =>
        e.Epoch < stored.Epoch ? stored : stored.AddRange(e.Epoch, e.Range.From, e.Range.To);

    private static int IndexOf(HazardSourceState state, OccurrenceId occurrence) =>
        state.Warnings.FindIndex(w => w.Occurrence == occurrence) is >= 0 and var index ? index : throw new InvalidOperationException($"{occurrence} was never relayed");

    private static HazardSourceState WarningEnded(HazardSourceState state, WarningCleared e)
    {
        var index = IndexOf(state, e.Occurrence);
        state = state with { Warnings = state.Warnings.SetItem(index, state.Warnings[index] with { ClearedAt = e.At }) };
        return Ended(state, e.Occurrence, e.At);
    }

    private static HazardSourceState Ended(HazardSourceState state, OccurrenceId occurrence, DateTimeOffset at) =>
        state.Incidents.FindLast(i => i.Live.Contains(occurrence)) is not { } incident ? state : WithIncident(state, incident.Case, i =>
        {
            var live = i.Live.Remove(occurrence);
            return i with { Live = live, LastEndedAt = live.IsEmpty ? at : null };
        });

    private static HazardSourceState Renewed(HazardSourceState state, IncidentRenewed e)
    {
        var lives = state.Incidents.Any(i => i.Case == e.Closed && i.Live.Contains(e.Occurrence));
        state = WithIncident(state, e.Closed, i => i with { Occurrences = i.Occurrences.Remove(e.Occurrence), Live = i.Live.Remove(e.Occurrence) });
        var kind = state.Incidents.First(i => i.Case == e.Closed).Kind;
        var renewed = new Incident(e.Case, kind, e.At, [e.Occurrence], lives ? [e.Occurrence] : [], lives ? null : e.At);
        return state with { Incidents = Bounded(state.Incidents.Add(renewed)) };
    }

    private static HazardSourceState Checkpointed(HazardSourceState state, MarksCheckpointed e)
    {
        var detectors = state.Detectors.ToBuilder();
        for (var i = 0; i < e.Memos.Length; i++) detectors[i] = detectors[i] with { Memo = e.Memos[i] };
        return state with { Detectors = detectors.ToImmutable(), Stored = e.Stored, StoredChunk = e.StoredChunk, Skews = e.Skews };
    }

    private static HazardSourceState WithIncident(HazardSourceState state, CaseKey key, Func<Incident, Incident> change)
    {
        var index = state.Incidents.FindLastIndex(i => i.Case == key);
        if (index < 0) throw new InvalidOperationException($"no incident of case {key}");
        return state with { Incidents = state.Incidents.SetItem(index, change(state.Incidents[index])) };
    }

    private static ImmutableList<RelayedWarning> Bounded(ImmutableList<RelayedWarning> warnings) =>
        warnings.Count <= HazardSourceState.RememberedWarnings || warnings.FindIndex(w => !w.IsLive) is not (>= 0 and var oldest)
            ? warnings : warnings.RemoveAt(oldest);

    private static ImmutableList<Incident> Bounded(ImmutableList<Incident> incidents) =>
        incidents.Count <= HazardSourceState.RememberedIncidents || incidents.FindIndex(i => i.Live.IsEmpty) is not (>= 0 and var oldest)
            ? incidents : incidents.RemoveAt(oldest);
}
