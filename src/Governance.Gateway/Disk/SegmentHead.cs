using Governance.Gateway.Keeping;

namespace Governance.Gateway.Disk;

/// <summary>First record of a segment: everything that a start needs when nothing older is left.</summary>
/// <param name="Segment">Number of the segment, the same as in its file's name.</param>
/// <param name="Epoch">Of the readings in it.</param>
/// <param name="NextPosition">Position that the next reading taken will have.</param>
/// <param name="IsSyncedFirst">Nothing was sent before it was synced to the disk: what a power cut took was never sent.</param>
/// <param name="Boot">Which run of the machine wrote it; empty where the system does not say.</param>
/// <param name="Table">Name of the table of sources that detector indexes refer to.</param>
/// <param name="Taken">Last number given, by detector.</param>
/// <param name="Through">Mark of the edge, by detector.</param>
internal sealed record SegmentHead(long Segment, long Epoch, long NextPosition, bool IsSyncedFirst, string Boot, string Table, long[] Taken, long[] Through)
{
    private const byte Version = 1;

    internal static void Write(RecordBuffer to, long segment, long epoch, long nextPosition, bool isSyncedFirst, string boot, string table, ReadOnlySpan<DetectorMarks> marks)
    {
        to.Begin(RecordKind.Head);
        to.Put(Version);
        to.Put(segment);
        to.Put(epoch);
        to.Put(nextPosition);
        to.Put((byte)(isSyncedFirst ? 1 : 0));
        Text(to, boot);
        Text(to, table);
        to.PutSmall(marks.Length);
        foreach (ref readonly var detector in marks)
        {
            to.PutSmall(detector.Taken);
            to.PutSmall(detector.Through);
        }
        to.Seal();
    }

    /// <exception cref="InvalidDataException">It is no head of this version.</exception>
    internal static SegmentHead Read(ref RecordReader from)
    {
        if (from.Byte() is var version && version != Version) throw new InvalidDataException($"a buffer of version {version}; this kit writes {Version}");
        var (segment, epoch, next, synced) = (from.Long(), from.Long(), from.Long(), from.Byte() == 1);
        var (boot, table) = (Text(ref from), Text(ref from));
        var count = (int)from.Small();
        var (taken, through) = (new long[count], new long[count]);
        for (var i = 0; i < count; i++) (taken[i], through[i]) = (from.Small(), from.Small());
        return new SegmentHead(segment, epoch, next, synced, boot, table, taken, through);
    }

    private static void Text(RecordBuffer to, string text)
    {
        to.PutSmall(text.Length);
        foreach (var letter in text) to.Put((byte)letter);
    }

    private static string Text(ref RecordReader from) => System.Text.Encoding.ASCII.GetString(from.Bytes((int)from.Small()));
}
