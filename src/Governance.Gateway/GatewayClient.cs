using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Gateway.Disk;
using Governance.Gateway.Streaming;

namespace Governance.Gateway;

/// <summary>
/// A device gateway's side of the protocol: numbers every sample, keeps it until the edge says that it is durable, and
/// sends again what is not after any break, the edge being killed included. Safe for many threads; per detector the
/// order of taking is the order of sending.
/// </summary>
public sealed class GatewayClient : IAsyncDisposable
{
    private readonly GatewayOptions _options;
    private readonly Outbox _outbox;
    private readonly SourceTable _table;
    private readonly Connector _connector;
    private readonly CancellationTokenSource _closing = new();
    private readonly BufferFolder? _folder;
    private readonly DiskWriter? _disk;
    private readonly Task _running;

    /// <summary>Begins to connect at once; nothing has to be waited for before samples are given.</summary>
    /// <param name="sources">What this gateway will send. Samples refer to sources and detectors by their position here.</param>
    /// <exception cref="ArgumentException">An option out of its range, or a source or detector that is declared twice.</exception>
    /// <exception cref="IOException">The buffer folder is another process's, or cannot be read or written.</exception>
    public GatewayClient(GatewayOptions options, IReadOnlyList<SourceDeclaration> sources)
    {
        options.Validate();
        _folder = options.BufferFolder is null ? null : BufferFolder.Open(options, sources);
        try
        {
            (_options, _table) = (options, new SourceTable(_folder?.Declarations ?? sources));
            Epoch = _folder?.Epoch ?? options.Epoch ?? options.Time.GetUtcNow().ToUnixTimeSeconds();
            _outbox = new Outbox(_table, options, Epoch);
            if (_folder is not null) RestoredReadings = _outbox.Restore(_folder, _table, () => new DiskWriter(_folder, _outbox, options) { Failed = why => Tell(BufferFailed, why) }, out _disk);
        }
        catch
        {
            _folder?.Dispose();
            throw;
        }
        _disk?.Start();
        _connector = new Connector(_outbox, _table, options, Epoch, refused => Tell(ReadingsRefused, refused));
        _running = Task.Run(RunAsync);
    }

    /// <summary>Called for every refusal that is final. From the stream's own task: return soon, throw nothing.</summary>
    public event Action<RefusedReadings>? ReadingsRefused;

    /// <summary>Called once when the edge will not have this gateway, with the reason.</summary>
    public event Action<string>? GatewayFenced;

    /// <summary>Called when the buffer folder begins to fail: readings leave without it until it takes something again.</summary>
    public event Action<string>? BufferFailed;

    /// <summary>The epoch of the numbers that this client gives.</summary>
    public long Epoch { get; }
    /// <summary>Why the epoch rose at this start although the folder knew one; null when it did not. What was sent and not yet acknowledged may be stored twice then, under both.</summary>
    public string? EpochRose => _folder?.EpochRose;
    /// <summary>Readings that the folder gave back at the start; part of <see cref="Sent"/>.</summary>
    public int RestoredReadings { get; }
    /// <summary>Parts of the folder that could not be read at the start.</summary>
    public IReadOnlyList<BufferDamage> BufferDamage => _folder?.Damage ?? [];
    /// <summary>Bytes that the buffer's files take.</summary>
    public long BufferedBytes => _folder?.Bytes ?? 0;
    /// <summary>Why the folder takes nothing now; null while it does.</summary>
    public string? BufferFault => _disk?.Fault;
    /// <summary>Samples taken, and readings that the folder gave back.</summary>
    public long Sent => _outbox.Sent;
    /// <summary>Readings that the edge said are durable.</summary>
    public long Acknowledged => _outbox.Acknowledged;
    /// <summary>Readings that were finally refused (<see cref="ReadingsRefused"/> said why).</summary>
    public long Refused => _outbox.Refused;
    /// <summary>Readings that were given up with <see cref="Skip"/>.</summary>
    public long Skipped => _outbox.Skipped;
    /// <summary>Readings that are neither durable nor over.</summary>
    public long OpenReadings => _outbox.OpenReadings;
    /// <summary>Readings sent again on the same stream because the edge missed them.</summary>
    public long ResentReadings => _outbox.Resent;
    /// <summary>Parts of answers that made no sense and were passed over; more than 0 means that somebody speaks another protocol.</summary>
    public long NotUnderstood => _outbox.NotUnderstood;
    /// <summary>Streams that an edge welcomed: more than one means that the edge was away.</summary>
    public int Connections => _connector.Connections;
    /// <summary>Why the last stream ended, for people; null before.</summary>
    public string? LastBreak => _connector.LastBreak;
    /// <summary>Why all nodes rejected this gateway when it was tried last (<see cref="GatewayOptions.RetryRejected"/>); null while one takes it.</summary>
    public string? Rejected => _connector.Rejected;
    /// <summary>Why the edge will not have this gateway; null while it will.</summary>
    public string? Fenced => _outbox.Fenced;

