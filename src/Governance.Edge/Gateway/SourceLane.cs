using System.Collections.Immutable;
using Akka.Actor;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Edge.Gateway;

/// <summary>
/// The way of one stream to one source. One message is under way at a time; what arrives meanwhile gathers and becomes
/// the next. So the order of sending is the order of evaluation, whatever is sent again, and a busy lane batches by
/// itself: one ledger row per source and commit. A message is under way until it is answered, however often it is sent.
/// </summary>
internal sealed class SourceLane(uint position, string sourceId, ImmutableArray<DeclaredDetector> detectors, StreamSession session, StreamBook book)
{
    private const int PartLimitReadings = 10_000;
    /// <summary>Frames in a part: with the readings this keeps a message well below what remoting carries (1 MiB).</summary>
    private const int PartLimitFrames = 256;

    private readonly EntityAddress _to = new(EntityKinds.HazardSource, sourceId);
    private readonly Lock _gate = new();
    private readonly Queue<LaneItem> _waiting = new();
    private readonly Dictionary<string, string> _refusedDetectors = [];
    private readonly SourceMarkBook _marks = new(position, sourceId, detectors);
    private ImmutableArray<int> _ordinals;
    /// <summary>Declarations that wait or are under way: what the ordinals are is told by the last of them.</summary>
    private int _declaring;
    private Refusal? _refusal;
    private bool _busy;
    private IToEntity? _underWay;
    private long _part;
    private List<LaneItem.Part> _parts = [];
    /// <summary>The entity that answered last: the short way, as long as it answers.</summary>
    private IActorRef? _entity;

    internal ImmutableArray<DeclaredDetector> Detectors => detectors;
    internal uint Position => position;
    internal string SourceId => sourceId;

    /// <summary>True when the lane was idle: whoever gave it the item must see to it that it is sent.</summary>
    internal bool Enqueue(LaneItem item)
    {
        lock (_gate)
        {
            if (item is LaneItem.Declare) _declaring++;
            _waiting.Enqueue(item is LaneItem.Part part ? Read(part) : item);
            if (_busy) return false;
            return _busy = true;
        }
    }

    /// <summary>The next message with its number, and the entity itself where it is known; null when nothing waits, and the lane is idle.</summary>
    internal (IToEntity Message, long Part, IActorRef? Entity)? Next()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var item))
            {
                _part = session.NextPart();
                _underWay = item switch
                {
                    LaneItem.Skip skip => Skipped(skip),
                    LaneItem.Part part => Ingest(part),
                    _ => new DeclareStream(_to, _part, session.Gateway, session.Epoch, session.Clock, detectors),
                };
                if (_underWay is not null) return (_underWay, _part, _entity);
            }
            _busy = false;
            return null;
        }
    }

    /// <summary>What is under way, to be sent once more, and not the short way; null when it was answered meanwhile.</summary>
    internal IToEntity? Again(long part)
    {
        lock (_gate)
        {
            if (part != _part) return null;
            _entity = null;
            return _underWay;
        }
    }

    /// <summary>True when this answers what is under way: then the lane may go on.</summary>
    internal bool Answer(IAnswerToStream answer, IActorRef entity)
    {
        lock (_gate)
        {
            if (_underWay is null || answer.Part != _part) return false;
            switch (answer)
            {
                case StreamDeclared declared: Declared(declared); break;
                case Ingested { Refusals: [{ Reason: "NOT_DURABLE" }] }: return false;
                case Ingested ingested:
                    book.Answered(_marks, ingested, _parts);
                    // What is lost to the gateway moves marks that only the source knows.
                    if (_underWay is DeclareSkipped)
                    {
                        _declaring++;
                        _waiting.Enqueue(new LaneItem.Declare());
                    }
                    break;
                default: throw new InvalidOperationException($"{sourceId} answered a stream with {answer.GetType()}");
            }
            (_underWay, _parts, _entity) = (null, [], entity);
            return true;
        }
    }

    private void Declared(StreamDeclared declared)
    {
        _declaring--;
        _refusal = declared.Refusal;
        _ordinals = declared.Refusal is null ? declared.Ordinals : [];
        foreach (var note in declared.Refusals) _refusedDetectors[note.DetectorId] = note.Reason;
        if (declared.Refusal is { } no) book.Refuse(sourceId, new RangeNote("", session.Epoch, 0, 0, no.Reason, false, no.Message), 0);
        book.Declared(_marks, declared);
    }

    private DeclareSkipped? Skipped(LaneItem.Skip skip)
    {
        if (_refusal is null) return new DeclareSkipped(_to, _part, session.Gateway, session.Epoch, skip.DetectorId, skip.From, skip.To, skip.Reason);
        book.Refuse(sourceId, new RangeNote(skip.DetectorId, session.Epoch, skip.From, skip.To, _refusal.Reason, false, _refusal.Message), 0);
        return null;
    }

    /// <summary>As many parts as may travel together; null when nothing of them is left to send.</summary>
    private Ingest? Ingest(LaneItem.Part first)
    {
        var (parts, readings, segments) = (new List<LaneItem.Part> { first }, first.Count, ImmutableArray.CreateBuilder<ReadingSegment>());
        while (parts.Count < PartLimitFrames && _waiting.TryPeek(out var next) && next is LaneItem.Part part && readings + part.Count <= PartLimitReadings)
        {
            parts.Add(part);
            readings += part.Count;
            _waiting.Dequeue();
        }
        foreach (var part in parts)
            if (Segment(part) is { Readings.Length: > 0 } segment) segments.Add(segment);
        if (segments.Count == 0)
        {
            book.Done(parts);
            return null;
        }
        _parts = parts;
        return new Ingest(_to, _part, segments.DrainToImmutable());
    }

    /// <summary>
    /// Read at once where nothing is in doubt: a part may wait long, as readings it is two objects, as a frame's message
    /// more than ten, and every collection meanwhile visits them all.
    /// </summary>
    private LaneItem.Part Read(LaneItem.Part part)
    {
        if (_declaring > 0 || _refusal is not null) return part;
        var isClean = true;
        var segment = ColumnReader.Read(part, session, detectors, _ordinals, _refusedDetectors, _ => isClean = false);
        return isClean ? part with { Columns = null, Segment = segment } : part;
    }

    private ReadingSegment? Segment(LaneItem.Part part)
    {
        if (part.Segment is { } read) return read;
        if (_refusal is { } no)
        {
            book.Refuse(sourceId, new RangeNote("", session.Epoch, 0, 0, no.Reason, false, no.Message), part.Frame);
            return null;
        }
        return ColumnReader.Read(part, session, detectors, _ordinals, _refusedDetectors, note =>
        {
            book.Refuse(sourceId, note, part.Frame);
            // A finally refused reading of a known detector must not block the mark: its number is declared lost, by name.
            if (ColumnReader.CoversMark(note)) _waiting.Enqueue(new LaneItem.Skip(note.DetectorId, note.FromSeq, note.ToSeq, $"refused {note.Reason}"));
        });
    }
}
