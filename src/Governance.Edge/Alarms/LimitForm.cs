using Google.Protobuf.WellKnownTypes;
using Governance.Domain.HazardSources;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using BacktestFinding = Governance.Domain.HazardSources.BacktestFinding;
using LimitDirection = Governance.Domain.HazardSources.LimitDirection;
using LimitSet = Governance.Domain.HazardSources.LimitSet;

namespace Governance.Edge.Alarms;

/// <summary>Limits and limit sets between the public API and the domain.</summary>
internal static class LimitForm
{
    internal static Limit Of(LimitSpec l)
    {
        // A limit is computed in decimal arithmetic; what does not fit is refused here, before the rules see it.
        if (!(Math.Abs(l.Value) <= 1e12) || !(Math.Abs(l.Deadband) <= 1e12)) throw RefusedException.Invalid("limits.value", "LIMIT_INVALID", "a finite number below 1e12");
        var direction = l.Direction is V1.LimitDirection.High or V1.LimitDirection.Low or V1.LimitDirection.Rate ? (LimitDirection)l.Direction
            : throw RefusedException.Invalid("limits.direction", "DIRECTION_MISSING", "high, low or rate");
        return new Limit(direction, Fields.Level(l.Level), l.Value, l.Deadband, l.OnDelay?.ToTimeSpan() ?? TimeSpan.Zero, l.OnDelaySamples, l.OffDelay?.ToTimeSpan() ?? TimeSpan.Zero);
    }

    internal static LimitSpec To(Limit l) => new()
    {
        Direction = (V1.LimitDirection)l.Direction, Level = Fields.To(l.Level), Value = l.Value, Deadband = l.Deadband,
        OnDelay = Duration.FromTimeSpan(l.OnDelay), OnDelaySamples = l.OnDelaySamples, OffDelay = Duration.FromTimeSpan(l.OffDelay),
    };

    internal static V1.LimitSet To(LimitSet s) => new()
    {
        Version = s.Version, Detectors = { s.Detectors.Select(d => new V1.DetectorLimits { DetectorId = d.Detector, Limits = { d.Limits.Select(To) } }) },
        ProposedBy = s.ProposedBy, ProposedAt = Fields.To(s.ProposedAt), Reason = s.Reason, Backtest = s.Finding is null ? null : To(s.Finding),
        ActivatedBy = s.ActivatedBy, ActivatedAt = Fields.To(s.ActivatedAt),
    };

    private static V1.BacktestFinding To(BacktestFinding f) => new()
    {
        From = Fields.To(f.From), To = Fields.To(f.To), Readings = f.Readings, Added = f.Added, Removed = f.Removed, Missed = { f.Missed }, By = f.By,
    };
}
