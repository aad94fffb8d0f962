using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using C = Governance.Cluster.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of the commands of a hazard source (<c>cluster/v1/hazard_sources.proto</c>).</summary>
public static class HazardSourceCommandCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("cmd.hs.CommissionSource.1", C.CommissionSource.Parser,
            (CommissionSource c) => new C.CommissionSource { Config = HazardSourceMapping.To(c.Config) },
            w => new CommissionSource(HazardSourceMapping.From(w.Config)!)),
        Codec.Of("cmd.hs.RelayWarning.1", C.RelayWarning.Parser, (RelayWarning c) => new C.RelayWarning
        {
            Sender = c.Sender, Identifier = c.Identifier, SentUs = Wire.Us(c.Sent), Detector = c.Detector, Point = c.Point, Kind = (int)c.Kind, Level = (int)c.Level,
            Value = c.Value, Threshold = c.Threshold, Unit = c.Unit, ObservedAtUs = Wire.Us(c.ObservedAt), Cleared = c.Cleared, Text = c.Text, Drill = c.Drill, Update = c.Update, ExpiresUs = Wire.UsOrZero(c.Expires),
        }, w => new RelayWarning(w.Sender, w.Identifier, Wire.At(w.SentUs), w.Detector, w.Point, (HazardKind)w.Kind, (AlarmLevel)w.Level, w.Value, w.Threshold,
            w.Unit, Wire.At(w.ObservedAtUs), w.Cleared, w.Text, w.Drill, w.Update, Wire.AtOrNone(w.ExpiresUs))),
        Codec.Of("cmd.hs.AcknowledgeOccurrence.1", C.AcknowledgeOccurrence.Parser,
            (AcknowledgeOccurrence c) => new C.AcknowledgeOccurrence { Occurrence = c.Occurrence.Value, Note = c.Note },
            w => new AcknowledgeOccurrence(new OccurrenceId(w.Occurrence), w.Note)),
        Codec.Of("cmd.hs.ConfirmOccurrence.1", C.ConfirmOccurrence.Parser,
            (ConfirmOccurrence c) => new C.ConfirmOccurrence { Occurrence = c.Occurrence.Value, Action = c.Action }, w => new ConfirmOccurrence(new OccurrenceId(w.Occurrence), w.Action)),
        Codec.Of("cmd.hs.ShelveDetector.1", C.ShelveDetector.Parser,
            (ShelveDetector c) => new C.ShelveDetector { Detector = c.Detector, UpTo = (int)c.UpTo, UntilUs = Wire.Us(c.Until), Reason = c.Reason },
            w => new ShelveDetector(w.Detector, (AlarmLevel)w.UpTo, Wire.At(w.UntilUs), w.Reason)),
        Codec.Of("cmd.hs.UnshelveDetector.1", C.UnshelveDetector.Parser, (UnshelveDetector c) => new C.UnshelveDetector { Detector = c.Detector }, w => new UnshelveDetector(w.Detector)),
        Codec.Of("cmd.hs.TakeOutOfService.1", C.TakeOutOfService.Parser,
            (TakeOutOfService c) => new C.TakeOutOfService { Detector = c.Detector, Permit = c.Permit, UntilUs = Wire.Us(c.Until), Reason = c.Reason },
            w => new TakeOutOfService(w.Detector, w.Permit, Wire.At(w.UntilUs), w.Reason)),
        Codec.Of("cmd.hs.ReturnToService.1", C.ReturnToService.Parser, (ReturnToService c) => new C.ReturnToService { Detector = c.Detector }, w => new ReturnToService(w.Detector)),
        Codec.Of("cmd.hs.ResetLatch.1", C.ResetLatch.Parser, (ResetLatch c) => new C.ResetLatch { Detector = c.Detector, Reason = c.Reason }, w => new ResetLatch(w.Detector, w.Reason)),
        Codec.Of("cmd.hs.OpenPermit.1", C.OpenPermit.Parser,
            (OpenPermit c) => new C.OpenPermit { Id = c.Id, Detectors = { c.Detectors }, UntilUs = Wire.Us(c.Until), Reason = c.Reason },
            w => new OpenPermit(w.Id, [.. w.Detectors], Wire.At(w.UntilUs), w.Reason)),
        Codec.Of("cmd.hs.ClosePermit.1", C.ClosePermit.Parser, (ClosePermit c) => new C.ClosePermit { Id = c.Id, Note = c.Note }, w => new ClosePermit(w.Id, w.Note)),
        Codec.Of("cmd.hs.ProposeLimits.1", C.ProposeLimits.Parser,
            (ProposeLimits c) => new C.ProposeLimits { Detectors = { c.Detectors.Select(HandlingMapping.To) }, Reason = c.Reason },
            w => new ProposeLimits([.. w.Detectors.Select(HandlingMapping.From)], w.Reason)),
        Codec.Of("cmd.hs.RecordBacktest.1", C.RecordBacktest.Parser, (RecordBacktest c) => new C.RecordBacktest
        {
            Version = c.Version, FromUs = Wire.Us(c.From), ToUs = Wire.Us(c.To), Readings = c.Readings, Added = c.Added, Removed = c.Removed, Missed = { c.Missed },
        }, w => new RecordBacktest(w.Version, Wire.At(w.FromUs), Wire.At(w.ToUs), w.Readings, w.Added, w.Removed, [.. w.Missed])),
        Codec.Of("cmd.hs.ActivateLimits.1", C.ActivateLimits.Parser, (ActivateLimits c) => new C.ActivateLimits { Version = c.Version, Note = c.Note }, w => new ActivateLimits(w.Version, w.Note)),
        Codec.Of("cmd.hs.MigrateOccurrence.1", C.MigrateOccurrence.Parser,
            (MigrateOccurrence c) => new C.MigrateOccurrence { Occurrence = c.Occurrence.Value, Reason = c.Reason }, w => new MigrateOccurrence(new OccurrenceId(w.Occurrence), w.Reason)),
    ];
}
