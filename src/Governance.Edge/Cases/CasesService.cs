using Governance.Actors.Entity;
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
public sealed class CasesService(Entities entities, CaseLookup lookup, IViews views, JournalHistory history, Clocks clocks, District district) : V1.Cases.CasesBase
{
    public override async Task<CaseView> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var reply = await lookup.LiveAsync(request.CaseId, context.CancellationToken);
        if (EnterpriseOf(context) is { } enterprise && !((CaseState)reply.State).Tasks.Exists(t => t.IsOf(enterprise)))
            throw new RefusedException(new Refusal("NOT_YOUR_TASK", $"{enterprise} has no task in this case", RefusalKind.Denied));
        var view = CaseViews.Of((CaseState)reply.State, reply.Version, reply.Now);
        view.History.AddRange((await history.OfAsync(reply.From, JournalHistory.LatestLimit, context.CancellationToken)).Select(h => new HistoryEntry
        {
            Version = h.Sequence, At = Fields.To(h.At), Event = h.Name, By = h.By, Text = h.Text,
        }));
        return view;
    }

    public override async Task<ListCasesReply> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        var filter = CaseFilters.Of(request);
        if (EnterpriseOf(context) is { } enterprise) filter = filter with { Organisation = enterprise };
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

    public override Task<CaseReply> RegisterCase(RegisterCaseRequest r, ServerCallContext c)
    {
        if (r.SourceEventId.Length is 0 or > 200) throw RefusedException.Invalid("source_event_id", "SOURCE_EVENT_ID_MISSING", "1 to 200 characters, unique in its channel");
        // The same signal is the same case, on whichever node and however often it comes.
        var to = new EntityAddress(EntityKinds.Case, CaseKey.Of($"{r.Channel}/{r.SourceEventId}").Value);
        var area = r.Subdistrict.Length == 0 ? throw RefusedException.Invalid("subdistrict", "AREA_MISSING", "nine digits, or the district's six") : district.Known(r.Subdistrict, "subdistrict");
        return Send(to, r.CommandId, 0, new Command.RegisterCase(r.Channel, r.SourceEventId, r.Category, r.Confidence, r.Level == V1.Colour.Unspecified ? Domain.Kernel.Colour.Grey : Fields.Colour(r.Level, "level"), area,
            CaseViews.From(r.Place), [.. r.Tags], r.Text, r.Reporter, r.Reachable, [.. r.Media], r.Drill, r.RecordedGateway)
            {
                RecordedAt = r.RecordedGateway.Length == 0 ? null : Recorded(r.RecordedGateway),
            }, c);
    }

    /// <summary>Null for the district's side; of a token that names no organisation one that there is not.</summary>
    private static string? EnterpriseOf(ServerCallContext context) =>
        CallerOf.Context(context) is var caller && caller.Is(Roles.Enterprise) && caller.Roles.Count == 1 ? caller.Organisation.Length > 0 ? caller.Organisation : "?" : null;

    private DateTimeOffset Recorded(string gateway) => clocks.Now(ClockId.Recorded(new GatewayId(gateway).Value)) is var at && at > DateTimeOffset.UnixEpoch
        ? at : throw RefusedException.Invalid("recorded_gateway", "RECORDED_CLOCK_UNKNOWN", "this gateway has streamed nothing yet: its clock does not stand anywhere");

    public override async Task<CaseReply> MergeInto(MergeIntoRequest r, ServerCallContext c)
    {
        var target = await lookup.LiveAsync(r.Target, c.CancellationToken);
        return await Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.MergeInto(((CaseState)target.State).Key, r.Reason), c);
    }

    public override Task<CaseReply> AttachReport(AttachReportRequest r, ServerCallContext c)
    {
        if (r.SourceEventId.Length is 0 or > 200) throw RefusedException.Invalid("source_event_id", "SOURCE_EVENT_ID_MISSING", "1 to 200 characters, unique in its channel");
        if (r.Score is not (>= 0 and <= 1)) throw RefusedException.Invalid("score", "SCORE_INVALID", "0 to 1");
        return Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.AttachReport(r.Channel, r.SourceEventId, r.Text, r.Reporter, r.Reachable, [.. r.Media], r.Score), c);
    }

    public override Task<CaseReply> DetachReport(DetachReportRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.DetachReport(r.ReportId, r.Reason), c);
    public override Task<CaseReply> Unmerge(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Unmerge(r.Note), c);
    public override Task<CaseReply> Judge(JudgeRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion,
        new Command.Judge(r.Level == V1.Colour.Unspecified ? Domain.Kernel.Colour.Grey : Fields.Colour(r.Level, "level"), r.Category, [.. r.Tags], r.Decision, r.Reason), c);
    public override Task<CaseReply> RejectIntake(RejectIntakeRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.RejectIntake(r.Code, r.Basis, r.WhereToGo), c);
    public override Task<CaseReply> AskReporter(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.AskReporter(r.Note), c);
    public override Task<CaseReply> AnswerQuestion(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.AnswerQuestion(r.Note), c);
    public override Task<CaseReply> Assign(AssignRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Assign(r.Lead, [.. r.Co], [.. r.Mandatory], r.Person, r.Basis), c);
    public override Task<CaseReply> RejectTask(RejectTaskRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.RejectTask(r.Code, r.SuggestedOrganisation, r.Basis), c);
    public override Task<CaseReply> ForceAssign(ForceAssignRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ForceAssign(r.Organisation, r.Basis), c);
    public override Task<CaseReply> Delegate(DelegateRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Delegate(r.To, r.Reason), c);
    public override Task<CaseReply> ReportUp(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ReportUp(r.Note), c);
    public override Task<CaseReply> ContactReporter(ContactReporterRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ContactReporter(r.Method, r.Reached, r.Note), c);
    public override Task<CaseReply> WaiveTask(DropTaskRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.WaiveTask(r.Organisation, r.Reason), c);
    public override Task<CaseReply> WithdrawTask(DropTaskRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.WithdrawTask(r.Organisation, r.Reason), c);
    public override Task<CaseReply> RecordCallback(RecordCallbackRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.RecordCallback(r.Reached, r.Resolved, r.Satisfied, r.Note), c);
    public override Task<CaseReply> VoidCase(VoidCaseRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.VoidCase(r.Code, r.Proof), c);
    public override Task<CaseReply> Reopen(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Reopen(r.Note), c);
    public override Task<CaseReply> LowerLevel(RaiseLevelRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.LowerLevel(Fields.Colour(r.Level, "level"), r.Reason), c);
    public override Task<CaseReply> IssueReminder(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.IssueReminder(r.Note), c);
    public override Task<CaseReply> IssueSupervision(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.IssueSupervision(r.Note), c);
    public override Task<CaseReply> EscalateCrisis(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.EscalateCrisis(r.Note), c);
    public override Task<CaseReply> Correct(CorrectRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Correct(r.Field, r.Value, r.Reason), c);
    public override Task<CaseReply> MoveToGrid(MoveToGridRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.MoveToGrid(district.Known(r.Subdistrict, "subdistrict"), r.Community, r.Grid, r.Reason), c);
    public override Task<CaseReply> Unmask(UnmaskRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Unmask(r.Field, r.Purpose), c);
    public override Task<CaseReply> Archive(TaskCommand r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.Archive(), c);
    public override Task<CaseReply> ForgetReporter(ForgetReporterRequest r, ServerCallContext c) => Send(r.CaseId, r.CommandId, r.ExpectedVersion, new Command.ForgetReporter(r.ReportId), c);

    private async Task<CaseReply> Send(string caseId, string commandId, long expectedVersion, ICommand command, ServerCallContext context) =>
        await Send(await lookup.AddressAsync(caseId, context.CancellationToken), commandId, expectedVersion, command, context);

    private async Task<CaseReply> Send(EntityAddress to, string commandId, long expectedVersion, ICommand command, ServerCallContext context)
    {
        var reply = await entities.CommandAsync(to, commandId, CallerOf.Context(context), expectedVersion, command, context.CancellationToken);
        var state = (CaseState)reply.State;
        return new CaseReply { CaseId = state.Key.Value, Version = reply.Version, State = Names.StateOf(state) };
    }
}
