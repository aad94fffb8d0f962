using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Governance.Actors.Hosting;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.Kernel;

namespace Governance.Actors.Entity;

/// <summary>
/// A persistent entity. The one place where the order is kept: durable, then applied, then published, then answered.
/// Rules decide; this class journals what they decided, delivers what they queued, and is awake when they want to be.
/// </summary>
/// <remarks>Rooms may override <see cref="OnReady"/>, <see cref="OnOther"/>, <see cref="OnSettled"/> and <see cref="MayStop"/>, nothing else.</remarks>
public abstract class Entity<TState, TEvent> : UntypedPersistentActor, IWithTimers where TState : notnull where TEvent : class, IDomainEvent
{
    private readonly Delivery _delivery;
    private readonly Alertness _alertness;
    private readonly IEntityRules<TState, TEvent> _rules;
    private DateTimeOffset _recoveredAt;
    private long _snapshotAt;
    private bool _awake;
    private bool _ready;
    private bool _stopping;
    private readonly Queue<(Deliver Deliver, IActorRef Asker)> _gathered = new();
    /// <summary>Messages taken in one commit.</summary>
    private const int TakenLimitMessages = 200;

    private sealed class TakeGathered : INotInfluenceReceiveTimeout
    {
        internal static readonly TakeGathered Instance = new();
    }

    protected Entity(EntityServices services, IEntityRules<TState, TEvent> rules, EntityAddress self)
    {
        (Services, _rules, Address, Memory, State) = (services, rules, self, EntityMemory.Empty, rules.Initial(self.Id));
        _delivery = new Delivery(services, self);
        _alertness = new Alertness(services, self, () => LastSequenceNr);
    }

    public ITimerScheduler Timers { get; set; } = null!;
    public override string PersistenceId => Address.ToString();
    protected EntityServices Services { get; }
    protected EntityAddress Address { get; }
    protected TState State { get; set; }
    protected EntityMemory Memory { get; private set; }
    protected bool IsReady => _ready;
    /// <summary>This activation.</summary>
    protected Guid Writer { get; } = Guid.NewGuid();

    /// <summary>After recovery and before the first command. Ends with <see cref="Ready"/>.</summary>
    protected virtual void OnReady() => TakeOwnership(0, Ready);

    /// <summary>Messages that only this room knows. False: unhandled.</summary>
    protected virtual bool OnOther(object message) => false;

    /// <summary>After every commit, when everything is applied and published.</summary>
    protected virtual void OnSettled() { }

    /// <summary>False while something is in its hands that is neither journaled nor in the outbox.</summary>
    protected virtual bool MayStop => true;

    /// <summary>The entity's now: its clock, never before its last event.</summary>
    protected DateTimeOffset Now() => Now(State, Memory);

