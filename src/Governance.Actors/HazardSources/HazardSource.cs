using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.HazardSources;

/// <summary>
/// A hazard source (architecture.md decision 5). Readings are evaluated in memory; transitions go to the journal and
/// the readings to the ledger, side by side; a part is answered when both are durable. An activation takes ownership
/// first and evaluates the ledger's tail, so that a former owner can neither store nor journal any more.
/// </summary>
public sealed class HazardSource : Entity<HazardSourceState, HazardSourceEvent>
{
    /// <summary>The tail to evaluate after a crash is at most about this many chunks long.</summary>
    public const int CheckpointEveryChunks = 1000;
    /// <summary>... or holds what arrived in this time.</summary>
    public static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ReuseToldEvery = TimeSpan.FromMinutes(10);

    private readonly IReadingLedger _ledger;
    private readonly ColourTable _colours;
    private readonly Queue<Part> _parts = new();
    private StoredMarks _marks = StoredMarks.None;
    private DateTimeOffset _lastReceivedAt;
    private DateTimeOffset _checkpointedAt;
    private readonly Dictionary<int, DateTimeOffset> _reuseTold = [];

    public HazardSource(EntityServices services, IReadingLedger ledger, ColourTable colours, string id)
        : base(services, new HazardSourceRules(), new EntityAddress(EntityKinds.HazardSource, id)) => (_ledger, _colours) = (ledger, colours);

    private sealed class AdoptColours
    {
        internal static readonly AdoptColours Instance = new();
    }

    private sealed record OwnershipTaken(long ChunkNo);

    private sealed record TailRead(long ChunkNo, ImmutableList<LedgerChunk> Chunks);

    private sealed record TakeoverFailed(Exception Cause);

    private sealed record ChunkDone(long ChunkNo, AppendOutcome Outcome, Exception? Cause);

    private sealed record DuplicatesChecked(Part Part, Reuse Found, Exception? Cause);

    protected override bool MayStop => _parts.Count == 0;

    /// <summary>A source that was never commissioned owns nothing yet.</summary>
    protected override void OnReady()
    {
        if (State.Config is null) Ready();
        else TakeOver();
    }

    /// <summary>A source that was commissioned in this very activation.</summary>
    protected override void OnSettled()
    {
        if (IsReady && State.Config is not null && _colours.Version > State.Colours.Version) Self.Tell(AdoptColours.Instance);
    }

    protected override bool OnOther(object message)
    {
        switch (message)
        {
            case AdoptColours when IsReady: Commit(HazardSourceRules.Adopt(State, _colours, Now()), Now(), [], () => { }); return true;
            case OwnershipTaken taken: Record(taken); return true;
            case TailRead tail: EvaluateTail(tail); return true;
            case TakeoverFailed failed: GiveUp("the ledger does not answer", failed.Cause); return true;
            case ChunkDone done: OnChunkDone(done); return true;
            case DuplicatesChecked done: OnDuplicatesChecked(done); return true;
            case DeclareStream or Ingest or DeclareSkipped when IsReady: return OnStream(message);
            default: return false;
        }
    }

    private void TakeOver()
    {
        if (!Services.Durability.MayOwn) { GiveUp("the node may not own it now", new OwnershipRefusedException("this node has not heard lately that it belongs to the cluster")); return; }
        _ledger.TakeOwnershipAsync(Address.Id, Writer, Now(), CancellationToken.None)
            .PipeTo(Self, success: chunkNo => new OwnershipTaken(chunkNo), failure: cause => new TakeoverFailed(cause));
    }

    /// <summary>The journal refuses this event if another owner has journaled since recovery: then this one stops.</summary>
    private void Record(OwnershipTaken taken) => TakeOwnership(taken.ChunkNo, () =>
        ReadTail(State.StoredChunk, taken.ChunkNo).PipeTo(Self, success: chunks => new TailRead(taken.ChunkNo, chunks), failure: cause => new TakeoverFailed(cause)));

