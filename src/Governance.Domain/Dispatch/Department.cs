using System.Collections.Immutable;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Dispatch;

/// <summary>Open work of a desk.</summary>
public sealed record DeskTask(CaseKey Case, bool Lead, string Category, Colour Level, string SourceName, string Text, bool Drill, DateTimeOffset At);

/// <summary>A department (14 departments, attached units, subdistricts, communities): its desk, open work and calls.</summary>
public sealed record DepartmentState(string Code, ImmutableSortedDictionary<string, DeskTask> Open)
{
    public static DepartmentState New(string code) => new(code, ImmutableSortedDictionary.Create<string, DeskTask>(StringComparer.Ordinal));

    /// <summary>Delivered and confirmed.</summary>
    public static readonly Outcome Delivered = new("DELIVERED");

    /// <summary>Unconfirmed notifications at once; a task beyond it lies on the desk, and the duty desk is told that nobody is called for it.</summary>
    public const int CallingLimit = 300;
    /// <summary>Notifications that are over and kept; the journal has all.</summary>
    public const int OverLimit = 300;
    /// <summary>Absences and extra duties at once.</summary>
    public const int DutyLimit = 200;

    /// <summary>By id.</summary>
    public ImmutableDictionary<string, Notification> Notifications { get; init; } = ImmutableDictionary.Create<string, Notification>(StringComparer.Ordinal);

    /// <summary>Ids of notifications that are confirmed or over, the oldest first.</summary>
    public ImmutableList<string> Ended { get; init; } = [];

    /// <summary>By person.</summary>
    public ImmutableSortedDictionary<string, DutyChange> Duties { get; init; } = ImmutableSortedDictionary.Create<string, DutyChange>(StringComparer.Ordinal);

    /// <summary>Notifications so far: numbers the next one.</summary>
    public long Opened { get; init; }

    public IEnumerable<Notification> Calling => Notifications.Values.Where(n => n.Phase == NotificationPhase.Calling);

    /// <summary>The unconfirmed notifications of a case, the oldest first.</summary>
    public IReadOnlyList<Notification> CallingFor(CaseKey key) => [.. Calling.Where(n => n.Case == key.Value).OrderBy(n => n.OpenedAt).ThenBy(n => n.Id, StringComparer.Ordinal)];
}

/// <inheritdoc cref="DepartmentState"/>
public sealed class DepartmentRules(RoutingPolicy policy) : IEntityRules<DepartmentState, DepartmentEvent>
{
    /// <summary>Deadlines of a desk.</summary>
    public const string Receipt = "RECEIPT", Send = "SEND";

    public DepartmentState Initial(string id) => DepartmentState.New(id);

    public DepartmentState Evolve(DepartmentState state, DepartmentEvent happened) => DepartmentEvolution.Evolve(state, happened);

    public Decision<DepartmentEvent> Decide(DepartmentState state, Stimulus stimulus, DateTimeOffset now)
    {
        var fold = new DeskFold(state, policy, now);
        switch (stimulus)
        {
            case Stimulus.Delivered { Message: TaskOffered m }:
                fold.Happen(new TaskReceived(now, new DeskTask(m.Case, m.Lead, m.Category, m.Level, m.SourceName, m.Text, m.Drill, m.At)));
                Calls.Offered(fold, m);
                return fold.Decision with { Outcome = DepartmentState.Delivered };
            case Stimulus.Delivered { Message: TaskSigned m }:
                // A signature of the desk is no word of an expert.
                foreach (var signed in state.CallingFor(m.Case).Where(n => n.Post == RosterPerson.Desk)) fold.Happen(new NotificationConfirmed(now, signed.Id, m.By));
                return fold.Decision;
            case Stimulus.Delivered { Message: TaskClosed m }:
                foreach (var open in state.CallingFor(m.Case)) fold.Happen(new NotificationEnded(now, open.Id, "the case is over"));
                if (state.Open.ContainsKey(m.Case.Value)) fold.Happen(new TaskEnded(now, m.Case));
                return fold.Decision;
            case Stimulus.Woken:
                Calls.Fire(fold);
                return fold.Decision;
            case Stimulus.Confirmed:
                return fold.Decision;
            case Stimulus.Commanded { Command: DepartmentCommand c } by:
                return DeskCommands.Decide(fold, c, by.Caller);
            default:
                throw new InvalidOperationException($"a department takes no {stimulus}");
        }
    }

    /// <summary>Attempts to send have ended.</summary>
    public Decision<DepartmentEvent> Attempted(DepartmentState state, IEnumerable<SendingResult> results, DateTimeOffset now)
    {
        var fold = new DeskFold(state, policy, now);
        foreach (var result in results) Calls.Attempted(fold, result);
        return fold.Decision;
    }

    public IEnumerable<Deadline> Deadlines(DepartmentState state)
    {
        foreach (var notification in state.Calling)
        {
            if (notification.Due is { } due) yield return new Deadline(Receipt, due);
            foreach (var sending in notification.AllSendings)
                if (sending is { Phase: SendingPhase.Waiting, NextAt: { } next }) yield return new Deadline(Send, next);
        }
    }

    public ClockId Clock(DepartmentState state) => ClockId.Wall;
}
