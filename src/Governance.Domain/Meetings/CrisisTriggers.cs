using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>What calls the crisis meeting by itself.</summary>
/// <param name="LiveDanger">It sits at once, not on the next working day.</param>
public sealed record CrisisTrigger(AgendaItem Item, bool LiveDanger);

/// <inheritdoc cref="CrisisTrigger"/>
public static class CrisisTriggers
{
    /// <summary>
    /// Red that is not under control in time; a red correlation; several orange cases of one group in one place within a day. Overdue supervision
    /// slips and people call it themselves.
    /// </summary>
    public static IEnumerable<CrisisTrigger> Of(IEnumerable<AgendaFact> facts, DateTimeOffset now, MeetingPolicy policy)
    {
        var known = facts as IReadOnlyCollection<AgendaFact> ?? [.. facts];
        foreach (var c in Items.Before<CaseFact>(known, c => c.ReceivedAt, now))
            if (c is { Level: Colour.Red, RedSince: { } since } && now - since >= policy.RedControlWithin)
                yield return new CrisisTrigger(Items.Of(c, AgendaSection.RedNotControlled, "RED_NOT_CONTROLLED", $"red since {since:u} and not under control", now), true);
        foreach (var o in Items.Outside(known, now, s => s == AgendaSection.RedCorrelations, Colour.Red)) yield return new CrisisTrigger(o with { Rules = ["RED_CORRELATION"] }, true);
        var recent = Items.Before<CaseFact>(known, c => c.ReceivedAt, now).Where(c => c.Level >= Colour.Orange && now - c.ReceivedAt <= policy.OrangeWithin);
        foreach (var cluster in recent.GroupBy(c => (c.Place, c.Group)).Where(g => g.Key.Place.Length > 0 && g.Count() >= policy.OrangeCases))
        {
            var cases = cluster.OrderBy(c => c.ReceivedAt).ThenBy(c => c.Case.Value, StringComparer.Ordinal).ToList();
            var first = cases[0];
            yield return new CrisisTrigger(new AgendaItem(
                $"cluster/{cluster.Key.Place}/{cluster.Key.Group}/{first.Case}", AgendaSection.OrangeCluster, ["ORANGE_CLUSTER"], $"{cluster.Key.Place} {cluster.Key.Group}",
                string.Create(CultureInfo.InvariantCulture, $"{cases.Count} orange or red cases of group {cluster.Key.Group} in {cluster.Key.Place} within {policy.OrangeWithin.TotalHours:0} h: {string.Join(", ", cases.Select(c => c.Number.Length > 0 ? c.Number : c.Case.Value))}"),
                cases.Max(c => c.Level), first.Area, cases.Max(c => Priority.Of(c, now)), false, 0, true), cases.Exists(c => c.IsLive));
        }
    }
}
