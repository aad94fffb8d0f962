using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Domain.Meetings;

/// <summary>Every number that a slip decides by: the file <c>slip-limits.psv</c> of the district.</summary>
/// <param name="Budgets">Per slip, level and clock; the limit of a supervision slip follows from the reminder's.</param>
/// <param name="Discipline">Organisation to which an overdue supervision slip is referred.</param>
public sealed record SlipLimits(
    ImmutableDictionary<(SlipKind Kind, Colour Level, SlipClockName Clock), Budget> Budgets, int SupervisionPercent, Budget SupervisionAtLeast, Budget SupervisionAtMost, int Extensions,
    Budget ExtensionAtMost, Colour GroundLevel, Colour GroundCorrelation, int GroundDepartments, int GroundOverduePercent, string Discipline)
{
    public static readonly ImmutableList<Colour> Levels = [Colour.Blue, Colour.Yellow, Colour.Orange, Colour.Red];

    private static readonly ImmutableList<(SlipKind Kind, SlipClockName Clock)> Clocks =
    [
        .. new[] { SlipClockName.Draft, SlipClockName.Sign, SlipClockName.Limit, SlipClockName.Review, SlipClockName.Cancel }.Select(c => (SlipKind.Reminder, c)),
        .. new[] { SlipClockName.Draft, SlipClockName.Sign, SlipClockName.Plan, SlipClockName.Progress, SlipClockName.Inspect, SlipClockName.Cancel }.Select(c => (SlipKind.Supervision, c)),
    ];

    /// <summary>A supervision slip has a share of what a reminder has, whole days rounded up.</summary>
    public Budget BudgetOf(SlipKind kind, Colour level, SlipClockName clock)
    {
        if (kind != SlipKind.Supervision || clock != SlipClockName.Limit) return Budgets[(kind, level, clock)];
        var whole = Budgets[(SlipKind.Reminder, level, SlipClockName.Limit)];
        return whole with { Time = whole.Time * SupervisionPercent / 100, Days = (whole.Days * SupervisionPercent + 99) / 100 };
    }

    /// <summary>When a clock that started then is due. That of a supervision slip never comes sooner and never later than its bounds.</summary>
    public DateTimeOffset Due(SlipKind kind, SlipClockName clock, Budget budget, DateTimeOffset from, WorkCalendar calendar)
    {
        var due = budget.Due(from, [], calendar);
        if (kind != SlipKind.Supervision || clock != SlipClockName.Limit) return due;
        var (least, most) = (SupervisionAtLeast.Due(from, [], calendar), SupervisionAtMost.Due(from, [], calendar));
        return due > most ? most : due < least ? least : due;
    }

    /// <summary>Which guard a reminder slip meets; null: none, and it may not be issued.</summary>
    /// <param name="correlation">Level of the correlation that it is about; grey for none.</param>
    /// <param name="overduePercent">How far the latest of its cases is over its time to resolve.</param>
    public SlipGround? GroundOf(Colour level, Colour correlation, int departments, double overduePercent) =>
        level >= GroundLevel ? SlipGround.Level
        : correlation >= GroundCorrelation ? SlipGround.Correlation
        : departments >= GroundDepartments ? SlipGround.Departments
        : overduePercent >= GroundOverduePercent ? SlipGround.Overdue
        : null;

    /// <param name="limits">Rows of slip, level or *, clock, time limit.</param>
    /// <param name="values">By name.</param>
    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static SlipLimits Read(IEnumerable<string[]> limits, IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        var named = new PolicyValues("slips", values, holes);
        var read = new SlipLimits(
            Table(limits, holes), named.Number("SUPERVISION_PERCENT", 1, 100), named.Limit("SUPERVISION_AT_LEAST"), named.Limit("SUPERVISION_AT_MOST"), named.Number("EXTENSIONS", 0, 10),
            named.Limit("EXTENSION_AT_MOST"), named.Name("GROUND_LEVEL", Colour.Orange), named.Name("GROUND_CORRELATION", Colour.Yellow), named.Number("GROUND_DEPARTMENTS", 1, 100),
            named.Number("GROUND_OVERDUE_PERCENT", 1, 1000), named.Text("DISCIPLINE"));
        named.Rest();
        return read;
    }

    private static ImmutableDictionary<(SlipKind, Colour, SlipClockName), Budget> Table(IEnumerable<string[]> rows, ICollection<string> holes)
    {
        var (own, every) = (new Dictionary<(SlipKind, Colour, SlipClockName), Budget>(), new Dictionary<(SlipKind, SlipClockName), Budget>());
        foreach (var row in rows)
        {
            var line = string.Join('|', row);
            if (Named<SlipKind>(row[0]) is not { } kind || Named<SlipClockName>(row[2]) is not { } clock || !Clocks.Contains((kind, clock))) { holes.Add($"slips: '{line}' is no clock of a slip"); continue; }
            if (Budget.Parse(row[3]) is not { } budget) { holes.Add($"slips: '{row[3]}' is no time limit"); continue; }
            if (row[1].Trim() == "*")
            {
                if (!every.TryAdd((kind, clock), budget)) holes.Add($"slips: {kind} * {clock} is listed twice");
            }
            else if (Named<Colour>(row[1]) is not { } level || !Levels.Contains(level)) holes.Add($"slips: '{row[1]}' is no level of a slip");
            else if (!own.TryAdd((kind, level, clock), budget)) holes.Add($"slips: {kind} {level} {clock} is listed twice");
            // Danger knows no office hours (cases.md "Clock rules").
            else if (level >= Colour.Orange && clock is SlipClockName.Sign or SlipClockName.Limit && budget.Kind != BudgetKind.Calendar) holes.Add($"slips: {kind} {level} {clock} is {budget}: red and orange run in calendar time");
        }
        var table = ImmutableDictionary.CreateBuilder<(SlipKind, Colour, SlipClockName), Budget>();
        foreach (var (kind, clock) in Clocks)
            foreach (var level in Levels)
                if (own.TryGetValue((kind, level, clock), out var budget) || every.TryGetValue((kind, clock), out budget)) table[(kind, level, clock)] = budget;
                else
                {
                    holes.Add($"slips: {kind} {level} {clock} has no time limit");
                    table[(kind, level, clock)] = Budget.OfWorkingDays(1);
                }
        return table.ToImmutable();
    }

    private static T? Named<T>(string text) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<T>(name) : null;
}
