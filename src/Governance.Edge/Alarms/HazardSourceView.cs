using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Detector = Governance.Domain.HazardSources.Detector;

namespace Governance.Edge.Alarms;

/// <summary>A source as the public API shows it.</summary>
internal static class HazardSourceView
{
    internal static HazardSource Of(HazardSourceState state, long version, DateTimeOffset now)
    {
        var config = state.Config!;
        var (_, reason) = Colours.Of(state);
        var view = new HazardSource
        {
            SourceId = state.Id, Name = config.Name, Subdistrict = config.Area.Value, Enterprise = config.Enterprise, Drill = config.Drill,
            Colour = Fields.To(state.Colour), ColourReason = reason, Healthy = state.HealthyDetectors, DetectorsTotal = state.DetectorsInService,
            Version = version, Now = Fields.To(now), LimitSet = state.LimitSetVersion, ColourTable = state.Colours.Version,
        };
        view.Permits.AddRange(state.Permits.Select(p => new V1.Permit
        {
            PermitId = p.Id, DetectorIds = { p.Detectors }, OpenedAt = Fields.To(p.OpenedAt), Until = Fields.To(p.Until), OpenedBy = p.OpenedBy, Reason = p.Reason,
            Open = p.ClosedAt is null && now < p.Until,
        }));
        for (var i = 0; i < state.Detectors.Length; i++)
            if (!state.Detectors[i].Retired) view.Detectors.Add(Of(state.Detectors[i], state.FeederOf(i)));
        view.Warnings.AddRange(state.Warnings.Select(w => new V1.RelayedWarning
        {
            OccurrenceId = w.Occurrence.Value, Sender = w.Identity.Split('|')[0], Identifier = w.Identity.Split('|')[1], Kind = Fields.To(w.Kind),
            Level = Fields.To(w.Level), Cleared = !w.IsLive, ObservedAt = Fields.To(w.ObservedAt),
        }));
        view.Incidents.AddRange(state.Incidents.Select(i => new V1.Incident
        {
            CaseId = i.Case.Value, Kind = Fields.To(i.Kind), OpenedAt = Fields.To(i.OpenedAt), OccurrenceIds = { i.Occurrences.Select(o => o.Value) },
        }));
        return view;
    }

    private static DetectorState Of(in Detector detector, string gateway)
    {
        var (config, memo, live) = (detector.Config, detector.Memo, detector.Memo.Live);
        var view = new DetectorState
        {
            DetectorId = config.Id.Value, GatewayId = gateway, Kind = Fields.To(config.Kind), Unit = config.Unit, Zone = config.Zone, Process = Process(memo.Process),
            Level = Fields.To(detector.Level), Peak = Fields.To(live?.Peak ?? Domain.Kernel.AlarmLevel.None), PeakValue = live?.PeakValue ?? double.NaN,
            OccurrenceId = live?.Occurrence.Value ?? "", LastValue = memo.LastValue, Health = HealthName(memo),
            OperatorRegion = Operator(detector.Operator), AcknowledgedBy = detector.Operator.AcknowledgedBy, AcknowledgementExpires = Fields.To(detector.Operator.Expires),
            ReturnedOccurrenceId = (detector.Operator as OperatorRegion.Returned)?.Occurrence.Value ?? "", Latch = Latch(detector.Handling.Latch),
            Suppression = Suppression(detector.Handling.Suppression), Chattering = detector.Handling.Chatter.Folding, LimitSet = detector.Handling.LimitSet,
            DriftSamples = memo.DriftSamples, InTest = memo.Test > 0, TestLevel = Fields.To((Domain.Kernel.AlarmLevel)Math.Max(0, memo.Test - 1)),
            Marks = new DurableCounts { Epoch = memo.Evaluated.Epoch, EvaluatedThrough = memo.Evaluated.Through },
        };
        if (memo.LastSampledAt > DateTimeOffset.UnixEpoch) view.LastSampledAt = Fields.To(memo.LastSampledAt);
        view.Marks.Gaps.AddRange(memo.Evaluated.Gaps().Take(16).Select(g => new V1.SeqRange { From = g.From, To = g.To }));
        return view;
    }

    private static string Operator(OperatorRegion region) => region switch
    {
        OperatorRegion.Idle => "",
        OperatorRegion.Unacknowledged => "UNACKNOWLEDGED",
        OperatorRegion.Acknowledged => "ACKNOWLEDGED",
        OperatorRegion.Confirmed => "CONFIRMED",
        OperatorRegion.Returned => "RETURNED_UNACKNOWLEDGED",
        _ => throw new InvalidOperationException($"unknown region {region}"),
    };

    private static Latch? Latch(LatchRegion region) => region is LatchRegion.Latched l
        ? new Latch { OccurrenceId = l.Occurrence.Value, Peak = Fields.To(l.Peak), PeakValue = l.PeakValue, Since = Fields.To(l.Since) }
        : null;

    private static Suppression? Suppression(SuppressionRegion region) => region switch
    {
        SuppressionRegion.None => null,
        SuppressionRegion.Shelved s => new Suppression { Kind = "SHELVED", UpTo = Fields.To(s.UpTo), Since = Fields.To(s.Since), Until = Fields.To(s.Ends), By = s.By, Reason = s.Reason },
        SuppressionRegion.ByDesign d => new Suppression { Kind = "SUPPRESSED_BY_DESIGN", UpTo = Fields.To(d.UpTo), Since = Fields.To(d.Since), Rule = d.Rule },
        SuppressionRegion.OutOfService o => new Suppression
        {
            Kind = "OUT_OF_SERVICE", UpTo = Fields.To(o.Covers), Since = Fields.To(o.Since), Until = Fields.To(o.Ends), By = o.By, Reason = o.Reason, PermitId = o.Permit,
        },
        _ => throw new InvalidOperationException($"unknown region {region}"),
    };

    private static string Process(ProcessRegion region) => region switch
    {
        ProcessRegion.Normal => "NORMAL",
        ProcessRegion.Pending => "PENDING",
        ProcessRegion.Active => "ACTIVE",
        ProcessRegion.Clearing => "CLEARING",
        _ => throw new InvalidOperationException($"unknown region {region}"),
    };

    private static string HealthName(in DetectorMemo memo) => memo.Health switch
    {
        Health.Never => "NEVER",
        Health.Trusted when memo.LastQuality is Domain.HazardSources.Quality.Bad => "BAD",
        Health.Trusted => "TRUSTED",
        Health.Stale => "STALE",
        Health.Lost => "LOST",
        Health.OutOfService => "OUT_OF_SERVICE",
        Health.Frozen => "FROZEN",
        _ => throw new InvalidOperationException($"unknown health {memo.Health}"),
    };
}
