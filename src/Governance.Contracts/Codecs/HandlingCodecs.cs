using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of what people and rules do about alarms (<c>journal/v1/hazard_sources.proto</c>).</summary>
internal static class HandlingCodecs
{
    internal static IEnumerable<Codec> All => [.. Operators, .. Suppressions, .. Commissioning];

    private static IEnumerable<Codec> Operators =>
    [
        Codec.Of("hs.TestSeen.1", J.TestSeen.Parser, (TestSeen e) => new J.TestSeen
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = HazardSourceMapping.To(e.Memo), Permit = e.Permit, Level = (int)e.Level, Value = e.Value,
        }, w => new TestSeen(Wire.At(w.AtUs), w.Detector, HazardSourceMapping.From(w.Memo), w.Permit, Wire.Known<AlarmLevel>(w.Level), w.Value)),
        Codec.Of("hs.RetrospectiveFinding.1", J.RetrospectiveFinding.Parser, (RetrospectiveFinding e) => new J.RetrospectiveFinding
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = HazardSourceMapping.To(e.Memo), Evidence = HazardSourceMapping.To(e.Evidence),
        }, w => new RetrospectiveFinding(Wire.At(w.AtUs), w.Detector, HazardSourceMapping.From(w.Memo), HazardSourceMapping.From(w.Evidence))),
        Codec.Of("hs.AcknowledgementExpired.1", J.AcknowledgementExpired.Parser, (AcknowledgementExpired e) => new J.AcknowledgementExpired
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Occurrence = e.Occurrence.Value, OverdueAtUs = Wire.UsOrZero(e.OverdueAt), LateByUs = Wire.Us(e.LateBy),
        }, w => new AcknowledgementExpired(Wire.At(w.AtUs), w.Detector, new OccurrenceId(w.Occurrence), Wire.AtOrNone(w.OverdueAtUs), Wire.Span(w.LateByUs))),
        Codec.Of("hs.OccurrenceConfirmed.1", J.OccurrenceConfirmed.Parser, (OccurrenceConfirmed e) => new J.OccurrenceConfirmed
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Occurrence = e.Occurrence.Value, By = e.By, Action = e.Action, ExpiresUs = Wire.Us(e.Expires),
        }, w => new OccurrenceConfirmed(Wire.At(w.AtUs), w.Detector, new OccurrenceId(w.Occurrence), w.By, w.Action, Wire.At(w.ExpiresUs))),
        Codec.Of("hs.LatchReset.1", J.LatchReset.Parser, (LatchReset e) => new J.LatchReset { AtUs = Wire.Us(e.At), Detector = e.Detector, By = e.By, Reason = e.Reason },
            w => new LatchReset(Wire.At(w.AtUs), w.Detector, w.By, w.Reason)),
    ];

    private static IEnumerable<Codec> Suppressions =>
    [
        Codec.Of("hs.SuppressionBegan.1", J.SuppressionBegan.Parser, (SuppressionBegan e) => HandlingMapping.To(e), w => HandlingMapping.From(w)),
        Codec.Of("hs.SuppressionEnded.1", J.SuppressionEnded.Parser,
            (SuppressionEnded e) => new J.SuppressionEnded { AtUs = Wire.Us(e.At), Detector = e.Detector, Why = (int)e.Why, By = e.By, LateByUs = Wire.Us(e.LateBy) },
            w => new SuppressionEnded(Wire.At(w.AtUs), w.Detector, Wire.Known<SuppressionEnd>(w.Why), w.By, Wire.Span(w.LateByUs))),
        Codec.Of("hs.ChatteringBegan.1", J.ChatteringBegan.Parser, (ChatteringBegan e) => new J.ChatteringBegan { AtUs = Wire.Us(e.At), Detector = e.Detector },
            w => new ChatteringBegan(Wire.At(w.AtUs), w.Detector)),
        Codec.Of("hs.ChatteringEnded.1", J.ChatteringEnded.Parser,
            (ChatteringEnded e) => new J.ChatteringEnded { AtUs = Wire.Us(e.At), Detector = e.Detector, Folded = e.Folded, LateByUs = Wire.Us(e.LateBy) },
            w => new ChatteringEnded(Wire.At(w.AtUs), w.Detector, w.Folded, Wire.Span(w.LateByUs))),
    ];

    private static IEnumerable<Codec> Commissioning =>
    [
        Codec.Of("hs.PermitOpened.1", J.PermitOpened.Parser, (PermitOpened e) => new J.PermitOpened { AtUs = Wire.Us(e.At), Permit = HandlingMapping.To(e.Permit) },
            w => new PermitOpened(Wire.At(w.AtUs), HandlingMapping.From(w.Permit))),
        Codec.Of("hs.PermitClosed.1", J.PermitClosed.Parser, (PermitClosed e) => new J.PermitClosed { AtUs = Wire.Us(e.At), Permit = e.Permit, By = e.By, Note = e.Note },
            w => new PermitClosed(Wire.At(w.AtUs), w.Permit, w.By, w.Note)),
        Codec.Of("hs.LimitsProposed.1", J.LimitsProposed.Parser, (LimitsProposed e) => new J.LimitsProposed { AtUs = Wire.Us(e.At), Set = HandlingMapping.To(e.Set) },
            w => new LimitsProposed(Wire.At(w.AtUs), HandlingMapping.From(w.Set))),
        Codec.Of("hs.LimitsBacktested.1", J.LimitsBacktested.Parser,
            (LimitsBacktested e) => new J.LimitsBacktested { AtUs = Wire.Us(e.At), Version = e.Version, Finding = HandlingMapping.To(e.Finding) },
            w => new LimitsBacktested(Wire.At(w.AtUs), w.Version, HandlingMapping.From(w.Finding))),
        Codec.Of("hs.LimitsActivated.1", J.LimitsActivated.Parser,
            (LimitsActivated e) => new J.LimitsActivated { AtUs = Wire.Us(e.At), Version = e.Version, By = e.By, Note = e.Note },
            w => new LimitsActivated(Wire.At(w.AtUs), w.Version, w.By, w.Note)),
        Codec.Of("hs.OccurrenceMigrated.1", J.OccurrenceMigrated.Parser, (OccurrenceMigrated e) => new J.OccurrenceMigrated
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Occurrence = e.Occurrence.Value, From = e.From, To = e.To, By = e.By, Reason = e.Reason,
        }, w => new OccurrenceMigrated(Wire.At(w.AtUs), w.Detector, new OccurrenceId(w.Occurrence), w.From, w.To, w.By, w.Reason)),
    ];
}
