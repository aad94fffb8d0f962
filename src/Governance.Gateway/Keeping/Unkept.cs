using Governance.Gateway.Disk;

namespace Governance.Gateway.Keeping;

/// <summary>A reading as a folder gives it back.</summary>
internal readonly record struct KeptReading(int Detector, long Seq, long Position, long SampledUs, long AtUs, double Value, byte Quality);

/// <summary>
/// The end of the book that the disk does not have yet, and what else it should know. Copied under the outbox's gate,
/// written without it.
/// </summary>
internal sealed class Unkept
{
    /// <summary>Readings in a record: a torn one costs no more than these.</summary>
    private const int RecordLimitReadings = 4_096;
    private readonly Book _book;
    private readonly Cursor _copied, _moving;
    private readonly long[] _told;
    private readonly DetectorMarks[] _marks;
    private long _copiedThrough;

    internal Unkept(Book book)
    {
        (_book, Kept, _copied, _moving) = (book, book.Blocks.NewCursor(), book.Blocks.NewCursor(), book.Blocks.NewCursor());
        (_told, _marks) = (new long[book.Marks.Length], new DetectorMarks[book.Marks.Length]);
    }

    /// <summary>Everything that is there the disk has, or is about to be given by <see cref="CopyMoving"/>.</summary>
    internal void Begin()
    {
        (Kept.Block, Kept.At) = (_book.Blocks.TailNo, _book.Blocks.Tail.Count);
        _copied.Set(Kept);
        KeptThrough = _copiedThrough = _book.EndPosition;
        for (var flat = 0; flat < _told.Length; flat++) (_told[flat], _marks[flat]) = (_book.Marks[flat].Through, _book.Marks[flat]);
        Closed.Clear();
    }

    /// <summary>Everything before it may be sent.</summary>
    internal Cursor Kept { get; }
    /// <summary>The position of <see cref="Kept"/>.</summary>
    internal long KeptThrough { get; private set; }
    /// <summary>Readings that ended without being durable and that the disk has not been told of.</summary>
    internal List<(int Flat, long Seq, bool IsRefused)> Closed { get; } = [];
    internal long Waiting => _book.EndPosition - KeptThrough;

    /// <summary>Copies what is waiting. Returns the position after the last reading copied.</summary>
    internal long Copy(RecordBuffer into, int limit)
    {
        while (limit > 0 && _copiedThrough < _book.EndPosition)
        {
            var block = _book.Blocks[_copied.Block];
            if (_copied.At == block.Count)
            {
                (_copied.Block, _copied.At) = (_copied.Block + 1, 0);
                continue;
            }
            var count = Math.Min(Math.Min(block.Count - _copied.At, RecordLimitReadings), limit);
            into.Readings(block, _copied.At, count);
            for (var i = _copied.At; i < _copied.At + count; i++) _marks[block.Detector[i]].Taken = block.Seq[i];
            _copied.At += count;
            _copiedThrough += count;
            limit -= count;
        }
        if (Closed.Count > 0) CopyClosed(into);
        return _copiedThrough;
    }

    /// <summary>The disk has what was copied. Returns the readings that may be sent now.</summary>
    internal int KeepCopied()
    {
        var kept = (int)(_copiedThrough - KeptThrough);
        Kept.Set(_copied);
        KeptThrough = _copiedThrough;
        return kept;
    }

    /// <summary>The counters as the disk knows them: what it was not given has no number yet, as far as a next start is concerned.</summary>
    internal ReadOnlySpan<DetectorMarks> Counters()
    {
        for (var flat = 0; flat < _marks.Length; flat++) _marks[flat].Through = _book.Marks[flat].Through;
        return _marks;
    }

    /// <summary>Marks that moved since they were last written; false when none did.</summary>
    internal bool CopyMarks(RecordBuffer into)
    {
        var moved = new List<int>();
        for (var flat = 0; flat < _told.Length; flat++)
            if (_book.Marks[flat].Through > _told[flat]) moved.Add(flat);
        if (moved.Count == 0) return false;
        into.Begin(RecordKind.Marks);
        into.Put(moved.Count);
        foreach (var flat in moved)
        {
            into.Put(flat);
            into.Put(_told[flat] = _book.Marks[flat].Through);
        }
        into.Seal();
        return true;
    }

    /// <summary>Begins to copy every open reading that the disk has, to be kept elsewhere on it.</summary>
    internal void BeginMoving() => _moving.Set(_book.Head);

    /// <summary>Copies some of them. False when there are no more.</summary>
    internal bool CopyMoving(RecordBuffer into, int limit)
    {
        Span<int> places = stackalloc int[Block.StandardReadings];
        while (limit > 0)
        {
            var (block, isLast) = (_book.Blocks[_moving.Block], _moving.Block == Kept.Block);
            var (stop, count) = (isLast ? Kept.At : block.Count, 0);
            for (; _moving.At < stop; _moving.At++)
                if (_book.IsOpen(block, _moving.At)) places[count++] = _moving.At;
            if (count > 0) into.Moved(block, places[..count]);
            limit -= count;
            if (isLast) return false;
            (_moving.Block, _moving.At) = (_moving.Block + 1, 0);
        }
        return true;
    }

    private void CopyClosed(RecordBuffer into)
    {
        into.Begin(RecordKind.Closed);
        into.Put(Closed.Count);
        foreach (var (flat, seq, isRefused) in Closed)
        {
            into.Put(flat);
            into.Put(seq);
            into.Put((byte)(isRefused ? 1 : 0));
        }
        into.Seal();
        Closed.Clear();
    }
}
