using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.Backtests;

/// <summary>One alarm that limits would have raised.</summary>
/// <param name="First">Level that it was raised at.</param>
/// <param name="ClearedAt">Null: still active at the end of the recording.</param>
public sealed record BacktestOccurrence(
    string Detector, string Occurrence, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, AlarmLevel First, AlarmLevel Peak, double PeakValue, bool Folded)
{
    internal bool Overlaps(DateTimeOffset from, DateTimeOffset to) => RaisedAt <= to && (ClearedAt is null || ClearedAt >= from);
}

/// <summary>What a limit set makes of recorded readings.</summary>
/// <param name="Readings">All of them, evaluated or not.</param>
/// <param name="SilentSpells">How often a detector lost its trust.</param>
/// <param name="SamplesOver">Per detector, the samples that reached any of its limits by their value, whatever delays made of them.</param>
public sealed record BacktestResult(
    ImmutableList<BacktestOccurrence> Occurrences, long Readings, DateTimeOffset From, DateTimeOffset To, int SilentSpells, ImmutableSortedDictionary<string, long> SamplesOver)
{
    public double Days => Math.Max((To - From).TotalDays, 1.0 / 1440);
    public double AlarmsPerDay => Occurrences.Count / Days;
}

/// <summary>
/// Plays recorded readings through the very rules of the live path (alarms.md §9): <see cref="Evaluation"/> with its
/// deadlines, each reading at its own now. No journal, no clock, no entity; live state is never touched.
/// </summary>
public sealed class Backtest
{
    private readonly Dictionary<string, BacktestOccurrence> _occurrences = [];
    private readonly List<string> _order = [];
    private readonly Dictionary<int, long> _over = [];
    private HazardSourceState _state;
    private long _readings;
    private int _silent;
    private DateTimeOffset? _first;
    private DateTimeOffset _last;

    /// <param name="config">The source with the limits to try.</param>
    /// <param name="from">Any time before the first reading.</param>
    public Backtest(SourceConfig config, DateTimeOffset from)
    {
        var rules = new HazardSourceRules();
        var decision = rules.Decide(rules.Initial(config.Id.Value), new Stimulus.Commanded(new CommissionSource(config), Caller.System), from);
        if (decision.Refusal is { } refusal) throw new ArgumentException(refusal.Message, nameof(config));
        _state = decision.Events.Aggregate(rules.Initial(config.Id.Value), rules.Evolve);
    }

    /// <summary>A live source under other limits, as if nothing had happened to it yet: its detectors keep their ordinals, which recorded readings name.</summary>
    public Backtest(HazardSourceState live, SourceConfig config) => _state = live with
    {
        Config = config, Warnings = [], Incidents = [], Colour = Colour.Grey, Permits = [],
        Detectors = [.. live.Detectors.Select(d => d with { Memo = DetectorMemo.New, Handling = Handling.New, Config = config.Detectors.FirstOrDefault(c => c.Id == d.Config.Id) ?? d.Config })],
    };

    /// <summary>Readings in the order of their arrival; <see cref="ReadingSegment.ReceivedAt"/> is the now of their evaluation.</summary>
    public void Add(ReadingSegment segment)
    {
        _first ??= segment.ReceivedAt;
        if (segment.ReceivedAt > _last) _last = segment.ReceivedAt;
        _readings += segment.Readings.Length;
        foreach (ref readonly var reading in segment.Readings.AsSpan())
            if (TrustRules.LevelOf(_state.Detectors[reading.Detector].Config, reading.Value, AlarmLevel.None) > AlarmLevel.None)
                _over[reading.Detector] = _over.GetValueOrDefault(reading.Detector) + 1;
        var result = Evaluation.Of(_state, segment);
        _state = result.After;
        foreach (var happened in result.Decision.Events) Note(happened);
    }

    public BacktestResult Result() => new([.. _order.Select(o => _occurrences[o])], _readings, _first ?? _last, _last, _silent,
        _over.ToImmutableSortedDictionary(o => _state.Detectors[o.Key].Config.Id.Value, o => o.Value, StringComparer.Ordinal));

    private void Note(HazardSourceEvent happened)
    {
        switch (happened)
        {
            case OccurrenceActivated e:
                _order.Add(e.Occurrence.Value);
                _occurrences[e.Occurrence.Value] = new BacktestOccurrence(_state.Detectors[e.Detector].Config.Id.Value, e.Occurrence.Value, e.At, null, e.Level, e.Level, e.Cause.Value, e.Withheld == Withheld.Folded);
                break;
            case LevelChanged e:
                Change(e.Occurrence, o => o with { Peak = e.To > o.Peak ? e.To : o.Peak });
                break;
            case ReturnedToNormal e:
                Change(e.Occurrence, o => o with { ClearedAt = e.At, Peak = e.Peak, PeakValue = e.PeakValue });
                break;
            case DetectorSilent:
                _silent++;
                break;
        }
    }

    private void Change(OccurrenceId occurrence, Func<BacktestOccurrence, BacktestOccurrence> change) => _occurrences[occurrence.Value] = change(_occurrences[occurrence.Value]);
}
