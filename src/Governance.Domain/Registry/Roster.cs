using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Registry;

/// <summary>A source as the roster lists it.</summary>
public sealed record EnrolledSource(HazardSourceId Id, AreaCode Area, string Name, bool Drill, DateTimeOffset At);

/// <summary>A source was listed, or its line changed.</summary>
public sealed record SourceListed(DateTimeOffset At, EnrolledSource Source) : IDomainEvent;

/// <summary>
/// Every hazard source of a district that is in service. Each is touched every minute, so that a silent one turns grey
/// although nobody writes to it.
/// </summary>
public sealed record RosterState(string District, ImmutableSortedDictionary<string, EnrolledSource> Sources);

/// <inheritdoc cref="RosterState"/>
public sealed class RosterRules : IEntityRules<RosterState, SourceListed>
{
    public RosterState Initial(string id) => new(id, ImmutableSortedDictionary.Create<string, EnrolledSource>(StringComparer.Ordinal));

    public Decision<SourceListed> Decide(RosterState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: SourceEnrolled m } =>
            Decision<SourceListed>.Of(new SourceListed(now, new EnrolledSource(m.Source, m.Area, m.Name, m.Drill, m.At))),
        Stimulus.Woken => Decision<SourceListed>.Nothing,
        _ => throw new InvalidOperationException($"a roster takes no {stimulus}"),
    };

    public RosterState Evolve(RosterState state, SourceListed happened) =>
        state with { Sources = state.Sources.SetItem(happened.Source.Id.Value, happened.Source) };

    public IEnumerable<Deadline> Deadlines(RosterState state) => [];
    public ClockId Clock(RosterState state) => ClockId.Wall;
}
