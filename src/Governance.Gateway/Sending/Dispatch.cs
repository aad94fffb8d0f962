using Governance.Edge.V1;
using Governance.Gateway.Keeping;

namespace Governance.Gateway.Sending;

/// <summary>What the stream is to do now.</summary>
internal enum TurnKind
{
    /// <summary>Send the columns that were filled.</summary>
    Frame = 1,
    /// <summary>Send the small message.</summary>
    Message = 2,
    /// <summary>Nothing may go before something happens, or before the time is over.</summary>
    Wait = 3,
    /// <summary>This stream cannot put it right; the next one begins in order.</summary>
    Reconnect = 4,
}

/// <param name="Message">For <see cref="TurnKind.Message"/>.</param>
/// <param name="Within">For <see cref="TurnKind.Wait"/>: at most so long; infinite when only an event can change it.</param>
internal readonly record struct Turn(TurnKind Kind, GatewayFrame? Message = null, TimeSpan Within = default);

/// <summary>
/// Decides what goes next on the stream of now: within credit, live before old, full frames when answers are outstanding
/// and at once when none is. Not thread-safe: the outbox's gate guards it.
/// </summary>
internal sealed class Dispatch
{
    /// <summary>Backlogs that may lie at the edge above a gap (P9): far within what it allows per detector; beyond it the oldest goes first.</summary>
    internal const int LeapLimit = 256;
    /// <summary>An unanswered backlog frame holds the next one back so long: one silent source must not stop the rest.</summary>
    private static readonly TimeSpan BacklogPatience = TimeSpan.FromSeconds(1);
    private enum Lane { Newest, Live, Backlog }

    private const long FrameLimit = int.MaxValue - 1;

    private readonly Book _book;
    private readonly GatewayOptions _options;
    private readonly Lanes _lanes;
    private readonly bool _isRecorded;
    private bool _isWelcome, _lastWasLive;
    private int _credit, _leaps;
    private long _leapEnd, _lastSent, _lastBacklog;

    internal Dispatch(Book book, SourceTable table, GatewayOptions options)
    {
        (_book, _options, _isRecorded) = (book, options, options.Clock == Clock.Recorded);
        _lanes = new Lanes(book, _isRecorded);
        Losses = new Losses(table, book);
        Again = new Again(book, _lanes, Flight, Losses, options.Time);
    }

    internal Flight Flight { get; } = new();
    internal Losses Losses { get; }
    internal Again Again { get; }
    internal bool IsWelcome => _isWelcome;

    internal void Taken(int readings) => _lanes.Taken(readings);

    /// <summary>A new stream: nothing is answered and nothing may be sent before the welcome.</summary>
    internal void BeginStream()
    {
        (_isWelcome, _credit) = (false, 0);
        Flight.Begin();
        Again.BeginStream();
        Losses.BeginStream();
        _lanes.Begin();
    }

    internal void Welcome(int credit) => (_isWelcome, _credit) = (true, Math.Max(0, credit));

    internal void Answered(long frame, int credit)
    {
        _credit = Math.Max(0, credit);
        var backlog = Flight.BacklogFrames;
        Flight.AnsweredThrough(frame);
        if (Flight.BacklogFrames < backlog) _lastBacklog = _options.Time.GetTimestamp();
    }

