using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>The rules of a slip, reminder (风险提醒单) or supervision (风险督办单).</summary>
public sealed class SlipRules(CasePolicy policy) : IEntityRules<SlipState, SlipEvent>
{
    public SlipState Initial(string id) => SlipState.New(id);
    public SlipState Evolve(SlipState state, SlipEvent happened) => SlipEvolution.Evolve(state, happened);
    public IEnumerable<Deadline> Deadlines(SlipState state) => SlipClocks.Deadlines(state, policy);
    public ClockId Clock(SlipState state) => state.Content?.Clock ?? ClockId.Wall;

    public Decision<SlipEvent> Decide(SlipState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: SlipWanted m } => SlipDrafting.Wanted(state, policy, m, now),
        Stimulus.Delivered { Message: SlipOrdered m } => SlipDrafting.Ordered(state, policy, m, now),
        Stimulus.Delivered { Message: SlipTaken m } => SlipDrafting.Taken(state, policy, m, now),
        Stimulus.Confirmed { Message: SlipNumberRequested, Outcome: { Name: SlipRegisterRules.NumberAssigned } o } => SlipDrafting.Numbered(state, policy, o.Value, now),
        Stimulus.Confirmed { Message: SlipOpened } c => SlipDrafting.Held(state, policy, c.To, c.Outcome, now),
        Stimulus.Confirmed { Message: MeetingItemRaised m } c when c.Outcome == MeetingItemRaised.AgendaFixed => Again(state, m, c.To, now),
        Stimulus.Confirmed => Decision<SlipEvent>.Nothing,
        Stimulus.Commanded { Command: SlipCommand c } by => SlipHandling.Decide(state, policy, c, by.Caller, now),
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a slip takes no {stimulus}"),
    };

    private Decision<SlipEvent> Fire(SlipState state, DateTimeOffset now)
    {
        var fold = new SlipFold(state, policy, now);
        SlipClocks.Fire(fold);
        return fold.Decision;
    }

    /// <summary>It came too late for that meeting: the next one has it.</summary>
    private Decision<SlipEvent> Again(SlipState state, MeetingItemRaised m, EntityAddress to, DateTimeOffset now)
    {
        if (state.IsOver || MeetingKey.Parse(to.Id) is not { } missed) return Decision<SlipEvent>.Nothing;
        var fold = new SlipFold(state, policy, now);
        fold.Send(policy.Meetings.NextAfter(missed, now, policy.Calendar).Address, m with { At = now });
        return fold.Decision;
    }
}
