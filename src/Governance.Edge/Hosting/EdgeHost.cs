using System.Net;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Governance.Actors.Entity;
using Governance.Actors.Inspection;
using Governance.Domain.Kernel;
using Governance.Edge.Alarms;
using Governance.Edge.Alerts;
using Governance.Edge.Cases;
using Governance.Edge.Errors;
using Governance.Edge.Gateway;
using Governance.Edge.Inspection;
using Governance.Edge.Security;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Edge.Hosting;

/// <summary>Puts the public API into a host. Loopback only: a node is reached from outside through the district's gateway with TLS.</summary>
public static class EdgeHost
{
    private const int MessageLimitBytes = 4 * 1024 * 1024;

    /// <param name="grpcPort">HTTP/2 without TLS, for gRPC.</param>
    /// <param name="httpPort">HTTP/1.1: JSON and gRPC-Web.</param>
    public static void AddEdge(this WebApplicationBuilder builder, int grpcPort, int httpPort, TokenIssuer issuer, District district, GatewayLimits limits)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, grpcPort, o => o.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, httpPort, o => o.Protocols = HttpProtocols.Http1);
            kestrel.Limits.Http2.InitialStreamWindowSize = 256 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
        var services = builder.Services;
        services.AddSingleton(issuer).AddSingleton(district).AddSingleton(limits);
        services.AddSingleton<Entities>().AddSingleton<CaseLookup>().AddSingleton<JournalHistory>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageLimitBytes;
            grpc.MaxSendMessageSize = MessageLimitBytes;
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<AccessInterceptor>();
        }).AddJsonTranscoding(json =>
            // The details of a refusal travel as JSON too.
            json.TypeRegistry = TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor));
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            jwt.TokenValidationParameters = issuer.Validation;
        });
        services.AddAuthorization();
    }

    public static void MapEdge(this WebApplication app)
    {
        app.UseUnreadableMessages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<DeviceGatewayService>();
        app.MapGrpcService<CommissioningService>();
        app.MapGrpcService<AlarmsService>();
        app.MapGrpcService<AlertsService>();
        app.MapGrpcService<CasesService>();
        app.MapGrpcService<InspectionService>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
    }
}
