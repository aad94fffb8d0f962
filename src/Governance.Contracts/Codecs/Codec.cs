using Google.Protobuf;

namespace Governance.Contracts.Codecs;

/// <summary>Carries one domain type to bytes and back under a manifest that is never renamed and never reused.</summary>
public sealed class Codec
{
    private readonly Func<object, IMessage> _toWire;
    private readonly Func<byte[], object> _fromWire;

    private Codec(Type type, string manifest, Func<object, IMessage> toWire, Func<byte[], object> fromWire) =>
        (Type, Manifest, _toWire, _fromWire) = (type, manifest, toWire, fromWire);

    public Type Type { get; }
    public string Manifest { get; }
    public byte[] Encode(object value) => _toWire(value).ToByteArray();
    public object Decode(byte[] bytes) => _fromWire(bytes);

    public static Codec Of<TDomain, TWire>(string manifest, MessageParser<TWire> parser, Func<TDomain, TWire> toWire, Func<TWire, TDomain> fromWire)
        where TDomain : notnull where TWire : IMessage<TWire> =>
        new(typeof(TDomain), manifest, value => toWire((TDomain)value), bytes => fromWire(parser.ParseFrom(bytes)));
}

/// <summary>All codecs of one wire. Unknown types and manifests are loud.</summary>
public sealed class CodecRegistry
{
    private readonly Dictionary<Type, Codec> _byType = [];
    private readonly Dictionary<string, Codec> _byManifest = [];

    public CodecRegistry(string name, params IEnumerable<Codec> codecs)
    {
        Name = name;
        foreach (var codec in codecs)
        {
            if (!_byType.TryAdd(codec.Type, codec)) throw new InvalidOperationException($"{name}: two codecs for {codec.Type}");
            if (!_byManifest.TryAdd(codec.Manifest, codec)) throw new InvalidOperationException($"{name}: two codecs named {codec.Manifest}");
        }
    }

    public string Name { get; }
    public IReadOnlyCollection<Codec> All => _byManifest.Values;

    public Codec For(object value) => _byType.TryGetValue(value.GetType(), out var codec)
        ? codec
        : throw new InvalidOperationException($"{Name}: no codec for {value.GetType()}");

    public Codec Named(string manifest) => _byManifest.TryGetValue(manifest, out var codec)
        ? codec
        : throw new InvalidOperationException($"{Name}: unknown manifest '{manifest}'");
}
