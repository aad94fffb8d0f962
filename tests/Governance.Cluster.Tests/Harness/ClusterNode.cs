using System.Globalization;

namespace Governance.Cluster.Tests.Harness;

/// <summary>A real node in a process of its own, which can be killed, frozen and ended, and started again on the same data.</summary>
internal sealed class ClusterNode(ClusterNodeOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly OutputTail _output = new();
    private readonly List<int> _exitCodes = [];
    private CancellationTokenSource _stopped = new();
    private NodeLife? _life;
    private Task _watch = Task.CompletedTask;
    private int _restarts;

    /// <summary>Whether an exited process is started again after a second, unless it was terminated on purpose. Counts at the exit.</summary>
    internal bool Supervise { get; set; }

    internal ClusterNodeOptions Options => options;
    internal string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://{options.Host}:{options.GrpcPort}");
    internal string HttpEndpoint => string.Create(CultureInfo.InvariantCulture, $"http://{options.Host}:{options.HttpPort}");

    /// <summary>Process id of the present process, or of the last one.</summary>
    internal int Pid => Life.Pid;

    internal bool HasExited => Life.Exited.IsCompleted;

    /// <summary>Exit code of the last process; null while it runs. 137 is SIGKILL.</summary>
    internal int? ExitCode => HasExited ? Life.Exited.Result : null;

    /// <summary>Exit codes of all processes that ended, oldest first.</summary>
    internal IReadOnlyList<int> ExitCodes { get { lock (_gate) return [.. _exitCodes]; } }

    /// <summary>How often supervision started it again.</summary>
    internal int Restarts => Volatile.Read(ref _restarts);

    /// <summary>The last 500 lines of all its processes, output and errors.</summary>
    internal string Output => _output.ToString();

    private NodeLife Life => Volatile.Read(ref _life) ?? throw new InvalidOperationException("the node was never started");

    /// <summary>Starts the process and returns when it is ready; throws with its output when it ends before, or takes too long.</summary>
    internal async Task StartAsync(TimeSpan atMost)
    {
        if (_life is not null && (!HasExited || await Life.Next is not null)) throw new InvalidOperationException("the node runs already");
        await _watch;
        _stopped = new CancellationTokenSource();
        _watch = WatchAsync(Launch(), _stopped.Token);
        await UntilReadyAsync(atMost);
    }

    /// <summary>Returns when it is ready; under supervision also when it must come back first.</summary>
    internal async Task UntilReadyAsync(TimeSpan atMost)
    {
        using var deadline = new CancellationTokenSource(atMost);
        try
        {
            for (var life = Life; !life.IsUp;)
            {
                if (await life.Ready.WaitAsync(deadline.Token) && life.IsUp) return;
                life = await life.Next.WaitAsync(deadline.Token) ?? throw new InvalidOperationException($"the node ended with {ExitCode} and is not ready:\n{Output}");
            }
        }
        catch (OperationCanceledException) { throw new TimeoutException($"the node was not ready within {atMost}:\n{Output}"); }
    }

    /// <summary>SIGKILL. False when there is no process; the exit itself follows at once, see <see cref="ExitAsync"/>.</summary>
    internal bool Kill9() => Life.Signal(Libc.SigKill);

    /// <summary>SIGSTOP: it keeps its memory and its connections, and does nothing.</summary>
    internal bool Freeze() => Life.Signal(Libc.SigStop);

    /// <summary>SIGCONT.</summary>
    internal bool Thaw() => Life.Signal(Libc.SigCont);

    /// <summary>Waits for the end of the present process and returns its exit code.</summary>
    internal async Task<int> ExitAsync(TimeSpan atMost)
    {
        try { return await Life.Exited.WaitAsync(atMost); }
        catch (TimeoutException) { throw new TimeoutException($"the node did not end within {atMost}:\n{Output}"); }
    }

    /// <summary>SIGTERM, as systemd stops a service: it is not started again. Returns the exit code.</summary>
    internal async Task<int> TerminateAsync(TimeSpan atMost)
    {
        await _stopped.CancelAsync();
        lock (_gate) Life.Signal(Libc.SigTerm);
        var code = await ExitAsync(atMost);
        await _watch;
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_life is null) return;
        await _stopped.CancelAsync();
        lock (_gate) Kill9();
        await _watch;
    }

    private NodeLife Launch()
    {
        var life = new NodeLife(options.Command(), _output);
        Volatile.Write(ref _life, life);
        return life;
    }

    /// <summary>Runs as long as there is a process, or one is to come.</summary>
    private async Task WatchAsync(NodeLife life, CancellationToken stopped)
    {
        for (NodeLife? current = life; current is not null;)
        {
            var code = await current.Exited;
            lock (_gate) _exitCodes.Add(code);
            var next = await NextAsync(stopped);
            current.SucceededBy(next);
            current = next;
        }
    }

    private async Task<NodeLife?> NextAsync(CancellationToken stopped)
    {
        if (!Supervise) return null;
        await Task.Delay(RestartDelay, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Under the gate a stop either finds the new process or forbids it.
        lock (_gate)
        {
            if (stopped.IsCancellationRequested) return null;
            Interlocked.Increment(ref _restarts);
            return Launch();
        }
    }
}
