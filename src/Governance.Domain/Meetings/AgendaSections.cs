using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Items from facts, as every meeting words them.</summary>
internal static class Items
{
    internal static AgendaItem Of(CaseFact c, AgendaSection section, string rule, string reason, DateTimeOffset cutOff) => new(
        $"case/{c.Case}", section, [rule], c.Number.Length > 0 ? c.Number : c.Case.Value, reason, c.Level, c.Area, Priority.Of(c, cutOff), false, 0, true);

    internal static AgendaItem Of(SlipFact s, AgendaSection section, string rule, string reason, DateTimeOffset cutOff, bool stays = false) => new(
        $"slip/{s.Slip}", section, [rule], s.Number.Length > 0 ? s.Number : s.Slip.Value, $"{reason}: {s.Reason}", s.Level, s.Area, Priority.Of(s, cutOff), stays, 0, true);

    internal static AgendaItem Of(RaisedItem r, AgendaSection section, DateTimeOffset cutOff) => new(
        r.Key, section, [r.Rule], r.Subject, r.Reason, r.Level, r.Area,
        Priority.Of(r.Level, 0, 0, 1, 0, cutOff - r.Since), r.Stays, r.Carried, true);

    internal static AgendaItem Of(OutsideFact o, string rule, DateTimeOffset cutOff) => new(
        o.Key, o.Section, [rule], o.Subject, o.Text, o.Level, o.Area, Priority.Of(o.Level, 0, 0, 1, 0, cutOff - o.Since), false, 0, true);

    internal static IEnumerable<T> Before<T>(IEnumerable<AgendaFact> facts, Func<T, DateTimeOffset> since, DateTimeOffset cutOff) where T : AgendaFact => facts.OfType<T>().Where(f => since(f) <= cutOff);

    internal static IEnumerable<AgendaItem> Outside(IEnumerable<AgendaFact> facts, DateTimeOffset cutOff, Func<AgendaSection, bool> mine, Colour least = Colour.Grey) =>
        Before<OutsideFact>(facts, o => o.Since, cutOff).Where(o => mine(o.Section) && (o.Level >= least || !Judged(o.Section))).Select(o => Of(o, Cases.Names.Of(o.Section), cutOff));

    /// <summary>Correlations and hidden disputes count from yellow on; the others whatever their level.</summary>
    private static bool Judged(AgendaSection section) => section is AgendaSection.Correlations or AgendaSection.HiddenDisputes or AgendaSection.RedCorrelations;
}

/// <summary>Daily joint judgment meeting: what happened since yesterday, and what stands still.</summary>
internal static class DailyAgenda
{
    internal static IEnumerable<AgendaItem> Of(IReadOnlyCollection<AgendaFact> facts, DateTimeOffset cutOff, MeetingPolicy policy)
    {
        var (cases, last) = (Items.Before<CaseFact>(facts, c => c.ReceivedAt, cutOff).ToList(), cutOff.AddDays(-1));
        foreach (var c in cases)
        {
            if (c.Level >= Colour.Orange) yield return Items.Of(c, AgendaSection.OpenRedOrange, "OPEN_RED_ORANGE", $"open and {c.Level}", cutOff);
            if (c.Departments.Count > 1 && !c.LeadAgreed) yield return Items.Of(c, AgendaSection.NoAgreedLead, "NO_AGREED_LEAD", $"{c.Departments.Count} departments and no agreed lead", cutOff);
            if (c.Rejections >= policy.Rejections) yield return Items.Of(c, AgendaSection.SecondRejection, "SECOND_REJECTION", $"sent back {c.Rejections} times", cutOff);
            if (c.Breached) yield return Items.Of(c, AgendaSection.BreachedOrStale, "BREACHED", "a deadline was missed", cutOff);
            else if (c.Used * 100 >= policy.StalePercent && !(c.ProgressAt > last))
                yield return Items.Of(c, AgendaSection.BreachedOrStale, "STALE", $"{Math.Floor(c.Used * 100).ToString(CultureInfo.InvariantCulture)} % of its time is used, no progress since the last meeting", cutOff);
        }
        foreach (var s in Items.Before<SlipFact>(facts, s => s.IssuedAt, cutOff).Where(s => s.Kind == SlipKind.Reminder))
        {
            if (!s.Signed && s.Phase is SlipPhase.Issued or SlipPhase.Signed) yield return Items.Of(s, AgendaSection.ReminderSlips, "SLIP_UNSIGNED", $"not signed by {s.Lead}", cutOff);
            if (MeetingPolicy.DayOf(s.Due) == MeetingPolicy.DayOf(cutOff)) yield return Items.Of(s, AgendaSection.ReminderSlips, "SLIP_DUE_TODAY", $"due today for {s.Lead}", cutOff);
        }
        foreach (var s in Items.Before<SourceFact>(facts, s => s.GreySince, cutOff).Where(s => cutOff - s.GreySince > policy.GreyAfter))
            yield return new AgendaItem($"source/{s.Source}", AgendaSection.GreySources, ["GREY_SOURCE"], s.Source, $"{s.Name}: no trustworthy data since {s.GreySince:u}", Colour.Grey, s.Area,
                Priority.Of(Colour.Grey, 0, 0, 1, 0, cutOff - s.GreySince), false, 0, true);
        foreach (var o in Items.Outside(facts, cutOff, s => s is >= AgendaSection.Correlations and <= AgendaSection.BellCheck, Colour.Yellow)) yield return o;
        foreach (var r in facts.OfType<RaisedFact>()) yield return Items.Of(r.Item, AgendaSection.CarriedOver, cutOff);
    }
}

