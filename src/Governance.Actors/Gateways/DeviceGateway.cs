using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;

namespace Governance.Actors.Gateways;

/// <summary>
/// A device gateway as the district sees it. Streams report to it and are told when they must end; sources tell it which
/// of their detectors fell silent. No reading passes through it, so no reading waits for it.
/// </summary>
public sealed class DeviceGateway : Entity<GatewayState, GatewayEvent>
{
    private readonly GatewayRules _rules;

    public DeviceGateway(EntityServices services, string district, string id) : this(services, new GatewayRules(district), id) { }

    private DeviceGateway(EntityServices services, GatewayRules rules, string id) : base(services, rules, new EntityAddress(EntityKinds.Gateway, id)) => _rules = rules;

    /// <summary>While this entity was away nobody listened: silence is counted from here.</summary>
    protected override void OnReady()
    {
        State = State with { WatchedSince = Now() };
        base.OnReady();
    }

    /// <summary>While a gateway is watched for its silence this entity stays: what it remembers of it is nowhere else, and would begin anew.</summary>
    protected override void OnSettled() => SetReceiveTimeout(State.LostAt is null ? Services.Limits.PassivateAfter : null);

    protected override bool OnOther(object message)
    {
        if (message is not ReportSession { Report: var report } || !IsReady) return false;
        var (asker, now) = (Sender, Now());
        var (decision, fence) = _rules.Report(State, report, now);
        var after = decision.Events.Aggregate(State, _rules.Evolve);
        Commit(decision, now, [], () => asker.Tell(new SessionVerdict(Address, report.Session, fence ?? "")), GatewayRules.Heard(after, report, now));
        return true;
    }
}
