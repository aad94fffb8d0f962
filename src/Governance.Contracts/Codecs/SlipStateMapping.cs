using Governance.Domain.Cases;
using Governance.Domain.Meetings;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored form of a slip's state: in snapshots and in the list of slips.</summary>
internal static class SlipStateMapping
{
    internal static J.SlipState To(SlipState s) => new()
    {
        Key = s.Key.Value, Phase = (int)s.Phase, Number = s.Number, Content = s.Content is null ? null : SlipCodecs.To(s.Content), Cases = { s.Cases.Select(SlipCodecs.To) },
        Clocks = { s.Clocks.Select(To) }, Events = s.Events, DraftedBy = s.DraftedBy, DraftedAtUs = Wire.UsOrZero(s.DraftedAt), ApprovedBy = s.ApprovedBy, IssuedBy = s.IssuedBy,
        IssuedAtUs = Wire.UsOrZero(s.IssuedAt), SignedBy = s.SignedBy, SignedAtUs = Wire.UsOrZero(s.SignedAt), Reply = s.Reply is null ? null : SlipCodecs.To(s.Reply), RefusedReplies = s.RefusedReplies,
        ReviewedBy = s.ReviewedBy, Plan = s.Plan, Progress = s.Progress, ProgressAtUs = Wire.UsOrZero(s.ProgressAt), Reports = s.Reports, CancelAskedBy = s.CancelAskedBy, CancelEvidence = s.CancelEvidence,
        InspectedBy = s.InspectedBy, InspectedFor = s.InspectedFor, Finding = s.Finding, FailedInspections = s.FailedInspections, SecondedBy = s.SecondedBy, Extensions = { s.Extensions.Select(CaseClockCodecs.To) },
        OverdueAtUs = Wire.UsOrZero(s.OverdueAt), OverdueIn = (int)s.OverdueIn, ReferredTo = s.ReferredTo, Result = s.Result, EndedBy = s.EndedBy, EndNote = s.EndNote, EndedAtUs = Wire.UsOrZero(s.EndedAt),
        ReplacedBy = s.ReplacedBy.Value, CalendarVersion = s.CalendarVersion,
    };

    internal static SlipState From(J.SlipState w) => new(
        new SlipKey(w.Key), Wire.Known<SlipPhase>(w.Phase), w.Number, w.Content is null ? null : SlipCodecs.From(w.Content), SlipCodecs.From(w.Cases), [.. w.Clocks.Select(From)], w.Events)
    {
        DraftedBy = w.DraftedBy, DraftedAt = Wire.AtOrNone(w.DraftedAtUs), ApprovedBy = w.ApprovedBy, IssuedBy = w.IssuedBy, IssuedAt = Wire.AtOrNone(w.IssuedAtUs), SignedBy = w.SignedBy,
        SignedAt = Wire.AtOrNone(w.SignedAtUs), Reply = w.Reply is null ? null : SlipCodecs.From(w.Reply), RefusedReplies = w.RefusedReplies, ReviewedBy = w.ReviewedBy, Plan = w.Plan, Progress = w.Progress,
        ProgressAt = Wire.AtOrNone(w.ProgressAtUs), Reports = w.Reports, CancelAskedBy = w.CancelAskedBy, CancelEvidence = w.CancelEvidence, InspectedBy = w.InspectedBy, InspectedFor = w.InspectedFor,
        Finding = w.Finding, FailedInspections = w.FailedInspections, SecondedBy = w.SecondedBy, Extensions = [.. w.Extensions.Select(CaseClockCodecs.From)], OverdueAt = Wire.AtOrNone(w.OverdueAtUs),
        OverdueIn = Wire.Known<SlipPhase>(w.OverdueIn), ReferredTo = w.ReferredTo, Result = w.Result, EndedBy = w.EndedBy, EndNote = w.EndNote, EndedAt = Wire.AtOrNone(w.EndedAtUs),
        ReplacedBy = new SlipKey(w.ReplacedBy), CalendarVersion = w.CalendarVersion,
    };

    private static J.SlipClock To(SlipClock c) => new()
    {
        Name = (int)c.Name, Phase = (int)c.Phase, Budget = CaseClockCodecs.To(c.Budget), StartedAtUs = Wire.Us(c.StartedAt), DueUs = Wire.Us(c.Due), EndedAtUs = Wire.UsOrZero(c.EndedAt), LateByUs = Wire.Us(c.LateBy),
    };

    private static SlipClock From(J.SlipClock w) => new(
        Wire.Known<SlipClockName>(w.Name), Wire.Known<ClockPhase>(w.Phase), CaseClockCodecs.From(w.Budget), Wire.At(w.StartedAtUs), Wire.At(w.DueUs), Wire.AtOrNone(w.EndedAtUs), Wire.Span(w.LateByUs));
}