    private async Task<ImmutableList<LedgerChunk>> ReadTail(long after, long before)
    {
        var chunks = ImmutableList.CreateBuilder<LedgerChunk>();
        await foreach (var chunk in _ledger.ReadTailAsync(Address.Id, after, before, CancellationToken.None).ConfigureAwait(false))
            if (chunk.Kind == ChunkKind.Readings) chunks.Add(chunk);
        return chunks.ToImmutable();
    }

    /// <summary>Stored but perhaps not evaluated: the evaluated marks know. Each segment in order of arrival, with the now it had.</summary>
    private void EvaluateTail(TailRead tail)
    {
        _marks = new StoredMarks(State.Stored, tail.ChunkNo);
        var result = Evaluation.Of(State, tail.Chunks.SelectMany(c => ChunkPayload.Unpack(c.Payload)).Select(segment =>
        {
            _marks.Found(segment);
            _lastReceivedAt = segment.ReceivedAt > _lastReceivedAt && segment.Clock.IsWall ? segment.ReceivedAt : _lastReceivedAt;
            return segment;
        }));
        _checkpointedAt = Services.Clocks.Wall.GetUtcNow();
        var adopted = HazardSourceRules.Adopt(result.After, _colours, Now());
        Commit(result.Decision.Then(adopted), Now(), [], Ready, adopted.Events.Aggregate(result.After, HazardSourceEvolution.Evolve));
    }

    private bool OnStream(object message)
    {
        if (State.Config is null)
        {
            Sender.Tell(Intake.Unknown(Address, message));
            return true;
        }
        if (!_marks.Owned)
        {
            // Commissioned in this very activation: take ownership before the first reading.
            Pause();
            Stash.Stash();
            TakeOver();
            return true;
        }
        switch (message)
        {
            case DeclareStream declare: Declare(declare); break;
            case Ingest ingest: Take(ingest); break;
            case DeclareSkipped skipped: Skip(skipped); break;
        }
        return true;
    }

    /// <summary>A live gateway that feeds detectors is remembered as theirs; a recorded stream is none that could fall silent.</summary>
    private void Declare(DeclareStream declare)
    {
        var (asker, now, declared) = (Sender, Now(), Intake.Declare(State, _marks, declare));
        var fed = declare.Clock.IsWall ? HazardSourceRules.Feed(State, declare.Gateway, declared.Ordinals.Where(o => o >= 0), now) : Decision<HazardSourceEvent>.Nothing;
        Commit(fed, now, [], () => asker.Tell(declared));
    }

    private void Take(Ingest ingest)
    {
        if (IsInHand(ingest.Part)) return;
        var part = new Part(Sender, ingest.Part, Intake.Sort(State, _marks, ingest, ref _lastReceivedAt, Services.Clocks));
        var result = Evaluation.Of(State, part.Intake.Fresh);
        _parts.Enqueue(part);
        if (part.Intake.Fresh.Count > 0) Append(part);
        Commit(result.Decision, Now(), [], () => { part.IsJournaled = true; AnswerDone(); }, result.After);
    }

    /// <summary>Sent again because its answer takes long: it is coming.</summary>
    private bool IsInHand(long part)
    {
        foreach (var mine in _parts)
            if (mine.Number == part && mine.ReplyTo.Equals(Sender)) return true;
        return false;
    }

    /// <summary>An alarm never waits for a ledger batch: the ledger writes while the journal does.</summary>
    private void Append(Part part)
    {
        part.ChunkNo = _marks.NextChunk();
        var (count, first, last) = (0, long.MaxValue, long.MinValue);
        foreach (var segment in part.Intake.Fresh)
        {
            count += segment.Readings.Length;
            foreach (ref readonly var reading in segment.Readings.AsSpan()) (first, last) = (Math.Min(first, reading.SampledTicks), Math.Max(last, reading.SampledTicks));
        }
        var chunk = new LedgerChunk(Address.Id, part.ChunkNo, Writer, ChunkKind.Readings, new DateTimeOffset(first, TimeSpan.Zero), new DateTimeOffset(last, TimeSpan.Zero),
            count, ChunkPayload.Pack(part.Intake.Fresh));
        var self = Self;
        _ledger.Append(chunk, (outcome, cause) => self.Tell(new ChunkDone(chunk.ChunkNo, outcome, cause)));
    }

