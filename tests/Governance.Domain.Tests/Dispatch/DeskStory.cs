using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Dispatch;

/// <summary>A day at a desk under the district's own roster; what is handed to a notifier ends as the test says.</summary>
internal sealed class DeskStory
{
    private readonly RoutingPolicy _policy;
    private readonly DepartmentRules _rules;

    internal DeskStory(string code = "YJ", RoutingPolicy? policy = null)
    {
        _policy = policy ?? District.Policy.Router;
        _rules = new DepartmentRules(_policy);
        State = _rules.Initial(code);
    }

    internal DepartmentState State { get; private set; }
    internal DateTimeOffset Now { get; private set; } = SourceStory.Time("14:10:00");
    internal List<DepartmentEvent> Events { get; } = [];
    internal List<Alert> Alerts { get; } = [];
    internal Refusal? Refusal { get; private set; }
    internal Outcome Outcome { get; private set; } = Outcome.Accepted;
    internal RoutingPolicy Policy => _policy;
    internal IEnumerable<Deadline> Deadlines => _rules.Deadlines(State);

    /// <summary>Persons called, in order, with the time of day.</summary>
    internal IEnumerable<string> Called => Events.OfType<DepartmentEvent.PersonPaged>().Select(p => $"{p.At.ToOffset(TimeSpan.FromHours(8)):HH:mm:ss} {p.Person}");

    internal DeskStory At(string time)
    {
        Now = SourceStory.Time(time);
        return this;
    }

    internal DeskStory Offer(string key = "C1", Colour level = Colour.Red, bool drill = false) =>
        Deliver(new TaskOffered(new CaseKey(key), State.Code, true, "0101", level, "液氯库", "chlorine", drill, Now));

    internal DeskStory OfferTo(string person, params string[] called) =>
        Deliver(new TaskOffered(new CaseKey("C1"), State.Code, true, "0101", Colour.Red, "液氯库", "chlorine", false, Now) { Person = person, Called = [.. called] });

    internal DeskStory Deliver(IEntityMessage message) => Take(new Stimulus.Delivered(message, new EntityAddress(EntityKinds.Case, "C1")));

    internal DeskStory Command(DepartmentCommand command, string subject = "SYN-YJ-DAY", string organisation = "YJ", string role = Roles.Handler) =>
        Take(new Stimulus.Commanded(command, new Caller(subject, organisation, [role])));

    internal DeskStory Confirm(string id = "YJ-1", string subject = "SYN-YJ-DAY") => Command(new DepartmentCommand.ConfirmDelivery(id), subject).Want(null);

    internal DeskStory Want(string? refusal)
    {
        Assert.Equal(refusal, Refusal?.Reason);
        return this;
    }

    /// <summary>Time passes and every deadline fires at its own instant.</summary>
    internal DeskStory WaitUntil(string time)
    {
        var until = SourceStory.Time(time);
        while (_rules.Deadlines(State).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            Now = due > Now ? due : Now;
            Take(new Stimulus.Woken());
            Assert.DoesNotContain(_rules.Deadlines(State), d => d.Due <= Now);
        }
        Now = until;
        return this;
    }

    /// <summary>Everything that is under way ends.</summary>
    internal DeskStory Sendings(SendingPhase phase, string note = "", string channel = "")
    {
        var results = from n in State.Notifications.Values from s in n.AllSendings where s.Phase == SendingPhase.UnderWay && (channel.Length == 0 || s.Channel == channel) orderby s.No select new SendingResult(n.Id, s.No, phase, note);
        return Apply(_rules.Attempted(State, results.ToList(), Now));
    }

    internal DeskStory Attempted(params SendingResult[] results) => Apply(_rules.Attempted(State, results, Now));

    internal DeskStory Take(Stimulus stimulus) => Apply(_rules.Decide(State, stimulus, Now));

    /// <summary>As the journal would tell it again.</summary>
    internal DepartmentState Replayed() => Events.Aggregate(_rules.Initial(State.Code), _rules.Evolve);

    private DeskStory Apply(Decision<DepartmentEvent> decision)
    {
        (Refusal, Outcome) = (decision.Refusal, decision.Outcome);
        if (Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events) State = _rules.Evolve(State, happened);
        Events.AddRange(decision.Events);
        Alerts.AddRange(decision.Sends.Select(s => ((AlertPublished)s.Message).Alert));
        return this;
    }
}
