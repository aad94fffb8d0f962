using Governance.Contracts.Codecs;
using Governance.Domain.Accountability;
using Governance.Domain.Alerts;
using Governance.Domain.Audit;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Registry;
using Governance.Domain.Warnings;

namespace Governance.Actors.Accountability;

/// <summary>An entity made anew of its events, as its actor would be.</summary>
internal abstract class EntityFold
{
    internal abstract void Apply(object record);
    internal abstract EntitySnapshot Snapshot();

    /// <summary>False: its actor keeps more in memory than events say (readings between two transitions), so a snapshot of it has no equal.</summary>
    internal bool IsComparable { get; private init; } = true;

    /// <summary>Null for a kind of entity that this build does not fold; its events are read all the same.</summary>
    internal static EntityFold? Of(string kind, string id) => kind switch
    {
        EntityKinds.HazardSource => new Fold<HazardSourceState, HazardSourceEvent>(new HazardSourceRules().Initial(id), new HazardSourceRules().Evolve) { IsComparable = false },
        EntityKinds.Case => new Fold<CaseState, CaseEvent>(CaseState.New(id), CaseEvolution.Evolve),
        EntityKinds.AlertFeed => Of(id, new AlertFeedRules()),
        EntityKinds.Department => new Fold<DepartmentState, DepartmentEvent>(DepartmentState.New(id), DepartmentEvolution.Evolve),
        EntityKinds.CaseRegister => Of(id, new CaseRegisterRules()),
        EntityKinds.Roster => Of(id, new RosterRules()),
        EntityKinds.AreaWarnings => Of(id, new AreaWarningsRules()),
        EntityKinds.Gateway => Of(id, new GatewayRules("")),
        EntityKinds.Scorecard => new Fold<ScorecardState, ScorecardEvent>(ScorecardState.New(id), ScorecardRules.After),
        EntityKinds.Reinspection => new Fold<ReinspectionState, ReinspectionEvent>(ReinspectionState.New(id), ReinspectionRules.After),
        EntityKinds.Audit => Of(id, new AuditRules()),
        EntityKinds.Seal => Of(id, new SealRules()),
        EntityKinds.Slip => new Fold<SlipState, SlipEvent>(SlipState.New(id), SlipEvolution.Evolve),
        EntityKinds.SlipRegister => Of(id, new SlipRegisterRules()),
        EntityKinds.Meeting => new Fold<MeetingState, MeetingEvent>(MeetingState.New(id), MeetingEvolution.Evolve),
        _ => null,
    };

    private static EntityFold Of<TState, TEvent>(string id, IEntityRules<TState, TEvent> rules) where TState : notnull where TEvent : class, IDomainEvent =>
        new Fold<TState, TEvent>(rules.Initial(id), rules.Evolve);

    private sealed class Fold<TState, TEvent>(TState initial, Func<TState, TEvent, TState> evolve) : EntityFold where TState : notnull where TEvent : class, IDomainEvent
    {
        private EntityMemory _memory = EntityMemory.Empty;
        private TState _state = initial;

        internal override void Apply(object record)
        {
            switch (record)
            {
                case TEvent happened: (_state, _memory) = (evolve(_state, happened), _memory.Counted(happened)); break;
                case MemoryEvent memory: _memory = _memory.Evolve(memory); break;
                default: throw new InvalidOperationException($"{record.GetType().Name} is no event of it");
            }
        }

        internal override EntitySnapshot Snapshot() => new(_memory, _state);
    }
}
