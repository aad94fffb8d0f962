using Governance.Gateway.Keeping;

namespace Governance.Gateway.Sending;

/// <summary>
/// Readings that the edge misses: asked for by range, or refused with the word to try again. Sent again on the same
/// stream, and only what this stream has carried already, what is answered and still open: everything else is on its
/// way. While a backlog drains nothing that was merely asked for is touched; it is what the backlog brings. Each further
/// time the same is asked for waits twice as long, and after a few times another node is tried.
/// </summary>
internal sealed class Again(Book book, Lanes lanes, Flight flight, Losses losses, TimeProvider time)
{
    private const int WantedLimitRanges = 20_000, AttemptLimit = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly record struct Key(int Flat, long From, int Frame);

    /// <param name="AfterFrame">Nothing can be said before this frame is answered.</param>
    private readonly record struct Wanted(long To, bool IsRefused, long NotBefore, long AfterFrame = 0);

    private readonly Dictionary<Key, Wanted> _wanted = [];
    private readonly Dictionary<Key, int> _attempts = [];

    /// <summary>The edge asks again and again for what it was sent: somebody else may understand us.</summary>
    internal bool IsHopeless { get; private set; }
    /// <summary>Readings that were sent again on their stream.</summary>
    internal long Resent { get; private set; }

    internal void BeginStream()
    {
        _wanted.Clear();
        _attempts.Clear();
        IsHopeless = false;
    }

    /// <summary>The edge says that it misses these.</summary>
    internal void Ask(int flat, long from, long to) => Want(new Key(flat, from, Selection.AnyFrame), to, isRefused: false);

    /// <summary>The edge would not take these now.</summary>
    internal void Refused(int flat, in Named named) => Want(new Key(flat, named.From, named.Frame), named.To, isRefused: true);

    /// <summary>How long until there may be something to do; null when nothing is wanted.</summary>
    internal TimeSpan? Due
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var wanted in _wanted.Values)
                if (IsRipe(wanted)) earliest = Math.Min(earliest, wanted.NotBefore);
            return earliest == long.MaxValue ? null : Max(time.GetElapsedTime(time.GetTimestamp(), earliest), TimeSpan.Zero);
        }
    }

    /// <summary>Marks as unsent what must go again. Looks through the book once for all that is due.</summary>
    internal void Review()
    {
        if (_wanted.Count == 0) return;
        var now = time.GetTimestamp();
        var due = _wanted.Where(w => w.Value.NotBefore <= now && IsRipe(w.Value)).ToList();
        if (due.Count == 0) return;
        var selection = new Selection();
        for (var tag = 0; tag < due.Count; tag++)
        {
            var ((flat, from, frame), wanted) = due[tag];
            _wanted.Remove(due[tag].Key);
            var marks = book.Marks[flat];
            var (first, last) = (Math.Max(from, marks.Through + 1), Math.Min(wanted.To, marks.Taken));
            if (first > last) continue;
            selection.Add(flat, new Named(first, last, frame, tag));
            // What is over here will never come: the edge must not wait for it.
            if (!wanted.IsRefused)
                foreach (var (lostFrom, lostTo) in book.Closed.Within(flat, first, last).ToList()) losses.Declare(flat, lostFrom, lostTo, "finally refused, or lost with the buffer");
        }
        if (!selection.IsEmpty) MarkUnsent(selection, due);
    }

    private void MarkUnsent(Selection selection, List<KeyValuePair<Key, Wanted>> due)
    {
        for (var no = book.Head.Block; no <= book.Blocks.TailNo; no++)
        {
            var block = book.Blocks[no];
            for (var i = no == book.Head.Block ? book.Head.At : 0; i < block.Count; i++)
            {
                if (block.Frame[i] <= Block.Unsent || !book.IsOpen(block, i) || !selection.Matches(block, i, out var named)) continue;
                var (key, wanted) = due[named.Tag];
                if (!wanted.IsRefused && block.Frame[i] > flight.Answered) _wanted[key] = wanted with { AfterFrame = block.Frame[i] };
                else
                {
                    block.Frame[i] = Block.Unsent;
                    lanes.GoBackTo(no, i);
                    _attempts.TryAdd(key, 0);
                    Resent++;
                }
            }
        }
        if (_attempts.Count > WantedLimitRanges) _attempts.Clear();
        foreach (var (key, _) in due)
            if (_attempts.TryGetValue(key, out var attempts))
            {
                _attempts[key] = attempts + 1;
                IsHopeless |= attempts + 1 > AttemptLimit;
            }
    }

    private void Want(Key key, long to, bool isRefused)
    {
        if (_wanted.TryGetValue(key, out var known)) _wanted[key] = known with { To = Math.Max(known.To, to), IsRefused = known.IsRefused || isRefused };
        else if (_wanted.Count < WantedLimitRanges)
        {
            var attempts = _attempts.GetValueOrDefault(key);
            var pause = isRefused || attempts > 0 ? FirstPause * (1 << attempts) : TimeSpan.Zero;
            _wanted[key] = new Wanted(to, isRefused, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
        }
    }

    /// <summary>What was asked for while a backlog drains is most likely the backlog.</summary>
    private bool IsRipe(in Wanted wanted) => wanted.IsRefused || (flight.Answered >= wanted.AfterFrame && !lanes.HasBacklog && !lanes.HasNewest);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
