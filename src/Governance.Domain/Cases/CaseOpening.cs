using Governance.Domain.Calendars;
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
    internal static Decision<CaseEvent> Raised(CaseState state, CasePolicy policy, OccurrenceRaised m, DateTimeOffset now)
    {
        var card = policy.CardFor(m.Kind);
        var subject = new CaseSubject(m.Source, m.SourceName, m.Enterprise, m.Area, m.Kind, card.Category, m.Drill, m.Clock, m.Text);
        var occurrence = new LinkedOccurrence(m.Occurrence, m.Witness, m.Detector, m.Level, m.Level, OccurrencePhase.Active, m.At, null, m.Text);
        return Linked(state, policy, card, subject, AtLeastYellow(m.Colour), occurrence, now);
    }

    /// <summary>Monitoring itself failed: the category's level, and it ends when readings come again.</summary>
    internal static Decision<CaseEvent> Faulty(CaseState state, CasePolicy policy, MonitoringFaultRaised m, DateTimeOffset now)
    {
        var card = policy.RunCards[policy.MonitoringFault];
        var subject = new CaseSubject(m.Source, m.Name, m.Enterprise, m.Area, null, card.Category, false, ClockId.Wall, m.Text, m.Gateway);
        var occurrence = new LinkedOccurrence(m.Occurrence, Witness.Monitoring, m.Detector, AlarmLevel.None, AlarmLevel.None, OccurrencePhase.Active, m.At, null, m.Text);
        return Linked(state, policy, card, subject, Colour.Yellow, occurrence, now);
    }

    /// <summary>The first occurrence opens and assigns at once (秒派单); a later one is another witness of the same event.</summary>
    private static Decision<CaseEvent> Linked(CaseState state, CasePolicy policy, RunCard card, CaseSubject about, Colour level, LinkedOccurrence occurrence, DateTimeOffset now)
    {
        if (state.Phase == CasePhase.Closed) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED") };
        // A drill never touches a live case, nor the other way: the source opens another one.
        if (state.Subject is { } subject && subject.Drill != about.Drill) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED", "DRILL") };
        if (state.Occurrences.Exists(o => o.Id == occurrence.Id)) return Decision<CaseEvent>.Nothing;
        // A full case takes no more; the source opens another one, so nothing is lost.
        if (state.Occurrences.Count >= CaseState.OccurrenceLimit) return Decision<CaseEvent>.Nothing with { Outcome = new Outcome("CASE_CLOSED", "FULL") };
        var fold = new CaseFold(state, policy, now);
        if (state.Phase == CasePhase.NotOpened) fold.Happen(new CaseRegistered(occurrence.RaisedAt, about, level));
        fold.Happen(new OccurrenceLinked(occurrence.RaisedAt, occurrence));
        CaseClocks.Resume(fold, "system", "another occurrence", fold.Now);
        fold.BackToScene();
        if (state.Phase == CasePhase.NotOpened) Assign(fold, card, occurrence.RaisedAt);
        else RaiseTo(fold, level, occurrence.Text, "system");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Changed(CaseState state, CasePolicy policy, OccurrenceChanged m, DateTimeOffset now)
    {
        if (!Knows(state, m.Occurrence)) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        var linked = state.Occurrences.Find(o => o.Id == m.Occurrence)!;
        if (linked.Level != m.Level || linked.Peak != m.Peak) fold.Happen(new OccurrenceLevelNoted(m.At, m.Occurrence, m.Level, m.Peak));
        RaiseTo(fold, m.Colour, m.Text, "system");
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
        if (m.Unwatched && state.Level < Colour.Red) RaiseTo(fold, state.Level + 1, "data lost while active, nobody else watches", "system");
        return fold.Decision;
    }

    internal static Decision<CaseEvent> Heard(CaseState state, OccurrenceDataRestored m) =>
        Lives(state, m.Occurrence) ? Decision<CaseEvent>.Of(new OccurrenceHeard(m.At, m.Occurrence)) : Decision<CaseEvent>.Nothing;

    internal static Decision<CaseEvent> Notified(CaseState state, CasePolicy policy, TaskOffered offered, DateTimeOffset now)
    {
        if (state.Phase == CasePhase.Closed) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        fold.Happen(new TaskNotified(now, offered.Organisation));
        if (offered.Lead) fold.Tell(AlertKind.CaseDispatched, "dispatched", now, $"{offered.Organisation} has the case on its desk");
        return fold.Decision;
    }

    /// <summary>A rise never needs approval; running clocks get the shorter of what is left and the new budget.</summary>
    internal static void RaiseTo(CaseFold fold, Colour level, string reason, string by)
    {
        if (level <= fold.State.Level || fold.State.Phase == CasePhase.Closed) return;
        fold.Happen(new CaseEvent.LevelChanged(fold.Now, fold.State.Level, level, reason, by));
        // What stood still runs again, and nobody waits for more time: danger does neither.
        if (level >= Colour.Orange)
        {
            CaseClocks.Resume(fold, by, $"raised to {level}", fold.Now);
            if (fold.State.Asked is not null) CaseClocks.Decided(fold, false, by, $"raised to {level}", fold.Now);
        }
        CaseClocks.Shorten(fold, level);
        fold.VerifyAgain($"raised to {level}");
        fold.Tell(AlertKind.CaseProgressed, $"level/{(int)level}", fold.Now, $"raised to {level}: {reason}");
    }

    private static void Assign(CaseFold fold, RunCard card, DateTimeOffset at)
    {
        var subject = fold.State.Subject!;
        fold.Happen(new CaseAssigned(at, card.Lead, card.Co, $"run-card/{card.Category}"));
        fold.Start(ClockName.Sign, at);
        fold.Start(ClockName.Stale, at);
        fold.Start(ClockName.Due, at);
        fold.ToDesks(t => new TaskOffered(fold.State.Key, t.Organisation, t.Lead, card.Category, fold.State.Level, subject.SourceName, subject.Text, subject.Drill, at));
        var register = $"{fold.Policy.District}-{at.ToOffset(WorkCalendar.Local):yyyyMMdd}";
        fold.Send(new EntityAddress(EntityKinds.CaseRegister, register), new NumberRequested(fold.State.Key, subject.Drill ? "DR" : "EM"));
        fold.Tell(AlertKind.CaseOpened, "opened", at, $"{card.Name}: {subject.SourceName}, {subject.Text}");
    }

    /// <summary>A case is never grey or blue: those are colours of sources.</summary>
    private static Colour AtLeastYellow(Colour colour) => colour < Colour.Yellow ? Colour.Yellow : colour;

    /// <summary>What has returned to normal is not brought back by a word about its data.</summary>
    private static bool Lives(CaseState state, OccurrenceId id) => Knows(state, id) && state.Occurrences.Find(o => o.Id == id)!.Phase != OccurrencePhase.Cleared;

    private static bool Knows(CaseState state, OccurrenceId id) => state.Phase is not (CasePhase.NotOpened or CasePhase.Closed) && state.Occurrences.Exists(o => o.Id == id);
}
