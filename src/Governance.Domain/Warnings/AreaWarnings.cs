using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Warnings;

/// <summary>A warning of another system that concerns an area and no hazard source of ours: weather, floods, a neighbour's plant.</summary>
/// <param name="Identity">CAP identity of its newest message: sender, identifier, sent.</param>
/// <param name="Key">Of its first message: what it is called here, update or not.</param>
/// <param name="Level">From severity, certainty and urgency, by the table named in <paramref name="Table"/>.</param>
/// <param name="Expires">When it is over by itself; null: when it is cancelled.</param>
public sealed record AreaWarning(
    string Identity, string Key, string Sender, string Event, AlarmLevel Level, string Table, string Headline, string Area, DateTimeOffset Sent, DateTimeOffset? Expires, bool Drill);

/// <summary>Why an area warning ended.</summary>
public enum WarningEnd { Cancelled = 1, Expired = 2 }

/// <summary>What can happen to the warnings of a district.</summary>
public abstract record AreaWarningEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record WarningTaken(DateTimeOffset At, AreaWarning Warning) : AreaWarningEvent(At);

    /// <param name="Replaced">Identities of the messages that it replaces.</param>
    public sealed record WarningReplaced(DateTimeOffset At, AreaWarning Warning, ImmutableList<string> Replaced) : AreaWarningEvent(At);

    public sealed record WarningEnded(DateTimeOffset At, string Identity, WarningEnd Why, TimeSpan LateBy) : AreaWarningEvent(At);
}

/// <summary>
/// A CAP message without a hazard source. A repeat is a no-op; an update of what is not known here is taken as a new warning.
/// Refusals: WARNING_EXPIRED, UNKNOWN_WARNING (a cancellation of what is not live), TOO_MANY_WARNINGS, TEXT_TOO_LONG.
/// </summary>
/// <param name="References">Identities of earlier messages that an update or a cancellation is about.</param>
public sealed record TakeAreaWarning(AreaWarning Warning, ImmutableList<string> References, bool Cancels) : ICommand;

/// <param name="Live">By identity.</param>
/// <param name="Seen">Identities of the latest messages, live or not: a repeat is the same warning.</param>
public sealed record AreaWarningsState(string District, ImmutableSortedDictionary<string, AreaWarning> Live, ImmutableList<string> Seen)
{
    public const int LiveLimit = 1000, SeenLimit = 2000;
}

/// <inheritdoc cref="AreaWarningsState"/>
public sealed class AreaWarningsRules : IEntityRules<AreaWarningsState, AreaWarningEvent>
{
    private const int TextLimitCharacters = 4000;
    public const string Expires = "WARNING_EXPIRES";

    public AreaWarningsState Initial(string id) => new(id, ImmutableSortedDictionary.Create<string, AreaWarning>(StringComparer.Ordinal), []);

