using System.Diagnostics;
using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;

namespace Governance.Edge.Gateway;

/// <summary>
/// Sends what the lanes of one stream have, a bounded number of messages at a time: beyond that the lanes gather, and the
/// more there is to do, the more readings share a message, a ledger row and a commit. Sends again what stays unanswered.
/// </summary>
internal sealed class LaneTraffic : IDisposable
{
    /// <summary>Messages of one stream that may be unanswered.</summary>
    private const int UnderWayMessages = 128;
    /// <summary>Sharding may lose a message at any hand-off; one that is still in the source's hands is known there and costs nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400), Tick = TimeSpan.FromMilliseconds(100);

    private readonly StreamSession _session;
    private readonly Entities _entities;
    private readonly Durability _durability;
    private readonly AnswerRef _answers;
    private readonly Lock _gate = new();
    private readonly Queue<SourceLane> _ready = new();
    private readonly Dictionary<long, (SourceLane Lane, long SentAt)> _underWay = [];
    private readonly ITimer _timer;
    private int _taken;

    internal LaneTraffic(StreamSession session, Entities entities, Durability durability, TimeProvider time)
    {
        (_session, _entities, _durability) = (session, entities, durability);
        _answers = entities.Answers(EntityKinds.HazardSource, Answered);
        _timer = time.CreateTimer(_ => Guarded(SendAgain), null, Tick, Tick);
    }

    internal void Enqueue(SourceLane lane, LaneItem item)
    {
        if (!lane.Enqueue(item)) return;
        lock (_gate) _ready.Enqueue(lane);
        Send();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _answers.Dispose();
    }

    private void Send()
    {
        while (Take() is { } lane)
        {
            if (lane.Next() is not { } next)
            {
                lock (_gate) _taken--;
                continue;
            }
            lock (_gate) _underWay[next.Part] = (lane, Stopwatch.GetTimestamp());
            if (next.Entity is { } entity) entity.Tell(next.Message, _answers);
            else _entities.Send(next.Message, _answers);
        }
    }

    /// <summary>While nothing can be made durable nothing is sent: entities are left alone until the storage is back.</summary>
    private SourceLane? Take()
    {
        if (_durability.Trouble is not null || _session.Ended.IsCancellationRequested) return null;
        lock (_gate)
        {
            if (_taken >= UnderWayMessages || !_ready.TryDequeue(out var lane)) return null;
            _taken++;
            return lane;
        }
    }

    /// <summary>On the thread of the source that answers.</summary>
    private void Answered(object message, IActorRef entity) => Guarded(() =>
    {
        if (message is not IAnswerToStream answer) return;
        (SourceLane Lane, long) flight;
        lock (_gate)
            if (!_underWay.TryGetValue(answer.Part, out flight)) return;
        if (!flight.Lane.Answer(answer, entity)) return;
        lock (_gate)
        {
            _underWay.Remove(answer.Part);
            _taken--;
            _ready.Enqueue(flight.Lane);
        }
        Send();
    });

    private void SendAgain()
    {
        if (_durability.Trouble is not null || _session.Ended.IsCancellationRequested) return;
        List<(long Part, SourceLane Lane)> late = [];
        lock (_gate)
            foreach (var (part, flight) in _underWay)
                if (Stopwatch.GetElapsedTime(flight.SentAt) >= Patience) late.Add((part, flight.Lane));
        foreach (var (part, lane) in late)
        {
            if (lane.Again(part) is not { } message) continue;
            _session.Log.PartUnanswered(lane.SourceId, _session.Gateway.Value);
            lock (_gate)
                if (_underWay.ContainsKey(part)) _underWay[part] = (lane, Stopwatch.GetTimestamp());
            _entities.Send(message, _answers);
        }
        Send();
    }

    private void Guarded(Action action)
    {
        try { action(); }
        catch (Exception unexpected) { _session.Fail(unexpected); }
    }
}
