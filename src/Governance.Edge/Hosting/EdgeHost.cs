using System.Net;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Governance.Actors.Accountability;
using Governance.Actors.Entity;
using Governance.Actors.Inspection;
using Governance.Actors.Meetings;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Accountability;
using Governance.Edge.Alarms;
using Governance.Edge.Alerts;
using Governance.Edge.Cases;
using Governance.Edge.Dispatch;
using Governance.Edge.Errors;
using Governance.Edge.Gateway;
using Governance.Edge.Inspection;
using Governance.Edge.Meetings;
using Governance.Edge.Security;
using Governance.Edge.Warnings;
using Governance.Storage;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Governance.Edge.Hosting;

/// <summary>Where a node listens.</summary>
/// <param name="Address">Loopback on a node that is alone; else an address of the district's inner network, TLS in front.</param>
/// <param name="GrpcPort">HTTP/2 without TLS, for gRPC.</param>
/// <param name="HttpPort">HTTP/1.1: JSON, gRPC-Web and health.</param>
/// <param name="Serves">False on a node without the edge role: health only.</param>
public sealed record EdgeListener(IPAddress Address, int GrpcPort, int HttpPort, bool Serves);

/// <summary>Puts the public API into a host.</summary>
public static class EdgeHost
{
    private const int MessageLimitBytes = 4 * 1024 * 1024;

    public static void AddEdge(this WebApplicationBuilder builder, EdgeListener listener, TokenIssuer issuer, District district, GatewayLimits limits)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(listener.Address, listener.GrpcPort, o => o.Protocols = HttpProtocols.Http2);
            kestrel.Listen(listener.Address, listener.HttpPort, o => o.Protocols = HttpProtocols.Http1);
            kestrel.Limits.Http2.InitialStreamWindowSize = 256 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
        var services = builder.Services;
        services.AddSingleton(listener).AddSingleton(issuer).AddSingleton(district).AddSingleton(limits);
        services.AddSingleton<Entities>().AddSingleton<CaseLookup>().AddSingleton<SlipLookup>().AddSingleton<WarningRelay>().AddSingleton<LimitBacktest>().AddSingleton<LoadReports>().AddSingleton<ScorecardReports>().AddSingleton<CaseReports>().AddSingleton<WhatIfRuns>().AddSingleton<JournalHistory>().AddSingleton<ClusterPicture>();
        services.AddSingleton<SlipOrders>().AddSingleton<AgendaDesk>().AddSingleton<ICaseFacts>(s => new AccountFacts(new ViewFacts(s.GetRequiredService<IViews>(), s.GetRequiredService<CasePolicy>().Calendar), s.GetRequiredService<IAccountViews>(), s.GetRequiredService<CasePolicy>()));
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
        services.AddGrpcHealthChecks(o => o.Services.Map("", check => check.Name == NodeReadiness.Name)).AddCheck<NodeReadiness>(NodeReadiness.Name);
        // How often a change of readiness is noticed by those who watch it.
        services.Configure<HealthCheckPublisherOptions>(o => (o.Delay, o.Period) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));
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
        app.MapHealth();
        app.MapGrpcHealthChecksService();
        if (!app.Services.GetRequiredService<EdgeListener>().Serves) return;
        app.MapGrpcService<DeviceGatewayService>();
        app.MapGrpcService<CommissioningService>();
        app.MapGrpcService<AlarmsService>();
        app.MapGrpcService<AlertsService>();
        app.MapGrpcService<CasesService>();
        app.MapGrpcService<DispatchService>();
        app.MapGrpcService<AccountabilityService>();
        app.MapGrpcService<MeetingsService>();
        app.MapGrpcService<InspectionService>();
        app.MapGrpcReflectionService();
    }
}
