using Governance.Actors.Views;
using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;
using Governance.Node.Hosting;
using Governance.Storage;
using Governance.Storage.Postgres;
using Governance.Storage.Sqlite;

namespace Governance.Node.Bench;

/// <summary>Sizes of one measurement.</summary>
/// <param name="Overdue">Cases whose deadline passed while nobody ran.</param>
/// <param name="Events">Journal rows of a case, at least.</param>
internal sealed record RecoveryWork(int Sources, int Cases, int Events, int Overdue, int Detectors, int Rounds, string Postgres);

/// <summary>What a filled store holds.</summary>
/// <param name="CaseKeys">Those with an overdue deadline first.</param>
/// <param name="Versions">Domain events of each case.</param>
internal sealed record RecoveryFilled(IReadOnlyList<string> CaseKeys, IReadOnlyDictionary<string, long> Versions, long Rows, long CaseRows);

/// <summary>
/// Fills a store as if a node had run on it for hours: journal, snapshots, deadline rows and lists, through the rules and
/// codecs of the product. Its schema is there already, because a node was started on it once.
/// </summary>
internal static class RecoveryFill
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    internal static async Task<RecoveryFilled> RunAsync(RecoveryWork work, string folder, string postgres, CancellationToken cancel)
    {
        var (policy, areas, _) = PolicyFiles.Read(PolicyFolder.Read(NodeOptions.ShippedConfig));
        using JournalRows rows = postgres.Length > 0 ? new PostgresJournalRows(postgres) : new SqliteJournalRows(folder);
        var district = new PaperDistrict(policy, [.. areas.Where(a => a.Value != policy.District)], work.Detectors, rows.Event);
        var (now, keys, versions, deadlines, cases, sources) = (DateTimeOffset.UtcNow, new List<string>(), new Dictionary<string, long>(), new List<DeadlineRow>(), new List<CaseRow>(), new List<SourceRow>());
        // An overdue case was accepted so long ago that somebody had to be on the scene by now.
        var longAgo = policy.Budgets[(Colour.Yellow, ClockName.OnScene)].Time + Lately;
        for (var number = 0; number < work.Sources; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var source = district.Commission(number, now - longAgo);
            if (number < work.Cases)
            {
                var opened = district.OpenCase(source, work.Events, number < work.Overdue ? now - longAgo : now - Lately);
                keys.Add(opened.Address.Id);
                versions[opened.Address.Id] = opened.Memory.Version;
                deadlines.Add(new DeadlineRow(opened.Address.Kind, opened.Address.Id, opened.Due!.Value, opened.Sequence));
                cases.Add(CaseLine.RowOf(opened.State, opened.Sequence));
            }
            sources.Add(Row(source.State, source.Sequence, now));
            if (source.Due is { } due) deadlines.Add(new DeadlineRow(source.Address.Kind, source.Address.Id, due, source.Sequence));
            district.Forget();
        }
        foreach (var entity in district.Lasting)
            if (entity.Kept is { } kept) rows.Snapshot(entity.Address, kept.Sequence, kept.Snapshot);
        var last = rows.Finish();
        await ListAsync(folder, postgres, deadlines, new ViewBatch(cases, sources, 0, last), cancel);
        return new RecoveryFilled(keys, versions, rows.Count, rows.CountOf(EntityKinds.Case));
    }

    private static async Task ListAsync(string folder, string postgres, IEnumerable<DeadlineRow> deadlines, ViewBatch lists, CancellationToken cancel)
    {
        if (postgres.Length > 0)
        {
            await using var database = await PostgresDatabase.OpenAsync(postgres, cancel);
            await using (var store = new PostgresDeadlineStore(database)) await Task.WhenAll(deadlines.Select(store.UpsertAsync));
            await using (var views = new PostgresViews(database)) await ApplyAsync(views);
            await using (var alarms = new PostgresAlarmViews(database)) await ReadAsync(alarms);
            return;
        }
        using var files = new DataFolder(folder);
        await using (var store = new SqliteDeadlineStore(files.Deadlines)) await Task.WhenAll(deadlines.Select(store.UpsertAsync));
        await using (var views = new SqliteViews(files.Views)) await ApplyAsync(views);
        await using (var alarms = new SqliteAlarmViews(files.Alarms)) await ReadAsync(alarms);

        async Task ApplyAsync(IViews views) => await views.ApplyAsync(lists with { From = await views.OffsetAsync(cancel) }, cancel);

        // A node that ran for hours has read all this; what it made of it is not what is measured.
        async Task ReadAsync(IAlarmViews alarms) => await alarms.ApplyAsync(new AlarmBatch([], [], [], [], [], (await alarms.BeginAsync(RecordForm.Current, cancel)).Offset, lists.To), cancel);
    }

    private static SourceRow Row(HazardSourceState state, long version, DateTimeOffset at) => new(
        state.Id, state.Config!.Name, state.Config.Area.Value, state.Config.Enterprise, false, (int)state.Colour, state.Detectors.Length, state.Warnings.Count, at, version);
}
