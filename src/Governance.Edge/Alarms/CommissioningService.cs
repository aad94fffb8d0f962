using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Edge.Alarms;

/// <summary>Puts hazard sources into service.</summary>
public sealed class CommissioningService(Entities entities, District district) : Commissioning.CommissioningBase
{
    public override async Task<RegisterDetectorsReply> RegisterDetectors(RegisterDetectorsRequest request, ServerCallContext context)
    {
        var config = Config(request);
        if (!district.Subdistricts.Contains(config.Area.Value))
            throw RefusedException.Invalid("subdistrict", "UNKNOWN_AREA", $"{config.Area} is not a subdistrict of {district.Code}");
        var to = new EntityAddress(EntityKinds.HazardSource, config.Id.Value);
        var before = await entities.AskAsync<StateReply>(new GetState(to), context.CancellationToken);
        var reply = await entities.CommandAsync(to, request.CommandId, CallerOf.Context(context), 0, new CommissionSource(config), context.CancellationToken);
        var version = ((HazardSourceState)reply.State).ConfigVersion;
        return new RegisterDetectorsReply { Version = version, Changed = version != ((HazardSourceState)before.State).ConfigVersion };
    }

    private static SourceConfig Config(RegisterDetectorsRequest r) => new(
        new HazardSourceId(r.SourceId), Text(r.Name, "name"), Text(r.Enterprise, "enterprise"), new AreaCode(r.Subdistrict), r.Drill,
        [.. r.Detectors.Select(Detector)], [.. r.Zones.Select(z => new Zone(Text(z.Zone, "zones.zone"), z.HealthyMin))]);

    private static DetectorConfig Detector(DetectorSpec d) => new(
        new DetectorId(d.DetectorId), Fields.Kind(d.Kind), d.Unit, d.Period?.ToTimeSpan() ?? TimeSpan.Zero, d.RangeBottom, d.RangeTop, d.ZeroDrift,
        Text(d.Zone, "zone"), Text(d.Point, "point"), [.. d.Limits.Select(Limit)]);

    private static Limit Limit(LimitSpec l)
    {
        // A limit is computed in decimal arithmetic; what does not fit is refused here, before the rules see it.
        if (!(Math.Abs(l.Value) <= 1e12) || !(Math.Abs(l.Deadband) <= 1e12)) throw RefusedException.Invalid("limits.value", "LIMIT_INVALID", "a finite number below 1e12");
        var direction = l.Direction is V1.LimitDirection.High or V1.LimitDirection.Low ? (Domain.HazardSources.LimitDirection)l.Direction
            : throw RefusedException.Invalid("limits.direction", "DIRECTION_MISSING", "high or low");
        return new Limit(direction, Fields.Level(l.Level), l.Value, l.Deadband, l.OnDelay?.ToTimeSpan() ?? TimeSpan.Zero, l.OnDelaySamples, l.OffDelay?.ToTimeSpan() ?? TimeSpan.Zero);
    }

    private static string Text(string text, string field) =>
        text.Length <= 200 ? text : throw RefusedException.Invalid(field, "TEXT_TOO_LONG", "200 characters at most");
}
