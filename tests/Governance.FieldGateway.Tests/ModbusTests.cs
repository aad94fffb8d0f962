using Governance.Edge.V1;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Modbus;
using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;
using Governance.Gateway;

namespace Governance.FieldGateway.Tests;

/// <summary>A real Modbus server, read with libmodbus: values, qualities, and what happens when it dies, dawdles and comes back.</summary>
public sealed class ModbusTests : IAsyncLifetime
{
    private readonly ModbusServer _server = new();
    private readonly FakeKeeper _keeper = new();
    private readonly StringWriter _lines = new();
    private FieldLog _log = null!;
    private Meter _meter = null!;

    public async Task InitializeAsync()
    {
        (_log, _meter) = (new FieldLog(_lines.WriteLine, asJson: false, TimeProvider.System), null!);
        _meter = _log.Meter("device", "PLC");
        if (ModbusServer.Missing is null) await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ModbusFact]
    public async Task Every_table_type_scale_and_status_is_read_in_few_requests()
    {
        await _server.SetAsync("hr", 0, 0x42F6, 0xE979, 0xFFFE, 0, 0b100);
        await _server.SetAsync("ir", 7, 250);
        await _server.SetAsync("co", 3, 1);
        await _server.SetAsync("di", 5, 0, 1);
        var device = Device(
            Point("F", "holding", 0, ", \"type\": \"float32\""), Point("I", "holding", 2, ", \"type\": \"int16\", \"scale\": 0.5, \"offset\": 10"),
            Point("U", "input", 7, ", \"scale\": 0.1"), Point("C", "coil", 3), Point("D", "discrete", 5),
            Point("S1", "holding", 3, ", \"status\": { \"function\": \"holding\", \"address\": 4, \"bit\": 2, \"quality\": \"MAINTENANCE\" }"),
            Point("S2", "input", 8, ", \"status\": { \"function\": \"discrete\", \"address\": 6, \"when\": false, \"quality\": \"CALIBRATION\" }"));
        using var link = new ModbusLink(device);
        Assert.Equal(ReadEnd.Answered, link.Connect().End);
        var (reader, samples) = (new DeviceReader(device, link, _log, _meter), new Sample[device.Points.Count]);
        Assert.True(reader.Read(samples));
        Assert.Equal([123.456f, 9, 25, 1, 0, 0, 0], samples.Select(s => s.Value));
        Assert.Equal([Quality.Good, Quality.Good, Quality.Good, Quality.Good, Quality.Good, Quality.Maintenance, Quality.Good], samples.Select(s => s.Quality));
        Assert.Equal(4, reader.Plan.Count);
    }

    /// <summary>NaN is bad; an address that the device does not have is bad for its own point only, though it was asked for with others.</summary>
    [ModbusFact]
    public async Task Not_a_number_and_an_exception_are_bad_and_spoil_no_other()
    {
        await _server.SetAsync("hr", 396, 0x7FC0, 0, 11, 12);
        var device = Device(Point("NAN", "holding", 396, ", \"type\": \"float32\""), Point("L", "holding", 398), Point("LAST", "holding", 399), Point("BEYOND", "holding", 400));
        using var link = new ModbusLink(device);
        link.Connect();
        var (reader, samples) = (new DeviceReader(device, link, _log, _meter), new Sample[4]);
        for (var poll = 0; poll < 2; poll++)
        {
            Assert.True(reader.Read(samples));
            Assert.Equal([Quality.Bad, Quality.Good, Quality.Good, Quality.Bad], samples.Select(s => s.Quality));
            Assert.Equal([double.NaN, 11, 12, double.NaN], samples.Select(s => s.Value));
        }
        Assert.True(link.IsConnected);
        Assert.Equal((2, 3), (_meter.Count(Reasons.NotANumber), _meter.Count(Reasons.DeviceException)));
    }

    /// <summary>A bridge that answers for a device that does not: a communication fault, on a connection that is well.</summary>
    [ModbusFact]
    public void A_silent_device_behind_a_bridge_is_a_communication_fault()
    {
        var device = Device(Point("A", "holding", 0), Point("B", "holding", 1)) with { UnitId = 2 };
        using var link = new ModbusLink(device);
        link.Connect();
        var (reader, samples) = (new DeviceReader(device, link, _log, _meter), new Sample[2]);
        Assert.True(reader.Read(samples));
        Assert.All(samples, s => Assert.Equal((double.NaN, Quality.Communication), (s.Value, s.Quality)));
        Assert.True(link.IsConnected);
        Assert.Equal(1, _meter.Count(Reasons.NoAnswer));
    }

