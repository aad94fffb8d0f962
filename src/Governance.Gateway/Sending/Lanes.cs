using Governance.Gateway.Keeping;

namespace Governance.Gateway.Sending;

/// <summary>
/// What goes next, by three cursors over the blocks. In order there is one lane, live, that begins at the oldest open
/// reading. After a long outage live begins at the end, the newest sample of each detector goes first, and the backlog
/// follows oldest first. So a detector has one gap at the edge at most: between its backlog and its newest. A reading
/// that must go again is marked unsent and the backlog's cursor goes back to it.
/// </summary>
internal sealed class Lanes(Book book, bool isRecorded)
{
    private readonly Cursor _newest = book.Blocks.NewCursor(), _backlog = book.Blocks.NewCursor(), _live = book.Blocks.NewCursor();

    internal bool HasNewest { get; private set; }
    internal bool HasBacklog { get; private set; }
    /// <summary>Readings that the live lane has not passed.</summary>
    internal long LiveWaiting { get; private set; }

    internal void Taken(int readings) => LiveWaiting += readings;

    /// <summary>A new stream has carried nothing yet: everything that is open goes in order.</summary>
    internal void Begin()
    {
        foreach (var (block, from) in book.FromHead())
            for (var i = from; i < block.Count; i++)
                if (block.Frame[i] != Block.Closed) block.Frame[i] = Block.Unsent;
        _live.Set(book.Head);
        (HasNewest, HasBacklog, LiveWaiting) = (false, false, book.Held);
    }

    /// <summary>When the live lane's next reading was taken, microseconds since 1970; null when none waits.</summary>
    internal long? NextLiveUs
    {
        get
        {
            var (block, end) = (book.Blocks[_live.Block], book.End);
            if (!_live.IsBefore(end)) return null;
            if (_live.At < block.Count) return block.AtUs[_live.At];
            return book.Blocks[_live.Block + 1] is { Count: > 0 } next && (_live.Block + 1 < end.Block || end.At > 0) ? next.AtUs[0] : null;
        }
    }

    /// <summary>
    /// The live lane has fallen too far behind (alarms.md P9): the newest of each detector goes first, then what is taken
    /// from now on; what lies before is backlog.
    /// </summary>
    internal void Leap()
    {
        if (!HasBacklog) _backlog.Set(_live);
        HasNewest = MarkNewest() || HasNewest;
        _live.Set(book.End);
        (HasBacklog, LiveWaiting) = (true, 0);
    }

    /// <summary>An unsent reading that the live lane has passed already.</summary>
    internal void GoBackTo(long blockNo, int at)
    {
        var place = new Cursor { Block = blockNo, At = at };
        if (!HasBacklog || place.IsBefore(_backlog)) _backlog.Set(place);
        HasBacklog = true;
    }

    internal void FillNewest(FrameColumns into, int limit, int frame) => HasNewest = !Fill(_newest, _live, Block.First, into, limit, frame, out _);

    internal void FillBacklog(FrameColumns into, int limit, int frame) => HasBacklog = !Fill(_backlog, _live, Block.Unsent, into, limit, frame, out _);

    internal void FillLive(FrameColumns into, int limit, int frame)
    {
        var isEmpty = Fill(_live, book.End, Block.Unsent, into, limit, frame, out var passed);
        LiveWaiting = isEmpty ? 0 : LiveWaiting - passed;
    }

    /// <summary>Takes what this lane has, up to the limit. True when it has come to its end.</summary>
    private bool Fill(Cursor at, Cursor end, int wanted, FrameColumns into, int limit, int frame, out int passed)
    {
        passed = 0;
        while (true)
        {
            var block = book.Blocks[at.Block];
            var (isLast, i) = (at.Block == end.Block, at.At);
            var stop = isLast ? end.At : block.Count;
            var isCut = false;
            for (; i < stop && into.Count < limit; i++)
            {
                if (block.Frame[i] != wanted || !book.IsOpen(block, i)) continue;
                // A recorded frame is one moment of the recording.
                if (isRecorded && into.Count > 0 && block.AtUs[i] != into.SentAtUs) { isCut = true; break; }
                if (isRecorded) into.SentAtUs = block.AtUs[i];
                into.Add(block, i, isRecorded ? block.SampledUs[i] : block.AtUs[i]);
                book.Carry(block, i, frame);
            }
            passed += i - at.At;
            at.At = i;
            if (isCut || i < stop) return false;
            if (isLast) return true;
            (at.Block, at.At) = (at.Block + 1, 0);
        }
    }

    /// <summary>Marks the newest open reading of each detector. From the youngest on: usually the last sweeps are enough.</summary>
    private bool MarkNewest()
    {
        var marks = book.Marks;
        var (left, found) = (0, false);
        foreach (ref readonly var detector in marks)
            if (detector.Taken > detector.Through) left++;
        var seen = new bool[marks.Length];
        var end = book.End;
        for (var no = end.Block; no >= _live.Block && left > 0; no--)
        {
            var block = book.Blocks[no];
            for (var i = (no == end.Block ? end.At : block.Count) - 1; i >= (no == _live.Block ? _live.At : 0) && left > 0; i--)
            {
                if (seen[block.Detector[i]] || !book.IsOpen(block, i)) continue;
                seen[block.Detector[i]] = true;
                left--;
                if (block.Frame[i] != Block.Unsent) continue;
                block.Frame[i] = Block.First;
                (_newest.Block, _newest.At, found) = (no, i, true);
            }
        }
        return found;
    }
}
