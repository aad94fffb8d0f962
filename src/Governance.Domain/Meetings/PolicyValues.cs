using System.Globalization;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Named values of a policy file. What is missing, wrong or unknown is added to the holes, a line each.</summary>
internal sealed class PolicyValues(string file, IReadOnlyDictionary<string, string> values, ICollection<string> holes)
{
    private readonly HashSet<string> _asked = [];

    internal string Text(string name)
    {
        _asked.Add(name);
        if (values.TryGetValue(name, out var text) && text.Length > 0) return text;
        holes.Add($"{file}: {name} is missing");
        return "";
    }

    internal int Number(string name, int least, int most)
    {
        var text = Text(name);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no whole number from {least} to {most}");
        return least;
    }

    internal Budget Limit(string name)
    {
        var text = Text(name);
        if (Budget.Parse(text) is { } budget) return budget;
        if (text.Length > 0) holes.Add($"{file}: {name}: '{text}' is no time limit");
        return Budget.OfWorkingDays(1);
    }

    /// <summary>A limit in calendar time.</summary>
    internal TimeSpan Span(string name)
    {
        var limit = Limit(name);
        if (limit.Kind == BudgetKind.Calendar) return limit.Time;
        if (values.TryGetValue(name, out var text) && Budget.Parse(text) is not null) holes.Add($"{file}: {name}: '{text}' is no calendar time");
        return TimeSpan.FromHours(1);
    }

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
    internal void Rest()
    {
        foreach (var unknown in values.Keys.Except(_asked).Order(StringComparer.Ordinal)) holes.Add($"{file}: '{unknown}' is not known here");
    }
}
