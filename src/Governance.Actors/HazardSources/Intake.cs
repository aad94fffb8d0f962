using System.Collections.Immutable;
using Governance.Actors.Entity;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.HazardSources;

/// <summary>A reading that the ledger has already, to be compared with what it has.</summary>
internal readonly record struct Duplicate(GatewayId Gateway, long Epoch, Reading Reading);

/// <summary>What came again and is not what the ledger has (P2).</summary>
/// <param name="Told">The same per detector and gateway: who gives a number twice is told of.</param>
internal sealed record Reuse(ImmutableArray<RangeNote> Refusals, ImmutableArray<(int Ordinal, long Epoch, SeqRange Range, GatewayId Gateway)> Told)
{
    internal static readonly Reuse None = new([], []);
}

/// <summary>A part of a stream, sorted: what is new, what is known, what is refused (alarms.md P1–P7, P12).</summary>
/// <param name="Fresh">In order of arrival; none of them is empty.</param>
/// <param name="Detectors">That the part speaks of.</param>
internal sealed record Intake(
    IReadOnlyList<ReadingSegment> Fresh, IReadOnlyList<Duplicate> Duplicates, ImmutableArray<RangeNote> Refusals, ImmutableArray<RangeNote> Weak,
    DetectorSet Detectors)
{
    private const int GapsToldPerDetector = 16;
    private static readonly TimeSpan DuplicateSlack = TimeSpan.FromMilliseconds(1);

    internal static Intake Sort(HazardSourceState state, StoredMarks marks, Ingest ingest, ref DateTimeOffset lastReceivedAt, Clocks clocks)
    {
        var (notes, fresh, duplicates, detectors) = (new NoteCollector(state), new List<ReadingSegment>(ingest.Segments.Length), new List<Duplicate>(), new DetectorSet(state.Detectors.Length));
        foreach (var raw in ingest.Segments)
        {
            // Evaluation's now never runs backwards; in recorded time it is the frame's own.
            var receivedAt = raw.Clock.IsWall ? Later(Clocks.Truncated(raw.ReceivedAt), lastReceivedAt) : raw.SentAt;
            if (raw.Clock.IsWall) lastReceivedAt = receivedAt;
            var segment = raw with { ReceivedAt = receivedAt };
            // Readings that are not new are rare: until the first of them the segment stays as it came.
            ImmutableArray<Reading>.Builder? kept = null;
            var readings = segment.Readings.AsSpan();
            for (var i = 0; i < readings.Length; i++)
            {
                ref readonly var reading = ref readings[i];
                detectors.Add(reading.Detector);
                if (IsFresh(state, marks, segment, reading, notes, duplicates)) kept?.Add(reading);
                else if (kept is null)
                {
                    kept = ImmutableArray.CreateBuilder<Reading>(readings.Length);
                    kept.AddRange(readings[..i]);
                }
            }
            if (kept is null) fresh.Add(segment);
            else if (kept.Count > 0) fresh.Add(segment with { Readings = kept.ToImmutable() });
        }
        return new Intake(fresh, duplicates, notes.Refusals, notes.WeakOnes, detectors);
    }

    /// <summary>True for a reading to store, which is marked as under way from here on.</summary>
    private static bool IsFresh(HazardSourceState state, StoredMarks marks, ReadingSegment segment, in Reading reading, NoteCollector notes, List<Duplicate> duplicates)
    {
        ref var assigned = ref marks.AssignedOf(reading.Detector);
        if (segment.Epoch < assigned.Epoch || segment.Epoch < state.Detectors[reading.Detector].Memo.Evaluated.Epoch) notes.Refuse(reading, segment.Epoch, "OLD_EPOCH", false);
        else if (reading.Seq < 1) notes.Refuse(reading, segment.Epoch, "INVALID_SEQ", false);
        else if (assigned.Contains(segment.Epoch, reading.Seq)) duplicates.Add(new Duplicate(segment.Gateway, segment.Epoch, reading));
        else if (assigned.Epoch == segment.Epoch && !assigned.Above.IsDefaultOrEmpty && assigned.Above.Length >= SeqSet.GapLimitRanges && reading.Seq > assigned.Through + 1)
            notes.Refuse(reading, segment.Epoch, "TOO_MANY_GAPS", true);
        else
        {
            assigned = assigned.Add(segment.Epoch, reading.Seq);
            if (TrustRules.WeakReason(segment, reading) is { } weak) notes.Weak(reading, segment.Epoch, weak);
            return true;
        }
        return false;
    }

    /// <summary>P2: the same sequence number with other content. What the ledger has is what counts.</summary>
    internal static async Task<Reuse> Reused(IReadingLedger ledger, HazardSourceState state, IReadOnlyList<Duplicate> duplicates)
    {
        var open = new Dictionary<(int Detector, long Epoch, long Seq, double Value, Quality Quality, long Us), GatewayId>();
        foreach (var d in duplicates) open[(d.Reading.Detector, d.Epoch, d.Reading.Seq, d.Reading.Value, d.Reading.Quality, Wire.Us(d.Reading.SampledAt))] = d.Gateway;
        var from = duplicates.Min(d => d.Reading.SampledAt) - DuplicateSlack;
        var to = duplicates.Max(d => d.Reading.SampledAt) + DuplicateSlack;
        await foreach (var chunk in ledger.ReadRangeAsync(state.Id, from, to, CancellationToken.None).ConfigureAwait(false))
            foreach (var segment in ChunkPayload.Unpack(chunk.Payload))
                foreach (var r in segment.Readings)
                    open.Remove((r.Detector, segment.Epoch, r.Seq, r.Value, r.Quality, Wire.Us(r.SampledAt)));
        return new Reuse(
            [.. open.Keys.Select(d => new RangeNote(state.Detectors[d.Detector].Config.Id.Value, d.Epoch, d.Seq, d.Seq, "SEQ_REUSED", false, "stored with other content, or declared lost"))],
            [.. open.GroupBy(d => (d.Key.Detector, d.Key.Epoch, Gateway: d.Value))
                .Select(g => (g.Key.Detector, g.Key.Epoch, new SeqRange(g.Min(d => d.Key.Seq), g.Max(d => d.Key.Seq)), g.Key.Gateway))]);
    }

    internal static StreamDeclared Declare(HazardSourceState state, StoredMarks marks, DeclareStream declare)
    {
        var config = state.Config!;
        if (declare.Clock.IsWall == config.Drill)
        {
            var refusal = config.Drill
                ? new Refusal("LIVE_ON_DRILL_SOURCE", $"{state.Id} is a drill source: it takes recorded streams only")
                : new Refusal("DRILL_ON_LIVE_SOURCE", $"{state.Id} is live: a recorded stream never touches it");
            return new StreamDeclared(declare.To, declare.Part, refusal, [], [], []);
        }
        var ordinals = ImmutableArray.CreateBuilder<int>();
        var notes = ImmutableArray.CreateBuilder<RangeNote>();
        foreach (var declared in declare.Detectors)
        {
            var ordinal = state.OrdinalOf(declared.DetectorId);
            var refusal = ordinal < 0 ? "UNKNOWN_DETECTOR"
                : state.Detectors[ordinal].Config.Unit != declared.Unit ? "UNIT_MISMATCH"
                : declare.Epoch < state.Detectors[ordinal].Memo.Evaluated.Epoch ? "OLD_EPOCH" : null;
            if (refusal is not null)
                notes.Add(new RangeNote(declared.DetectorId, declare.Epoch, 0, 0, refusal, false, refusal == "UNIT_MISMATCH" ? $"commissioned in {state.Detectors[ordinal].Config.Unit}" : ""));
            ordinals.Add(refusal is null ? ordinal : -1);
        }
        return new StreamDeclared(declare.To, declare.Part, null, ordinals.ToImmutable(), [.. ordinals.Where(o => o >= 0).Select(o => MarkOf(state, marks, o))], notes.ToImmutable());
    }

    internal static Intake OfSkip(DeclareSkipped m, Refusal? refusal) => new([], [], refusal is null ? []
        : [new RangeNote(m.DetectorId, m.Epoch, m.FromSeq, m.ToSeq, refusal.Reason, false, refusal.Message)], [], DetectorSet.Empty);

    /// <summary>The source is not in service here.</summary>
    internal static object Unknown(EntityAddress self, object asked) => asked switch
    {
        DeclareStream d => new StreamDeclared(self, d.Part, new Refusal("UNKNOWN_SOURCE", $"{self.Id} is not commissioned", RefusalKind.NotFound), [], [], []),
        Ingest i => new Ingested(self, i.Part, [], [new RangeNote("", 0, 0, 0, "UNKNOWN_SOURCE", false, "")], [], []),
        DeclareSkipped s => new Ingested(self, s.Part, [], [new RangeNote("", 0, 0, 0, "UNKNOWN_SOURCE", false, "")], [], []),
        _ => throw new InvalidOperationException($"no answer to {asked}"),
    };

    /// <summary>Not acknowledged, for want of durability: the lane sends the part again.</summary>
    internal static Ingested NotDurable(EntityAddress self, long part) => new(self, part, [], [new RangeNote("", 0, 0, 0, "NOT_DURABLE", true, "")], [], []);

    /// <summary>Durable through: stored and evaluated.</summary>
    internal static Mark MarkOf(HazardSourceState state, StoredMarks marks, int ordinal)
    {
        var (stored, evaluated) = (marks.StoredOf(ordinal), state.Detectors[ordinal].Memo.Evaluated);
        return new Mark(ordinal, stored.Epoch, SeqSet.CommonThrough(stored, evaluated));
    }

    internal static void Missing(HazardSourceState state, StoredMarks marks, int ordinal, ImmutableArray<RangeNote>.Builder notes)
    {
        var assigned = marks.AssignedOf(ordinal);
        if (assigned.Above.IsDefaultOrEmpty) return;
        foreach (var gap in assigned.Gaps().Take(GapsToldPerDetector))
            notes.Add(new RangeNote(state.Detectors[ordinal].Config.Id.Value, assigned.Epoch, gap.From, gap.To, "MISSING", true, ""));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
