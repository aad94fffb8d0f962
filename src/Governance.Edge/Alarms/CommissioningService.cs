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
        var config = SourceForm.Of(request);
        if (!district.Subdistricts.Contains(config.Area.Value))
            throw RefusedException.Invalid("subdistrict", "UNKNOWN_AREA", $"{config.Area} is not a subdistrict of {district.Code}");
        var to = new EntityAddress(EntityKinds.HazardSource, config.Id.Value);
        var before = await entities.AskAsync<StateReply>(new GetState(to), context.CancellationToken);
        var reply = await entities.CommandAsync(to, request.CommandId, CallerOf.Context(context), 0, new CommissionSource(config), context.CancellationToken);
        var version = ((HazardSourceState)reply.State).ConfigVersion;
        return new RegisterDetectorsReply { Version = version, Changed = version != ((HazardSourceState)before.State).ConfigVersion };
    }

    public override async Task<LimitsReply> ProposeLimits(ProposeLimitsRequest request, ServerCallContext context)
    {
        var proposal = new ProposeLimits([.. request.Detectors.Select(d => new Domain.HazardSources.DetectorLimits(d.DetectorId, [.. d.Limits.Select(LimitForm.Of)]))], request.Reason);
        var reply = await Do(request.SourceId, request.CommandId, proposal, context);
        return new LimitsReply { Version = ((HazardSourceState)reply.State).NewestLimitSet };
    }

    public override async Task<LimitsReply> ActivateLimits(ActivateLimitsRequest request, ServerCallContext context)
    {
        await Do(request.SourceId, request.CommandId, new ActivateLimits(request.Version, request.Note), context);
        return new LimitsReply { Version = request.Version };
    }

    public override async Task<LimitsReply> MigrateOccurrence(MigrateOccurrenceRequest request, ServerCallContext context)
    {
        var reply = await Do(request.SourceId, request.CommandId, new MigrateOccurrence(new OccurrenceId(request.OccurrenceId), request.Reason), context);
        return new LimitsReply { Version = ((HazardSourceState)reply.State).LimitSetVersion };
    }

    public override async Task<ListLimitSetsReply> ListLimitSets(ListLimitSetsRequest request, ServerCallContext context)
    {
        var state = (HazardSourceState)(await entities.AskAsync<StateReply>(new GetState(Address(request.SourceId)), context.CancellationToken)).State;
        if (state.Config is null) throw new RefusedException(new Refusal("UNKNOWN_SOURCE", $"{request.SourceId} is not commissioned", RefusalKind.NotFound));
        return new ListLimitSetsReply { InForce = state.LimitSetVersion, LimitSets = { state.LimitSets.Reverse().Select(LimitForm.To) } };
    }

    public override async Task<PermitReply> OpenPermit(OpenPermitRequest request, ServerCallContext context)
    {
        var permit = new OpenPermit(request.PermitId, [.. request.DetectorIds], Fields.Required(request.Until, "until"), request.Reason);
        return new PermitReply { Version = (await Do(request.SourceId, request.CommandId, permit, context)).Version };
    }

    public override async Task<PermitReply> ClosePermit(ClosePermitRequest request, ServerCallContext context) =>
        new() { Version = (await Do(request.SourceId, request.CommandId, new ClosePermit(request.PermitId, request.Note), context)).Version };

    private Task<CommandReply> Do(string sourceId, string commandId, ICommand command, ServerCallContext context) =>
        entities.CommandAsync(Address(sourceId), commandId, CallerOf.Context(context), 0, command, context.CancellationToken);

    private static EntityAddress Address(string sourceId) => new(EntityKinds.HazardSource, new HazardSourceId(sourceId).Value);
}