/// <summary>Weekly risk judgment and assignment meeting: what was not finished in time.</summary>
internal static class WeeklyAgenda
{
    internal static IEnumerable<AgendaItem> Of(IReadOnlyCollection<AgendaFact> facts, DateTimeOffset cutOff, MeetingPolicy policy)
    {
        var slips = Items.Before<SlipFact>(facts, s => s.IssuedAt, cutOff).ToList();
        var held = slips.SelectMany(s => s.Cases).ToHashSet();
        foreach (var s in slips)
        {
            if (s is { Kind: SlipKind.Reminder, Overdue: true }) yield return Items.Of(s, AgendaSection.OverdueReminders, "REMINDER_OVERDUE", $"{s.Lead} did not finish in time", cutOff, stays: true);
            if (s.Kind == SlipKind.Supervision) yield return Items.Of(s, AgendaSection.SupervisionSlips, "SUPERVISION_SLIP", $"{s.Lead}, {Cases.Names.Of(s.Phase)}, due {s.Due:u}", cutOff);
        }
        foreach (var c in Items.Before<CaseFact>(facts, c => c.ReceivedAt, cutOff))
        {
            if (c.Level >= Colour.Orange && cutOff - c.ReceivedAt > policy.OldAfter) yield return Items.Of(c, AgendaSection.OldRedOrange, "OLD_RED_ORANGE", $"{c.Level} for more than {policy.OldAfter.TotalHours:0} h", cutOff);
            if (c.Reopens >= policy.Reopens) yield return Items.Of(c, AgendaSection.OftenReopened, "OFTEN_REOPENED", $"reopened {c.Reopens} times", cutOff);
            if (c.ExtensionAsked && held.Contains(c.Case)) yield return Items.Of(c, AgendaSection.ExtensionsAsked, "EXTENSION_ASKED", "more time is asked for under a slip", cutOff);
        }
        foreach (var o in Items.Outside(facts, cutOff, s => s is AgendaSection.PersistentHotspots or AgendaSection.FallingScores or AgendaSection.FailedReinspections)) yield return o;
        foreach (var r in facts.OfType<RaisedFact>()) yield return Items.Of(r.Item, r.Item.Rule == "REMINDER_OVERDUE" ? AgendaSection.OverdueReminders : AgendaSection.Referred, cutOff);
    }
}

/// <summary>District-committee risk crisis control meeting: what called it, and what would call it today.</summary>
internal static class CrisisAgenda
{
    internal static IEnumerable<AgendaItem> Of(IReadOnlyCollection<AgendaFact> facts, DateTimeOffset cutOff, MeetingPolicy policy)
    {
        foreach (var trigger in CrisisTriggers.Of(facts, cutOff, policy)) yield return trigger.Item;
        foreach (var s in Items.Before<SlipFact>(facts, s => s.IssuedAt, cutOff).Where(s => s is { Kind: SlipKind.Supervision, Overdue: true }))
            yield return Items.Of(s, AgendaSection.OverdueSupervision, "SUPERVISION_OVERDUE", $"{s.Lead} did not finish in time", cutOff, stays: true);
        foreach (var r in facts.OfType<RaisedFact>()) yield return Items.Of(r.Item, Section(r.Item.Rule), cutOff);
    }

    private static AgendaSection Section(string rule) => rule switch
    {
        "SUPERVISION_OVERDUE" => AgendaSection.OverdueSupervision,
        "RED_NOT_CONTROLLED" => AgendaSection.RedNotControlled,
        "RED_CORRELATION" => AgendaSection.RedCorrelations,
        "ORANGE_CLUSTER" => AgendaSection.OrangeCluster,
        _ => AgendaSection.Called,
    };
}
