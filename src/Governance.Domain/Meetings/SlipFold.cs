using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>One decision about a slip in the making: its state as it becomes, with the events and messages that led there.</summary>
internal sealed class SlipFold(SlipState state, CasePolicy policy, DateTimeOffset now) : Fold<SlipState, SlipEvent>(state, now, SlipEvolution.Evolve)
{
    internal CasePolicy Policy { get; } = policy;
    internal SlipContent Content => State.Content ?? throw new InvalidOperationException($"slip {State.Key} is not drafted");

    internal void Start(SlipClockName clock, DateTimeOffset at)
    {
        var budget = Policy.Slips.BudgetOf(Content.Kind, Content.Level, clock);
        Happen(new ClockStarted(at, clock, budget, Policy.Slips.Due(Content.Kind, clock, budget, at, Policy.Calendar)));
    }

    internal void Meet(SlipClockName clock, DateTimeOffset at)
    {
        if (State.Running(clock) is not null) Happen(new ClockMet(at, clock));
    }

    internal void ToCases(IEntityMessage message)
    {
        foreach (var held in State.Held) Send(new EntityAddress(EntityKinds.Case, held.Case.Value), message);
    }

    internal void End(SlipEvent ended)
    {
        var open = State.IsOpen;
        Happen(ended);
        // A draft was never told to a case.
        if (open) ToCases(new SlipEnded(State.Key, State.Result, ended.At));
    }

    /// <summary>Tells the feed of the area. The id derives from the slip and what happened: telling twice is telling once.</summary>
    internal void Tell(AlertKind kind, string cause, DateTimeOffset at, string text, string alsoTo = "")
    {
        var (content, held) = (Content, State.Held.FirstOrDefault() ?? State.Cases[0]);
        var told = alsoTo.Length == 0 || content.Departments.Contains(alsoTo) ? content.Departments : content.Departments.Add(alsoTo);
        var name = $"{(content.Kind == SlipKind.Reminder ? "reminder" : "supervision")} slip {(State.Number.Length > 0 ? State.Number : State.Key.Value)}";
        Send(new EntityAddress(EntityKinds.AlertFeed, content.Area.Value), new AlertPublished(new Alert(
            $"{State.Key}/{cause}/{State.Events}", kind, content.Area, at, "", "", "", AlarmLevel.None, content.Level, null, double.NaN, double.NaN, "",
            held.Case.Value, held.Number, told, content.Category, content.Drill, $"{name} to {content.Lead}: {text}")));
    }
}
