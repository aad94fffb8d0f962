using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using Colour = Governance.Edge.V1.Colour;

namespace Governance.Edge.Tests.Dispatch;

/// <summary>Desks through the public API.</summary>
public sealed class DispatchServiceTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private V1.Dispatch.DispatchClient Dispatch => new(edge.Channel);

    /// <summary>An alarm opens a case; the desk of its lead holds the task at once, calls somebody, and a device of his confirms it.</summary>
    [Fact]
    public async Task An_alarm_calls_a_person_whose_device_confirms()
    {
        const string source = "HS-DESK-1";
        await edge.CommissionAsync(source);
        using (var wire = await edge.StreamAsync(source, gateway: "gw-desk"))
        {
            await wire.SendAsync(source, (1, 0.1), (2, 2.5));
            await wire.DurableAsync(2);
        }
        var called = await UntilAsync("YJ", n => n.Text.StartsWith(source, StringComparison.Ordinal));
        Assert.Equal(("CALLING", "TASK", "0101"), (called.State, called.Kind, called.Category));
        var person = called.Calls[^1].Person;
        var desk = await Dispatch.ListDeskAsync(new ListDeskRequest { Organisation = "YJ" }, edge.As(Roles.Handler, "YJ"));
        Assert.True(desk.Persons.Single(p => p.Person == person).OnDuty);
        Assert.Contains(desk.Tasks, t => t.CaseId == called.CaseId && t.Lead);
        var confirmed = await Dispatch.ConfirmDeliveryAsync(new ConfirmDeliveryRequest { CommandId = Guid.NewGuid().ToString(), NotificationId = called.NotificationId }, edge.As(Roles.Handler, "YJ"));
        Assert.Equal(("CONFIRMED", "tester"), (confirmed.State, confirmed.ConfirmedBy));
        Assert.Equal("CONFIRMED", (await Dispatch.GetNotificationAsync(new GetNotificationRequest { NotificationId = called.NotificationId }, edge.As(Roles.Handler, "YJ"))).State);
        var opened = await new V1.Cases.CasesClient(edge.Channel).GetCaseAsync(new GetCaseRequest { CaseId = called.CaseId }, edge.As(Roles.Viewer));
        Assert.All(opened.Tasks.Where(t => t.Organisation == "YJ"), t => Assert.NotNull(t.NotifiedAt));
    }

    [Fact]
    public async Task Duty_is_changed_by_the_desk_itself_and_shown()
    {
        var until = Timestamp.FromDateTime(DateTime.UtcNow.AddHours(2));
        var desk = await Dispatch.SetDutyAsync(new SetDutyRequest { CommandId = "duty-1", Organisation = "MZ", Person = "SYN-MZ-LEADER", Duty = DutyState.Off, Until = until, Reason = "leave" }, edge.As(Roles.DepartmentLeader, "MZ"));
        var leader = desk.Persons.Single(p => p.Person == "SYN-MZ-LEADER");
        Assert.Equal((false, "OFF", "leave"), (leader.OnDuty, leader.Changed, leader.Reason));
        desk = await Dispatch.SetDutyAsync(new SetDutyRequest { CommandId = "duty-2", Organisation = "MZ", Person = "SYN-MZ-LEADER", Duty = DutyState.AsRostered }, edge.As(Roles.DepartmentLeader, "MZ"));
        Assert.Equal((true, ""), (desk.Persons.Single(p => p.Person == "SYN-MZ-LEADER").OnDuty, desk.Persons.Single(p => p.Person == "SYN-MZ-LEADER").Changed));
    }

    [Fact]
    public async Task A_test_page_is_paged_once_per_command()
    {
        var request = new TestPageRequest { CommandId = "test-page-ZR", Organisation = "ZR", Text = "drill of the week" };
        var first = await Dispatch.TestPageAsync(request, edge.As(Roles.Operator));
        Assert.Equal(first.NotificationId, (await Dispatch.TestPageAsync(request, edge.As(Roles.Operator))).NotificationId);
        Assert.Equal(("TEST", "drill of the week"), (first.Kind, first.Text));
        await RefusedAsync(StatusCode.FailedPrecondition, "TEST_RUNNING", () => Dispatch.TestPageAsync(new TestPageRequest { CommandId = "other", Organisation = "ZR" }, edge.As(Roles.Operator)));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_REQUIRED", () => Dispatch.TestPageAsync(new TestPageRequest { CommandId = "x", Organisation = "ZR" }, edge.As(Roles.Handler, "ZR")));
    }

    [Fact]
    public async Task What_is_not_yours_or_not_there_is_refused_by_name()
    {
        await RefusedAsync(StatusCode.PermissionDenied, "NOT_YOUR_DESK", () => Dispatch.ListDeskAsync(new ListDeskRequest { Organisation = "YJ" }, edge.As(Roles.Handler, "PA")));
        await RefusedAsync(StatusCode.PermissionDenied, "NOT_YOUR_DESK", () => Dispatch.GetNotificationAsync(new GetNotificationRequest { NotificationId = "YJ-1" }, edge.As(Roles.Handler, "PA")));
        await RefusedAsync(StatusCode.PermissionDenied, "NOT_YOUR_DESK", () => Dispatch.ConfirmDeliveryAsync(new ConfirmDeliveryRequest { CommandId = "c", NotificationId = "YJ-1" }, edge.As(Roles.Handler, "PA")));
        await RefusedAsync(StatusCode.NotFound, "UNKNOWN_ORGANISATION", () => Dispatch.ListDeskAsync(new ListDeskRequest { Organisation = "QQ" }, edge.As(Roles.Operator)));
        foreach (var id in (string[])["", "YJ", "YJ-", "QQ-1", "YJ-99999", "-1", new string('x', 5000)])
            await RefusedAsync(StatusCode.NotFound, "UNKNOWN_NOTIFICATION", () => Dispatch.GetNotificationAsync(new GetNotificationRequest { NotificationId = id }, edge.As(Roles.Operator)));
        await RefusedAsync(StatusCode.InvalidArgument, "DUTY_MISSING", () => Dispatch.SetDutyAsync(new SetDutyRequest { CommandId = "d", Organisation = "YJ", Person = "SYN-YJ-DAY" }, edge.As(Roles.Operator)));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_REQUIRED", () => Dispatch.ListDeadLettersAsync(new ListDeadLettersRequest(), edge.As(Roles.Viewer)));
    }

    [Fact]
    public async Task A_route_is_explained_and_nothing_changes()
    {
        var route = await Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "0101", Level = Colour.Red, Area = "410803006", Community = "410803006002", Tags = { "crowd" } }, edge.As(Roles.Viewer));
        Assert.Equal(("YJ", "run-card/0101/red", 1), (route.Lead, route.RuleId, route.RulesetVersion));
        Assert.Equal(["XFD", "JD-410803006", "HB", "WJ", "PA", "ZF"], route.Co);
        Assert.NotEmpty(route.Called);
        Assert.Contains(route.Explain, e => e.Contains("ZF joins"));
        Assert.Equal("DISPATCH", (await Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "8888", Level = Colour.Blue }, edge.As(Roles.Viewer))).Lead);
        await RefusedAsync(StatusCode.InvalidArgument, "CATEGORY_MALFORMED", () => Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "x", Level = Colour.Red }, edge.As(Roles.Viewer)));
        await RefusedAsync(StatusCode.InvalidArgument, "LEVEL_INVALID", () => Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "0101", Level = Colour.Grey }, edge.As(Roles.Viewer)));
        await RefusedAsync(StatusCode.InvalidArgument, "CODE_MALFORMED", () => Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "0101", Level = Colour.Red, Community = "12" }, edge.As(Roles.Viewer)));
        await RefusedAsync(StatusCode.InvalidArgument, "area", () => Dispatch.ExplainRouteAsync(new ExplainRouteRequest { Category = "0101", Level = Colour.Red, Area = "12" }, edge.As(Roles.Viewer)));
    }

    [Fact]
    public async Task Desks_can_be_asked_with_JSON()
    {
        using var http = new HttpClient { BaseAddress = edge.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", edge.Token(Roles.Operator));
        var desk = JsonDocument.Parse(await http.GetStringAsync("v1/desks/JD-410803001")).RootElement;
        Assert.Equal(4, desk.GetProperty("persons").GetArrayLength());
        using var answer = await http.PostAsync("v1/desks/NS:test-page", new StringContent("""{"commandId":"json-1"}""", System.Text.Encoding.UTF8, "application/json"));
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("notificationId").GetString();
        using var confirmed = await http.PostAsync($"v1/notifications/{id}:confirm", new StringContent("""{"commandId":"json-2"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Contains("\"CONFIRMED\"", await confirmed.Content.ReadAsStringAsync());
    }

    private async Task<NotificationView> UntilAsync(string organisation, Func<NotificationView, bool> wanted)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(20))
        {
            var desk = await Dispatch.ListDeskAsync(new ListDeskRequest { Organisation = organisation }, edge.As(Roles.Operator));
            if (desk.Notifications.FirstOrDefault(wanted) is { } found) return found;
            Assert.True(DateTime.UtcNow < until, $"no such notification: {desk}");
        }
    }

    private static async Task RefusedAsync<T>(StatusCode status, string reason, Func<AsyncUnaryCall<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail);
    }
}
