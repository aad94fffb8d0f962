using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>The rules of a case.</summary>
public sealed class CaseRules(CasePolicy policy) : IEntityRules<CaseState, CaseEvent>
{
    public CaseState Initial(string id) => CaseState.New(id);
    public CaseState Evolve(CaseState state, CaseEvent happened) => CaseEvolution.Evolve(state, happened);
    public ClockId Clock(CaseState state) => state.Subject?.Clock ?? ClockId.Wall;

    public IEnumerable<Deadline> Deadlines(CaseState state) => CaseClocks.Deadlines(state).Concat(CaseClocks.NewCalendarDeadlines(state, policy.Calendar));

    public Decision<CaseEvent> Decide(CaseState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: OccurrenceRaised or MonitoringFaultRaised or OccurrenceChanged or OccurrenceCleared or OccurrenceDataLost or OccurrenceDataRestored } m =>
            state.Merge is null ? OfOccurrence(state, policy, m.Message, now) : CaseMerging.PassedOn(state, policy, m.Message, now),
        Stimulus.Delivered { Message: SlipOpened or SlipNumbered or SlipOverdue or SlipEnded } m => CaseSlips.Told(state, policy, m.Message, now),
        Stimulus.Delivered { Message: CaseOffered m } => CaseMerging.Offered(state, policy, m, now),
        Stimulus.Delivered { Message: CaseReclaimed m } => CaseMerging.Reclaimed(state, policy, m, now),
        Stimulus.Delivered { Message: ReportHandedOver m } => CaseIntake.HandedOver(state, policy, m, now),
        Stimulus.Confirmed { Message: TaskOffered m, Outcome.Name: "DELIVERED" } => CaseOpening.Notified(state, policy, m, now),
        Stimulus.Confirmed { Message: NumberRequested, Outcome: { Name: CaseRegisterRules.NumberAssigned } o } => Decision<CaseEvent>.Of(new NumberAssigned(now, o.Value)),
        Stimulus.Confirmed { Message: CaseOffered or CaseReclaimed } c => CaseMerging.Answer(state, policy, c.Message, c.Outcome, now),
        Stimulus.Confirmed => Decision<CaseEvent>.Nothing,
        Stimulus.Commanded { Command: CaseCommand c } by => CaseHandling.Decide(state, policy, c, by.Caller, now),
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a case takes no {stimulus}"),
    };

    /// <summary>What a source says about one of its occurrences.</summary>
    internal static Decision<CaseEvent> OfOccurrence(CaseState state, CasePolicy policy, IEntityMessage message, DateTimeOffset now) => message switch
    {
        OccurrenceRaised m => CaseOpening.Raised(state, policy, m, now),
        MonitoringFaultRaised m => CaseOpening.Faulty(state, policy, m, now),
        OccurrenceChanged m => CaseOpening.Changed(state, policy, m, now),
        OccurrenceCleared m => CaseOpening.Cleared(state, policy, m, now),
        OccurrenceDataLost m => CaseOpening.Silent(state, policy, m, now),
        OccurrenceDataRestored m => CaseOpening.Heard(state, m),
        _ => throw new InvalidOperationException($"no source says {message.GetType().Name}"),
    };

    private Decision<CaseEvent> Fire(CaseState state, DateTimeOffset now)
    {
        var fold = new CaseFold(state, policy, now);
        CaseClocks.Fire(fold);
        return fold.Decision;
    }
}
