using System.Globalization;
using Governance.Actors.Inspection;
using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Edge.Cases;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Storage;
using Grpc.Core;
using SlipKind = Governance.Domain.Meetings.SlipKind;
using SlipReply = Governance.Edge.V1.SlipReply;
using SlipStep = Governance.Domain.Meetings.SlipStep;

namespace Governance.Edge.Meetings;

/// <summary>Meetings and slips: live ones from their actors, lists from the read model, one rpc per command.</summary>
public sealed class MeetingsService(Entities entities, SlipLookup lookup, CaseLookup cases, SlipOrders orders, AgendaDesk agendas, IViews views, JournalHistory history) : V1.Meetings.MeetingsBase
{
    public override Task<AgendaView> GetAgenda(GetAgendaRequest r, ServerCallContext c) => agendas.OfAsync(agendas.Key(r.Kind, r.Date, true), c.CancellationToken);

    public override async Task<MeetingReply> RecordDecision(RecordDecisionRequest r, ServerCallContext c)
    {
        var key = agendas.Key(r.Kind, r.Date, false);
        if (r.Decision == V1.MeetingDecision.Unspecified || !Enum.IsDefined(r.Decision)) throw RefusedException.Invalid("decision", "DECISION_MISSING", "what was decided");
        SlipKind? slip = r.Decision switch { V1.MeetingDecision.ReminderSlip => SlipKind.Reminder, V1.MeetingDecision.SupervisionSlip => SlipKind.Supervision, _ => null };
        var order = slip is { } kind ? await orders.AboutItemAsync(r.Item, kind, r.Note, c.CancellationToken) : null;
        var level = r.Level == V1.Colour.Unspecified ? Domain.Kernel.Colour.Grey : Fields.Colour(r.Level, "level");
        return await Meeting(key, r.CommandId, r.ExpectedVersion, new MeetingCommand.Decide(r.Item, (Domain.Meetings.MeetingDecision)r.Decision, r.Note, r.Lead, [.. r.Departments], level, r.Limit, order), c, r.Item);
    }

    public override Task<MeetingReply> CloseMeeting(CloseMeetingRequest r, ServerCallContext c) => Meeting(agendas.Key(r.Kind, r.Date, false), r.CommandId, r.ExpectedVersion, new MeetingCommand.Close(r.Note), c);

    public override async Task<ListSlipsReply> ListSlips(ListSlipsRequest r, ServerCallContext c)
    {
        var caseKey = r.CaseId.Length == 0 ? "" : (await cases.AddressAsync(r.CaseId, c.CancellationToken)).Id;
        var filter = new SlipFilter([.. r.Kinds.Select(k => (int)Kind(k, "kinds"))], [.. r.States], [.. r.Levels.Select(l => (int)Fields.Colour(l, "levels"))], r.Area, r.Lead, caseKey, r.Overdue, r.Open, r.IncludeDrills,
            Fields.Optional(r.IssuedFrom, "issued_from"), Fields.Optional(r.IssuedTo, "issued_to"), Fields.PageSize(r.PageSize), r.PageToken);
        try
        {
            var page = await views.SlipsAsync(filter, c.CancellationToken);
            return new ListSlipsReply { Slips = { page.Rows.Select(SlipViews.Of) }, NextPageToken = page.Next };
        }
        catch (FormatException) { throw RefusedException.Invalid("page_token", "PAGE_TOKEN_INVALID", "not a token of this list"); }
    }

    public override async Task<SlipView> GetSlip(GetSlipRequest r, ServerCallContext c)
    {
        var reply = await lookup.LiveAsync(r.SlipId, "slip_id", c.CancellationToken);
        var view = SlipViews.Of((SlipState)reply.State, reply.Version);
        view.History.AddRange((await history.OfAsync(reply.From, JournalHistory.LatestLimit, c.CancellationToken)).Select(h => new HistoryEntry { Version = h.Sequence, At = Fields.To(h.At), Event = h.Name, By = h.By, Text = h.Text }));
        return view;
    }

    public override Task<ExportSlipsReply> ExportSlips(ExportSlipsRequest r, ServerCallContext c) => SlipExport.OfAsync(views, SlipFilter.All with
    {
        Kinds = [.. r.Kinds.Select(k => (int)Kind(k, "kinds"))], IncludeDrills = r.Drills, IssuedFrom = Fields.Optional(r.IssuedFrom, "issued_from"), IssuedTo = Fields.Optional(r.IssuedTo, "issued_to"),
    }, r.Drills, c.CancellationToken);

