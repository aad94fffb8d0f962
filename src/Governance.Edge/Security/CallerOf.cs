using System.Collections.Immutable;
using System.Security.Claims;
using Governance.Domain.Kernel;
using Grpc.Core;

namespace Governance.Edge.Security;

/// <summary>Who calls, as the token proves it. Messages never say.</summary>
public static class CallerOf
{
    public const string OrganisationClaim = "org", RoleClaim = "role", GatewayClaim = "gateway";

    public static Caller Context(ServerCallContext context) => Principal(context.GetHttpContext().User);

    public static Caller Principal(ClaimsPrincipal user) => new(
        user.FindFirstValue("sub") ?? "", user.FindFirstValue(OrganisationClaim) ?? "", [.. user.FindAll(RoleClaim).Select(c => c.Value)]);

    /// <summary>The gateway of the token; empty when it may speak for any.</summary>
    public static string Gateway(ServerCallContext context) => context.GetHttpContext().User.FindFirstValue(GatewayClaim) ?? "";
}
