using System.Text.RegularExpressions;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Edge.Errors;

namespace Governance.Edge.Meetings;

/// <summary>Finds a slip by its key or by its readable number, which the register of its year knows.</summary>
public sealed partial class SlipLookup(Entities entities)
{
    public async Task<EntityAddress> AddressAsync(string slipId, string field, CancellationToken cancel)
    {
        if (Key().IsMatch(slipId)) return new EntityAddress(EntityKinds.Slip, slipId);
        if (SlipNumber.RegisterOf(slipId) is not { } register) throw RefusedException.Invalid(field, "SLIP_ID_MALFORMED", $"'{(slipId.Length > 60 ? slipId[..60] : slipId)}' is neither the key nor the number of a slip");
        var reply = await entities.AskAsync<StateReply>(new GetState(new EntityAddress(EntityKinds.SlipRegister, register)), cancel);
        return ((SlipRegisterState)reply.State).SlipOf.TryGetValue(slipId, out var key) ? new EntityAddress(EntityKinds.Slip, key) : throw Unknown(slipId);
    }

    public async Task<StateReply> LiveAsync(string slipId, string field, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<StateReply>(new GetState(await AddressAsync(slipId, field, cancel)), cancel);
        return ((SlipState)reply.State).Content is not null ? reply : throw Unknown(slipId);
    }

    private static RefusedException Unknown(string slipId) => new(new Refusal("UNKNOWN_SLIP", $"there is no slip {slipId}", RefusalKind.NotFound));

    [GeneratedRegex(@"\AS[0-9a-f]{24}\z")] private static partial Regex Key();
}
