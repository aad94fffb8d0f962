using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;

namespace Governance.Edge;

/// <summary>The edge's way to entities: ask, and turn a refusal into the one exception that the error interceptor knows.</summary>
public sealed class Entities(Regions regions, ActorSystem system)
{
    /// <summary>Address of this node in its cluster.</summary>
    public string Node { get; } = Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();

    /// <summary>A unary call waits so long for an entity; then it is UNAVAILABLE and safe to retry with the same command id.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task<T> AskAsync<T>(IToEntity message, CancellationToken cancel) => AskAsync<T>(message, Patience, cancel);

    public Task<T> AskAsync<T>(IToEntity message, TimeSpan patience, CancellationToken cancel) =>
        regions.Region(message.To.Kind).Ask<T>(message, patience, cancel);

    /// <summary>An address for the answers to many messages.</summary>
    public AnswerRef Answers(string kind, Action<object, IActorRef> answered) => regions.Answers(kind, answered);

    /// <summary>Sends through sharding; may be lost at any hand-off, so whoever needs an answer sends again.</summary>
    public void Send(IToEntity message, IActorRef answerTo) => regions.Send(message, answerTo);

    public async Task<CommandReply> CommandAsync(EntityAddress to, string commandId, Caller caller, long expectedVersion, ICommand body, CancellationToken cancel)
    {
        if (commandId.Length is 0 or > 64)
            throw new RefusedException(new Refusal("COMMAND_ID_MISSING", "command_id: a client-made ULID or UUID of 1 to 64 characters", RefusalKind.Invalid).With("field", "command_id"));
        if (expectedVersion < 0)
            throw new RefusedException(new Refusal("EXPECTED_VERSION_INVALID", "expected_version: 0 or a version", RefusalKind.Invalid).With("field", "expected_version"));
        var reply = await AskAsync<CommandReply>(new Command(to, commandId, caller, expectedVersion, body), cancel);
        return reply.Refusal is null ? reply : throw new RefusedException(reply.Refusal);
    }
}
