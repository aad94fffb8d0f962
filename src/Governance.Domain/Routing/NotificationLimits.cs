using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Domain.Routing;

/// <summary>How persons are notified (cases.md "Default limits per level", delivery receipt by a human device).</summary>
/// <param name="Receipt">Not confirmed within it, the next of the chain is called.</param>
/// <param name="Weight">How heavy an open case lies on whom it is with.</param>
/// <param name="Retries">Time until each further attempt to send; after the last one it is a dead letter.</param>
/// <param name="NotifyDrills">Whether cases of a drill call persons; a test page always does.</param>
/// <param name="SelfHandling">A grid worker's time for what the grid handles itself; then it goes up.</param>
public sealed record NotificationLimits(
    ImmutableSortedDictionary<Colour, Budget> Receipt, ImmutableSortedDictionary<Colour, int> Weight, ImmutableArray<TimeSpan> Retries, bool NotifyDrills, Budget DutyChangeAtMost, Budget SelfHandling)
{
    private const int WeightLimit = 1000, RetriesLimit = 20, RetryLimitSeconds = 86_400;

    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static NotificationLimits Read(IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        var v = new PolicyValues("notifications", values, holes);
        var receipt = RoutingPolicy.Levels.ToImmutableSortedDictionary(l => l, l => v.Limit($"RECEIPT_{l}".ToUpperInvariant()));
        // Danger knows no office hours (cases.md "Clock rules").
        foreach (var (level, budget) in receipt)
            if (level >= Colour.Orange && budget.Kind != BudgetKind.Calendar) holes.Add($"notifications: RECEIPT_{level.ToString().ToUpperInvariant()} is {budget}: red and orange run in calendar time");
        var weight = RoutingPolicy.Levels.ToImmutableSortedDictionary(l => l, l => v.Number($"WEIGHT_{l}".ToUpperInvariant(), 1, WeightLimit));
        var retries = v.Numbers("RETRY_SECONDS", 1, RetryLimitSeconds).Select(r => TimeSpan.FromSeconds(r)).ToImmutableArray();
        if (retries.Length > RetriesLimit) holes.Add($"notifications: RETRY_SECONDS: at most {RetriesLimit} attempts");
        var drills = v.Text("NOTIFY_DRILLS");
        if (drills is not ("yes" or "no" or "")) holes.Add($"notifications: NOTIFY_DRILLS: '{drills}' is neither yes nor no");
        var read = new NotificationLimits(receipt, weight, retries, drills == "yes", v.Limit("DUTY_CHANGE_AT_MOST"), v.Limit("SELF_HANDLING"));
        v.Rest("is no limit of notifications");
        return read;
    }
}
