using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Actors.Hosting;
using Governance.Actors.Inspection;
using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Alerts;
using Governance.Edge.Cases;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.Hosting;
using Governance.Edge.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Governance.Edge.Inspection;

/// <summary>The live state of actors, for operators.</summary>
public sealed class InspectionService(Entities entities, CaseLookup lookup, JournalHistory history, ClusterPicture cluster, LimitBacktest backtest, NodeHealth health, TimeProvider time, IHostApplicationLifetime life) : V1.Inspection.InspectionBase
{
    private const int RecentEvents = 50;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false, Converters = { new JsonStringEnumConverter() }, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private static readonly HashSet<string> Kinds = [EntityKinds.HazardSource, EntityKinds.Case, EntityKinds.AlertFeed, EntityKinds.Department, EntityKinds.CaseRegister, EntityKinds.Roster, EntityKinds.AreaWarnings, EntityKinds.Gateway, EntityKinds.Slip, EntityKinds.SlipRegister, EntityKinds.Meeting];

    public override Task<BacktestReply> Backtest(BacktestRequest request, ServerCallContext context) => backtest.RunAsync(request, CallerOf.Context(context), context.CancellationToken);

    public override Task<CaseInspection> InspectCase(InspectCaseRequest request, ServerCallContext context) => LookAsync(request.CaseId, context.CancellationToken);