    /// <summary>
    /// Takes samples if there is room for all of them, without waiting and without allocating. False: nothing was taken.
    /// </summary>
    /// <remarks>With a folder the samples leave as soon as it has them; <see cref="SendAsync(DateTimeOffset, ReadOnlyMemory{Sample}, CancellationToken)"/> waits for that.</remarks>
    /// <param name="at">Live: the gateway's clock now. Recorded: the time that the frame carries, never earlier than the last.</param>
    /// <param name="batch">For <see cref="WaitUntilAcknowledgedAsync"/>.</param>
    /// <exception cref="GatewayFencedException">The edge will not have this gateway.</exception>
    /// <exception cref="ArgumentException">A sample of no declared detector, or more samples than the buffer holds.</exception>
    public bool TryTake(DateTimeOffset at, ReadOnlySpan<Sample> samples, out long batch) => _outbox.TryTake(Micros.Of(at), samples, out batch);

    /// <summary>
    /// Takes samples, all or none, and returns the number of the batch. Waits while the buffer is full, and with a folder
    /// until the samples are there (a wait that is cancelled then does not take them back). When it returns they are the
    /// kit's to keep; nothing is said about the edge yet.
    /// </summary>
    /// <inheritdoc cref="TryTake" path="/param"/>
    /// <exception cref="GatewayFencedException">The edge will not have this gateway.</exception>
    /// <exception cref="GatewayBufferFullException">The buffer is full and <see cref="GatewayOptions.WhenFull"/> says not to wait.</exception>
    /// <exception cref="ArgumentException">A sample of no declared detector, or more samples than the buffer holds.</exception>
    public ValueTask<long> SendAsync(DateTimeOffset at, ReadOnlyMemory<Sample> samples, CancellationToken cancel = default)
    {
        if (TryTake(at, samples.Span, out var batch)) return KeptAsync(batch, cancel);
        if (_options.WhenFull == WhenFull.Refuse) throw new GatewayBufferFullException($"{OpenReadings} readings are not durable yet");
        return WaitAndSendAsync(at, samples, cancel);
    }

    /// <summary>Takes one sample. See the other form.</summary>
    public ValueTask<long> SendAsync(DateTimeOffset at, Sample sample, CancellationToken cancel = default)
    {
        if (TryTake(at, new ReadOnlySpan<Sample>(in sample), out var batch)) return KeptAsync(batch, cancel);
        return SendAsync(at, new[] { sample }, cancel);
    }

    /// <summary>Waits until everything up to this batch is durable, finally refused or skipped.</summary>
    /// <exception cref="GatewayFencedException">The edge will not have this gateway.</exception>
    public ValueTask WaitUntilAcknowledgedAsync(long batch, CancellationToken cancel = default) => _outbox.UntilAsync(book => book.DoneThrough >= batch, isOfEdge: true, cancel);

