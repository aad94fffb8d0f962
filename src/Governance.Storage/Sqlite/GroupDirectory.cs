using System.Buffers.Binary;

namespace Governance.Storage.Sqlite;

/// <summary>Where a chunk lies in a group's payload, and everything that is known of it without reading that.</summary>
/// <param name="FirstSampled">Ticks.</param>
/// <param name="Offset">Bytes.</param>
internal readonly record struct DirectoryEntry(
    long Source, long ChunkNo, Guid Writer, ChunkKind Kind, long FirstSampled, long LastSampled, int Count, int Offset, int Length)
{
    internal LedgerChunk Chunk(string sourceId, ReadOnlyMemory<byte> payload) =>
        new(sourceId, ChunkNo, Writer, Kind, new DateTimeOffset(FirstSampled, TimeSpan.Zero), new DateTimeOffset(LastSampled, TimeSpan.Zero), Count, payload);
}

/// <summary>The directory of a group: entries of fixed size, little-endian, in the order in which their chunks were stored.</summary>
internal static class GroupDirectory
{
    internal const int EntryBytes = 8 + 8 + 16 + 1 + 8 + 8 + 4 + 4 + 4;

    internal static void Write(Span<byte> to, in DirectoryEntry entry)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, entry.Source);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], entry.ChunkNo);
        entry.Writer.TryWriteBytes(to[16..]);
        to[32] = (byte)entry.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[33..], entry.FirstSampled);
        BinaryPrimitives.WriteInt64LittleEndian(to[41..], entry.LastSampled);
        BinaryPrimitives.WriteInt32LittleEndian(to[49..], entry.Count);
        BinaryPrimitives.WriteInt32LittleEndian(to[53..], entry.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(to[57..], entry.Length);
    }

    internal static DirectoryEntry[] Read(ReadOnlySpan<byte> directory)
    {
        var entries = new DirectoryEntry[directory.Length / EntryBytes];
        for (var i = 0; i < entries.Length; i++)
        {
            var from = directory[(i * EntryBytes)..];
            entries[i] = new DirectoryEntry(BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadInt64LittleEndian(from[8..]), new Guid(from.Slice(16, 16)), (ChunkKind)from[32],
                BinaryPrimitives.ReadInt64LittleEndian(from[33..]), BinaryPrimitives.ReadInt64LittleEndian(from[41..]), BinaryPrimitives.ReadInt32LittleEndian(from[49..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[53..]), BinaryPrimitives.ReadInt32LittleEndian(from[57..]));
        }
        return entries;
    }
}
