using Governance.Domain.AlarmLoad;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Storage;

/// <summary>Records of alarms in SQL that SQLite and PostgreSQL both speak. No figure is made here: rows in, rows out.</summary>
public abstract class SqlAlarmViews : SqlTables, IAlarmViews
{
    /// <summary>@a: area or empty, @b: source or empty, @c: drill.</summary>
    private const string InScope = "(@a = '' OR area = @a) AND (@b = '' OR source = @b) AND drill = @c";
    /// <summary>A desk belongs to an area: asked about a source, its desk's floods belong to the answer.</summary>
    private static readonly string IntervalsInScope = $"(@a = '' OR area = @a) AND (@b = '' OR source = @b OR (kind = {(int)IntervalKind.Flood} AND area = (SELECT s.area FROM alarm_source s WHERE s.id = @b))) AND drill = @c";
    private const string InPeriod = $"{InScope} AND raised < @e AND (cleared IS NULL OR cleared >= @d)";
    /// <summary>Form of the records that this build makes; nothing is fed before <see cref="BeginAsync"/> set it.</summary>
    private int _form = -1;

    public async Task<AlarmProgress> BeginAsync(int form, CancellationToken cancel)
    {
        _form = form;
        var found = (await QueryAsync("SELECT form FROM alarm_progress", [], r => r.GetInt32(0), cancel))[0];
        if (found > form) throw new AlarmViewsTooNewException(found, form);
        if (found < form)
            await InTransactionAsync(async transaction =>
            {
                // Of two nodes that begin at once the second finds nothing left to do.
                if (await ExecuteAsync(transaction, "UPDATE alarm_progress SET journal_offset = 0, form = @a, as_of = NULL WHERE form = @b", [form, found], cancel) == 0) return;
                foreach (var table in new[] { "alarm_source", "alarm_detector", "alarm", "alarm_interval", "alarm_case" }) await ExecuteAsync(transaction, Emptying(table), [], cancel);
            }, cancel);
        return await ProgressAsync(cancel);
    }

    /// <summary>A statement that empties a table, however much it holds, within what one statement may take.</summary>
    protected virtual string Emptying(string table) => $"DELETE FROM {table}";

    public async Task<AlarmProgress> ProgressAsync(CancellationToken cancel) =>
        (await QueryAsync("SELECT journal_offset, as_of FROM alarm_progress", [], r => new AlarmProgress(r.GetInt64(0), At(r, 1)), cancel))[0];

    public Task ApplyAsync(AlarmBatch batch, CancellationToken cancel) => InTransactionAsync(async transaction =>
    {
        // First, so that of two projections only one goes on.
        var moved = await ExecuteAsync(transaction, "UPDATE alarm_progress SET journal_offset = @a WHERE journal_offset = @b AND form = @c", [batch.To, batch.From, _form], cancel);
        if (moved == 0) throw new ViewsMovedException(batch.From);
        foreach (var s in batch.Sources)
        {
            await UpsertAsync(transaction, "alarm_source", "id", "id, name, area, drill", "", cancel, s.Id, s.Name, s.Area, s.Drill ? 1 : 0);
            for (var i = 0; i < s.Detectors.Length; i++)
                await UpsertAsync(transaction, "alarm_detector", "source, ordinal", "source, ordinal, id, kind, zone, latch_from, retired", "", cancel, s.Id, i, s.Detectors[i].Id, (int)s.Detectors[i].Kind,
                    s.Detectors[i].Zone, (int)s.Detectors[i].LatchFrom, s.Detectors[i].Retired ? 1 : 0);
        }
        foreach (var a in batch.Alarms) await UpsertAsync(transaction, "alarm", "occurrence", AlarmRows.AlarmColumns, "", cancel, AlarmRows.Of(a));
        foreach (var l in batch.Links) await ExecuteAsync(transaction, "UPDATE alarm SET case_key = @a WHERE occurrence = @b", [l.Case, l.Occurrence], cancel);
        foreach (var i in batch.Intervals) await UpsertAsync(transaction, "alarm_interval", "key", AlarmRows.IntervalColumns, "", cancel, AlarmRows.Of(i));
        foreach (var c in batch.Cases) await UpsertAsync(transaction, "alarm_case", "key", AlarmRows.CaseColumns, "", cancel, AlarmRows.Of(c));
    }, cancel);

    public Task ConfirmAsync(long offset, DateTimeOffset asOf, CancellationToken cancel) =>
        ExecuteAsync("UPDATE alarm_progress SET as_of = @a WHERE journal_offset = @b AND form = @c AND (as_of IS NULL OR as_of < @a)", [asOf.UtcTicks, offset, _form], cancel);

    public async Task<WatchedSource?> WatchedAsync(string sourceId, CancellationToken cancel)
    {
        var sources = await QueryAsync("SELECT name, area, drill FROM alarm_source WHERE id = @a", [sourceId], r => WatchedSource.New(sourceId) with { Name = r.GetString(0), Area = r.GetString(1), Drill = r.GetInt32(2) != 0 }, cancel);
        if (sources is not [var source]) return null;
        var permit = (int)IntervalKind.Permit;
        return source with
        {
            Detectors = [.. await QueryAsync("SELECT id, kind, zone, latch_from, retired FROM alarm_detector WHERE source = @a ORDER BY ordinal", [sourceId], AlarmRows.Detector, cancel)],
            Alarms = [.. await QueryAsync($"SELECT {AlarmRows.AlarmColumns} FROM alarm WHERE source = @a AND (cleared IS NULL OR awaiting = 1) ORDER BY raised, occurrence", [sourceId], AlarmRows.Alarm, cancel)],
            Intervals =
            [
                .. (await QueryAsync($"SELECT {AlarmRows.IntervalColumns} FROM alarm_interval WHERE source = @a AND kind = {permit} ORDER BY since DESC LIMIT {WatchedSource.RememberedPermits}", [sourceId], AlarmRows.Interval, cancel)).AsEnumerable().Reverse(),
                .. await QueryAsync($"SELECT {AlarmRows.IntervalColumns} FROM alarm_interval WHERE source = @a AND ended IS NULL ORDER BY since, key", [sourceId], AlarmRows.Interval, cancel),
            ],
        };
    }

