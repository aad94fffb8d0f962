using System.Collections.Immutable;
using Google.Protobuf;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>A snapshot as the snapshot store holds it: the entity's memory and its domain state.</summary>
public sealed record EntitySnapshot(EntityMemory Memory, object State);

/// <summary>Stored forms of what every entity shares (<c>journal/v1/kernel.proto</c>).</summary>
/// <param name="messages">Registry that holds the entity messages and states; resolved late because it contains these codecs too.</param>
public sealed class KernelCodecs(Func<CodecRegistry> messages)
{
    public IEnumerable<Codec> All =>
    [
        Codec.Of("mem.MessageQueued.1", J.MessageQueued.Parser, (MemoryEvent.MessageQueued e) => Queued(e.At, e.To, e.Number, e.Message),
            w => new MemoryEvent.MessageQueued(Wire.At(w.AtUs), Address(w.To), w.Number, (IEntityMessage)Unpack(w.Message))),
        Codec.Of("mem.MessageConfirmed.1", J.MessageConfirmed.Parser,
            (MemoryEvent.MessageConfirmed e) => new J.MessageConfirmed { AtUs = Wire.Us(e.At), To = Address(e.To), Through = e.Through },
            w => new MemoryEvent.MessageConfirmed(Wire.At(w.AtUs), Address(w.To), w.Through)),
        Codec.Of("mem.MessageTaken.1", J.MessageTaken.Parser,
            (MemoryEvent.MessageTaken e) => new J.MessageTaken { AtUs = Wire.Us(e.At), From = Address(e.From), Number = e.Number, Outcome = Outcome(e.Outcome) },
            w => new MemoryEvent.MessageTaken(Wire.At(w.AtUs), Address(w.From), w.Number, Outcome(w.Outcome))),
        Codec.Of("mem.CommandAnswered.1", J.CommandAnswered.Parser,
            (MemoryEvent.CommandAnswered e) => Answered(new Answer(e.CommandId, e.At, e.Command, e.By, e.Version, e.Refusal)),
            w => new MemoryEvent.CommandAnswered(Wire.At(w.AtUs), w.CommandId, w.Command, w.By, w.Version, Refusal(w.Refusal))),
        Codec.Of("mem.OwnerTaken.1", J.OwnerTaken.Parser,
            (MemoryEvent.OwnerTaken e) => new J.OwnerTaken { AtUs = Wire.Us(e.At), Writer = Id(e.Writer), ChunkNo = e.ChunkNo },
            w => new MemoryEvent.OwnerTaken(Wire.At(w.AtUs), new Guid(w.Writer.Span), w.ChunkNo)),
        Codec.Of("mem.EntitySnapshot.1", J.EntitySnapshot.Parser,
            (EntitySnapshot s) => new J.EntitySnapshot { Memory = Memory(s.Memory), State = Pack(s.State) },
            w => new EntitySnapshot(Memory(w.Memory), Unpack(w.State))),
    ];

    public static J.EntityAddress Address(EntityAddress address) => new() { Kind = address.Kind, Id = address.Id };
    public static EntityAddress Address(J.EntityAddress wire) => new(wire.Kind, wire.Id);
    public static J.Outcome Outcome(Outcome outcome) => new() { Name = outcome.Name, Value = outcome.Value };
    public static Outcome Outcome(J.Outcome wire) => new(wire.Name, wire.Value);

    public static J.Refusal? Refusal(Refusal? refusal)
    {
        if (refusal is null) return null;
        var wire = new J.Refusal { Reason = refusal.Reason, Message = refusal.Message, Kind = (int)refusal.Kind };
        wire.Metadata.Add(refusal.Metadata.ToDictionary());
        return wire;
    }

    public static Refusal? Refusal(J.Refusal? wire) => wire is null
        ? null
        : new Refusal(wire.Reason, wire.Message, Wire.Known<RefusalKind>(wire.Kind)) { Metadata = wire.Metadata.ToImmutableSortedDictionary() };

    public J.Payload Pack(object value)
    {
        var codec = messages().For(value);
        return new J.Payload { Manifest = codec.Manifest, Body = UnsafeByteOperations.UnsafeWrap(codec.Encode(value)) };
    }

    public object Unpack(J.Payload wire) => messages().Named(wire.Manifest).Decode(wire.Body.ToByteArray());

    public J.EntityMemory Memory(EntityMemory memory)
    {
        var wire = new J.EntityMemory { Version = memory.Version, LastAtUs = Wire.Us(memory.LastAt), Owner = Id(memory.Owner) };
        wire.NextNumbers.AddRange(memory.NextNumber.Select(n => new J.NextNumber { To = n.Key, Number = n.Value }));
        wire.Outbox.AddRange(memory.Outbox.Select(o => Queued(o.QueuedAt, o.To, o.Number, o.Message)));
        wire.Answers.AddRange(memory.Answers.Select(Answered));
        foreach (var (from, taken) in memory.Inbox)
        {
            var entry = new J.Taken { From = from, Through = taken.Through };
            entry.LastOutcomes.AddRange(taken.LastOutcomes.Select(Outcome));
            wire.Inbox.Add(entry);
        }
        return wire;
    }

    public EntityMemory Memory(J.EntityMemory wire) => new()
    {
        Version = wire.Version,
        LastAt = Wire.At(wire.LastAtUs),
        Owner = wire.Owner.IsEmpty ? Guid.Empty : new Guid(wire.Owner.Span),
        NextNumber = wire.NextNumbers.ToImmutableSortedDictionary(n => n.To, n => n.Number),
        Outbox = [.. wire.Outbox.Select(o => new Outgoing(Address(o.To), o.Number, (IEntityMessage)Unpack(o.Message), Wire.At(o.AtUs)))],
        Inbox = wire.Inbox.ToImmutableSortedDictionary(t => t.From, t => new Taken(t.Through, [.. t.LastOutcomes.Select(Outcome)])),
        Answers = [.. wire.Answers.Select(a => new Answer(a.CommandId, Wire.At(a.AtUs), a.Command, a.By, a.Version, Refusal(a.Refusal)))],
    };

    private J.MessageQueued Queued(DateTimeOffset at, EntityAddress to, long number, IEntityMessage message) =>
        new() { AtUs = Wire.Us(at), To = Address(to), Number = number, Message = Pack(message) };

    private static J.CommandAnswered Answered(Answer a) =>
        new() { AtUs = Wire.Us(a.At), CommandId = a.CommandId, Command = a.Command, By = a.By, Version = a.Version, Refusal = Refusal(a.Refusal) };

    private static ByteString Id(Guid id) => ByteString.CopyFrom(id.ToByteArray());
}
