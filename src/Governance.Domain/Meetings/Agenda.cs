using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Meetings;

/// <summary>The agenda of a meeting, a pure function of facts: the same facts in any order give the same agenda and the same hash.</summary>
/// <param name="Hash">SHA-256 over every item in order, hexadecimal.</param>
public sealed record Agenda(MeetingKind Kind, DateTimeOffset CutOff, ImmutableList<AgendaItem> Items, string Hash)
{
    public static Agenda Of(MeetingKind kind, IEnumerable<AgendaFact> facts, DateTimeOffset cutOff, MeetingPolicy policy)
    {
        var known = facts.ToList();
        var candidates = kind switch
        {
            MeetingKind.Daily => DailyAgenda.Of(known, cutOff, policy),
            MeetingKind.Weekly => WeeklyAgenda.Of(known, cutOff, policy),
            MeetingKind.Crisis => CrisisAgenda.Of(known, cutOff, policy),
            _ => throw new InvalidOperationException($"no meeting {kind}"),
        };
        var items = Ordered(candidates).Select((item, i) => item with { Spoken = i < policy.Spoken }).ToImmutableList();
        return new Agenda(kind, cutOff, items, HashOf(kind, cutOff, items));
    }

    /// <summary>
    /// A thing is one item, in the first section that wants it, with every rule that brought it: nobody decides it twice. Within a section the
    /// highest priority first; ties by number.
    /// </summary>
    private static IEnumerable<AgendaItem> Ordered(IEnumerable<AgendaItem> candidates) => candidates.GroupBy(c => c.Key, StringComparer.Ordinal)
        .Select(Merged).OrderBy(i => i.Section).ThenByDescending(i => i.Priority).ThenBy(i => i.Subject, StringComparer.Ordinal).ThenBy(i => i.Key, StringComparer.Ordinal);

    private static AgendaItem Merged(IGrouping<string, AgendaItem> same)
    {
        var all = same.OrderBy(i => i.Section).ThenBy(i => i.Rules[0], StringComparer.Ordinal).ThenBy(i => i.Reason, StringComparer.Ordinal).ToList();
        return all[0] with
        {
            Rules = [.. all.SelectMany(i => i.Rules).Distinct()], Reason = string.Join("; ", all.Select(i => i.Reason).Distinct()), Stays = all.Exists(i => i.Stays), Carried = all.Max(i => i.Carried),
            Level = all.Max(i => i.Level), Priority = all.Max(i => i.Priority),
        };
    }

    private static string HashOf(MeetingKind kind, DateTimeOffset cutOff, IEnumerable<AgendaItem> items)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{(int)kind}|{cutOff.ToUnixTimeMilliseconds()}\n");
        foreach (var i in items)
            text.Append(CultureInfo.InvariantCulture, $"{(int)i.Section}|{i.Key}|{string.Join(',', i.Rules)}|{i.Subject}|{i.Reason}|{(int)i.Level}|{i.Area}|{i.Priority:0.000}|{i.Stays}|{i.Carried}|{i.Spoken}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>P = 1000·level + 200·min(over, 3) + 100·reopens + 50·(C − 1) + 10·ln(1 + affected) + age in days (cases.md).</summary>
internal static class Priority
{
    /// <param name="level">Blue 1 to red 4; grey 0.</param>
    /// <param name="overdueRatio">How far it is over its time, as a share of that time; nought while it is in time.</param>
    /// <param name="departments">C: how many work on it.</param>
    internal static double Of(Kernel.Colour level, double overdueRatio, int reopens, int departments, int affected, TimeSpan age) =>
        Math.Round(1000 * (int)level + 200 * Math.Clamp(overdueRatio, 0, 3) + 100 * reopens + 50 * Math.Max(departments - 1, 0) + 10 * Math.Log(1 + affected) + Math.Max(age.TotalDays, 0), 3);

    internal static double Of(CaseFact c, DateTimeOffset cutOff) => Of(c.Level, c.Used - 1, c.Reopens, c.Departments.Count, c.Affected, cutOff - c.ReceivedAt);

    internal static double Of(SlipFact s, DateTimeOffset cutOff) => Of(s.Level, s.Due > s.IssuedAt ? (cutOff - s.Due) / (s.Due - s.IssuedAt) : 0, 0, s.Departments, 0, cutOff - s.IssuedAt);
}