    public async Task<CaseRecord?> CaseAsync(string key, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {AlarmRows.CaseColumns} FROM alarm_case WHERE key = @a", [key], AlarmRows.Case, cancel)).FirstOrDefault();

    public async Task<AlarmInterval?> FloodAsync(string area, CancellationToken cancel) =>
        (await QueryAsync($"SELECT {AlarmRows.IntervalColumns} FROM alarm_interval WHERE source = '' AND area = @a AND kind = {(int)IntervalKind.Flood} AND ended IS NULL", [area], AlarmRows.Interval, cancel)).FirstOrDefault();

    public async Task<IReadOnlyList<AlarmRecord>> AlarmsAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.AlarmColumns} FROM alarm WHERE {InPeriod} ORDER BY raised, occurrence LIMIT @f", [.. In(scope), .. In(period), limit], AlarmRows.Alarm, cancel);

    public async Task<IReadOnlyList<AlarmInterval>> IntervalsAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.IntervalColumns} FROM alarm_interval WHERE {IntervalsInScope} AND since < @e AND (ended IS NULL OR ended > @d) ORDER BY since, key LIMIT @f", [.. In(scope), .. In(period), limit], AlarmRows.Interval, cancel);

    public async Task<IReadOnlyList<CaseRecord>> CasesAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.CaseColumns} FROM alarm_case WHERE key IN (SELECT case_key FROM alarm WHERE {InPeriod}) ORDER BY received, key LIMIT @f", [.. In(scope), .. In(period), limit], AlarmRows.Case, cancel);

    public async Task<IReadOnlyList<AlarmRecord>> ShiftAlarmsAsync(AlarmScope scope, DateTimeOffset since, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.AlarmColumns} FROM alarm WHERE {InScope} AND (cleared IS NULL OR awaiting = 1 OR cleared >= @d OR raised >= @d) ORDER BY raised, occurrence LIMIT @e", [.. In(scope), since.UtcTicks, limit], AlarmRows.Alarm, cancel);

    public async Task<IReadOnlyList<AlarmInterval>> ShiftIntervalsAsync(AlarmScope scope, DateTimeOffset since, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.IntervalColumns} FROM alarm_interval WHERE {IntervalsInScope} AND (ended IS NULL OR ended >= @d OR since >= @d) ORDER BY since, key LIMIT @e", [.. In(scope), since.UtcTicks, limit], AlarmRows.Interval, cancel);

    public async Task<IReadOnlyList<CaseRecord>> OpenCasesAsync(AlarmScope scope, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {AlarmRows.CaseColumns} FROM alarm_case WHERE {InScope} AND closed IS NULL ORDER BY level DESC, received, key LIMIT @d", [.. In(scope), limit], AlarmRows.Case, cancel);

    public async Task<AlarmGauges> GaugesAsync(CancellationToken cancel)
    {
        var active = await QueryAsync("SELECT level, COUNT(*) FROM alarm WHERE cleared IS NULL AND suppressed = 0 AND drill = 0 GROUP BY level", [], r => (Level: (AlarmLevel)r.GetInt32(0), Count: (int)r.GetInt64(1)), cancel);
        var unseen = (await QueryAsync($"""
            SELECT COUNT(*), MIN(raised) FROM alarm a WHERE cleared IS NULL AND suppressed = 0 AND drill = 0 AND witness = {(int)Witness.Sensor} AND acknowledged IS NULL
            AND NOT EXISTS (SELECT 1 FROM alarm_interval i WHERE i.source = a.source AND i.detector = a.detector AND i.ended IS NULL AND i.kind IN ({(int)IntervalKind.Shelved}, {(int)IntervalKind.OutOfService}, {(int)IntervalKind.ByDesign}))
            """, [], r => (Count: (int)r.GetInt64(0), Oldest: At(r, 1)), cancel))[0];
        var running = await QueryAsync("SELECT kind, COUNT(*) FROM alarm_interval WHERE drill = 0 AND ended IS NULL GROUP BY kind", [], r => (Kind: (IntervalKind)r.GetInt32(0), Count: (int)r.GetInt64(1)), cancel);
        return new AlarmGauges(active.ToDictionary(a => a.Level, a => a.Count), unseen.Count, unseen.Oldest, running.ToDictionary(i => i.Kind, i => i.Count));
    }

    public async Task<int> RetireAsync(DateTimeOffset before, int atMost, CancellationToken cancel)
    {
        var gone = 0;
        foreach (var (table, key, over) in new[] { ("alarm", "occurrence", "cleared IS NOT NULL"), ("alarm_interval", "key", "ended IS NOT NULL"), ("alarm_case", "key", "closed IS NOT NULL") })
            gone += await ExecuteAsync($"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE journaled < @a AND {over} LIMIT @b)", [before.UtcTicks, atMost], cancel);
        return gone;
    }

    private static object[] In(AlarmScope scope) => [scope.Area, scope.SourceId, scope.Drill ? 1 : 0];
    private static object[] In(LoadPeriod period) => [period.From.UtcTicks, period.To.UtcTicks];
}
