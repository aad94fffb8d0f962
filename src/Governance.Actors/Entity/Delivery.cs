using Akka.Actor;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;

namespace Governance.Actors.Entity;

/// <summary>
/// Sends what the outbox holds until it is confirmed: in order, at most one window per receiver under way. Holds no
/// truth: after a crash the outbox is in the journal and everything unconfirmed is sent again.
/// </summary>
internal sealed class Delivery(EntityServices services, EntityAddress self)
{
    private readonly Dictionary<EntityAddress, Flight> _underWay = [];

    internal sealed class Tick : INotInfluenceReceiveTimeout
    {
        internal static readonly Tick Instance = new();
    }

    private readonly record struct Flight(long Through, long SentAt, int Attempts);

    /// <summary>Numbers new messages, contiguous per receiver.</summary>
    internal static IEnumerable<MemoryEvent> Queue(EntityMemory memory, IReadOnlyCollection<Send> sends, DateTimeOffset now)
    {
        if (sends.Count == 0) yield break;
        var next = new Dictionary<EntityAddress, long>();
        foreach (var send in sends)
        {
            var number = next.GetValueOrDefault(send.To, memory.NumberFor(send.To));
            next[send.To] = number + 1;
            yield return new MemoryEvent.MessageQueued(now, send.To, number, send.Message);
        }
    }

    /// <summary>Sends to every receiver that has something waiting and nothing under way.</summary>
    internal void Send(EntityMemory memory, IActorRef sender)
    {
        if (memory.Outbox.IsEmpty) return;
        foreach (var waiting in memory.Outbox.GroupBy(o => o.To))
            if (!_underWay.ContainsKey(waiting.Key)) Send(waiting, 0, sender);
    }

    /// <summary>Sends again what nobody answered in time; the wait doubles with every attempt.</summary>
    internal void Repeat(EntityMemory memory, IActorRef sender)
    {
        foreach (var waiting in memory.Outbox.GroupBy(o => o.To))
        {
            if (!_underWay.TryGetValue(waiting.Key, out var flight)) { Send(waiting, 0, sender); continue; }
            var patience = services.Limits.RedeliverAfter * Math.Pow(2, flight.Attempts);
            if (patience > services.Limits.RedeliverAtMost) patience = services.Limits.RedeliverAtMost;
            if (services.Clocks.Wall.GetElapsedTime(flight.SentAt) >= patience) Send(waiting, flight.Attempts + 1, sender);
        }
    }

    /// <summary>What a reply newly confirms, each with its outcome, oldest first.</summary>
    internal List<(Outgoing Message, Outcome Outcome)> Confirmed(EntityMemory memory, DeliverReply reply)
    {
        _underWay.Remove(reply.From);
        return [.. memory.Outbox.Where(o => o.To == reply.From && o.Number <= reply.Through).Select(o =>
            (o, reply.Outcomes[(int)(reply.Outcomes.Count - 1 - (reply.Through - o.Number))]))];
    }

    private void Send(IGrouping<EntityAddress, Outgoing> waiting, int attempts, IActorRef sender)
    {
        var batch = waiting.Take(EntityMemory.DeliveryWindowMessages).ToList();
        _underWay[waiting.Key] = new Flight(batch[^1].Number, services.Clocks.Wall.GetTimestamp(), attempts);
        services.Regions.Send(new Deliver(waiting.Key, self, batch[0].Number, [.. batch.Select(o => o.Message)]), sender);
    }
}
