using Governance.Domain.Kernel;
using Governance.Domain.Routing;

namespace Governance.Domain.Dispatch;

/// <summary>Who of a desk is called: who is on duty now, the one with the fewest open cases first, then along the chain. Pure.</summary>
public static class OnCall
{
    /// <summary>As the roster has it, unless he was set on or off duty.</summary>
    public static bool IsOnDuty(DepartmentState desk, RosterPerson person, RoutingPolicy policy, DateTimeOffset now) => desk.Duties.TryGetValue(person.Person, out var change) && change.Until > now
        ? change.Duty == Duty.On : policy.Roster.IsOnDuty(person, now);

    /// <summary>Open cases that are with a person, weighted by level.</summary>
    public static int Load(DepartmentState desk, string person, RoutingPolicy policy) =>
        desk.Open.Values.Sum(t => HolderOf(desk, t.Case) == person ? policy.Notifications.Weight.GetValueOrDefault(t.Level, 1) : 0);

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
        if (called.Count == 0) return (left.MinBy(p => Load(fold.State, p.Person, fold.Policy))!, onDuty.Count > 0);
        var last = chain.FindIndex(p => p.Person == called[^1]);
        return (left.Find(p => chain.IndexOf(p) > last) ?? left[0], onDuty.Count > 0);
    }

    private static string HolderOf(DepartmentState desk, CaseKey key)
    {
        Notification? latest = null;
        foreach (var notification in desk.Notifications.Values)
            if (notification.Case == key.Value && notification.Post == RosterPerson.Desk && (latest is null || notification.OpenedAt > latest.OpenedAt)) latest = notification;
        return latest?.Holder ?? "";
    }
}
