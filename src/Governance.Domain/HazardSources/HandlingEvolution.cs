using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>How events change the operator, latch and suppression regions of a detector, and its chattering.</summary>
internal static class HandlingEvolution
{
    internal static HazardSourceState Evolve(HazardSourceState state, HazardSourceEvent happened) => happened switch
    {
        OccurrenceAcknowledged e => With(state, e.Detector, h => h with { Operator = Acknowledged(state, e) }),
        AcknowledgementExpired e => With(state, e.Detector, h => h with { Operator = new OperatorRegion.Unacknowledged(e.At, e.OverdueAt, false) }),
        AcknowledgementOverdue e => With(state, e.Detector, h => h with { Operator = Unseen(state, e) with { DueBy = null, IsOverdue = true } }),
        OccurrenceConfirmed e => With(state, e.Detector, h => h with
        {
            Operator = new OperatorRegion.Confirmed(e.By, e.At, e.Expires, e.Action, h.Operator.AcknowledgedBy),
        }),
        LatchReset e => With(state, e.Detector, h => h with { Latch = LatchRegion.None.Instance }),
        SuppressionBegan e => With(state, e.Detector, h => h with { Suppression = e.Region }),
        SuppressionEnded e => With(state, e.Detector, h => h with { Suppression = SuppressionRegion.None.Instance }),
        ChatteringBegan e => With(state, e.Detector, h => h with { Chatter = h.Chatter with { Folding = true } }),
        ChatteringEnded e => With(state, e.Detector, h => h with
        {
            Chatter = h.Chatter with { Folding = false, Folded = 0 }, Withheld = h.Withheld == Withheld.Folded ? Withheld.No : h.Withheld,
        }),
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    /// <summary>What a transition of the process region makes of the other regions.</summary>
    internal static Handling After(in Detector detector, DetectorTransition transition)
    {
        var handling = detector.Handling;
        return transition switch
        {
            OccurrenceActivated e => handling with
            {
                Operator = Unseen(e.At, e.Level), Withheld = e.Withheld, Latch = Latched(detector, e.Memo),
                // The same exceedance, told at last, is not one more of them.
                Chatter = e.Replaces is null ? handling.Chatter.Another(e.At, e.Withheld == Withheld.Folded) : handling.Chatter,
            },
            LevelChanged e => handling with
            {
                Operator = e.To > e.From ? Unseen(e.At, e.To) : handling.Operator, Withheld = e.Withheld, Latch = Latched(detector, e.Memo),
            },
            ReturnedToNormal e => handling with
            {
                Operator = handling.Operator is OperatorRegion.Unacknowledged && handling.Withheld != Withheld.Suppressed ? new OperatorRegion.Returned(e.Occurrence, e.At) : OperatorRegion.None,
                Withheld = Withheld.No, Latch = Latched(detector, e.Peak, e.PeakValue, e.Occurrence, e.At),
            },
            _ => handling,
        };
    }

    /// <summary>A fresh or risen alarm has been seen by nobody; at level 2 somebody must see it in time.</summary>
    private static OperatorRegion.Unacknowledged Unseen(DateTimeOffset at, AlarmLevel level) => new(at, SourceDeadlines.OverdueAt(at, level), false);

    private static OperatorRegion.Unacknowledged Unseen(HazardSourceState state, AcknowledgementOverdue e) =>
        state.Detectors[e.Detector].Operator as OperatorRegion.Unacknowledged ?? throw new InvalidOperationException($"{e.Occurrence} does not wait for anybody");

    private static OperatorRegion Acknowledged(HazardSourceState state, OccurrenceAcknowledged e)
    {
        var detector = state.Detectors[e.Detector];
        if (detector.Memo.Live?.Occurrence == e.Occurrence) return new OperatorRegion.Acknowledged(e.By, e.At, e.Expires, e.Note);
        if (detector.Operator is OperatorRegion.Returned returned && returned.Occurrence == e.Occurrence) return OperatorRegion.None;
        throw new InvalidOperationException($"{e.Occurrence} is not to be acknowledged");
    }

    private static LatchRegion Latched(in Detector detector, in DetectorMemo memo) =>
        memo.Live is { } live ? Latched(detector, live.Peak, live.PeakValue, live.Occurrence, live.ActivatedAt) : detector.Handling.Latch;

    /// <summary>The higher peak stays, from the first moment on.</summary>
    private static LatchRegion Latched(in Detector detector, AlarmLevel peak, double value, OccurrenceId occurrence, DateTimeOffset at)
    {
        var (from, latch) = (detector.Config.LatchFrom, detector.Handling.Latch as LatchRegion.Latched);
        // What a detector shows while it is out of service is no alarm to remember.
        if (from == AlarmLevel.None || peak < from || detector.IsOutOfService) return detector.Handling.Latch;
        if (latch is null) return new LatchRegion.Latched(occurrence, peak, value, at);
        return peak > latch.Peak || (peak == latch.Peak && occurrence == latch.Occurrence) ? latch with { Occurrence = occurrence, Peak = peak, PeakValue = value } : latch;
    }

    private static HazardSourceState With(HazardSourceState state, int ordinal, Func<Handling, Handling> change)
    {
        var detector = state.Detectors[ordinal];
        return state with { Detectors = state.Detectors.SetItem(ordinal, detector with { Handling = change(detector.Handling) }) };
    }
}
