using System.Diagnostics;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Keeping;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;

namespace Governance.FieldGateway.Modbus;

/// <summary>
/// Polls one device in a thread of its own, because libmodbus blocks: a device that is slow or dead holds up no other.
/// Keeps the pace of its period; while the device is away it tries less and less often to connect, and says every period
/// that there is no value.
/// </summary>
internal sealed class DevicePoller : IDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private readonly DeviceConfig _device;
    private readonly IKeeper _keeper;
    private readonly FieldLog _log;
    private readonly Meter _meter;
    private readonly ModbusLink _link;
    private readonly DeviceReader _reader;
    private readonly Sample[] _samples;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;
    private TimeSpan _backoff;
    private long _downSince;

    /// <summary>Begins to poll.</summary>
    /// <exception cref="LibraryMissingException">libmodbus is not installed.</exception>
    internal DevicePoller(DeviceConfig device, IKeeper keeper, FieldLog log, Meter meter)
    {
        (_device, _keeper, _log, _meter) = (device, keeper, log, meter);
        _link = new ModbusLink(device);
        _reader = new DeviceReader(device, _link, log, meter);
        _samples = new Sample[device.Points.Count];
        _thread = new Thread(Run) { IsBackground = true, Name = $"modbus {device.Name}" };
        _thread.Start();
    }

    /// <summary>Waits for the poll under way, as long as its time-outs allow.</summary>
    public void Dispose()
    {
        _stopping.Set();
        _thread.Join();
        _link.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        var next = Stopwatch.GetTimestamp();
        var period = (long)(_device.Period.TotalSeconds * Stopwatch.Frequency);
        while (!_stopping.IsSet)
        {
            try { Poll(); }
            // Whatever it is, the next period comes.
            catch (Exception e) { _log.Refuse(_meter, Reasons.Unexpected, e.Message); }
            next += period;
            var missed = (Stopwatch.GetTimestamp() - next) / period;
            if (Stopwatch.GetTimestamp() > next && missed >= 0)
            {
                // Twice in a row at once would bring nothing that is newer.
                _log.Refuse(_meter, Reasons.PollOverrun, $"{missed + 1} periods of {_device.Period.TotalMilliseconds} ms", missed + 1);
                next += (missed + 1) * period;
            }
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero) _stopping.Wait(wait);
        }
    }

    private void Poll()
    {
        if (Connected())
        {
            if (_reader.Read(_samples))
            {
                _backoff = TimeSpan.Zero;
                _meter.Heard(_log.Time.GetUtcNow());
            }
            else Down();
        }
        else _reader.ReadNothing(_samples);
        try
        {
            if (_keeper.TryTake(_log.Time.GetUtcNow(), _samples, out _)) _meter.Took(_samples.Length);
            else _log.Refuse(_meter, Reasons.BufferFull, $"{_samples.Length} readings are lost: a device remembers nothing", _samples.Length);
        }
        catch (GatewayFencedException e) { _log.Refuse(_meter, Reasons.Fenced, e.Why, _samples.Length); }
    }

    private bool Connected()
    {
        if (_link.IsConnected) return true;
        if (_backoff > TimeSpan.Zero && Stopwatch.GetElapsedTime(_downSince) < _backoff) return false;
        var result = _link.Connect();
        if (_link.IsConnected)
        {
            _log.Say("CONNECTED", _meter, $"{_device.Host}:{_device.Port}");
            return true;
        }
        _log.Refuse(_meter, Reasons.LinkDown, $"{_device.Host}:{_device.Port}: {result.Detail}");
        Down();
        return false;
    }

    private void Down()
    {
        _downSince = Stopwatch.GetTimestamp();
        _backoff = _backoff == TimeSpan.Zero ? FirstBackoff : _backoff * 2 < _device.ReconnectLimit ? _backoff * 2 : _device.ReconnectLimit;
    }
}
