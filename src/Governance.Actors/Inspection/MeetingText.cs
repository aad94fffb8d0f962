using Governance.Domain.Meetings;

namespace Governance.Actors.Inspection;

/// <summary>Events of slips and meetings in one readable line.</summary>
internal static class MeetingText
{
    internal static string By(SlipEvent happened) => happened switch
    {
        SlipEvent.SlipDrafted e => e.By,
        SlipEvent.SlipApproved e => e.By,
        SlipEvent.SlipIssued e => e.By,
        SlipEvent.SlipSigned { By.Length: > 0 } e => e.By,
        SlipEvent.SlipReplied e => e.Reply.By,
        SlipEvent.ReplyReviewed e => e.By,
        SlipEvent.PlanFiled e => e.By,
        SlipEvent.ProgressReported e => e.By,
        SlipEvent.CancelRequested e => e.By,
        SlipEvent.SlipInspected e => e.By,
        SlipEvent.CancelSeconded e => e.By,
        SlipEvent.SlipExtended e => e.By,
        SlipEvent.SlipCancelled e => e.By,
        SlipEvent.SlipWithdrawn e => e.By,
        _ => "system",
    };

    internal static string By(MeetingEvent happened) => happened switch
    {
        MeetingEvent.ItemDecided e => e.Decision.By,
        MeetingEvent.MeetingClosed e => e.By,
        _ => "system",
    };

    internal static string Of(SlipEvent happened) => happened switch
    {
        SlipEvent.SlipDrafted e => $"{e.Content.Kind} for {e.Content.Lead}, {e.Content.Level}, {string.Join(", ", e.Cases.Select(c => c.Case))}: {e.Content.Reason}",
        SlipEvent.CaseJoined e => $"{e.Case.Case}",
        SlipEvent.CaseDropped e => $"{e.Case} is over",
        SlipEvent.SlipApproved e => e.Note,
        SlipEvent.SlipIssued e => $"{e.Level}, ground {e.Ground}",
        SlipEvent.NumberGiven e => e.Number,
        SlipEvent.SlipSigned e => e.By.Length > 0 ? e.Organisation : $"{e.Organisation}: counts as signed",
        SlipEvent.SlipReplied e => $"{e.Reply.Measures}; {e.Reply.Result}; {e.Reply.Evidence}; remaining risk: {e.Reply.RemainingRisk}",
        SlipEvent.ReplyReviewed e => $"{(e.Accepted ? "accepted" : "refused")} by {e.Organisation}: {e.Note}",
        SlipEvent.PlanFiled e => e.Plan,
        SlipEvent.ProgressReported e => e.Text,
        SlipEvent.CancelRequested e => e.Evidence,
        SlipEvent.SlipInspected e => $"{(e.Passed ? "passed" : "not finished")}, by {e.Organisation}: {e.Finding}",
        SlipEvent.CancelSeconded e => e.Note,
        SlipEvent.SlipExtended e => $"{e.Extra} more: {e.Reason}",
        SlipEvent.ReferredToDiscipline e => e.To,
        SlipEvent.SlipCancelled e => e.Evidence,
        SlipEvent.SlipWithdrawn e => e.Reason,
        SlipEvent.SlipReplaced e => $"by {e.By}",
        SlipEvent.ClockStarted e => $"{e.Clock} due {e.Due:u} ({e.Budget})",
        SlipEvent.ClockMoved e => $"{e.Clock} now due {e.Due:u}",
        SlipEvent.ClockMet e => $"{e.Clock}",
        SlipEvent.DeadlineMissed e => $"{e.Clock} was due {e.At:u}, late by {e.LateBy.TotalSeconds:0.###} s",
        _ => "",
    };

    internal static string Of(MeetingEvent happened) => happened switch
    {
        MeetingEvent.MeetingCalled e => $"sitting {e.Sitting} at {e.Call.Start:u}, cut-off {e.Call.CutOff:u}",
        MeetingEvent.MeetingMoved e => $"to {e.Call.Start:u}, cut-off {e.Call.CutOff:u}",
        MeetingEvent.ItemRaised e => $"{e.Item.Key} by {e.Item.Rule}: {e.Item.Reason}",
        MeetingEvent.CutOffReached e => $"late by {e.LateBy.TotalSeconds:0.###} s",
        MeetingEvent.AgendaFixed e => $"{e.Items.Count} items, {e.Hash}",
        MeetingEvent.ItemAdded e => $"{e.Item.Key}: {e.Item.Reason}",
        MeetingEvent.ItemDecided e => $"{e.Decision.Item}: {e.Decision.Decision}, {e.Decision.Note}",
        MeetingEvent.MeetingClosed e => $"{e.Note}, minutes {e.Minutes}",
        _ => "",
    };
}
