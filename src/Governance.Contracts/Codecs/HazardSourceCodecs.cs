using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Contracts.Codecs.HazardSourceMapping;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of a hazard source (<c>journal/v1/hazard_sources.proto</c>).</summary>
public static class HazardSourceCodecs
{
    public static IEnumerable<Codec> All => [.. Transitions, .. Others, .. HandlingCodecs.All, .. States];

    private static IEnumerable<Codec> Transitions =>
    [
        Codec.Of("hs.OccurrenceActivated.1", J.OccurrenceActivated.Parser, (OccurrenceActivated e) => new J.OccurrenceActivated
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo), Occurrence = e.Occurrence.Value, Level = (int)e.Level, Cause = To(e.Cause),
            Basis = (int)e.Basis, LateByUs = Wire.Us(e.LateBy), Withheld = (int)e.Withheld, Replaces = e.Replaces?.Value ?? "", SuppressedSinceUs = Wire.UsOrZero(e.SuppressedSince),
        }, w => new OccurrenceActivated(Wire.At(w.AtUs), w.Detector, From(w.Memo), new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Level), From(w.Cause),
            Wire.Known<ActivationBasis>(w.Basis), Wire.Span(w.LateByUs), Wire.Known<Withheld>(w.Withheld), w.Replaces.Length == 0 ? null : new OccurrenceId(w.Replaces),
            Wire.AtOrNone(w.SuppressedSinceUs))),
        Codec.Of("hs.LevelChanged.1", J.LevelChanged.Parser, (LevelChanged e) => new J.LevelChanged
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo), Occurrence = e.Occurrence.Value, From = (int)e.From, To = (int)e.To, Cause = To(e.Cause), Withheld = (int)e.Withheld,
        }, w => new LevelChanged(Wire.At(w.AtUs), w.Detector, From(w.Memo), new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.From), Wire.Known<AlarmLevel>(w.To), From(w.Cause),
            Wire.Known<Withheld>(w.Withheld))),
        Codec.Of("hs.ReturnedToNormal.1", J.ReturnedToNormal.Parser, (ReturnedToNormal e) => new J.ReturnedToNormal
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo), Occurrence = e.Occurrence.Value, Peak = (int)e.Peak, PeakValue = e.PeakValue,
        }, w => new ReturnedToNormal(Wire.At(w.AtUs), w.Detector, From(w.Memo), new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Peak), w.PeakValue)),
        Codec.Of("hs.DetectorSilent.1", J.DetectorSilent.Parser,
            (DetectorSilent e) => new J.DetectorSilent { AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo), LateByUs = Wire.Us(e.LateBy) },
            w => new DetectorSilent(Wire.At(w.AtUs), w.Detector, From(w.Memo), Wire.Span(w.LateByUs))),
        Codec.Of("hs.DetectorTrusted.1", J.DetectorTrusted.Parser,
            (DetectorTrusted e) => new J.DetectorTrusted { AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo) },
            w => new DetectorTrusted(Wire.At(w.AtUs), w.Detector, From(w.Memo))),
        Codec.Of("hs.LateExceedanceFound.1", J.LateExceedanceFound.Parser,
            (LateExceedanceFound e) => new J.LateExceedanceFound { AtUs = Wire.Us(e.At), Detector = e.Detector, Memo = To(e.Memo), Evidence = To(e.Evidence) },
            w => new LateExceedanceFound(Wire.At(w.AtUs), w.Detector, From(w.Memo), From(w.Evidence))),
    ];

    private static IEnumerable<Codec> Others =>
    [
        Codec.Of("hs.SourceCommissioned.1", J.SourceCommissioned.Parser,
            (SourceCommissioned e) => new J.SourceCommissioned { AtUs = Wire.Us(e.At), Config = To(e.Config), Version = e.Version, By = e.By },
            w => new SourceCommissioned(Wire.At(w.AtUs), From(w.Config)!, w.Version, w.By)),
        Codec.Of("hs.ClockBound.1", J.ClockBound.Parser, (ClockBound e) => new J.ClockBound { AtUs = Wire.Us(e.At), Clock = e.Clock.Value },
            w => new ClockBound(Wire.At(w.AtUs), new ClockId(w.Clock))),
        Codec.Of("hs.DataLossDeclared.1", J.DataLossDeclared.Parser, (DataLossDeclared e) => new J.DataLossDeclared
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Epoch = e.Epoch, Range = new J.SeqRange { From = e.Range.From, To = e.Range.To }, Reason = e.Reason, By = e.By,
        }, w => new DataLossDeclared(Wire.At(w.AtUs), w.Detector, w.Epoch, new SeqRange(w.Range.From, w.Range.To), w.Reason, w.By)),
        Codec.Of("hs.WarningRelayed.1", J.WarningRelayed.Parser, (WarningRelayed e) => new J.WarningRelayed { AtUs = Wire.Us(e.At), Warning = To(e.Warning) },
            w => new WarningRelayed(Wire.At(w.AtUs), From(w.Warning))),
        Codec.Of("hs.WarningUpdated.1", J.WarningUpdated.Parser,
            (WarningUpdated e) => new J.WarningUpdated { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value, Level = (int)e.Level, Value = e.Value },
            w => new WarningUpdated(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Level), w.Value)),
        Codec.Of("hs.WarningCleared.1", J.WarningCleared.Parser, (WarningCleared e) => new J.WarningCleared { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value },
            w => new WarningCleared(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence))),
        Codec.Of("hs.OccurrenceAcknowledged.1", J.OccurrenceAcknowledged.Parser, (OccurrenceAcknowledged e) => new J.OccurrenceAcknowledged
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Occurrence = e.Occurrence.Value, By = e.By, Note = e.Note, ExpiresUs = Wire.UsOrZero(e.Expires),
        }, w => new OccurrenceAcknowledged(Wire.At(w.AtUs), w.Detector, new OccurrenceId(w.Occurrence), w.By, w.Note, Wire.AtOrNone(w.ExpiresUs))),
        Codec.Of("hs.AcknowledgementOverdue.1", J.AcknowledgementOverdue.Parser, (AcknowledgementOverdue e) => new J.AcknowledgementOverdue
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Occurrence = e.Occurrence.Value, LateByUs = Wire.Us(e.LateBy),
        }, w => new AcknowledgementOverdue(Wire.At(w.AtUs), w.Detector, new OccurrenceId(w.Occurrence), Wire.Span(w.LateByUs))),
        Codec.Of("hs.IncidentOpened.1", J.IncidentOpened.Parser, (IncidentOpened e) => new J.IncidentOpened
        {
            AtUs = Wire.Us(e.At), CaseKey = e.Case.Value, Kind = (int)e.Kind, Occurrence = e.Occurrence.Value,
        }, w => new IncidentOpened(Wire.At(w.AtUs), new CaseKey(w.CaseKey), Wire.Known<HazardKind>(w.Kind), new OccurrenceId(w.Occurrence))),
        Codec.Of("hs.IncidentJoined.1", J.IncidentJoined.Parser,
            (IncidentJoined e) => new J.IncidentJoined { AtUs = Wire.Us(e.At), CaseKey = e.Case.Value, Occurrence = e.Occurrence.Value },
            w => new IncidentJoined(Wire.At(w.AtUs), new CaseKey(w.CaseKey), new OccurrenceId(w.Occurrence))),
        Codec.Of("hs.IncidentRenewed.1", J.IncidentRenewed.Parser, (IncidentRenewed e) => new J.IncidentRenewed
        {
            AtUs = Wire.Us(e.At), Closed = e.Closed.Value, CaseKey = e.Case.Value, Occurrence = e.Occurrence.Value,
        }, w => new IncidentRenewed(Wire.At(w.AtUs), new CaseKey(w.Closed), new CaseKey(w.CaseKey), new OccurrenceId(w.Occurrence))),
        Codec.Of("hs.ColourTableAdopted.1", J.ColourTableAdopted.Parser, (ColourTableAdopted e) => new J.ColourTableAdopted { AtUs = Wire.Us(e.At), Table = To(e.Table) },
            w => new ColourTableAdopted(Wire.At(w.AtUs), From(w.Table))),
        Codec.Of("hs.ColourChanged.1", J.ColourChanged.Parser,
            (ColourChanged e) => new J.ColourChanged { AtUs = Wire.Us(e.At), From = (int)e.From, To = (int)e.To, Reason = e.Reason },
            w => new ColourChanged(Wire.At(w.AtUs), Wire.Known<Colour>(w.From), Wire.Known<Colour>(w.To), w.Reason)),
        Codec.Of("hs.MarksCheckpointed.1", J.MarksCheckpointed.Parser, (MarksCheckpointed e) => new J.MarksCheckpointed
        {
            AtUs = Wire.Us(e.At), StoredChunk = e.StoredChunk, Stored = { e.Stored.Select(s => To(s)) }, Memos = { e.Memos.Select(m => To(m)) }, Skews = { e.Skews.Select(To) },
        }, w => new MarksCheckpointed(Wire.At(w.AtUs), w.StoredChunk, [.. w.Stored.Select(From)], [.. w.Memos.Select(From)], [.. w.Skews.Select(From)])),
        Codec.Of("hs.DetectorsFed.1", J.DetectorsFed.Parser, (DetectorsFed e) => new J.DetectorsFed { AtUs = Wire.Us(e.At), Gateway = e.Gateway, Detectors = { e.Detectors } },
            w => new DetectorsFed(Wire.At(w.AtUs), w.Gateway, [.. w.Detectors])),
        Codec.Of("hs.SequenceReused.1", J.SequenceReused.Parser, (SequenceReused e) => new J.SequenceReused
        {
            AtUs = Wire.Us(e.At), Detector = e.Detector, Epoch = e.Epoch, Range = new J.SeqRange { From = e.Range.From, To = e.Range.To }, Gateway = e.Gateway,
        }, w => new SequenceReused(Wire.At(w.AtUs), w.Detector, w.Epoch, new SeqRange(w.Range.From, w.Range.To), w.Gateway)),
    ];

    private static IEnumerable<Codec> States =>
    [
        Codec.Of("hs.State.1", J.HazardSourceState.Parser, (HazardSourceState s) => To(s), From),
        Codec.Of("msg.SourceEnrolled.1", J.SourceEnrolled.Parser,
            (SourceEnrolled m) => new J.SourceEnrolled { Source = m.Source.Value, Area = m.Area.Value, Name = m.Name, Drill = m.Drill, AtUs = Wire.Us(m.At) },
            w => new SourceEnrolled(new HazardSourceId(w.Source), new AreaCode(w.Area), w.Name, w.Drill, Wire.At(w.AtUs))),
    ];
}
