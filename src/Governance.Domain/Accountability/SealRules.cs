using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>The engine itself: this is the root of a day. Refusals: SYSTEM_ONLY, SEAL_DOES_NOT_FOLLOW (of two nodes that seal, one goes on).</summary>
public sealed record SealDay(DaySeal Seal) : ICommand;

/// <summary>A day's root is in the journal itself, under the root of the next day.</summary>
public sealed record DaySealed(DateTimeOffset At, DaySeal Seal) : IDomainEvent;

/// <summary>The daily roots of a district. Its id is the district.</summary>
/// <param name="Seals">The latest, the earliest first.</param>
public sealed record SealState(string Id, ImmutableList<DaySeal> Seals)
{
    /// <summary>Days kept in memory; the journal has them all.</summary>
    public const int SealLimit = 400;

    public ImmutableArray<byte> LastChain => Seals.IsEmpty ? DaySeal.Nothing : Seals[^1].Chain;
    public static EntityAddress Address(string district) => new(EntityKinds.Seal, district);
}

/// <inheritdoc cref="SealState"/>
public sealed class SealRules : IEntityRules<SealState, DaySealed>
{
    public SealState Initial(string id) => new(id, []);
    public IEnumerable<Deadline> Deadlines(SealState state) => [];
    public ClockId Clock(SealState state) => ClockId.Wall;

    public Decision<DaySealed> Decide(SealState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: SealDay } by when !by.Caller.Is(Roles.System) => Decision<DaySealed>.Refuse("SYSTEM_ONLY", "the engine seals a day by itself", RefusalKind.Denied),
        Stimulus.Commanded { Command: SealDay c } when state.Seals.Exists(s => s.Day == c.Seal.Day) => Decision<DaySealed>.Nothing,
        Stimulus.Commanded { Command: SealDay c } when !c.Seal.Before.SequenceEqual(state.LastChain) || (!state.Seals.IsEmpty && c.Seal.Day < state.Seals[^1].Day) =>
            Decision<DaySealed>.Refuse("SEAL_DOES_NOT_FOLLOW", "it does not rest on the day sealed before", RefusalKind.Conflict),
        Stimulus.Commanded { Command: SealDay c } => Decision<DaySealed>.Of(new DaySealed(now, c.Seal)).Sending(DistrictNotice.Told(state.Id, AlertKind.DaySealed,
            $"seal/{state.Id}/{c.Seal.Day:yyyyMMdd}", now, string.Create(CultureInfo.InvariantCulture, $"{c.Seal.Day:yyyy-MM-dd} is sealed: {c.Seal.Entities} entities, {Convert.ToHexStringLower(c.Seal.Chain.AsSpan())}"), [])),
        Stimulus.Woken or Stimulus.Confirmed => Decision<DaySealed>.Nothing,
        _ => throw new InvalidOperationException($"a seal takes no {stimulus}"),
    };

    public SealState Evolve(SealState state, DaySealed happened)
    {
        var seals = state.Seals.Add(happened.Seal);
        return state with { Seals = seals.Count > SealState.SealLimit ? seals.RemoveAt(0) : seals };
    }
}
