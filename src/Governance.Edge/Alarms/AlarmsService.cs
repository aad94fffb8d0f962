using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Storage;
using Grpc.Core;
using Quality = Governance.Edge.V1.Quality;
using Reading = Governance.Edge.V1.Reading;

namespace Governance.Edge.Alarms;

/// <summary>What operators ask of hazard sources.</summary>
public sealed class AlarmsService(Entities entities, IReadingLedger ledger, IViews views) : V1.Alarms.AlarmsBase
{
    private const int PageReadings = 1000;
    private const int LimitReadings = 10_000_000;

    public override async Task<AcknowledgeReply> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        var command = new AcknowledgeOccurrence(new OccurrenceId(request.OccurrenceId), request.Note);
        var reply = await entities.CommandAsync(Address(request.SourceId), request.CommandId, CallerOf.Context(context), 0, command, context.CancellationToken);
        return new AcknowledgeReply { Version = reply.Version };
    }

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
        var cancel = context.CancellationToken;
        var state = (HazardSourceState)(await Live(request.SourceId, cancel)).State;
        var from = Fields.Optional(request.From, "from") ?? DateTimeOffset.MinValue;
        var to = Fields.Optional(request.To, "to") ?? DateTimeOffset.MaxValue;
        if (request.Limit is < 0 or > LimitReadings) throw RefusedException.Invalid("limit", "LIMIT_INVALID", $"0 to {LimitReadings}");
        var wanted = request.DetectorIds.Select(id => state.OrdinalOf(id) is >= 0 and var ordinal ? ordinal
            : throw new RefusedException(new Refusal("UNKNOWN_DETECTOR", $"{request.SourceId} has no detector {id}", RefusalKind.NotFound))).ToHashSet();
        var (page, left) = (new ReadingPage(), request.Limit == 0 ? LimitReadings : request.Limit);
        await foreach (var chunk in ledger.ReadRangeAsync(request.SourceId, from, to, cancel))
            foreach (var segment in ChunkPayload.Unpack(chunk.Payload))
                foreach (var r in segment.Readings)
                {
                    if (r.SampledAt < from || r.SampledAt > to || (wanted.Count > 0 && !wanted.Contains(r.Detector))) continue;
                    if (left-- == 0) { await Flush(); return; }
                    page.Readings.Add(new Reading
                    {
                        DetectorId = state.Detectors[r.Detector].Config.Id.Value, Epoch = segment.Epoch, Seq = r.Seq, SampledAt = Fields.To(r.SampledAt),
                        ReceivedAt = Fields.To(segment.ReceivedAt), Value = r.Value, Quality = (Quality)r.Quality,
                    });
                    if (page.Readings.Count == PageReadings) await Flush();
                }
        await Flush();

        async Task Flush()
        {
            if (page.Readings.Count == 0) return;
            await responseStream.WriteAsync(page, cancel);
            page = new ReadingPage();
        }
    }

    private async Task<StateReply> Live(string sourceId, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<StateReply>(new GetState(Address(sourceId)), cancel);
        return ((HazardSourceState)reply.State).Config is not null ? reply
            : throw new RefusedException(new Refusal("UNKNOWN_SOURCE", $"{sourceId} is not commissioned", RefusalKind.NotFound));
    }

    private static EntityAddress Address(string sourceId) => new(EntityKinds.HazardSource, new HazardSourceId(sourceId).Value);
}
