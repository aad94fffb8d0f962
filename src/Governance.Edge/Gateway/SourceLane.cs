using System.Collections.Immutable;
using Akka.Actor;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Edge.Gateway;

/// <summary>
/// The way of one stream to one source. One part is under way at a time; what arrives meanwhile gathers and becomes
/// the next part. So the order of sending is the order of evaluation, whatever is sent again, and a busy lane batches
/// by itself: one ledger row per source and commit.
/// </summary>
internal sealed class SourceLane(string sourceId, ImmutableArray<DeclaredDetector> detectors, StreamSession session, Entities entities, Durability durability, StreamBook book)
{
    private const int PartLimitReadings = 10_000;
    /// <summary>Frames in a part: with the readings this keeps a message well below what remoting carries (1 MiB).</summary>
    private const int PartLimitFrames = 256;
    /// <summary>A part without an answer is sent again: sharding may lose messages at any hand-off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NotDurablePause = TimeSpan.FromMilliseconds(200);

    private readonly EntityAddress _to = new(EntityKinds.HazardSource, sourceId);
    private readonly Lock _gate = new();
    private readonly Queue<LaneItem> _waiting = new();
    private readonly Dictionary<string, string> _refusedDetectors = [];
    private ImmutableArray<int> _ordinals;
    private Refusal? _refusal;
    private bool _running;
    private long _part;

    internal ImmutableArray<DeclaredDetector> Detectors => detectors;

    internal void Enqueue(LaneItem item)
    {
        lock (_gate)
        {
            _waiting.Enqueue(item);
            if (_running) return;
            _running = true;
        }
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (Next() is { Count: > 0 } items)
            {
                if (_ordinals.IsDefault) await DeclareAsync();
                if (items[0] is LaneItem.Skip skip) await SkipAsync(skip);
                else if (items[0] is LaneItem.Part) await IngestAsync(items.Cast<LaneItem.Part>().ToList());
            }
        }
        catch (OperationCanceledException) { /* the stream is over; the gateway has everything that was not acknowledged */ }
        catch (Exception unexpected) { session.Fail(unexpected); }
    }

    /// <summary>One skip, or as many parts as may travel together; empty when nothing waits.</summary>
    private List<LaneItem> Next()
    {
        lock (_gate)
        {
            var (items, readings) = (new List<LaneItem>(), 0);
            while (_waiting.TryPeek(out var item))
            {
                if (items.Count > 0 && (item is not LaneItem.Part || items[0] is not LaneItem.Part)) break;
                readings += item is LaneItem.Part part ? part.Readings.Detector.Count : 0;
                if (items.Count > 0 && (readings > PartLimitReadings || items.Count >= PartLimitFrames)) break;
                items.Add(_waiting.Dequeue());
            }
            if (items.Count == 0) _running = false;
            return items;
        }
    }

    private async Task DeclareAsync()
    {
        var declare = new DeclareStream(_to, session.Gateway, session.Epoch, session.Clock, detectors);
        var declared = await UntilAnsweredAsync<StreamDeclared>(declare);
        _refusal = declared.Refusal;
        _ordinals = declared.Refusal is null ? declared.Ordinals : [];
        foreach (var note in declared.Refusals) _refusedDetectors[note.DetectorId] = note.Reason;
        if (declared.Refusal is { } no) book.Refuse(sourceId, new RangeNote("", session.Epoch, 0, 0, no.Reason, false, no.Message), 0);
        book.Marks(sourceId, declared.Marks, declared.Refusals);
    }

    private async Task IngestAsync(List<LaneItem.Part> parts)
    {
        var segments = ImmutableArray.CreateBuilder<ReadingSegment>(parts.Count);
        foreach (var part in parts)
            if (Segment(part) is { Readings.Length: > 0 } segment) segments.Add(segment);
        if (segments.Count > 0)
        {
            var ingest = new Ingest(_to, ++_part, segments.ToImmutable());
            book.Answered(sourceId, await UntilAnsweredAsync<Ingested>(ingest), parts);
        }
        else book.Done(parts);
    }

    private ReadingSegment? Segment(LaneItem.Part part)
    {
        if (_refusal is { } no)
        {
            book.Refuse(sourceId, new RangeNote("", session.Epoch, 0, 0, no.Reason, false, no.Message), part.Frame);
            return null;
        }
        return ColumnReader.Read(part, session, detectors, _ordinals, _refusedDetectors, note =>
        {
            book.Refuse(sourceId, note, part.Frame);
            // A finally refused reading of a known detector must not block the mark: its number is declared lost, by name.
            if (ColumnReader.CoversMark(note)) Enqueue(new LaneItem.Skip(note.DetectorId, note.FromSeq, note.ToSeq, $"refused {note.Reason}"));
        });
    }

    private async Task SkipAsync(LaneItem.Skip skip)
    {
        if (_refusal is { } no) { book.Refuse(sourceId, new RangeNote(skip.DetectorId, session.Epoch, skip.From, skip.To, no.Reason, false, no.Message), 0); return; }
        var message = new DeclareSkipped(_to, ++_part, session.Gateway, session.Epoch, skip.DetectorId, skip.From, skip.To, skip.Reason);
        book.Answered(sourceId, await UntilAnsweredAsync<Ingested>(message), []);
        await DeclareAsync();
    }

    private async Task<T> UntilAnsweredAsync<T>(IToEntity message)
    {
        while (true)
        {
            session.Ended.ThrowIfCancellationRequested();
            // Nothing could be acknowledged: entities are left alone until the storage is back.
            while (durability.Trouble is not null) await Task.Delay(NotDurablePause, session.Ended);
            try
            {
                var answer = await entities.AskAsync<T>(message, Patience, session.Ended);
                if (answer is not Ingested { Refusals: [{ Reason: "NOT_DURABLE" }] }) return answer;
                await Task.Delay(NotDurablePause, session.Ended);
            }
            catch (AskTimeoutException) { session.Log.PartUnanswered(sourceId, session.Gateway.Value); }
        }
    }
}

/// <summary>What waits on a lane.</summary>
internal abstract record LaneItem
{
    private LaneItem() { }

    /// <summary>Opens the lane: nothing but the declaration.</summary>
    internal sealed record Open : LaneItem;

    internal sealed record Part(long Frame, V1.SourceReadings Readings, DateTimeOffset ReceivedAt, DateTimeOffset SentAt, bool Historical) : LaneItem;

    internal sealed record Skip(string DetectorId, long From, long To, string Reason) : LaneItem;
}
