using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Messages;

/// <summary>Everything that travels between nodes. Its wire form is <c>protos/cluster/v1</c>; its life is one rolling upgrade.</summary>
public interface IClusterMessage;

/// <summary>Reaches an entity through its shard region.</summary>
public interface IToEntity : IClusterMessage
{
    EntityAddress To { get; }
}

/// <summary>An order to an entity. Answered by <see cref="CommandReply"/> once durable; a repeat of the id gets the first answer.</summary>
/// <param name="CommandId">Client-made ULID or UUID.</param>
/// <param name="ExpectedVersion">0: don't care; else another version is refused <c>VERSION_CONFLICT</c>.</param>
public sealed record Command(EntityAddress To, string CommandId, Caller Caller, long ExpectedVersion, ICommand Body) : IToEntity;

/// <param name="State">The entity's domain state after the command.</param>
public sealed record CommandReply(EntityAddress From, string CommandId, long Version, Refusal? Refusal, object State) : IClusterMessage;

/// <summary>Asks for the live state; answered by <see cref="StateReply"/>.</summary>
public sealed record GetState(EntityAddress To) : IToEntity;

/// <param name="Now">The entity's own time, recorded time for drills.</param>
public sealed record StateReply(EntityAddress From, long Version, DateTimeOffset Now, object State) : IClusterMessage;

/// <summary>Asks what an operator may see of the live actor; answered by <see cref="InspectionReply"/>.</summary>
public sealed record Inspect(EntityAddress To) : IToEntity;

public sealed record InspectionReply(
    EntityAddress From, EntityMemory Memory, object State, ImmutableList<Deadline> Deadlines, DateTimeOffset Now,
    long JournalSequence, string Node, string Shard, DateTimeOffset RecoveredAt) : IClusterMessage;

/// <summary>Messages of one sender's outbox, contiguous from <paramref name="FirstNumber"/>.</summary>
public sealed record Deliver(EntityAddress To, EntityAddress From, long FirstNumber, ImmutableList<IEntityMessage> Messages) : IToEntity;

/// <summary>
/// Everything up to <paramref name="Through"/> is taken, durably. <paramref name="Outcomes"/> answers the last of them,
/// the last entry belonging to <paramref name="Through"/>.
/// </summary>
public sealed record DeliverReply(EntityAddress From, EntityAddress To, long Through, ImmutableList<Outcome> Outcomes) : IToEntity;

/// <summary>A deadline of this entity is due, as far as the deadline store knows. State decides.</summary>
public sealed record Wake(EntityAddress To) : IToEntity, Akka.Actor.INotInfluenceReceiveTimeout;

/// <summary>Be active: the roster's minute round, so that a silent source turns grey although nobody writes to it.</summary>
public sealed record Touch(EntityAddress To) : IToEntity, Akka.Actor.INotInfluenceReceiveTimeout;

/// <summary>A recorded clock moved on the node that holds its stream; entities on the others live in the same time.</summary>
public sealed record ClockMoved(ClockId Clock, DateTimeOffset To) : IClusterMessage;
