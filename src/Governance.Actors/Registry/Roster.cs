using Governance.Actors.Entity;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Actors.Registry;

/// <summary>The district's list of hazard sources in service.</summary>
public sealed class Roster(EntityServices services, string district)
    : Entity<RosterState, SourceListed>(services, new RosterRules(), new EntityAddress(EntityKinds.Roster, district));
