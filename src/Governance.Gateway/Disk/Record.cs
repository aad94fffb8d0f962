using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Governance.Gateway.Disk;

/// <summary>What a record of a segment file says. Stored numbers: never changed, never used again.</summary>
internal enum RecordKind : byte
{
    /// <summary>First in every segment: epoch, counters, whose table of names. See <see cref="SegmentHead"/>.</summary>
    Head = 1,
    /// <summary>Readings in the order of taking, at contiguous positions.</summary>
    Readings = 2,
    /// <summary>Readings that were written before and are kept here from now on, each with its position.</summary>
    Moved = 3,
    /// <summary>Marks of the edge: up to here a detector's readings are durable.</summary>
    Marks = 4,
    /// <summary>Readings that are over without being durable.</summary>
    Closed = 5,
    /// <summary>The gateway ended in peace: nothing follows.</summary>
    End = 6,
}

/// <summary>
/// A record: magic, length and a checksum of both, a checksum of the content, the content. With its own checksum the
/// length can be believed: a record that is longer than its file was torn in writing; anything else that does not fit is
/// corrupt. Little-endian throughout.
/// </summary>
internal static class Record
{
    internal const int HeaderBytes = 16;
    /// <summary>No record is longer; a longer one is corrupt.</summary>
    internal const int LimitBytes = 64 << 20;
    private const uint Magic = 0x4b475731;

    /// <summary>Writes the header before a content that begins right after it.</summary>
    /// <param name="record">Header and content.</param>
    internal static void Seal(Span<byte> record)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], record.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Checksum(record[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], Checksum(record[HeaderBytes..]));
    }

    /// <summary>What stands at a place of a file.</summary>
    internal enum Found { Record = 1, End = 2, Torn = 3, Corrupt = 4 }

    /// <param name="content">The content of the record when there is one.</param>
    internal static Found Read(ReadOnlySpan<byte> file, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (file.IsEmpty) return Found.End;
        if (file.Length < HeaderBytes) return IsBeginning(file) ? Found.Torn : Found.Corrupt;
        var length = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) != Checksum(file[..8]) || length is < 1 or > LimitBytes) return Found.Corrupt;
        if (file.Length < HeaderBytes + length) return Found.Torn;
        var all = file.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[12..]) != Checksum(all)) return Found.Corrupt;
        content = all;
        return Found.Record;
    }

    /// <summary>The next place at which a whole record stands; negative when there is none.</summary>
    internal static int FindNext(ReadOnlySpan<byte> file, int from)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        for (var at = from; at < file.Length; at++)
        {
            var found = file[at..].IndexOf(magic);
            if (found < 0) return -1;
            at += found;
            if (Read(file[at..], out _) == Found.Record) return at;
        }
        return -1;
    }

    /// <summary>A few bytes that could be the beginning of a record.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> file)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        var n = Math.Min(file.Length, magic.Length);
        return file[..n].SequenceEqual(magic[..n]) && (file.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) == Checksum(file[..8]));
    }

    /// <summary>CRC-32C.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
