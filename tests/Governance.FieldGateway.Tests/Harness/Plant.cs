using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;
using HazardKind = Governance.Edge.V1.HazardKind;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>A whole node on loopback with a commissioned source, and the files of a field gateway for it.</summary>
internal sealed class Plant : IAsyncDisposable
{
    internal const string Source = "HS-FIELD";
    private readonly string _folder = Directory.CreateTempSubdirectory("field-plant-").FullName;
    private NodeHost? _node;

    internal int GrpcPort { get; } = Ports.Free();
    internal int LoggerPort { get; } = Ports.Free();
    internal GrpcChannel Channel { get; private set; } = null!;
    internal string ConfigFile => Path.Combine(_folder, "gateway.json");
    internal string TokenFile => Path.Combine(_folder, "token");
    internal string BufferFolder => Path.Combine(_folder, "buffer");

    /// <summary>Writes the files; <paramref name="modbusPort"/> adds a device with hydrogen sulphide, <paramref name="station"/> keys of the station, each with a comma.</summary>
    internal static Plant Create(int? modbusPort = null, string station = "")
    {
        var plant = new Plant();
        var device = modbusPort is null ? "" : $$"""
            , "modbus": { "devices": [ { "name": "PLC-1", "host": "127.0.0.1", "port": {{modbusPort}}, "period_ms": 100, "timeout_ms": 500, "reconnect_limit_s": 1, "points": [
              { "source": "{{Source}}", "detector": "H2S", "function": "holding", "address": 0, "type": "uint16", "scale": 0.1 } ] } ] }
            """;
        var detector = modbusPort is null ? "" : """, { "id": "H2S", "unit": "mg/m3" }""";
        File.WriteAllText(plant.TokenFile, "not yet");
        File.WriteAllText(plant.ConfigFile, $$"""
            {
              "gateway_id": "GW-FIELD", "nodes": ["http://127.0.0.1:{{plant.GrpcPort}}"], "token_file": "token", "buffer": { "folder": "buffer", "limit_mebibytes": 16 }, "drain_within_s": 5,
              "sources": [ { "id": "{{Source}}", "detectors": [ { "id": "CL2", "unit": "mg/m3" }{{detector}} ] } ],
              "hj212": { "listen": "127.0.0.1:{{plant.LoggerPort}}", "stations": [ { {{station}} "mn": "MN-1", "pw": "123456", "factors": [ { "code": "a21022", "source": "{{Source}}", "detector": "CL2" } ] } ] }{{device}}
            }
            """);
        return plant;
    }

    /// <summary>Starts the node, commissions the source and writes the gateway's token.</summary>
    internal async Task StartNodeAsync()
    {
        _node = await NodeHost.StartAsync(NodeOptions.Embedded(Path.Combine(_folder, "node")) with { GrpcPort = GrpcPort }, CancellationToken.None);
        Channel = GrpcChannel.ForAddress(_node.Grpc);
        var request = new RegisterDetectorsRequest { CommandId = Guid.NewGuid().ToString(), SourceId = Source, Name = Source, Subdistrict = "410803001", Enterprise = "Works", Detectors = { Detector("CL2"), Detector("H2S") } };
        await new Commissioning.CommissioningClient(Channel).RegisterDetectorsAsync(request, As(Roles.Admin));
        await File.WriteAllTextAsync(TokenFile, _node.Token("GW-FIELD", "", Roles.Gateway));
    }

    internal string Token(string role) => _node!.Token("tester", "", role);

    internal CallOptions As(string role) => new(new Metadata { { "authorization", $"Bearer {Token(role)}" } }, DateTime.UtcNow.AddSeconds(30));

    /// <summary>What the ledger has of the source.</summary>
    internal async Task<List<Reading>> LedgerAsync()
    {
        using var call = new Alarms.AlarmsClient(Channel).QueryReadings(new QueryReadingsRequest { SourceId = Source }, As(Roles.Viewer));
        return (await call.ResponseStream.ReadAllAsync().ToListAsync()).SelectMany(p => p.Readings).ToList();
    }

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        if (_node is not null) await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static DetectorSpec Detector(string id) => new()
    {
        DetectorId = id, Kind = HazardKind.ToxicGas, Unit = "mg/m3", Period = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)), RangeTop = 30, ZeroDrift = 0.5, Point = id,
        Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 1, Deadband = 0.2 }, new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = 2, Deadband = 0.2 } },
    };
}
