using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Gateways;

/// <summary>How events change a gateway: live, and again after every crash.</summary>
public static class GatewayEvolution
{
    public static GatewayState Evolve(GatewayState state, GatewayEvent happened) => happened switch
    {
        SessionOpened e => state with
        {
            Epoch = e.Epoch, Session = new GatewaySession(e.Session, e.Epoch, e.Node, e.At, null), Over = state.Session is { } before ? Remembered(state.Over, before.Id) : state.Over,
        },
        SessionsContended or SessionDoubted => state with { DoubtToldAt = happened.At },
        SessionEnded e => state with { Session = (state.Session ?? throw new InvalidOperationException($"{state.Id} had no session {e.Session}")) with { EndedAt = e.At } },
        SkewChanged e => state with { Skew = e.Skew, SkewClass = e.Class },
        SourceNoted e => Noted(state, e.Feed),
        GatewayLost e => state with { Outage = new GatewayOutage(e.Occurrence, e.Case, e.At, null), HeardAt = e.LastHeardAt },
        GatewayReturned e => state with { Outage = (state.Outage ?? throw new InvalidOperationException($"{state.Id} was not lost")) with { EndedAt = e.At } },
        MaintenanceOrdered e => WithSource(state, e.Source.Value, s => s with
        {
            Ordered = s.Ordered.SetItems(e.Faults.Select(f => KeyValuePair.Create(f.Detector, new FaultCase(f.Occurrence, e.Case)))), LastCase = e.Case, QuietSince = null, UnjudgedSince = null,
        }),
        MaintenanceEnded e => WithSource(state, e.Source.Value, s => s.Ordered.RemoveRange(e.Faults.Select(f => f.Detector)) is var left
            ? s with { Ordered = left, QuietSince = left.IsEmpty ? e.At : null } : s),
        FaultMoved e => Moved(state, e),
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static GatewayState Noted(GatewayState state, SourceFed feed)
    {
        var known = state.Sources.GetValueOrDefault(feed.Source.Value);
        if (feed.Detectors == 0) return Sourced(state with { Sources = state.Sources.Remove(feed.Source.Value), UnjudgedSources = state.UnjudgedSources.Remove(feed.Source.Value) }, known, null);
        var now = known is null ? new FedSource(feed, ImmutableSortedDictionary.Create<string, FaultCase>(StringComparer.Ordinal), null, null, null) : known with { Feed = feed };
        now = now with { UnjudgedSince = now.Unjudged.Any() ? now.UnjudgedSince ?? feed.At : null };
        return Judged(Sourced(state with { Sources = state.Sources.SetItem(feed.Source.Value, now) }, known, now), now);
    }

    /// <summary>The shortest period is looked for anew only when the one that had it goes.</summary>
    private static GatewayState Sourced(GatewayState state, FedSource? before, FedSource? now)
    {
        if (now is not null && (state.ShortestPeriod == TimeSpan.Zero || now.Feed.Period <= state.ShortestPeriod)) return state with { ShortestPeriod = now.Feed.Period };
        if (before is null || before.Feed.Period > state.ShortestPeriod) return state;
        return state with { ShortestPeriod = state.Sources.IsEmpty ? TimeSpan.Zero : state.Sources.Values.Min(s => s.Feed.Period) };
    }

    private static GatewayState WithSource(GatewayState state, string id, Func<FedSource, FedSource> change)
    {
        var source = change(state.Sources.GetValueOrDefault(id) ?? throw new InvalidOperationException($"{state.Id} does not feed {id}"));
        return Judged(state with { Sources = state.Sources.SetItem(id, source) }, source);
    }

    private static GatewayState Judged(GatewayState state, FedSource source) => state with
    {
        UnjudgedSources = source.Unjudged.Any() ? state.UnjudgedSources.Add(source.Feed.Source.Value) : state.UnjudgedSources.Remove(source.Feed.Source.Value),
    };

    private static GatewayState Moved(GatewayState state, FaultMoved e)
    {
        if (state.Outage is { } outage && outage.Occurrence == e.Occurrence) return state with { Outage = outage with { Case = e.To } };
        foreach (var (id, source) in state.Sources)
            foreach (var (detector, fault) in source.Ordered)
                if (fault.Occurrence == e.Occurrence)
                    return WithSource(state, id, s => s with { Ordered = s.Ordered.SetItem(detector, fault with { Case = e.To }), LastCase = s.LastCase == e.From ? e.To : s.LastCase });
        // It ended meanwhile: the other case is told its beginning and its end.
        return state;
    }

    private static ImmutableList<Guid> Remembered(ImmutableList<Guid> over, Guid session)
    {
        if (over.Contains(session)) return over;
        over = over.Add(session);
        return over.Count > GatewayState.RememberedSessions ? over.RemoveAt(0) : over;
    }
}
