using System.Collections.Concurrent;
using System.Diagnostics;
using Governance.Gateway;
using Grpc.Net.Client;

namespace Governance.Cluster.Tests.Faults;

/// <summary>
/// A gateway at work: takes a sample of every detector each tick, keeps what is not acknowledged, and notes when each
/// reading that must raise an alarm was taken.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>So few that an outage makes the taking wait, as a small gateway does.</summary>
    private const int BufferReadings = 20_000;
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly GatewayClient _gateway;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private long _ticks;
    private long _lastBatch;

    internal Load(Plant plant, string name, IReadOnlyList<GrpcChannel> nodes, Func<string> token)
    {
        Plant = plant;
        _gateway = new GatewayClient(new GatewayOptions { Nodes = nodes, Token = token, GatewayId = name, Epoch = 1, BufferReadings = BufferReadings }, plant.Declarations());
        _running = Task.Run(RunAsync);
    }

    internal Plant Plant { get; }
    internal long Ticks => Interlocked.Read(ref _ticks);
    internal long Sent => _gateway.Sent;
    internal long Acknowledged => _gateway.Acknowledged;
    internal long Refused => _gateway.Refused;
    internal int Connections => _gateway.Connections;
    /// <summary>When the reading was taken that raises an occurrence.</summary>
    internal ConcurrentDictionary<string, DateTimeOffset> Expected { get; } = new();

    /// <summary>Readings that are taken and not acknowledged.</summary>
    internal long Open => Sent - Acknowledged - Refused;

    /// <summary>Takes no more; returns when everything taken is acknowledged.</summary>
    internal async Task FinishAsync(TimeSpan atMost)
    {
        await _stopping.CancelAsync();
        await _running;
        using var deadline = new CancellationTokenSource(atMost);
        await _gateway.WaitUntilAcknowledgedAsync(_lastBatch, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _gateway.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var samples = new Sample[Plant.Sources * Plant.Detectors];
        var (begun, behind) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        try
        {
            for (long tick = 0; ; tick++)
            {
                var ahead = tick * Tick + behind - Stopwatch.GetElapsedTime(begun);
                if (ahead > TimeSpan.Zero) await Task.Delay(ahead, _stopping.Token);
                // What a full buffer held up is not made up for: detectors sample when they sample.
                else if (ahead < -Tick) behind -= ahead;
                var now = DateTimeOffset.UtcNow;
                for (var s = 0; s < Plant.Sources; s++)
                    for (var d = 0; d < Plant.Detectors; d++)
                    {
                        samples[s * Plant.Detectors + d] = new Sample(s, d, now, Plant.Value(s, d, tick));
                        if (Plant.Raises(s, d, tick)) Expected[Plant.Occurrence(s, d, tick).Value] = now;
                    }
                _lastBatch = await _gateway.SendAsync(now, samples, _stopping.Token);
                Interlocked.Increment(ref _ticks);
            }
        }
        catch (OperationCanceledException)
        {
            // The tick that was not taken raises nothing.
            for (var s = 0; s < Plant.Sources; s++)
                for (var d = 0; d < Plant.Detectors; d++)
                    if (Plant.Raises(s, d, Ticks)) Expected.TryRemove(Plant.Occurrence(s, d, Ticks).Value, out _);
        }
    }
}
