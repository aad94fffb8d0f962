using System.CommandLine;
using Governance.Actors.Hosting;
using Governance.Node.Doctor;
using Governance.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Commands;

/// <summary>The options of a node, on the command line or as environment variables GOVERNANCE_NAME.</summary>
internal sealed class ServeOptions
{
    private const string Loopback = "127.0.0.1";
    private readonly Option<string> _dataDir = Text("--data-dir", "folder of the node's data", Options.DefaultDataDir);
    private readonly Option<string> _config = Text("--config", "folder with the district's policy files", NodeOptions.ShippedConfig);
    private readonly Option<string> _listen = Text("--listen", "address of the gRPC and JSON API", Loopback);
    private readonly Option<int> _grpc = Number("--grpc-port", "port of the gRPC API", Options.GrpcPort);
    private readonly Option<int> _http = Number("--http-port", "port of the JSON API and of health", Options.HttpPort);
    private readonly Option<string> _postgres = Text("--postgres", "connection string of the cluster's PostgreSQL (better as GOVERNANCE_POSTGRES, it may hold a password); without it embedded SQLite, one node", "");
    private readonly Option<string> _clusterHost = Text("--cluster-host", "name or address under which the other nodes reach this one", "");
    private readonly Option<int> _clusterPort = Number("--cluster-port", "port of node-to-node traffic", 4053);
    private readonly Option<string[]> _roles = Texts("--role", "engine, edge (default both)");
    private readonly Option<string[]> _founders = Texts("--founder", "host:port of a node that may found a cluster (default: any may)");
    private readonly Option<string> _keys = Text("--keys", "folder of the token key, the same on all nodes (default: in the data folder)", "");
    private readonly Option<int> _frozenAfter = Number("--frozen-after", "seconds of standstill after which a node of a cluster ends itself; 0: never", 5);
    private readonly Option<int> _retention = Number("--ledger-retention-days", $"days that readings are kept, {LedgerRetention.LeastDays} or more; 0: for ever; the same on all nodes", LedgerRetention.DefaultDays);
    private readonly Option<string> _notify = Text("--notify", "JSON file with the endpoints by which persons are notified; without it nothing is sent to them", "");
    private readonly Option<LogLevel> _log = new("--log") { Description = "least level that is logged", DefaultValueFactory = _ => LogLevel.Warning };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { _dataDir, _config, _listen, _grpc, _http, _postgres, _clusterHost, _clusterPort, _roles, _founders, _keys, _frozenAfter, _retention, _notify, _log }) command.Add(option);
    }

    internal NodeOptions Read(ParseResult parsed)
    {
        var (roles, postgres) = (parsed.GetValue(_roles)!, parsed.GetValue(_postgres)!);
        if (roles.Except(NodeRoles.All).FirstOrDefault() is { } unknown) throw new UsageException($"--role {unknown}: engine or edge");
        if (!System.Net.IPAddress.TryParse(parsed.GetValue(_listen), out _)) throw new UsageException($"--listen {parsed.GetValue(_listen)}: an IP address of this machine");
        var alone = postgres.Length == 0;
        // Two machines that both call themselves loopback would found against each other for ever.
        if (!alone && parsed.GetValue(_clusterHost)!.Length == 0) throw new UsageException("--cluster-host: with --postgres, the name or address under which the other nodes reach this one");
        if (alone && roles.Length > 0 && roles.Distinct().Count() < NodeRoles.All.Count) throw new UsageException("--role: a node without --postgres is alone and does everything");
        return new NodeOptions(parsed.GetValue(_dataDir)!, Port(parsed, _grpc), Port(parsed, _http), parsed.GetValue(_config)!, parsed.GetValue(_log))
        {
            Listen = parsed.GetValue(_listen)!, Postgres = postgres, ClusterHost = alone || parsed.GetValue(_clusterHost)!.Length == 0 ? Loopback : parsed.GetValue(_clusterHost)!, ClusterPort = alone ? 0 : Port(parsed, _clusterPort),
            Roles = roles.Length == 0 ? NodeRoles.All : [.. roles.Distinct()], Founders = parsed.GetValue(_founders)!, KeysDir = parsed.GetValue(_keys)!,
            FrozenAfter = alone ? TimeSpan.Zero : TimeSpan.FromSeconds(parsed.GetValue(_frozenAfter)), Retention = Retention(parsed), NotifyFile = parsed.GetValue(_notify)!,
        };
    }

    /// <summary>The same, as far as it can be looked at before a node is started; nothing is refused here, the doctor says it.</summary>
    internal DoctorSettings Examined(ParseResult parsed) => new(
        parsed.GetValue(_dataDir)!, parsed.GetValue(_config)!, parsed.GetValue(_keys) is { Length: > 0 } keys ? keys : Path.Combine(parsed.GetValue(_dataDir)!, "keys"),
        parsed.GetValue(_listen)!, Port(parsed, _grpc), Port(parsed, _http), parsed.GetValue(_postgres)!, parsed.GetValue(_clusterHost)!, Port(parsed, _clusterPort),
        parsed.GetValue(_roles) is { Length: > 0 } roles ? roles : NodeRoles.All, parsed.GetValue(_founders)!) { NotifyFile = parsed.GetValue(_notify)! };

    private static int Port(ParseResult parsed, Option<int> option) => parsed.GetValue(option) is >= 0 and <= ushort.MaxValue and var port
        ? port : throw new UsageException($"{option.Name}: a port from 0 to 65535, not {parsed.GetValue(option)}");

    private LedgerRetention Retention(ParseResult parsed) => parsed.GetValue(_retention) is var days && LedgerRetention.IsValid(days)
        ? new LedgerRetention(days) : throw new UsageException($"{_retention.Name}: {LedgerRetention.LeastDays} to {LedgerRetention.MostDays} days, or 0 for ever, not {days}");

    private static Option<string> Text(string name, string description, string fallback) => new(name) { Description = description, DefaultValueFactory = _ => Environment(name) ?? fallback };

    private static Option<int> Number(string name, string description, int fallback) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => Environment(name) is not { } set ? fallback : int.TryParse(set, out var number) ? number : throw new UsageException($"{Variable(name)}: '{set}' is not a number"),
    };

    private static Option<string[]> Texts(string name, string description) => new(name)
    {
        Description = description, AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Environment(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
    };

    private static string? Environment(string name) => System.Environment.GetEnvironmentVariable(Variable(name)) is { Length: > 0 } set ? set : null;
    private static string Variable(string name) => $"GOVERNANCE_{name.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";
}
