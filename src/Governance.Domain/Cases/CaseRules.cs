using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>The rules of a case.</summary>
public sealed class CaseRules(CasePolicy policy) : IEntityRules<CaseState, CaseEvent>
{
    public CaseState Initial(string id) => CaseState.New(id);
    public CaseState Evolve(CaseState state, CaseEvent happened) => CaseEvolution.Evolve(state, happened);
    public ClockId Clock(CaseState state) => state.Subject?.Clock ?? ClockId.Wall;

    public IEnumerable<Deadline> Deadlines(CaseState state) =>
        state.Clocks.Where(c => c.Phase == ClockPhase.Running).Select(c => new Deadline(Names.Of(c.Name), c.Due));

    public Decision<CaseEvent> Decide(CaseState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: OccurrenceRaised m } => CaseOpening.Raised(state, policy, m, now),
        Stimulus.Delivered { Message: MonitoringFaultRaised m } => CaseOpening.Faulty(state, policy, m, now),
        Stimulus.Delivered { Message: OccurrenceChanged m } => CaseOpening.Changed(state, policy, m, now),
        Stimulus.Delivered { Message: OccurrenceCleared m } => CaseOpening.Cleared(state, policy, m, now),
        Stimulus.Delivered { Message: OccurrenceDataLost m } => CaseOpening.Silent(state, policy, m, now),
        Stimulus.Delivered { Message: OccurrenceDataRestored m } => CaseOpening.Heard(state, m),
        Stimulus.Confirmed { Message: TaskOffered m, Outcome.Name: "DELIVERED" } => CaseOpening.Notified(state, policy, m, now),
        Stimulus.Confirmed { Message: NumberRequested, Outcome: { Name: CaseRegisterRules.NumberAssigned } o } => Decision<CaseEvent>.Of(new NumberAssigned(now, o.Value)),
        Stimulus.Confirmed => Decision<CaseEvent>.Nothing,
        Stimulus.Commanded { Command: CaseCommand c } by => CaseHandling.Decide(state, policy, c, by.Caller, now),
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a case takes no {stimulus}"),
    };

    /// <summary>Every deadline that is due, oldest first, once each: breach, escalate, tell.</summary>
    private Decision<CaseEvent> Fire(CaseState state, DateTimeOffset now)
    {
        var fold = new CaseFold(state, policy, now);
        while (fold.State.Clocks.Where(c => c.Phase == ClockPhase.Running && c.Due <= now).MinBy(c => (c.Due, c.Name)) is { } due)
        {
            fold.Happen(new DeadlineBreached(due.Due, due.Name, due.Due, now - due.Due));
            var step = policy.Escalation.Find(s => s.Supervision > fold.State.Supervision) ?? policy.Escalation[^1];
            fold.Happen(new Escalated(due.Due, step.Supervision, step.Told, due.Name));
            fold.Tell(AlertKind.DeadlineBreached, $"breach/{Names.Of(due.Name)}", due.Due, $"{Names.Of(due.Name)} deadline missed: {step.Told} told");
            // Somebody is told again and again until progress is reported; after a long absence once, not once for every round missed.
            if (due.Name == ClockName.Stale) fold.Start(ClockName.Stale, due.Due + policy.Budgets[(fold.State.Level, ClockName.Stale)] > now ? due.Due : now);
        }
        return fold.Decision;
    }
}
