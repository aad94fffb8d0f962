using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of what cases and slips tell each other (<c>journal/v1/meetings.proto</c>).</summary>
public static class SlipMessageCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("msg.SlipWanted.1", J.SlipWanted.Parser, (SlipWanted m) => new J.SlipWanted
        {
            Kind = (int)m.Kind, CaseKey = m.Case.Value, CaseNumber = m.CaseNumber, Level = (int)m.Level, Area = m.Area.Value, Lead = m.Lead, Departments = { m.Departments },
            Category = m.Category, Reason = m.Reason, IssueAtOnce = m.IssueAtOnce, Drill = m.Drill, Clock = m.Clock.Value, AtUs = Wire.Us(m.At),
            By = m.By == "system" ? "" : m.By,
        }, w => new SlipWanted(Wire.Known<SlipKind>(w.Kind), new CaseKey(w.CaseKey), w.CaseNumber, Wire.Known<Colour>(w.Level), new AreaCode(w.Area), w.Lead, [.. w.Departments],
            w.Category, w.Reason, w.IssueAtOnce, w.Drill, new ClockId(w.Clock), Wire.At(w.AtUs), w.By.Length == 0 ? "system" : w.By)),
        Codec.Of("msg.SlipOpened.1", J.SlipNote.Parser,
            (SlipOpened m) => new J.SlipNote { Slip = m.Slip.Value, Kind = (int)m.Kind, By = m.By, Reason = m.Reason, DueUs = Wire.Us(m.Due), AtUs = Wire.Us(m.At) },
            w => new SlipOpened(new SlipKey(w.Slip), Wire.Known<SlipKind>(w.Kind), w.By, w.Reason, Wire.At(w.DueUs), Wire.At(w.AtUs))),
        Codec.Of("msg.SlipNumbered.1", J.SlipNote.Parser, (SlipNumbered m) => new J.SlipNote { Slip = m.Slip.Value, Number = m.Number, AtUs = Wire.Us(m.At) },
            w => new SlipNumbered(new SlipKey(w.Slip), w.Number, Wire.At(w.AtUs))),
        Codec.Of("msg.SlipOverdue.1", J.SlipNote.Parser, (SlipOverdue m) => new J.SlipNote { Slip = m.Slip.Value, Kind = (int)m.Kind, AtUs = Wire.Us(m.At) },
            w => new SlipOverdue(new SlipKey(w.Slip), Wire.Known<SlipKind>(w.Kind), Wire.At(w.AtUs))),
        Codec.Of("msg.SlipEnded.1", J.SlipNote.Parser, (SlipEnded m) => new J.SlipNote { Slip = m.Slip.Value, Result = m.Result, AtUs = Wire.Us(m.At) },
            w => new SlipEnded(new SlipKey(w.Slip), w.Result, Wire.At(w.AtUs))),
    ];
}
