using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Permits to work on detectors (alarms.md §6b).</summary>
internal static class Permits
{
    /// <summary>Work that takes longer is permitted again.</summary>
    internal static readonly TimeSpan AtMost = TimeSpan.FromDays(30);

    internal static Decision<HazardSourceEvent> Open(HazardSourceState state, OpenPermit command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Reason, "reason", required: true) is { } wrong) return Decision<HazardSourceEvent>.Nothing with { Refusal = wrong };
        if (command.Id.Length is 0 or > 100) return Decision<HazardSourceEvent>.Refuse("PERMIT_ID_INVALID", "a permit has a number of 1 to 100 characters", RefusalKind.Invalid);
        if (command.Detectors.IsEmpty) return Decision<HazardSourceEvent>.Refuse("PERMIT_WITHOUT_DETECTORS", "a permit names the detectors that it covers", RefusalKind.Invalid);
        if (command.Detectors.Find(d => state.OrdinalOf(d) < 0) is { } unknown) return Texts.UnknownDetector(state, unknown);
        if (command.Until <= now || command.Until > now + AtMost) return Decision<HazardSourceEvent>.Refuse("PERMIT_END_INVALID", $"a permit ends within {AtMost.TotalDays:0} days", RefusalKind.Invalid);
        if (state.Permits.Any(p => p.Id == command.Id)) return Decision<HazardSourceEvent>.Refuse("PERMIT_EXISTS", $"permit {command.Id} was opened before", RefusalKind.AlreadyExists);
        if (state.Permits.Count(p => p.ClosedAt is null && now < p.Until) >= HazardSourceState.RememberedPermits)
            return Decision<HazardSourceEvent>.Refuse("TOO_MANY_PERMITS", $"{HazardSourceState.RememberedPermits} permits are open", RefusalKind.Exhausted);
        return Decision<HazardSourceEvent>.Of(new PermitOpened(now, new Permit(command.Id, [.. command.Detectors.Distinct()], now, command.Until, caller.Subject, command.Reason, null)));
    }

    internal static Decision<HazardSourceEvent> Close(HazardSourceState state, ClosePermit command, Caller caller, DateTimeOffset now)
    {
        if (Texts.Refused(command.Note, "note") is { } wrong) return Decision<HazardSourceEvent>.Nothing with { Refusal = wrong };
        var permit = state.Permits.Find(p => p.Id == command.Id);
        if (permit is null) return Decision<HazardSourceEvent>.Refuse("UNKNOWN_PERMIT", $"{state.Id} has no permit {command.Id}", RefusalKind.NotFound);
        if (permit.ClosedAt is not null) return Decision<HazardSourceEvent>.Nothing;
        var fold = new Fold(state);
        fold.Happen(new PermitClosed(now, permit.Id, caller.Subject, command.Note));
        for (var i = 0; i < state.Detectors.Length; i++)
            if (fold.Detector(i).Handling.Suppression is SuppressionRegion.OutOfService running && running.Permit == permit.Id)
                Suppressions.Leave(fold, i, SuppressionEnd.PermitClosed, caller.Subject, now, TimeSpan.Zero);
        return fold.Decision;
    }
}
