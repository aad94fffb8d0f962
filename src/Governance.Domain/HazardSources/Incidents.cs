using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>One event in the world, one case: which occurrences belong together (S6, P11).</summary>
internal static class Incidents
{
    /// <param name="fold">The decision in the making.</param>
    /// <param name="kind">What was exceeded.</param>
    /// <param name="occurrence">The new occurrence.</param>
    /// <param name="observedAt">When the witness saw it; a relayed warning may speak of a time long gone.</param>
    /// <param name="at">Now.</param>
    internal static void OpenOrJoin(Fold fold, HazardKind kind, OccurrenceId occurrence, DateTimeOffset observedAt, DateTimeOffset at)
    {
        var running = fold.State.Incidents.FindLast(i => i.Kind == kind && Covers(i, observedAt));
        if (running is null) fold.Happen(new IncidentOpened(at, CaseKey.Of(occurrence.Value), kind, occurrence));
        else fold.Happen(new IncidentJoined(at, running.Case, occurrence));
    }

    private static bool Covers(Incident incident, DateTimeOffset at) =>
        at >= incident.OpenedAt - Incident.JoinWindow && (incident.LastEndedAt is not { } ended || at <= ended + Incident.JoinWindow);

    /// <summary>The case was closed before the occurrence reached it: open another, and tell it everything again.</summary>
    internal static void Renew(Fold fold, OccurrenceRaised message, EntityAddress closed, DateTimeOffset now)
    {
        var incident = fold.State.Incidents.FindLast(i => i.Case.Value == closed.Id);
        if (incident is null || !incident.Occurrences.Contains(message.Occurrence)) return;
        var next = CaseKey.Of($"{message.Occurrence.Value} after {closed.Id}");
        fold.Happen(new IncidentRenewed(now, incident.Case, next, message.Occurrence));
        var to = new EntityAddress(EntityKinds.Case, next.Value);
        fold.Send(to, message with { Colour = Colours.OfCase(fold.State) });
        if (fold.State.IncidentOf(message.Occurrence)!.Live.IsEmpty) fold.Send(to, new OccurrenceCleared(message.Occurrence, now));
    }
}
