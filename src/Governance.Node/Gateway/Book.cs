using Governance.Edge.V1;

namespace Governance.Node.Gateway;

/// <summary>One sample to send. <paramref name="Source"/> and <paramref name="Detector"/> are positions in the hello.</summary>
public readonly record struct Sample(int Source, int Detector, DateTimeOffset SampledAt, double Value, Quality Quality = Quality.Good);

/// <summary>A reading with its number: kept until it is durable.</summary>
internal readonly record struct Kept(int Source, int Detector, long Seq, DateTimeOffset SampledAt, double Value, Quality Quality);

/// <summary>Readings that were taken together. Kept whole until every one is durable or finally refused.</summary>
internal sealed class Batch(long number, DateTimeOffset sentAt, List<Kept> readings)
{
    internal long Number { get; } = number;
    internal DateTimeOffset SentAt { get; } = sentAt;
    internal List<Kept> Readings { get; } = readings;
    /// <summary>Frame on the stream of now; 0 when not sent on it.</summary>
    internal long Frame { get; set; }
}

/// <summary>The gateway's book: what was taken and is not yet durable, and the marks that the edge confirmed.</summary>
internal sealed class Book(IReadOnlyList<SourceDeclaration> sources)
{
    private readonly Dictionary<(string Source, string Detector), (int Source, int Detector)> _positions = sources
        .SelectMany((s, i) => s.Detectors.Select((d, j) => (Key: (s.SourceId, d.DetectorId), Position: (i, j)))).ToDictionary(p => p.Key, p => p.Position);
    private readonly long[][] _next = [.. sources.Select(s => Enumerable.Repeat(1L, s.Detectors.Count).ToArray())];
    private readonly long[][] _durable = [.. sources.Select(s => new long[s.Detectors.Count])];
    private readonly LinkedList<Batch> _open = new();
    /// <summary>Batches that may stay open before an acknowledgement stops looking further; those that go cost nothing.</summary>
    private const int SettleBatches = 2_000;
    private LinkedListNode<Batch>? _unsent;
    private long _batches;

    internal long Sent { get; private set; }
    internal long Acknowledged { get; private set; }
    internal long Refused { get; private set; }
    internal long OpenReadings => Sent - Acknowledged - Refused;
    internal IEnumerable<Batch> Open => _open;

    /// <summary>Highest batch number below which everything is durable or refused.</summary>
    internal long DoneThrough => _open.First is { } first ? first.Value.Number - 1 : _batches;

    internal Batch Take(DateTimeOffset sentAt, IReadOnlyList<Sample> samples)
    {
        var kept = samples.Select(s => new Kept(s.Source, s.Detector, _next[s.Source][s.Detector]++, s.SampledAt, s.Value, s.Quality)).ToList();
        Sent += kept.Count;
        var batch = new Batch(++_batches, sentAt, kept);
        var node = _open.AddLast(batch);
        _unsent ??= node;
        return batch;
    }

    /// <summary>Readings sent on the stream of now and not yet durable.</summary>
    internal int UnderWay { get; private set; }

    /// <summary>The next batch of the stream of now; null when all are sent.</summary>
    internal Batch? NextToSend(long frame)
    {
        while (_unsent is { } node)
        {
            _unsent = node.Next;
            if (node.Value.Readings.Count == 0) continue;
            node.Value.Frame = frame;
            UnderWay += node.Value.Readings.Count;
            return node.Value;
        }
        return null;
    }

    /// <summary>A new stream: everything that is open is sent again, oldest first.</summary>
    internal void BeginStream()
    {
        foreach (var batch in _open) batch.Frame = 0;
        (UnderWay, _unsent) = (0, _open.First);
    }

    internal void Durable(DurableMark mark)
    {
        if (!_positions.TryGetValue((mark.SourceId, mark.DetectorId), out var p)) return;
        _durable[p.Source][p.Detector] = Math.Max(_durable[p.Source][p.Detector], mark.Through);
    }

    /// <summary>Drops what the marks cover; a gateway may forget a reading only here, or when it is finally refused.</summary>
    internal void Settle()
    {
        var node = _open.First;
        // Only what stays counts: one acknowledgement may cover more batches than this, and may be the last one.
        for (var kept = 0; node is not null && kept < SettleBatches;)
        {
            var (batch, next) = (node.Value, node.Next);
            Acknowledged += Remove(batch, r => r.Seq <= _durable[r.Source][r.Detector]);
            if (batch.Readings.Count == 0)
            {
                if (_unsent == node) _unsent = next;
                _open.Remove(node);
            }
            else kept++;
            node = next;
        }
    }

    private int Remove(Batch batch, Predicate<Kept> match)
    {
        var removed = batch.Readings.RemoveAll(match);
        if (batch.Frame > 0) UnderWay -= removed;
        return removed;
    }

    /// <summary>Finally refused: told to the caller, never sent again.</summary>
    internal void Refuse(ReadingRefusal refusal)
    {
        foreach (var batch in _open)
        {
            if (refusal.FromSeq == 0 && batch.Frame != refusal.Frame && refusal.Frame != 0) continue;
            Refused += Remove(batch, r => sources[r.Source].SourceId == refusal.SourceId
                && (refusal.DetectorId.Length == 0 || sources[r.Source].Detectors[r.Detector].DetectorId == refusal.DetectorId)
                && (refusal.FromSeq == 0 || (r.Seq >= refusal.FromSeq && r.Seq <= refusal.ToSeq)));
        }
        Settle();
    }
}
