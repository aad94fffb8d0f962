using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Node.Bench;

/// <summary>
/// Lives a district's past at once: sources go into service, warnings are relayed, cases are opened, accepted and reported
/// on. Whoever tells whom what is delivered at once and confirmed, so that nobody owes anything in the end.
/// </summary>
internal sealed class PaperDistrict(CasePolicy policy, IReadOnlyList<AreaCode> areas, int detectors, Action<EntityAddress, long, IDomainEvent> journal)
{
    private static readonly Caller Admin = Person("DISPATCH", Roles.Admin), Relay = Person("PROVINCE", Roles.Relay);
    private readonly Dictionary<EntityAddress, IPaperEntity> _lasting = [];
    private readonly Dictionary<EntityAddress, IPaperEntity> _current = [];

    /// <summary>Everything that many write to: feeds, desks, registers, the roster.</summary>
    internal IEnumerable<IPaperEntity> Lasting => _lasting.Values;

    /// <summary>Puts a source into service; <see cref="Forget"/> it afterwards.</summary>
    internal PaperEntity<HazardSourceState, HazardSourceEvent> Commission(int number, DateTimeOffset at)
    {
        var id = BenchNode.SourceId(number);
        var source = new PaperEntity<HazardSourceState, HazardSourceEvent>(new EntityAddress(EntityKinds.HazardSource, id), new HazardSourceRules(), journal);
        _current[source.Address] = source;
        ImmutableArray<Limit> limits = [new(LimitDirection.High, AlarmLevel.One, 20, 0.5, TimeSpan.Zero, 0, TimeSpan.Zero), new(LimitDirection.High, AlarmLevel.Two, 40, 0.5, TimeSpan.Zero, 0, TimeSpan.Zero)];
        source.Command(new CommissionSource(new SourceConfig(new HazardSourceId(id), "bench", "bench", areas[number % areas.Count], false,
            [.. Enumerable.Range(0, detectors).Select(d => new DetectorConfig(new DetectorId($"D{d:00}"), HazardKind.ToxicGas, "mg/m3", TimeSpan.FromMinutes(1), 0, 100, 0, "", $"P{d:00}", limits))], [])), Admin, $"commission-{number}", at);
        Settle(at);
        return source;
    }

    /// <summary>
    /// A warning opens a case; its lead accepts, and reports until the case has so many events. The deadline to be on the
    /// scene runs from the acceptance.
    /// </summary>
    internal PaperEntity<CaseState, CaseEvent> OpenCase(PaperEntity<HazardSourceState, HazardSourceEvent> source, int events, DateTimeOffset at)
    {
        source.Command(new RelayWarning("province", source.Address.Id, at, "D00", "P00", HazardKind.ToxicGas, AlarmLevel.One, 21, 20, "mg/m3", at, false, "chlorine", false), Relay, "relay", at);
        Settle(at);
        var opened = (PaperEntity<CaseState, CaseEvent>)_current.Values.Single(e => e.Address.Kind == EntityKinds.Case);
        var handler = Person(opened.State.Lead.Organisation, Roles.Handler);
        opened.Command(new CaseCommand.AcceptTask("on it"), handler, "accept", at);
        Settle(at);
        for (var report = 1; opened.Sequence < events; report++)
        {
            opened.Command(new CaseCommand.ReportProgress($"report {report}: crew at the scale, wind 2 m/s from the north", ""), handler, $"report-{report}", at + TimeSpan.FromSeconds(report));
            Settle(at + TimeSpan.FromSeconds(report));
        }
        return opened;
    }

    /// <summary>The source and the case that are done with: what they lived is in the journal.</summary>
    internal void Forget() => _current.Clear();

    private void Settle(DateTimeOffset now)
    {
        while (_current.Values.Concat(_lasting.Values).FirstOrDefault(e => !e.Memory.Outbox.IsEmpty) is { } sender)
        {
            var to = sender.Memory.Outbox[0].To;
            var batch = sender.Memory.Outbox.Where(o => o.To == to).Take(EntityMemory.DeliveryWindowMessages).ToList();
            sender.Confirm(to, batch, Entity(to).Take(sender.Address, batch, now), now);
        }
    }

    private IPaperEntity Entity(EntityAddress to)
    {
        if (_current.TryGetValue(to, out var known) || _lasting.TryGetValue(to, out known)) return known;
        return to.Kind switch
        {
            EntityKinds.Case => _current[to] = new PaperEntity<CaseState, CaseEvent>(to, new CaseRules(policy), journal),
            EntityKinds.AlertFeed => _lasting[to] = new PaperEntity<AlertFeedState, AlertAppended>(to, new AlertFeedRules(), journal),
            EntityKinds.Department => _lasting[to] = new PaperEntity<DepartmentState, DepartmentEvent>(to, new DepartmentRules(policy.Router), journal),
            EntityKinds.CaseRegister => _lasting[to] = new PaperEntity<CaseRegisterState, SerialGiven>(to, new CaseRegisterRules(), journal),
            EntityKinds.Roster => _lasting[to] = new PaperEntity<RosterState, SourceListed>(to, new RosterRules(), journal),
            _ => throw new InvalidOperationException($"nobody lives at {to}"),
        };
    }

    private static Caller Person(string organisation, string role) => new("bench", organisation, [role]);
}
