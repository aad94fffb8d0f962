using Governance.Actors.Inspection;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Storage;
using Grpc.Core;
using Command = Governance.Domain.Cases.CaseCommand;

namespace Governance.Edge.Cases;

/// <summary>Cases: the live one from its actor, lists from the read model, one rpc per command.</summary>
public sealed class CasesService(Entities entities, CaseLookup lookup, IViews views, JournalHistory history) : V1.Cases.CasesBase
{
    public override async Task<CaseView> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var reply = await lookup.LiveAsync(request.CaseId, context.CancellationToken);
        var view = CaseViews.Of((CaseState)reply.State, reply.Version, reply.Now);
        view.History.AddRange((await history.OfAsync(reply.From, JournalHistory.LatestLimit, context.CancellationToken)).Select(h => new HistoryEntry
        {
            Version = h.Sequence, At = Fields.To(h.At), Event = h.Name, By = h.By, Text = h.Text,
        }));
        return view;
    }

    public override async Task<ListCasesReply> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        var filter = new CaseFilter([.. request.States], request.Subdistrict, [.. request.Levels.Select(l => (int)Fields.Colour(l, "levels"))], request.IncludeDrills,
            request.SourceId, Fields.PageSize(request.PageSize), request.PageToken);
        Page<CaseRow> page;
        try { page = await views.CasesAsync(filter, context.CancellationToken); }
        catch (FormatException) { throw RefusedException.Invalid("page_token", "PAGE_TOKEN_INVALID", "not a token of this list"); }
        return new ListCasesReply { Cases = { page.Rows.Select(CaseViews.Of) }, NextPageToken = page.Next };
    }

    public override Task<CaseReply> AcceptTask(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.AcceptTask(r.Note), c);
    public override Task<CaseReply> Depart(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Depart(r.Note), c);
    public override Task<CaseReply> ArriveOnScene(ArriveOnSceneRequest r, ServerCallContext c) =>
        Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ArriveOnScene(r.Proof, r.Longitude, r.Latitude, r.AccuracyM, r.Reason), c);
    public override Task<CaseReply> ReportProgress(ReportProgressRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ReportProgress(r.Text, r.Cause), c);
    public override Task<CaseReply> DeclareControlled(DeclareControlledRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.DeclareControlled(r.Evidence), c);
    public override Task<CaseReply> CompleteTask(CompleteTaskRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.CompleteTask(r.Outcome, r.Evidence, [.. r.Kinds]), c);
    public override Task<CaseReply> SubmitFeedback(SubmitFeedbackRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.SubmitFeedback(r.Summary, r.PublicReply), c);
    public override Task<CaseReply> Verify(VerifyRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Verify(r.Passed, r.Method), c);
    public override Task<CaseReply> CancelOff(CancelOffRequest r, ServerCallContext c) =>
        Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.CancelOff(r.Outcome == CloseOutcome.Unspecified || !Enum.IsDefined(r.Outcome) ? "" : Names.Of(r.Outcome), r.Note), c);
    public override Task<CaseReply> RaiseLevel(RaiseLevelRequest r, ServerCallContext c) =>
        Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.RaiseLevel(Fields.Colour(r.Level, "level"), r.Reason), c);

    public override Task<CaseReply> RequestExtension(RequestExtensionRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.RequestExtension(r.Extra, r.Reason, r.Plan), c);
    public override Task<CaseReply> DecideExtension(DecideExtensionRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.DecideExtension(r.Granted, r.Reason), c);
    public override Task<CaseReply> Suspend(SuspendRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Suspend(r.Code, Fields.Required(r.Until, "until"), r.Reason), c);
    public override Task<CaseReply> Resume(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Resume(r.Note), c);
    public override Task<CaseReply> Urge(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Urge(r.Note), c);

    private async Task<CaseReply> Send(string caseId, string commandId, long expectedVersion, ICommand command, ServerCallContext context)
    {
        var to = await lookup.AddressAsync(caseId, context.CancellationToken);
        var reply = await entities.CommandAsync(to, commandId, CallerOf.Context(context), expectedVersion, command, context.CancellationToken);
        var state = (CaseState)reply.State;
        return new CaseReply { CaseId = state.Key.Value, Version = reply.Version, State = Names.StateOf(state) };
    }
}
