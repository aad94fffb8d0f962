using Governance.Domain.Routing;

namespace Governance.Domain.Dispatch;

/// <summary>Who of a desk is called: who is on duty now, the one with the fewest open cases first, then along the chain. Pure.</summary>
public static class OnCall
{
    /// <summary>As the roster has it, unless he was set on or off duty.</summary>
    public static bool IsOnDuty(DepartmentState desk, RosterPerson person, RoutingPolicy policy, DateTimeOffset now) => desk.Duties.TryGetValue(person.Person, out var change) && change.Until > now
        ? change.Duty == Duty.On : policy.Roster.IsOnDuty(person, now);

    /// <summary>Open cases that are with each person, weighted by level. Who is not in it has none.</summary>
    public static IReadOnlyDictionary<string, int> Loads(DepartmentState desk, RoutingPolicy policy)
    {
        // Of several notifications of a case the newest says with whom it is.
        var newest = new Dictionary<string, Notification>(StringComparer.Ordinal);
        foreach (var notification in desk.Notifications.Values)
            if (notification.Post == RosterPerson.Desk && (!newest.TryGetValue(notification.Case, out var known) || notification.OpenedAt >= known.OpenedAt)) newest[notification.Case] = notification;
        var loads = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, notification) in newest)
            if (desk.Open.TryGetValue(key, out var task)) loads[notification.Holder] = loads.GetValueOrDefault(notification.Holder) + policy.Notifications.Weight.GetValueOrDefault(task.Level, 1);
        return loads;
    }

    /// <summary>Who is to be called next in a round; null: everybody was, or there is nobody.</summary>
    internal static (RosterPerson Person, bool OnDuty)? Next(DeskFold fold, Notification notification)
    {
        var chain = fold.Policy.Roster.ChainOf(fold.State.Code, notification.Post).ToList();
        var onDuty = chain.Where(p => IsOnDuty(fold.State, p, fold.Policy, fold.Now)).ToList();
        // Nobody on duty: rather somebody who is at home than nobody.
        var pool = onDuty.Count > 0 ? onDuty : chain;
        var called = notification.Pages.Where(p => p.Round == notification.Round).Select(p => p.Person).ToList();
        var left = pool.Where(p => !called.Contains(p.Person)).ToList();
        if (left.Count == 0) return null;
        if (called.Count == 0)
        {
            var loads = Loads(fold.State, fold.Policy);
            return (left.MinBy(p => loads.GetValueOrDefault(p.Person))!, onDuty.Count > 0);
        }
        var last = chain.FindIndex(p => p.Person == called[^1]);
        return (left.Find(p => chain.IndexOf(p) > last) ?? left[0], onDuty.Count > 0);
    }
}
