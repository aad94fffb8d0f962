using Governance.FieldGateway.Config;
using Governance.FieldGateway.Hj212;
using Governance.FieldGateway.Keeping;
using Governance.FieldGateway.Modbus;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;
using Grpc.Net.Client;

namespace Governance.FieldGateway.Hosting;

/// <summary>A running field gateway: the kit, the port for data loggers, a thread per device.</summary>
internal sealed class FieldGatewayHost : IAsyncDisposable
{
    /// <summary>An expired token or a source that is not commissioned yet is mended by people; meanwhile the disk keeps.</summary>
    private static readonly TimeSpan RetryRejected = TimeSpan.FromSeconds(10);
    private readonly GatewayConfig _config;
    private readonly FieldLog _log;
    private readonly IReadOnlyList<GrpcChannel> _nodes;
    private readonly GatewayClient _kit;
    private readonly Meter _meter;
    private readonly List<Station> _stations = [];
    private readonly List<DevicePoller> _pollers = [];
    private readonly RequestBook? _book;
    private readonly StationListener? _listener;
    private readonly TaskCompletionSource<string> _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopped, _isDisposed;

    /// <summary>Everything runs when this returns.</summary>
    /// <exception cref="IOException">The buffer folder is another process's, or cannot be written.</exception>
    /// <exception cref="LibraryMissingException">Devices are configured and libmodbus is not installed.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port for data loggers cannot be had.</exception>
    internal FieldGatewayHost(GatewayConfig config, FieldLog log)
    {
        (_config, _log, _meter) = (config, log, log.Meter("gateway", config.GatewayId));
        if (config.Devices.Count > 0) LibModbus.Require();
        _nodes = [.. config.Nodes.Select(NodeChannel.To)];
        _kit = new GatewayClient(Options(config), config.Sources);
        try
        {
            HearOfTheKit();
            var keeper = new KitKeeper(_kit);
            if (config.Hj212 is { } loggers) (_book, _listener) = Listen(loggers, keeper);
            foreach (var device in config.Devices) _pollers.Add(new DevicePoller(device, keeper, log, log.Meter("device", device.Name)));
        }
        catch
        {
            // Nothing is to be waited for: whoever asked hears the reason at once.
            DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Ends with the reason when the edge will never have this gateway as it is.</summary>
    internal Task<string> Fenced => _fenced.Task;

    /// <summary>One line for the gateway and one for every station and device.</summary>
    internal void TellStatus() => StatusLines.Tell(_log, _kit, _meter, _book, _listener?.Connections ?? 0);

    /// <summary>Takes nothing more, goes on sending for a while, and leaves the rest on disk.</summary>
    internal async Task StopAsync()
    {
        await StopTakingAsync();
        using var within = new CancellationTokenSource(_config.DrainWithin);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (_kit.OpenReadings > 0 && _kit.Fenced is null) await look.WaitForNextTickAsync(within.Token);
        }
        catch (OperationCanceledException) { /* the rest is on disk */ }
        _log.Say("STOPPED", _meter, $"{_kit.OpenReadings} readings stay in {_config.BufferFolder}");
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopTakingAsync();
        await _kit.DisposeAsync();
        _book?.Dispose();
        foreach (var station in _stations) station.Dispose();
        foreach (var node in _nodes) node.Dispose();
    }

    private async Task StopTakingAsync()
    {
        if (_listener is not null && !_isStopped) await _listener.DisposeAsync();
        _isStopped = true;
        await Task.WhenAll(_pollers.Select(p => Task.Run(p.Dispose)));
        _pollers.Clear();
    }

    private GatewayOptions Options(GatewayConfig config) => new()
    {
        Nodes = _nodes, Token = () => File.ReadAllText(config.TokenFile).Trim(), GatewayId = config.GatewayId, Epoch = config.Epoch,
        BufferFolder = Path.Combine(config.BufferFolder, "readings"), BufferBytes = config.BufferLimitBytes,
        // A data logger forgets what was answered: it must be on the disk by then, not in a cache.
        SyncWithin = TimeSpan.Zero, RetryRejected = RetryRejected, Time = _log.Time,
    };

    private (RequestBook, StationListener) Listen(Hj212Config loggers, IKeeper keeper)
    {
        var places = loggers.Stations.SelectMany(s => s.Factors.Values).Select(f => f.Place).ToList();
        var (byName, byPlace) = (places.ToDictionary(p => p.Name), places.ToDictionary(p => (p.Source, p.Detector), p => p.Name));
        var book = new RequestBook(Path.Combine(_config.BufferFolder, "requests"), loggers.RememberedRequests, keeper.Epoch,
            name => byName.TryGetValue(name, out var place) ? keeper.LastNumber(place.Source, place.Detector) : null);
        try
        {
            var intake = new StationIntake(keeper, book, _log, sample => byPlace[(sample.Source, sample.Detector)], loggers.KeepWithin);
            foreach (var station in loggers.Stations) _stations.Add(new Station(station, _log.Meter("station", station.Mn), new SplitUpload(loggers.SplitLimitPackets, loggers.SplitWithin)));
            var uploads = new Uploads(_stations.ToDictionary(s => s.Config.Mn), intake, _log, _log.Meter("listener", "strangers"));
            var listener = new StationListener(loggers, uploads, _log, _log.Meter("listener", "hj212"));
            _log.Say("LISTENING", null, listener.Address.ToString());
            return (book, listener);
        }
        catch
        {
            book.Dispose();
            throw;
        }
    }

    private void HearOfTheKit()
    {
        if (_kit.EpochRose is { } rose) _log.Say("EPOCH_ROSE", _meter, $"{rose}: what was not acknowledged may be stored twice");
        foreach (var damage in _kit.BufferDamage) _log.Say("BUFFER_DAMAGE", _meter, damage.ToString());
        if (_kit.RestoredReadings > 0) _log.Say("RESTORED", _meter, $"{_kit.RestoredReadings} readings of before");
        _kit.BufferFailed += why => _log.Refuse(_meter, Reasons.BufferFault, why);
        _kit.ReadingsRefused += r => _log.Refuse(_meter, Reasons.RefusedByEdge, $"{r.SourceId}/{r.DetectorId} {r.FromSeq}-{r.ToSeq}: {r.Reason} {r.Detail}", Math.Max(1, r.Readings));
        _kit.GatewayFenced += why => _fenced.TrySetResult(why);
        // It may have been told before anybody listened.
        if (_kit.Fenced is { } already) _fenced.TrySetResult(already);
    }
}