    public Decision<AreaWarningEvent> Decide(AreaWarningsState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: TakeAreaWarning c } => Take(state, c, now),
        Stimulus.Woken => Expired(state, now),
        Stimulus.Confirmed => Decision<AreaWarningEvent>.Nothing,
        _ => throw new InvalidOperationException($"warnings take no {stimulus}"),
    };

    public AreaWarningsState Evolve(AreaWarningsState state, AreaWarningEvent happened) => happened switch
    {
        AreaWarningEvent.WarningTaken e => Listed(state, e.Warning),
        AreaWarningEvent.WarningReplaced e => Listed(state with { Live = state.Live.RemoveRange(e.Replaced) }, e.Warning),
        AreaWarningEvent.WarningEnded e => state.Live.ContainsKey(e.Identity) ? state with { Live = state.Live.Remove(e.Identity) } : throw new InvalidOperationException($"{e.Identity} is not live"),
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    public IEnumerable<Deadline> Deadlines(AreaWarningsState state) => state.Live.Values.Where(w => w.Expires is not null).Select(w => new Deadline(Expires, w.Expires!.Value));

    public ClockId Clock(AreaWarningsState state) => ClockId.Wall;

    private static Decision<AreaWarningEvent> Take(AreaWarningsState state, TakeAreaWarning c, DateTimeOffset now)
    {
        var warning = c.Warning;
        if (state.Seen.Contains(warning.Identity)) return Decision<AreaWarningEvent>.Nothing;
        if (warning.Headline.Length > TextLimitCharacters || warning.Event.Length > TextLimitCharacters || warning.Area.Length > TextLimitCharacters)
            return Decision<AreaWarningEvent>.Refuse("TEXT_TOO_LONG", $"event, headline and area have at most {TextLimitCharacters} characters", RefusalKind.Invalid);
        var meant = c.References.Where(state.Live.ContainsKey).ToImmutableList();
        if (c.Cancels) return Cancel(state, meant, now);
        if (warning.Expires <= now) return Decision<AreaWarningEvent>.Refuse("WARNING_EXPIRED", $"it expired at {warning.Expires:O}");
        if (state.Live.Count - meant.Count >= AreaWarningsState.LiveLimit) return Decision<AreaWarningEvent>.Refuse("TOO_MANY_WARNINGS", $"{AreaWarningsState.LiveLimit} warnings are live", RefusalKind.Exhausted);
        if (meant.IsEmpty) return Decision<AreaWarningEvent>.Of(new AreaWarningEvent.WarningTaken(now, warning)).Sending(Told(state, AlertKind.WarningRelayed, warning, warning.Identity, now, warning.Headline));
        warning = warning with { Key = state.Live[meant[0]].Key };
        return Decision<AreaWarningEvent>.Of(new AreaWarningEvent.WarningReplaced(now, warning, meant))
            .Sending(Told(state, AlertKind.WarningUpdated, warning, warning.Identity, now, warning.Headline));
    }

    private static Decision<AreaWarningEvent> Cancel(AreaWarningsState state, ImmutableList<string> meant, DateTimeOffset now)
    {
        if (meant.IsEmpty) return Decision<AreaWarningEvent>.Refuse("UNKNOWN_WARNING", "no warning that it refers to is live", RefusalKind.NotFound);
        return Decision<AreaWarningEvent>.Of(meant.Select(m => new AreaWarningEvent.WarningEnded(now, m, WarningEnd.Cancelled, TimeSpan.Zero)))
            .Sending(meant.Select(m => Told(state, AlertKind.WarningEnded, state.Live[m], $"{m}/ended", now, $"cancelled: {state.Live[m].Headline}")));
    }

    private static Decision<AreaWarningEvent> Expired(AreaWarningsState state, DateTimeOffset now)
    {
        var over = state.Live.Values.Where(w => w.Expires <= now).OrderBy(w => w.Expires).ToList();
        return Decision<AreaWarningEvent>.Of(over.Select(w => new AreaWarningEvent.WarningEnded(w.Expires!.Value, w.Identity, WarningEnd.Expired, now - w.Expires!.Value)))
            .Sending(over.Select(w => Told(state, AlertKind.WarningEnded, w, $"{w.Identity}/ended", now, $"expired: {w.Headline}")));
    }

    private static AreaWarningsState Listed(AreaWarningsState state, AreaWarning warning)
    {
        var seen = state.Seen.Add(warning.Identity);
        return state with { Live = state.Live.SetItem(warning.Identity, warning), Seen = seen.Count > AreaWarningsState.SeenLimit ? seen.RemoveAt(0) : seen };
    }

    private static Send Told(AreaWarningsState state, AlertKind kind, AreaWarning warning, string cause, DateTimeOffset at, string text)
    {
        var area = new AreaCode(state.District);
        return new Send(new EntityAddress(EntityKinds.AlertFeed, area.Value), new AlertPublished(new Alert(
            $"warning/{CaseKey.Of(cause)}", kind, area, at, "", "", $"warning/{CaseKey.Of(warning.Key)}", warning.Level, ColourOf(warning.Level), null, double.NaN, double.NaN, "",
            "", "", [], "", warning.Drill, $"{warning.Sender}: {warning.Event}, {warning.Area}{(text.Length > 0 ? $" ({text})" : "")}")));
    }

    private static Colour ColourOf(AlarmLevel level) => level switch { AlarmLevel.Three => Colour.Red, AlarmLevel.Two => Colour.Orange, _ => Colour.Yellow };
}
