using Akka.Hosting;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Actors.Journal;
using Governance.Domain.Registry;
using Governance.Edge;
using Governance.Edge.Gateway;
using Governance.Edge.Hosting;
using Governance.Edge.Security;
using Governance.Storage;
using Governance.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Hosting;

/// <summary>Where a node keeps its data and listens. Port 0 takes a free one.</summary>
/// <param name="ConfigDir">Folder with the district's policy files.</param>
public sealed record NodeOptions(string DataDir, int GrpcPort, int HttpPort, string ConfigDir, LogLevel LogLevel)
{
    /// <summary>Limits of gateway streams.</summary>
    public GatewayLimits Gateway { get; init; } = new();

    /// <summary>The policy files that came with the build.</summary>
    public static string ShippedConfig => Path.Combine(AppContext.BaseDirectory, "cluster-config");

    /// <summary>For a node inside another command: free ports, quiet.</summary>
    public static NodeOptions Embedded(string dataDir) => new(dataDir, 0, 0, ShippedConfig, LogLevel.Error);
}

/// <summary>One node: storage, entities, edge. The composition root.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private int _disposed;

    private NodeHost(WebApplication app, DataFolder folder, IReadingLedger ledger, TokenIssuer issuer)
    {
        (_app, _folder, Ledger, Issuer) = (app, folder, ledger, issuer);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (Grpc, Http) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    public Uri Grpc { get; }
    public Uri Http { get; }
    public IReadingLedger Ledger { get; }
    public TokenIssuer Issuer { get; }
    public string DataDir => _folder.Path;

    public static async Task<NodeHost> StartAsync(NodeOptions options, CancellationToken cancel)
    {
        ThreadPool.SetMinThreads(16, 16);
        var folder = new DataFolder(options.DataDir);
        var (policy, areas) = PolicyFiles.Read(Texts(options.ConfigDir));
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true).SetMinimumLevel(options.LogLevel);
        builder.Services.Configure<HostOptions>(h => h.ShutdownTimeout = ShutdownTimeout);
        var ledger = new SqliteReadingLedger(folder.Ledger);
        var views = new SqliteViews(folder.Views);
        var deadlines = new SqliteDeadlineStore(folder.Deadlines);
        var issuer = new TokenIssuer(folder.Keys, TimeProvider.System);
        var (clocks, regions) = (new Clocks(TimeProvider.System), new Regions());
        var services = new EntityServices(clocks, regions, deadlines, new EntityLimits());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(clocks).AddSingleton(regions).AddSingleton<IReadingLedger>(ledger).AddSingleton<IViews>(views).AddSingleton<IDeadlineStore>(deadlines);
        builder.Services.AddAkka(Engine.SystemName, akka =>
        {
            akka.ConfigureLoggers(l => { l.ClearLoggers(); l.AddLoggerFactory(); });
            Engine.Configure(akka, new EngineOptions(policy.District, 0, services.Limits), new SqlitePersistence(folder.Journal, folder.Snapshots), services, regions, ledger, views, policy);
        });
        var district = new District(policy.District, [.. areas.Select(a => a.Value).Where(a => a != policy.District)]);
        builder.AddEdge(options.GrpcPort, options.HttpPort, issuer, district, options.Gateway);
        var app = builder.Build();
        app.MapEdge();
        await app.StartAsync(cancel);
        return new NodeHost(app, folder, ledger, issuer);
    }

    public Task WaitForShutdownAsync(CancellationToken cancel) => _app.WaitForShutdownAsync(cancel);

    /// <summary>A token of this node's own issuer.</summary>
    public string Token(string subject, string organisation, params string[] roles) => Issuer.Issue(subject, organisation, roles, "", TimeSpan.FromHours(24));

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static PolicyTexts Texts(string configDir)
    {
        return new PolicyTexts(Text("areas"), Text("categories"), Text("case-clocks"), Text("case-routing"), Text("escalation"));

        string Text(string name)
        {
            var file = Path.Combine(configDir, "district", name + ".psv");
            return File.Exists(file) ? File.ReadAllText(file) : throw new PolicyRefusedException([$"{file} is missing: give the folder of the policy files with --config"]);
        }
    }
}
