using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Gateways;

/// <summary>A whole gateway is silent (alarms.md §3): one case, its detectors are symptoms.</summary>
internal static class Outages
{
    internal static void Lost(GatewayFold fold, DateTimeOffset at, DateTimeOffset now)
    {
        var occurrence = new OccurrenceId($"gateway/{fold.State.Id}/{at.ToUnixTimeMilliseconds()}");
        var joins = fold.State.Outage is { EndedAt: { } ended } && at <= ended + GatewayState.JoinWindow;
        var key = joins ? fold.State.Outage!.Case : CaseKey.Of(occurrence.Value);
        var (detectors, sources) = (fold.State.Sources.Values.Sum(s => s.Feed.Detectors), fold.State.Sources.Count);
        fold.Happen(new GatewayLost(at, occurrence, key, fold.State.HeardAt, now - at));
        var text = $"gateway {fold.State.Id}: nothing heard for {fold.State.SilentAfter.TotalSeconds:0} s; {detectors} detectors of {sources} sources tell nothing";
        fold.ToCase(key, Raised(fold, fold.State.Outage!, text));
        fold.TellAll(AlertKind.GatewayLost, $"lost/{at.UtcTicks}", at, text);
    }

    internal static void Return(GatewayFold fold, DateTimeOffset now)
    {
        var outage = fold.State.Outage!;
        fold.Happen(new GatewayReturned(now, outage.Occurrence));
        fold.ToCase(outage.Case, new OccurrenceCleared(outage.Occurrence, now));
        fold.TellAll(AlertKind.GatewayReturned, $"returned/{now.UtcTicks}", now, fold.State.Sources.IsEmpty
            ? $"gateway {fold.State.Id}: no source depends on it any more" : $"gateway {fold.State.Id}: heard again after {(now - outage.Since + fold.State.SilentAfter).TotalMinutes:0.#} min");
    }

    internal static MonitoringFaultRaised Raised(GatewayFold fold, GatewayOutage outage, string text)
    {
        var enterprises = fold.State.Sources.Values.Select(s => s.Feed.Enterprise).Distinct().Take(2).ToList();
        return new MonitoringFaultRaised(outage.Occurrence, fold.State.Id, null, $"gateway {fold.State.Id}", enterprises.Count == 1 ? enterprises[0] : "", fold.Area, "", outage.Since, text);
    }
}
