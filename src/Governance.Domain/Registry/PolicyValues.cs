using System.Globalization;
using Governance.Domain.Calendars;

namespace Governance.Domain.Registry;

/// <summary>Named values of a policy file. What is missing, wrong or unknown is added to the holes, a line each.</summary>
internal sealed class PolicyValues(string file, IReadOnlyDictionary<string, string> values, ICollection<string> holes)
{
    /// <summary>Stands where a hole is: nothing is decided by it.</summary>
    private static readonly Budget Otherwise = Budget.OfCalendar(TimeSpan.FromHours(1));
    private readonly HashSet<string> _asked = [];

    internal string Text(string name)
    {
        _asked.Add(name);
        if (values.TryGetValue(name, out var text) && text.Length > 0) return text;
        holes.Add($"{file}: {name} is missing");
        return "";
    }

    /// <summary>What a list between commas says, blanks left out.</summary>
    internal string[] List(string name) => Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal int Number(string name, int least, int most) => Number(name, Text(name), least, most);

    /// <summary>Whole numbers between commas; where one is left out, that is a hole.</summary>
    internal IEnumerable<int> Numbers(string name, int least, int most)
    {
        if (Text(name) is not { Length: > 0 } text) yield break;
        foreach (var one in text.Split(','))
            if (one.Trim() is { Length: > 0 } number) yield return Number(name, number, least, most);
            else holes.Add($"{file}: {name}: '{text}' has an empty place");
    }

    internal Budget Limit(string name)
    {
        var text = Text(name);
        if (Budget.Parse(text) is { } budget) return budget;
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no time limit");
        return Otherwise;
    }

    /// <summary>A limit in calendar time.</summary>
    internal Budget Calendar(string name)
    {
        var limit = Limit(name);
        if (limit.Kind == BudgetKind.Calendar) return limit;
        holes.Add($"{file}: {name}: '{limit}' is no calendar time");
        return Otherwise;
    }

    internal TimeSpan Span(string name) => Calendar(name).Time;

    internal TimeOnly Time(string name)
    {
        var text = Text(name);
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no time of day, e.g. 08:30");
        return default;
    }

    internal T Name<T>(string name, T otherwise) where T : struct, Enum
    {
        var text = Text(name);
        if (Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known) return Enum.Parse<T>(known);
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no {typeof(T).Name}");
        return otherwise;
    }

    /// <summary>Lines that say something nobody asked for.</summary>
    internal void Rest(string what = "is not known here")
    {
        foreach (var unknown in values.Keys.Except(_asked).Order(StringComparer.Ordinal)) holes.Add($"{file}: '{unknown}' {what}");
    }

    private int Number(string name, string text, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no whole number from {least} to {most}");
        return least;
    }
}
