using Governance.Edge.V1;
using Governance.Gateway.Disk;
using Governance.Gateway.Keeping;
using Governance.Gateway.Sending;
using Dispatch = Governance.Gateway.Sending.Dispatch;

namespace Governance.Gateway;

/// <summary>What an answer of the edge means for the stream.</summary>
internal enum Verdict
{
    GoOn = 0,
    /// <summary>The edge claims to know readings of this epoch that were never sent.</summary>
    EpochUsed = 1,
    /// <summary>The edge is done with this stream; the next node goes on.</summary>
    Elsewhere = 2,
    /// <summary>The edge will not have this gateway.</summary>
    Fenced = 3,
}

/// <summary>
/// The one gate: callers take, the stream sends, answers settle, each under the same lock and none for longer than a
/// frame takes to copy. Whoever waits is woken by what changed.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _gate = new();
    private readonly GatewayOptions _options;
    private readonly Book _book;
    private readonly Dispatch _sending;
    private readonly Answers _answers;
    private readonly SemaphoreSlim _work = new(0, 1);
    private DiskWriter? _disk;
    private bool _wantsRoom;
    private TaskCompletionSource? _changed;
    private bool _senderSleeps;
    private long _movedAt;

    internal Outbox(SourceTable table, GatewayOptions options, long epoch)
    {
        (_options, _book) = (options, new Book(table, options.LimitReadings));
        _sending = new Dispatch(_book, table, options);
        _answers = new Answers(_book, _sending, table, epoch);
    }

    /// <summary>Puts back what a folder kept, and keeps everything there from now on. Before anything else happens.</summary>
    internal int Restore(BufferFolder folder, SourceTable table, Func<DiskWriter> create, out DiskWriter writer)
    {
        lock (_gate)
        {
            var restored = folder.Restore(table, _book, (flat, seq) => _sending.Losses.Declare(flat, seq, seq, "given up before the gateway's last start"));
            _book.KeepOnDisk();
            _disk = writer = create();
            return restored;
        }
    }

    internal long Sent { get { lock (_gate) return _book.Taken; } }
    internal long Acknowledged { get { lock (_gate) return _book.Acknowledged; } }
    internal long Refused { get { lock (_gate) return _book.Refused; } }
    internal long Skipped { get { lock (_gate) return _book.Skipped; } }
    internal long OpenReadings { get { lock (_gate) return _book.OpenReadings; } }
    internal long Resent { get { lock (_gate) return _sending.Again.Resent; } }
    /// <summary>Parts of answers that made no sense.</summary>
    internal long NotUnderstood { get { lock (_gate) return _answers.NotUnderstood; } }
    /// <summary>Why the edge will not have this gateway; null while it will.</summary>
    internal string? Fenced { get; private set; }

    /// <summary>False when there is no room: nothing was taken.</summary>
    /// <exception cref="GatewayFencedException">The edge will not have this gateway.</exception>
    internal bool TryTake(long atUs, ReadOnlySpan<Sample> samples, out long batch)
    {
        if (samples.Length > _options.LimitReadings) throw new ArgumentException($"{samples.Length} samples never fit into a buffer of {_options.LimitReadings}", nameof(samples));
        lock (_gate)
        {
            batch = 0;
            if (Fenced is { } why) throw new GatewayFencedException(why);
            if (!HasRoom(samples.Length)) return false;
            if (_book.OpenReadings == 0) _movedAt = _options.Time.GetTimestamp();
            batch = _book.Take(samples, atUs);
            if (_disk is not null && _book.Unkept is not null) _disk.Wake();
            else
            {
                _sending.Taken(samples.Length);
                Wake();
            }
            return true;
        }
    }

    /// <summary>Ends readings that the caller gives up. Returns how many were open.</summary>
    internal int Skip(int flat, long fromSeq, long toSeq, string reason)
    {
        lock (_gate)
        {
            var last = Math.Min(toSeq, _book.Marks[flat].Taken);
            if (fromSeq < 1 || fromSeq > last) return 0;
            var selection = new Selection();
            selection.Add(flat, new Named(fromSeq, last));
            Span<int> ended = stackalloc int[1];
            _book.Close(selection, refused: false, ended);
            if (ended[0] > 0) _sending.Losses.Declare(flat, fromSeq, last, reason);
            Moved();
            return ended[0];
        }
    }

    internal void BeginStream()
    {
        lock (_gate)
        {
            _sending.BeginStream();
            _movedAt = _options.Time.GetTimestamp();
        }
    }

    /// <summary>Fills the columns of the next frame, or says what to do instead.</summary>
    internal Turn Next(FrameColumns into)
    {
        lock (_gate)
        {
            var turn = _sending.Next(into);
            _senderSleeps = turn.Kind == TurnKind.Wait;
            return turn;
        }
    }

    /// <summary>Waits until something happened since the last <see cref="Next"/>, or the time is over.</summary>
    internal Task WorkAsync(TimeSpan within, CancellationToken cancel) => _work.WaitAsync(within, cancel);

    /// <summary>Takes an answer of the edge.</summary>
    /// <param name="refused">Gathers what has to be told to the caller.</param>
    internal Verdict Apply(EdgeFrame frame, List<RefusedReadings> refused)
    {
        lock (_gate)
        {
            var over = _book.Taken - _book.OpenReadings;
            var verdict = _answers.Apply(frame, refused);
            if (_book.Taken - _book.OpenReadings != over || frame.FrameCase == EdgeFrame.FrameOneofCase.Welcome) Moved();
            Wake();
            if (_wantsRoom) _disk?.Wake();
            return verdict;
        }
    }

    internal long LastNumber(int flat) { lock (_gate) return _book.Marks[flat].Taken; }

    internal long DoneThrough { get { lock (_gate) return _book.DoneThrough; } }

    internal long CopyUnkept(RecordBuffer into, int limit) { lock (_gate) return _book.Unkept!.Copy(into, limit); }

    internal bool CopyMarks(RecordBuffer into) { lock (_gate) return _book.Unkept!.CopyMarks(into); }

    internal bool CopyMoving(RecordBuffer into, int limit) { lock (_gate) return _book.Unkept!.CopyMoving(into, limit); }

    internal void ReadUnkept(Action<Unkept> read) { lock (_gate) read(_book.Unkept!); }

    /// <summary>Returns the highest position that may be met.</summary>
    internal long BeginMoving()
    {
        lock (_gate)
        {
            _book.Unkept!.BeginMoving();
            return _book.Unkept.KeptThrough - 1;
        }
    }

    /// <summary>The disk has what was copied: it may be sent.</summary>
    internal void Kept()
    {
        lock (_gate)
        {
            _sending.Taken(_book.Unkept!.KeepCopied());
            _book.Settle();
            Wake();
            Notify();
        }
    }

    internal void KeepOnDisk() { lock (_gate) _book.KeepOnDisk(); }

    /// <summary>The disk takes nothing: what waits for it is sent without.</summary>
    internal void KeepInMemory()
    {
        lock (_gate)
        {
            if (_book.Unkept is not { } unkept) return;
            _sending.Taken((int)unkept.Waiting);
            _book.KeepInMemory();
            Wake();
            Notify();
        }
    }

    /// <summary>There may be room.</summary>
    internal void Changed() { lock (_gate) Notify(); }

    /// <summary>Something waits, and nothing became durable for too long.</summary>
    internal bool IsStandingStill
    {
        get
        {
            lock (_gate) return (_book.OpenReadings > 0 || !_sending.IsWelcome) && _options.Time.GetElapsedTime(_movedAt) > _options.Standstill;
        }
    }

    internal void Fence(string why)
    {
        lock (_gate)
        {
            Fenced ??= why;
            Moved();
        }
    }

    /// <summary>Waits until the condition holds; it is looked at whenever something is over.</summary>
    /// <param name="isOfEdge">The edge must do something for it, which it will not for a fenced gateway.</param>
    internal async ValueTask UntilAsync(Func<Book, bool> holds, bool isOfEdge, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (holds(_book)) return;
                if (isOfEdge && Fenced is { } why) throw new GatewayFencedException(why);
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await changed.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until there is room for so many readings.</summary>
    internal ValueTask RoomAsync(int readings, CancellationToken cancel) => UntilAsync(_ => HasRoom(readings), isOfEdge: true, cancel);

    private bool HasRoom(int readings)
    {
        var hasRoom = _book.HasRoom(readings) && (_disk?.HasRoom((_book.Unkept?.Waiting ?? 0) + readings) ?? true);
        _wantsRoom = !hasRoom;
        if (_wantsRoom) _disk?.Wake();
        return hasRoom;
    }

    private void Moved()
    {
        _movedAt = _options.Time.GetTimestamp();
        Notify();
    }

    private void Notify()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private void Wake()
    {
        if (!_senderSleeps) return;
        _senderSleeps = false;
        if (_work.CurrentCount == 0) _work.Release();
    }
}
