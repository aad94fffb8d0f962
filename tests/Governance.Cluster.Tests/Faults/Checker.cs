using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Cluster.Tests.Faults;

/// <summary>Compares what was promised with what is there. Every line of its list is a lie that somebody was told.</summary>
internal sealed class Checker(Records records, IReadOnlyList<Load> loads, Listener listener)
{
    private static readonly TimeSpan DeadlinePatience = TimeSpan.FromSeconds(10);
    private readonly List<string> _lies = [];

    /// <summary>Figures for the report.</summary>
    internal Dictionary<string, long> Counts { get; } = [];
    /// <summary>How late each breach was noticed.</summary>
    internal List<TimeSpan> LateBy { get; } = [];

    internal async Task<IReadOnlyList<string>> LiesAsync(DateTimeOffset now)
    {
        foreach (var load in loads) await ReadingsAsync(load);
        var journals = await records.JournalsAsync();
        Counts["journal_events"] = journals.Values.Sum(j => j.Events.Count);
        foreach (var journal in journals.Values) Dense(journal);
        // What cannot be replayed is a lie by itself, and says nothing more.
        foreach (var broken in journals.Values.Where(j => !Replays(j)).ToList()) journals.Remove(broken.Id);
        Occurrences(journals);
        await CasesAsync(journals);
        var (alarms, intervals, lies) = await AlarmChecker.LiesAsync(records.Connection, journals);
        (Counts["alarms_recorded"], Counts["stretches_recorded"]) = (alarms, intervals);
        _lies.AddRange(lies);
        foreach (var journal in journals.Values.Where(j => j.Id.StartsWith("case/", StringComparison.Ordinal))) Deadlines(journal, now);
        foreach (var journal in journals.Values.Where(j => !Records.MemoryOf(j).Outbox.IsEmpty)) Lie($"{journal.Id} still owes {Records.MemoryOf(journal).Outbox.Count} messages");
        return _lies;
    }

    /// <summary>Every acknowledged reading is in the ledger exactly once, as it was sent.</summary>
    private async Task ReadingsAsync(Load load)
    {
        if (load.Refused != 0) Lie($"{load.Refused} readings were refused");
        for (var s = 0; s < load.Plant.Sources; s++)
        {
            var stored = await records.LedgerAsync(load.Plant.Source(s));
            for (var d = 0; d < load.Plant.Detectors; d++)
            {
                var rows = stored.GetValueOrDefault(d) ?? [];
                var seqs = rows.Select(r => r.Seq).Order().ToList();
                Add("readings_in_ledger", seqs.Count);
                var missing = Enumerable.Range(1, (int)load.Ticks).Select(i => (long)i).Except(seqs).ToList();
                var doubled = seqs.GroupBy(q => q).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
                if (missing.Count > 0) Lie($"{load.Plant.Source(s)}/{Plant.Detector(d)}: {missing.Count} acknowledged readings missing, first {missing[0]}");
                if (doubled.Count > 0) Lie($"{load.Plant.Source(s)}/{Plant.Detector(d)}: {doubled.Count} readings doubled, first {doubled[0]}");
                if (rows.Any(r => r.Value != load.Plant.Value(s, d, r.Seq - 1))) Lie($"{load.Plant.Source(s)}/{Plant.Detector(d)}: a stored value is not the one that was sent");
            }
        }
    }

    private bool Replays(Records.Journal journal)
    {
        try
        {
            Records.MemoryOf(journal);
            if (journal.Id.StartsWith("case/", StringComparison.Ordinal)) Records.CaseOf(journal);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            Lie($"{journal.Id} cannot be replayed: {e.Message}");
            return false;
        }
    }

    private void Dense(Records.Journal journal)
    {
        for (var i = 0; i < journal.Events.Count; i++)
            if (journal.Events[i].Sequence != i + 1) { Lie($"{journal.Id}: sequence number {journal.Events[i].Sequence} at place {i + 1}"); return; }
    }

