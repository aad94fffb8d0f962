using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.MeetingEvent;

namespace Governance.Domain.Meetings;

/// <summary>The rules of a meeting: called, its items gathered, its agenda fixed at the cut-off, every item decided, closed.</summary>
public sealed class MeetingRules(CasePolicy policy) : IEntityRules<MeetingState, MeetingEvent>
{
    internal const string CutOff = "CUT_OFF", CloseBy = "CLOSE_BY";

    public MeetingState Initial(string id) => MeetingState.New(id);
    public MeetingState Evolve(MeetingState state, MeetingEvent happened) => MeetingEvolution.Evolve(state, happened);
    public ClockId Clock(MeetingState state) => ClockId.Wall;

    public IEnumerable<Deadline> Deadlines(MeetingState state) => state.Phase switch
    {
        MeetingPhase.Called => [new Deadline(CutOff, state.Call!.CutOff)],
        MeetingPhase.AgendaFixed => [new Deadline(CloseBy, state.CloseBy!.Value)],
        _ => [],
    };

    public Decision<MeetingEvent> Decide(MeetingState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: MeetingItemRaised m } => Raised(state, m, now),
        Stimulus.Confirmed { Message: MeetingItemRaised m } c when c.Outcome == MeetingItemRaised.AgendaFixed && MeetingKey.Parse(c.To.Id) is { } missed =>
            Decision<MeetingEvent>.Nothing.Sending(new Send(policy.Meetings.NextAfter(missed, now, policy.Calendar).Address, m with { At = now })),
        Stimulus.Confirmed => Decision<MeetingEvent>.Nothing,
        Stimulus.Commanded { Command: MeetingCommand.Schedule } => Schedule(state, now),
        Stimulus.Commanded { Command: MeetingCommand.Escalate c } by => MeetingHandling.Escalate(state, policy, c, by.Caller, now),
        Stimulus.Commanded { Command: MeetingCommand c } by => MeetingHandling.Decide(state, policy, c, by.Caller, now),
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a meeting takes no {stimulus}"),
    };

    /// <summary>The facts at the cut-off are known: the agenda is fixed. Empty when they are not awaited.</summary>
    public Decision<MeetingEvent> Fix(MeetingState state, IEnumerable<AgendaFact> facts, DateTimeOffset now)
    {
        if (state.Phase != MeetingPhase.Collecting) return Decision<MeetingEvent>.Nothing;
        var fold = new MeetingFold(state, policy, now);
        var agenda = Provisional(state, facts, state.Call!.CutOff);
        fold.Happen(new AgendaFixed(now, agenda.Items, agenda.Hash));
        fold.Tell("agenda", now, $"{agenda.Items.Count} items, {agenda.Items.Count(i => i.Spoken)} of them spoken, at {state.Call.Start:u}; agenda {agenda.Hash[..12]}");
        return fold.Decision;
    }

    /// <summary>What the agenda would be if it were fixed at that instant.</summary>
    public Agenda Provisional(MeetingState state, IEnumerable<AgendaFact> facts, DateTimeOffset cutOff) =>
        Agenda.Of(state.Key.Kind, [.. facts, .. state.Raised.Select(r => new RaisedFact(r))], cutOff, policy.Meetings);

    private Decision<MeetingEvent> Schedule(MeetingState state, DateTimeOffset now)
    {
        if (state.Phase != MeetingPhase.NotCalled) return Decision<MeetingEvent>.Nothing;
        if (policy.Meetings.RegularOn(state.Key.Kind, state.Key.Day, policy.Calendar) is not { } times)
            return Decision<MeetingEvent>.Refuse("NO_MEETING_ON_THAT_DAY", $"there is no regular {state.Key.Kind} meeting on {state.Key.Day:O}", RefusalKind.NotFound);
        var fold = new MeetingFold(state, policy, now);
        fold.Call(new MeetingCall(times.CutOff, times.Start, false));
        return fold.Decision;
    }

    private Decision<MeetingEvent> Raised(MeetingState state, MeetingItemRaised m, DateTimeOffset now)
    {
        var fold = new MeetingFold(state, policy, now);
        return MeetingHandling.Take(fold, m.Item, m.Call) ? fold.Decision : Decision<MeetingEvent>.Nothing with { Outcome = MeetingItemRaised.AgendaFixed };
    }

    private Decision<MeetingEvent> Fire(MeetingState state, DateTimeOffset now)
    {
        var fold = new MeetingFold(state, policy, now);
        if (state.Phase == MeetingPhase.Called && state.Call!.CutOff is var cutOff && cutOff <= now) fold.Happen(new CutOffReached(cutOff, now - cutOff));
        if (state.Phase == MeetingPhase.AgendaFixed && state.CloseBy is { } closeBy && closeBy <= now) MeetingHandling.TimeIsUp(fold, closeBy);
        return fold.Decision;
    }
}
