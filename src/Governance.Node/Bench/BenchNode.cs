using Google.Protobuf.WellKnownTypes;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Governance.Storage.Postgres;
using Governance.Storage.Sqlite;
using Grpc.Core;
using Grpc.Net.Client;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>A real node in a process of its own, with as many hazard sources as the measurement needs.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private const string Subdistrict = "410803001";
    private const int CommissionAtOnce = 64;
    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly TokenIssuer _issuer;

    private BenchNode(ChildProcess process, string folder, string keys)
    {
        (_process, _folder) = (process, folder);
        _issuer = new TokenIssuer(keys, TimeProvider.System);
        Endpoint = process.Told("gRPC");
        Channel = NodeChannel.To(Endpoint);
    }

    internal string Endpoint { get; }
    internal ChildProcess Process => _process;
    internal GrpcChannel Channel { get; }
    internal string Folder => _folder;

    /// <param name="postgres">Connection string; empty: embedded SQLite in <paramref name="folder"/>.</param>
    /// <param name="isWeighed">Whether the process answers how much it holds (<c>bench-child node</c>).</param>
    internal static async Task<BenchNode> StartAsync(string folder, string postgres, CancellationToken cancel, bool isWeighed = false)
    {
        List<string> arguments = [.. isWeighed ? ["bench-child", "node"] : (string[])["serve"], "--data-dir", folder, "--grpc-port", "0", "--http-port", "0", "--log", "Error"];
        if (postgres.Length > 0) arguments.AddRange(["--cluster-host", "127.0.0.1", "--cluster-port", "0"]);
        return new BenchNode(await ChildProcess.StartAsync(arguments, cancel, new Dictionary<string, string> { ["GOVERNANCE_POSTGRES"] = postgres }), folder, Path.Combine(folder, "keys"));
    }

    /// <summary>One of several nodes on one database, at the same addresses after every start.</summary>
    internal static async Task<BenchNode> StartAsync(ClusterSeat seat, string postgres, CancellationToken cancel) => new(
        await ChildProcess.StartAsync(
            ["serve", "--data-dir", seat.Folder, "--keys", seat.Keys, "--grpc-port", $"{seat.Grpc}", "--http-port", "0", "--cluster-host", "127.0.0.1", "--cluster-port", $"{seat.Cluster}", "--log", "Critical"],
            cancel, new Dictionary<string, string> { ["GOVERNANCE_POSTGRES"] = postgres }), seat.Folder, seat.Keys);

    internal string Token(params string[] roles) => _issuer.Issue("bench", "DISPATCH", roles, "", TimeSpan.FromHours(12));
    internal Metadata Headers(params string[] roles) => new() { { "authorization", $"Bearer {Token(roles)}" } };

    internal static string SourceId(int number) => $"HS-B{number:00000}";

    /// <summary>Puts sources into service, with limits that the load stays below.</summary>
    /// <param name="period">Of every detector; how long until silence is noticed hangs on it.</param>
    /// <param name="first">Number of the first of them.</param>
    internal async Task CommissionAsync(int sources, int detectors, TimeSpan period, CancellationToken cancel, int first = 0)
    {
        var client = new Commissioning.CommissioningClient(Channel);
        var headers = Headers(Roles.Admin);
        await Parallel.ForEachAsync(Enumerable.Range(first, sources), new ParallelOptions { MaxDegreeOfParallelism = CommissionAtOnce, CancellationToken = cancel }, async (number, stop) =>
        {
            var request = new RegisterDetectorsRequest { CommandId = Guid.NewGuid().ToString(), SourceId = SourceId(number), Name = "bench", Subdistrict = Subdistrict, Enterprise = "bench" };
            for (var d = 0; d < detectors; d++)
                request.Detectors.Add(new DetectorSpec
                {
                    DetectorId = $"D{d:00}", Kind = HazardKind.ToxicGas, Unit = "mg/m3", Period = Duration.FromTimeSpan(period), RangeBottom = 0, RangeTop = 100, Point = $"P{d:00}",
                    Limits =
                    {
                        new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 20, Deadband = 0.5 },
                        new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = 40, Deadband = 0.5 },
                    },
                });
            await client.RegisterDetectorsAsync(request, headers, cancellationToken: stop);
        });
    }

    /// <summary>What a gateway declares that serves every <paramref name="gateways"/>-th source.</summary>
    internal static Hello Hello(int gateway, int gateways, int sources, int detectors, long epoch)
    {
        var hello = new Hello { GatewayId = $"bench-{gateway}", Epoch = epoch, Clock = Clock.Live, MarkColumns = true };
        for (var number = gateway; number < sources; number += gateways)
            hello.Sources.Add(new SourceDeclaration { SourceId = SourceId(number), Detectors = { Enumerable.Range(0, detectors).Select(d => new DetectorDeclaration { DetectorId = $"D{d:00}", Unit = "mg/m3" }) } });
        return hello;
    }

    /// <summary>Stops the node and counts what the ledger holds.</summary>
    internal async Task<long> CountAsync(string postgres, CancellationToken cancel)
    {
        await _process.StopAsync();
        if (postgres.Length == 0)
        {
            await using var ledger = new SqliteReadingLedger(Path.Combine(_folder, "ledger.db"));
            return await ledger.CountReadingsAsync(null, cancel);
        }
        await using var database = await PostgresDatabase.OpenAsync(postgres, cancel);
        await using var shared = new PostgresReadingLedger(database);
        return await shared.CountReadingsAsync(null, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>Where a node of a cluster lives and listens.</summary>
/// <param name="Keys">Folder of the token key that all nodes share.</param>
internal sealed record ClusterSeat(string Folder, string Keys, int Grpc, int Cluster)
{
    internal string Endpoint => $"http://127.0.0.1:{Grpc}";

    internal static IReadOnlyList<ClusterSeat> Take(int nodes, string folder)
    {
        // All are held before the first is let go, so that none is given twice.
        var listeners = Enumerable.Range(0, nodes * 2).Select(_ => new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((System.Net.IPEndPoint)l.LocalEndpoint).Port).ToList();
        foreach (var listener in listeners) listener.Dispose();
        return [.. Enumerable.Range(0, nodes).Select(i => new ClusterSeat(Path.Combine(folder, $"node-{i}"), Path.Combine(folder, "keys"), ports[i * 2], ports[i * 2 + 1]))];
    }
}
