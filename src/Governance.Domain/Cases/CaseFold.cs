using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>One decision about a case in the making: its state as it becomes, with the events and messages that led there.</summary>
internal sealed class CaseFold(CaseState state, CasePolicy policy, DateTimeOffset now) : Fold<CaseState, CaseEvent>(state, now, CaseEvolution.Evolve)
{
    internal CasePolicy Policy { get; } = policy;

    /// <summary>Nothing where the policy knows no such clock for the level.</summary>
    /// <param name="clock">Which.</param>
    /// <param name="at">From when.</param>
    /// <param name="half">A rework gets half of the time.</param>
    internal void Start(ClockName clock, DateTimeOffset at, bool half = false)
    {
        if (Policy.BudgetOf(State, clock) is not { } budget) return;
        if (half) budget = budget.Halved();
        Happen(new ClockStarted(at, clock, budget.Due(at, [], Policy.Calendar), budget, MarksOf(clock, budget, at, [])));
    }

    /// <summary>Only the time to resolve has marks.</summary>
    internal ImmutableArray<ClockMark> MarksOf(ClockName clock, Budget budget, DateTimeOffset since, ImmutableList<Pause> pauses) =>
        clock != ClockName.Due ? [] : [.. Policy.Limits.MarksPercent.Select(p => new ClockMark(p, budget.Mark(p / 100.0, since, pauses, Policy.Calendar)))];

    internal void Meet(ClockName clock)
    {
        if (State.Running(clock) is not null) Happen(new ClockMet(Now, clock));
    }

    /// <summary>Nobody needs the clock any more.</summary>
    internal void Drop(ClockName clock)
    {
        if (State.Clocks.Exists(c => c.Name == clock && c.Phase is ClockPhase.Running or ClockPhase.Paused)) Happen(new ClockDropped(Now, clock));
    }

    /// <summary>Another occurrence: nobody closes on what was controlled, handled or verified before it.</summary>
    internal void BackToScene()
    {
        var concluding = State.Phase is CasePhase.PendingVerification or CasePhase.PendingCallback;
        if (!concluding && State is not { Phase: CasePhase.Handling, LeadOrNone.Phase: TaskPhase.Controlled or TaskPhase.Done or TaskPhase.Failed }) return;
        Happen(new VerificationVoided(Now, "another occurrence", true));
        Meet(ClockName.Verify);
        Drop(ClockName.Callback);
        Start(ClockName.Control, Now);
        // The time to resolve was met by the feedback, which is void: the new occurrence gets its own.
        if (concluding) Start(ClockName.Due, Now);
        Alive();
    }

    /// <summary>A rise of level: a red case needs a leader's verification, whoever verified it before.</summary>
    internal void VerifyAgain(string reason)
    {
        if (!State.Verified || State.Phase is not (CasePhase.PendingVerification or CasePhase.PendingCallback)) return;
        Drop(ClockName.Callback);
        Happen(new VerificationVoided(Now, reason, false));
        Start(ClockName.Verify, Now);
    }

    /// <summary>Every sign of life starts the stale-progress clock anew, so that no live case is without a deadline.</summary>
    internal void Alive() => Start(ClockName.Stale, Now);

    /// <summary>Tells the feed of the area. The id derives from the case and what happened: telling twice is telling once.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="cause">What happened, as part of the id.</param>
    /// <param name="at">When.</param>
    /// <param name="text">In words.</param>
    /// <param name="left">The area that it has left: its subscribers hear of it, and have it no longer.</param>
    internal void Tell(AlertKind kind, string cause, DateTimeOffset at, string text, AreaCode? left = null)
    {
        var subject = State.Subject!;
        var alert = new Alert(
            $"{State.Key}/{cause}/{State.Events}", kind, subject.Area, at, subject.SourceText, "", "", AlarmLevel.None, State.Level, subject.Kind, double.NaN, double.NaN, "",
            State.Key.Value, State.Number, [.. State.Tasks.Select(t => t.Organisation)], subject.Category, subject.Drill, text);
        Send(new EntityAddress(EntityKinds.AlertFeed, subject.Area.Value), new AlertPublished(alert));
        if (left is { } from && from != subject.Area) Send(new EntityAddress(EntityKinds.AlertFeed, from.Value), new AlertPublished(alert));
    }

    internal void ToDesks(Func<CaseTask, IEntityMessage> message)
    {
        foreach (var task in State.Tasks.Where(t => t.Counts)) Send(new EntityAddress(EntityKinds.Department, task.Organisation), message(task));
    }
}
