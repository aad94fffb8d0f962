using Governance.Edge.V1;
using Governance.Gateway.Keeping;

namespace Governance.Gateway.Disk;

/// <summary>
/// A folder with segments of readings, oldest first. Readings are appended to the youngest; the oldest is deleted when
/// everything in it is over. Owned by one process at a time. Not thread-safe: the disk writer's.
/// </summary>
internal sealed class BufferFolder : IDisposable
{
    private const string LockName = "lock";
    private const long SegmentLimitBytes = 16 << 20, SegmentLeastBytes = 64 << 10;
    /// <summary>Segments that the limit is made of: the granularity of giving room back.</summary>
    private const int SegmentShare = 16;
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly Queue<(long Number, long Bytes, long LastPosition)> _sealed = new();
    private readonly RecordBuffer _head = new();
    private readonly string _boot = StableFiles.Boot();
    private readonly bool _isSyncedFirst;
    private readonly long _segmentBytes;
    private Recovered? _recovered;
    private List<RecoveredReading>? _open;
    private SegmentFile? _current;
    private IReadOnlyList<SourceDeclaration> _declared = [];
    private string _table = "";
    private long _bytes;
    private long _lastNumber;

    private BufferFolder(string path, FileStream mine, GatewayOptions options)
    {
        (_path, _lock, _isSyncedFirst) = (path, mine, options.SyncWithin == TimeSpan.Zero);
        _segmentBytes = Math.Clamp(options.BufferBytes / SegmentShare, SegmentLeastBytes, SegmentLimitBytes);
    }

    /// <summary>The epoch of every number that is given from now on; already durable in the folder.</summary>
    internal long Epoch { get; private set; }
    /// <summary>Why the epoch rose at this start; null when it did not.</summary>
    internal string? EpochRose { get; private set; }
    internal IReadOnlyList<BufferDamage> Damage { get; private set; } = [];
    /// <summary>What to declare: the sources given, and detectors of before that still have readings to send.</summary>
    internal IReadOnlyList<SourceDeclaration> Declarations { get; private set; } = [];
    internal long Bytes => Interlocked.Read(ref _bytes);
    internal bool IsFull => _current is { } current && current.Bytes >= _segmentBytes;
    internal bool HasSealed => _sealed.Count > 0;

    /// <summary>Reads what is there and decides on the epoch.</summary>
    /// <exception cref="IOException">The folder is another process's, or cannot be read or written.</exception>
    internal static BufferFolder Open(GatewayOptions options, IReadOnlyList<SourceDeclaration> sources)
    {
        var path = Path.GetFullPath(options.BufferFolder!);
        Directory.CreateDirectory(path);
        FileStream mine;
        try { mine = new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException e) { throw new IOException($"{path} is in use by another gateway process, or cannot be written", e); }
        try
        {
            var folder = new BufferFolder(path, mine, options);
            folder.Recover(options, sources);
            return folder;
        }
        catch
        {
            mine.Dispose();
            throw;
        }
    }

    private void Recover(GatewayOptions options, IReadOnlyList<SourceDeclaration> sources)
    {
        SegmentFile.DeleteUnfinished(_path);
        var (known, recovered) = (EpochFile.Read(_path), new SegmentReader(_path, _boot).Read());
        var isFresh = known is null && recovered.LastSegment == 0 && !File.Exists(Path.Combine(_path, EpochFile.Name));
        _open = recovered.Open();
        Declarations = recovered.Declared(sources, _open);
        var (highest, now) = (Math.Max(known?.Epoch ?? 0, recovered.Epoch), options.Time.GetUtcNow().ToUnixTimeSeconds());
        EpochRose = isFresh ? null
            : known is null ? "the epoch's own file is lost"
            : !known.IsTrusted ? "readings were sent that the disk did not take"
            : recovered.LastSegment < known.Segment ? "the youngest files are lost"
            : !recovered.IsTrusted ? "the youngest file may lack numbers that were given"
            : recovered.Epoch < known.Epoch ? "a rise of the epoch was cut short"
            : IsForgetting(recovered) ? "a detector is not declared any more, and its counter would be forgotten"
            : options.Epoch > highest ? "a higher one is given" : null;
        Epoch = isFresh ? options.Epoch ?? now : EpochRose is null ? highest : Math.Max(options.Epoch ?? now, highest + 1);
        (_recovered, _lastNumber, Damage) = (recovered, Math.Max(recovered.LastSegment, known?.Segment ?? 0), recovered.Damage);
        foreach (var segment in recovered.Segments)
        {
            _sealed.Enqueue(segment);
            _bytes += segment.Bytes;
        }
        // Durable before the first number of it is given, whatever happens to the segments.
        new EpochFile(Epoch, known?.Segment ?? 0, IsTrusted: true).Write(_path);
    }