    public override async Task WatchCase(InspectCaseRequest request, IServerStreamWriter<CaseInspection> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.ApplicationStopping);
        var shown = -1L;
        try
        {
            while (true)
            {
                var inspection = await LookAsync(request.CaseId, ending.Token);
                if (inspection.Entity.JournalSequence != shown) await responseStream.WriteAsync(inspection, ending.Token);
                shown = inspection.Entity.JournalSequence;
                await Task.Delay(WatchEvery, time, ending.Token);
            }
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested) { throw new RpcException(new Status(StatusCode.Unavailable, "DRAINING: the node is stopping")); }
    }

    public override async Task<EntityInspection> InspectEntity(InspectEntityRequest request, ServerCallContext context)
    {
        if (!Kinds.Contains(request.Kind)) throw RefusedException.Invalid("kind", "KIND_UNKNOWN", $"one of {string.Join(", ", Kinds.Order())}");
        if (request.Id.Length is 0 or > 60) throw RefusedException.Invalid("id", "ID_MALFORMED", "1 to 60 characters");
        return await OfAsync(new EntityAddress(request.Kind, request.Id), context.CancellationToken);
    }

    public override async Task<ClusterInspection> InspectCluster(InspectClusterRequest request, ServerCallContext context)
    {
        var (look, reasons) = (await cluster.LookAsync(Kinds, context.CancellationToken), NodeReadiness.NotReady(health, life));
        var view = new ClusterInspection { Node = look.Node, Ready = reasons.Count == 0, NotDurable = AlertView.Of(health.Durability.Trouble) };
        view.Reasons.AddRange(reasons);
        view.Members.AddRange(look.Members.Select(m => new ClusterMember { Address = m.Address, Status = m.Status, Roles = { m.Roles }, Reachable = m.Reachable, OnDuty = m.OnDuty }));
        foreach (var (kind, count) in look.EntitiesHere) view.EntitiesHere[kind] = count;
        return view;
    }

    public override async Task<OccurrenceExplanation> ExplainOccurrence(ExplainOccurrenceRequest request, ServerCallContext context)
    {
        var address = new EntityAddress(EntityKinds.HazardSource, new HazardSourceId(request.SourceId).Value);
        var reply = await entities.AskAsync<InspectionReply>(new Inspect(address), context.CancellationToken);
        var state = (HazardSourceState)reply.State;
        var events = (await history.OfAsync(address, JournalHistory.LatestLimit, context.CancellationToken)).Where(l => Mention.Of(l.Text, request.OccurrenceId)).ToList();
        var explanation = Explanation.Of(state, new OccurrenceId(request.OccurrenceId));
        if (explanation is null && events.Count == 0)
            throw new RefusedException(new Refusal("UNKNOWN_OCCURRENCE", $"{request.SourceId} has no occurrence '{request.OccurrenceId}'", RefusalKind.NotFound));
        var view = explanation is null ? new OccurrenceExplanation { OccurrenceId = request.OccurrenceId } : ExplanationView.Of(explanation, state.FeederOf(state.OrdinalOf(explanation.Occurrence)), reply.Now);
        if (explanation is not null) view.Unconfirmed.AddRange(reply.Memory.Outbox.Where(o => Mention.Of(o.Message.ToString()!, request.OccurrenceId)).Select(o => o.To.ToString()));
        view.Events.AddRange(events.Select(l => $"{l.At:u} {l.Name} {l.Text} [{l.By}]"));
        return view;
    }

    public override async Task<V1.CaseExplanation> ExplainCase(InspectCaseRequest request, ServerCallContext context)
    {
        var live = await lookup.LiveAsync(request.CaseId, context.CancellationToken);
        var state = (CaseState)live.State;
        var recomputed = await history.RecomputedAsync<CaseState, CaseEvent>(live.From, CaseState.New(live.From.Id), CaseEvolution.Evolve, live.Version, context.CancellationToken);
        var (shown, again) = (Domain.Cases.CaseExplanation.Of(state)!, Domain.Cases.CaseExplanation.Of(recomputed));
        var view = ExplanationView.Of(shown, state, live.Now);
        view.EqualsJournal = JsonSerializer.Serialize(shown, Json) == JsonSerializer.Serialize(again, Json);
        view.Events.AddRange((await history.OfAsync(live.From, JournalHistory.LatestLimit, context.CancellationToken)).Select(l => $"{l.At:u} {l.Name} {l.Text} [{l.By}]"));
        return view;
    }

    private async Task<CaseInspection> LookAsync(string caseId, CancellationToken cancel)
    {
        var live = await lookup.LiveAsync(caseId, cancel);
        var state = (CaseState)live.State;
        var inspection = new CaseInspection { Case = CaseViews.Of(state, live.Version, live.Now), Entity = await OfAsync(live.From, cancel) };
        var subject = state.Subject!;
        // Who told the case: the source of an alarm, or the gateway where monitoring failed.
        var teller = subject.Gateway.Length > 0 ? new EntityAddress(EntityKinds.Gateway, subject.Gateway) : new EntityAddress(EntityKinds.HazardSource, subject.SourceText);
        var source = await history.OfAsync(teller, JournalHistory.LatestLimit, cancel);
        var occurrences = state.Occurrences.Select(o => o.Id.Value).ToList();
        var chain = source.Where(l => occurrences.Any(o => Mention.Of(l.Text, o)))
            .Concat(await history.OfAsync(live.From, JournalHistory.LatestLimit, cancel)).OrderBy(l => l.At).ThenBy(l => l.Sequence);
        inspection.CauseChain.AddRange(chain.Select(l => $"{l.At:u} {l.Name} {l.Text} [{l.By}]"));
        return inspection;
    }

    private async Task<EntityInspection> OfAsync(EntityAddress address, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<InspectionReply>(new Inspect(address), cancel);
        var view = new EntityInspection
        {
            Kind = address.Kind, Id = address.Id, Version = reply.Memory.Version, JournalSequence = reply.JournalSequence, Node = reply.Node, Shard = reply.Shard,
            Now = Fields.To(reply.Now), RecoveredAt = Fields.To(reply.RecoveredAt), StateJson = JsonOf(reply.State),
        };
        view.Deadlines.AddRange(reply.Deadlines.Select(d => new ArmedDeadline { Kind = d.Name, Due = Fields.To(d.Due), SecondsLeft = (d.Due - reply.Now).TotalSeconds }));
        view.Outbox.AddRange(reply.Memory.Outbox.Select(o => new OutboxEntry { To = o.To.ToString(), Number = o.Number, Message = o.Message.GetType().Name }));
        view.LastCommands.AddRange(reply.Memory.Answers.TakeLast(RecentEvents).Select(a => new CommandEntry { CommandId = a.CommandId, At = Fields.To(a.At), Command = a.Command, Answer = a.Refusal?.Reason ?? "OK" }));
        view.RecentEvents.AddRange((await history.OfAsync(address, RecentEvents, cancel)).Select(l => $"{l.Sequence} {l.At:u} {l.Name} {l.Text}"));
        return view;
    }

    /// <summary>The stored form of the state, as JSON: what an operator sees is what a snapshot would hold.</summary>
    private static string JsonOf(object state) => state switch
    {
        HazardSourceState s => JsonSerializer.Serialize(new { s.Id, s.Config?.Name, Colour = s.Colour.ToString(), s.ColourReason, Clock = s.Clock.ToString(), s.StoredChunk,
            Detectors = s.Detectors.Select(d => new { Id = d.Config.Id.Value, Process = d.Memo.Process.GetType().Name, d.Memo.Health, d.Memo.LastValue, d.Memo.LastSampledAt, d.Memo.Evaluated.Epoch, EvaluatedThrough = d.Memo.Evaluated.Through }),
            Incidents = s.Incidents.Select(i => new { Case = i.Case.Value, i.Kind, Live = i.Live.Select(o => o.Value) }) }, Json),
        _ => JsonSerializer.Serialize(state, state.GetType(), Json),
    };
}
