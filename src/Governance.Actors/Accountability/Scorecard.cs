using Governance.Actors.Entity;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Actors.Accountability;

/// <summary>What people decided about one organisation's month: exclusions and appeals.</summary>
public sealed class Scorecard(EntityServices services, CasePolicy policy, string id)
    : Entity<ScorecardState, ScorecardEvent>(services, new ScorecardRules(policy.Scorecard, policy.Calendar, policy.District), new EntityAddress(EntityKinds.Scorecard, id));

/// <summary>The re-inspection of one month: seed, lot, findings.</summary>
public sealed class ReinspectedMonth(EntityServices services, CasePolicy policy, string id)
    : Entity<ReinspectionState, ReinspectionEvent>(services, new ReinspectionRules(policy.District), new EntityAddress(EntityKinds.Reinspection, id));

/// <summary>The daily roots of the district's journal.</summary>
public sealed class Seal(EntityServices services, string district)
    : Entity<SealState, DaySealed>(services, new SealRules(), new EntityAddress(EntityKinds.Seal, district));
