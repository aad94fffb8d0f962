using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>What calls the crisis meeting by itself.</summary>
/// <param name="Since">When it became so: the same trigger calls the same meeting, whoever notices it and whenever.</param>
/// <param name="LiveDanger">It sits at once, not on the next working day.</param>
public sealed record CrisisTrigger(AgendaItem Item, DateTimeOffset Since, bool LiveDanger)
{
    public RaisedItem Raised => new(Item.Key, Item.Rules[0], Item.Subject, Item.Reason, Item.Level, Item.Area, false, 0, Since);
}

/// <inheritdoc cref="CrisisTrigger"/>
public static class CrisisTriggers
{
    /// <summary>
    /// Red that is not under control in time; a red correlation; several orange cases of one group in one place within a day. Overdue supervision
    /// slips and people call it themselves.
    /// </summary>
    public static IEnumerable<CrisisTrigger> Of(IReadOnlyCollection<AgendaFact> facts, DateTimeOffset now, MeetingPolicy policy)
    {
        foreach (var c in Items.Before<CaseFact>(facts, c => c.ReceivedAt, now))
            if (c is { Level: Colour.Red, RedSince: { } since } && since + policy.RedControlWithin <= now)
                yield return new CrisisTrigger(Items.Of(c, AgendaSection.RedNotControlled, "RED_NOT_CONTROLLED", $"red since {since:u} and not under control", now), since + policy.RedControlWithin, true);
        foreach (var o in Items.Before<OutsideFact>(facts, o => o.Since, now).Where(o => o is { Section: AgendaSection.RedCorrelations, Level: Colour.Red }))
            yield return new CrisisTrigger(Items.Of(o, "RED_CORRELATION", now), o.Since, true);
        var grave = Items.Before<CaseFact>(facts, c => c.ReceivedAt, now).Where(c => c.Level >= Colour.Orange && c.Place.Length > 0);
        foreach (var group in grave.GroupBy(c => (c.Place, c.Group)).OrderBy(g => g.Key.Place, StringComparer.Ordinal).ThenBy(g => g.Key.Group, StringComparer.Ordinal))
            foreach (var run in Runs(group, policy.OrangeWithin).Where(r => r.Count >= policy.OrangeCases && now - r[^1].ReceivedAt <= policy.OrangeWithin))
                yield return Cluster(run, now, policy);
    }

    private static CrisisTrigger Cluster(IReadOnlyList<CaseFact> run, DateTimeOffset now, MeetingPolicy policy)
    {
        var first = run[0];
        var names = string.Join(", ", run.Select(c => c.Number.Length > 0 ? c.Number : c.Case.Value));
        return new CrisisTrigger(new AgendaItem(
            $"cluster/{first.Place}/{first.Group}/{first.Case}", AgendaSection.OrangeCluster, ["ORANGE_CLUSTER"], $"{first.Place} {first.Group}",
            string.Create(CultureInfo.InvariantCulture, $"{run.Count} orange or red cases of group {first.Group} in {first.Place}, each within {policy.OrangeWithin.TotalHours:0} h of another: {names}"),
            run.Max(c => c.Level), first.Area, run.Max(c => Priority.Of(c, now)), false, 0, true), run[policy.OrangeCases - 1].ReceivedAt, run.Any(c => c.IsLive));
    }

    /// <summary>Cases in order of receipt, cut where more than that lies between two: one run is one cluster, however long it goes on.</summary>
    private static IEnumerable<IReadOnlyList<CaseFact>> Runs(IEnumerable<CaseFact> cases, TimeSpan within)
    {
        var run = new List<CaseFact>();
        foreach (var c in cases.OrderBy(c => c.ReceivedAt).ThenBy(c => c.Case.Value, StringComparer.Ordinal))
        {
            if (run.Count > 0 && c.ReceivedAt - run[^1].ReceivedAt > within)
            {
                yield return run;
                run = [];
            }
            run.Add(c);
        }
        if (run.Count > 0) yield return run;
    }
}
