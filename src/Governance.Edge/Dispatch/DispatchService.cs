using Governance.Contracts.Messages;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;
using Command = Governance.Domain.Dispatch.DepartmentCommand;
using Place = Governance.Domain.Routing.Place;

namespace Governance.Edge.Dispatch;

/// <summary>Desks, their notifications and duties, and who answers for a case.</summary>
public sealed class DispatchService(Entities entities, RoutingPolicy policy, TimeProvider time) : V1.Dispatch.DispatchBase
{
    private const int DeadLettersLimit = 1000;
    private const int TagsLimit = 50, TextLimitCharacters = 200;

    public override async Task<DeskView> ListDesk(ListDeskRequest request, ServerCallContext context)
    {
        Own(Organisation(request.Organisation), context);
        var reply = await entities.AskAsync<StateReply>(new GetState(Desk(request.Organisation)), context.CancellationToken);
        return DeskViews.Of((DepartmentState)reply.State, policy, reply.Version, reply.Now);
    }

    public override async Task<NotificationView> GetNotification(GetNotificationRequest request, ServerCallContext context)
    {
        Own(OfNotification(request.NotificationId), context);
        var reply = await entities.AskAsync<StateReply>(new GetState(Desk(OfNotification(request.NotificationId))), context.CancellationToken);
        return View((DepartmentState)reply.State, request.NotificationId);
    }

    public override async Task<NotificationView> ConfirmDelivery(ConfirmDeliveryRequest request, ServerCallContext context) =>
        View(await SendAsync(OfNotification(request.NotificationId), request.CommandId, new Command.ConfirmDelivery(request.NotificationId), context), request.NotificationId);

    public override async Task<NotificationView> TestPage(TestPageRequest request, ServerCallContext context)
    {
        var state = await SendAsync(Organisation(request.Organisation), request.CommandId, new Command.TestPage(request.Text), context);
        return DeskViews.Of(state.Code, state.Notifications.Values.Where(n => n.Kind == NotificationKind.Test).MaxBy(n => n.OpenedAt) ?? throw Unknown("test"));
    }

    public override async Task<DeskView> SetDuty(SetDutyRequest request, ServerCallContext context)
    {
        var duty = request.Duty switch
        {
            DutyState.AsRostered => Duty.AsRostered, DutyState.Off => Duty.Off, DutyState.On => Duty.On,
            _ => throw RefusedException.Invalid("duty", "DUTY_MISSING", "AS_ROSTERED, OFF or ON"),
        };
        await SendAsync(Organisation(request.Organisation), request.CommandId, new Command.SetDuty(request.Person, duty, Fields.Optional(request.Until, "until"), request.Reason), context);
        return await ListDesk(new ListDeskRequest { Organisation = request.Organisation }, context);
    }

    public override async Task<ListDeadLettersReply> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        // Truth is with the desks; there are fewer than a hundred of them, and few people ask.
        string[] desks = request.Organisation.Length > 0 ? [Organisation(request.Organisation)] : [.. policy.Organisations.All.Keys];
        var replies = await Task.WhenAll(desks.Select(d => entities.AskAsync<StateReply>(new GetState(Desk(d)), context.CancellationToken)));
        var dead = replies.SelectMany(r => DeskViews.DeadLetters((DepartmentState)r.State)).OrderByDescending(d => d.Sending.EndedAt.ToDateTimeOffset()).ThenBy(d => d.NotificationId, StringComparer.Ordinal).ToList();
        return new ListDeadLettersReply { DeadLetters = { dead.Take(DeadLettersLimit) }, LeftOut = Math.Max(0, dead.Count - DeadLettersLimit) };
    }

    public override async Task<NotificationView> RetryDeadLetter(RetryDeadLetterRequest request, ServerCallContext context) =>
        View(await SendAsync(OfNotification(request.NotificationId), request.CommandId, new Command.RetryDeadLetter(request.NotificationId, request.Sending), context), request.NotificationId);

    public override Task<RouteView> ExplainRoute(ExplainRouteRequest request, ServerCallContext context)
    {
        if (request.Category.Length != 4 || !request.Category.All(char.IsAsciiDigit)) throw RefusedException.Invalid("category", "CATEGORY_MALFORMED", "four digits");
        var level = Fields.Colour(request.Level, "level");
        if (!RoutingPolicy.Levels.Contains(level)) throw RefusedException.Invalid("level", "LEVEL_INVALID", "blue, yellow, orange or red: grey is no level of a case");
        Code(request.Community, 12, "community");
        Code(request.Grid, 15, "grid");
        if (request.Tags.Count > TagsLimit) throw RefusedException.Invalid("tags", "TOO_MANY_TAGS", $"at most {TagsLimit}");
        foreach (var (field, text) in new[] { ("asset", request.Asset), ("channel", request.Channel), ("enterprise", request.Enterprise) })
            if (text.Length > TextLimitCharacters) throw RefusedException.Invalid(field, "TEXT_TOO_LONG", $"at most {TextLimitCharacters} characters");
        var route = Router.Find(policy, new RouteRequest(
            request.Category, level, new AreaCode(request.Area.Length > 0 ? request.Area : policy.District), request.Community, request.Grid, request.Asset, [.. request.Tags], request.Channel,
            Fields.Optional(request.At, "at") ?? time.GetUtcNow(), request.Enterprise));
        return Task.FromResult(new RouteView
        {
            Lead = route.Lead, Co = { route.Co }, Person = route.Person ?? "", Called = { route.Called }, RuleId = route.RuleId, RulesetVersion = route.RulesetVersion, SelfHandling = route.SelfHandling, Explain = { route.Explain },
        });

        static void Code(string code, int digits, string field)
        {
            if (code.Length > 0 && !Place.IsCode(code, digits)) throw RefusedException.Invalid(field, "CODE_MALFORMED", $"{digits} digits, or empty");
        }
    }

    private async Task<DepartmentState> SendAsync(string desk, string commandId, ICommand command, ServerCallContext context) =>
        (DepartmentState)(await entities.CommandAsync(Desk(desk), commandId, CallerOf.Context(context), 0, command, context.CancellationToken)).State;

    /// <summary>A desk that no file names would be a new entity for every slip of a pen.</summary>
    private string Organisation(string code) => policy.Organisations.All.ContainsKey(code) ? code
        : throw new RefusedException(new Refusal("UNKNOWN_ORGANISATION", $"there is no organisation '{(code.Length > 60 ? code[..60] : code)}'", RefusalKind.NotFound));

    private string OfNotification(string id) => Notification.DeskOf(id) is { } desk && policy.Organisations.All.ContainsKey(desk) ? desk : throw Unknown(id.Length > 80 ? id[..80] : id);

    private static NotificationView View(DepartmentState state, string id) => state.Notifications.TryGetValue(id, out var known) ? DeskViews.Of(state.Code, known) : throw Unknown(id);

    private static RefusedException Unknown(string id) => new(new Refusal("UNKNOWN_NOTIFICATION", $"there is no notification '{id}', or it ended long ago", RefusalKind.NotFound));

    private static void Own(string desk, ServerCallContext context)
    {
        var caller = CallerOf.Context(context);
        if (!Desks.MayActFor(caller, desk)) throw new RefusedException(Desks.NotYours(caller, desk));
    }

    private static EntityAddress Desk(string code) => new(EntityKinds.Department, code);
}
