using System.Collections.Immutable;
using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;

namespace Governance.Domain.Cases;

/// <summary>Clocks of a case in this build.</summary>
public enum ClockName
{
    Sign = 1, OnScene = 2, Control = 3, Stale = 4, Verify = 5,
    /// <summary>Time to resolve, from the assignment to the feedback.</summary>
    Due = 6,
}

/// <summary>Supervision of a case (催办, 提醒单, 督办单, 危机会). Grows with escalation.</summary>
public enum Supervision { None = 0, Urged = 1, Reminded = 2, Supervised = 3, Crisis = 4 }

/// <summary>Who handles a category: lead and co-departments, as the run card names them.</summary>
public sealed record RunCard(string Category, string Name, string Lead, ImmutableList<string> Co);

/// <summary>A step of the escalation chain.</summary>
public sealed record EscalationStep(Supervision Supervision, string Told);

/// <summary>Every number and table that a case decides by; versioned files of the district, never code.</summary>
/// <param name="Routing">Category of a device case by what was exceeded.</param>
/// <param name="Budgets">Per level and clock: calendar time, working hours or working days.</param>
public sealed record CasePolicy(
    string District, ImmutableSortedDictionary<string, RunCard> RunCards, ImmutableSortedDictionary<HazardKind, string> Routing,
    ImmutableDictionary<(Colour Level, ClockName Clock), Budget> Budgets, ImmutableList<EscalationStep> Escalation)
{
    public static readonly ImmutableList<Colour> Levels = [Colour.Yellow, Colour.Orange, Colour.Red];

    /// <summary>The official working calendar, for clocks of working hours and days.</summary>
    public required WorkCalendar Calendar { get; init; }

    public required CaseLimits Limits { get; init; }

    /// <summary>Who answers for what, where and when: organisations, rules, roster.</summary>
    public required RoutingPolicy Router { get; init; }

    /// <summary>What scorecards count, and how.</summary>
    public required ScorecardPolicy Scorecard { get; init; }

    /// <summary>Category of a case in which monitoring itself failed: a gateway or a detector that tells nothing.</summary>
    public required string MonitoringFault { get; init; }

    public RunCard CardFor(HazardKind kind) => RunCards[Routing[kind]];

    /// <summary>Everything that is missing, a line each; empty when the policy covers every case.</summary>
    public ImmutableList<string> Holes() =>
    [
        .. Enum.GetValues<HazardKind>().Where(k => !Routing.ContainsKey(k)).Select(k => $"routing: {k} has no category"),
        .. Routing.Where(r => !RunCards.ContainsKey(r.Value)).Select(r => $"routing: category {r.Value} of {r.Key} is not in the category table"),
        .. Routing.Where(r => RunCards.TryGetValue(r.Value, out var card) && card.Lead.Length == 0).Select(r => $"categories: {r.Value} has no lead"),
        .. RunCards.TryGetValue(MonitoringFault, out var maintenance) && maintenance.Lead.Length > 0 ? Array.Empty<string>() : ["routing: monitoring-fault has no category with a lead"],
        .. from level in Levels from clock in Enum.GetValues<ClockName>() where !Budgets.ContainsKey((level, clock)) select $"clocks: {level} {clock} has no budget",
        // Danger knows no office hours (cases.md "Clock rules").
        .. Budgets.Where(b => b.Key.Level >= Colour.Orange && b.Value.Kind != BudgetKind.Calendar).Select(b => $"clocks: {b.Key.Level} {b.Key.Clock} is {b.Value}: red and orange run in calendar time"),
        .. Escalation.IsEmpty ? ["escalation: no step"] : Array.Empty<string>(),
    ];
}
