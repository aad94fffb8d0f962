using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of what needs no more than who, what and why (<c>CaseNote</c> in <c>journal/v1/cases.proto</c>).</summary>
internal static class CaseNoteCodecs
{
    internal static IEnumerable<Codec> All =>
    [
        Of("JudgmentAwaited", (JudgmentAwaited e) => Note(e, text: e.Why), w => new JudgmentAwaited(At(w), w.Text)),
        Of("RejectionProposed", (RejectionProposed e) => Note(e, e.By, e.Code, e.Basis, e.WhereToGo), w => new RejectionProposed(At(w), w.Code, w.Text, w.More, w.By)),
        Of("CaseRejected", (CaseRejected e) => Note(e, e.By, e.Code, e.Basis, e.WhereToGo), w => new CaseRejected(At(w), w.Code, w.Text, w.More, w.By)),
        Of("InfoRequested", (InfoRequested e) => Note(e, e.By, text: e.Question, until: e.Until), w => new InfoRequested(At(w), w.Text, w.By, Wire.At(w.UntilUs))),
        Of("InfoProvided", (InfoProvided e) => Note(e, e.By, text: e.Text, flag: e.Answered, late: e.LateBy), w => new InfoProvided(At(w), w.Flag, w.Text, w.By, Wire.Span(w.LateByUs))),
        Of("ReportDetached", (ReportDetached e) => Note(e, e.By, e.ReportId, e.Reason), w => new ReportDetached(At(w), w.Code, w.Text, w.By)),
        Of("ReporterForgotten", (ReporterForgotten e) => Note(e, e.By, e.ReportId), w => new ReporterForgotten(At(w), w.Code, w.By)),
        Of("TaskAdded", (TaskAdded e) => Note(e, e.By, text: e.Basis, organisation: e.Organisation, flag: e.Mandatory), w => new TaskAdded(At(w), w.Organisation, w.Flag, w.By, w.Text)),
        Of("TaskRejected", (TaskRejected e) => Note(e, e.By, e.Code, e.Basis, e.Suggested, e.Organisation), w => new TaskRejected(At(w), w.Organisation, w.Code, w.More, w.Text, w.By)),
        Of("TaskDelegated", (TaskDelegated e) => Note(e, e.By, text: e.Reason, more: e.To, organisation: e.Organisation, flag: e.Up), w => new TaskDelegated(At(w), w.Organisation, w.More, w.Flag, w.Text, w.By)),
        Of("ReporterContacted", (ReporterContacted e) => Note(e, e.By, e.Method, e.Note, organisation: e.Organisation, flag: e.Reached), w => new ReporterContacted(At(w), w.Organisation, w.By, w.Code, w.Flag, w.Text)),
        Of("TaskDropped", (TaskDropped e) => Note(e, e.By, text: e.Reason, organisation: e.Organisation, number: (int)e.To), w => new TaskDropped(At(w), w.Organisation, Wire.Known<TaskPhase>(w.Number), w.Text, w.By)),
        Of("CaseVoided", (CaseVoided e) => Note(e, e.By, e.Code, e.Proof), w => new CaseVoided(At(w), w.By, w.Code, w.Text)),
        Of("CaseReopened", (CaseReopened e) => Note(e, e.By, text: e.Reason, flag: e.ByReporter), w => new CaseReopened(At(w), w.By, w.Text, w.Flag)),
        Of("CaseArchived", (CaseArchived e) => Note(e, e.By), w => new CaseArchived(At(w), w.By)),
        Of("MergeBegun", (MergeBegun e) => Note(e, e.By, e.Target.Value, e.Reason), w => new MergeBegun(At(w), new CaseKey(w.Code), w.By, w.Text)),
        Of("MergeRefused", (MergeRefused e) => Note(e, code: e.Target.Value, text: e.Why), w => new MergeRefused(At(w), new CaseKey(w.Code), w.Text)),
        Of("CaseMerged", (CaseMerged e) => Note(e, code: e.Target.Value), w => new CaseMerged(At(w), new CaseKey(w.Code))),
        Of("UnmergeBegun", (UnmergeBegun e) => Note(e, e.By, text: e.Reason), w => new UnmergeBegun(At(w), w.By, w.Text)),
        Of("UnmergeRefused", (UnmergeRefused e) => Note(e, text: e.Why), w => new UnmergeRefused(At(w), w.Text)),
        Of("CaseUnmerged", (CaseUnmerged e) => Note(e), w => new CaseUnmerged(At(w))),
        Of("CaseReleased", (CaseReleased e) => Note(e, code: e.From.Value), w => new CaseReleased(At(w), new CaseKey(w.Code))),
        Of("SlipAsked", (SlipAsked e) => Note(e, e.By, e.Slip.Value, e.Reason, number: (int)e.Kind), w => new SlipAsked(At(w), new SlipKey(w.Code), Wire.Known<SlipKind>(w.Number), w.By, w.Text)),
        Of("SlipLinked", (SlipLinked e) => Note(e, e.By, e.Slip.Value, e.Reason, until: e.Due, number: (int)e.Kind), w => new SlipLinked(At(w), new SlipKey(w.Code), Wire.Known<SlipKind>(w.Number), Wire.At(w.UntilUs), w.Text, w.By)),
        Of("SlipNumberNoted", (SlipNumberNoted e) => Note(e, code: e.Slip.Value, text: e.Number), w => new SlipNumberNoted(At(w), new SlipKey(w.Code), w.Text)),
        Of("SlipRanOut", (SlipRanOut e) => Note(e, code: e.Slip.Value), w => new SlipRanOut(At(w), new SlipKey(w.Code))),
        Of("SlipUnlinked", (SlipUnlinked e) => Note(e, code: e.Slip.Value, text: e.Result), w => new SlipUnlinked(At(w), new SlipKey(w.Code), w.Text)),
        Of("CaseCorrected", (CaseCorrected e) => Note(e, e.By, e.Field, e.Reason, e.Value), w => new CaseCorrected(At(w), w.Code, w.More, w.Text, w.By)),
        Of("CaseMoved", (CaseMoved e) => Note(e, e.By, e.Area.Value, e.Reason, e.Grid, e.Community), w => new CaseMoved(At(w), new AreaCode(w.Code), w.Organisation, w.More, w.Text, w.By)),
        Of("PiiUnmasked", (PiiUnmasked e) => Note(e, e.By, e.Field, more: e.Purpose, until: e.Until), w => new PiiUnmasked(At(w), w.Code, w.More, w.By, Wire.At(w.UntilUs))),
        Codec.Of("case.CaseJudged.1", J.CaseJudged.Parser,
            (CaseJudged e) => new J.CaseJudged { AtUs = Wire.Us(e.At), Level = (int)e.Level, Category = e.Category, Tags = { e.Tags }, Decision = e.Decision, By = e.By, Reason = e.Reason },
            w => new CaseJudged(Wire.At(w.AtUs), Wire.Known<Colour>(w.Level), w.Category, [.. w.Tags], w.Decision, w.By, w.Reason)),
        Codec.Of("case.CallbackRecorded.1", J.CallbackRecorded.Parser,
            (CallbackRecorded e) => new J.CallbackRecorded { AtUs = Wire.Us(e.At), By = e.By, Reached = e.Reached, Resolved = e.Resolved, Satisfied = e.Satisfied, Note = e.Note },
            w => new CallbackRecorded(Wire.At(w.AtUs), w.By, w.Reached, w.Resolved, w.Satisfied, w.Note)),
    ];

    private static Codec Of<T>(string name, Func<T, J.CaseNote> to, Func<J.CaseNote, T> from) where T : CaseEvent => Codec.Of($"case.{name}.1", J.CaseNote.Parser, to, from);

    private static J.CaseNote Note(CaseEvent e, string by = "", string code = "", string text = "", string more = "", string organisation = "", bool flag = false, DateTimeOffset? until = null, TimeSpan late = default, int number = 0) => new()
    {
        AtUs = Wire.Us(e.At), By = by, Code = code, Text = text, More = more, Organisation = organisation, Flag = flag, UntilUs = Wire.UsOrZero(until), LateByUs = Wire.Us(late), Number = number,
    };

    private static DateTimeOffset At(J.CaseNote w) => Wire.At(w.AtUs);
}
