using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Governance.Domain.Kernel;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Governance.Edge.Errors;

/// <summary>Named refusals to gRPC status with details (api.md "Errors"). The only such mapping.</summary>
internal static class Refusals
{
    private const string Domain = "governance.actors";

    internal static RpcException ToRpc(Refusal refusal)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = refusal.Reason };
        info.Metadata.Add(refusal.Metadata.ToDictionary());
        var status = new Status { Code = (int)CodeOf(refusal.Kind), Message = $"{refusal.Reason}: {refusal.Message}", Details = { Any.Pack(info) } };
        if (refusal.Kind == RefusalKind.Invalid)
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = refusal.Metadata.GetValueOrDefault("field", ""), Description = refusal.Message } } }));
        if (refusal.Kind == RefusalKind.Exhausted) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }));
        return status.ToRpcException();
    }

    private static Code CodeOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Precondition => Code.FailedPrecondition,
        RefusalKind.Invalid => Code.InvalidArgument,
        RefusalKind.NotFound => Code.NotFound,
        RefusalKind.Conflict => Code.Aborted,
        RefusalKind.Denied => Code.PermissionDenied,
        RefusalKind.Exhausted => Code.ResourceExhausted,
        RefusalKind.AlreadyExists => Code.AlreadyExists,
        _ => throw new InvalidOperationException($"unknown refusal kind {kind}"),
    };
}
