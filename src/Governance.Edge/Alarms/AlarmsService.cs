using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Storage;
using Grpc.Core;

namespace Governance.Edge.Alarms;

/// <summary>What operators ask of hazard sources.</summary>
public sealed class AlarmsService(Entities entities, IReadingLedger ledger, IViews views, LoadReports reports) : V1.Alarms.AlarmsBase
{
    public override async Task<AcknowledgeReply> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        var command = new AcknowledgeOccurrence(new OccurrenceId(request.OccurrenceId), request.Note);
        return new AcknowledgeReply { Version = (await Do(request.SourceId, request.CommandId, command, context)).Version };
    }

    public override Task<AlarmReply> Confirm(ConfirmRequest request, ServerCallContext context) =>
        Do(request.SourceId, request.CommandId, new ConfirmOccurrence(new OccurrenceId(request.OccurrenceId), request.Action), context);

    public override Task<AlarmReply> Shelve(ShelveRequest request, ServerCallContext context)
    {
        var upTo = request.UpTo == V1.AlarmLevel.Unspecified ? Domain.Kernel.AlarmLevel.None : Fields.Level(request.UpTo);
        return Do(request.SourceId, request.CommandId, new ShelveDetector(request.DetectorId, upTo, Fields.Required(request.Until, "until"), request.Reason), context);
    }

    public override Task<AlarmReply> Unshelve(UnshelveRequest request, ServerCallContext context) =>
        Do(request.SourceId, request.CommandId, new UnshelveDetector(request.DetectorId), context);

    public override Task<AlarmReply> TakeOutOfService(TakeOutOfServiceRequest request, ServerCallContext context) =>
        Do(request.SourceId, request.CommandId, new TakeOutOfService(request.DetectorId, request.PermitId, Fields.Required(request.Until, "until"), request.Reason), context);

    public override Task<AlarmReply> ReturnToService(ReturnToServiceRequest request, ServerCallContext context) =>
        Do(request.SourceId, request.CommandId, new ReturnToService(request.DetectorId), context);

    public override Task<AlarmReply> ResetLatch(ResetLatchRequest request, ServerCallContext context) =>
        Do(request.SourceId, request.CommandId, new ResetLatch(request.DetectorId, request.Reason), context);

    public override async Task<HazardSource> GetHazardSource(GetHazardSourceRequest request, ServerCallContext context)
    {
        var reply = await Live(request.SourceId, context.CancellationToken);
        return HazardSourceView.Of((HazardSourceState)reply.State, reply.Version, reply.Now);
    }

    public override async Task<ListHazardSourcesReply> ListHazardSources(ListHazardSourcesRequest request, ServerCallContext context)
    {
        if (request.Subdistrict.Length > 0) _ = new AreaCode(request.Subdistrict);
        var filter = new SourceFilter(request.Subdistrict, [.. request.Colours.Select(c => (int)Fields.Colour(c, "colours"))], Fields.PageSize(request.PageSize), request.PageToken);
        Page<SourceRow> page;
        try { page = await views.SourcesAsync(filter, context.CancellationToken); }
        catch (FormatException) { throw RefusedException.Invalid("page_token", "PAGE_TOKEN_INVALID", "not a token of this list"); }
        var reply = new ListHazardSourcesReply { NextPageToken = page.Next };
        reply.Sources.AddRange(page.Rows.Select(r => new HazardSourceSummary
        {
            SourceId = r.Id, Name = r.Name, Subdistrict = r.Subdistrict, Enterprise = r.Enterprise, Drill = r.Drill, Colour = Fields.To((Domain.Kernel.Colour)r.Colour),
            DetectorsTotal = r.Detectors, ChangedAt = Fields.To(r.ChangedAt), ActiveOccurrences = r.ActiveOccurrences,
        }));
        return reply;
    }

    public override async Task QueryReadings(QueryReadingsRequest request, IServerStreamWriter<ReadingPage> responseStream, ServerCallContext context)
    {
        var state = (HazardSourceState)(await Live(request.SourceId, context.CancellationToken)).State;
        var query = ReadingQuery.Of(request, state);
        var pages = query.Bucket is { } bucket ? BucketPages.Of(query, bucket, ledger, context.CancellationToken) : ReadingPages.Of(query, ledger, context.CancellationToken);
        await foreach (var page in pages) await responseStream.WriteAsync(page, context.CancellationToken);
    }

    public override Task<LoadReport> ReportLoad(ReportLoadRequest request, ServerCallContext context) => reports.LoadAsync(request, context.CancellationToken);

    public override Task<ShiftHandover> GetShiftHandover(GetShiftHandoverRequest request, ServerCallContext context) => reports.HandoverAsync(request, context.CancellationToken);

    private async Task<AlarmReply> Do(string sourceId, string commandId, ICommand command, ServerCallContext context) =>
        new() { Version = (await entities.CommandAsync(Address(sourceId), commandId, CallerOf.Context(context), 0, command, context.CancellationToken)).Version };

    private async Task<StateReply> Live(string sourceId, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<StateReply>(new GetState(Address(sourceId)), cancel);
        return ((HazardSourceState)reply.State).Config is not null ? reply
            : throw new RefusedException(new Refusal("UNKNOWN_SOURCE", $"{sourceId} is not commissioned", RefusalKind.NotFound));
    }

    private static EntityAddress Address(string sourceId) => new(EntityKinds.HazardSource, new HazardSourceId(sourceId).Value);
}
