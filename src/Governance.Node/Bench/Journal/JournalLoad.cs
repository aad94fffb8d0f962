using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Governance.Domain.Cases;

namespace Governance.Node.Bench;

/// <summary>Persists what it is told to, as entities of the product do: one event at a time, the next when this one is durable.</summary>
internal sealed class JournalEntity(string id, Action recovered) : UntypedPersistentActor
{
    internal sealed record Append(CaseEvent Event, long AskedAt, JournalLoad By) : INoSerializationVerificationNeeded;

    public override string PersistenceId => id;

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted) recovered();
    }

    protected override void OnCommand(object message)
    {
        if (message is Append append) Persist(append.Event, _ => append.By.Durable(append));
        else Unhandled(message);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Console.Error.WriteLine($"{id}: {cause.Message}");
        base.OnPersistFailure(cause, @event, sequenceNr);
    }
}

/// <summary>Keeps so many events under way, each answered one followed by the next; or so many per second.</summary>
internal sealed class JournalLoad(IReadOnlyList<IActorRef> entities)
{
    private readonly Latencies _latencies = new();
    private readonly SemaphoreSlim _one = new(0);
    private bool _isClosed, _isSingle;
    private bool _ends;
    private int _next = -1;
    private long _durable;
    private int _underWay;

    internal long DurableEvents => Interlocked.Read(ref _durable);

    internal async Task<JournalRound> SaturateAsync(int inFlight, TimeSpan warm, TimeSpan measured, CancellationToken cancel)
    {
        _isClosed = true;
        for (var i = 0; i < inFlight; i++) Send();
        var round = await MeasureAsync(warm, measured, cancel);
        await DrainAsync(cancel);
        return round;
    }

    internal async Task<JournalRound> PaceAsync(double perSecond, TimeSpan warm, TimeSpan measured, CancellationToken cancel)
    {
        var sending = Task.Run(async () =>
        {
            var begun = Stopwatch.GetTimestamp();
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            for (var sent = 0L; !Volatile.Read(ref _ends) && await tick.WaitForNextTickAsync(cancel);)
                for (; sent < Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond; sent++) Send();
        }, cancel);
        var round = await MeasureAsync(warm, measured, cancel);
        await sending;
        await DrainAsync(cancel);
        return round;
    }

    /// <summary>One after the other, so that nothing else is in the journal's hands.</summary>
    internal async Task<JournalRound> SingleAsync(int samples, CancellationToken cancel)
    {
        _isSingle = true;
        var (cpu, begun) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        for (var i = 0; i < samples; i++)
        {
            Send();
            // Waits asleep: who looks again and again takes the processor from what it waits for.
            await _one.WaitAsync(cancel);
            // Idle means idle: also for whatever the plugin polls.
            await Task.Delay(TimeSpan.FromMilliseconds(2), cancel);
        }
        return Round(samples, cpu, begun);
    }

    internal void Durable(JournalEntity.Append append)
    {
        _latencies.Add(Stopwatch.GetElapsedTime(append.AskedAt).TotalMilliseconds);
        Interlocked.Increment(ref _durable);
        if (_isClosed && !Volatile.Read(ref _ends)) Send();
        if (_isSingle) _one.Release();
        Interlocked.Decrement(ref _underWay);
    }

    private void Send()
    {
        Interlocked.Increment(ref _underWay);
        var entity = entities[(int)((uint)Interlocked.Increment(ref _next) % (uint)entities.Count)];
        entity.Tell(new JournalEntity.Append(JournalSample.Event(), Stopwatch.GetTimestamp(), this), ActorRefs.NoSender);
    }

    private async Task<JournalRound> MeasureAsync(TimeSpan warm, TimeSpan measured, CancellationToken cancel)
    {
        await Task.Delay(warm, cancel);
        _latencies.Take();
        var (cpu, begun, before) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), DurableEvents);
        await Task.Delay(measured, cancel);
        var round = Round(DurableEvents - before, cpu, begun);
        Volatile.Write(ref _ends, true);
        return round;
    }

    /// <summary>Nobody sends any more: what is under way becomes durable, and counts.</summary>
    private async Task DrainAsync(CancellationToken cancel)
    {
        while (Volatile.Read(ref _underWay) > 0) await Task.Delay(TimeSpan.FromMilliseconds(1), cancel);
    }

    private JournalRound Round(long events, TimeSpan cpu, long begun)
    {
        var (seconds, waits) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, _latencies.Take());
        return new JournalRound(events / seconds, waits.P50, waits.P99, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Math.Max(1, events));
    }
}

/// <summary>The event that every side stores: an ordinary one of a case.</summary>
internal static class JournalSample
{
    private static readonly DateTimeOffset Day = new(2025, 8, 3, 6, 10, 0, TimeSpan.Zero);

    internal static CaseEvent Event() => new CaseEvent.ProgressReported(Day, "YJ", "officer-17", "valve closed, crew at the scale, wind 2 m/s from the north", "");
}
