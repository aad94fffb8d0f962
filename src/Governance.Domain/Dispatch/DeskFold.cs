using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using Governance.Domain.Routing;

namespace Governance.Domain.Dispatch;

/// <summary>One decision about a desk in the making: its state as it becomes, with the events and messages that led there.</summary>
internal sealed class DeskFold(DepartmentState state, RoutingPolicy policy, DateTimeOffset now) : Fold<DepartmentState, DepartmentEvent>(state, now, DepartmentEvolution.Evolve)
{
    internal RoutingPolicy Policy { get; } = policy;

    internal Notification Notification(string id) => State.Notifications[id];

    internal string NextId => string.Create(CultureInfo.InvariantCulture, $"{State.Code}-{State.Opened + 1}");

    /// <summary>When the next one of the chain is called.</summary>
    internal DateTimeOffset ReceiptDue(Colour level) =>
        (Policy.Notifications.Receipt.TryGetValue(level, out var limit) ? limit : Policy.Notifications.Receipt[Colour.Yellow]).Due(Now, [], Policy.Calendar);

    /// <summary>Tells the duty desk, in the feed of the district.</summary>
    internal void Tell(AlertKind kind, string cause, Colour level, string category, string caseKey, bool drill, string text)
    {
        var area = new AreaCode(Policy.District);
        Send(new EntityAddress(EntityKinds.AlertFeed, area.Value), new AlertPublished(new Alert(
            $"dispatch/{State.Code}/{cause}", kind, area, Now, "", "", "", AlarmLevel.None, level, null, double.NaN, double.NaN, "", caseKey, "", [State.Code], category, drill, text)));
    }
}
