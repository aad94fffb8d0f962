using System.Net;
using Akka.Hosting;
using Governance.Actors.Dispatch;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Registry;
using Governance.Edge;
using Governance.Edge.Hosting;
using Governance.Edge.Security;
using Governance.Node.Notify;
using Governance.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Hosting;

/// <summary>One node: storage, entities, edge. The composition root.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly NodeStorage _storage;
    private readonly FreezeWatch? _freeze;
    private readonly NodeHealth _health;
    private readonly Notifiers _notifiers;
    private int _disposed;

    private NodeHost(WebApplication app, DataFolder folder, NodeStorage storage, TokenIssuer issuer, FreezeWatch? freeze, Notifiers notifiers)
    {
        (_app, _folder, _storage, Issuer, _freeze, _notifiers) = (app, folder, storage, issuer, freeze, notifiers);
        _health = app.Services.GetRequiredService<NodeHealth>();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (Grpc, Http) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    public Uri Grpc { get; }
    public Uri Http { get; }
    public IReadingLedger Ledger => _storage.Ledger;
    public TokenIssuer Issuer { get; }
    public string DataDir => _folder.Path;

    public static async Task<NodeHost> StartAsync(NodeOptions options, CancellationToken cancel)
    {
        ThreadPool.SetMinThreads(16, 16);
        var texts = PolicyFolder.Read(options.ConfigDir);
        var (policy, areas, colours) = PolicyFiles.Read(texts);
        var notifiers = NotifierSet.Of(options.NotifyFile, TimeProvider.System);
        var folder = new DataFolder(options.DataDir);
        var storage = options.Postgres.Length == 0
            ? NodeStorage.Embedded(folder)
            : await NodeStorage.SharedAsync(options.Postgres, cancel);
        var issuer = new TokenIssuer(options.KeysDir.Length == 0 ? folder.Keys : options.KeysDir, TimeProvider.System);
        var district = new District(policy.District, [.. areas.Select(a => a.Value).Where(a => a != policy.District)]);
        var fate = new ProcessFate();

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat) = (true, "HH:mm:ss.fff ")).SetMinimumLevel(options.LogLevel)
            // Readiness is told to whoever asks for it; every look at it, and every request, is no news.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(h => h.ShutdownTimeout = ShutdownTimeout);
        AddEngine(builder.Services, options, storage, policy, colours, fate, notifiers);
        builder.Services.AddSingleton(texts);
        builder.AddEdge(new EdgeListener(IPAddress.Parse(options.Listen), options.GrpcPort, options.HttpPort, options.Roles.Contains(NodeRoles.Edge)), issuer, district, options.Gateway);
        builder.Services.AddTelemetry();
        var app = builder.Build();
        app.MapEdge();
        await app.StartAsync(cancel);
        var freeze = options.FrozenAfter > TimeSpan.Zero ? new FreezeWatch(options.FrozenAfter, fate, TimeProvider.System) : null;
        return new NodeHost(app, folder, storage, issuer, freeze, notifiers);
    }

    private static void AddEngine(IServiceCollection services, NodeOptions options, NodeStorage storage, CasePolicy policy, ColourTable colours, INodeFate fate, Notifiers notifiers)
    {
        var (clocks, regions, durability) = (new Clocks(TimeProvider.System), new Regions(), new Durability(TimeProvider.System));
        var entities = new EntityServices(clocks, regions, storage.Deadlines, durability, new EntityLimits());
        var cluster = new ClusterSettings(options.ClusterHost, options.ClusterPort, options.Roles, options.Founders, storage.Directory);
        var health = new NodeHealth(durability, TimeProvider.System);
        services.AddSingleton(TimeProvider.System).AddSingleton(policy.Router).AddSingleton(clocks).AddSingleton(regions).AddSingleton(health).AddSingleton(durability)
            .AddSingleton(storage.Ledger).AddSingleton(storage.Views).AddSingleton(storage.Alarms).AddSingleton(storage.Accounts.Views).AddSingleton(storage.Deadlines).AddSingleton(policy)
            .AddSingleton(options.Retention).AddHostedService<LedgerUpkeep>();
        services.AddAkka(Engine.SystemName, akka =>
        {
            akka.ConfigureLoggers(l => { l.ClearLoggers(); l.AddLoggerFactory(); });
            Engine.Configure(akka, new EngineParts(policy.District, cluster, fate, storage.Journal, entities, regions, storage.Ledger, storage.Views, storage.Alarms, policy, colours, health) { Notifiers = notifiers, Accounts = storage.Accounts });
        });
    }

    /// <summary>Waits until the node can do its work; tells why not every few seconds.</summary>
    public async Task WaitUntilReadyAsync(Action<IReadOnlyList<string>> notYet, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, _app.Lifetime.ApplicationStopping);
        for (var i = 1; _health.NotReady is { Count: > 0 } reasons; i++)
        {
            if (i % 100 == 0) notYet(reasons);
            await Task.Delay(TimeSpan.FromMilliseconds(50), ending.Token);
        }
    }

    /// <summary>Ends streams, then hands over what lives here.</summary>
    public void BeginStop() => _app.Lifetime.StopApplication();

    public Task WaitForShutdownAsync(CancellationToken cancel) => _app.WaitForShutdownAsync(cancel);

    /// <summary>A token of this node's own issuer.</summary>
    public string Token(string subject, string organisation, params string[] roles) => Issuer.For(subject, organisation, roles);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _freeze?.Dispose();
        _notifiers.Dispose();
        await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
