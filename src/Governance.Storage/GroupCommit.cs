using System.Threading.Channels;

namespace Governance.Storage;

/// <summary>
/// One writer thread per database: everything that waits is written at once, synced once, then answered. Bounded: what
/// does not fit is refused at once, memory never grows with load.
/// </summary>
/// <typeparam name="TWork">What is written.</typeparam>
/// <typeparam name="TResult">What the writer learns of one piece of work.</typeparam>
internal sealed class GroupCommit<TWork, TResult> : IAsyncDisposable
{
    internal const int QueueLimitItems = 100_000;
    internal const int BatchLimitItems = 2_000;
    internal const long QueueLimitBytes = 256L << 20;
    internal const long BatchLimitBytes = 16L << 20;

    /// <param name="Done">Called on the writer's thread with the result, or with why there is none.</param>
    private readonly record struct Item(TWork Work, long Bytes, Action<TResult?, Exception?> Done);

    /// <summary>Who submits wakes the writer itself: that is one signal, and through the thread pool it would wait behind what runs there.</summary>
    private readonly Channel<Item> _queue =
        Channel.CreateBounded<Item>(new BoundedChannelOptions(QueueLimitItems) { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly Func<IReadOnlyList<TWork>, IReadOnlyList<TResult>> _commit;
    private readonly ICommitFaults? _faults;
    private readonly Thread _thread;
    private long _queuedBytes;

    /// <param name="commit">Makes a batch durable and returns one result each, or throws and has written nothing that will be told.</param>
    internal GroupCommit(string name, Func<IReadOnlyList<TWork>, IReadOnlyList<TResult>> commit, ICommitFaults? faults = null)
    {
        (_commit, _faults) = (commit, faults);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when the work is durable; fails when its batch failed or the queue is full.</summary>
    internal Task<TResult> SubmitAsync(TWork work, long bytes = 0)
    {
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Submit(work, bytes, (result, failed) =>
        {
            if (failed is null) done.SetResult(result!);
            else done.SetException(failed);
        });
        return done.Task;
    }

    /// <summary>Tells the result on the writer's thread, which must not be held up; at once when the queue is full.</summary>
    internal void Submit(TWork work, long bytes, Action<TResult?, Exception?> done)
    {
        if (Interlocked.Add(ref _queuedBytes, bytes) <= QueueLimitBytes && _queue.Writer.TryWrite(new Item(work, bytes, done))) return;
        Interlocked.Add(ref _queuedBytes, -bytes);
        done(default, new IOException($"{_thread.Name}: more than {QueueLimitItems} items or {QueueLimitBytes} bytes wait to be written"));
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
    }

    private void Run()
    {
        var (batch, work) = (new List<Item>(), new List<TWork>());
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            work.Clear();
            var bytes = 0L;
            while (batch.Count < BatchLimitItems && bytes < BatchLimitBytes && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
                work.Add(item.Work);
                bytes += item.Bytes;
            }
            Commit(batch, work);
            Interlocked.Add(ref _queuedBytes, -bytes);
        }
    }

    private void Commit(List<Item> batch, List<TWork> work)
    {
        IReadOnlyList<TResult> results;
        try
        {
            _faults?.BeforeBatch();
            results = _commit(work);
        }
        catch (Exception failed)
        {
            foreach (var item in batch) item.Done(default, failed);
            return;
        }
        _faults?.AfterCommit();
        for (var i = 0; i < batch.Count; i++) batch[i].Done(results[i], null);
    }
}
