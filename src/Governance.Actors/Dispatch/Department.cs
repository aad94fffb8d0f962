using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;

namespace Governance.Actors.Dispatch;

/// <summary>
/// A department's desk. What it wants sent is in its state before it is sent, and how that ended comes back as an event:
/// after a crash everything that was under way is sent again, under the same notification id.
/// </summary>
public sealed class Department : Entity<DepartmentState, DepartmentEvent>
{
    private readonly DepartmentRules _rules;
    private readonly Notifiers _notifiers;
    /// <summary>Handed to a notifier by this activation, and not yet answered.</summary>
    private readonly HashSet<(string Notification, int Sending)> _inHand = [];

    public Department(EntityServices services, RoutingPolicy policy, Notifiers notifiers, string code) : this(services, new DepartmentRules(policy), notifiers, code) { }

    private Department(EntityServices services, DepartmentRules rules, Notifiers notifiers, string code) : base(services, rules, new EntityAddress(EntityKinds.Department, code)) =>
        (_rules, _notifiers) = (rules, notifiers);

    private sealed record Attempted(IReadOnlyList<SendingResult> Results) : INoSerializationVerificationNeeded;

    /// <summary>Durable by now: whatever is under way and in nobody's hands is handed over.</summary>
    protected override void OnSettled()
    {
        List<SendingResult>? skipped = null;
        foreach (var notification in State.Notifications.Values)
            foreach (var page in notification.Pages)
                foreach (var sending in page.Sendings)
                {
                    if (sending.Phase != SendingPhase.UnderWay || !_inHand.Add((notification.Id, sending.No))) continue;
                    if (_notifiers.Unconfigured(sending.Channel, sending.Target) is { } why) (skipped ??= []).Add(new SendingResult(notification.Id, sending.No, SendingPhase.Skipped, why));
                    else _notifiers.SendAsync(NoticeOf(notification, page, sending)).PipeTo(Self, success: r => new Attempted([r]));
                }
        if (skipped is not null) Self.Tell(new Attempted(skipped));
        // Nobody would wake it for a message in its hands; a hand-over waits for none, the next owner sends them again.
        SetReceiveTimeout(_inHand.Count > 0 ? null : Services.Limits.PassivateAfter);
    }

    protected override bool OnOther(object message)
    {
        if (message is not Attempted { Results: var results } || !IsReady) return false;
        foreach (var result in results) _inHand.Remove((result.Notification, result.Sending));
        var now = Now();
        Commit(_rules.Attempted(State, results, now), now, [], () => StopIfAsked());
        return true;
    }

    private Notice NoticeOf(Notification n, Page page, Sending sending) => new(
        n.Id, sending.No, sending.Attempts + 1, Address.Id, page.Person, sending.Channel, sending.Target, n.Kind, n.Case, n.Level, n.Category, n.Text, n.Drill || n.Kind == NotificationKind.Test, n.OpenedAt, n.Due ?? page.At);
}
