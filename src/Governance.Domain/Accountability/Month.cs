using System.Globalization;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>A month of the district's own time, e.g. 202508: what a scorecard is about.</summary>
public readonly record struct Month : IComparable<Month>
{
    /// <summary>Validates once; every later holder may rely on it.</summary>
    public Month(int year, int number)
    {
        if (year is < 2000 or > 2999 || number is < 1 or > 12) throw new MalformedIdException("month", $"{year}{number:00}", "yyyyMM, e.g. 202508");
        (Year, Number) = (year, number);
    }

    public int Year { get; }
    public int Number { get; }

    public DateTimeOffset From => new(Year, Number, 1, 0, 0, 0, WorkCalendar.Local);
    /// <summary>The first instant that is no longer in it.</summary>
    public DateTimeOffset To => From.AddMonths(1);
    public Month Before() => Of(From.AddDays(-1));

    public static Month Of(DateTimeOffset at) => at.ToOffset(WorkCalendar.Local) is var local ? new Month(local.Year, local.Month) : default;

    public static Month Parse(string text) => text is { Length: 6 } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? new Month(value / 100, value % 100) : throw new MalformedIdException("month", text ?? "", "yyyyMM, e.g. 202508");

    public bool Holds(DateTimeOffset at) => at >= From && at < To;
    public int CompareTo(Month other) => (Year, Number).CompareTo((other.Year, other.Number));
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}{Number:00}");
}
