using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;

namespace Governance.Edge.Cases;

/// <summary>Finds a case by its key or by its readable number, which the register of its day knows.</summary>
public sealed class CaseLookup(Entities entities)
{
    public async Task<EntityAddress> AddressAsync(string caseId, CancellationToken cancel)
    {
        if (caseId.Length == 25 && caseId[0] == 'C') return new EntityAddress(EntityKinds.Case, caseId);
        if (CaseNumber.RegisterOf(caseId) is not { } day) throw RefusedException.Invalid("case_id", "CASE_ID_MALFORMED", $"'{(caseId.Length > 60 ? caseId[..60] : caseId)}' is neither a key nor a number with a right check character");
        var register = await entities.AskAsync<StateReply>(new GetState(new EntityAddress(EntityKinds.CaseRegister, day)), cancel);
        return ((CaseRegisterState)register.State).CaseOf.TryGetValue(caseId, out var key)
            ? new EntityAddress(EntityKinds.Case, key)
            : throw new RefusedException(new Refusal("UNKNOWN_CASE", $"there is no case {caseId}", RefusalKind.NotFound));
    }

    public async Task<StateReply> LiveAsync(string caseId, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<StateReply>(new GetState(await AddressAsync(caseId, cancel)), cancel);
        return ((CaseState)reply.State).Phase != CasePhase.NotOpened ? reply
            : throw new RefusedException(new Refusal("UNKNOWN_CASE", $"there is no case {caseId}", RefusalKind.NotFound));
    }
}
