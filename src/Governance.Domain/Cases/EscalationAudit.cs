using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>A step that should have happened and is not in the journal.</summary>
/// <param name="Step">The deadline, or what should have followed a breach.</param>
/// <param name="Due">When.</param>
public sealed record AuditDifference(CaseKey Case, string Number, AreaCode Area, bool Drill, string Step, DateTimeOffset Due, string Why)
{
    /// <summary>The same difference is found by every round and told once.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Case}/{Step}/{Due.UtcTicks}");
}

/// <summary>
/// Which steps of escalation should have happened, by a case's journal alone (cases.md "Timers"). It does not ask the case:
/// what a case forgot it does not know. Pure.
/// </summary>
public static class EscalationAudit
{
    /// <summary>The earliest deadline that a case holds; null: none.</summary>
    public static DateTimeOffset? Earliest(CaseState state)
    {
        DateTimeOffset? earliest = null;
        foreach (var deadline in CaseClocks.Deadlines(state))
            if (earliest is null || deadline.Due < earliest) earliest = deadline.Due;
        return earliest;
    }

    /// <summary>Whether a newer official calendar moves one of its clocks, which it does not know while it sleeps.</summary>
    public static bool IsMovedBy(CaseState state, Calendars.WorkCalendar calendar) => CaseClocks.NewCalendarDeadlines(state, calendar).Any();

    /// <param name="asOf">What was due before then has happened.</param>
    public static ImmutableList<AuditDifference> Of(CaseKey key, IEnumerable<CaseEvent> events, DateTimeOffset asOf)
    {
        var (state, found, owed) = (CaseState.New(key.Value), ImmutableList.CreateBuilder<AuditDifference>(), (AuditDifference?)null);
        foreach (var happened in events)
        {
            // A breach and a mark beyond the time tell somebody, in the same breath; nothing else stands between.
            if (owed is not null && Pays(owed, happened)) owed = null;
            else if (owed is not null && happened is DeadlineBreached or ClockMarked)
            {
                found.Add(owed);
                owed = null;
            }
            var next = CaseEvolution.Evolve(state, happened);
            owed = Owes(next, happened) ?? owed;
            state = next;
        }
        if (owed is not null) found.Add(owed);
        if (state.Subject is { Clock.IsWall: true })
            found.AddRange(CaseClocks.Deadlines(state).Where(d => d.Due < asOf).OrderBy(d => d.Due).Select(d => Difference(state, d.Name, d.Due, "it was due and nothing happened")));
        return found.ToImmutable();
    }

    private static AuditDifference? Owes(CaseState state, CaseEvent happened) => happened switch
    {
        DeadlineBreached { Clock: not ClockName.Archive } e => Difference(state, $"ESCALATION_OF_{Names.Of(e.Clock)}", e.Due, "its time ran out and nobody was told"),
        ClockMarked { Percent: >= 100 } e => Difference(state, $"ESCALATION_OF_{Names.Of(e.Clock)}", e.At, $"{e.Percent} % of its time had passed and nobody was told"),
        ClockMarked { Percent: >= CaseLimits.UrgedFromPercent } e => Difference(state, $"URGING_OF_{Names.Of(e.Clock)}", e.At, $"{e.Percent} % of its time was used and nobody was urged"),
        _ => null,
    };

    private static bool Pays(AuditDifference owed, CaseEvent happened) => happened switch
    {
        Escalated e => owed.Step == $"ESCALATION_OF_{Names.Of(e.Clock)}",
        CaseUrged => owed.Step.StartsWith("URGING_OF_", StringComparison.Ordinal),
        _ => false,
    };

    private static AuditDifference Difference(CaseState state, string step, DateTimeOffset due, string why) =>
        new(state.Key, state.Number, state.Subject!.Area, state.Subject.Drill, step, due, why);
}