    private DateTimeOffset Now(TState state, EntityMemory memory) => Services.Clocks.Now(_rules.Clock(state)) is var now && now > memory.LastAt ? now : memory.LastAt;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: EntitySnapshot snapshot }: (Memory, State) = (snapshot.Memory, (TState)snapshot.State); break;
            case RecoveryCompleted:
                _recoveredAt = Services.Clocks.Wall.GetUtcNow();
                // Somebody must wake this entity if the node dies while it holds work, so the row comes before the work.
                _alertness.Activate(Self);
                break;
            default: Apply(message); break;
        }
    }

    protected override void OnCommand(object message)
    {
        if (!_awake && message is Alertness.RowStored stored)
        {
            _awake = true;
            _alertness.Confirmed(stored);
            OnReady();
        }
        else if (_awake && message is Alertness.RowStored renewed)
        {
            _alertness.Confirmed(renewed);
            StopIfAsked();
        }
        else if (!_awake && message is Alertness.RowFailed failed) GiveUp("the deadline store does not answer", failed.Cause);
        else if (!_ready && OnOther(message)) { }
        else if (!_ready) Stash.Stash();
        else if (!Handle(message) && !OnOther(message)) Unhandled(message);
    }

    /// <summary>
    /// Of two activations (one frozen or cut off, one new) the journal lets one go on: the new one's first event takes
    /// the number that the former one would write next. Who has no history has nothing to take.
    /// </summary>
    protected void TakeOwnership(long chunkNo, Action done)
    {
        if (!Services.Durability.MayOwn) { GiveUp("the node may not own it now", new OwnershipRefusedException("this node has not heard lately that it belongs to the cluster")); return; }
        if (LastSequenceNr == 0) { done(); return; }
        var now = Now();
        Commit(Decision<TEvent>.Nothing, now, [new MemoryEvent.OwnerTaken(now, Writer, chunkNo)], () =>
        {
            // Until now the row bore the same version as a former owner's last word.
            _alertness.Activate(Self);
            done();
        });
    }

    /// <summary>Stops; whoever needs the entity sends again, and it recovers from what is durable.</summary>
    protected void GiveUp(string why, Exception? cause)
    {
        Log.Error(cause, "{0} stops: {1}", Address, why);
        WakeSoon(cause);
        Context.Stop(Self);
    }

    /// <summary>The journal refused: Akka stops this actor. What it owes others must not wait for its row to run out.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        WakeSoon(cause);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        WakeSoon(reason);
        base.OnRecoveryFailure(reason, message);
    }

    /// <summary>Woken when the storage takes writes: at once after a lost race, and not before it is back after an outage.</summary>
    private void WakeSoon(Exception? cause) => Services.Durability.Failed(Address, cause);

    /// <summary>Hand-off waits until nothing is in the entity's hands.</summary>
    protected bool StopIfAsked()
    {
        if (!_stopping || !MayStop || !_alertness.MayLeave(_rules.Deadlines(State), !Memory.Outbox.IsEmpty, Self)) return false;
        Context.Stop(Self);
        return true;
    }

    /// <summary>Closes the door to commands until <see cref="Ready"/>.</summary>
    protected void Pause() => _ready = false;

    /// <summary>Opens the door to commands.</summary>
    protected void Ready()
    {
        _ready = true;
        SetReceiveTimeout(Services.Limits.PassivateAfter);
        Settle();
        Stash.UnstashAll();
    }

    /// <summary>Journals a decision; then applies, publishes and calls <paramref name="done"/>, in this order.</summary>
    /// <param name="after">The state to have then, where it holds more than the events say (what readings left in memory).</param>
    protected void Commit(Decision<TEvent> decision, DateTimeOffset now, IEnumerable<MemoryEvent> more, Action done, TState? after = default)
    {
        var records = new List<object>(decision.Events.Count + decision.Sends.Count + 1);
        records.AddRange(decision.Events);
        records.AddRange(Delivery.Queue(Memory, decision.Sends, now));
        records.AddRange(more);
        if (records.Count == 0)
        {
            if (after is not null) State = after;
            Settle();
            done();
            return;
        }
        var left = records.Count;
        PersistAll(records, record =>
        {
            Apply(record);
            if (--left > 0) return;
            if (after is not null) State = after;
            Settle();
            done();
        });
    }

    /// <summary>Fires what is due, then decides.</summary>
    protected Decision<TEvent> Decide(TState state, Stimulus stimulus, DateTimeOffset now)
    {
        var due = _rules.Deadlines(state).Any(d => d.Due <= now) ? _rules.Decide(state, new Stimulus.Woken(), now) : Decision<TEvent>.Nothing;
        if (stimulus is Stimulus.Woken) return due;
        return due.Then(_rules.Decide(due.Events.Aggregate(state, _rules.Evolve), stimulus, now));
    }

    private void Apply(object record)
    {
        switch (record)
        {
            case TEvent happened: (State, Memory) = (_rules.Evolve(State, happened), Memory.Counted(happened)); break;
            case MemoryEvent memory: Memory = Memory.Evolve(memory); break;
            default: throw new InvalidOperationException($"{Address} cannot apply {record.GetType()}");
        }
    }

    private bool Handle(object message)
    {
        switch (message)
        {
            case Command command: Answer(command); return true;
            case Deliver deliver: Gather(deliver); return true;
            case TakeGathered: TakeAll(); return true;
            case DeliverReply reply: Confirm(reply); return true;
            case Wake or Touch or Alertness.Due: WakeUp(); return true;
            case Delivery.Tick: _delivery.Repeat(Memory, Self); return true;
            case GetState: Sender.Tell(new StateReply(Address, Memory.Version, Now(), State)); return true;
            case Inspect: Sender.Tell(Inspection()); return true;
            case Alertness.RowFailed:
                _alertness.Failed();
                StopIfAsked();
                return true;
            case ReceiveTimeout: Passivate(); return true;
            case StopEntity: _stopping = true; StopIfAsked(); return true;
            case SaveSnapshotSuccess saved: DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)); return true;
            case SaveSnapshotFailure failed: Log.Warning(failed.Cause, "{0}: snapshot failed; the journal has everything", Address); return true;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure: return true;
            default: return false;
        }
    }

    private void WakeUp()
    {
        var now = Now();
        Commit(Decide(State, new Stimulus.Woken(), now), now, [], () => { });
    }

    private void Answer(Command command)
    {
        var asker = Sender;
        if (Memory.AnswerTo(command.CommandId) is { } first) { Reply(asker, command.CommandId, first.Version, first.Refusal); return; }
        var now = Now();
        var decision = Entitled(command) is { } refusal ? Decision<TEvent>.Nothing with { Refusal = refusal } : Decide(State, new Stimulus.Commanded(command.Body, command.Caller), now);
        var version = Memory.Version + decision.Events.Count;
        var answered = new MemoryEvent.CommandAnswered(now, command.CommandId, command.Body.GetType().Name, command.Caller.Subject, version, decision.Refusal);
        Commit(decision, now, [answered], () => Reply(asker, command.CommandId, version, decision.Refusal));
    }

    private Refusal? Entitled(Command command) =>
        Memory.Answers.Count >= Services.Limits.AnswersLimit ? new Refusal("TOO_MANY_COMMANDS", $"{Address} answered {Memory.Answers.Count} commands within days", RefusalKind.Exhausted)
        : command.ExpectedVersion != 0 && command.ExpectedVersion != Memory.Version ? new Refusal("VERSION_CONFLICT", $"{Address} is at version {Memory.Version}", RefusalKind.Conflict)
            .With("version", Memory.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
        : null;

    private void Reply(IActorRef asker, string commandId, long version, Refusal? refusal) =>
        asker.Tell(new CommandReply(Address, commandId, version, refusal, State));

    /// <summary>What many senders deliver while a commit is under way is decided and committed together: a storm costs a few commits, not one each.</summary>
    private void Gather(Deliver deliver)
    {
        _gathered.Enqueue((deliver, Sender));
        if (_gathered.Count == 1) Self.Tell(TakeGathered.Instance);
    }

    private void TakeAll()
    {
        var (state, memory, decision, taken, askers) = (State, Memory, Decision<TEvent>.Nothing, new List<MemoryEvent>(), new List<(EntityAddress From, IActorRef Asker)>());
        var through = new Dictionary<EntityAddress, long>();
        while (taken.Count < TakenLimitMessages && _gathered.TryDequeue(out var next))
        {
            var (deliver, asker) = next;
            var last = through.TryGetValue(deliver.From, out var known) ? known : Memory.Inbox.GetValueOrDefault(deliver.From.ToString())?.Through ?? 0;
            for (var i = 0; i < deliver.Messages.Count; i++)
            {
                var number = deliver.FirstNumber + i;
                if (number != last + 1) continue;
                // The first message may have put the entity into another time.
                var now = Now(state, memory);
                var one = Decide(state, new Stimulus.Delivered(deliver.Messages[i], deliver.From), now);
                (state, memory) = (one.Events.Aggregate(state, _rules.Evolve), one.Events.Aggregate(memory, (m, e) => m.Counted(e)));
                decision = decision.Then(one);
                taken.Add(new MemoryEvent.MessageTaken(now, deliver.From, number, one.Refusal is { } no ? new Outcome(no.Reason, no.Message) : one.Outcome));
                last = number;
            }
            through[deliver.From] = last;
            askers.Add((deliver.From, asker));
        }
        if (_gathered.Count > 0) Self.Tell(TakeGathered.Instance);
        Commit(decision, Now(state, memory), taken, () =>
        {
            foreach (var (from, asker) in askers)
            {
                var known = Memory.Inbox.GetValueOrDefault(from.ToString()) ?? new Taken(0, []);
                asker.Tell(new DeliverReply(Address, from, known.Through, known.LastOutcomes));
            }
        });
    }

    private void Confirm(DeliverReply reply)
    {
        var (state, now, decision) = (State, Now(), Decision<TEvent>.Nothing);
        var confirmed = _delivery.Confirmed(Memory, reply);
        if (confirmed.Count == 0) return;
        foreach (var (message, outcome) in confirmed)
        {
            var one = Decide(state, new Stimulus.Confirmed(message.Message, message.To, outcome), now);
            state = one.Events.Aggregate(state, _rules.Evolve);
            decision = decision.Then(one);
        }
        Commit(decision, now, [new MemoryEvent.MessageConfirmed(now, reply.From, confirmed[^1].Message.Number)], () => { });
    }

    /// <summary>Publishes what is queued, arms what is due, keeps a snapshot now and then. Harmless to repeat.</summary>
    private void Settle()
    {
        _delivery.Send(Memory, Self);
        if (Memory.Outbox.IsEmpty) Timers.Cancel(Delivery.Tick.Instance);
        else if (!Timers.IsTimerActive(Delivery.Tick.Instance)) Timers.StartPeriodicTimer(Delivery.Tick.Instance, Delivery.Tick.Instance, Services.Limits.RedeliverAfter);
        _alertness.Arm(_rules.Clock(State), _rules.Deadlines(State), Timers, Self);
        OnSettled();
        if (LastSequenceNr - _snapshotAt < Services.Limits.SnapshotEveryEvents) return;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(new EntitySnapshot(Memory, State));
    }

    private void Passivate()
    {
        if (!MayStop || !Memory.Outbox.IsEmpty || !_alertness.MaySleep(_rules.Clock(State), _rules.Deadlines(State), Self)) return;
        Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(StopEntity.Instance));
    }

    private InspectionReply Inspection() => new(
        Address, Memory, State, [.. _rules.Deadlines(State).OrderBy(d => d.Due)], Now(), LastSequenceNr,
        Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString(), Context.Parent.Path.Name, _recoveredAt);
}
