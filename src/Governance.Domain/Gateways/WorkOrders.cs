using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Gateways;

/// <summary>Maintenance of detectors whose gateway is there (alarms.md §3): one case per source, an occurrence per detector.</summary>
internal static class WorkOrders
{
    /// <summary>More new faults of one source at once are told in one alert; the case has each of them.</summary>
    private const int AlertsAtOnce = 3;

    internal static void Order(GatewayFold fold, FedSource source, DateTimeOffset at, DateTimeOffset now)
    {
        var feed = source.Feed;
        var faults = source.Unjudged.ToImmutableList();
        if (faults.IsEmpty) return;
        var joins = source.LastCase is not null && (source.QuietSince is not { } quiet || at <= quiet + GatewayState.JoinWindow);
        var key = joins ? source.LastCase!.Value : CaseKey.Of($"maintenance/{feed.Source}/{at.UtcTicks}");
        fold.Happen(new MaintenanceOrdered(at, feed.Source, key, [.. faults.Select(f => new OrderedFault(f.Detector, new OccurrenceId($"{feed.Source}/{f.Detector}/fault/{at.ToUnixTimeMilliseconds()}")))], now - at));
        foreach (var fault in faults) fold.ToCase(key, Raised(fold, feed, fault, fold.State.Sources[feed.Source.Value].Ordered[fault.Detector].Occurrence, at));
        if (faults.Count <= AlertsAtOnce)
            foreach (var fault in faults) fold.Tell(feed.Area, AlertKind.DataLost, feed.Source.Value, fault.Detector, $"fault/{feed.Source}/{fault.Detector}/{at.UtcTicks}", at, Text(fault), key);
        else fold.Tell(feed.Area, AlertKind.DataLost, feed.Source.Value, "", $"faults/{feed.Source}/{at.UtcTicks}", at, $"{feed.Name}: {faults.Count} of {feed.Detectors} detectors need maintenance: {string.Join(", ", faults.Select(f => f.Detector).Take(10))}", key);
    }

    /// <summary>What is no longer faulty, or no longer ours, is over.</summary>
    internal static void End(GatewayFold fold, FedSource source, SourceFed now, DateTimeOffset at)
    {
        var over = source.Ordered.Where(o => now.Detectors == 0 || !now.Faults.Exists(f => f.Detector == o.Key)).ToImmutableList();
        if (over.IsEmpty) return;
        fold.Happen(new MaintenanceEnded(at, now.Source, [.. over.Select(o => new OrderedFault(o.Key, o.Value.Occurrence))]));
        foreach (var (_, fault) in over) fold.ToCase(fault.Case, new OccurrenceCleared(fault.Occurrence, at));
        if (over.Count <= AlertsAtOnce)
            foreach (var (detector, fault) in over) fold.Tell(now.Area, AlertKind.DataRestored, now.Source.Value, detector, $"mended/{now.Source}/{detector}/{at.UtcTicks}", at, $"{detector}: data again", fault.Case);
        else fold.Tell(now.Area, AlertKind.DataRestored, now.Source.Value, "", $"mended/{now.Source}/{at.UtcTicks}", at, $"{now.Name}: {over.Count} detectors tell data again", over[0].Value.Case);
    }

    /// <summary>The case is closed or full: another one takes the fault, with its end if it has ended.</summary>
    internal static Decision<GatewayEvent> Move(GatewayFold fold, MonitoringFaultRaised message, EntityAddress closed, DateTimeOffset now)
    {
        var lives = fold.State.Outage is { EndedAt: null } outage && outage.Occurrence == message.Occurrence
            || (message.Source is { } source && fold.State.Sources.GetValueOrDefault(source.Value)?.Ordered.GetValueOrDefault(message.Detector)?.Occurrence == message.Occurrence);
        // Faults that met the same closed case stay together.
        var next = CaseKey.Of($"after {closed.Id} {message.At.UtcTicks}");
        fold.Happen(new FaultMoved(now, message.Occurrence, new CaseKey(closed.Id), next));
        fold.ToCase(next, message);
        if (!lives) fold.ToCase(next, new OccurrenceCleared(message.Occurrence, now));
        return fold.Decision;
    }

    private static MonitoringFaultRaised Raised(GatewayFold fold, SourceFed feed, DetectorFault fault, OccurrenceId occurrence, DateTimeOffset at) =>
        new(occurrence, fold.State.Id, feed.Source, feed.Name, feed.Enterprise, feed.Area, fault.Detector, at, Text(fault));

    private static string Text(DetectorFault fault) =>
        $"{fault.Detector}: {(fault.Health == Health.Frozen ? "the same value for too long" : "no data")} since {fault.Since:u}, maintenance needed";
}
