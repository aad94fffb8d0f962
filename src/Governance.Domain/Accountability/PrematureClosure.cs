using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>What makes a closure look premature (虚假办结). Signs, not judgments: a re-inspection finds out.</summary>
public enum ClosureSign
{
    /// <summary>The same device, or the same matter at the same place, had another case soon after.</summary>
    RecurredAfterClose = 1,
    /// <summary>It was reopened, because somebody complained or it came again.</summary>
    ReopenedAfterClose = 2,
    /// <summary>No step of it has any evidence.</summary>
    NoEvidence = 3,
    /// <summary>Closed within moments of the feedback: nobody can have looked.</summary>
    ClosedAtOnce = 4,
    /// <summary>Done within moments of the arrival.</summary>
    HandledAtOnce = 5,
    /// <summary>An orange or red case that nobody went to.</summary>
    NobodyOnScene = 6,
    /// <summary>Who handled it verified or closed it.</summary>
    CheckedByHandler = 7,
}

/// <summary>One sign, with its reason in words.</summary>
public sealed record ClosureFinding(string Case, string Number, string Organisation, ClosureSign Sign, DateTimeOffset ClosedAt, string Reason);

/// <summary>Finds closures that came too early, from the accounts of cases. Pure.</summary>
public static class PrematureClosure
{
    /// <param name="closed">Cases that were closed; drills and open ones are left out.</param>
    /// <param name="all">Among which recurrences are looked for.</param>
    public static ImmutableList<ClosureFinding> Of(IEnumerable<CaseAccount> closed, IEnumerable<CaseAccount> all, ScorecardPolicy policy)
    {
        var same = all.Where(a => !a.Drill && a.Received is not null && a.Subject.Length > 0).ToLookup(a => a.Subject, StringComparer.Ordinal);
        return
        [
            .. from account in closed
               where !account.Drill
               from finding in Signs(account, same[account.Subject], policy)
               orderby finding.ClosedAt, finding.Case, finding.Sign
               select finding,
        ];
    }

    private static IEnumerable<ClosureFinding> Signs(CaseAccount account, IEnumerable<CaseAccount> same, ScorecardPolicy policy)
    {
        foreach (var after in account.After.Where(a => a.At - a.ClosedAt <= policy.Time(ScoreSetting.ComplaintDays)))
            yield return new ClosureFinding(account.Key, account.Number, after.Organisation, ClosureSign.ReopenedAfterClose, after.ClosedAt, $"reopened {Text(after.At - after.ClosedAt)} after it was closed, by {after.By}: {after.Reason}");
        if (account.Ending is not { ClosedAt: { } at } ending) yield break;
        var window = policy.Time(ScoreSetting.RecurrenceHours);
        if (same.Where(s => s.Key != account.Key && s.Received > at && s.Received <= at + window).MinBy(s => s.Received) is { } again)
            yield return Sign(ClosureSign.RecurredAfterClose, $"{(again.Number.Length > 0 ? again.Number : again.Key)} about the same came {Text(again.Received!.Value - at)} after it was closed");
        if (!ending.WithEvidence) yield return Sign(ClosureSign.NoEvidence, "no step of it has any evidence");
        if (ending.FeedbackAt is { } feedback && at - feedback < policy.Time(ScoreSetting.ClosedWithinSeconds)) yield return Sign(ClosureSign.ClosedAtOnce, $"closed {Text(at - feedback)} after the feedback");
        if (ending is { OnSceneAt: { } arrived, DoneAt: { } done } && done >= arrived && done - arrived < policy.Time(ScoreSetting.HandledWithinSeconds)) yield return Sign(ClosureSign.HandledAtOnce, $"done {Text(done - arrived)} after the arrival on the scene");
        if (account.Level >= Colour.Orange && ending.OnSceneAt is null) yield return Sign(ClosureSign.NobodyOnScene, $"a {account.Level} case, and nobody was on the scene");
        if (new[] { ending.VerifiedBy, ending.ClosedBy }.FirstOrDefault(ending.Handlers.Contains) is { } self) yield return Sign(ClosureSign.CheckedByHandler, $"{self} handled it, and verified or closed it");

        ClosureFinding Sign(ClosureSign sign, string reason) => new(account.Key, account.Number, account.Lead, sign, at, reason);
    }

    private static string Text(TimeSpan time) => time < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time < TimeSpan.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h");
}
