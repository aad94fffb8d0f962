using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;

namespace Governance.FieldGateway.Tests;

/// <summary>A configuration is taken whole or refused with every fault, its path and its name.</summary>
public sealed class ConfigTests
{
    private static readonly string Root = Find();

    public static TheoryData<string, string, string> Faults => new()
    {
        { "gateway_id", "gateway_id", ConfigReasons.Missing },
        { "gateway_id=3", "gateway_id", ConfigReasons.WrongType },
        { "gateway_id=\"\"", "gateway_id", ConfigReasons.OutOfRange },
        { "gatewayid=\"x\"", "gatewayid", ConfigReasons.UnknownKey },
        { "nodes=[]", "nodes", ConfigReasons.OutOfRange },
        { "nodes=[\"127.0.0.1:5080\"]", "nodes", ConfigReasons.BadEndpoint },
        { "nodes=[5]", "nodes[0]", ConfigReasons.WrongType },
        { "buffer.limit_mebibytes=0", "buffer.limit_mebibytes", ConfigReasons.OutOfRange },
        { "buffer.folder", "buffer.folder", ConfigReasons.Missing },
        { "hj212.listen=\"9212\"", "hj212.listen", ConfigReasons.BadListenAddress },
        { "hj212.listen=\"[::1]\"", "hj212.listen", ConfigReasons.BadListenAddress },
        { "hj212.segment_limit_bytes=100", "hj212.segment_limit_bytes", ConfigReasons.OutOfRange },
        { "hj212.stations.0.mn=\"a;b\"", "hj212.stations[0].mn", ConfigReasons.BadName },
        { "hj212.stations.1.mn=\"MN-1\"", "hj212.stations[1].mn", ConfigReasons.Duplicate },
        { "hj212.stations.0.flags={\"NN\":\"GOOD\"}", "hj212.stations[0].flags.NN", ConfigReasons.BadName },
        { "hj212.stations.0.flags={\"N\":\"FINE\"}", "hj212.stations[0].flags.N", ConfigReasons.NotOneOf },
        { "hj212.stations.0.factors.0.command=\"2022\"", "hj212.stations[0].factors[0].command", ConfigReasons.NotOneOf },
        { "hj212.stations.0.factors.1.code=\"a21022\"", "hj212.stations[0].factors[1].code", ConfigReasons.Duplicate },
        { "hj212.stations.0.factors.0.detector=\"CL9\"", "hj212.stations[0].factors[0].detector", ConfigReasons.UnknownDetector },
        { "hj212.stations.0.factors.0.detector=\"H2S\"", "hj212.stations[0].factors[1].detector", ConfigReasons.DetectorFedTwice },
        { "hj212.stations.0.factors.0.scale=\"x\"", "hj212.stations[0].factors[0].scale", ConfigReasons.WrongType },
        { "hj212", "sources", ConfigReasons.DetectorNotFed },
        { "sources.1.id=\"HS-1\"", "sources[1].id", ConfigReasons.Duplicate },
        { "sources.0.detectors.1.id=\"CL2\"", "sources[0].detectors[1].id", ConfigReasons.Duplicate },
        { "modbus.devices.0.points.0.function=\"register\"", "modbus.devices[0].points[0].function", ConfigReasons.NotOneOf },
        { "modbus.devices.0.points.0.type=\"bit\"", "modbus.devices[0].points[0].type", ConfigReasons.NotOneOf },
        { "modbus.devices.0.points.0.address=65535", "modbus.devices[0].points[0].address", ConfigReasons.OutOfRange },
        { "modbus.devices.0.points.0.status.bit=16", "modbus.devices[0].points[0].status.bit", ConfigReasons.OutOfRange },
        { "modbus.devices.0.points.0.status.quality=\"GOOD\"", "modbus.devices[0].points[0].status.quality", ConfigReasons.NotOneOf },
        { "modbus.devices.0.points.0.status.when=1", "modbus.devices[0].points[0].status.when", ConfigReasons.WrongType },
        { "modbus.devices.0.period_ms=1", "modbus.devices[0].period_ms", ConfigReasons.OutOfRange },
        { "modbus.devices.0.unit_id=250", "modbus.devices[0].unit_id", ConfigReasons.OutOfRange },
        { "modbus.devices.0.unit_id=1.5", "modbus.devices[0].unit_id", ConfigReasons.WrongType },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Every_fault_is_named_with_its_path(string change, string path, string reason)
    {
        var refused = Assert.Throws<ConfigRejectedException>(() => ConfigReader.Parse(Changed(change)));
        Assert.Contains(refused.Faults, f => f.Path == path && f.Reason == reason);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var refused = Assert.Throws<ConfigRejectedException>(() => ConfigReader.Parse(Changed("gateway_id", "nodes=[\"x\"]", "modbus.devices.0.colour=1")));
        Assert.Equal(["gateway_id", "nodes", "modbus.devices[0].colour"], refused.Faults.Select(f => f.Path));
    }

    [Theory, InlineData("{", ConfigReasons.NotJson), InlineData("[]", ConfigReasons.WrongType), InlineData("""{"a":1,"a":2}""", ConfigReasons.NotJson)]
    public void What_is_no_configuration_at_all_is_refused(string text, string reason) => Assert.Equal(reason, Assert.Throws<ConfigRejectedException>(() => ConfigReader.Parse(text)).Faults[0].Reason);

    [Fact]
    public void A_file_that_is_not_there_is_refused() => Assert.Equal(ConfigReasons.Unreadable, Assert.Throws<ConfigRejectedException>(() => ConfigReader.Read("/no/such/file")).Faults[0].Reason);

    [Fact]
    public void The_example_that_ships_is_right()
    {
        var config = ConfigReader.Read(Path.Combine(Root, "cluster-config/gateway/gateway.json"));
        Assert.NotEmpty(config.Hj212!.Stations);
        Assert.NotEmpty(config.Devices);
    }

    /// <summary>Whoever sees a name in the log finds it in the document.</summary>
    [Fact]
    public void The_document_has_every_name()
    {
        var text = File.ReadAllText(Path.Combine(Root, "src/Governance.FieldGateway/README.md"));
        Assert.Equal("", string.Join(' ', Reasons.All.Concat(ConfigReasons.All).Where(r => !text.Contains($"`{r}`", StringComparison.Ordinal))));
    }

    /// <summary>The configuration of the tests with values set (<c>path=json</c>) or taken away (<c>path</c>).</summary>
    private static string Changed(params string[] changes)
    {
        var root = JsonNode.Parse(StationPort.Config())!.AsObject();
        root["sources"]!.AsArray().Add(JsonNode.Parse("""{ "id": "HS-3", "detectors": [ { "id": "P", "unit": "kPa" } ] }"""));
        root["modbus"] = JsonNode.Parse("""{ "devices": [ { "name": "PLC", "host": "127.0.0.1", "points": [ { "source": "HS-3", "detector": "P", "function": "holding", "address": 0, "type": "float32", "status": { "function": "holding", "address": 9 } } ] } ] }""");
        Assert.NotNull(ConfigReader.Parse(root.ToJsonString()));
        foreach (var change in changes)
        {
            var (path, value) = change.Split('=', 2) is [var p, var v] ? (p.Split('.'), v) : (change.Split('.'), null);
            JsonNode at = root;
            foreach (var step in path[..^1]) at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
            if (value is null) at.AsObject().Remove(path[^1]);
            else at[path[^1]] = JsonNode.Parse(value);
        }
        return root.ToJsonString(JsonSerializerOptions.Default);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Governance.Actors.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the repository root was not found");
    }
}
