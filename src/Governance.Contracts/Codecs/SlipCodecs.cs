using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Meetings.SlipEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of slips and of their register (<c>journal/v1/meetings.proto</c>).</summary>
public static class SlipCodecs
{
    public static IEnumerable<Codec> All => [.. Beginnings, .. Steps, .. Ends, .. Clocks, .. Registers];

    private static IEnumerable<Codec> Beginnings =>
    [
        Codec.Of("slip.Drafted.1", J.SlipDrafted.Parser,
            (SlipDrafted e) => new J.SlipDrafted { AtUs = Wire.Us(e.At), Content = To(e.Content), Cases = { e.Cases.Select(To) }, By = e.By },
            w => new SlipDrafted(Wire.At(w.AtUs), From(w.Content), From(w.Cases), w.By)),
        Step("slip.CaseJoined.1", (CaseJoined e) => new() { AtUs = Wire.Us(e.At), Case = To(e.Case) }, w => new CaseJoined(Wire.At(w.AtUs), From(w.Case))),
        Step("slip.CaseDropped.1", (CaseDropped e) => new() { AtUs = Wire.Us(e.At), Case = new J.SlipCase { CaseKey = e.Case.Value } }, w => new CaseDropped(Wire.At(w.AtUs), new CaseKey(w.Case.CaseKey))),
        Step("slip.Approved.1", (SlipApproved e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Note }, w => new SlipApproved(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.Issued.1", (SlipIssued e) => new() { AtUs = Wire.Us(e.At), By = e.By, Ground = (int)e.Ground, Level = (int)e.Level },
            w => new SlipIssued(Wire.At(w.AtUs), w.By, Wire.Known<SlipGround>(w.Ground), Wire.Known<Colour>(w.Level))),
        Step("slip.NumberGiven.1", (NumberGiven e) => new() { AtUs = Wire.Us(e.At), Text = e.Number }, w => new NumberGiven(Wire.At(w.AtUs), w.Text)),
    ];

    private static IEnumerable<Codec> Steps =>
    [
        Step("slip.Signed.1", (SlipSigned e) => new() { AtUs = Wire.Us(e.At), By = e.By, Organisation = e.Organisation }, w => new SlipSigned(Wire.At(w.AtUs), w.By, w.Organisation)),
        Step("slip.Replied.1", (SlipReplied e) => new() { AtUs = Wire.Us(e.At), Reply = To(e.Reply) }, w => new SlipReplied(Wire.At(w.AtUs), From(w.Reply))),
        Step("slip.Reviewed.1", (ReplyReviewed e) => new() { AtUs = Wire.Us(e.At), By = e.By, Organisation = e.Organisation, Passed = e.Accepted, Text = e.Note },
            w => new ReplyReviewed(Wire.At(w.AtUs), w.By, w.Organisation, w.Passed, w.Text)),
        Step("slip.PlanFiled.1", (PlanFiled e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Plan }, w => new PlanFiled(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.ProgressReported.1", (ProgressReported e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Text }, w => new ProgressReported(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.CancelRequested.1", (CancelRequested e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Evidence }, w => new CancelRequested(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.Inspected.1", (SlipInspected e) => new() { AtUs = Wire.Us(e.At), By = e.By, Organisation = e.Organisation, Passed = e.Passed, Text = e.Finding },
            w => new SlipInspected(Wire.At(w.AtUs), w.By, w.Organisation, w.Passed, w.Text)),
        Step("slip.CancelSeconded.1", (CancelSeconded e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Note }, w => new CancelSeconded(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.Extended.1", (SlipExtended e) => new() { AtUs = Wire.Us(e.At), By = e.By, Extra = CaseClockCodecs.To(e.Extra), Text = e.Reason },
            w => new SlipExtended(Wire.At(w.AtUs), w.By, CaseClockCodecs.From(w.Extra), w.Text)),
        Step("slip.Referred.1", (ReferredToDiscipline e) => new() { AtUs = Wire.Us(e.At), Organisation = e.To }, w => new ReferredToDiscipline(Wire.At(w.AtUs), w.Organisation)),
    ];

    private static IEnumerable<Codec> Ends =>
    [
        Step("slip.Cancelled.1", (SlipCancelled e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Evidence }, w => new SlipCancelled(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.Withdrawn.1", (SlipWithdrawn e) => new() { AtUs = Wire.Us(e.At), By = e.By, Text = e.Reason }, w => new SlipWithdrawn(Wire.At(w.AtUs), w.By, w.Text)),
        Step("slip.Replaced.1", (SlipReplaced e) => new() { AtUs = Wire.Us(e.At), Slip = e.By.Value }, w => new SlipReplaced(Wire.At(w.AtUs), new SlipKey(w.Slip))),
    ];

    private static IEnumerable<Codec> Clocks =>
    [
        Clock("slip.ClockStarted.1", (ClockStarted e) => new() { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, Budget = CaseClockCodecs.To(e.Budget), DueUs = Wire.Us(e.Due) },
            w => new ClockStarted(Wire.At(w.AtUs), Wire.Known<SlipClockName>(w.Clock), CaseClockCodecs.From(w.Budget), Wire.At(w.DueUs))),
        Clock("slip.ClockMoved.1", (ClockMoved e) => new() { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, DueUs = Wire.Us(e.Due), Calendar = e.Calendar },
            w => new ClockMoved(Wire.At(w.AtUs), Wire.Known<SlipClockName>(w.Clock), Wire.At(w.DueUs), w.Calendar)),
        Clock("slip.ClockMet.1", (ClockMet e) => new() { AtUs = Wire.Us(e.At), Clock = (int)e.Clock }, w => new ClockMet(Wire.At(w.AtUs), Wire.Known<SlipClockName>(w.Clock))),
        Clock("slip.DeadlineMissed.1", (DeadlineMissed e) => new() { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, LateByUs = Wire.Us(e.LateBy) },
            w => new DeadlineMissed(Wire.At(w.AtUs), Wire.Known<SlipClockName>(w.Clock), Wire.Span(w.LateByUs))),
    ];

    private static IEnumerable<Codec> Registers =>
    [
        Codec.Of("slip.State.1", J.SlipState.Parser, (SlipState s) => SlipStateMapping.To(s), SlipStateMapping.From),
        Codec.Of("msg.SlipNumberRequested.1", J.SlipNumberRequested.Parser, (SlipNumberRequested m) => new J.SlipNumberRequested { Slip = m.Slip.Value }, w => new SlipNumberRequested(new SlipKey(w.Slip))),
        Codec.Of("slip-register.SerialGiven.1", J.SlipSerialGiven.Parser,
            (SlipSerialGiven e) => new J.SlipSerialGiven { AtUs = Wire.Us(e.At), Slip = e.Slip.Value, Serial = e.Serial, Number = e.Number },
            w => new SlipSerialGiven(Wire.At(w.AtUs), new SlipKey(w.Slip), w.Serial, w.Number)),
        Codec.Of("slip-register.State.1", J.SlipRegisterState.Parser,
            (SlipRegisterState s) => new J.SlipRegisterState { Id = s.Id, LastSerial = s.LastSerial, Given = { s.NumberOf.Select(n => new J.SlipSerialGiven { Slip = n.Key, Number = n.Value }) } },
            w => new SlipRegisterState(w.Id, w.LastSerial, w.Given.ToImmutableSortedDictionary(g => g.Slip, g => g.Number, StringComparer.Ordinal),
                w.Given.ToImmutableSortedDictionary(g => g.Number, g => g.Slip, StringComparer.Ordinal))),
        Codec.Of("msg.SlipOrdered.1", J.SlipOrdered.Parser,
            (SlipOrdered m) => new J.SlipOrdered { Content = To(m.Order.Content), Cases = { m.Order.Cases.Select(To) }, By = m.By, Meeting = m.Meeting, AtUs = Wire.Us(m.At) },
            w => new SlipOrdered(new SlipOrder(From(w.Content), From(w.Cases)), w.By, w.Meeting, Wire.At(w.AtUs))),
        Codec.Of("msg.SlipTaken.1", J.SlipTaken.Parser, (SlipTaken m) => new J.SlipTaken { By = m.By.Value, AtUs = Wire.Us(m.At) }, w => new SlipTaken(new SlipKey(w.By), Wire.At(w.AtUs))),
    ];

    internal static J.SlipContent To(SlipContent c) => new()
    {
        Kind = (int)c.Kind, Level = (int)c.Level, Area = c.Area.Value, Lead = c.Lead, Departments = { c.Departments }, Category = c.Category, Reason = c.Reason, Ground = (int)(c.Ground ?? 0),
        Replaces = c.Replaces.Value, Drill = c.Drill, Clock = c.Clock.Value,
    };

    internal static SlipContent From(J.SlipContent w) => new(
        Wire.Known<SlipKind>(w.Kind), Wire.Known<Colour>(w.Level), new AreaCode(w.Area), w.Lead, [.. w.Departments], w.Category, w.Reason, w.Ground == 0 ? null : Wire.Known<SlipGround>(w.Ground),
        new SlipKey(w.Replaces), w.Drill, new ClockId(w.Clock));

    internal static J.SlipCase To(SlipCase c) => new() { CaseKey = c.Case.Value, Number = c.Number, Over = c.Over };
    internal static SlipCase From(J.SlipCase w) => new(new CaseKey(w.CaseKey), w.Number, w.Over);
    internal static ImmutableList<SlipCase> From(IEnumerable<J.SlipCase> cases) => [.. cases.Select(From)];

    internal static J.SlipReply To(SlipReply r) => new() { By = r.By, AtUs = Wire.Us(r.At), Measures = r.Measures, Result = r.Result, Evidence = r.Evidence, RemainingRisk = r.RemainingRisk };
    internal static SlipReply From(J.SlipReply w) => new(w.By, Wire.At(w.AtUs), w.Measures, w.Result, w.Evidence, w.RemainingRisk);

    private static Codec Step<T>(string manifest, Func<T, J.SlipStep> to, Func<J.SlipStep, T> from) where T : SlipEvent => Codec.Of(manifest, J.SlipStep.Parser, to, from);
    private static Codec Clock<T>(string manifest, Func<T, J.SlipClockSet> to, Func<J.SlipClockSet, T> from) where T : SlipEvent => Codec.Of(manifest, J.SlipClockSet.Parser, to, from);
}
