using System.Diagnostics.Metrics;
using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>
/// The alarm load as metrics (OpenTelemetry names, live sources only). Every node has the instruments; only the one that
/// feeds the records has values. The others observe nothing, so that a sum over nodes is the truth.
/// </summary>
internal sealed class AlarmMeter : IDisposable
{
    private static readonly AlarmLevel[] Levels = [AlarmLevel.One, AlarmLevel.Two, AlarmLevel.Three];
    private readonly Meter _meter = new(AlarmLoadMetrics.MeterName);
    private readonly Counter<long> _raised;
    private readonly TimeProvider _wall;
    private volatile Snapshot? _last;

    private sealed record Snapshot(AlarmGauges Gauges, DateTimeOffset AsOf);

    internal AlarmMeter(TimeProvider wall)
    {
        _wall = wall;
        _raised = _meter.CreateCounter<long>("governance.alarms.raised", "{alarm}", "Alarms told, by level and kind");
        _meter.CreateObservableGauge("governance.alarms.active", () => _last is { } s ? Levels.Select(l => new Measurement<int>(s.Gauges.ActiveByLevel.GetValueOrDefault(l), new KeyValuePair<string, object?>("level", (int)l))) : [], "{alarm}", "Told and not returned to normal, by level");
        Gauge("governance.alarms.unacknowledged", "{alarm}", "Active, and to be acknowledged by somebody", s => s.Gauges.Unacknowledged);
        Gauge("governance.alarms.shelved", "{detector}", "Detectors put aside by operators", s => s.Gauges.Running.GetValueOrDefault(IntervalKind.Shelved));
        Gauge("governance.alarms.out_of_service", "{detector}", "Detectors out of service under a permit", s => s.Gauges.Running.GetValueOrDefault(IntervalKind.OutOfService));
        Gauge("governance.sources.grey", "{source}", "Sources without trustworthy data", s => s.Gauges.Running.GetValueOrDefault(IntervalKind.Grey));
        Gauge("governance.alarms.floods", "{desk}", "Desks in flood", s => s.Gauges.Running.GetValueOrDefault(IntervalKind.Flood));
        _meter.CreateObservableGauge("governance.alarms.unacknowledged.oldest_age", () => Seconds(s => s.Gauges.OldestUnacknowledged ?? _wall.GetUtcNow()), "s", "Age of the oldest alarm that nobody acknowledged; 0: there is none");
        _meter.CreateObservableGauge("governance.alarms.projection_lag", () => Seconds(s => s.AsOf), "s", "Since the journal was last read to its end: the figures are as old as this");
    }

    internal void Raised(AlarmRecord alarm) => _raised.Add(1, new("level", (int)alarm.Level), new("kind", Names.Of(alarm.Kind)));

    internal void Report(AlarmGauges gauges, DateTimeOffset asOf) => _last = new Snapshot(gauges, asOf);

    /// <summary>Another node has the duty: this one has nothing to say.</summary>
    internal void Silence() => _last = null;

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<Snapshot, int> value) =>
        _meter.CreateObservableGauge(name, () => _last is { } s ? [new Measurement<int>(value(s))] : Array.Empty<Measurement<int>>(), unit, description);

    private IEnumerable<Measurement<double>> Seconds(Func<Snapshot, DateTimeOffset> since) =>
        _last is { } s ? [new Measurement<double>(Math.Max(0, (_wall.GetUtcNow() - since(s)).TotalSeconds))] : [];
}

/// <summary>What a host must know of the metrics to export them.</summary>
public static class AlarmLoadMetrics
{
    /// <summary>What an exporter subscribes to; <c>dotnet-counters monitor --counters Governance.Alarms</c> shows it too.</summary>
    public const string MeterName = "Governance.Alarms";
}
