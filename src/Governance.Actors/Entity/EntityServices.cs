using Akka.Actor;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Entity;

/// <summary>What an entity needs from its node.</summary>
/// <param name="Deadlines">Where the entity notes by when it must be awake.</param>
/// <param name="Durability">Whom the entity tells when something could not be made durable.</param>
public sealed record EntityServices(Clocks Clocks, IRegions Regions, IDeadlineStore Deadlines, Durability Durability, EntityLimits Limits);

/// <summary>The way to other entities.</summary>
public interface IRegions
{
    void Send(IToEntity message, IActorRef sender);
}

/// <summary>Limits of every entity, each with its unit.</summary>
public sealed record EntityLimits
{
    /// <summary>An entity that nobody needs for so long leaves memory; its deadline is in the store by then.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>While it is in memory, an entity's row in the deadline store lies at most this far ahead: if the node dies, somebody wakes it.</summary>
    public TimeSpan ActiveRow { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>First wait before an unanswered delivery is repeated; doubles up to <see cref="RedeliverAtMost"/>.</summary>
    public TimeSpan RedeliverAfter { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan RedeliverAtMost { get; init; } = TimeSpan.FromSeconds(1);
    public int SnapshotEveryEvents { get; init; } = 200;
    /// <summary>Commands answered within the days that answers are kept.</summary>
    public int AnswersLimit { get; init; } = 10_000;
}

/// <summary>Stops an entity after everything in its hands is durable. Used at hand-off instead of a poison pill, which would overtake stashed commands.</summary>
public sealed class StopEntity : INoSerializationVerificationNeeded
{
    public static readonly StopEntity Instance = new();
    private StopEntity() { }
}
