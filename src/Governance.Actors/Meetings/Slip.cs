using Governance.Actors.Entity;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Actors.Meetings;

/// <summary>One slip, reminder (风险提醒单) or supervision (风险督办单).</summary>
public sealed class Slip(EntityServices services, CasePolicy policy, string key)
    : Entity<SlipState, SlipEvent>(services, new SlipRules(policy), new EntityAddress(EntityKinds.Slip, key));

/// <summary>The register of one year and one slip: gives readable numbers, once per slip, without holes.</summary>
public sealed class SlipRegister(EntityServices services, string id)
    : Entity<SlipRegisterState, SlipSerialGiven>(services, new SlipRegisterRules(), new EntityAddress(EntityKinds.SlipRegister, id));
