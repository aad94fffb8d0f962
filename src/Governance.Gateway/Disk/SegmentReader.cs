using System.Runtime.InteropServices;

namespace Governance.Gateway.Disk;

/// <summary>
/// Reads the segments of a folder, oldest first. A record that its file ends in the middle of was never finished: it is
/// cut off, and nothing in it had left. Everything else that makes no sense is damage: named, passed over, and where it
/// may hide numbers that were given, the counters are not believed.
/// </summary>
internal sealed class SegmentReader(string folder, string boot)
{
    private readonly Recovered _recovered = new();
    private readonly Dictionary<string, int[]?> _tables = [];
    private SegmentHead? _head;
    private int[] _ids = [];
    private bool _isClean;
    private long _last;

    internal Recovered Read()
    {
        var segments = SegmentFile.List(folder);
        for (var n = 0; n < segments.Count; n++)
        {
            if (n > 0 && segments[n] != segments[n - 1] + 1) Damage(SegmentFile.NameOf(segments[n - 1] + 1), 0, 0, $"{segments[n] - segments[n - 1] - 1} segments are missing", isLast: false);
            One(segments[n], isLast: n == segments.Count - 1);
        }
        return _recovered;
    }

    private void One(long segment, bool isLast)
    {
        var (path, name) = (SegmentFile.PathOf(folder, segment), SegmentFile.NameOf(segment));
        var file = File.ReadAllBytes(path);
        (_head, _isClean, _last) = (null, false, -1);
        var at = 0;
        while (true)
        {
            var found = Record.Read(file.AsSpan(at), out var content);
            if (found == Record.Found.End) break;
            if (found == Record.Found.Record)
            {
                if (!TryTake(content, segment, name, at, isLast)) break;
                at += Record.HeaderBytes + content.Length;
                continue;
            }
            if (found == Record.Found.Torn && isLast && _head is not null)
            {
                SegmentFile.Cut(path, at);
                break;
            }
            var next = Record.FindNext(file, at + 1);
            // With whole records behind it, the counters of those are younger; at the end nobody knows what stood there.
            Damage(name, at, (next < 0 ? file.Length : next) - at, found == Record.Found.Torn ? "a record without its end" : "a record that is not what was written", isLast && next < 0);
            if (next < 0) break;
            at = next;
        }
        if (_head is null) SegmentFile.SetAside(path);
        else _recovered.Segments.Add((segment, file.Length, _last));
        _recovered.LastSegment = segment;
        if (!isLast) return;
        // What was written and not synced survives the process, not the machine.
        if (_head is null || !(_isClean || _head.IsSyncedFirst || (boot.Length > 0 && _head.Boot == boot))) _recovered.IsTrusted = false;
    }

    /// <summary>False when the rest of the segment cannot be understood.</summary>
    private bool TryTake(ReadOnlySpan<byte> content, long segment, string name, int at, bool isLast)
    {
        var reader = new RecordReader(content);
        try
        {
            var kind = (RecordKind)reader.Byte();
            if (kind == RecordKind.Head) return Begin(SegmentHead.Read(ref reader), segment, name, isLast);
            if (_head is null)
            {
                Damage(name, at, content.Length, "a segment whose head is lost: its detectors have no names", isLast);
                return false;
            }
            _isClean = kind == RecordKind.End;
            switch (kind)
            {
                case RecordKind.Readings: Readings(ref reader); break;
                case RecordKind.Moved: Moved(ref reader); break;
                case RecordKind.Marks: Marks(ref reader); break;
                case RecordKind.Closed: Closed(ref reader); break;
                case RecordKind.End: break;
                default: throw new InvalidDataException($"a record of kind {(byte)kind}");
            }
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException)
        {
            Damage(name, at, content.Length, e.Message, isLast);
            return true;
        }
    }

    private bool Begin(SegmentHead head, long segment, string name, bool isLast)
    {
        if (!_tables.TryGetValue(head.Table, out var ids))
            _tables[head.Table] = ids = TableFile.Read(folder, head.Table)?.SelectMany(s => s.Detectors.Select(d => _recovered.IdOf(s.SourceId, d.DetectorId, d.Unit))).ToArray();
        if (ids is null || ids.Length != head.Taken.Length || head.Segment != segment)
        {
            Damage(name, 0, 0, ids is null ? "the names of its detectors are lost" : "the head of another segment", isLast);
            return false;
        }
        if (head.Epoch < _recovered.Epoch)
        {
            Damage(name, 0, 0, $"epoch {head.Epoch} after {_recovered.Epoch}", isLast);
            return false;
        }
        _recovered.Enter(head.Epoch);
        (_head, _ids) = (head, ids);
        _recovered.NextPosition = Math.Max(_recovered.NextPosition, head.NextPosition);
        for (var flat = 0; flat < ids.Length; flat++)
        {
            Taken(ids[flat], head.Taken[flat]);
            _recovered.Through[ids[flat]] = Math.Max(_recovered.Through[ids[flat]], head.Through[flat]);
        }
        return true;
    }

    private void Readings(ref RecordReader from)
    {
        var (position, count) = (from.Long(), from.Int());
        Columns(ref from, position, count);
    }

    private void Moved(ref RecordReader from)
    {
        for (var left = from.Int(); left > 0; left--) Columns(ref from, from.Long(), 1);
    }

    private void Columns(ref RecordReader from, long position, int count)
    {
        if (count < 0) throw new InvalidDataException($"{count} readings");
        var detector = from.Bytes(count * sizeof(int));
        var (seq, sampled, at) = (from.Bytes(count * sizeof(long)).ToArray(), from.Bytes(count * sizeof(long)).ToArray(), from.Bytes(count * sizeof(long)).ToArray());
        var value = from.Bytes(count * sizeof(double));
        var quality = from.Bytes(count);
        for (var i = 0; i < count; i++)
        {
            var reading = new RecoveredReading(_ids[Integer(detector, i)], _head!.Epoch, Long(seq, i), position + i, Long(sampled, i), Long(at, i), BitConverter.Int64BitsToDouble(Long(value, i)), quality[i]);
            _recovered.Readings.Add(reading);
            Taken(reading.Id, reading.Seq);
        }
        _last = Math.Max(_last, position + count - 1);
        _recovered.NextPosition = Math.Max(_recovered.NextPosition, position + count);
    }

    private void Marks(ref RecordReader from)
    {
        for (var left = from.Int(); left > 0; left--)
        {
            var (id, through) = (_ids[from.Int()], from.Long());
            _recovered.Through[id] = Math.Max(_recovered.Through[id], through);
        }
    }

    private void Closed(ref RecordReader from)
    {
        for (var left = from.Int(); left > 0; left--) _recovered.Closed.Add((_ids[from.Int()], from.Long(), from.Byte() == 1));
    }

    private void Taken(int id, long seq) => CollectionsMarshal.AsSpan(_recovered.Taken)[id] = Math.Max(_recovered.Taken[id], seq);

    private void Damage(string name, long offset, long bytes, string what, bool isLast)
    {
        _recovered.Damage.Add(new BufferDamage(name, offset, bytes, what));
        if (isLast) _recovered.IsTrusted = false;
    }

    private static int Integer(ReadOnlySpan<byte> column, int i) => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(column[(i * sizeof(int))..]);

    private static long Long(ReadOnlySpan<byte> column, int i) => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(column[(i * sizeof(long))..]);
}
