using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Governance.Actors.Views;
using Governance.Contracts.Messages;
using Governance.Domain.AlarmLoad;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Storage;
using Microsoft.Data.Sqlite;

namespace Governance.Actors.Tests;

/// <summary>The records of alarms are what the journal says, however often they are begun; and one node tells the metrics.</summary>
public sealed class AlarmProjectionTests : IDisposable
{
    private static readonly LoadPeriod Ever = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1_000));
    private readonly string _folder = Directory.CreateTempSubdirectory("alarms-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Made_again_from_the_whole_journal_the_records_are_the_same()
    {
        string first;
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            await Plant.CommissionAsync(engine);
            for (var seq = 1; seq <= 12; seq++) await engine.IngestAsync(Plant.Part(seq, (seq, seq % 2 == 0 ? 0.1 : seq == 5 ? 2.5 : 1.2)));
            await engine.AskAsync<CommandReply>(new Command(Plant.Address, "permit", Caller.System, 0, new OpenPermit("P-1", ["B"], Plant.Start.AddDays(1), "work")));
            // Twice in the order of their records: what is not there yet cannot be equal later.
            await EngineUnderTest.EventuallyAsync(async () => (await engine.Alarms.AlarmsAsync(new AlarmScope("", "", true), Ever, 100, default)).Count == 6
                && (await engine.Alarms.IntervalsAsync(new AlarmScope("", "", true), Ever, 100, default)).Any(i => i.Kind == IntervalKind.Permit), "six alarms and a permit are recorded");
            first = await DumpAsync(engine);
            Assert.Contains("Chattering", first, StringComparison.Ordinal);
            Assert.Contains("\nC", first, StringComparison.Ordinal);
        }
        // The records are gone, as on a database of a build that knew none: they begin at the first event.
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_folder, "alarms.db*")) File.Delete(file);
        await using var again = await EngineUnderTest.StartAsync(_folder);
        await EngineUnderTest.EventuallyAsync(async () => (await again.Alarms.ProgressAsync(default)).AsOf is not null, "the journal was read to its end");
        await EngineUnderTest.EventuallyAsync(async () => await DumpAsync(again) == first, "the same records");
    }

    [Fact]
    public async Task While_nothing_happens_the_moment_up_to_which_all_is_known_moves_on()
    {
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        await EngineUnderTest.EventuallyAsync(async () => (await engine.Alarms.ProgressAsync(default)).AsOf is not null, "an empty journal is read to its end too");
        var progress = await engine.Alarms.ProgressAsync(default);
        await EngineUnderTest.EventuallyAsync(async () => (await engine.Alarms.ProgressAsync(default)).AsOf > progress.AsOf, "it is said again");
    }

    [Fact]
    public async Task A_crash_neither_loses_a_record_nor_counts_an_alarm_twice()
    {
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            await Plant.CommissionAsync(engine);
            for (var seq = 1; seq <= 6; seq++) await engine.IngestAsync(Plant.Part(seq, (seq, seq % 2 == 0 ? 0.1 : 1.2)));
            await engine.CrashAsync();
        }
        await using var restarted = await EngineUnderTest.StartAsync(_folder);
        for (var seq = 7; seq <= 8; seq++) await restarted.IngestAsync(Plant.Part(seq, (seq, seq % 2 == 0 ? 0.1 : 1.2)));
        await EngineUnderTest.EventuallyAsync(async () => (await restarted.Alarms.AlarmsAsync(new AlarmScope("", "", true), Ever, 100, default)).Count(a => !a.IsActive) == 4, "four alarms came and went");
    }

    [Fact]
    public async Task The_metrics_say_what_is_live_and_count_each_alarm_once_and_no_drill()
    {
        using var metrics = new Metrics();
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        await Plant.CommissionAsync(engine);
        await engine.IngestAsync(Plant.Part(1, (1, 1.5)));
        var live = new EntityAddress(EntityKinds.HazardSource, "HS-L-1");
        var config = ((HazardSourceState)(await engine.AskAsync<StateReply>(new GetState(Plant.Address))).State).Config!;
        Assert.Null((await engine.AskAsync<CommandReply>(new Command(live, "commission", Caller.System, 0, new CommissionSource(config with { Id = new HazardSourceId("HS-L-1"), Drill = false })))).Refusal);
        await IngestAsync(engine, live, 0, 2.5);
        await IngestAsync(engine, live, 1, 0.1);
        Assert.Null((await engine.AskAsync<CommandReply>(new Command(live, "shelve", Caller.System, 0, new ShelveDetector("B", AlarmLevel.One, engine.Clocks.Now(ClockId.Wall).AddHours(1), "drifts")))).Refusal);
        await EngineUnderTest.EventuallyAsync(() => Task.FromResult(metrics.Read() is var m && m.GetValueOrDefault("governance.alarms.shelved") == 1 && m.GetValueOrDefault("governance.alarms.active/level=2") == 1), "one active at level 2, one shelved");
        var now = metrics.Read();
        Assert.Equal((0, 0, 1, 0, 0), (now["governance.alarms.active/level=1"], now["governance.alarms.active/level=3"], now["governance.alarms.unacknowledged"], now["governance.sources.grey"], now["governance.alarms.floods"]));
        Assert.InRange(now["governance.alarms.unacknowledged.oldest_age"], 0.001, 60);
        Assert.InRange(now["governance.alarms.projection_lag"], 0, 30);
        Assert.Equal([("kind=TOXIC_GAS,level=2", 1L)], metrics.Counted());
    }

    /// <summary>A node that feeds nothing has instruments and no values: a sum over nodes counts the one on duty only.</summary>
    [Fact]
    public void A_node_without_the_duty_reports_nothing()
    {
        using var metrics = new Metrics();
        using var meter = new AlarmMeter(TimeProvider.System);
        Assert.Empty(metrics.Read());
        meter.Report(new AlarmGauges(new Dictionary<AlarmLevel, int>(), 0, null, new Dictionary<IntervalKind, int>()), DateTimeOffset.UtcNow);
        Assert.Equal(0, metrics.Read()["governance.alarms.active/level=1"]);
        meter.Silence();
        Assert.Empty(metrics.Read());
    }

    private static Task<Ingested> IngestAsync(EngineUnderTest engine, EntityAddress source, int detector, double value)
    {
        var now = engine.Clocks.Now(ClockId.Wall);
        return engine.IngestAsync(new Ingest(source, 1, [new ReadingSegment(new GatewayId("gw"), 1, ClockId.Wall, now, now, false, [new Reading(detector, 1, now, now, value, Quality.Good)])]));
    }

    private static async Task<string> DumpAsync(EngineUnderTest engine)
    {
        var scope = new AlarmScope("", "", true);
        var watched = await engine.Alarms.WatchedAsync(Plant.Id, default);
        return string.Join('\n', [
            .. (await engine.Alarms.AlarmsAsync(scope, Ever, 1000, default)).Select(a => a.ToString()), .. (await engine.Alarms.IntervalsAsync(scope, Ever, 1000, default)).Select(i => i.ToString()),
            .. (await engine.Alarms.CasesAsync(scope, Ever, 1000, default)).Select(c => c.ToString()), .. watched!.Detectors.Select(d => d.ToString()),
        ]);
    }

    /// <summary>What an exporter would see.</summary>
    private sealed class Metrics : IDisposable
    {
        private readonly ConcurrentDictionary<string, double> _gauges = new();
        private readonly ConcurrentDictionary<string, long> _counts = new();
        private readonly MeterListener _listener = new();

        internal Metrics()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AlarmLoadMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _gauges[Key(instrument.Name, tags)] = value);
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _gauges[Key(instrument.Name, tags)] = value);
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _counts.AddOrUpdate(Tags(tags), value, (_, sum) => sum + value));
            _listener.Start();
        }

        internal IReadOnlyDictionary<string, double> Read()
        {
            _gauges.Clear();
            _listener.RecordObservableInstruments();
            return _gauges.ToDictionary();
        }

        internal IEnumerable<(string, long)> Counted() => _counts.Select(c => (c.Key, c.Value)).Order();

        public void Dispose() => _listener.Dispose();

        private static string Key(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length == 0 ? name : $"{name}/{Tags(tags)}";
        private static string Tags(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(',', tags.ToArray().OrderBy(t => t.Key).Select(t => $"{t.Key}={t.Value}"));
    }
}
