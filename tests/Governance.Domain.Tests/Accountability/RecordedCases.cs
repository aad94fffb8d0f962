using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>The events of one case as they would lie in the journal.</summary>
public sealed record RecordedCase(string Key, IReadOnlyList<CaseEvent> Events, CaseState State);

/// <summary>
/// Cases of past months, lived through by the real rules in virtual time: people sign, come late, do things again, close too
/// early. The same seed gives the same history.
/// </summary>
public static class RecordedCases
{
    private static readonly DateTimeOffset Begin = new(2025, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));

    /// <param name="count">Spread over three months.</param>
    public static IReadOnlyList<RecordedCase> Of(int count, int seed, CasePolicy policy) => [.. Enumerable.Range(0, count).Select(i => One(i, count, seed, policy))];

    private static RecordedCase One(int index, int count, int seed, CasePolicy policy)
    {
        var random = new Random(unchecked(seed * 1_000_003 + index));
        var kind = (HazardKind)(1 + random.Next(6));
        var life = new Life(policy, CaseKey.Of($"recorded/{seed}/{index}").Value, Begin + TimeSpan.FromDays(92) * index / count);
        var colour = random.Next(20) switch { 0 => Colour.Red, < 4 => Colour.Orange, _ => Colour.Yellow };
        // Some categories are harder than others: that is what a forecast can learn.
        var slow = (kind is HazardKind.ToxicGas ? 0.3 : kind is HazardKind.Pressure ? 2.2 : 1.0) * (colour >= Colour.Orange ? 0.04 : 1);
        TimeSpan Soon(double minutes) => TimeSpan.FromMinutes(minutes * (0.2 + random.NextDouble() * random.NextDouble() * 4));
        var first = new OccurrenceId($"HS-{kind}/D/{index}.1");
        life.Raise(first, kind, colour, random.Next(200) == 0).Notify().Number(index);
        life.After(Soon(colour >= Colour.Orange ? 3 : 12)).Do(new AcceptTask(""));
        if (random.Next(3) == 0) life.After(Soon(5)).DoAs("XFD", new AcceptTask(""));
        life.After(Soon(20 * slow)).Do(new Depart("")).After(Soon(20 * slow)).Do(new ArriveOnScene("QR", 0, 0, 0, ""));
        if (random.Next(12) == 0) life.After(Soon(3)).Raise(new OccurrenceId($"HS-{kind}/E/{index}.1"), kind, colour == Colour.Red ? Colour.Red : colour + 1, false);
        life.After(Soon(30)).ClearAll();
        if (random.Next(10) == 0) life.Do(new Suspend("MATERIALS", life.Now.AddDays(1 + random.Next(3)), "spare part"), "DC", Roles.Leader).After(TimeSpan.FromHours(30)).Do(new Resume("arrived"), "DC", Roles.Leader);
        if (random.Next(8) == 0) life.Do(new RequestExtension("2WD", "parts", "weld it")).After(TimeSpan.FromMinutes(30)).Do(new DecideExtension(random.Next(3) > 0, "as asked"), "DC", Roles.Leader);
        life.After(Soon(600 * slow)).Do(new ReportProgress("working on it", random.Next(2) == 0 ? "gasket" : ""));
        life.After(Soon(2400 * slow)).Do(new DeclareControlled("gasket replaced")).Do(new CompleteTask("Resolved", random.Next(9) == 0 ? "" : "photo"));
        life.After(Soon(60 * slow)).Do(new SubmitFeedback("done"));
        if (random.Next(9) == 0)
            life.After(Soon(60)).Do(new Verify(false, "still leaks"), "DC", Roles.Leader).After(Soon(300 * slow)).Do(new DeclareControlled("again")).Do(new CompleteTask("Resolved", "photo")).Do(new SubmitFeedback("done again"));
        life.After(Soon(90)).Do(new Verify(true, "on site"), "DC", Roles.Leader).After(Soon(30)).Do(new CancelOff("Resolved", ""), "DC", Roles.Leader);
        return new RecordedCase(life.Key, life.Events, life.State);
    }

    /// <summary>One case in virtual time: deadlines fire at their own instants between what people do.</summary>
    private sealed class Life(CasePolicy policy, string key, DateTimeOffset begin)
    {
        private readonly CaseRules _rules = new(policy);
        internal string Key => key;
        internal CaseState State { get; private set; } = CaseState.New(key);
        internal DateTimeOffset Now { get; private set; } = begin;
        internal List<CaseEvent> Events { get; } = [];

        internal Life After(TimeSpan time)
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

        internal Life Raise(OccurrenceId occurrence, HazardKind kind, Colour colour, bool drill) => Take(new Stimulus.Delivered(new OccurrenceRaised(
            occurrence, Witness.Sensor, new HazardSourceId($"HS-{kind}"), "tank", "works", new AreaCode("410803006"), "D-1", kind, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", drill || (State.Subject?.Drill ?? false), ClockId.Wall, Now, "exceeded"),
            new EntityAddress(EntityKinds.HazardSource, $"HS-{kind}")));

        internal Life ClearAll()
        {
            foreach (var live in State.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared))
                Take(new Stimulus.Delivered(new OccurrenceCleared(live.Id, Now), new EntityAddress(EntityKinds.HazardSource, "HS-1")));
            return this;
        }

        internal Life Notify()
        {
            foreach (var task in State.Tasks)
                Take(new Stimulus.Confirmed(new TaskOffered(State.Key, task.Organisation, task.Lead, "0101", State.Level, "", "", false, Now), new EntityAddress(EntityKinds.Department, task.Organisation), DepartmentState.Delivered));
            return this;
        }

        internal Life Number(int serial) => Take(new Stimulus.Confirmed(
            new NumberRequested(State.Key, "EM"), new EntityAddress(EntityKinds.CaseRegister, "r"), new Outcome(CaseRegisterRules.NumberAssigned, CaseNumber.Of($"410803-{Now:yyyyMMdd}", "EM", serial % 100_000))));

        internal Life Do(CaseCommand command, string? organisation = null, string role = Roles.Handler) => DoAs(organisation ?? State.Lead.Organisation, command, role);

        internal Life DoAs(string organisation, CaseCommand command, string role = Roles.Handler) => Take(new Stimulus.Commanded(command, new Caller($"p-{organisation}", organisation, [role])));

        /// <summary>What is refused did not happen: people try things.</summary>
        private Life Take(Stimulus stimulus)
        {
            foreach (var happened in _rules.Decide(State, stimulus, Now).Events)
            {
                State = _rules.Evolve(State, happened);
                Events.Add(happened);
            }
            return this;
        }
    }
}
