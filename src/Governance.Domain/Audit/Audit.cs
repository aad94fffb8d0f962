using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Audit;

/// <summary>The auditor found a step that should have happened.</summary>
public sealed record NoteDifference(AuditDifference Difference) : ICommand;

/// <summary>A difference was noted, and is told to the area's desks.</summary>
public sealed record DifferenceNoted(DateTimeOffset At, AuditDifference Difference) : IDomainEvent;

/// <summary>What the auditor of escalation has found in a district.</summary>
/// <param name="Noted">The newest; older ones are in the journal.</param>
public sealed record AuditState(string District, ImmutableList<AuditDifference> Noted)
{
    public const int NotedLimit = 1000;
}

/// <inheritdoc cref="AuditState"/>
public sealed class AuditRules : IEntityRules<AuditState, DifferenceNoted>
{
    public AuditState Initial(string id) => new(id, []);

    public Decision<DifferenceNoted> Decide(AuditState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: NoteDifference c } => Note(state, c.Difference, now),
        Stimulus.Confirmed or Stimulus.Woken => Decision<DifferenceNoted>.Nothing,
        _ => throw new InvalidOperationException($"an audit takes no {stimulus}"),
    };

    public AuditState Evolve(AuditState state, DifferenceNoted happened) =>
        state with { Noted = (state.Noted.Count < AuditState.NotedLimit ? state.Noted : state.Noted.RemoveAt(0)).Add(happened.Difference) };

    public IEnumerable<Deadline> Deadlines(AuditState state) => [];
    public ClockId Clock(AuditState state) => ClockId.Wall;

    private static Decision<DifferenceNoted> Note(AuditState state, AuditDifference d, DateTimeOffset now)
    {
        if (state.Noted.Exists(n => n.Id == d.Id)) return Decision<DifferenceNoted>.Nothing;
        var alert = new Alert(
            $"audit/{d.Id}", AlertKind.AuditDifference, d.Area, now, "", "", "", AlarmLevel.None, Colour.Red, null, double.NaN, double.NaN, "", d.Case.Value, d.Number, [], "", d.Drill,
            $"{d.Step} of case {(d.Number.Length > 0 ? d.Number : d.Case)} was due at {d.Due:u} and is not in the journal: {d.Why}");
        return Decision<DifferenceNoted>.Of(new DifferenceNoted(now, d)).Sending(new Send(new EntityAddress(EntityKinds.AlertFeed, d.Area.Value), new AlertPublished(alert)));
    }
}
