using System.Data.Common;
using Akka.Actor;
using Google.Protobuf;
using Governance.Domain.Kernel;
using Grpc.Core;

using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace Governance.Edge.Errors;

/// <summary>The one place where what went wrong becomes what a client is told.</summary>
public sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try { return await continuation(request, context); }
        catch (Exception e) { throw Told(e, context); }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try { await continuation(request, responseStream, context); }
        catch (Exception e) { throw Told(e, context); }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try { await continuation(requestStream, responseStream, context); }
        catch (Exception e) { throw Told(e, context); }
    }

    private Exception Told(Exception e, ServerCallContext context)
    {
        switch (e)
        {
            case RpcException rpc: return rpc;
            case RefusedException refused: return Refusals.ToRpc(refused.Refusal);
            case MalformedIdException malformed: return Refusals.ToRpc(new Refusal("MALFORMED_ID", malformed.Message, RefusalKind.Invalid).With("field", malformed.Field));
            case InvalidProtocolBufferException: return Refusals.ToRpc(new Refusal("MALFORMED_MESSAGE", "the bytes are no message of this method", RefusalKind.Invalid));
            case AskTimeoutException: return new RpcException(new Status(StatusCode.Unavailable, "ENTITY_UNAVAILABLE: safe to retry with the same command_id"));
            case DbException: return new RpcException(new Status(StatusCode.Unavailable, "STORAGE_UNAVAILABLE: the database does not answer; safe to retry with the same command_id"));
            case OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested: return new RpcException(new Status(StatusCode.Cancelled, "the call ended"));
            default:
                var id = Guid.NewGuid().ToString("n");
                Unexpected(log, e, context.Method, id);
                return new RpcException(new Status(StatusCode.Internal, $"UNEXPECTED: report this id: {id}"));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed unexpectedly, id {Id}")]
    private static partial void Unexpected(ILogger log, Exception e, string method, string id);
}
