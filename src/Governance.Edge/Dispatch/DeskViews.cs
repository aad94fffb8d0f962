using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using Governance.Edge.V1;

namespace Governance.Edge.Dispatch;

/// <summary>A desk as the public API shows it.</summary>
internal static class DeskViews
{
    private const int EndedShown = 50;
    /// <summary>Calls per notification of a whole desk: a client takes 4 MB, and in a storm hundreds are called every minute. One notification alone has all that are kept.</summary>
    private const int CallsShown = 10;

    internal static DeskView Of(DepartmentState state, RoutingPolicy policy, long version, DateTimeOffset now)
    {
        var view = new DeskView { Organisation = state.Code, Name = policy.Organisations.All.GetValueOrDefault(state.Code)?.Name ?? "", Version = version };
        view.Tasks.AddRange(state.Open.Values.OrderByDescending(t => t.Level).ThenBy(t => t.At).Select(t => new DeskTaskView
        {
            CaseId = t.Case.Value, Lead = t.Lead, Category = t.Category, Level = Fields.To(t.Level), SourceName = t.SourceName, Text = t.Text, Drill = t.Drill, OfferedAt = Fields.To(t.At),
        }));
        var loads = OnCall.Loads(state, policy);
        view.Persons.AddRange(policy.Roster.Of(state.Code).Select(p => Of(state, p, policy, loads.GetValueOrDefault(p.Person), now)));
        view.Notifications.AddRange(state.Calling.OrderByDescending(n => n.OpenedAt).ThenByDescending(n => n.Id, StringComparer.Ordinal).Select(n => Of(state.Code, n, CallsShown)));
        view.Notifications.AddRange(state.Ended.Reverse().Take(EndedShown).Select(id => Of(state.Code, state.Notifications[id], CallsShown)));
        return view;
    }

    /// <param name="calls">The latest so many.</param>
    internal static NotificationView Of(string desk, Notification n, int calls = int.MaxValue)
    {
        var view = new NotificationView
        {
            NotificationId = n.Id, Organisation = desk, Kind = n.Kind == NotificationKind.Test ? "TEST" : "TASK", CaseId = n.Case, Level = Fields.To(n.Level), Category = n.Category, Text = n.Text, Drill = n.Drill,
            State = n.Phase switch { NotificationPhase.Calling => "CALLING", NotificationPhase.Confirmed => "CONFIRMED", _ => "OVER" }, OpenedAt = Fields.To(n.OpenedAt), Due = Fields.To(n.Due), Round = n.Round,
            ConfirmedBy = n.ConfirmedBy, EndedAt = Fields.To(n.EndedAt), Why = n.Why,
        };
        view.Calls.AddRange(n.Pages.TakeLast(calls).Select(p => new PersonCalled { Round = p.Round, Person = p.Person, OffDuty = !p.OnDuty, At = Fields.To(p.At), Sendings = { p.Sendings.Select(Of) } }));
        return view;
    }

    internal static IEnumerable<DeadLetterView> DeadLetters(DepartmentState state) =>
        from n in state.Notifications.Values from p in n.Pages from s in p.Sendings where s.Phase == SendingPhase.Dead
        select new DeadLetterView { NotificationId = n.Id, Organisation = state.Code, Person = p.Person, CaseId = n.Case, Level = Fields.To(n.Level), Sending = Of(s) };

    private static SendingView Of(Sending s) => new()
    {
        Sending = s.No, Channel = s.Channel, Target = s.Target, Attempts = s.Attempts, NextAt = Fields.To(s.NextAt), EndedAt = Fields.To(s.EndedAt), Error = s.Error,
        State = s.Phase switch
        {
            SendingPhase.UnderWay => "UNDER_WAY", SendingPhase.Waiting => "WAITING", SendingPhase.Sent => "SENT", SendingPhase.Dead => "DEAD", SendingPhase.Skipped => "SKIPPED", SendingPhase.Withheld => "WITHHELD", _ => "DROPPED",
        },
    };

    private static DutyPerson Of(DepartmentState state, RosterPerson person, RoutingPolicy policy, int load, DateTimeOffset now)
    {
        var view = new DutyPerson
        {
            Person = person.Person, Name = person.Name, Post = person.Post, Order = person.Order, OnDuty = OnCall.IsOnDuty(state, person, policy, now), Load = load,
        };
        if (!state.Duties.TryGetValue(person.Person, out var change) || change.Until <= now) return view;
        (view.Changed, view.ChangedUntil, view.Reason) = (change.Duty == Duty.Off ? "OFF" : "ON", Fields.To(change.Until), change.Reason);
        return view;
    }
}
