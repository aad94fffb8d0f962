using Governance.Actors.Meetings;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Meetings;

/// <summary>A slip as the public API shows it.</summary>
internal static class SlipViews
{
    internal static SlipView Of(SlipState s, long version)
    {
        var content = s.Content!;
        var view = new SlipView
        {
            SlipId = s.Key.Value, Number = s.Number, Kind = (V1.SlipKind)content.Kind, State = s.StateName, Phase = Names.Of(s.Phase), Level = Fields.To(content.Level), Area = content.Area.Value, Lead = content.Lead,
            Departments = { content.Departments }, Category = content.Category, Reason = content.Reason, Ground = content.Ground is { } ground ? Names.Of(ground) : "", Drill = content.Drill,
            Cases = { s.Cases.Select(c => new SlipCaseView { CaseId = c.Case.Value, CaseNumber = c.Number, Over = c.Over }) }, Clocks = { s.Clocks.Select(Of) },
            DraftedBy = s.DraftedBy, DraftedAt = Fields.To(s.DraftedAt), ApprovedBy = s.ApprovedBy, IssuedBy = s.IssuedBy, IssuedAt = Fields.To(s.IssuedAt), Due = Fields.To(s.Latest(SlipClockName.Limit)?.Due),
            SignedBy = s.SignedBy, SignedAt = Fields.To(s.SignedAt), DeemedSigned = s.IsDeemedSigned, RefusedReplies = s.RefusedReplies, ReviewedBy = s.ReviewedBy, Plan = s.Plan, Progress = s.Progress, Reports = s.Reports,
            CancelEvidence = s.CancelEvidence, InspectedBy = s.InspectedBy, InspectedFor = s.InspectedFor, Finding = s.Finding, SecondedBy = s.SecondedBy, Extensions = { s.Extensions.Select(e => e.ToString()) },
            OverdueAt = Fields.To(s.OverdueAt), ReferredTo = s.ReferredTo, Result = s.Result, EndedBy = s.EndedBy, EndNote = s.EndNote, EndedAt = Fields.To(s.EndedAt), ReplacesSlipId = content.Replaces.Value,
            ReplacedBySlipId = s.ReplacedBy.Value, Version = version, Allowed = { SlipTransitions.Allowed(s) },
        };
        if (s.Reply is { } r) view.Reply = new SlipReplyView { By = r.By, At = Fields.To(r.At), Measures = r.Measures, Result = r.Result, Evidence = r.Evidence, RemainingRisk = r.RemainingRisk };
        return view;
    }

    internal static SlipSummary Of(SlipRow row) => new()
    {
        SlipId = row.Key, Number = row.Number, Kind = (V1.SlipKind)row.Kind, State = row.State, Level = Fields.To((Domain.Kernel.Colour)row.Level), Area = row.Area, Lead = row.Lead, Reason = SlipRows.Whole(row).Content!.Reason, Drill = row.Drill,
        Overdue = row.Overdue, DraftedAt = Fields.To(row.DraftedAt), IssuedAt = Fields.To(row.IssuedAt), Due = Fields.To(row.Due), EndedAt = Fields.To(row.EndedAt), Result = row.Result, CaseIds = { row.Cases },
    };

    private static SlipClockView Of(SlipClock c) => new()
    {
        Clock = Names.Of(c.Name), State = Names.Of(c.Phase), StartedAt = Fields.To(c.StartedAt), Due = Fields.To(c.Due), EndedAt = Fields.To(c.EndedAt), LateByMs = (long)c.LateBy.TotalMilliseconds, Budget = c.Budget.ToString(),
    };
}
