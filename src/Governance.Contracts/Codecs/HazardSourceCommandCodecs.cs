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
            Value = c.Value, Threshold = c.Threshold, Unit = c.Unit, ObservedAtUs = Wire.Us(c.ObservedAt), Cleared = c.Cleared, Text = c.Text, Drill = c.Drill,
        }, w => new RelayWarning(w.Sender, w.Identifier, Wire.At(w.SentUs), w.Detector, w.Point, (HazardKind)w.Kind, (AlarmLevel)w.Level, w.Value, w.Threshold,
            w.Unit, Wire.At(w.ObservedAtUs), w.Cleared, w.Text, w.Drill)),
        Codec.Of("cmd.hs.AcknowledgeOccurrence.1", C.AcknowledgeOccurrence.Parser,
            (AcknowledgeOccurrence c) => new C.AcknowledgeOccurrence { Occurrence = c.Occurrence.Value, Note = c.Note },
            w => new AcknowledgeOccurrence(new OccurrenceId(w.Occurrence), w.Note)),
    ];
}
