using System.Runtime.InteropServices;
using Governance.Actors.Hosting;

namespace Governance.Node.Hosting;

/// <summary>
/// Notices that the whole process stood still (stopped, swapped out, its machine paused) for longer than a fail-over
/// takes. What it owned lives elsewhere by then and what it remembers is old, so it ends before it says anything more.
/// Fences in journal and ledger hold without this; it only spares everybody the answers of a ghost.
/// </summary>
internal sealed class FreezeWatch : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;

    /// <param name="limit">Standstill that is too long.</param>
    internal FreezeWatch(TimeSpan limit, INodeFate fate, TimeProvider time)
    {
        _thread = new Thread(() =>
        {
            var last = time.GetTimestamp();
            while (!_closing.Wait(Beat))
            {
                var stood = time.GetElapsedTime(last);
                last = time.GetTimestamp();
                if (stood > limit) fate.End($"the process stood still for {stood.TotalSeconds:0.0} s");
            }
        }) { IsBackground = true, Name = "freeze-watch", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public void Dispose()
    {
        _closing.Set();
        _thread.Join();
        _closing.Dispose();
    }
}

/// <summary>
/// Ends the process at once and without a word to the cluster, which has gone on without it. Nothing is flushed and no
/// shutdown is coordinated: whatever was promised is durable, and a ghost that takes its time is a ghost.
/// </summary>
internal sealed partial class ProcessFate : INodeFate
{
    /// <summary>Whoever supervises the node starts it again on this code.</summary>
    internal const int ExitCode = 75;

    public void End(string why)
    {
        Console.Error.WriteLine($"governance: this node ends itself: {why}");
        if (OperatingSystem.IsWindows()) Environment.Exit(ExitCode);
        else ExitNow(ExitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
