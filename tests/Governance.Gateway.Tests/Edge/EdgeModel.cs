using Governance.Edge.V1;

namespace Governance.Gateway.Tests.Edge;

/// <summary>A reading as it came to the edge.</summary>
/// <param name="Arrival">Counted over everything that came, repetitions included, from 1.</param>
internal readonly record struct Arrived(long Arrival, string Detector, long Seq, double Value, long SampledUs, long TakenUs, long SentUs, Quality Quality, int Stream, long Frame);

/// <summary>
/// What an honest cluster knows of its gateways, whatever node a stream came to: each number once, with its first
/// content, and the mark below which nothing is missing. Notes what a gateway must never do.
/// </summary>
internal sealed class EdgeModel
{
    private sealed class Known
    {
        internal long Epoch, Through;
        internal readonly SortedSet<long> Above = [];
        internal readonly Dictionary<long, (double Value, long SampledUs)> Content = [];
        internal bool Has(long seq) => seq <= Through || Above.Contains(seq);

        internal void Cover(long seq)
        {
            Above.Add(seq);
            while (Above.Remove(Through + 1)) Through++;
        }

        internal int Gaps
        {
            get
            {
                var (gaps, last) = (0, Through);
                foreach (var seq in Above)
                {
                    if (seq > last + 1) gaps++;
                    last = seq;
                }
                return gaps;
            }
        }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Known> _known = [];
    private readonly List<Arrived> _arrived = [];

    /// <summary>Numbers that came again with other content: a lie that no gateway may tell.</summary>
    internal List<string> Reused { get; } = [];
    /// <summary>Readings that were known already when they came.</summary>
    internal int Repeated { get; private set; }
    /// <summary>The most gaps that one detector ever had.</summary>
    internal int MostGaps { get; private set; }

    internal IReadOnlyList<Arrived> Arrived { get { lock (_gate) return [.. _arrived]; } }
    internal int Count { get { lock (_gate) return _known.Values.Sum(k => k.Content.Count); } }

    internal static string Name(string source, string detector) => $"{source}/{detector}";

    /// <summary>What is stored of a detector in its epoch of now.</summary>
    internal Dictionary<long, double> StoredOf(string source, string detector)
    {
        lock (_gate) return _known.TryGetValue(Name(source, detector), out var known) ? known.Content.ToDictionary(c => c.Key, c => c.Value.Value) : [];
    }

    internal long ThroughOf(string source, string detector, long epoch)
    {
        lock (_gate) return _known.TryGetValue(Name(source, detector), out var known) && known.Epoch == epoch ? known.Through : 0;
    }

    /// <summary>The numbers that are missing below the highest.</summary>
    internal (long From, long To)? FirstGapOf(string source, string detector)
    {
        lock (_gate)
            return _known.TryGetValue(Name(source, detector), out var known) && known.Above.Count > 0 ? (known.Through + 1, known.Above.Min - 1) : null;
    }

    /// <summary>Notes that a reading came; stores it unless told not to.</summary>
    internal void Take(Hello hello, ReadingBatch batch, SourceReadings part, int i, int stream, bool store = true)
    {
        var detector = hello.Sources.First(s => s.SourceId == part.SourceId).Detectors[(int)part.Detector[i]].DetectorId;
        var sentUs = batch.SentAt.Seconds * 1_000_000 + batch.SentAt.Nanos / 1_000;
        var sampledUs = sentUs - (part.SampledBeforeUs.Count == 0 ? 0 : part.SampledBeforeUs[i]);
        var takenUs = part.TakenBeforeUs.Count == 0 ? sampledUs : sentUs - part.TakenBeforeUs[i];
        var quality = part.Quality.Count == 0 ? Quality.Good : part.Quality[i];
        lock (_gate)
        {
            var name = Name(part.SourceId, detector);
            _arrived.Add(new Arrived(_arrived.Count + 1, name, part.Seq[i], part.Value[i], sampledUs, takenUs, sentUs, quality, stream, batch.Frame));
            if (!store) return;
            if (!_known.TryGetValue(name, out var known) || known.Epoch < hello.Epoch) _known[name] = known = new Known { Epoch = hello.Epoch };
            if (known.Content.TryGetValue(part.Seq[i], out var first))
            {
                Repeated++;
                if (!first.Value.Equals(part.Value[i]) || first.SampledUs != sampledUs) Reused.Add($"{name} {hello.Epoch}/{part.Seq[i]}: {first}, then {(part.Value[i], sampledUs)}");
            }
            else if (!known.Has(part.Seq[i])) known.Content[part.Seq[i]] = (part.Value[i], sampledUs);
            known.Cover(part.Seq[i]);
            MostGaps = Math.Max(MostGaps, known.Gaps);
        }
    }

    /// <summary>Declared lost: nothing is missing there any more.</summary>
    internal void Skip(Hello hello, Skipped skipped)
    {
        lock (_gate)
        {
            var name = Name(skipped.SourceId, skipped.DetectorId);
            if (!_known.TryGetValue(name, out var known) || known.Epoch < hello.Epoch) _known[name] = known = new Known { Epoch = hello.Epoch };
            for (var seq = skipped.FromSeq; seq <= skipped.ToSeq; seq++) known.Cover(seq);
        }
    }
}
