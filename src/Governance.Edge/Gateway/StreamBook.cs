using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Governance.Contracts.Messages;
using Governance.Edge.V1;

namespace Governance.Edge.Gateway;

/// <summary>
/// What a stream owes its gateway: which frames are answered, which marks moved, what was refused. Everything waits
/// conflated until the gateway reads it, so a gateway that never reads costs no memory; notes are bounded, and beyond
/// the bound nothing more is read from the stream.
/// </summary>
internal sealed class StreamBook(int creditReadings, TimeProvider time, Action<long> framesDone)
{
    /// <summary>Refusals, weak readings and gaps that may wait to be told.</summary>
    internal const int NotesLimit = 10_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, int> _openParts = [];
    private readonly Dictionary<(string Source, string Detector), Mark> _marks = [];
    private readonly List<ReadingRefusal> _refusals = [];
    private readonly List<WeakReading> _weak = [];
    private readonly Dictionary<(string Source, string Detector, long From), Resend> _resends = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private long _received;
    private long _through;
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
        get { lock (_gate) return _through == _received && _told == _through && _marks.Count + _refusals.Count + _weak.Count + _resends.Count == 0; }
    }

    /// <summary>An epoch that is over was used: the gateway must not go on.</summary>
    internal bool IsFenced { get; private set; }

    internal void Received(long frame, int parts, int readings)
    {
        lock (_gate)
        {
            _received = frame;
            _underWay += readings;
            _openParts[frame] = parts;
            if (parts == 0) Advance();
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
    internal void Answered(string source, Ingested answer, IReadOnlyList<LaneItem.Part> parts)
    {
        var frame = parts.Count == 0 ? 0 : parts[^1].Frame;
        lock (_gate)
        {
            Close(parts);
            foreach (var mark in answer.Marks) _marks[(source, mark.DetectorId)] = mark;
            foreach (var note in answer.Refusals) Add(source, note, frame);
            foreach (var w in answer.Weak)
                _weak.Add(new WeakReading { SourceId = source, DetectorId = w.DetectorId, FromSeq = w.FromSeq, ToSeq = w.ToSeq, Reason = w.Reason });
            foreach (var m in answer.Missing)
                _resends[(source, m.DetectorId, m.FromSeq)] = new Resend { SourceId = source, DetectorId = m.DetectorId, Epoch = m.Epoch, FromSeq = m.FromSeq, ToSeq = m.ToSeq };
        }
        Signal();
    }

    internal void Marks(string source, ImmutableArray<Mark> marks, ImmutableArray<RangeNote> refusals)
    {
        lock (_gate)
        {
            foreach (var mark in marks) _marks[(source, mark.DetectorId)] = mark;
            foreach (var note in refusals) Add(source, note, 0);
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
            if (_through > _told || _marks.Count + _refusals.Count + _weak.Count > 0)
            {
                var ack = new Ack { Frame = _through, Credit = creditReadings, ServerTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
                ack.DurableThrough.AddRange(_marks.Select(m => new DurableMark { SourceId = m.Key.Source, DetectorId = m.Key.Detector, Epoch = m.Value.Epoch, Through = m.Value.Through }));
                ack.Refusals.AddRange(_refusals);
                ack.Weak.AddRange(_weak);
                frames.Add(new EdgeFrame { Ack = ack });
            }
            frames.AddRange(_resends.Values.Select(r => new EdgeFrame { Resend = r }));
            _told = _through;
            _marks.Clear();
            _refusals.Clear();
            _weak.Clear();
            _resends.Clear();
            return frames;
        }
    }

    private void Add(string source, RangeNote note, long frame)
    {
        if (note.Reason == "OLD_EPOCH") IsFenced = true;
        _refusals.Add(new ReadingRefusal
        {
            SourceId = source, DetectorId = note.DetectorId, FromSeq = note.FromSeq, ToSeq = note.ToSeq, Reason = note.Reason, Retry = note.Retry, Frame = frame, Detail = note.Detail,
        });
    }

    private void Close(IReadOnlyList<LaneItem.Part> parts)
    {
        foreach (var part in parts)
        {
            _underWay -= part.Readings.Detector.Count;
            _openParts[part.Frame]--;
        }
        Advance();
    }

    private void Advance()
    {
        var before = _through;
        while (_openParts.TryGetValue(_through + 1, out var open) && open == 0 && _through < _received) _openParts.Remove(++_through);
        if (_through > before) framesDone(_through);
        Signal();
    }

    private void Signal()
    {
        if (_changed.CurrentCount > 0) return;
        try { _changed.Release(); }
        catch (SemaphoreFullException) { /* somebody else has just signalled */ }
    }
}
