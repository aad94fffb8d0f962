using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Governance.Contracts.Messages;
using Governance.Domain.Gateways;
using Governance.Edge.V1;

namespace Governance.Edge.Gateway;

/// <summary>
/// What a stream owes its gateway: which frames are answered, which marks moved, what was refused. Everything waits
/// conflated until the gateway reads it, so a gateway that never reads costs no memory; notes are bounded, and beyond
/// the bound nothing more is read from the stream.
/// </summary>
internal sealed class StreamBook(int creditReadings, bool markColumns, TimeProvider time, Action<long> framesDone)
{
    /// <summary>Refusals, weak readings and gaps that may wait to be told.</summary>
    internal const int NotesLimit = 10_000;

    private readonly Lock _gate = new();
    private readonly OpenFrames _frames = new();
    private readonly Queue<SourceMarkBook> _moved = new();
    private readonly List<ReadingRefusal> _refusals = [];
    private readonly List<WeakReading> _weak = [];
    private readonly Dictionary<(string Source, string Detector, long From), Resend> _resends = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly SemaphoreSlim _room = new(0, 1);
    private long _told;
    private int _underWay;

    /// <summary>True while another frame may be read.</summary>
    internal bool HasRoom
    {
        get { lock (_gate) return _underWay < creditReadings && _refusals.Count + _weak.Count < NotesLimit; }
    }

    /// <summary>Every frame that came is answered, and the answers are told.</summary>
    internal bool IsSettled
    {
        get { lock (_gate) return _frames.ClosedThrough == _frames.Received && _told == _frames.ClosedThrough && _moved.Count + _refusals.Count + _weak.Count + _resends.Count == 0; }
    }

    /// <summary>Why the gateway must not go on as it is: an epoch that is over, or a newer stream of its name. Null while it may.</summary>
    internal string? Fenced { get; private set; }

    internal void Fence(string reason)
    {
        lock (_gate) Fenced ??= reason;
        Signal();
    }

    /// <summary>Waits until something was answered.</summary>
    internal Task RoomAsync(TimeSpan atMost, CancellationToken cancel) => _room.WaitAsync(atMost, cancel);

    internal void Received(int parts, int readings)
    {
        lock (_gate)
        {
            _underWay += readings;
            var before = _frames.ClosedThrough;
            _frames.Open(parts);
            Advanced(before);
        }
    }

    /// <summary>One source's parts of frames are refused for good.</summary>
    internal void Done(IReadOnlyList<LaneItem.Part> parts)
    {
        lock (_gate) Close(parts);
    }

    /// <summary>
    /// One source's parts of frames are durable. Frames close, and recorded time moves, before the gateway can hear of
    /// the marks: who waits for an acknowledgement finds the clock there.
    /// </summary>
    internal void Answered(SourceMarkBook source, Ingested answer, IReadOnlyList<LaneItem.Part> parts)
    {
        var frame = parts.Count == 0 ? 0 : parts[^1].Frame;
        lock (_gate)
        {
            Close(parts);
            Move(source, answer.Marks);
            foreach (var note in answer.Refusals) Add(source.SourceId, note, frame);
            foreach (var w in answer.Weak)
                _weak.Add(new WeakReading { SourceId = source.SourceId, DetectorId = w.DetectorId, FromSeq = w.FromSeq, ToSeq = w.ToSeq, Reason = w.Reason });
            foreach (var m in answer.Missing)
                _resends[(source.SourceId, m.DetectorId, m.FromSeq)] = new Resend { SourceId = source.SourceId, DetectorId = m.DetectorId, Epoch = m.Epoch, FromSeq = m.FromSeq, ToSeq = m.ToSeq };
        }
        Signal();
    }

    internal void Declared(SourceMarkBook source, StreamDeclared declared)
    {
        lock (_gate)
        {
            source.Declare(declared.Ordinals);
            Move(source, declared.Marks);
            foreach (var note in declared.Refusals) Add(source.SourceId, note, 0);
        }
        Signal();
    }

    internal void Refuse(string source, RangeNote note, long frame)
    {
        lock (_gate) Add(source, note, frame);
        Signal();
    }

    /// <summary>Waits until there is something to tell.</summary>
    internal Task<bool> ChangedAsync(TimeSpan atMost, CancellationToken cancel) => _changed.WaitAsync(atMost, cancel);

    /// <summary>Everything that waits, as frames; empty when nothing does.</summary>
    internal List<EdgeFrame> Take()
    {
        lock (_gate)
        {
            var frames = new List<EdgeFrame>();
            if (_frames.ClosedThrough > _told || _moved.Count + _refusals.Count + _weak.Count > 0)
            {
                var ack = new Ack { Frame = _frames.ClosedThrough, Credit = creditReadings, ServerTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
                while (_moved.TryDequeue(out var source))
                    if (markColumns) source.TakeColumns(ack.Marks);
                    else source.Take(ack.DurableThrough);
                ack.Refusals.AddRange(_refusals);
                ack.Weak.AddRange(_weak);
                frames.Add(new EdgeFrame { Ack = ack });
            }
            frames.AddRange(_resends.Values.Select(r => new EdgeFrame { Resend = r }));
            _told = _frames.ClosedThrough;
            _refusals.Clear();
            _weak.Clear();
            _resends.Clear();
            return frames;
        }
    }

    private void Move(SourceMarkBook source, ImmutableArray<Mark> marks)
    {
        if (source.Move(marks)) _moved.Enqueue(source);
    }

    private void Add(string source, RangeNote note, long frame)
    {
        if (note.Reason == GatewayRules.OldEpoch) Fenced ??= GatewayRules.OldEpoch;
        _refusals.Add(new ReadingRefusal
        {
            SourceId = source, DetectorId = note.DetectorId, FromSeq = note.FromSeq, ToSeq = note.ToSeq, Reason = note.Reason, Retry = note.Retry, Frame = frame, Detail = note.Detail,
        });
    }

    private void Close(IReadOnlyList<LaneItem.Part> parts)
    {
        var before = _frames.ClosedThrough;
        foreach (var part in parts)
        {
            _underWay -= part.Count;
            _frames.ClosePart(part.Frame);
        }
        Advanced(before);
        Release(_room);
    }

    private void Advanced(long before)
    {
        if (_frames.ClosedThrough > before) framesDone(_frames.ClosedThrough);
        Signal();
    }

    private void Signal() => Release(_changed);

    private static void Release(SemaphoreSlim signal)
    {
        if (signal.CurrentCount > 0) return;
        try { signal.Release(); }
        catch (SemaphoreFullException) { /* somebody else has just signalled */ }
    }
}
