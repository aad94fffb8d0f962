using System.Collections.Immutable;
using Governance.Domain.Cases;

namespace Governance.Domain.Accountability;

/// <summary>A stretch of a case's life in which one holder had the ball.</summary>
/// <param name="To">Null while it lasts.</param>
/// <param name="Why">The event that gave it the ball.</param>
public sealed record Stretch(Holder Holder, DateTimeOffset From, DateTimeOffset? To, string Why);

/// <summary>A holder's share of a case's age.</summary>
public sealed record HolderShare(Holder Holder, TimeSpan Time);

/// <summary>
/// The ledger of who had the ball when (球在谁手): every second between receipt and end belongs to exactly one holder, so
/// the shares sum to the age. A case that is reopened ages on; between its end and its reopening it has no age.
/// </summary>
/// <param name="Stretches">The latest, the earliest first, not touching only where the case was over.</param>
/// <param name="Shares">Of all that ended, also of those no longer listed.</param>
/// <param name="At">The latest event that was folded: the ledger never runs backwards.</param>
public sealed record BallInCourt(ImmutableList<Stretch> Stretches, ImmutableList<HolderShare> Shares, DateTimeOffset At)
{
    /// <summary>Listed per case; older ones remain in the shares.</summary>
    public const int StretchLimit = 200;

    public static readonly BallInCourt Empty = new([], [], DateTimeOffset.MinValue);

    /// <summary>Advances by one event of the case.</summary>
    public BallInCourt Take(CaseEvent happened, CaseState after)
    {
        // What a case is told late happened before what it knows already: the ball passes when it was told.
        var at = happened.At > At ? happened.At : At;
        var last = Stretches.IsEmpty ? null : Stretches[^1];
        var (before, now) = (last is { To: null } ? last.Holder : null, Holder.Of(after));
        if (before == now) return this with { At = at };
        var ledger = before is null ? this : Ended(last!, at);
        if (now is not null) ledger = ledger with { Stretches = ledger.Stretches.Add(new Stretch(now, at, null, happened.GetType().Name)) };
        if (ledger.Stretches.Count > StretchLimit) ledger = ledger with { Stretches = ledger.Stretches.RemoveAt(0) };
        return ledger with { At = at };
    }

    /// <summary>Shares up to a moment, the stretch that lasts included; the largest first.</summary>
    public ImmutableList<HolderShare> SharesAt(DateTimeOffset now)
    {
        var shares = Stretches.IsEmpty || Stretches[^1] is not { To: null } open || now <= open.From ? Shares : Added(Shares, open.Holder, now - open.From);
        return [.. shares.OrderByDescending(s => s.Time).ThenBy(s => s.Holder.Name, StringComparer.Ordinal)];
    }

    /// <summary>Of the case at a moment, the time that does not count included.</summary>
    public TimeSpan Age(DateTimeOffset now) => SharesAt(now).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Time);

    /// <summary>What of the age counts.</summary>
    public TimeSpan Counted(DateTimeOffset now) => SharesAt(now).Where(s => s.Holder.Counted).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Time);

    private BallInCourt Ended(Stretch last, DateTimeOffset at) => this with
    {
        // A holder for no time at all had nothing in hand.
        Stretches = at > last.From ? Stretches.SetItem(Stretches.Count - 1, last with { To = at }) : Stretches.RemoveAt(Stretches.Count - 1),
        Shares = at > last.From ? Added(Shares, last.Holder, at - last.From) : Shares,
    };

    private static ImmutableList<HolderShare> Added(ImmutableList<HolderShare> shares, Holder holder, TimeSpan time)
    {
        var index = shares.FindIndex(s => s.Holder == holder);
        return index < 0 ? shares.Add(new HolderShare(holder, time)) : shares.SetItem(index, shares[index] with { Time = shares[index].Time + time });
    }
}
