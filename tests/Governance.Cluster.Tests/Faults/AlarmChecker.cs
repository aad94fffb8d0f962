using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Npgsql;

namespace Governance.Cluster.Tests.Faults;

/// <summary>
/// The records of alarms say what the journal says, whichever nodes fed them in turn: folded here once more from the first
/// event, in one piece, and compared row by row. When a row was last journaled is left out: the journal's rows here have no time.
/// </summary>
internal static class AlarmChecker
{
    internal static async Task<(int Alarms, int Intervals, IReadOnlyList<string> Lies)> LiesAsync(string connection, IReadOnlyDictionary<string, Records.Journal> journals)
    {
        var (alarms, intervals, cases) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var journal in journals.Values)
        {
            var folding = new SourceFolding(WatchedSource.New(Records.Key(journal.Id)));
            foreach (var happened in journal.Events.Select(e => e.Event).OfType<HazardSourceEvent>()) folding.Take(happened, default);
            var links = folding.Links.ToDictionary(l => l.Occurrence, l => l.Case);
            foreach (var a in folding.Alarms) alarms[a.Occurrence] = $"{(int)a.Level} {(int)a.Peak} {a.Raised.UtcTicks} {a.Cleared?.UtcTicks} {a.Acknowledged?.UtcTicks} {a.AcknowledgedBy} {links.GetValueOrDefault(a.Occurrence, a.Case)}";
            foreach (var i in folding.Intervals) intervals[i.Key] = $"{i.Ended?.UtcTicks} {i.EndedWhy}";
            CaseRecord? its = null;
            foreach (var happened in journal.Events.Select(e => e.Event).OfType<CaseEvent>()) its = CaseFolding.After(Records.Key(journal.Id), its, happened, default);
            if (its is not null) cases[its.Key] = $"{its.Number} {(int)its.Phase} {its.Dispatched?.UtcTicks} {its.Accepted?.UtcTicks} {its.Arrived?.UtcTicks} {its.Clocks}";
        }
        await using var database = NpgsqlDataSource.Create(connection);
        var lies = new List<string>();
        await CompareAsync("alarm", alarms, "SELECT occurrence, concat_ws(' ', level, peak, raised, coalesce(cleared::text, ''), coalesce(acknowledged::text, ''), acknowledged_by, case_key) FROM alarm");
        await CompareAsync("stretch", intervals, "SELECT key, concat_ws(' ', coalesce(ended::text, ''), ended_why) FROM alarm_interval WHERE kind <> 7");
        await CompareAsync("case", cases, "SELECT key, concat_ws(' ', number, phase, coalesce(dispatched::text, ''), coalesce(accepted::text, ''), coalesce(arrived::text, ''), clocks) FROM alarm_case");
        return (alarms.Count, intervals.Count, lies);

        async Task CompareAsync(string what, Dictionary<string, string> wanted, string sql)
        {
            var found = new Dictionary<string, string>();
            await using var command = database.CreateCommand(sql);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync()) found[rows.GetString(0)] = rows.GetString(1);
            foreach (var (key, row) in wanted)
                if (!found.TryGetValue(key, out var told)) lies.Add($"records: {what} {key} is missing");
                else if (told != row) lies.Add($"records: {what} {key} is '{told}', the journal says '{row}'");
            foreach (var key in found.Keys.Except(wanted.Keys)) lies.Add($"records: {what} {key} should not be");
        }
    }
}
