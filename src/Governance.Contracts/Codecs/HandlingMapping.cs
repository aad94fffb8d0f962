using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of what people and rules make of a detector's alarm, of permits and of limit sets.</summary>
internal static class HandlingMapping
{
    internal static J.Handling To(Handling h)
    {
        var wire = new J.Handling
        {
            ActivationsUs = { h.Chatter.Recent.Select(Wire.Us) }, Folding = h.Chatter.Folding, Folded = h.Chatter.Folded, Withheld = (int)h.Withheld, LimitSet = h.LimitSet,
        };
        switch (h.Operator)
        {
            case OperatorRegion.Idle: break;
            case OperatorRegion.Unacknowledged u: wire.Unacknowledged = new J.Unacknowledged { SinceUs = Wire.Us(u.Since), DueByUs = Wire.UsOrZero(u.DueBy), Overdue = u.IsOverdue }; break;
            case OperatorRegion.Acknowledged a: wire.Acknowledged = new J.Acknowledged { By = a.By, AtUs = Wire.Us(a.At), EndsUs = Wire.UsOrZero(a.Ends), Note = a.Note }; break;
            case OperatorRegion.Confirmed c:
                wire.Confirmed = new J.Confirmed { By = c.By, AtUs = Wire.Us(c.At), EndsUs = Wire.UsOrZero(c.Ends), Action = c.Action, FirstAcknowledgedBy = c.FirstAcknowledgedBy };
                break;
            case OperatorRegion.Returned r: wire.Returned = new J.Returned { Occurrence = r.Occurrence.Value, AtUs = Wire.Us(r.At) }; break;
            default: throw new InvalidOperationException($"unknown region {h.Operator.GetType().Name}");
        }
        if (h.Latch is LatchRegion.Latched latched)
            wire.Latched = new J.Latched { Occurrence = latched.Occurrence.Value, Peak = (int)latched.Peak, PeakValue = latched.PeakValue, SinceUs = Wire.Us(latched.Since) };
        switch (h.Suppression)
        {
            case SuppressionRegion.None: break;
            case SuppressionRegion.Shelved s: wire.Shelved = To(s); break;
            case SuppressionRegion.ByDesign d: wire.ByDesign = To(d); break;
            case SuppressionRegion.OutOfService o: wire.OutOfService = To(o); break;
            default: throw new InvalidOperationException($"unknown region {h.Suppression.GetType().Name}");
        }
        return wire;
    }

    /// <summary>A detector of a snapshot; one of before this region was stored has its operator region alone.</summary>
    internal static Handling Of(J.Detector w)
    {
        if (w.Handling is null) return Handling.New with { Operator = Older(w) };
        var handling = From(w.Handling);
        return handling == Handling.New ? Handling.New : handling;
    }

    private static Handling From(J.Handling w) => new(
        w.OperatorRegionCase switch
        {
            J.Handling.OperatorRegionOneofCase.None => OperatorRegion.None,
            J.Handling.OperatorRegionOneofCase.Unacknowledged => new OperatorRegion.Unacknowledged(Wire.At(w.Unacknowledged.SinceUs), Wire.AtOrNone(w.Unacknowledged.DueByUs), w.Unacknowledged.Overdue),
            J.Handling.OperatorRegionOneofCase.Acknowledged => new OperatorRegion.Acknowledged(w.Acknowledged.By, Wire.At(w.Acknowledged.AtUs), Wire.AtOrNone(w.Acknowledged.EndsUs), w.Acknowledged.Note),
            J.Handling.OperatorRegionOneofCase.Confirmed => new OperatorRegion.Confirmed(w.Confirmed.By, Wire.At(w.Confirmed.AtUs), Wire.AtOrNone(w.Confirmed.EndsUs), w.Confirmed.Action, w.Confirmed.FirstAcknowledgedBy),
            J.Handling.OperatorRegionOneofCase.Returned => new OperatorRegion.Returned(new OccurrenceId(w.Returned.Occurrence), Wire.At(w.Returned.AtUs)),
            _ => throw new InvalidDataException($"unknown operator region {w.OperatorRegionCase}"),
        },
        w.Latched is null ? LatchRegion.None.Instance
            : new LatchRegion.Latched(new OccurrenceId(w.Latched.Occurrence), Wire.Known<AlarmLevel>(w.Latched.Peak), w.Latched.PeakValue, Wire.At(w.Latched.SinceUs)),
        w.SuppressionCase switch
        {
            J.Handling.SuppressionOneofCase.None => SuppressionRegion.None.Instance,
            J.Handling.SuppressionOneofCase.Shelved => From(w.Shelved),
            J.Handling.SuppressionOneofCase.ByDesign => From(w.ByDesign),
            J.Handling.SuppressionOneofCase.OutOfService => From(w.OutOfService),
            _ => throw new InvalidDataException($"unknown suppression region {w.SuppressionCase}"),
        },
        new Chatter([.. w.ActivationsUs.Select(Wire.At)], w.Folding, w.Folded), Wire.Known<Withheld>(w.Withheld), w.LimitSet);

