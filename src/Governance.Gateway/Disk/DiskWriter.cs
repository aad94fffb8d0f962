using System.Diagnostics;

namespace Governance.Gateway.Disk;

/// <summary>
/// Brings readings to the folder, many at a time: what came while the disk was busy is the next write. If the disk fails,
/// readings leave without it, because an alarm must not wait for a disk; the folder is marked, so that no number is ever
/// given twice, and as soon as the disk takes something again it gets everything that is open.
/// </summary>
internal sealed class DiskWriter(BufferFolder folder, Outbox outbox, GatewayOptions options)
{
    private const int GroupLimitReadings = 32_768;
    private static readonly TimeSpan MarksEvery = TimeSpan.FromSeconds(2), RetryEvery = TimeSpan.FromSeconds(1);
    private readonly RecordBuffer _records = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private Thread? _thread;
    private volatile bool _closing;
    private bool _isUnsynced;
    private long _unsyncedSince, _marksAt = Stopwatch.GetTimestamp(), _failedAt;
    private string? _fault;

    /// <summary>Why the disk takes nothing; null while it does.</summary>
    internal string? Fault => Volatile.Read(ref _fault);

    /// <summary>Called when the disk begins to fail, with the reason.</summary>
    internal required Action<string> Failed { get; init; }

    internal void Start()
    {
        // Its own thread: a sync may block for as long as the disk likes.
        _thread = new Thread(Run) { IsBackground = true, Name = "gateway buffer" };
        _thread.Start();
    }

    /// <summary>There is something to write, or room to give back.</summary>
    internal void Wake()
    {
        if (_work.CurrentCount > 0) return;
        try { _work.Release(); }
        catch (SemaphoreFullException) { /* somebody else has just done so */ }
    }

    /// <summary>True when so many more readings fit into the folder.</summary>
    internal bool HasRoom(long readings) => Fault is not null || folder.Bytes + readings * RecordBuffer.ReadingBytes <= options.BufferBytes;

    /// <summary>Writes what is left, and that it ended in peace.</summary>
    internal async Task StopAsync()
    {
        _closing = true;
        Wake();
        await Task.Run(() => _thread!.Join()).ConfigureAwait(false);
    }

    private void Run()
    {
        while (true)
        {
            var closing = _closing;
            try
            {
                if (Fault is not null && (closing || Stopwatch.GetElapsedTime(_failedAt) >= RetryEvery)) Resume();
                if (Fault is null) while (WriteGroup()) { }
                if (closing)
                {
                    if (Fault is null) End();
                    return;
                }
                if (Fault is null) Tidy();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Fail(e);
                if (closing) return;
            }
            _work.Wait(Pause());
        }
    }

    /// <summary>False when nothing was waiting.</summary>
    private bool WriteGroup()
    {
        _records.Clear();
        var through = outbox.CopyUnkept(_records, GroupLimitReadings);
        if (_records.IsEmpty) return false;
        folder.Append(_records.Bytes, through - 1);
        if (options.SyncWithin == TimeSpan.Zero) folder.Sync();
        else if (!_isUnsynced) (_isUnsynced, _unsyncedSince) = (true, Stopwatch.GetTimestamp());
        outbox.Kept();
        if (folder.IsFull) Roll();
        return true;
    }

    /// <summary>What has time: syncing late, writing marks, giving room back.</summary>
    private void Tidy()
    {
        if (_isUnsynced && Stopwatch.GetElapsedTime(_unsyncedSince) >= options.SyncWithin)
        {
            folder.Sync();
            _isUnsynced = false;
        }
        if (Stopwatch.GetElapsedTime(_marksAt) >= MarksEvery) WriteMarks();
        if (!folder.HasSealed) return;
        if (folder.DropDone(outbox.DoneThrough)) outbox.Changed();
        // A few readings that wait for long must not hold the room of many that are over.
        else if (folder.Bytes > options.BufferBytes / 2 && outbox.OpenReadings * RecordBuffer.ReadingBytes < options.BufferBytes / 8) MoveOpen();
    }

    private void WriteMarks()
    {
        _records.Clear();
        if (outbox.CopyMarks(_records)) folder.Append(_records.Bytes, -1);
        _marksAt = Stopwatch.GetTimestamp();
    }

    private void Roll(bool isBroken = false)
    {
        outbox.ReadUnkept(unkept => folder.Head(unkept.KeptThrough, unkept.Counters()));
        folder.Roll(isBroken);
        _isUnsynced = false;
    }

    private void MoveOpen(bool isBroken = false)
    {
        Roll(isBroken);
        var last = outbox.BeginMoving();
        for (var more = true; more;)
        {
            _records.Clear();
            more = outbox.CopyMoving(_records, GroupLimitReadings);
            if (!_records.IsEmpty) folder.Append(_records.Bytes, last);
        }
        folder.Sync();
        folder.DropSealed();
        outbox.Changed();
    }

    private void End()
    {
        WriteMarks();
        _records.Clear();
        _records.Begin(RecordKind.End);
        _records.Seal();
        folder.Append(_records.Bytes, -1);
        folder.Sync();
    }

    private void Fail(Exception e)
    {
        var isNew = Fault is null;
        (_failedAt, _isUnsynced) = (Stopwatch.GetTimestamp(), false);
        Volatile.Write(ref _fault, e.Message);
        if (isNew)
        {
            try { folder.Distrust(); }
            // Then the edge will tell: it refuses numbers that it knows with other content.
            catch (Exception also) when (also is IOException or UnauthorizedAccessException) { Trace.TraceError($"{e.Message}; {also.Message}"); }
        }
        outbox.KeepInMemory();
        if (isNew) Failed(e.Message);
    }

    /// <summary>The disk is tried again: a fresh segment with everything that is open, and the old ones are of no use any more.</summary>
    private void Resume()
    {
        _failedAt = Stopwatch.GetTimestamp();
        outbox.KeepOnDisk();
        MoveOpen(isBroken: true);
        Volatile.Write(ref _fault, null);
        // Who waits for the disk, and not for room only, looks again.
        outbox.Changed();
    }

    private TimeSpan Pause()
    {
        var pause = Fault is not null ? RetryEvery : MarksEvery;
        return _isUnsynced && options.SyncWithin < pause ? options.SyncWithin : pause;
    }
}
