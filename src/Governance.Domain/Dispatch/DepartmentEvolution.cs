using System.Collections.Immutable;
using Governance.Domain.Routing;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Dispatch;

/// <summary>What an event makes of a desk. What is impossible is loud.</summary>
public static class DepartmentEvolution
{
    public static DepartmentState Evolve(DepartmentState state, DepartmentEvent happened) => happened switch
    {
        TaskReceived e => state with { Open = state.Open.SetItem(e.Task.Case.Value, e.Task) },
        TaskEnded e => state with { Open = state.Open.Remove(e.Case.Value) },
        NotificationOpened e => Opened(state, e),
        PersonPaged e => Calling(state, e.Notification, n => Paged(n, e)),
        ReceiptMissed e => Calling(state, e.Notification, n => n with { Due = null }),
        ChainExhausted e => Calling(state, e.Notification, n => n with { Round = e.Round + 1 }),
        NotificationConfirmed e => Ended(state, e.Notification, n => n with { Phase = NotificationPhase.Confirmed, ConfirmedBy = e.By, EndedAt = e.At }),
        NotificationEnded e => Ended(state, e.Notification, n => n with { Phase = NotificationPhase.Over, EndedAt = e.At, Why = e.Why }),
        SendingBegun e => Of(state, e.Notification, e.Sending, s => s with { Phase = SendingPhase.UnderWay, NextAt = null, EndedAt = null, Attempts = e.By.Length > 0 ? 0 : s.Attempts, RetriedBy = e.By.Length > 0 ? e.By : s.RetriedBy }),
        SendingEnded e => Of(state, e.Notification, e.Sending, s => s with { Phase = e.Phase, Attempts = e.Phase == SendingPhase.Sent ? s.Attempts + 1 : s.Attempts, EndedAt = e.At, Error = e.Phase == SendingPhase.Sent ? "" : e.Note }),
        SendingFailed { NextAt: { } next } e => Of(state, e.Notification, e.Sending, s => s with { Phase = SendingPhase.Waiting, Attempts = s.Attempts + 1, NextAt = next, Error = e.Error }),
        SendingFailed e => Of(state, e.Notification, e.Sending, s => s with { Phase = SendingPhase.Dead, Attempts = s.Attempts + 1, EndedAt = e.At, Error = e.Error }),
        // Those that are over make room: they say nothing any more.
        DutyChanged e => state with { Duties = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, state.Duties.Where(d => d.Value.Until > e.At && d.Key != e.Change.Person)) is var left && e.Change.Duty == Duty.AsRostered ? left : left.SetItem(e.Change.Person, e.Change) },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static DepartmentState Opened(DepartmentState state, NotificationOpened e)
    {
        if (state.Notifications.ContainsKey(e.Notification)) throw new InvalidOperationException($"{e.Notification} was opened before");
        var opened = new Notification(e.Notification, e.Kind, e.Case, e.Level, e.Category, e.Text, e.Drill, e.By, e.At, NotificationPhase.Calling, 1, null, [], 0, "", null, "", e.Post);
        return state with { Notifications = state.Notifications.Add(e.Notification, opened), Opened = state.Opened + 1 };
    }

    private static Notification Paged(Notification n, PersonPaged e)
    {
        var phase = e.Withheld ? SendingPhase.Withheld : SendingPhase.UnderWay;
        var sendings = e.Addresses.Select((a, i) => ContactAddress.Parse(a) is { } address
            ? new Sending(n.Sendings + i + 1, address.Channel, address.Target, phase, 0, null, null, "", "")
            : throw new InvalidOperationException($"{e.Notification}: '{a}' is no address"));
        var pages = n.Pages.Add(new Page(e.Round, e.Person, e.OnDuty, e.At, [.. sendings]));
        return n with { Due = e.Due, Round = e.Round, Pages = pages.Count > Notification.PageLimit && pages[0].Round < e.Round ? pages.RemoveAt(0) : pages, Sendings = n.Sendings + e.Addresses.Count };
    }

    private static DepartmentState Ended(DepartmentState state, string id, Func<Notification, Notification> change)
    {
        // Nobody is called for it any more: of its calls the last ones are looked at, and hundreds of them must fit into one answer.
        var next = Calling(state, id, n => change(Each(n with { Pages = n.Pages.GetRange(Math.Max(0, n.Pages.Count - Notification.OverPageLimit), Math.Min(n.Pages.Count, Notification.OverPageLimit)) }, s => s.Phase == SendingPhase.Waiting ? s with { Phase = SendingPhase.Dropped, NextAt = null } : s)) with { Due = null });
        var ended = next.Ended.Add(id);
        return ended.Count <= DepartmentState.OverLimit ? next with { Ended = ended } : next with { Ended = ended.RemoveAt(0), Notifications = next.Notifications.Remove(ended[0]) };
    }

    private static DepartmentState Calling(DepartmentState state, string id, Func<Notification, Notification> change) =>
        state.Notifications.TryGetValue(id, out var n) && n.Phase == NotificationPhase.Calling ? state with { Notifications = state.Notifications.SetItem(id, change(n)) }
        : throw new InvalidOperationException($"nobody is called for {id}");

    private static DepartmentState Of(DepartmentState state, string id, int sending, Func<Sending, Sending> change)
    {
        if (!state.Notifications.TryGetValue(id, out var n) || sending < 1 || sending > n.Sendings) throw new InvalidOperationException($"{id} has no sending {sending}");
        // Of a page that made room nothing is kept; a journal may say more of it, from when more pages were.
        return state with { Notifications = state.Notifications.SetItem(id, Each(n, s => s.No == sending ? change(s) : s)) };
    }

    private static Notification Each(Notification n, Func<Sending, Sending> change) => n with { Pages = [.. n.Pages.Select(p => p with { Sendings = [.. p.Sendings.Select(change)] })] };
}
