using System.Diagnostics;

namespace Governance.Cluster.Tests.Harness;

/// <summary>One process of a node, from its start to its end.</summary>
internal sealed class NodeLife
{
    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<NodeLife?> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _doomed;
    private bool _gone;

    internal NodeLife(IReadOnlyList<string> command, OutputTail output)
    {
        _process = new Process { StartInfo = Shell.Info(command) };
        _process.OutputDataReceived += (_, e) => Take(e.Data, output);
        _process.ErrorDataReceived += (_, e) => { if (e.Data is { } line) output.Add(line); };
        _process.Start();
        Pid = _process.Id;
        output.Add($"--- process {Pid}");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = ExitAsync(output);
    }

    internal int Pid { get; }

    /// <summary>True when it said that it is ready, false when it ended before.</summary>
    internal Task<bool> Ready => _ready.Task;

    /// <summary>Its exit code; 128 and the signal's number when a signal ended it.</summary>
    internal Task<int> Exited { get; }

    /// <summary>Its successor under supervision, null when there will be none.</summary>
    internal Task<NodeLife?> Next => _next.Task;

    /// <summary>Ready, and nothing has ended it since. A killed process counts as gone before the kernel says so.</summary>
    internal bool IsUp => !_doomed && !Exited.IsCompleted && Ready is { IsCompletedSuccessfully: true, Result: true };

    internal void SucceededBy(NodeLife? next) => _next.TrySetResult(next);

    /// <summary>False when the process is gone.</summary>
    internal bool Signal(int signal)
    {
        lock (_gate)
        {
            if (_gone || _process.HasExited) return false;
            if (signal is Libc.SigKill or Libc.SigTerm) _doomed = true;
            return Libc.Signal(Pid, signal);
        }
    }

    private void Take(string? line, OutputTail output)
    {
        if (line is null) return;
        output.Add(line);
        if (line == "ready") _ready.TrySetResult(true);
    }

    /// <summary>Returns after the last line was read.</summary>
    private async Task<int> ExitAsync(OutputTail output)
    {
        await _process.WaitForExitAsync();
        var code = _process.ExitCode;
        lock (_gate)
        {
            _gone = true;
            _process.Dispose();
        }
        output.Add($"--- process {Pid} ended with {code}");
        _ready.TrySetResult(false);
        return code;
    }
}
