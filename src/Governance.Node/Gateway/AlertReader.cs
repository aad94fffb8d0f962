using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Node.Gateway;

/// <summary>The edge will not have this subscriber.</summary>
public sealed class SubscriptionRejectedException(string why) : Exception($"the subscription was rejected: {why}");

/// <summary>Subscribes to alerts and resumes with its cursor after any break: sees every alert once.</summary>
public sealed class AlertReader : IAsyncDisposable
{
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);
    private const int DefaultHeartbeatS = 10;
    private readonly IReadOnlyList<GrpcChannel> _nodes;
    private readonly Func<string> _token;
    private readonly SubscribeRequest _request;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<string, long> _positions = [];
    private readonly List<Alert> _alerts = [];
    private readonly HashSet<string> _seen = [];
    private readonly Task _running;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="nodes">The nodes of a cluster, or the one node: a subscription that breaks or falls silent is taken up at the next.</param>
    public AlertReader(IReadOnlyList<GrpcChannel> nodes, Func<string> token, SubscribeRequest request)
    {
        (_nodes, _token, _request) = (nodes, token, request);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Called for every alert, in order per area.</summary>
    public event Action<Alert>? Arrived;

    /// <summary>The latest heartbeat; null before the first.</summary>
    public FeedHeartbeat? LastHeartbeat { get; private set; }

    /// <summary>Why the edge will not have this subscriber; null while it will.</summary>
    public string? Rejected { get; private set; }

    public IReadOnlyList<Alert> Alerts { get { lock (_gate) return [.. _alerts]; } }

    /// <summary>Waits until there is a cursor: from here on nothing is missed.</summary>
    public async Task WaitUntilSubscribedAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_request.ResumeCursor.Length > 0) return;
                if (Rejected is { } why) throw new SubscriptionRejectedException(why);
                changed = _progress.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Waits for the first alert that matches, one that came already included.</summary>
    public async Task<Alert> WaitForAsync(Func<Alert, bool> match, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_alerts.Find(a => match(a)) is { } found) return found;
                if (Rejected is { } why) throw new SubscriptionRejectedException(why);
                changed = _progress.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Waits until everything up to this position of an area was confirmed to this subscriber.</summary>
    public async Task WaitUntilAsync(string area, long position, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_positions.GetValueOrDefault(area) >= position) return;
                if (Rejected is { } why) throw new SubscriptionRejectedException(why);
                changed = _progress.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    private sealed class V1Client(GrpcChannel channel) : Alerts.AlertsClient(channel);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        // Heartbeats come at the asked pace: three missing ones are no calm, they are a dead stream.
        var silence = TimeSpan.FromSeconds(3 * (_request.HeartbeatS == 0 ? DefaultHeartbeatS : _request.HeartbeatS) + 2);
        for (var attempt = 0; !_closing.IsCancellationRequested && Rejected is null; attempt++)
        {
            using var silent = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            try
            {
                silent.CancelAfter(silence);
                var client = new V1Client(_nodes[attempt % _nodes.Count]);
                using var stream = client.Subscribe(_request, new CallOptions(new Metadata { { "authorization", $"Bearer {_token()}" } }, cancellationToken: silent.Token));
                await foreach (var envelope in stream.ResponseStream.ReadAllAsync(silent.Token))
                {
                    silent.CancelAfter(silence);
                    Take(envelope);
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.InvalidArgument or StatusCode.FailedPrecondition && !e.Status.Detail.StartsWith("CURSOR_AHEAD", StringComparison.Ordinal))
            {
                lock (_gate) { Rejected = e.Status.Detail; Progress(); }
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException)
            {
                if (!_closing.IsCancellationRequested) await Task.Delay(Backoff, CancellationToken.None);
            }
        }
    }

    private void Take(AlertEnvelope envelope)
    {
        Alert? fresh = null;
        lock (_gate)
        {
            if (envelope.Cursor.Length > 0) _request.ResumeCursor = envelope.Cursor;
            if (envelope.Alert is { } alert && _seen.Add(alert.AlertId))
            {
                _alerts.Add(fresh = alert);
                _positions[alert.Area] = Math.Max(_positions.GetValueOrDefault(alert.Area), alert.Position);
            }
            LastHeartbeat = envelope.Heartbeat ?? LastHeartbeat;
            foreach (var head in envelope.Heartbeat?.Heads.AsEnumerable() ?? [])
                _positions[head.Area] = Math.Max(_positions.GetValueOrDefault(head.Area), head.Position);
            Progress();
        }
        if (fresh is not null) Arrived?.Invoke(fresh);
    }

    private void Progress()
    {
        _progress.TrySetResult();
        _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
