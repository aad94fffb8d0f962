using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.Accountability;

/// <summary>One case in virtual time: deadlines fire at their own instants between what people do; what is refused did not happen.</summary>
internal sealed class RecordedLife(CasePolicy policy, string key, DateTimeOffset begin, Random random)
{
    private readonly CaseRules _rules = new(policy);
    internal string Key => key;
    internal CaseState State { get; private set; } = CaseState.New(key);
    internal DateTimeOffset Now { get; private set; } = begin;
    internal List<CaseEvent> Events { get; } = [];

    /// <summary>Mostly sooner than so many minutes, now and then much later.</summary>
    internal RecordedLife Soon(double minutes) => After(TimeSpan.FromSeconds(Math.Round(minutes * 60 * (0.2 + random.NextDouble() * random.NextDouble() * 4))));

    internal RecordedLife After(TimeSpan time)
    {
        var until = Now + time;
        while (_rules.Deadlines(State).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            Now = due > Now ? due : Now;
            Take(new Stimulus.Woken());
        }
        Now = until;
        return this;
    }

    internal RecordedLife Raise(OccurrenceId occurrence, HazardKind kind, Colour colour, bool drill) => Take(new Stimulus.Delivered(new OccurrenceRaised(
        occurrence, Witness.Sensor, new HazardSourceId($"HS-{kind}"), "tank", "works", new AreaCode("410803006"), "D-1", kind, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", drill || (State.Subject?.Drill ?? false), ClockId.Wall, Now, "exceeded"),
        new EntityAddress(EntityKinds.HazardSource, $"HS-{kind}")));

    internal RecordedLife ClearAll()
    {
        foreach (var live in State.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared))
            Take(new Stimulus.Delivered(new OccurrenceCleared(live.Id, Now), new EntityAddress(EntityKinds.HazardSource, "HS-1")));
        return this;
    }

    internal RecordedLife Notify()
    {
        foreach (var task in State.Tasks)
            Take(new Stimulus.Confirmed(new TaskOffered(State.Key, task.Organisation, task.Lead, "0101", State.Level, "", "", false, Now), new EntityAddress(EntityKinds.Department, task.Organisation), DepartmentState.Delivered));
        return this;
    }

    internal RecordedLife Number(int serial) => Take(new Stimulus.Confirmed(
        new NumberRequested(State.Key, "EM"), new EntityAddress(EntityKinds.CaseRegister, "r"), new Outcome(CaseRegisterRules.NumberAssigned, CaseNumber.Of($"410803-{Now:yyyyMMdd}", State.Subject!.Channel, serial % 100_000))));

    /// <summary>By the lead, or by whoever is named.</summary>
    internal RecordedLife Do(CaseCommand command, string organisation = "", string role = Roles.Handler) => DoAs(organisation.Length > 0 ? organisation : State.LeadOrNone?.Organisation ?? "", command, role);

    internal RecordedLife DoAs(string organisation, CaseCommand command, string role = Roles.Handler) => Commanded(command, new Caller($"p-{organisation}", organisation, [role]));

    internal RecordedLife Commanded(CaseCommand command, Caller caller) => Take(new Stimulus.Commanded(command, caller));

    private RecordedLife Take(Stimulus stimulus)
    {
        foreach (var happened in _rules.Decide(State, stimulus, Now).Events)
        {
            State = _rules.Evolve(State, happened);
            Events.Add(happened);
        }
        return this;
    }
}