    /// <summary>
    /// Waits until everything up to this batch outlives this process: the folder has it (with <see cref="GatewayOptions.SyncWithin"/>
    /// zero through a power cut too), or the edge has answered it. Where <c>SendAsync</c> goes on when the disk fails, this
    /// waits for the disk to come back or for the edge. For gateways that answer somebody who forgets a reading then.
    /// </summary>
    /// <exception cref="GatewayFencedException">No folder is there to keep it, and the edge will not have this gateway.</exception>
    public ValueTask WaitUntilKeptAsync(long batch, CancellationToken cancel = default) =>
        _outbox.UntilAsync(book => book.DoneThrough >= batch || (_disk is { Fault: null } && book.Unkept is { } unkept && unkept.KeptThrough >= batch), isOfEdge: _disk is null, cancel);

    /// <summary>
    /// The last number that was given to a sample of this detector, 0 before the first; what the folder gave back included.
    /// It tells, after a restart, whether a sample that was about to be taken had been taken.
    /// </summary>
    /// <param name="source">Position of the source.</param>
    /// <param name="detector">Position of the detector in its source.</param>
    public long LastNumber(int source, int detector)
    {
        if ((uint)source >= (uint)_table.Sources || (uint)detector >= (uint)_table.DetectorsOf(source)) throw new ArgumentException($"no detector {detector} of source {source}", nameof(detector));
        return _outbox.LastNumber(_table.First[source] + detector);
    }

    /// <summary>
    /// Gives readings up: the edge journals them as lost and its marks move on. Returns how many were still kept here.
    /// </summary>
    /// <param name="source">Position of the source.</param>
    /// <param name="detector">Position of the detector in its source.</param>
    /// <param name="fromSeq">First number, 1 or more.</param>
    /// <param name="toSeq">Last number, inclusive.</param>
    /// <param name="reason">For the journal.</param>
    public int Skip(int source, int detector, long fromSeq, long toSeq, string reason)
    {
        if ((uint)source >= (uint)_table.Sources || (uint)detector >= (uint)_table.DetectorsOf(source)) throw new ArgumentException($"no detector {detector} of source {source}", nameof(detector));
        return _outbox.Skip(_table.First[source] + detector, fromSeq, toSeq, reason);
    }

    /// <summary>Ends the stream. What is not durable is given up, unless a folder keeps it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        if (_disk is not null) await _disk.StopAsync().ConfigureAwait(false);
        _folder?.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        await _connector.RunAsync(_closing.Token).ConfigureAwait(false);
        if (_outbox.Fenced is not { } why) return;
        Tell(GatewayFenced, why);
    }

    /// <summary>Whoever listens may not break the stream.</summary>
    private static void Tell<T>(Action<T>? listener, T what)
    {
        try { listener?.Invoke(what); }
        catch (Exception e) { Trace.TraceError($"a listener of the gateway: {e}"); }
    }

    private ValueTask<long> KeptAsync(long batch, CancellationToken cancel) => _disk is null ? new ValueTask<long>(batch) : UntilKeptOrFailedAsync(batch, cancel);

    private async ValueTask<long> UntilKeptOrFailedAsync(long batch, CancellationToken cancel)
    {
        await _outbox.UntilAsync(book => book.Unkept is not { } unkept || unkept.KeptThrough >= batch, isOfEdge: false, cancel).ConfigureAwait(false);
        return batch;
    }

    private async ValueTask<long> WaitAndSendAsync(DateTimeOffset at, ReadOnlyMemory<Sample> samples, CancellationToken cancel)
    {
        while (true)
        {
            await _outbox.RoomAsync(samples.Length, cancel).ConfigureAwait(false);
            // Somebody else may have been quicker.
            if (TryTake(at, samples.Span, out var batch)) return await KeptAsync(batch, cancel).ConfigureAwait(false);
        }
    }
}
