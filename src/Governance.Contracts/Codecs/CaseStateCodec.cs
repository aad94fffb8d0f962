using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>The stored form of a whole case: snapshots, rows of lists, and what two states are compared by.</summary>
public static class CaseStateCodec
{
    /// <summary>
    /// What a case holds, as a hash: equal for equal content. The count of events is left out: a merge that was undone has
    /// happened twice and changed nothing.
    /// </summary>
    public static string HashOf(CaseState state) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Write(state with { Events = 0 })));

    public static byte[] Write(CaseState state) => Google.Protobuf.MessageExtensions.ToByteArray(To(state));

    public static CaseState Read(byte[] bytes) => From(J.CaseState.Parser.ParseFrom(bytes));

    internal static J.CaseState To(CaseState s) => new()
    {
        Key = s.Key.Value, Number = s.Number, Phase = (int)s.Phase, Subject = CaseCodecs.To(s.Subject), Level = (int)s.Level, Supervision = (int)s.Supervision,
        Verified = s.Verified, Rework = s.Rework, Cause = s.Cause, Outcome = s.Outcome, Events = s.Events,
        Occurrences = { s.Occurrences.Select(CaseCodecs.To) },
        Tasks =
        {
            s.Tasks.Select(t => new J.CaseTask
            {
                Organisation = t.Organisation, Lead = t.Lead, Phase = (int)t.Phase, OfferedAtUs = Wire.Us(t.OfferedAt), NotifiedAtUs = Wire.UsOrZero(t.NotifiedAt), AcceptedAtUs = Wire.UsOrZero(t.AcceptedAt),
                Mandatory = t.Mandatory, Forced = t.Forced, Unit = t.Unit, Visited = t.Visited,
            }),
        },
        Clocks = { s.Clocks.Select(CaseClockCodecs.To) },
        Suspension = s.Suspension is null ? null : CaseClockCodecs.To(s.Suspension), Asked = s.Asked is null ? null : CaseClockCodecs.To(s.Asked), Granted = { s.Granted.Select(CaseClockCodecs.To) },
        CalendarVersion = s.CalendarVersion,
        Milestones = { s.Milestones.Select(m => new J.CaseMilestone { Name = (int)m.Key, AtUs = Wire.Us(m.Value) }) },
        Reports = { s.Reports.Select(CaseMergeCodecs.To) }, InfoAsks = s.InfoAsks, Rejections = s.Rejections, ContactAttempts = s.ContactAttempts, Contacted = s.Contacted,
        Info = s.Info is not { } i ? null : new J.CaseNote { Text = i.Question, By = i.By, AtUs = Wire.Us(i.Since), UntilUs = Wire.Us(i.Until) },
        Rejecting = s.Rejecting is not { } r ? null : new J.CaseNote { Code = r.Code, Text = r.Basis, More = r.WhereToGo, By = r.By },
        Callbacks = { s.Callbacks.Select(c => new J.CallbackRecorded { AtUs = Wire.Us(c.At), Reached = c.Reached, Resolved = c.Resolved, Satisfied = c.Satisfied, By = c.By }) },
        Reopened = s.Reopened, ReopenedByReporter = s.ReopenedByReporter, Unresolved = s.Unresolved, UrgedByReporterUs = Wire.UsOrZero(s.UrgedByReporterAt),
        Slips = { s.Slips.Select(k => new J.CaseSlip { Key = k.Key.Value, Kind = (int)k.Kind, Number = k.Number, DueUs = Wire.Us(k.Due), Overdue = k.Overdue, Result = k.Result }) }, SlipsAsked = s.SlipsAsked,
        Merge = s.Merge is not { } m ? null : new J.CaseMerge { Target = m.Target.Value, AtUs = Wire.Us(m.At), Before = (int)m.Before, Stage = (int)m.Stage },
        Absorbed = { s.Absorbed.Select(CaseMergeCodecs.To) },
        Sights = { s.Sights.Select(g => new J.CaseNote { Code = g.Field, More = g.Purpose, By = g.By, UntilUs = Wire.Us(g.Until) }) },
        Rule = s.Rule, RulesetVersion = s.RulesetVersion, RouteExplain = { s.RouteExplain }, SelfHandling = s.SelfHandling, PublicReply = s.PublicReply, RefusedAs = s.RefusedAs, LevelSinceUs = Wire.UsOrZero(s.LevelSince),
    };

    internal static CaseState From(J.CaseState w) => new(
        new CaseKey(w.Key), w.Number, Wire.Known<CasePhase>(w.Phase), CaseCodecs.From(w.Subject), Wire.Known<Colour>(w.Level), Wire.Known<Supervision>(w.Supervision),
        [.. w.Occurrences.Select(CaseCodecs.From)], [.. w.Tasks.Select(From)], [.. w.Clocks.Select(CaseClockCodecs.From)],
        w.Milestones.ToImmutableSortedDictionary(m => Wire.Known<Milestone>(m.Name), m => Wire.At(m.AtUs)), w.Verified, w.Rework, w.Cause, w.Outcome, w.Events)
    {
        Suspension = w.Suspension is null ? null : CaseClockCodecs.Suspension(w.Suspension), Asked = w.Asked is null ? null : CaseClockCodecs.Asked(w.Asked),
        Granted = [.. w.Granted.Select(CaseClockCodecs.From)], CalendarVersion = w.CalendarVersion,
        Reports = [.. w.Reports.Select(CaseMergeCodecs.From)], InfoAsks = w.InfoAsks, Rejections = w.Rejections, ContactAttempts = w.ContactAttempts, Contacted = w.Contacted,
        Info = w.Info is null ? null : new InfoRequest(w.Info.Text, w.Info.By, Wire.At(w.Info.AtUs), Wire.At(w.Info.UntilUs)),
        Rejecting = w.Rejecting is null ? null : new ProposedRejection(w.Rejecting.Code, w.Rejecting.Text, w.Rejecting.More, w.Rejecting.By),
        Callbacks = [.. w.Callbacks.Select(c => new Callback(Wire.At(c.AtUs), c.Reached, c.Resolved, c.Satisfied, c.By))],
        Reopened = w.Reopened, ReopenedByReporter = w.ReopenedByReporter, Unresolved = w.Unresolved, UrgedByReporterAt = Wire.AtOrNone(w.UrgedByReporterUs),
        Slips = [.. w.Slips.Select(k => new CaseSlip(new SlipKey(k.Key), Wire.Known<SlipKind>(k.Kind), k.Number, Wire.At(k.DueUs), k.Overdue, k.Result))], SlipsAsked = w.SlipsAsked,
        Merge = w.Merge is null ? null : new Merge(new CaseKey(w.Merge.Target), Wire.At(w.Merge.AtUs), Wire.Known<CasePhase>(w.Merge.Before), Wire.Known<MergeStage>(w.Merge.Stage)),
        Absorbed = [.. w.Absorbed.Select(CaseMergeCodecs.From)], Sights = [.. w.Sights.Select(g => new SightGrant(g.Code, g.More, g.By, Wire.At(g.UntilUs)))],
        Rule = w.Rule, RulesetVersion = w.RulesetVersion, RouteExplain = [.. w.RouteExplain], SelfHandling = w.SelfHandling, PublicReply = w.PublicReply, RefusedAs = w.RefusedAs, LevelSince = Wire.AtOrNone(w.LevelSinceUs),
    };

    /// <summary>What was kept before shares had a mark was its lead's to answer.</summary>
    private static CaseTask From(J.CaseTask t) =>
        new(t.Organisation, t.Lead, Wire.Known<TaskPhase>(t.Phase), Wire.At(t.OfferedAtUs), Wire.AtOrNone(t.NotifiedAtUs), Wire.AtOrNone(t.AcceptedAtUs))
        {
            Mandatory = t.Mandatory, Forced = t.Forced, Unit = t.Unit, Visited = t.Visited,
        };
}
