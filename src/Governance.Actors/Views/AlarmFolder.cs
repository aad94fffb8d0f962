using Akka.Persistence.Query;
using Governance.Domain.AlarmLoad;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>
/// Turns journal events into changed records of alarms. The rules are pure (<see cref="SourceFolding"/>, <see cref="CaseFolding"/>);
/// here is what they need to know of before: what is open at each source, remembered from batch to batch, read back when it is not.
/// Whoever could not apply a batch throws the folder away.
/// </summary>
internal sealed class AlarmFolder(IAlarmViews views)
{
    /// <summary>Sources remembered; beyond, all are forgotten and read back as they are needed.</summary>
    private const int RememberedSources = 2_000;
    private readonly Dictionary<string, WatchedSource> _sources = [];

    /// <summary>Alarms of live sources that the batch raised, for the counter, with the moment at which each was journaled.</summary>
    internal List<AlarmRecord> Raised { get; } = [];

    internal async Task<AlarmBatch> FoldAsync(IReadOnlyList<EventEnvelope> batch, long from)
    {
        Raised.Clear();
        if (_sources.Count > RememberedSources) _sources.Clear();
        var (sources, cases, floods, changed) = (new Dictionary<string, SourceFolding>(), new Dictionary<string, CaseRecord?>(), new Dictionary<string, AlarmInterval?>(), new Dictionary<string, AlarmInterval>());
        foreach (var envelope in batch)
        {
            var id = envelope.PersistenceId[(envelope.PersistenceId.IndexOf('/') + 1)..];
            var journaled = new DateTimeOffset(envelope.Timestamp, TimeSpan.Zero);
            switch (envelope.Event)
            {
                case HazardSourceEvent e:
                    if (!sources.TryGetValue(id, out var folding)) sources[id] = folding = new SourceFolding(await SourceAsync(id).ConfigureAwait(false));
                    folding.Take(e, journaled);
                    break;
                case CaseEvent e:
                    if (!cases.TryGetValue(id, out var known)) known = await views.CaseAsync(id, CancellationToken.None).ConfigureAwait(false);
                    cases[id] = CaseFolding.After(id, known, e, journaled);
                    break;
                case AlertAppended e when FloodFolding.Concerns(e):
                    if (!floods.TryGetValue(id, out var running)) running = await views.FloodAsync(id, CancellationToken.None).ConfigureAwait(false);
                    floods[id] = FloodFolding.After(running, e, journaled) ?? running;
                    // A batch may hold several floods of one desk: each is a record of its own.
                    if (floods[id] is { } flood) changed[flood.Key] = flood;
                    break;
            }
        }
        foreach (var (id, folding) in sources) _sources[id] = folding.Source;
        Raised.AddRange(sources.Values.SelectMany(s => s.Raised).Where(a => !a.Drill));
        return new AlarmBatch(
            [.. sources.Values.Where(s => s.IsCommissionedAnew).Select(s => s.Source)], [.. sources.Values.SelectMany(s => s.Alarms)], [.. sources.Values.SelectMany(s => s.Links)],
            [.. sources.Values.SelectMany(s => s.Intervals), .. changed.Values], [.. cases.Values.OfType<CaseRecord>()], from, ((Sequence)batch[^1].Offset).Value);
    }

    private async Task<WatchedSource> SourceAsync(string id) =>
        _sources.TryGetValue(id, out var known) ? known : await views.WatchedAsync(id, CancellationToken.None).ConfigureAwait(false) ?? WatchedSource.New(id);
}
