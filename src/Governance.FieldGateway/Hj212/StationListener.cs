using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Hj212;

/// <summary>The port for data loggers. No connection can end it, and none can end another.</summary>
internal sealed class StationListener : IAsyncDisposable
{
    private const int Backlog = 64;
    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(200);
    private readonly Hj212Config _config;
    private readonly Uploads _uploads;
    private readonly FieldLog _log;
    private readonly Meter _meter;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly Task _accepting;
    private long _last;

    /// <summary>Listens when this returns.</summary>
    /// <exception cref="SocketException">The address is not this machine's, or in use.</exception>
    internal StationListener(Hj212Config config, Uploads uploads, FieldLog log, Meter meter)
    {
        (_config, _uploads, _log, _meter) = (config, uploads, log, meter);
        var at = new IPEndPoint(IPAddress.Parse(config.Address), config.Port);
        _socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(at);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    internal IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    internal int Connections => _connections.Count;

    /// <summary>Ends all connections. An upload under way is not answered; it may be kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopping.Token);
                if (_connections.Count >= _config.ConnectionsLimit)
                {
                    _log.Refuse(_meter, Reasons.TooManyConnections, $"{StationConnection.PeerOf(socket)}: {_config.ConnectionsLimit} are open");
                    socket.Dispose();
                    continue;
                }
                var number = ++_last;
                // Registered before it can end.
                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _connections[number] = ServeAsync(number, socket, begun.Task);
                begun.SetResult();
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested) return;
                _log.Refuse(_meter, Reasons.Unexpected, $"accept: {e.Message}");
                await Task.Delay(AcceptAgainAfter, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(long number, Socket socket, Task begun)
    {
        await begun;
        try
        {
            socket.NoDelay = true;
            // A data logger behind a dead radio link would hold its place for ever otherwise.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await new StationConnection(socket, _config, _uploads, _log, _meter).RunAsync(_stopping.Token);
        }
        catch (OperationCanceledException) { /* the gateway stops */ }
        catch (Exception e) { _log.Refuse(_meter, Reasons.Unexpected, $"connection: {e.Message}"); }
        finally
        {
            socket.Dispose();
            _connections.TryRemove(number, out _);
        }
    }
}
