using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Domain.Dispatch;

/// <summary>Calls persons until one confirms; all of it recorded.</summary>
internal static class Calls
{
    /// <summary>A task came: somebody is called for it at once.</summary>
    internal static void Offered(DeskFold fold, TaskOffered task)
    {
        // Offered anew, e.g. at a higher level: the chain begins anew.
        foreach (var before in fold.State.CallingFor(task.Case)) fold.Happen(new NotificationEnded(fold.Now, before.Id, "offered again"));
        if (fold.State.Notifications.Count - fold.State.Ended.Count >= DepartmentState.CallingLimit)
        {
            fold.Tell(AlertKind.NotificationUnconfirmed, $"full/{task.Case}/{task.At.UtcTicks}", task.Level, task.Category, task.Case.Value, task.Drill,
                string.Create(CultureInfo.InvariantCulture, $"{fold.State.Code} has {DepartmentState.CallingLimit} unconfirmed notifications: nobody is called for this case"));
            return;
        }
        var own = fold.Policy.Roster.Of(fold.State.Code);
        ForPost(RosterPerson.Desk, own.FirstOrDefault(p => p.Person == task.Person && p.IsReachable));
        foreach (var expert in own.Where(p => task.Called.Contains(p.Person) && p.Post != RosterPerson.Desk).DistinctBy(p => p.Post)) ForPost(expert.Post, expert);

        void ForPost(string post, RosterPerson? first) => Open(fold, new NotificationOpened(
            fold.Now, fold.NextId, NotificationKind.Task, task.Case.Value, task.Level, task.Category, $"{task.SourceName}: {task.Text}", task.Drill, "", post), first);
    }

    /// <param name="first">Called before the chain; null: the chain says who.</param>
    internal static void Open(DeskFold fold, NotificationOpened opened, RosterPerson? first = null)
    {
        fold.Happen(opened);
        if (first is null) CallNext(fold, opened.Notification);
        else Call(fold, opened.Notification, first, OnCall.IsOnDuty(fold.State, first, fold.Policy, fold.Now));
    }

    /// <summary>What is due: receipts that did not come, and attempts to send whose time has come.</summary>
    internal static void Fire(DeskFold fold)
    {
        foreach (var due in fold.State.Calling.Where(n => n.Due <= fold.Now).OrderBy(n => n.Due).ThenBy(n => n.OpenedAt).ThenBy(n => n.Id, StringComparer.Ordinal).ToList())
        {
            fold.Happen(new ReceiptMissed(due.Due!.Value, due.Id, due.Pages.IsEmpty ? "" : due.Pages[^1].Person, fold.Now - due.Due.Value));
            CallNext(fold, due.Id);
        }
        foreach (var waiting in (from n in fold.State.Calling from s in n.AllSendings where s.Phase == SendingPhase.Waiting && s.NextAt <= fold.Now orderby s.NextAt, n.Id, s.No select (n.Id, s.No)).ToList())
            fold.Happen(new SendingBegun(fold.Now, waiting.Id, waiting.No, ""));
    }

    /// <summary>Whom it was with is away: the next one, without waiting.</summary>
    internal static void Away(DeskFold fold, string person)
    {
        foreach (var calling in fold.State.Calling.Where(n => n.Holder == person).OrderBy(n => n.OpenedAt).ThenBy(n => n.Id, StringComparer.Ordinal).ToList()) CallNext(fold, calling.Id);
    }

    internal static void Attempted(DeskFold fold, SendingResult result)
    {
        // Late word of an attempt that is no longer under way changes nothing.
        if (!fold.State.Notifications.TryGetValue(result.Notification, out var notification)
            || notification.AllSendings.FirstOrDefault(s => s.No == result.Sending) is not { Phase: SendingPhase.UnderWay } sending) return;
        if (result.Phase is SendingPhase.Sent or SendingPhase.Skipped)
        {
            fold.Happen(new SendingEnded(fold.Now, notification.Id, sending.No, result.Phase, result.Note));
            return;
        }
        var retries = fold.Policy.Notifications.Retries;
        if (notification.Phase != NotificationPhase.Calling && sending.RetriedBy.Length == 0)
        {
            fold.Happen(new SendingEnded(fold.Now, notification.Id, sending.No, SendingPhase.Dropped, result.Note));
            return;
        }
        var again = notification.Phase == NotificationPhase.Calling && sending.Attempts < retries.Length;
        fold.Happen(new SendingFailed(fold.Now, notification.Id, sending.No, result.Note, again ? fold.Now + retries[sending.Attempts] : null));
        if (!again) fold.Tell(AlertKind.DeadLetter, $"{notification.Id}/dead/{sending.No}/{fold.Now.UtcTicks}", notification.Level, notification.Category, notification.Case, notification.Drill || notification.Kind == NotificationKind.Test,
            $"{notification.Id}: {sending.Channel} to {notification.Pages.First(p => p.Sendings.Contains(sending)).Person} could not be sent: {result.Note}");
    }

    private static void CallNext(DeskFold fold, string id)
    {
        var next = OnCall.Next(fold, fold.Notification(id));
        if (next is null)
        {
            Exhausted(fold, id);
            if (fold.Notification(id).Phase != NotificationPhase.Calling) return;
            next = OnCall.Next(fold, fold.Notification(id));
        }
        Call(fold, id, next?.Person, next?.OnDuty ?? false);
    }

    private static void Call(DeskFold fold, string id, RosterPerson? person, bool onDuty)
    {
        var notification = fold.Notification(id);
        var withheld = notification.Drill && notification.Kind == NotificationKind.Task && !fold.Policy.Notifications.NotifyDrills;
        fold.Happen(new PersonPaged(fold.Now, id, notification.Round, person?.Person ?? "", onDuty, fold.ReceiptDue(notification.Level), [.. person?.Addresses.Select(a => a.ToString()) ?? []], withheld));
    }

    /// <summary>A task goes round again until somebody confirms; a drill or a test has shown what it was to show.</summary>
    private static void Exhausted(DeskFold fold, string id)
    {
        var notification = fold.Notification(id);
        var (round, test) = (notification.Round, notification.Kind == NotificationKind.Test);
        var called = notification.Pages.Where(p => p.Round == round && p.Person.Length > 0).Select(p => p.Person).ToList();
        fold.Happen(new ChainExhausted(fold.Now, id, round));
        fold.Tell(AlertKind.NotificationUnconfirmed, string.Create(CultureInfo.InvariantCulture, $"{id}/round/{round}"), notification.Level, notification.Category, notification.Case, notification.Drill || test,
            called.Count == 0 ? $"{id}{(test ? " (test)" : "")}: {fold.State.Code} has nobody to call: {notification.Text}"
            : string.Create(CultureInfo.InvariantCulture, $"{id}{(test ? " (test)" : "")}: nobody of {fold.State.Code} confirmed in round {round} ({string.Join(", ", called)}): {notification.Text}"));
        if (test || notification.Drill) fold.Happen(new NotificationEnded(fold.Now, id, "nobody confirmed"));
    }
}
