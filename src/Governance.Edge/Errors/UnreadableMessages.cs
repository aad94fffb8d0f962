using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Governance.Edge.Errors;

/// <summary>
/// The gRPC framework reads the request of a unary call before any interceptor runs, and tells bytes that it cannot read
/// as UNKNOWN. Everything else is named by the error interceptor, so UNKNOWN can only mean that: bad input gets its name.
/// </summary>
internal static class UnreadableMessages
{
    private const string Status = "grpc-status", Message = "grpc-message", Unknown = "2", InvalidArgument = "3";

    internal static void UseUnreadableMessages(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (!context.Response.HasStarted) Name(context.Response.Headers);
        if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers) Name(trailers);
    });

    private static void Name(IHeaderDictionary headers)
    {
        if (headers[Status] != Unknown) return;
        headers[Status] = InvalidArgument;
        headers[Message] = "MALFORMED_MESSAGE: the bytes are no message of this method";
    }
}
