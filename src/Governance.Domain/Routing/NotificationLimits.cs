using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

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

    private static readonly string[] Names =
    [
        .. RoutingPolicy.Levels.SelectMany(l => new[] { $"RECEIPT_{l}", $"WEIGHT_{l}" }).Select(n => n.ToUpperInvariant()), "RETRY_SECONDS", "NOTIFY_DRILLS", "DUTY_CHANGE_AT_MOST", "SELF_HANDLING",
    ];

    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static NotificationLimits Read(IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        foreach (var unknown in values.Keys.Except(Names)) holes.Add($"notifications: '{unknown}' is no limit of notifications");
        var receipt = RoutingPolicy.Levels.ToImmutableSortedDictionary(l => l, l => Limit($"RECEIPT_{l}".ToUpperInvariant()));
        // Danger knows no office hours (cases.md "Clock rules").
        foreach (var (level, budget) in receipt)
            if (level >= Colour.Orange && budget.Kind != BudgetKind.Calendar) holes.Add($"notifications: RECEIPT_{level.ToString().ToUpperInvariant()} is {budget}: red and orange run in calendar time");
        var weight = RoutingPolicy.Levels.ToImmutableSortedDictionary(l => l, l => $"WEIGHT_{l}".ToUpperInvariant() is var name ? Number(name, Text(name), WeightLimit) : 0);
        var retries = Text("RETRY_SECONDS").Split(',').Select(r => TimeSpan.FromSeconds(Number("RETRY_SECONDS", r, RetryLimitSeconds))).ToImmutableArray();
        if (retries.Length > RetriesLimit) holes.Add($"notifications: RETRY_SECONDS: at most {RetriesLimit} attempts");
        var drills = Text("NOTIFY_DRILLS");
        if (drills is not ("yes" or "no" or "")) holes.Add($"notifications: NOTIFY_DRILLS: '{drills}' is neither yes nor no");
        return new NotificationLimits(receipt, weight, retries, drills == "yes", Limit("DUTY_CHANGE_AT_MOST"), Limit("SELF_HANDLING"));

        string Text(string name)
        {
            if (values.TryGetValue(name, out var text) && text.Length > 0) return text;
            holes.Add($"notifications: {name} is missing");
            return "";
        }

        int Number(string name, string text, int most)
        {
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
            if (text.Length > 0) holes.Add($"notifications: {name}: '{text}' is no whole number from 1 to {most}");
            return 1;
        }

        Budget Limit(string name)
        {
            var text = Text(name);
            if (Budget.Parse(text) is { } budget) return budget;
            if (text.Length > 0) holes.Add($"notifications: {name}: '{text}' is no time limit");
            return Budget.OfCalendar(TimeSpan.FromMinutes(1));
        }
    }
}
