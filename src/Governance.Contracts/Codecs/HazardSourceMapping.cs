using System.Collections.Immutable;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of a hazard source's values.</summary>
internal static class HazardSourceMapping
{
    internal static J.SeqSet To(in SeqSet set)
    {
        var wire = new J.SeqSet { Epoch = set.Epoch, Through = set.Through };
        if (!set.Above.IsDefaultOrEmpty) wire.Above.AddRange(set.Above.Select(r => new J.SeqRange { From = r.From, To = r.To }));
        return wire;
    }

    internal static SeqSet From(J.SeqSet wire) => new(wire.Epoch, wire.Through, [.. wire.Above.Select(r => new SeqRange(r.From, r.To))]);

    internal static J.GatewaySkew To(GatewaySkew s)
    {
        var wire = new J.GatewaySkew { Gateway = s.Gateway.Value, SinceUs = Wire.Us(s.Skew.Since), LeastUs = Wire.Us(s.Skew.Least) };
        if (s.Skew.Before is { } before) wire.BeforeUs = Wire.Us(before);
        return wire;
    }

    internal static GatewaySkew From(J.GatewaySkew w) => new(new GatewayId(w.Gateway), new ClockSkew(Wire.At(w.SinceUs), Wire.Span(w.LeastUs), w.HasBeforeUs ? Wire.Span(w.BeforeUs) : null));

    internal static J.ColourTable To(ColourTable t) => new()
    {
        Version = t.Version, Rules = { t.Rules.Select(r => new J.ColourRule { Level = (int)r.Level, When = (int)r.When, Colour = (int)r.Colour }) },
    };

    internal static ColourTable From(J.ColourTable w) =>
        new(w.Version, [.. w.Rules.Select(r => new ColourRule(Wire.Known<AlarmLevel>(r.Level), Wire.Known<ColourCondition>(r.When), Wire.Known<Colour>(r.Colour)))]);

    internal static J.SourceConfig? To(SourceConfig? config)
    {
        if (config is null) return null;
        var wire = new J.SourceConfig { Id = config.Id.Value, Name = config.Name, Enterprise = config.Enterprise, Area = config.Area.Value, Drill = config.Drill };
        wire.Detectors.AddRange(config.Detectors.Select(To));
        wire.Zones.AddRange(config.Zones.Select(z => new J.Zone { Name = z.Name, HealthyMin = z.HealthyMin }));
        wire.Rules.AddRange(config.Rules.Select(r => new J.SuppressionRule { Name = r.Name, Trigger = r.Trigger, TriggerLevel = (int)r.TriggerLevel, Suppressed = { r.Suppressed }, UpTo = (int)r.UpTo }));
        return wire;
    }

    internal static SourceConfig? From(J.SourceConfig? wire) => wire is null ? null : new SourceConfig(
        new HazardSourceId(wire.Id), wire.Name, wire.Enterprise, new AreaCode(wire.Area), wire.Drill,
        [.. wire.Detectors.Select(From)], [.. wire.Zones.Select(z => new Zone(z.Name, z.HealthyMin))])
    {
        Rules = [.. wire.Rules.Select(r => new SuppressionRule(r.Name, r.Trigger, Wire.Known<AlarmLevel>(r.TriggerLevel), [.. r.Suppressed], Wire.Known<AlarmLevel>(r.UpTo)))],
    };

    internal static J.DetectorConfig To(DetectorConfig d)
    {
        var wire = new J.DetectorConfig
        {
            Id = d.Id.Value, Kind = (int)d.Kind, Unit = d.Unit, PeriodUs = Wire.Us(d.Period), RangeBottom = d.RangeBottom, RangeTop = d.RangeTop,
            ZeroDrift = d.ZeroDrift, Zone = d.Zone, Point = d.Point, LatchFrom = (int)d.LatchFrom, FrozenSamples = d.FrozenSamples,
        };
        wire.Limits.AddRange(d.Limits.Select(To));
        return wire;
    }

    internal static J.Limit To(Limit l) => new()
    {
        Direction = (int)l.Direction, Level = (int)l.Level, Value = l.Value, Deadband = l.Deadband,
        OnDelayUs = Wire.Us(l.OnDelay), OnDelaySamples = l.OnDelaySamples, OffDelayUs = Wire.Us(l.OffDelay),
    };

    internal static Limit From(J.Limit l) => new(Wire.Known<LimitDirection>(l.Direction), Wire.Known<AlarmLevel>(l.Level), l.Value, l.Deadband,
        Wire.Span(l.OnDelayUs), l.OnDelaySamples, Wire.Span(l.OffDelayUs));

