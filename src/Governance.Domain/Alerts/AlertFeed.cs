using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Alerts;

/// <summary>One alert at its place in a feed.</summary>
/// <param name="Position">Contiguous from 1: the resume cursor of this feed.</param>
public sealed record FeedEntry(long Position, Alert Alert);

/// <summary>One ordered, durable stream of alerts of an area.</summary>
/// <param name="Head">Position of the newest alert.</param>
/// <param name="Recent">The newest alerts, for subscribers that are nearly up to date; older ones are read from the journal.</param>
/// <param name="Live">The latest alert of each live occurrence, open case and coloured source: a new subscriber's first view.</param>
public sealed record AlertFeedState(string Area, long Head, ImmutableList<FeedEntry> Recent, ImmutableSortedDictionary<string, FeedEntry> Live)
{
    /// <summary>Alerts kept in memory per feed.</summary>
    public const int RecentAlerts = 1024;

    public Flood Flood { get; init; } = Flood.Calm;

    public static AlertFeedState New(string area) => new(area, 0, [], ImmutableSortedDictionary.Create<string, FeedEntry>(StringComparer.Ordinal));
}

/// <summary>An alert took its place.</summary>
public sealed record AlertAppended(DateTimeOffset At, long Position, Alert Alert) : IDomainEvent;

/// <summary>Rules of a feed: every delivered alert is appended once, in the order of arrival.</summary>
public sealed class AlertFeedRules : IEntityRules<AlertFeedState, AlertAppended>
{
    public AlertFeedState Initial(string id) => AlertFeedState.New(id);

    public Decision<AlertAppended> Decide(AlertFeedState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: AlertPublished m } => Append(state, m.Alert, now),
        Stimulus.Woken when state.Flood.EndsAt is { } ends && ends <= now =>
            Decision<AlertAppended>.Of(new AlertAppended(now, state.Head + 1, state.Flood.Ended(new AreaCode(state.Area), state.Head + 1, now))),
        Stimulus.Woken => Decision<AlertAppended>.Nothing,
        _ => throw new InvalidOperationException($"a feed takes no {stimulus}"),
    };

    private static Decision<AlertAppended> Append(AlertFeedState state, Alert alert, DateTimeOffset now)
    {
        var shown = state.Live.GetValueOrDefault("occurrence/" + alert.Occurrence)?.Alert;
        var told = new AlertAppended(now, state.Head + 1, state.Flood.Told(alert, shown));
        if (!state.Flood.BeginsWith(alert, now)) return Decision<AlertAppended>.Of(told);
        // The desk hears first that it is a flood; the alarm that makes it one is the first of its kind in it.
        return Decision<AlertAppended>.Of(new AlertAppended(now, state.Head + 1, state.Flood.Began(new AreaCode(state.Area), state.Head + 1, now)), told with { Position = state.Head + 2 });
    }

    public AlertFeedState Evolve(AlertFeedState state, AlertAppended happened)
    {
        if (happened.Position != state.Head + 1) throw new InvalidOperationException($"position {happened.Position} after {state.Head} in feed {state.Area}");
        var entry = new FeedEntry(happened.Position, happened.Alert);
        var recent = state.Recent.Add(entry);
        return state with
        {
            Head = happened.Position,
            Recent = recent.Count > AlertFeedState.RecentAlerts ? recent.RemoveAt(0) : recent,
            Live = Fold(state.Area, state.Live, entry),
            Flood = state.Flood.After(happened),
        };
    }

    public IEnumerable<Deadline> Deadlines(AlertFeedState state) => state.Flood.EndsAt is { } ends ? [new Deadline(Flood.Ends, ends)] : [];
    public ClockId Clock(AlertFeedState state) => ClockId.Wall;

    /// <summary>How an alert changes what is live in an area's feed; subscribers fold the same way.</summary>
    public static ImmutableSortedDictionary<string, FeedEntry> Fold(string area, ImmutableSortedDictionary<string, FeedEntry> live, FeedEntry entry)
    {
        var alert = entry.Alert;
        return alert.Kind switch
        {
            AlertKind.ReturnedToNormal or AlertKind.WarningEnded => live.Remove("occurrence/" + alert.Occurrence),
            AlertKind.CaseClosed => live.Remove("case/" + alert.CaseKey),
            // The case has gone to another area, whose feed tells the rest.
            AlertKind.CaseProgressed when alert.Area.Value != area => live.Remove("case/" + alert.CaseKey),
            AlertKind.ColourChanged when alert.Colour == Colour.Blue => live.Remove("colour/" + alert.Source),
            AlertKind.ColourChanged => live.SetItem("colour/" + alert.Source, entry),
            AlertKind.CaseOpened or AlertKind.CaseDispatched or AlertKind.CaseProgressed or AlertKind.DeadlineBreached => live.SetItem("case/" + alert.CaseKey, entry),
            _ when alert.Occurrence.Length == 0 => live,
            AlertKind.OccurrenceRaised or AlertKind.LevelRaised or AlertKind.LevelLowered or AlertKind.Acknowledged or AlertKind.ReAlarmed or AlertKind.Confirmed
                or AlertKind.DataLost or AlertKind.DataRestored or AlertKind.WarningRelayed or AlertKind.WarningUpdated => live.SetItem("occurrence/" + alert.Occurrence, entry),
            _ => live,
        };
    }
}