    private static OperatorRegion Older(J.Detector w)
    {
        var (region, lives) = (w.OperatorRegion, w.Memo.ProcessCase is J.DetectorMemo.ProcessOneofCase.Active or J.DetectorMemo.ProcessOneofCase.Clearing);
        if (region is null || !lives) return OperatorRegion.None;
        return region.AcknowledgedAtUs != 0
            ? new OperatorRegion.Acknowledged(region.AcknowledgedBy, Wire.At(region.AcknowledgedAtUs), null, "")
            : new OperatorRegion.Unacknowledged(Wire.At((w.Memo.Active ?? w.Memo.Clearing.Was).ActivatedAtUs), Wire.AtOrNone(region.OverdueAtUs), region.Overdue);
    }

    internal static J.SuppressionBegan To(HazardSourceEvent.SuppressionBegan e)
    {
        var wire = new J.SuppressionBegan { AtUs = Wire.Us(e.At), Detector = e.Detector };
        switch (e.Region)
        {
            case SuppressionRegion.Shelved s: wire.Shelved = To(s); break;
            case SuppressionRegion.ByDesign d: wire.ByDesign = To(d); break;
            case SuppressionRegion.OutOfService o: wire.OutOfService = To(o); break;
            default: throw new InvalidOperationException($"{e.Region.GetType().Name} does not begin");
        }
        return wire;
    }

    internal static HazardSourceEvent.SuppressionBegan From(J.SuppressionBegan w) => new(Wire.At(w.AtUs), w.Detector, w.RegionCase switch
    {
        J.SuppressionBegan.RegionOneofCase.Shelved => From(w.Shelved),
        J.SuppressionBegan.RegionOneofCase.ByDesign => From(w.ByDesign),
        J.SuppressionBegan.RegionOneofCase.OutOfService => From(w.OutOfService),
        _ => throw new InvalidDataException($"unknown suppression region {w.RegionCase}"),
    });

    private static J.Shelved To(SuppressionRegion.Shelved s) => new() { SinceUs = Wire.Us(s.Since), UpTo = (int)s.UpTo, EndsUs = Wire.Us(s.Ends), By = s.By, Reason = s.Reason };
    private static SuppressionRegion From(J.Shelved w) => new SuppressionRegion.Shelved(Wire.At(w.SinceUs), Wire.Known<AlarmLevel>(w.UpTo), Wire.At(w.EndsUs), w.By, w.Reason);
    private static J.SuppressedByDesign To(SuppressionRegion.ByDesign d) => new() { SinceUs = Wire.Us(d.Since), UpTo = (int)d.UpTo, Rule = d.Rule };
    private static SuppressionRegion From(J.SuppressedByDesign w) => new SuppressionRegion.ByDesign(Wire.At(w.SinceUs), Wire.Known<AlarmLevel>(w.UpTo), w.Rule);
    private static J.OutOfService To(SuppressionRegion.OutOfService o) => new() { SinceUs = Wire.Us(o.Since), Permit = o.Permit, EndsUs = Wire.Us(o.Ends), By = o.By, Reason = o.Reason };
    private static SuppressionRegion From(J.OutOfService w) => new SuppressionRegion.OutOfService(Wire.At(w.SinceUs), w.Permit, Wire.At(w.EndsUs), w.By, w.Reason);

    internal static J.Permit To(Permit p) => new()
    {
        Id = p.Id, Detectors = { p.Detectors }, OpenedAtUs = Wire.Us(p.OpenedAt), UntilUs = Wire.Us(p.Until), OpenedBy = p.OpenedBy, Reason = p.Reason, ClosedAtUs = Wire.UsOrZero(p.ClosedAt),
    };

    internal static Permit From(J.Permit w) => new(w.Id, [.. w.Detectors], Wire.At(w.OpenedAtUs), Wire.At(w.UntilUs), w.OpenedBy, w.Reason, Wire.AtOrNone(w.ClosedAtUs));

    internal static J.DetectorLimits To(DetectorLimits d) => new() { Detector = d.Detector, Limits = { d.Limits.Select(HazardSourceMapping.To) } };
    internal static DetectorLimits From(J.DetectorLimits w) => new(w.Detector, [.. w.Limits.Select(HazardSourceMapping.From)]);

    internal static J.BacktestFinding To(BacktestFinding f) => new()
    {
        FromUs = Wire.Us(f.From), ToUs = Wire.Us(f.To), Readings = f.Readings, Added = f.Added, Removed = f.Removed, Missed = { f.Missed }, By = f.By,
    };

    internal static BacktestFinding From(J.BacktestFinding w) => new(Wire.At(w.FromUs), Wire.At(w.ToUs), w.Readings, w.Added, w.Removed, [.. w.Missed], w.By);

    internal static J.LimitSet To(LimitSet s) => new()
    {
        Version = s.Version, Detectors = { s.Detectors.Select(To) }, ProposedBy = s.ProposedBy, ProposedAtUs = Wire.Us(s.ProposedAt), Reason = s.Reason,
        Finding = s.Finding is null ? null : To(s.Finding), ActivatedBy = s.ActivatedBy, ActivatedAtUs = Wire.UsOrZero(s.ActivatedAt),
    };

    internal static LimitSet From(J.LimitSet w) => new(
        w.Version, [.. w.Detectors.Select(From)], w.ProposedBy, Wire.At(w.ProposedAtUs), w.Reason, w.Finding is null ? null : From(w.Finding), w.ActivatedBy, Wire.AtOrNone(w.ActivatedAtUs));
}