    /// <summary>Exactly the occurrences that the values call for: in the journal, and at the subscriber.</summary>
    private void Occurrences(Dictionary<string, Records.Journal> journals)
    {
        var expected = loads.SelectMany(l => l.Expected.Keys).ToHashSet();
        var raised = journals.Values.Where(j => j.Id.StartsWith("hazard-source/", StringComparison.Ordinal)).SelectMany(Records.Raised).ToList();
        (Counts["occurrences_expected"], Counts["occurrences_raised"], Counts["occurrences_at_subscriber"]) = (expected.Count, raised.Count, listener.RaisedAt.Count);
        Same("journal", expected, raised);
        Same("subscriber", expected, listener.RaisedAt.Keys);
        foreach (var doubled in listener.Doubled) Lie($"the subscriber saw {doubled} twice");
    }

    private void Same(string where, HashSet<string> expected, ICollection<string> found)
    {
        foreach (var lost in expected.Except(found)) Lie($"{where}: occurrence {lost} is lost");
        foreach (var wrong in found.Except(expected)) Lie($"{where}: occurrence {wrong} should not be");
        foreach (var doubled in found.GroupBy(o => o).Where(g => g.Count() > 1)) Lie($"{where}: occurrence {doubled.Key} is there {doubled.Count()} times");
    }

    /// <summary>Every incident has its one case, every case its number, and the list says what the journal says.</summary>
    private async Task CasesAsync(Dictionary<string, Records.Journal> journals)
    {
        var opened = journals.Values.SelectMany(j => j.Events).Select(e => e.Event).SelectMany(e => e switch
        {
            HazardSourceEvent.IncidentOpened o => [o.Case.Value],
            HazardSourceEvent.IncidentRenewed r => [r.Case.Value],
            _ => Array.Empty<string>(),
        }).ToList();
        var states = journals.Values.Where(j => j.Id.StartsWith("case/", StringComparison.Ordinal)).Select(Records.CaseOf).ToList();
        Counts["cases"] = states.Count;
        foreach (var doubled in opened.GroupBy(c => c).Where(g => g.Count() > 1)) Lie($"case {doubled.Key} was opened {doubled.Count()} times");
        foreach (var lost in opened.Except(states.Select(c => c.Key.Value))) Lie($"case {lost} was opened by its source and does not exist");
        foreach (var wrong in states.Select(c => c.Key.Value).Except(opened)) Lie($"case {wrong} was opened by nobody");
        foreach (var doubled in states.GroupBy(c => c.Number).Where(g => g.Count() > 1 || g.Key.Length == 0)) Lie($"number '{doubled.Key}' belongs to {doubled.Count()} cases");
        var linked = states.SelectMany(c => c.Occurrences).Select(o => o.Id.Value).ToList();
        Same("cases", loads.SelectMany(l => l.Expected.Keys).ToHashSet(), linked);
        var list = (await records.CaseListAsync()).ToDictionary(c => c.Key);
        foreach (var state in states)
            if (!list.TryGetValue(state.Key.Value, out var row)) Lie($"case {state.Key} is not in the list");
            else if (row.Number != state.Number || row.State != Names.Of(state.Phase)) Lie($"case {state.Key} is {state.Number} {Names.Of(state.Phase)}, the list says {row.Number} {row.State}");
    }

    /// <summary>Every deadline fired once, none is overdue.</summary>
    private void Deadlines(Records.Journal journal, DateTimeOffset now)
    {
        var breaches = journal.Events.Select(e => e.Event).OfType<CaseEvent.DeadlineBreached>().ToList();
        Add("deadlines_fired", breaches.Count);
        LateBy.AddRange(breaches.Select(b => b.LateBy));
        foreach (var twice in breaches.GroupBy(b => (b.Clock, b.Due)).Where(g => g.Count() > 1)) Lie($"{journal.Id}: {twice.Key.Clock} due {twice.Key.Due:O} fired {twice.Count()} times");
        foreach (var clock in Records.CaseOf(journal).Clocks.Where(c => c.Phase == ClockPhase.Running && c.Due < now - DeadlinePatience)) Lie($"{journal.Id}: {clock.Name} was due {clock.Due:O} and never fired");
    }

    private void Add(string name, long count) => Counts[name] = Counts.GetValueOrDefault(name) + count;

    private void Lie(string what) => _lies.Add(what);
}
