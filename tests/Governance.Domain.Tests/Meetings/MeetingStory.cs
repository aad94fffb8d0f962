using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Meetings;

/// <summary>One meeting under the district's own policy files.</summary>
internal sealed class MeetingStory(string key)
{
    private readonly MeetingRules _rules = new(District.Policy);

    internal MeetingState State { get; private set; } = MeetingState.New(key);
    internal DateTimeOffset Now { get; private set; } = SlipStory.Local(2025, 9, 22, 9, 0);
    internal List<MeetingEvent> Events { get; } = [];
    internal List<Send> Sends { get; } = [];
    internal Refusal? Refusal { get; private set; }
    internal Outcome Outcome { get; private set; } = Outcome.Accepted;
    internal IEnumerable<Deadline> Deadlines => _rules.Deadlines(State);
    internal IEnumerable<(string To, RaisedItem Item)> Raised => Sends.Where(s => s.Message is MeetingItemRaised).Select(s => (s.To.Id, ((MeetingItemRaised)s.Message).Item));

    internal MeetingStory At(DateTimeOffset time)
    {
        Now = time;
        return this;
    }

    internal MeetingStory Schedule() => Take(new Stimulus.Commanded(new MeetingCommand.Schedule(), Caller.System));
    internal MeetingStory Wake() => Take(new Stimulus.Woken());
    internal MeetingStory Deliver(RaisedItem item, MeetingCall? call = null) => Take(new Stimulus.Delivered(new MeetingItemRaised(item, call, Now), new EntityAddress(EntityKinds.Slip, "S1")));
    internal MeetingStory By(string role, MeetingCommand command) => Take(new Stimulus.Commanded(command, new Caller($"the {role}", "ZF", [role])));

    internal MeetingStory Decide(string role, string item, MeetingDecision decision, Func<MeetingCommand.Decide, MeetingCommand.Decide>? more = null)
    {
        var command = new MeetingCommand.Decide(item, decision, "agreed", "", [], Colour.Grey, "", null);
        return By(role, more is null ? command : more(command));
    }

    internal MeetingStory Fix(params AgendaFact[] facts) => Take(_rules.Fix(State, facts, Now));

    internal MeetingStory Want(string? refusal)
    {
        Assert.Equal(refusal, Refusal?.Reason);
        return this;
    }

    private MeetingStory Take(Stimulus stimulus) => Take(_rules.Decide(State, stimulus, Now));

    private MeetingStory Take(Decision<MeetingEvent> decision)
    {
        (Refusal, Outcome) = (decision.Refusal, decision.Outcome);
        if (Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events) State = _rules.Evolve(State, happened);
        Events.AddRange(decision.Events);
        Sends.AddRange(decision.Sends);
        return this;
    }
}