    public override async Task<SlipReply> IssueSlip(IssueSlipRequest r, ServerCallContext c)
    {
        if (!Enum.IsDefined(r.Step)) throw RefusedException.Invalid("step", "STEP_INVALID", "draft, approve or issue");
        var step = r.Step == V1.SlipStep.Unspecified ? SlipStep.Issue : (SlipStep)r.Step;
        if (r.SlipId.Length > 0)
        {
            if (step == SlipStep.Draft) throw RefusedException.Invalid("step", "STEP_INVALID", "it is drafted already");
            return await Slip(r.SlipId, r.CommandId, r.ExpectedVersion, step == SlipStep.Approve ? new SlipCommand.Approve(r.Reason) : new SlipCommand.Issue(r.Reason), c);
        }
        var kind = Kind(r.Kind, "kind");
        var caller = CallerOf.Context(c);
        var key = SlipKey.Of($"command/{caller.Subject}/{r.CommandId}");
        // A repeat gets the first answer, also when that slip has meanwhile taken the place of the one that it replaces.
        if ((SlipState)(await entities.AskAsync<StateReply>(new GetState(key.Address), c.CancellationToken)).State is { Content: { } known } there)
            return await Slip(key.Value, r.CommandId, 0, new SlipCommand.Draft(known, there.Cases, step, there.DraftedAt!.Value), c);
        var (order, at) = await orders.OverAsync(kind, r.CaseIds, await orders.ReplacedAsync(kind, r.ReplacesSlipId, c.CancellationToken), r.Reason, c.CancellationToken);
        return await Slip(key.Value, r.CommandId, 0, new SlipCommand.Draft(order.Content, order.Cases, step, at), c);
    }

    public override Task<SlipReply> SignSlip(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Sign(r.Text), c);
    public override Task<SlipReply> ReplySlip(ReplySlipRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Reply(r.Measures, r.Result, r.Evidence, r.RemainingRisk), c);
    public override Task<SlipReply> ReviewSlip(ReviewSlipRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Review(r.Accepted, r.Note), c);
    public override Task<SlipReply> FilePlan(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.FilePlan(r.Text), c);
    public override Task<SlipReply> ReportSlip(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Report(r.Text), c);
    public override Task<SlipReply> RequestSlipCancel(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.RequestCancel(r.Text), c);
    public override Task<SlipReply> InspectSlip(InspectSlipRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Inspect(r.Passed, r.Finding), c);
    public override Task<SlipReply> CancelSlip(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Cancel(r.Text), c);
    public override Task<SlipReply> WithdrawSlip(SlipCommandRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Withdraw(r.Text), c);
    public override Task<SlipReply> ExtendSlip(ExtendSlipRequest r, ServerCallContext c) => Slip(r.SlipId, r.CommandId, r.ExpectedVersion, new SlipCommand.Extend(r.Extra, r.Reason), c);

    private async Task<SlipReply> Slip(string slipId, string commandId, long expectedVersion, SlipCommand command, ServerCallContext c)
    {
        var to = await lookup.AddressAsync(slipId, "slip_id", c.CancellationToken);
        var reply = await entities.CommandAsync(to, commandId, CallerOf.Context(c), expectedVersion, command, c.CancellationToken);
        var state = (SlipState)reply.State;
        return new SlipReply { SlipId = state.Key.Value, Number = state.Number, State = state.StateName, Version = reply.Version };
    }

    private async Task<MeetingReply> Meeting(MeetingKey key, string commandId, long expectedVersion, MeetingCommand command, ServerCallContext c, string item = "")
    {
        var reply = await entities.CommandAsync(key.Address, commandId, CallerOf.Context(c), expectedVersion, command, c.CancellationToken);
        var state = (MeetingState)reply.State;
        return new MeetingReply
        {
            Kind = (V1.MeetingKind)key.Kind, Date = key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), State = Names.Of(state.Phase), Version = reply.Version,
            SlipId = state.Decisions.Find(d => d.Item == item)?.Slip.Value ?? "", Minutes = state.Minutes, Start = Fields.To(state.Call?.Start),
        };
    }

    private static SlipKind Kind(V1.SlipKind kind, string field) => kind is V1.SlipKind.Reminder or V1.SlipKind.Supervision ? (SlipKind)kind : throw RefusedException.Invalid(field, "SLIP_KIND_MISSING", "reminder or supervision");
}
