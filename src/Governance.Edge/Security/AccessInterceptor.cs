using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Governance.Edge.Security;

/// <summary>Lets nobody in without a token, and nobody further than his roles reach. One place for every method.</summary>
public sealed class AccessInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private static void Check(ServerCallContext context)
    {
        if (RolePolicy.For(context.Method) is not { } roles) return;
        var user = context.GetHttpContext().User;
        if (user.Identity?.IsAuthenticated != true) throw new RpcException(new Status(StatusCode.Unauthenticated, "TOKEN_REQUIRED: send a valid bearer token"));
        var caller = CallerOf.Principal(user);
        if (!roles.Any(caller.Is))
            throw new RefusedException(new Refusal("ROLE_REQUIRED", $"{context.Method} needs one of: {string.Join(", ", roles)}", RefusalKind.Denied).With("roles", string.Join(",", roles)));
    }
}