    /// <summary>While the device is away every period says so; no value is told twice, and when it is back its values are its own.</summary>
    [ModbusFact]
    public async Task Killed_and_started_again_in_the_middle_of_polling()
    {
        await _server.SetAsync("hr", 0, 1);
        using var poller = new DevicePoller(Device(Point("A", "holding", 0), Point("B", "holding", 300)), _keeper, _log, _meter);
        await UntilAsync(s => s is { Quality: Quality.Good, Value: 1 });
        await _server.KillAsync();
        await UntilAsync(s => s.Quality == Quality.Communication, 5);
        var down = _keeper.Taken.SkipWhile(s => s.Quality == Quality.Good).ToList();
        Assert.All(down, s => Assert.Equal((double.NaN, Quality.Communication), (s.Value, s.Quality)));
        Assert.Contains(Reasons.LinkDown, _lines.ToString());
        await _server.StartAsync();
        await _server.SetAsync("hr", 0, 2);
        await UntilAsync(s => s is { Quality: Quality.Good, Value: 2 });
        // Never the value of before.
        Assert.DoesNotContain(_keeper.Taken.SkipWhile(s => s.Quality == Quality.Good), s => s.Value == 1);
    }

    /// <summary>An answer that comes too late is not taken for the answer to the next question.</summary>
    [ModbusFact]
    public async Task A_device_that_dawdles_has_no_value_and_its_late_answers_are_nobodys()
    {
        await _server.SetAsync("hr", 0, 1);
        await _server.SetAsync("hr", 300, 7);
        using var poller = new DevicePoller(Device(Point("A", "holding", 0), Point("B", "holding", 300)), _keeper, _log, _meter);
        await UntilAsync(s => s is { Detector: 1, Quality: Quality.Good, Value: 7 });
        await _server.DelayAsync(0.45);
        await UntilAsync(s => s.Quality == Quality.Communication, 6);
        await _server.DelayAsync(0);
        await UntilAsync(s => s.Quality == Quality.Good && s.SampledAt > DateTimeOffset.UtcNow.AddSeconds(-1), 2);
        Assert.True(_meter.Count(Reasons.NoAnswer) > 0, _lines.ToString());
        Assert.All(_keeper.Taken.Where(s => s.Quality == Quality.Good), s => Assert.Equal(s.Detector == 0 ? 1 : 7, s.Value));
    }

    [ModbusFact]
    public async Task A_full_buffer_and_a_fenced_gateway_are_counted_and_polling_goes_on()
    {
        using var poller = new DevicePoller(Device(Point("A", "holding", 0)), _keeper, _log, _meter);
        await UntilAsync(s => s.Quality == Quality.Good);
        _keeper.IsFull = true;
        await Wait.UntilAsync(() => _meter.Count(Reasons.BufferFull) > 0, _lines.ToString);
        _keeper.IsFull = false;
        await UntilAsync(s => s.Quality == Quality.Good, _keeper.Taken.Count + 2);
        _keeper.Fenced = "OLD_EPOCH";
        await Wait.UntilAsync(() => _meter.Count(Reasons.Fenced) > 0, _lines.ToString);
    }

    private Task UntilAsync(Func<Sample, bool> fact, int times = 1) => Wait.UntilAsync(() => _keeper.Taken.Count(fact) >= times, () => $"{string.Join('\n', _keeper.Taken.TakeLast(6))}\n{_lines}");

    private static string Point(string detector, string table, int address, string more = "") => $$"""{ "source": "HS", "detector": "{{detector}}", "function": "{{table}}", "address": {{address}}{{more}} }""";

    private DeviceConfig Device(params string[] points)
    {
        var detectors = string.Join(',', points.Select(p => $$"""{ "id": {{System.Text.Json.JsonDocument.Parse(p).RootElement.GetProperty("detector").GetRawText()}}, "unit": "mg/m3" }"""));
        return ConfigReader.Parse($$"""
            {
              "gateway_id": "GW", "nodes": ["http://127.0.0.1:5080"], "token_file": "token", "buffer": { "folder": "buffer" },
              "sources": [ { "id": "HS", "detectors": [ {{detectors}} ] } ],
              "modbus": { "devices": [ { "name": "PLC", "host": "127.0.0.1", "port": {{_server.Port}}, "period_ms": 100, "timeout_ms": 200, "reconnect_limit_s": 1, "points": [ {{string.Join(',', points)}} ] } ] }
            }
            """).Devices[0];
    }
}
