using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>Seam for crash-window tests: what happens around a commit.</summary>
public interface ICommitFaults
{
    /// <summary>Blocking here is a frozen owner: its work waits, no transaction has begun.</summary>
    void BeforeBatch();
    /// <summary>Throwing here fails the batch: nothing of it is written.</summary>
    void BeforeCommit();
    /// <summary>Blocking here holds a batch that is durable and not yet answered.</summary>
    void AfterCommit();
}

/// <summary>
/// One writer thread per database file: everything that waits is written in one transaction, synced once, then
/// answered. Bounded: what does not fit is refused at once, memory never grows with load.
/// </summary>
/// <typeparam name="TWork">What is written.</typeparam>
/// <typeparam name="TResult">What the writer learns of one piece of work inside the transaction.</typeparam>
internal sealed class GroupCommit<TWork, TResult> : IAsyncDisposable
{
    internal const int QueueLimitItems = 100_000;
    internal const int BatchLimitItems = 2_000;
    internal const long QueueLimitBytes = 256L << 20;
    internal const long BatchLimitBytes = 16L << 20;

    private readonly Channel<(TWork Work, long Bytes, TaskCompletionSource<TResult> Done)> _queue =
        Channel.CreateBounded<(TWork, long, TaskCompletionSource<TResult>)>(new BoundedChannelOptions(QueueLimitItems) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Func<SqliteConnection, SqliteTransaction, TWork, TResult> _write;
    private readonly ICommitFaults? _faults;
    /// <summary>What the writer remembered of a batch that was not written must be forgotten.</summary>
    private readonly Action? _rolledBack;
    private readonly Thread _thread;
    private long _queuedBytes;

    internal GroupCommit(string name, SqliteConnection connection, Func<SqliteConnection, SqliteTransaction, TWork, TResult> write, ICommitFaults? faults = null, Action? rolledBack = null)
    {
        (_connection, _write, _faults, _rolledBack) = (connection, write, faults, rolledBack);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when the work is durable; fails when its batch failed or the queue is full.</summary>
    internal Task<TResult> SubmitAsync(TWork work, long bytes = 0)
    {
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.Add(ref _queuedBytes, bytes) > QueueLimitBytes || !_queue.Writer.TryWrite((work, bytes, done)))
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            done.SetException(new IOException($"{_thread.Name}: more than {QueueLimitItems} items or {QueueLimitBytes} bytes wait to be written"));
        }
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
        await _connection.DisposeAsync();
    }

    private void Run()
    {
        var batch = new List<(TWork Work, long Bytes, TaskCompletionSource<TResult> Done)>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            var bytes = 0L;
            while (batch.Count < BatchLimitItems && bytes < BatchLimitBytes && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
                bytes += item.Bytes;
            }
            Commit(batch);
            Interlocked.Add(ref _queuedBytes, -bytes);
        }
    }

    private void Commit(List<(TWork Work, long Bytes, TaskCompletionSource<TResult> Done)> batch)
    {
        var results = new TResult[batch.Count];
        try
        {
            _faults?.BeforeBatch();
            using var transaction = _connection.BeginTransaction(deferred: false);
            for (var i = 0; i < batch.Count; i++) results[i] = _write(_connection, transaction, batch[i].Work);
            _faults?.BeforeCommit();
            transaction.Commit();
        }
        catch (Exception failed)
        {
            _rolledBack?.Invoke();
            foreach (var item in batch) item.Done.SetException(failed);
            return;
        }
        _faults?.AfterCommit();
        for (var i = 0; i < batch.Count; i++) batch[i].Done.SetResult(results[i]);
    }
}
