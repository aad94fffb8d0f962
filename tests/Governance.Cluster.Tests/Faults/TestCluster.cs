using System.Globalization;
using System.Text.Json;
using Governance.Cluster.Tests.Harness;
using Governance.Edge.Security;
using Governance.Gateway;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Cluster.Tests.Faults;

/// <summary>Three real nodes, a real PostgreSQL, a network that can be cut, and whoever needs a token.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    internal const int Size = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("governance-cluster-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly TokenIssuer _issuer;

    private TestCluster(PostgresServer database, ClusterNetwork network, PolicyFolder policy)
    {
        (Database, Network, Policy) = (database, network, policy);
        _issuer = new TokenIssuer(Keys, TimeProvider.System);
    }

    internal PostgresServer Database { get; }
    internal ClusterNetwork Network { get; }
    internal PolicyFolder Policy { get; }
    /// <summary>By number from 1; place 0 is empty.</summary>
    internal IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];
    internal IReadOnlyList<GrpcChannel> Channels { get; private set; } = [];
    internal string Connection { get; private set; } = "";
    private string Keys => Path.Combine(_folder, "keys");

    /// <param name="supervise">Whether a node that ends is started again, as systemd does.</param>
    /// <param name="databaseBelow">Folder for the database, e.g. on a small disk.</param>
    internal static Task<TestCluster> StartAsync(bool supervise, string? caseClocks = null, string? databaseBelow = null, params string[] extra) =>
        StartAsync(supervise, caseClocks, databaseBelow, _ => extra);

    /// <param name="each">Further options of a node, given itself first and then all, by number from 1.</param>
    internal static async Task<TestCluster> StartAsync(bool supervise, string? caseClocks, string? databaseBelow, Func<ClusterNodeOptions[], string[]> each)
    {
        var (database, policy) = (new PostgresServer(databaseBelow), new PolicyFolder());
        if (caseClocks is not null) policy.Override("case-clocks.psv", caseClocks);
        await database.StartAsync();
        var cluster = new TestCluster(database, await ClusterNetwork.CreateAsync(Size), policy);
        cluster.Connection = await database.CreateDatabaseAsync("governance", cluster.Network.Outside);
        var options = Enumerable.Range(1, Size).Select(n => new ClusterNodeOptions
        {
            DataDir = Path.Combine(cluster._folder, $"node{n}"), KeysDir = cluster.Keys, ConfigDir = policy.Path, Postgres = cluster.Connection,
        }.In(cluster.Network, n)).ToArray();
        cluster.Nodes = [.. options.Select((o, i) => new ClusterNode(o with { Extra = each([o, .. options]) }) { Supervise = supervise })];
        cluster.Channels = [.. cluster.Nodes.Select(n => NodeChannel.To(n.Endpoint))];
        await cluster.StartAllAsync();
        return cluster;
    }

    internal Task StartAllAsync() => Task.WhenAll(Nodes.Select(n => n.StartAsync(StartPatience)));

    internal string Token(string gateway, params string[] roles) => _issuer.Issue("fault-run", "DISPATCH", roles, gateway, TimeSpan.FromHours(12));

    internal CallOptions As(params string[] roles) => new(new Metadata { { "authorization", $"Bearer {Token("", roles)}" } }, DateTime.UtcNow.AddSeconds(20));

    /// <summary>True when every node says that it is ready.</summary>
    internal async Task<bool> AllReadyAsync()
    {
        foreach (var node in Nodes)
            if (!(await ReadinessAsync(node)).Ready) return false;
        return true;
    }

    /// <summary>What a node says of itself over HTTP; not ready when it does not answer.</summary>
    internal async Task<(bool Ready, string Reasons)> ReadinessAsync(ClusterNode node)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"{node.HttpEndpoint}/healthz/ready"));
            var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            return (answer.IsSuccessStatusCode && body.GetProperty("ready").GetBoolean(), body.GetProperty("reasons").ToString());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException) { return (false, e.Message); }
    }

    /// <summary>Waits for a fact; throws with what the nodes said when it does not come.</summary>
    internal async Task UntilAsync(Func<Task<bool>> fact, string what, TimeSpan atMost)
    {
        using var deadline = new CancellationTokenSource(atMost);
        while (!await fact())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"not within {atMost.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {what}\n{Said()}");
            await Task.Delay(100);
        }
    }

    internal Task UntilAllReadyAsync() => UntilAsync(AllReadyAsync, "all nodes ready", StartPatience);

    /// <summary>The last lines of every node.</summary>
    internal string Said() => string.Join("\n", Nodes.Select((n, i) => $"--- node {i + 1}, exits {string.Join(",", n.ExitCodes)}\n{string.Join("\n", n.Output.Split('\n').TakeLast(60))}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in Channels) channel.Dispose();
        foreach (var node in Nodes) await node.DisposeAsync();
        _http.Dispose();
        await Network.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        await Database.DisposeAsync();
        Policy.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
