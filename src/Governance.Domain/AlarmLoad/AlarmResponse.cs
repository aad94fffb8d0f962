namespace Governance.Domain.AlarmLoad;

/// <summary>
/// How long it took from an alarm to each leg of its case, as the case journaled it for its lead. Null: not reached yet,
/// or reached before this alarm came, when it says nothing about how fast anybody was.
/// </summary>
/// <param name="ToDispatch">To the lead's desk having the task.</param>
/// <param name="ToAccept">To the lead's signature.</param>
/// <param name="ToArrive">To the lead on scene.</param>
/// <param name="ToClear">To the alarm's own return to normal.</param>
/// <param name="ToClose">To the case closed (销号).</param>
/// <param name="JoinedCase">Its case was opened by an alarm before it.</param>
public sealed record AlarmResponse(AlarmRecord Alarm, string CaseNumber, bool JoinedCase, TimeSpan? ToDispatch, TimeSpan? ToAccept, TimeSpan? ToArrive, TimeSpan? ToClear, TimeSpan? ToClose)
{
    public static AlarmResponse Of(AlarmRecord alarm, CaseRecord? its) => new(
        alarm, its?.Number ?? "", its is not null && its.Received < alarm.Raised,
        After(alarm, its?.Dispatched), After(alarm, its?.Accepted), After(alarm, its?.Arrived), After(alarm, alarm.Cleared), After(alarm, its?.Closed));

    private static TimeSpan? After(AlarmRecord alarm, DateTimeOffset? leg) => leg is { } at && at >= alarm.Raised ? at - alarm.Raised : null;
}

/// <summary>One leg over all alarms of a period that reached it.</summary>
/// <param name="Count">Of alarms that reached it; with none the times are zero.</param>
/// <param name="P50">Half took no longer (nearest rank: a time that was really measured).</param>
/// <param name="P90">Nine of ten took no longer.</param>
public sealed record LegFigures(int Count, TimeSpan P50, TimeSpan P90, TimeSpan Max)
{
    public static LegFigures Of(IEnumerable<TimeSpan?> times)
    {
        var sorted = times.OfType<TimeSpan>().Order().ToList();
        return sorted.Count == 0 ? new LegFigures(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero) : new LegFigures(sorted.Count, Rank(50), Rank(90), sorted[^1]);

        // In whole numbers: 0.9 × 10 must be 9, not the next one up.
        TimeSpan Rank(int percent) => sorted[(sorted.Count * percent + 99) / 100 - 1];
    }
}
