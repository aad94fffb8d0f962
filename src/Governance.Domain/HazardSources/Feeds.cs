using System.Collections.Immutable;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>
/// Which gateway feeds which detector, and what gateways must know of it. A detector that fell silent tells its gateway's
/// entity, which alone can say whether the detector is at fault or the gateway (alarms.md §3).
/// </summary>
internal static class Feeds
{
    internal static bool Concerns(HazardSourceEvent happened) =>
        happened is DetectorSilent or DetectorTrusted or DetectorsFed or SourceCommissioned or SuppressionBegan or SuppressionEnded;

    internal static Decision<HazardSourceEvent> Take(HazardSourceState state, GatewayId gateway, IEnumerable<int> detectors, DateTimeOffset now)
    {
        var news = detectors.Where(d => state.FeederOf(d) != gateway.Value).ToImmutableArray();
        if (news.IsEmpty) return Decision<HazardSourceEvent>.Nothing;
        var fold = new Fold(state);
        fold.Happen(new DetectorsFed(now, gateway.Value, news));
        return fold.Decision;
    }

    internal static HazardSourceState Evolve(HazardSourceState state, DetectorsFed e)
    {
        var fedBy = state.FedBy.ToBuilder();
        while (fedBy.Count < state.Detectors.Length) fedBy.Add("");
        foreach (var detector in e.Detectors) fedBy[detector] = e.Gateway;
        return state with { FedBy = fedBy.DrainToImmutable() };
    }

    /// <summary>To every gateway of which this source now says something else.</summary>
    internal static IEnumerable<Send> Changed(HazardSourceState before, HazardSourceState now, DateTimeOffset at)
    {
        foreach (var gateway in before.FedBy.Concat(now.FedBy).Where(g => g.Length > 0).Distinct())
        {
            var (said, says) = (Of(before, gateway, at), Of(now, gateway, at));
            if (says is not null && !says.SaysTheSameAs(said)) yield return new Send(new EntityAddress(EntityKinds.Gateway, gateway), says);
        }
    }

    /// <summary>Whether a fault is the gateway's entity's to tell: it knows of the detector.</summary>
    internal static bool IsToldByGateway(HazardSourceState state, int ordinal) => state.FeederOf(ordinal).Length > 0;

    private static SourceFed? Of(HazardSourceState state, string gateway, DateTimeOffset at)
    {
        if (state.Config is not { } config) return null;
        var (detectors, period, faults) = (0, TimeSpan.Zero, ImmutableList.CreateBuilder<DetectorFault>());
        for (var i = 0; i < state.FedBy.Length; i++)
        {
            var detector = state.Detectors[i];
            if (state.FedBy[i] != gateway || detector.Retired) continue;
            detectors++;
            if (period == TimeSpan.Zero || detector.Config.Period < period) period = detector.Config.Period;
            if (detector.Memo.Health is Health.Lost or Health.Frozen && !detector.IsOutOfService) faults.Add(new DetectorFault(detector.Config.Id.Value, detector.Memo.Health, detector.Memo.LastGoodAt));
        }
        return new SourceFed(config.Id, config.Name, config.Enterprise, config.Area, detectors, period, faults.ToImmutable(), at);
    }
}
