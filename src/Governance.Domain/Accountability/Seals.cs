using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Accountability;

/// <summary>One row of the journal as it lies there.</summary>
/// <param name="Ordering">Its place in the whole journal.</param>
/// <param name="Entity">Kind and id, e.g. case/C1a2b.</param>
/// <param name="CreatedTicks">UTC, 100 ns.</param>
public readonly record struct RawEvent(long Ordering, string Entity, long Number, long CreatedTicks, byte[] Payload, string Manifest, int Serializer, string Writer);

/// <summary>
/// The hash chain of an entity's journal (哈希链): each link covers the one before it and every byte of the next row, so
/// that whoever changes, removes or inserts an event must change every link after it, and the daily root that was told.
/// </summary>
public static class SealChain
{
    /// <summary>Bytes of a link, a leaf and a root: SHA-256.</summary>
    public const int HashBytes = 32;

    /// <summary>Links kept of every event, to name the first one that differs: the head proves, these locate.</summary>
    public const int LinkBytes = 8;

    /// <summary>Before the first event. It names the entity: rows moved to another one do not fit there.</summary>
    public static byte[] Genesis(string entity) => SHA256.HashData(Encoding.UTF8.GetBytes("governance.journal/1\0" + entity));

    /// <summary>SHA-256(before ‖ number ‖ created ‖ serializer ‖ manifest ‖ writer ‖ payload); numbers little-endian, texts and payload preceded by their length.</summary>
    public static byte[] Next(ReadOnlySpan<byte> before, in RawEvent row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[20];
        hash.AppendData(before);
        BinaryPrimitives.WriteInt64LittleEndian(head, row.Number);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], row.CreatedTicks);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], row.Serializer);
        hash.AppendData(head);
        Append(hash, Encoding.UTF8.GetBytes(row.Manifest));
        Append(hash, Encoding.UTF8.GetBytes(row.Writer));
        Append(hash, row.Payload);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>How far an entity's journal is sealed.</summary>
/// <param name="Head">Link of the event with this number.</param>
public sealed record EntitySeal(string Entity, long Number, ImmutableArray<byte> Head);

/// <summary>A day's root over the heads of all entities (默克尔根), chained to the day before.</summary>
/// <param name="Day">Local.</param>
/// <param name="Through">Place in the journal up to which it holds.</param>
/// <param name="Root">Of the tree over all heads.</param>
/// <param name="Before">Chain of the day sealed before; empty hash for the first.</param>
/// <param name="Chain">SHA-256(before ‖ day ‖ through ‖ entities ‖ root): what is told, and what the next day rests on.</param>
public sealed record DaySeal(DateOnly Day, long Through, long Entities, ImmutableArray<byte> Root, ImmutableArray<byte> Before, ImmutableArray<byte> Chain)
{
    public static readonly ImmutableArray<byte> Nothing = [.. new byte[SealChain.HashBytes]];

    public static DaySeal Of(DateOnly day, long through, IEnumerable<EntitySeal> heads, ImmutableArray<byte> before)
    {
        var leaves = heads.OrderBy(h => h.Entity, StringComparer.Ordinal).Select(Leaf).ToList();
        var root = Merkle.Root(leaves);
        Span<byte> numbers = stackalloc byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, day.DayNumber);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[4..], through);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[12..], leaves.Count);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before.AsSpan());
        hash.AppendData(numbers);
        hash.AppendData(root);
        return new DaySeal(day, through, leaves.Count, [.. root], before, [.. hash.GetHashAndReset()]);
    }

    private static byte[] Leaf(EntitySeal seal)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, seal.Number);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes(seal.Entity));
        hash.AppendData([0]);
        hash.AppendData(number);
        hash.AppendData(seal.Head.AsSpan());
        return hash.GetHashAndReset();
    }
}

/// <summary>A binary Merkle tree. Leaves and inner nodes are hashed apart, so that neither can be taken for the other; an odd one goes up alone (RFC 6962).</summary>
public static class Merkle
{
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0) return SHA256.HashData([]);
        var level = leaves.ToList();
        while (level.Count > 1)
        {
            var next = new List<byte[]>((level.Count + 1) / 2);
            for (var i = 0; i < level.Count; i += 2) next.Add(i + 1 < level.Count ? Node(level[i], level[i + 1]) : level[i]);
            level = next;
        }
        return level[0];
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}