    private void OnChunkDone(ChunkDone done)
    {
        if (done.Outcome == AppendOutcome.Stored)
        {
            var part = _parts.First(p => p.ChunkNo == done.ChunkNo);
            part.IsStored = true;
            foreach (var segment in part.Intake.Fresh) _marks.Stored(segment);
            AnswerDone();
            return;
        }
        // Nothing of this part is acknowledged. What is durable decides what this source knows; the gateway has the rest.
        foreach (var part in _parts) part.ReplyTo.Tell(Intake.NotDurable(Address, part.Number));
        if (done.Outcome == AppendOutcome.Conflict) GiveUp("another node owns it now", new OwnershipRefusedException("its next chunk is another's"));
        else GiveUp("the ledger could not store a chunk", done.Cause);
    }

    /// <summary>Only when everything before it is stored: what is compared with may have been under way.</summary>
    private void Check(Part part)
    {
        part.IsChecking = true;
        Intake.Reused(_ledger, State, part.Intake.Duplicates)
            .PipeTo(Self, success: found => new DuplicatesChecked(part, found, null), failure: cause => new DuplicatesChecked(part, Reuse.None, cause));
    }

    private void OnDuplicatesChecked(DuplicatesChecked done)
    {
        if (done.Cause is not null) { OnChunkDone(new ChunkDone(0, AppendOutcome.Failed, done.Cause)); return; }
        var (now, decision) = (Now(), Decision<HazardSourceEvent>.Nothing);
        foreach (var (ordinal, epoch, range, gateway) in done.Found.Told)
        {
            Log.Warning("{0}: gateway {1} used sequence numbers {2} to {3} of detector {4} again with other content (SEQ_REUSED)", Address, gateway, range.From, range.To, ordinal);
            // A gateway that does it all the time is told of now and then.
            if (_reuseTold.TryGetValue(ordinal, out var told) && now - told < ReuseToldEvery) continue;
            _reuseTold[ordinal] = now;
            decision = decision.Then(HazardSourceRules.Reused(State, ordinal, epoch, range, gateway, now));
        }
        Commit(decision, now, [], () => { done.Part.Reused = done.Found.Refusals; AnswerDone(); });
    }

    private void Skip(DeclareSkipped m)
    {
        if (IsInHand(m.Part)) return;
        var now = Now();
        var decision = HazardSourceRules.Skip(State, m.DetectorId, m.Epoch, new SeqRange(m.FromSeq, m.ToSeq), m.Reason, m.Gateway.Value, now);
        var part = new Part(Sender, m.Part, Intake.OfSkip(m, decision.Refusal));
        _parts.Enqueue(part);
        Commit(decision with { Refusal = null }, now, [], () =>
        {
            if (decision.Refusal is null) _marks.Lost(State.OrdinalOf(m.DetectorId), m.Epoch, new SeqRange(m.FromSeq, m.ToSeq));
            part.IsJournaled = true;
            AnswerDone();
        });
    }

    /// <summary>Answers in order of arrival, so that a mark never covers what is still under way.</summary>
    private void AnswerDone()
    {
        Part? part;
        while (_parts.TryPeek(out part) && part.IsDone)
        {
            _parts.Dequeue();
            part.ReplyTo.Tell(part.Answer(Address, State, _marks));
        }
        if (part is { IsDurable: true, IsChecking: false }) Check(part);
        if (_parts.Count > 0 || StopIfAsked()) return;
        var now = Services.Clocks.Wall.GetUtcNow();
        if (_marks.LastChunk - State.StoredChunk < CheckpointEveryChunks && (_marks.LastChunk == State.StoredChunk || now - _checkpointedAt < CheckpointEvery)) return;
        _checkpointedAt = now;
        var checkpoint = new HazardSourceEvent.MarksCheckpointed(Now(), _marks.LastChunk, _marks.Snapshot(), [.. State.Detectors.Select(d => d.Memo)], State.Skews);
        Commit(Decision<HazardSourceEvent>.Of(checkpoint), Now(), [], () => { });
    }
}