    /// <summary>Fills the columns, or says what to do instead.</summary>
    internal Turn Next(FrameColumns into)
    {
        if (!_isWelcome) return new Turn(TurnKind.Wait, Within: Timeout.InfiniteTimeSpan);
        if (Losses.Next() is { } loss) return new Turn(TurnKind.Message, loss);
        var resent = Again.Resent;
        Again.Review();
        // A recorded stream must keep the order of its times: what is missing is put right by a fresh one.
        if (Again.IsHopeless || (_isRecorded && Again.Resent > resent) || Flight.Sent >= FrameLimit) return new Turn(TurnKind.Reconnect);
        if (Losses.Next() is { } refused) return new Turn(TurnKind.Message, refused);
        var (now, sentAtUs) = (_options.Time.GetTimestamp(), Micros.Of(_options.Time.GetUtcNow()));
        if (!_isRecorded) LeapIfBehind(sentAtUs);
        var wait = Again.Due ?? Timeout.InfiniteTimeSpan;
        while (HasCredit(into.Capacity, out var limit))
        {
            var (linger, patience) = (Linger(now, into.Capacity), Patience(now));
            var (live, backlog) = (_lanes.LiveWaiting > 0 && linger == TimeSpan.Zero, _lanes.HasBacklog && patience == TimeSpan.Zero);
            if (!_lanes.HasNewest && !live && !backlog)
            {
                if (_lanes.LiveWaiting > 0) wait = Sooner(wait, linger);
                if (_lanes.HasBacklog) wait = Sooner(wait, patience);
                break;
            }
            into.Begin(Flight.Sent + 1, sentAtUs);
            var lane = _lanes.HasNewest ? Lane.Newest : live && !(backlog && _lastWasLive) ? Lane.Live : Lane.Backlog;
            Fill(lane, into, limit);
            if (into.Count == 0) continue;
            (_lastWasLive, _lastSent) = (lane == Lane.Live, now);
            if (lane == Lane.Backlog) _lastBacklog = now;
            Flight.Add(into.Count, isBacklog: lane == Lane.Backlog);
            return new Turn(TurnKind.Frame);
        }
        return new Turn(TurnKind.Wait, Within: wait);
    }

    /// <summary>Readings that one frame may have now. A sliver of credit is left to grow: small frames cost the edge as much as full ones.</summary>
    private bool HasCredit(int frameLimit, out int limit)
    {
        var room = _credit - Flight.Readings;
        limit = Math.Min(frameLimit, room);
        if (room <= 0) return false;
        var waiting = _lanes.HasNewest || _lanes.HasBacklog ? frameLimit : Math.Min(frameLimit, _lanes.LiveWaiting);
        return Flight.Readings == 0 || room >= Math.Min(waiting, Math.Max(1, _credit / 2));
    }

    /// <summary>How long a frame that is not full still waits for more.</summary>
    private TimeSpan Linger(long now, int frameLimit)
    {
        if (_isRecorded || Flight.Readings == 0 || _lanes.LiveWaiting >= frameLimit) return TimeSpan.Zero;
        var left = _options.LingerFor - _options.Time.GetElapsedTime(_lastSent, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>How long until another backlog frame may go: a live reading waits behind one at most.</summary>
    private TimeSpan Patience(long now)
    {
        if (Flight.BacklogFrames == 0) return TimeSpan.Zero;
        var left = BacklogPatience * Flight.BacklogFrames - _options.Time.GetElapsedTime(_lastBacklog, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Fill(Lane lane, FrameColumns into, int limit)
    {
        var frame = (int)Flight.Sent + 1;
        switch (lane)
        {
            case Lane.Newest: _lanes.FillNewest(into, limit, frame); break;
            case Lane.Live: _lanes.FillLive(into, limit, frame); break;
            default: _lanes.FillBacklog(into, limit, frame); break;
        }
    }

    /// <summary>
    /// Present danger is never told late because of the past. Each leap leaves one gap per detector at the edge until its
    /// backlog has drained, and the edge allows a limited number of gaps.
    /// </summary>
    private void LeapIfBehind(long nowUs)
    {
        if (_lanes.NextLiveUs is not { } nextUs || nowUs - nextUs <= (long)_options.LiveLimit.TotalMicroseconds) return;
        if (_book.DoneThrough >= _leapEnd) _leaps = 0;
        if (_leaps >= LeapLimit) return;
        (_leaps, _leapEnd) = (_leaps + 1, _book.EndPosition);
        _lanes.Leap();
    }

    private static TimeSpan Sooner(TimeSpan a, TimeSpan b) => a == Timeout.InfiniteTimeSpan || b < a ? b : a;
}
