namespace Governance.Storage.Blocks;

/// <summary>A thread of its own, below normal priority: packing must not take the cores from who takes readings.</summary>
internal static class MergeThread
{
    internal static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try { done.SetResult(work()); }
            catch (OperationCanceledException e) { done.SetCanceled(e.CancellationToken); }
            catch (Exception e) { done.SetException(e); }
        }) { Name = "ledger-merge", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return done.Task;
    }
}