    private bool IsForgetting(Recovered recovered)
    {
        var declared = Declarations.SelectMany(s => s.Detectors.Select(d => (s.SourceId, d.DetectorId))).ToHashSet();
        return recovered.Detectors.Where((d, id) => recovered.Taken[id] > 0 && !declared.Contains((d.Source, d.Detector))).Any();
    }

    /// <summary>Puts what is not durable back into the book and begins a segment. Returns the readings put back.</summary>
    /// <param name="givenUp">Called for what the caller had given up: the edge may not have heard of it.</param>
    internal int Restore(SourceTable table, Book book, Action<int, long> givenUp)
    {
        var (recovered, open, rises) = (_recovered!, _open!, EpochRose is not null);
        var flats = recovered.Detectors.Select(d => table.FlatNamed(d.Source, d.Detector)).ToArray();
        var (taken, through) = (new long[table.Detectors], new long[table.Detectors]);
        if (!rises)
            for (var id = 0; id < flats.Length; id++)
                if (flats[id] >= 0) (taken[flats[id]], through[flats[id]]) = (recovered.Taken[id], recovered.Through[id]);
        // A reading of an epoch that is over gets a new number.
        var kept = open.ConvertAll(r => new KeptReading(flats[r.Id], rises || r.Epoch != Epoch ? ++taken[flats[r.Id]] : r.Seq, r.Position, r.SampledUs, r.AtUs, r.Value, r.Quality));
        book.Restore(taken, through, kept, recovered.NextPosition);
        if (!rises)
            foreach (var (id, seq, isRefused) in recovered.Closed)
                if (!isRefused && flats[id] >= 0 && seq > through[flats[id]]) givenUp(flats[id], seq);
        _declared = table.Declarations;
        _table = TableFile.Write(_path, _declared);
        (_recovered, _open) = (null, null);
        Head(book.EndPosition, book.Marks);
        Roll();
        if (rises || open.Exists(r => r.Epoch != Epoch)) MoveAll(book);
        return kept.Count;
    }

    private void MoveAll(Book book)
    {
        var (unkept, records) = (book.KeepOnDisk(), new RecordBuffer());
        unkept.BeginMoving();
        for (var more = true; more;)
        {
            more = unkept.CopyMoving(records, Block.StandardReadings);
            Append(records.Bytes, book.EndPosition - 1);
            records.Clear();
        }
        Sync();
        DropSealed();
    }

    /// <summary>Writes the head of the next segment into memory; under the gate, so quick.</summary>
    internal void Head(long nextPosition, ReadOnlySpan<DetectorMarks> counters)
    {
        _head.Clear();
        SegmentHead.Write(_head, _lastNumber + 1, Epoch, nextPosition, _isSyncedFirst, _boot, _table, counters);
    }

    /// <summary>Begins the segment whose head was written: the file first, then the word that it was begun.</summary>
    /// <param name="isBroken">The last one takes nothing any more: what it lacks comes into this one.</param>
    internal void Roll(bool isBroken = false)
    {
        if (_current is { } last)
        {
            if (!isBroken) last.Sync();
            _sealed.Enqueue((last.Number, last.Bytes, last.LastPosition));
            last.Dispose();
            _current = null;
        }
        if (isBroken) TableFile.Write(_path, _declared);
        _current = SegmentFile.Create(_path, _lastNumber + 1, _head.Bytes);
        _lastNumber = _current.Number;
        Interlocked.Add(ref _bytes, _current.Bytes);
        new EpochFile(Epoch, _current.Number, IsTrusted: true).Write(_path);
    }

    internal void Append(ReadOnlySpan<byte> records, long lastPosition)
    {
        if (_current is null) throw new IOException("no file could be begun");
        _current.Append(records);
        _current.LastPosition = Math.Max(_current.LastPosition, lastPosition);
        Interlocked.Add(ref _bytes, records.Length);
    }

    internal void Sync() => _current!.Sync();

    /// <summary>Deletes segments in which everything is over. True when there was one.</summary>
    internal bool DropDone(long doneThrough)
    {
        var any = false;
        while (_sealed.TryPeek(out var oldest) && oldest.LastPosition < doneThrough)
        {
            DropOldest();
            any = true;
        }
        if (_sealed.Count == 0) TableFile.DeleteAllBut(_path, new HashSet<string> { _table });
        return any;
    }

    /// <summary>What was open in them stands in the youngest now.</summary>
    internal void DropSealed()
    {
        while (_sealed.Count > 0) DropOldest();
        TableFile.DeleteAllBut(_path, new HashSet<string> { _table });
    }

    /// <summary>Numbers were given that no file shows: the next start must not believe the files.</summary>
    internal void Distrust() => new EpochFile(Epoch, _lastNumber, IsTrusted: false).Write(_path);

    public void Dispose()
    {
        _current?.Dispose();
        _lock.Dispose();
    }

    private void DropOldest()
    {
        var (number, bytes, _) = _sealed.Dequeue();
        File.Delete(SegmentFile.PathOf(_path, number));
        Interlocked.Add(ref _bytes, -bytes);
    }
}
