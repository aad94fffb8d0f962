using Governance.Actors.Entity;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;

namespace Governance.Actors.Dispatch;

/// <summary>A department's desk.</summary>
public sealed class Department(EntityServices services, string code)
    : Entity<DepartmentState, DepartmentEvent>(services, new DepartmentRules(), new EntityAddress(EntityKinds.Department, code));
