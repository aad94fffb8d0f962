using Governance.FieldGateway.Config;
using Governance.FieldGateway.Hj212;
using Governance.FieldGateway.Keeping;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>The port for data loggers alone, with a keeper that does as it is told. Stations MN-1 and MN-2; what is mapped is told in <see cref="Config"/>.</summary>
internal sealed class StationPort : IAsyncDisposable
{
    private readonly StringWriter _lines = new();
    private readonly Station[] _stations;
    private readonly RequestBook _book;
    private readonly StationListener _listener;
    private readonly Meter _listenerMeter, _strangers;

    /// <param name="settings">Further keys of <c>hj212</c>, each with a comma behind it.</param>
    internal StationPort(string folder, FakeKeeper keeper, string settings = "", string station = "")
    {
        var config = ConfigReader.Parse(Config(settings, station)).Hj212!;
        Log = new FieldLog(_lines.WriteLine, asJson: false, TimeProvider.System);
        var places = config.Stations.SelectMany(s => s.Factors.Values).Select(f => f.Place).ToList();
        _book = new RequestBook(folder, config.RememberedRequests, keeper.Epoch, name => places.Find(p => p.Name == name) is { } p ? keeper.LastNumber(p.Source, p.Detector) : null);
        _stations = [.. config.Stations.Select(s => new Station(s, Log.Meter("station", s.Mn), new SplitUpload(config.SplitLimitPackets, config.SplitWithin)))];
        (_listenerMeter, _strangers) = (Log.Meter("listener", "hj212"), Log.Meter("listener", "strangers"));
        var intake = new StationIntake(keeper, _book, Log, s => places.First(p => p.Source == s.Source && p.Detector == s.Detector).Name, config.KeepWithin);
        _listener = new StationListener(config, new Uploads(_stations.ToDictionary(s => s.Config.Mn), intake, Log, _strangers), Log, _listenerMeter);
    }

    internal FieldLog Log { get; }
    internal int Port => _listener.Address.Port;
    internal string Lines { get { lock (_lines) return _lines.ToString(); } }
    internal int Connections => _listener.Connections;
    internal Meter Station(int index) => _stations[index].Meter;
    internal RequestBook Book => _book;

    /// <summary>How often this was refused, whoever it was counted for.</summary>
    internal long Count(string reason) => _stations.Sum(s => s.Meter.Count(reason)) + _listenerMeter.Count(reason) + _strangers.Count(reason);

    internal Task RefusedAsync(string reason, long times = 1) => Wait.UntilAsync(() => Count(reason) >= times, () => $"{reason} {Count(reason)} times; {Lines}");

    /// <summary>Chlorine (a21022) and hydrogen sulphide (a21028) of MN-1, the minute's mean of one more; chlorine of MN-2.</summary>
    internal static string Config(string settings = "", string station = "") => $$"""
        {
          "gateway_id": "GW", "nodes": ["http://127.0.0.1:5080"], "token_file": "token", "buffer": { "folder": "buffer" },
          "sources": [ { "id": "HS-1", "detectors": [ { "id": "CL2", "unit": "mg/m3" }, { "id": "H2S", "unit": "mg/m3" }, { "id": "MEAN", "unit": "mg/m3" } ] }, { "id": "HS-2", "detectors": [ { "id": "CL2", "unit": "mg/m3" } ] } ],
          "hj212": {
            {{settings}} "listen": "127.0.0.1:0",
            "stations": [
              { {{station}} "mn": "MN-1", "pw": "123456", "factors": [
                { "code": "a21022", "source": "HS-1", "detector": "CL2" }, { "code": "a21028", "source": "HS-1", "detector": "H2S", "scale": 0.001 },
                { "code": "a21022", "command": "2051", "source": "HS-1", "detector": "MEAN" } ] },
              { "mn": "MN-2", "pw": "654321", "factors": [ { "code": "a21022", "source": "HS-2", "detector": "CL2" } ] } ]
          }
        }
        """;

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _book.Dispose();
        foreach (var station in _stations) station.Dispose();
    }
}
