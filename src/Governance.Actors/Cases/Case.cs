using Governance.Actors.Entity;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Actors.Cases;

/// <summary>One case: the whole life of one event. Escalation is its behaviour, not another actor.</summary>
public sealed class Case(EntityServices services, CasePolicy policy, string key)
    : Entity<CaseState, CaseEvent>(services, new CaseRules(policy), new EntityAddress(EntityKinds.Case, key));

/// <summary>The register of one day: gives readable numbers, once per case.</summary>
public sealed class CaseRegister(EntityServices services, string day)
    : Entity<CaseRegisterState, SerialGiven>(services, new CaseRegisterRules(), new EntityAddress(EntityKinds.CaseRegister, day));