    internal static DetectorConfig From(J.DetectorConfig w) => new(
        new DetectorId(w.Id), Wire.Known<HazardKind>(w.Kind), w.Unit, Wire.Span(w.PeriodUs), w.RangeBottom, w.RangeTop, w.ZeroDrift, w.Zone, w.Point,
        [.. w.Limits.Select(From)], Wire.Known<AlarmLevel>(w.LatchFrom), w.FrozenSamples);

    internal static J.Crossing To(Crossing c) => new()
    {
        Epoch = c.Epoch, Seq = c.Seq, Value = c.Value, Limit = c.Limit, Level = (int)c.Level, SampledAtUs = Wire.Us(c.SampledAt), SkewUs = Wire.Us(c.Skew),
    };

    internal static Crossing From(J.Crossing w) => new(w.Epoch, w.Seq, w.Value, w.Limit, Wire.Known<AlarmLevel>(w.Level), Wire.At(w.SampledAtUs), Wire.Span(w.SkewUs));

    internal static J.DetectorMemo To(in DetectorMemo m)
    {
        var wire = new J.DetectorMemo
        {
            Evaluated = To(m.Evaluated), Health = (int)m.Health, LastQuality = (int)m.LastQuality, LastValue = m.LastValue,
            LastSampledAtUs = Wire.Us(m.LastSampledAt), LastReceivedAtUs = Wire.Us(m.LastReceivedAt),
            LastGoodSampledAtUs = Wire.Us(m.LastGoodSampledAt), LastGoodAtUs = Wire.Us(m.LastGoodAt), Repeats = m.Repeats, DriftSamples = m.DriftSamples, Test = m.Test,
            HistoryLevel = (int)m.HistoryLevel, HistoryAtUs = m.HistoryTicks == 0 ? 0 : Wire.UsOfTicks(m.HistoryTicks),
        };
        if (!double.IsNaN(m.LastGoodValue)) wire.LastGoodValue = m.LastGoodValue;
        switch (m.Process)
        {
            case ProcessRegion.Normal: break;
            case ProcessRegion.Active active: wire.Active = To(active); break;
            case ProcessRegion.Clearing c:
                wire.Clearing = new J.ClearingRegion { Was = To(c.Was), SinceSampledUs = Wire.Us(c.SinceSampled), SinceReceivedUs = Wire.Us(c.SinceReceived) };
                break;
            case ProcessRegion.Pending p:
                wire.Pending = new J.PendingRegion { Occurrence = p.Occurrence.Value, First = To(p.First), SinceUs = Wire.Us(p.Since), Samples = p.Samples };
                break;
            default: throw new InvalidOperationException($"unknown region {m.Process.GetType().Name}");
        }
        return wire;
    }

    internal static DetectorMemo From(J.DetectorMemo w) => new(
        From(w.Evaluated), Region(w), (Health)w.Health, (Quality)w.LastQuality, w.LastValue, Wire.At(w.LastSampledAtUs),
        Wire.At(w.LastReceivedAtUs), Wire.At(w.LastGoodSampledAtUs), Wire.At(w.LastGoodAtUs),
        w.HasLastGoodValue ? w.LastGoodValue : double.NaN, w.Repeats, w.DriftSamples, w.Test,
        Wire.Known<AlarmLevel>(w.HistoryLevel), w.HistoryAtUs == 0 ? 0 : Wire.TicksOfUs(w.HistoryAtUs));

    private static ProcessRegion Region(J.DetectorMemo w) => w.ProcessCase switch
    {
        J.DetectorMemo.ProcessOneofCase.None => ProcessRegion.Normal.Instance,
        J.DetectorMemo.ProcessOneofCase.Active => From(w.Active),
        J.DetectorMemo.ProcessOneofCase.Clearing => new ProcessRegion.Clearing(From(w.Clearing.Was), Wire.At(w.Clearing.SinceSampledUs), Wire.At(w.Clearing.SinceReceivedUs)),
        J.DetectorMemo.ProcessOneofCase.Pending => new ProcessRegion.Pending(new OccurrenceId(w.Pending.Occurrence), From(w.Pending.First), Wire.At(w.Pending.SinceUs), w.Pending.Samples),
        _ => throw new InvalidDataException($"unknown process region {w.ProcessCase}"),
    };

    private static J.ActiveRegion To(ProcessRegion.Active a) => new()
    {
        Occurrence = a.Occurrence.Value, Level = (int)a.Level, Peak = (int)a.Peak, PeakValue = a.PeakValue, ActivatedAtUs = Wire.Us(a.ActivatedAt), Cause = a.Cause is null ? null : To(a.Cause),
    };

