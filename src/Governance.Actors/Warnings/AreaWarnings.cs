using Governance.Actors.Entity;
using Governance.Domain.Kernel;
using Governance.Domain.Warnings;

namespace Governance.Actors.Warnings;

/// <summary>The warnings of other systems that concern the district and no hazard source of it.</summary>
public sealed class AreaWarnings(EntityServices services, string district)
    : Entity<AreaWarningsState, AreaWarningEvent>(services, new AreaWarningsRules(), new EntityAddress(EntityKinds.AreaWarnings, district));
