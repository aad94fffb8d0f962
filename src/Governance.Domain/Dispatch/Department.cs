using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Dispatch;

/// <summary>To a department: a task is yours. The outcome DELIVERED says that its desk holds it.</summary>
public sealed record TaskOffered(
    CaseKey Case, string Organisation, bool Lead, string Category, Colour Level, string SourceName, string Text, bool Drill, DateTimeOffset At) : IEntityMessage;

/// <summary>To a department: the case is over.</summary>
public sealed record TaskClosed(CaseKey Case, DateTimeOffset At) : IEntityMessage;

/// <summary>Open work of a desk.</summary>
public sealed record DeskTask(CaseKey Case, bool Lead, string Category, Colour Level, string SourceName, string Text, bool Drill, DateTimeOffset At);

/// <summary>A department (14 departments, attached units, subdistricts): its desk and open work.</summary>
public sealed record DepartmentState(string Code, ImmutableSortedDictionary<string, DeskTask> Open)
{
    /// <summary>Delivered and confirmed.</summary>
    public static readonly Outcome Delivered = new("DELIVERED");
}

/// <summary>What happens at a desk.</summary>
public abstract record DepartmentEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record TaskReceived(DateTimeOffset At, DeskTask Task) : DepartmentEvent(At);
    public sealed record TaskEnded(DateTimeOffset At, CaseKey Case) : DepartmentEvent(At);
}

/// <inheritdoc cref="DepartmentState"/>
public sealed class DepartmentRules : IEntityRules<DepartmentState, DepartmentEvent>
{
    public DepartmentState Initial(string id) => new(id, ImmutableSortedDictionary.Create<string, DeskTask>(StringComparer.Ordinal));

    public Decision<DepartmentEvent> Decide(DepartmentState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: TaskOffered m } => Decision<DepartmentEvent>.Of(new DepartmentEvent.TaskReceived(
            now, new DeskTask(m.Case, m.Lead, m.Category, m.Level, m.SourceName, m.Text, m.Drill, m.At))) with { Outcome = DepartmentState.Delivered },
        Stimulus.Delivered { Message: TaskClosed m } when state.Open.ContainsKey(m.Case.Value) => Decision<DepartmentEvent>.Of(new DepartmentEvent.TaskEnded(now, m.Case)),
        Stimulus.Delivered { Message: TaskClosed } or Stimulus.Woken => Decision<DepartmentEvent>.Nothing,
        _ => throw new InvalidOperationException($"a department takes no {stimulus}"),
    };

    public DepartmentState Evolve(DepartmentState state, DepartmentEvent happened) => happened switch
    {
        DepartmentEvent.TaskReceived e => state with { Open = state.Open.SetItem(e.Task.Case.Value, e.Task) },
        DepartmentEvent.TaskEnded e => state with { Open = state.Open.Remove(e.Case.Value) },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    public IEnumerable<Deadline> Deadlines(DepartmentState state) => [];
    public ClockId Clock(DepartmentState state) => ClockId.Wall;
}
