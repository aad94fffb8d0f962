using System.Collections.Immutable;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>How events change what lies beside the work on a case: its reports, slips, mergers, and who saw what.</summary>
internal static class BesideEvolution
{
    /// <summary>Null for an event of another room.</summary>
    internal static CaseState? Applied(CaseState state, CaseEvent happened) => happened switch
    {
        ReportAttached e => state with { Reports = state.Reports.Add(e.Report) },
        ReportDetached e => state with { Reports = state.Reports.RemoveAll(r => r.Id == e.ReportId) },
        ReporterForgotten e => state with
        {
            Reports = Forgotten(state.Reports, e.ReportId), Subject = Forgotten(state, e.ReportId),
            // What a merged case brought is remembered for the way back.
            Absorbed = state.Absorbed.ConvertAll(a => a.Reports.Exists(r => r.Id == e.ReportId) ? a with { Reports = Forgotten(a.Reports, e.ReportId) } : a),
        },
        SlipAsked => state with { SlipsAsked = state.SlipsAsked + 1 },
        SlipLinked e => state with
        {
            Slips = Room(state.Slips.RemoveAll(s => s.Key == e.Slip)).Add(new CaseSlip(e.Slip, e.Kind, "", e.Due, false, "")),
            Supervision = Higher(state.Supervision, e.Kind == SlipKind.Supervision ? Supervision.Supervised : Supervision.Reminded),
        },
        SlipNumberNoted e => WithSlip(state, e.Slip, s => s with { Number = e.Number }),
        SlipRanOut e => WithSlip(state, e.Slip, s => s with { Overdue = true }),
        SlipUnlinked e => WithSlip(state, e.Slip, s => s with { Result = e.Result }),
        MergeBegun e => state with { Merge = new Merge(e.Target, e.At, state.Phase, MergeStage.Begun) },
        MergeRefused => state with { Merge = null },
        CaseMerged e => state with { Phase = CasePhase.Merged, Merge = state.Merge! with { At = e.At, Stage = MergeStage.Merged } },
        UnmergeBegun => state with { Merge = state.Merge! with { Stage = MergeStage.Leaving } },
        UnmergeRefused => state with { Merge = state.Merge! with { Stage = MergeStage.Merged } },
        CaseUnmerged => state with { Phase = state.Merge!.Before, Merge = null },
        CaseAbsorbed e => Absorbed(state, e.Absorbed),
        CaseReleased e => Released(state, e),
        PiiUnmasked e => state with { Sights = CaseEvolution.Bounded(state.Sights.RemoveAll(g => g.Until <= e.At).Add(new SightGrant(e.Field, e.Purpose, e.By, e.Until))) },
        _ => null,
    };

    private static ImmutableList<CaseReport> Forgotten(ImmutableList<CaseReport> reports, string id) =>
        reports.ConvertAll(r => r.Id != id ? r : r with { Reporter = "", Reachable = false, Text = "", Media = [] });

    private static CaseState Absorbed(CaseState state, Absorption a) => WithAllClear(state with
    {
        Reports = state.Reports.AddRange(a.Reports), Occurrences = state.Occurrences.AddRange(a.Occurrences), Absorbed = state.Absorbed.Add(a),
        Level = a.After.Level, LevelSince = a.After.LevelSince ?? state.LevelSince, Supervision = a.After.Supervision, Clocks = a.After.Clocks,
    }, a.After.AllClear);

    /// <summary>What the merge changed is as before; what changed since, by whatever else, stays.</summary>
    private static CaseState Released(CaseState state, CaseReleased e)
    {
        var a = state.Absorbed.Find(x => x.From == e.From) ?? throw new InvalidOperationException($"case {e.From} was not merged into {state.Key}");
        var occurrences = state.Occurrences.RemoveAll(o => a.Occurrences.Exists(b => b.Id == o.Id));
        var next = state with
        {
            Reports = state.Reports.RemoveAll(r => a.Reports.Exists(b => b.Id == r.Id)), Occurrences = occurrences, Absorbed = state.Absorbed.Remove(a),
            Level = state.Level == a.After.Level ? a.Before.Level : state.Level,
            LevelSince = state.Level == a.After.Level ? a.Before.LevelSince ?? state.LevelSince : state.LevelSince,
            Supervision = state.Supervision == a.After.Supervision ? a.Before.Supervision : state.Supervision,
            Clocks = state.Clocks.ConvertAll(c => a.After.Clocks.FindIndex(after => Same(after, c)) is >= 0 and var i ? a.Before.Clocks[i] : c),
        };
        return WithAllClear(next, occurrences.IsEmpty || next.IsLive ? null : occurrences.Max(o => o.ClearedAt) is { } cleared && (a.Before.AllClear is null || cleared > a.Before.AllClear) ? cleared : a.Before.AllClear);
    }

    private static bool Same(CaseClock a, CaseClock b) => a.Name == b.Name && a.Phase == b.Phase && a.StartedAt == b.StartedAt && a.Due == b.Due && a.Budget == b.Budget;

    private static CaseState WithAllClear(CaseState state, DateTimeOffset? at) => state with
    {
        Milestones = at is { } allClear && !state.IsLive ? state.Milestones.SetItem(Milestone.ReturnedToNormal, allClear) : state.Milestones.Remove(Milestone.ReturnedToNormal),
    };

    /// <summary>What is over makes room; an open slip never does.</summary>
    private static ImmutableList<CaseSlip> Room(ImmutableList<CaseSlip> slips) =>
        slips.Count < CaseState.BesideLimit || slips.FindIndex(s => !s.IsOpen) is not (>= 0 and var over) ? slips : slips.RemoveAt(over);

    /// <summary>What the case is called was his words, where no place gave it a name.</summary>
    private static CaseSubject Forgotten(CaseState state, string reportId)
    {
        var subject = state.Subject!;
        if (state.Reports.Find(r => r.Id == reportId) is not { Text.Length: > 0 } report || report.Text != subject.Text) return subject;
        return subject with { Text = "", SourceName = subject.Place.Address };
    }

    private static Supervision Higher(Supervision a, Supervision b) => a > b ? a : b;

    private static CaseState WithSlip(CaseState state, SlipKey key, Func<CaseSlip, CaseSlip> change)
    {
        var index = state.Slips.FindIndex(s => s.Key == key);
        // Older ones make room for newer ones; what is told of them then changes nothing here.
        return index < 0 ? state : state with { Slips = state.Slips.SetItem(index, change(state.Slips[index])) };
    }
}
