using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Cases;

/// <summary>The life of one case under the district's own policy files.</summary>
internal sealed class CaseStory(CasePolicy? policy = null)
{
    /// <summary>As the district's, but what a toxic gas alarm is about has five working days when it is yellow, not a day.</summary>
    internal static readonly CasePolicy InWorkingDays = District.Policy with
    {
        Categories = District.Policy.Categories.SetItem("0101", District.Policy.Categories["0101"] with { Limit = Domain.Calendars.Budget.OfWorkingDays(5) }),
    };


    internal static readonly OccurrenceId First = new("HS-CL2-07/CL-1/1.2");
    private readonly CaseRules _rules = new(policy ?? District.Policy);

    internal CaseState State { get; private set; } = CaseState.New("C1");
    internal DateTimeOffset Now { get; private set; } = SourceStory.Time("14:10:00");
    internal List<CaseEvent> Events { get; } = [];
    internal List<Send> Sends { get; } = [];
    internal Refusal? Refusal { get; private set; }
    internal Outcome Outcome { get; private set; } = Outcome.Accepted;

    internal CaseStory At(string time)
    {
        Now = SourceStory.Time(time);
        return this;
    }

    internal CaseStory After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>Time passes and every deadline fires at its own instant.</summary>
    internal CaseStory WaitUntil(string time)
    {
        var until = SourceStory.Time(time);
        while (_rules.Deadlines(State).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            Now = due;
            Wake();
        }
        Now = until;
        return this;
    }

    internal CaseStory Raise(Colour colour = Colour.Red, OccurrenceId? occurrence = null, Witness witness = Witness.Sensor) => Deliver(new OccurrenceRaised(
        occurrence ?? First, witness, new HazardSourceId("HS-CL2-07"), "液氯库", "焦作某化工", new AreaCode("410803006"), "CL-1", HazardKind.ToxicGas, AlarmLevel.Two,
        colour, 2.4, 2, "mg/m3", false, ClockId.Wall, Now, "chlorine"));

    internal CaseStory Clear(OccurrenceId? occurrence = null) => Deliver(new OccurrenceCleared(occurrence ?? First, Now));

    internal CaseStory Deliver(IEntityMessage message) => Take(new Stimulus.Delivered(message, new EntityAddress(EntityKinds.HazardSource, "HS-CL2-07")));

    internal CaseStory Command(CaseCommand command, string organisation = "YJ", string role = Roles.Handler) =>
        Take(new Stimulus.Commanded(command, new Caller("wang", organisation, [role])));

    internal CaseStory CommandBy(string person, CaseCommand command, string organisation, string role) => Take(new Stimulus.Commanded(command, new Caller(person, organisation, [role])));

    /// <summary>By the lead, whoever it is; it is taken.</summary>
    internal CaseStory By(CaseCommand command) => Command(command, State.Lead.Organisation).Want(null);

    internal CaseStory Notify(string organisation, bool lead) => Take(new Stimulus.Confirmed(
        new TaskOffered(State.Key, organisation, lead, "0101", State.Level, "", "", false, Now), new EntityAddress(EntityKinds.Department, organisation), DepartmentState.Delivered));

    internal CaseStory Number(string number) => Take(new Stimulus.Confirmed(
        new NumberRequested(State.Key, "EM"), new EntityAddress(EntityKinds.CaseRegister, "410803-20250803"), new Outcome(CaseRegisterRules.NumberAssigned, number)));

    internal CaseStory Wake() => Take(new Stimulus.Woken());

    internal CaseStory Want(string? refusal)
    {
        Assert.Equal(refusal, Refusal?.Reason);
        return this;
    }

    internal IEnumerable<Deadline> Deadlines => _rules.Deadlines(State);

    // --- steps of the lead ---
    internal CaseStory Accept() => Command(new AcceptTask("")).Want(null);
    internal CaseStory Leave() => Command(new Depart("")).Want(null);
    internal CaseStory Arrive() => Command(new ArriveOnScene("QR", 0, 0, 0, "")).Want(null);
    internal CaseStory Control() => Command(new DeclareControlled("gasket replaced")).Want(null);
    internal CaseStory Complete() => Command(new CompleteTask("Resolved", "photo", ["P"])).Want(null);
    internal CaseStory Feedback() => Command(new SubmitFeedback("done", "")).Want(null);
    internal CaseStory Verify(bool passed = true) => Command(new Verify(passed, "on site"), "DC", Roles.Leader).Want(null);
    internal CaseStory Close() => Command(new CancelOff("RESOLVED", ""), "DC", Roles.Leader).Want(null);

    private CaseStory Take(Stimulus stimulus)
    {
        var decision = _rules.Decide(State, stimulus, Now);
        (Refusal, Outcome) = (decision.Refusal, decision.Outcome);
        if (Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events) State = _rules.Evolve(State, happened);
        Events.AddRange(decision.Events);
        Sends.AddRange(decision.Sends);
        return this;
    }
}
