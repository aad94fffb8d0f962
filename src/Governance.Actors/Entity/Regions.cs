using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Governance.Contracts.Messages;

namespace Governance.Actors.Entity;

/// <summary>Finds the shard region of an address. A message to a kind that this build does not have is loud.</summary>
public sealed class Regions : IRegions
{
    private readonly ConcurrentDictionary<string, IActorRef> _byKind = new();

    public void Register(string kind, IActorRef region) => _byKind[kind] = region;

    public void Send(IToEntity message, IActorRef sender) => Region(message.To.Kind).Tell(message, sender);

    /// <summary>An address for answers of entities of this kind.</summary>
    public AnswerRef Answers(string kind, Action<object, IActorRef> answered) => new(Region(kind), answered);

    public IActorRef Region(string kind) => _byKind.TryGetValue(kind, out var region)
        ? region
        : throw new InvalidOperationException($"no shard region for '{kind}'");
}

/// <summary>Which shard an entity lives in. The number of shards is for ever: about ten times the most nodes there will be.</summary>
public sealed class EntityExtractor() : HashCodeMessageExtractor(Shards)
{
    public const int Shards = 60;

    public override string? EntityId(object message) => message switch
    {
        IToEntity addressed => addressed.To.Id,
        _ => null,
    };
}
