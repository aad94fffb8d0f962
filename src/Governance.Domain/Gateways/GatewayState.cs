using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Gateways;

/// <summary>The stream that a gateway has now, or had last.</summary>
/// <param name="OpenedAt">When this entity first heard of it.</param>
public sealed record GatewaySession(Guid Id, long Epoch, string Node, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt);

/// <summary>A time during which nothing was heard of a gateway; the latest is remembered.</summary>
/// <param name="EndedAt">Null: it is lost now.</param>
public sealed record GatewayOutage(OccurrenceId Occurrence, CaseKey Case, DateTimeOffset Since, DateTimeOffset? EndedAt);

/// <summary>The case that has a fault.</summary>
public sealed record FaultCase(OccurrenceId Occurrence, CaseKey Case);

/// <summary>A source that this gateway feeds.</summary>
/// <param name="Ordered">Its faults that a case is about, by detector; other faults are symptoms, or too young to tell.</param>
/// <param name="LastCase">The case of the latest work order.</param>
/// <param name="QuietSince">Since when no fault of it is open.</param>
/// <param name="UnjudgedSince">Since when it has a fault that no case is about.</param>
public sealed record FedSource(
    SourceFed Feed, ImmutableSortedDictionary<string, FaultCase> Ordered, CaseKey? LastCase, DateTimeOffset? QuietSince, DateTimeOffset? UnjudgedSince)
{
    public IEnumerable<DetectorFault> Unjudged => Feed.Faults.Where(f => !Ordered.ContainsKey(f.Detector));
}

/// <summary>A device gateway (数采网关): its session, its clock, its silence, and what of its detectors' faults is its own.</summary>
/// <param name="Epoch">The highest that it used.</param>
/// <param name="Over">Sessions that must not go on, the latest.</param>
/// <param name="HeardAt">Its last sign of life. In memory; journaled when it was lost.</param>
/// <param name="WatchedSince">Since when this entity listens without a break: silence while nobody listened proves nothing. In memory.</param>
/// <param name="Sources">By id.</param>
/// <param name="UnjudgedSources">Those with a fault that no case is about.</param>
/// <param name="ShortestPeriod">Among all its detectors.</param>
public sealed record GatewayState(
    string Id, long Epoch, GatewaySession? Session, ImmutableList<Guid> Over, TimeSpan Skew, SkewClass SkewClass, DateTimeOffset HeardAt, DateTimeOffset WatchedSince,
    ImmutableSortedDictionary<string, FedSource> Sources, ImmutableSortedSet<string> UnjudgedSources, TimeSpan ShortestPeriod, GatewayOutage? Outage)
{
    public const int RememberedSessions = 16;
    /// <summary>A gateway says something at least this often, a heartbeat where there is nothing else.</summary>
    public static readonly TimeSpan SilentAtLeast = TimeSpan.FromSeconds(60);
    /// <summary>A detector of a gateway that is there has this long to speak again before maintenance is ordered.</summary>
    public static readonly TimeSpan JudgeAfter = TimeSpan.FromSeconds(60);
    /// <summary>A fault within this time of the last one belongs to the same case (as S6).</summary>
    public static readonly TimeSpan JoinWindow = Incident.JoinWindow;

    /// <summary>When somebody was last told that another device uses this name.</summary>
    public DateTimeOffset? DoubtToldAt { get; init; }
    /// <summary>Told again no sooner, however often it happens.</summary>
    public static readonly TimeSpan DoubtToldEvery = TimeSpan.FromMinutes(10);
    /// <summary>A frame that a superseded stream got so long after it was superseded was not under way before.</summary>
    public static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(5);

    /// <summary>A report may take so long: what it says was heard by so much later than it was is no sign of life.</summary>
    public static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(5);

    public static GatewayState New(string id) => new(
        id, 0, null, [], TimeSpan.Zero, SkewClass.Agrees, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
        ImmutableSortedDictionary.Create<string, FedSource>(StringComparer.Ordinal), ImmutableSortedSet.Create<string>(StringComparer.Ordinal), TimeSpan.Zero, null);

    public bool IsLost => Outage is { EndedAt: null };

    /// <summary>Silence of three periods of its quickest detector, at least <see cref="SilentAtLeast"/>.</summary>
    public TimeSpan SilentAfter => Longer(ShortestPeriod * 3, SilentAtLeast);

    /// <summary>Null where it feeds nothing, or is lost already.</summary>
    public DateTimeOffset? LostAt => Sources.IsEmpty || IsLost ? null : Later(HeardAt, WatchedSince) + SilentAfter;

    /// <summary>When a source's faults are the detectors' own and no longer the gateway's. Not while the gateway's own silence is still being waited for: it would be two cases.</summary>
    public DateTimeOffset JudgeAt(FedSource source) =>
        Later(Later(source.UnjudgedSince ?? source.Feed.At, Outage?.EndedAt ?? DateTimeOffset.UnixEpoch) + SpeaksWithin(source.Feed), WatchedSince + Longer(SpeaksWithin(source.Feed), SilentAfter));

    /// <summary>Who speaks every five minutes cannot speak within one.</summary>
    private static TimeSpan SpeaksWithin(SourceFed feed) => Longer(JudgeAfter, feed.Period * 1.5);

    /// <summary>Areas with a source of this gateway, in order.</summary>
    public ImmutableSortedSet<string> Areas => [.. Sources.Values.Select(s => s.Feed.Area.Value)];

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