    private static ProcessRegion.Active From(J.ActiveRegion w) => new(
        new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Level), Wire.Known<AlarmLevel>(w.Peak), w.PeakValue, Wire.At(w.ActivatedAtUs),
        w.Cause is null ? null : From(w.Cause));

    internal static J.RelayedWarning To(RelayedWarning r) => new()
    {
        Identity = r.Identity, Occurrence = r.Occurrence.Value, Detector = r.Detector, Point = r.Point, Kind = (int)r.Kind, Level = (int)r.Level,
        Value = r.Value, Threshold = r.Threshold, Unit = r.Unit, ObservedAtUs = Wire.Us(r.ObservedAt), AtUs = Wire.Us(r.At), ClearedAtUs = Wire.UsOrZero(r.ClearedAt),
    };

    internal static RelayedWarning From(J.RelayedWarning w) => new(
        w.Identity, new OccurrenceId(w.Occurrence), w.Detector, w.Point, Wire.Known<HazardKind>(w.Kind), Wire.Known<AlarmLevel>(w.Level), w.Value,
        w.Threshold, w.Unit, Wire.At(w.ObservedAtUs), Wire.At(w.AtUs), Wire.AtOrNone(w.ClearedAtUs));

    internal static J.HazardSourceState To(HazardSourceState s)
    {
        var wire = new J.HazardSourceState
        {
            Id = s.Id, Config = To(s.Config), ConfigVersion = s.ConfigVersion, Colour = (int)s.Colour, ColourReason = s.ColourReason,
            StoredChunk = s.StoredChunk, Clock = s.Clock.Value,
        };
        wire.Stored.AddRange(s.Stored.Select(m => To(m)));
        wire.Warnings.AddRange(s.Warnings.Select(To));
        wire.Detectors.AddRange(s.Detectors.Select(d => new J.Detector { Config = To(d.Config), Memo = To(d.Memo), Retired = d.Retired, Handling = HandlingMapping.To(d.Handling) }));
        wire.Permits.AddRange(s.Permits.Select(HandlingMapping.To));
        wire.LimitSets.AddRange(s.LimitSets.Select(HandlingMapping.To));
        (wire.LimitSetVersion, wire.NewestLimitSet) = (s.LimitSetVersion, s.NewestLimitSet);
        wire.Colours = To(s.Colours);
        wire.FedBy.AddRange(s.FedBy);
        wire.Skews.AddRange(s.Skews.Select(To));
        wire.Incidents.AddRange(s.Incidents.Select(i => new J.Incident
        {
            CaseKey = i.Case.Value, Kind = (int)i.Kind, OpenedAtUs = Wire.Us(i.OpenedAt), LastEndedAtUs = Wire.UsOrZero(i.LastEndedAt),
            Occurrences = { i.Occurrences.Select(o => o.Value) }, Live = { i.Live.Select(o => o.Value) },
        }));
        return wire;
    }

    internal static HazardSourceState From(J.HazardSourceState w) => Sharing.Of(new HazardSourceState(
        w.Id, From(w.Config), w.ConfigVersion,
        [.. w.Detectors.Select(d => new Detector(From(d.Config), From(d.Memo), HandlingMapping.Of(d), d.Retired))],
        [.. w.Warnings.Select(From)],
        [.. w.Incidents.Select(i => new Incident(new CaseKey(i.CaseKey), Wire.Known<HazardKind>(i.Kind), Wire.At(i.OpenedAtUs),
            [.. i.Occurrences.Select(o => new OccurrenceId(o))], [.. i.Live.Select(o => new OccurrenceId(o))], Wire.AtOrNone(i.LastEndedAtUs)))],
        Wire.Known<Colour>(w.Colour), w.ColourReason, [.. w.Stored.Select(From)], w.StoredChunk, new ClockId(w.Clock))
    {
        Permits = [.. w.Permits.Select(HandlingMapping.From)], LimitSets = [.. w.LimitSets.Select(HandlingMapping.From)],
        // A snapshot of before there were limit sets is under the first.
        Colours = w.Colours is null ? ColourTable.First : From(w.Colours), FedBy = [.. w.FedBy], Skews = [.. w.Skews.Select(From)],
        LimitSetVersion = Math.Max(w.LimitSetVersion, Handling.New.LimitSet), NewestLimitSet = Math.Max(w.NewestLimitSet, Handling.New.LimitSet),
    });
}
