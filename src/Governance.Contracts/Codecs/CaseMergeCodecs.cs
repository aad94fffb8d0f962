using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of reports, and of cases that are merged and come apart.</summary>
internal static class CaseMergeCodecs
{
    internal static IEnumerable<Codec> All =>
    [
        Codec.Of("case.ReportAttached.1", J.ReportAttached.Parser, (ReportAttached e) => new J.ReportAttached { AtUs = Wire.Us(e.At), Report = To(e.Report), Score = e.Score, By = e.By },
            w => new ReportAttached(Wire.At(w.AtUs), From(w.Report), w.Score, w.By)),
        Codec.Of("case.CaseAbsorbed.1", J.CaseAbsorbed.Parser, (CaseAbsorbed e) => new J.CaseAbsorbed { AtUs = Wire.Us(e.At), Absorbed = To(e.Absorbed) }, w => new CaseAbsorbed(Wire.At(w.AtUs), From(w.Absorbed))),
        Codec.Of("msg.CaseOffered.1", J.CaseOffered.Parser, (CaseOffered m) => new J.CaseOffered
        {
            From = m.From.Value, Number = m.Number, Level = (int)m.Level, Supervision = (int)m.Supervision, DueUs = Wire.UsOrZero(m.Due), Reports = { m.Reports.Select(To) },
            Occurrences = { m.Occurrences.Select(CaseCodecs.To) }, Drill = m.Drill, Clock = m.Clock.Value, By = m.By, Reason = m.Reason,
        }, w => new CaseOffered(new CaseKey(w.From), w.Number, Wire.Known<Colour>(w.Level), Wire.Known<Supervision>(w.Supervision), Wire.AtOrNone(w.DueUs), [.. w.Reports.Select(From)],
            [.. w.Occurrences.Select(CaseCodecs.From)], w.Drill, new ClockId(w.Clock), w.By, w.Reason)),
        Codec.Of("msg.CaseReclaimed.1", J.CaseNote.Parser, (CaseReclaimed m) => new J.CaseNote { Code = m.From.Value, By = m.By, Text = m.Reason }, w => new CaseReclaimed(new CaseKey(w.Code), w.By, w.Text)),
        Codec.Of("msg.ReportHandedOver.1", J.ReportHandedOver.Parser,
            (ReportHandedOver m) => new J.ReportHandedOver { From = m.From.Value, Subject = CaseCodecs.To(m.Subject), Level = (int)m.Level, Report = To(m.Report) },
            w => new ReportHandedOver(new CaseKey(w.From), CaseCodecs.From(w.Subject)!, Wire.Known<Colour>(w.Level), From(w.Report))),
    ];

    internal static J.CaseReport To(CaseReport r) => new()
    {
        Id = r.Id, Channel = r.Channel, Text = r.Text, Reporter = r.Reporter, Reachable = r.Reachable, Media = { r.Media }, ReceivedAtUs = Wire.Us(r.ReceivedAt),
    };

    internal static CaseReport From(J.CaseReport w) => new(w.Id, w.Channel, w.Text, w.Reporter, w.Reachable, [.. w.Media], Wire.At(w.ReceivedAtUs));

    internal static J.CaseAbsorption To(Absorption a) => new()
    {
        From = a.From.Value, Number = a.Number, Reports = { a.Reports.Select(To) }, Occurrences = { a.Occurrences.Select(CaseCodecs.To) }, Before = To(a.Before), After = To(a.After),
    };

    internal static Absorption From(J.CaseAbsorption w) => new(new CaseKey(w.From), w.Number, [.. w.Reports.Select(From)], [.. w.Occurrences.Select(CaseCodecs.From)], From(w.Before), From(w.After));

    private static J.CaseBearing To(Bearing b) => new() { Level = (int)b.Level, Supervision = (int)b.Supervision, Clocks = { b.Clocks.Select(CaseClockCodecs.To) }, AllClearUs = Wire.UsOrZero(b.AllClear) };

    private static Bearing From(J.CaseBearing w) => new(Wire.Known<Colour>(w.Level), Wire.Known<Supervision>(w.Supervision), [.. w.Clocks.Select(CaseClockCodecs.From)], Wire.AtOrNone(w.AllClearUs));
}
