using Governance.Edge.V1;

namespace Governance.Gateway.Disk;

/// <summary>A reading as the segments keep it. <paramref name="Id"/> counts detectors as they were met.</summary>
internal record struct RecoveredReading(int Id, long Epoch, long Seq, long Position, long SampledUs, long AtUs, double Value, byte Quality);

/// <summary>Everything that the segments of a folder say, before anything is decided on it.</summary>
internal sealed class Recovered
{
    private readonly Dictionary<(string Source, string Detector), int> _ids = [];

    internal List<(string Source, string Detector, string Unit)> Detectors { get; } = [];
    /// <summary>Last number given in the youngest epoch, by id.</summary>
    internal List<long> Taken { get; } = [];
    /// <summary>Mark of the edge in the youngest epoch, by id.</summary>
    internal List<long> Through { get; } = [];
    /// <summary>Readings that are over without being durable.</summary>
    internal List<(int Id, long Seq, bool IsRefused)> Closed { get; } = [];
    internal List<RecoveredReading> Readings { get; } = [];
    internal List<BufferDamage> Damage { get; } = [];
    /// <summary>Segments that were found, oldest first, with the highest position in each.</summary>
    internal List<(long Segment, long Bytes, long LastPosition)> Segments { get; } = [];
    /// <summary>Number of the youngest segment, readable or not; 0 when there is none.</summary>
    internal long LastSegment { get; set; }
    internal long Epoch { get; set; }
    internal long NextPosition { get; set; }
    /// <summary>False when numbers may have been given that no record shows.</summary>
    internal bool IsTrusted { get; set; } = true;

    internal int IdOf(string source, string detector, string unit)
    {
        if (_ids.TryGetValue((source, detector), out var id)) return id;
        _ids[(source, detector)] = id = Detectors.Count;
        Detectors.Add((source, detector, unit));
        Taken.Add(0);
        Through.Add(0);
        return id;
    }

    /// <summary>A head of a younger epoch: counters begin anew.</summary>
    internal void Enter(long epoch)
    {
        if (epoch <= Epoch) return;
        var open = Open();
        Readings.Clear();
        Readings.AddRange(open);
        Closed.Clear();
        Epoch = epoch;
        for (var id = 0; id < Taken.Count; id++) (Taken[id], Through[id]) = (0, 0);
    }

    /// <summary>
    /// The readings that are still to be sent, in the order of taking. Each position once: what was moved, or numbered anew
    /// when a start was cut short, stands there twice, and the youngest epoch counts.
    /// </summary>
    internal List<RecoveredReading> Open()
    {
        var closed = Closed.Select(c => (c.Id, c.Seq)).ToHashSet();
        return [.. Readings.OrderBy(r => r.Position).ThenByDescending(r => r.Epoch).DistinctBy(r => r.Position)
            .Where(r => r.Epoch != Epoch || (r.Seq > Through[r.Id] && !closed.Contains((r.Id, r.Seq))))];
    }

    /// <summary>What the old declarations have and the new ones lack, of detectors with readings to send: they go on being declared.</summary>
    internal IReadOnlyList<SourceDeclaration> Declared(IReadOnlyList<SourceDeclaration> now, IEnumerable<RecoveredReading> open)
    {
        var all = now.Select(s => s.Clone()).ToList();
        var sources = all.ToDictionary(s => s.SourceId);
        var known = all.SelectMany(s => s.Detectors.Select(d => (s.SourceId, d.DetectorId))).ToHashSet();
        foreach (var id in open.Select(r => r.Id).Distinct())
        {
            var (source, detector, unit) = Detectors[id];
            if (!known.Add((source, detector))) continue;
            if (!sources.TryGetValue(source, out var declared)) all.Add(sources[source] = declared = new SourceDeclaration { SourceId = source });
            declared.Detectors.Add(new DetectorDeclaration { DetectorId = detector, Unit = unit });
        }
        return all;
    }
}
