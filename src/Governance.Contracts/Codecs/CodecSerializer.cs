using Akka.Actor;
using Akka.Serialization;

namespace Governance.Contracts.Codecs;

/// <summary>Akka's door to a codec registry: manifests instead of type names, no reflection, unknown is loud.</summary>
public abstract class CodecSerializer(ExtendedActorSystem system, int identifier, CodecRegistry registry) : SerializerWithStringManifest(system)
{
    public override int Identifier { get; } = identifier;
    public override string Manifest(object value) => registry.For(value).Manifest;
    public override byte[] ToBinary(object value) => registry.For(value).Encode(value);
    public override object FromBinary(byte[] bytes, string manifest) => registry.Named(manifest).Decode(bytes);
}

/// <summary>What is on disk: events, memory events, snapshots. The identifier is stored with every row: never change it.</summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : CodecSerializer(system, 1101, JournalRegistry.Codecs);

/// <summary>What travels between nodes.</summary>
public sealed class ClusterSerializer(ExtendedActorSystem system) : CodecSerializer(system, 1102, ClusterRegistry.Codecs);
