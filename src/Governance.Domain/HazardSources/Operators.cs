using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>What operators do about an occurrence: acknowledge, confirm, reset the latch (alarms.md §2).</summary>
internal static class Operators
{
    internal static Decision<HazardSourceEvent> Acknowledge(HazardSourceState state, AcknowledgeOccurrence command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Note, "note") is { } tooLong) return Decision<HazardSourceEvent>.Nothing with { Refusal = tooLong };
        var fold = new Fold(state);
        var ordinal = state.OrdinalOf(command.Occurrence);
        if (ordinal < 0)
        {
            // The order of acknowledgement and return is free (S4).
            ordinal = state.Detectors.FindIndexOf(d => d.Operator is OperatorRegion.Returned returned && returned.Occurrence == command.Occurrence);
            if (ordinal < 0) return NotLive(command.Occurrence);
            fold.Happen(new OccurrenceAcknowledged(now, ordinal, command.Occurrence, caller.Subject, command.Note));
            Notices.AcknowledgedAfterReturn(fold, ordinal, command.Occurrence, caller.Subject, now);
            return fold.Decision;
        }
        var detector = state.Detectors[ordinal];
        if (detector.Operator.IsAcknowledged) return Decision<HazardSourceEvent>.Nothing;
        var acknowledged = new OccurrenceAcknowledged(now, ordinal, command.Occurrence, caller.Subject, command.Note, now + SourceDeadlines.AcknowledgedFor(detector.Level));
        fold.Happen(acknowledged);
        Notices.Acknowledged(fold, ordinal, acknowledged);
        Colours.Review(fold, now);
        return fold.Decision;
    }

    internal static Decision<HazardSourceEvent> Confirm(HazardSourceState state, ConfirmOccurrence command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Action, "action", required: true) is { } wrong) return Decision<HazardSourceEvent>.Nothing with { Refusal = wrong };
        var ordinal = state.OrdinalOf(command.Occurrence);
        if (ordinal < 0) return NotLive(command.Occurrence);
        var detector = state.Detectors[ordinal];
        if (detector.Operator is OperatorRegion.Confirmed) return Decision<HazardSourceEvent>.Nothing;
        if (!detector.Operator.IsAcknowledged) return Decision<HazardSourceEvent>.Refuse("NOT_ACKNOWLEDGED", $"{command.Occurrence} is acknowledged first, then confirmed");
        var fold = new Fold(state);
        var confirmed = new OccurrenceConfirmed(now, ordinal, command.Occurrence, caller.Subject, command.Action, now + SourceDeadlines.AcknowledgedFor(detector.Level));
        fold.Happen(confirmed);
        Notices.Confirmed(fold, ordinal, confirmed);
        return fold.Decision;
    }

    /// <summary>Nobody resets what is still true (S10).</summary>
    internal static Decision<HazardSourceEvent> Reset(HazardSourceState state, ResetLatch command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Decision<HazardSourceEvent>.Nothing with { Refusal = wrong };
        var ordinal = state.OrdinalOf(command.Detector);
        if (ordinal < 0) return Texts.UnknownDetector(state, command.Detector);
        var detector = state.Detectors[ordinal];
        if (detector.Memo.Live is { } live)
            return Decision<HazardSourceEvent>.Nothing with { Refusal = new Refusal("CONDITION_STILL_TRUE", $"{live.Occurrence} is active").With("occurrence", live.Occurrence.Value) };
        if (detector.Handling.Latch is not LatchRegion.Latched) return Decision<HazardSourceEvent>.Nothing;
        var fold = new Fold(state);
        fold.Happen(new LatchReset(now, ordinal, caller.Subject, command.Reason));
        Notices.LatchReset(fold, ordinal, caller.Subject, command.Reason, now);
        return fold.Decision;
    }

    /// <summary>Still active when its acknowledgement ran out: it is announced again (S5).</summary>
    internal static void Expire(Fold fold, int ordinal, DateTimeOffset at, TimeSpan lateBy)
    {
        var live = fold.Detector(ordinal).Memo.Live!;
        var by = fold.Detector(ordinal).Operator.AcknowledgedBy;
        fold.Happen(new AcknowledgementExpired(at, ordinal, live.Occurrence, SourceDeadlines.OverdueAt(at, live.Level), lateBy));
        Notices.ReAlarmed(fold, ordinal, by, at);
    }

    private static Decision<HazardSourceEvent> NotLive(OccurrenceId occurrence) => Decision<HazardSourceEvent>.Refuse("OCCURRENCE_NOT_LIVE", $"{occurrence} does not live");
}
