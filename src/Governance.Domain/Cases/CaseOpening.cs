using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>What hazard sources tell a case, and what desks and the register answer.</summary>
internal static class CaseOpening
{
    internal const string Unwatched = "data lost while active, nobody else watches";

    internal static Decision<CaseEvent> Raised(CaseState state, CasePolicy policy, OccurrenceRaised m, DateTimeOffset now)
    {
        var card = policy.CategoryFor(m.Kind);
        var subject = new CaseSubject(m.Source, m.SourceName, m.Enterprise, m.Area, m.Kind, card.Category, m.Drill, m.Clock, m.Text);
        var occurrence = new LinkedOccurrence(m.Occurrence, m.Witness, m.Detector, m.Level, m.Level, OccurrencePhase.Active, m.At, null, m.Text);
        return Linked(state, policy, subject, AtLeastYellow(m.Colour), occurrence, now);
    }

    /// <summary>Monitoring itself failed: the category's level, and it ends when readings come again.</summary>
    internal static Decision<CaseEvent> Faulty(CaseState state, CasePolicy policy, MonitoringFaultRaised m, DateTimeOffset now)
    {
        var card = policy.Categories[policy.MonitoringFault];
        var subject = new CaseSubject(m.Source, m.Name, m.Enterprise, m.Area, null, card.Category, false, ClockId.Wall, m.Text, m.Gateway);
        var occurrence = new LinkedOccurrence(m.Occurrence, Witness.Monitoring, m.Detector, AlarmLevel.None, AlarmLevel.None, OccurrencePhase.Active, m.At, null, m.Text);
        return Linked(state, policy, subject, Colour.Yellow, occurrence, now);
    }

    /// <summary>The first occurrence opens and assigns at once (秒派单); a later one is another witness of the same event.</summary>
    private static Decision<CaseEvent> Linked(CaseState state, CasePolicy policy, CaseSubject about, Colour level, LinkedOccurrence occurrence, DateTimeOffset now)
    {
        if (state.Phase != CasePhase.NotOpened && !state.IsOpen) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED") };
        // A drill never touches a live case, nor the other way: the source opens another one.
        if (state.Subject is { } subject && subject.Drill != about.Drill) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED", "DRILL") };
        if (state.Occurrences.Exists(o => o.Id == occurrence.Id)) return Decision<CaseEvent>.Nothing;
        // A full case takes no more; the source opens another one, so nothing is lost.
        if (state.Occurrences.Count >= CaseState.OccurrenceLimit) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED", "FULL") };
        var fold = new CaseFold(state, policy, now);
        if (state.Phase == CasePhase.NotOpened) fold.Happen(new CaseRegistered(occurrence.RaisedAt, about, level));
        fold.Happen(new OccurrenceLinked(occurrence.RaisedAt, occurrence));
        CaseClocks.Resume(fold, "system", "another occurrence", fold.Now);
        CaseClocks.EndQuestion(fold, "another occurrence");
        fold.BackToScene();
        if (state.Phase == CasePhase.NotOpened)
        {
            CaseIntake.Number(fold, occurrence.RaisedAt);
            CaseAssignment.ByRule(fold, occurrence.RaisedAt);
        }
        else CaseLevels.RaiseTo(fold, level, occurrence.Text, "system");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Changed(CaseState state, CasePolicy policy, OccurrenceChanged m, DateTimeOffset now)
    {
        if (!Knows(state, m.Occurrence)) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        var linked = state.Occurrences.Find(o => o.Id == m.Occurrence)!;
        if (linked.Level != m.Level || linked.Peak != m.Peak) fold.Happen(new OccurrenceLevelNoted(m.At, m.Occurrence, m.Level, m.Peak));
        CaseLevels.RaiseTo(fold, m.Colour, m.Text, "system");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Cleared(CaseState state, CasePolicy policy, OccurrenceCleared m, DateTimeOffset now)
    {
        if (!Knows(state, m.Occurrence)) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        fold.Happen(new OccurrenceEnded(m.At, m.Occurrence));
        if (!fold.State.IsLive) fold.Tell(AlertKind.CaseProgressed, "all-clear", m.At, "all occurrences returned to normal");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Silent(CaseState state, CasePolicy policy, OccurrenceDataLost m, DateTimeOffset now)
    {
        if (!Lives(state, m.Occurrence)) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        fold.Happen(new OccurrenceSilent(m.At, m.Occurrence, m.Unwatched));
        if (m.Unwatched && state.Level < Colour.Red) CaseLevels.RaiseTo(fold, state.Level + 1, Unwatched, "system");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Heard(CaseState state, OccurrenceDataRestored m) =>
        Lives(state, m.Occurrence) ? Decision<CaseEvent>.Of(new OccurrenceHeard(m.At, m.Occurrence)) : Decision<CaseEvent>.Nothing;

    internal static Decision<CaseEvent> Notified(CaseState state, CasePolicy policy, TaskOffered offered, DateTimeOffset now)
    {
        if (!state.IsOpen || !state.Tasks.Exists(t => t.Organisation == offered.Organisation && t.Counts && t.NotifiedAt is null)) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        fold.Happen(new TaskNotified(now, offered.Organisation));
        if (offered.Lead) fold.Tell(AlertKind.CaseDispatched, "dispatched", now, $"{offered.Organisation} has the case on its desk");
        return fold.Decision;
    }

    /// <summary>A case is never grey or blue: those are colours of sources.</summary>
    private static Colour AtLeastYellow(Colour colour) => colour < Colour.Yellow ? Colour.Yellow : colour;

    /// <summary>What has returned to normal is not brought back by a word about its data.</summary>
    private static bool Lives(CaseState state, OccurrenceId id) => Knows(state, id) && state.Occurrences.Find(o => o.Id == id)!.Phase != OccurrencePhase.Cleared;

    private static bool Knows(CaseState state, OccurrenceId id) => state.IsOpen && state.Occurrences.Exists(o => o.Id == id);
}
