using System.Collections.Immutable;
using Google.Protobuf;
using Governance.Domain.Calendars;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Edge.Dispatch;

namespace Governance.Edge.Tests.Dispatch;

/// <summary>A desk that calls for as much as it may is shown to a client that takes what clients take.</summary>
public sealed class DeskViewTests
{
    private const int ClientLimitBytes = 4 * 1024 * 1024;
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_desk_in_a_storm_can_be_shown_and_one_notification_has_all_its_calls()
    {
        var called = Enumerable.Range(1, DepartmentState.CallingLimit).Select(Called).ToList();
        var state = DepartmentState.New("YJ") with { Notifications = called.ToImmutableDictionary(n => n.Id, StringComparer.Ordinal), Opened = called.Count };
        var view = DeskViews.Of(state, Nobody(), 1, Start);
        Assert.Equal(DepartmentState.CallingLimit, view.Notifications.Count);
        Assert.InRange(view.ToByteArray().Length, 1, ClientLimitBytes);
        Assert.All(view.Notifications, n => Assert.Equal(Notification.PageLimit, n.Calls[^1].Round));
        Assert.Equal(Notification.PageLimit, DeskViews.Of("YJ", called[0]).Calls.Count);
    }

    private static RoutingPolicy Nobody()
    {
        var calendar = new WorkCalendar(1, [], [], []);
        var minute = Budget.OfCalendar(TimeSpan.FromMinutes(1));
        return new RoutingPolicy("410803", 1, ImmutableSortedDictionary<string, RoutedCategory>.Empty, new Organisations(ImmutableSortedDictionary<string, Organisation>.Empty, ImmutableSortedDictionary<string, Community>.Empty),
            ImmutableDictionary<(string, Domain.Kernel.Colour), ResponseCard>.Empty, ImmutableSortedDictionary<string, ImmutableArray<RoutingRule>>.Empty, [], [], new DutyRoster([], calendar),
            new NotificationLimits(ImmutableSortedDictionary<Domain.Kernel.Colour, Budget>.Empty, ImmutableSortedDictionary<Domain.Kernel.Colour, int>.Empty, [], false, minute, minute), calendar);
    }

    private static Notification Called(int number) => new(
        $"YJ-{number}", NotificationKind.Task, $"C{number:000000000000000000000000}", Domain.Kernel.Colour.Red, "0101", "chlorine above level 2", false, "", Start, NotificationPhase.Calling, Notification.PageLimit, Start,
        [.. Enumerable.Range(1, Notification.PageLimit).Select(round => new Page(round, "SYN-YJ-DAY", true, Start.AddMinutes(round), [.. new[] { "webhook", "mail", "sms" }.Select((channel, i) =>
            new Sending(round * 3 + i, channel, "syn-yj-day@duty.example.invalid", SendingPhase.Waiting, 3, Start.AddMinutes(round + 5), null, "no answer within 10 s", ""))]))],
        Notification.PageLimit * 3, "", null, "", "desk");
}
