using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>
/// Interrupted equals uninterrupted (architecture.md decision 5). Memory is thrown away and built again as the actor
/// does it: journaled events are folded, then every stored segment is evaluated again.
/// </summary>
public sealed class CrashProperties
{
    private static readonly HazardSourceRules Rules = new();

    /// <summary>One thing that happens to a source: a number of the generator each, so that a failure can be read.</summary>
    public sealed record Move(int Kind, int Detector, int Value, int Quality, int Sequence, int Seconds)
    {
        public bool IsCommand => Kind is >= 17;
    }

    internal sealed record Step(DateTimeOffset At, ReadingSegment? Segment, bool IsCommand, List<HazardSourceEvent> Events, HazardSourceState After);

    internal static readonly Gen<Move> AnyMove =
        from kind in Gen.Choose(0, 27)
        from detector in Gen.Choose(0, 3)
        from value in Gen.Choose(0, 9)
        from quality in Gen.Choose(0, 19)
        from sequence in Gen.Choose(0, 19)
        from seconds in Gen.Frequency((6, Gen.Choose(1, 15)), (1, Gen.Choose(16, 130)), (1, Gen.Choose(500, 700)))
        select new Move(kind, detector, value, quality, sequence, seconds);

    private static readonly Gen<(Move[] Moves, int Snapshot, int Journaled, int Stored)> AnyCrash =
        from moves in Gen.ArrayOf(AnyMove, 40)
        from stored in Gen.Choose(1, moves.Length)
        from journaled in Gen.Choose(0, stored)
        from snapshot in Gen.Choose(0, journaled)
        select (moves, snapshot, journaled, stored);

    private static Arbitrary<(Move[] Moves, int Snapshot, int Journaled, int Stored)> Crashes => Arb.From(AnyCrash, crash =>
        Enumerable.Range(0, crash.Moves.Length).Where(_ => crash.Stored > 1).Select(i =>
            ((Move[])[.. crash.Moves[..i], .. crash.Moves[(i + 1)..]], Math.Min(crash.Snapshot, i), Math.Max(0, crash.Journaled - (i < crash.Journaled ? 1 : 0)), crash.Stored - 1))
            .Select(c => (c.Item1, Math.Min(c.Item2, c.Item3), c.Item3, c.Item4)).Where(c => c.Item4 <= c.Item1.Length && c.Item3 <= c.Item4));

    [Property(MaxTest = 1000)]
    public Property Memory_lost_after_the_journal_was_written() => Prop.ForAll(Crashes, crash =>
    {
        var (start, steps) = Run(crash.Moves);
        Recover(start, steps, Math.Min(crash.Snapshot, crash.Stored), crash.Stored, crash.Stored);
    });

    [Property(MaxTest = 1000)]
    public Property The_journal_failed_after_the_ledger_had_stored() => Prop.ForAll(Crashes, crash =>
    {
        var (start, steps) = Run(crash.Moves);
        // A command whose events were not journaled was never answered: it did not happen.
        var stored = crash.Stored;
        for (var i = crash.Journaled; i < stored; i++)
            if (steps[i].IsCommand) stored = i;
        Recover(start, steps, crash.Snapshot, crash.Journaled, stored);
    });

    [Fact]
    public void Readings_declared_lost_do_not_make_earlier_ones_late()
    {
        // Reading 2 leaves an on-delay running and no event; the gateway then declares 5..8 lost.
        var (start, steps) = Run([new(0, 2, 0, 0, 5, 1), new(0, 2, 4, 0, 5, 5), new(17, 2, 3, 0, 0, 5)]);
        Recover(start, steps, 0, 3, 3);
    }

    /// <summary>The uninterrupted run.</summary>
    internal static (HazardSourceState Start, List<Step> Steps) Run(Move[] moves, SourceConfig? plant = null)
    {
        var config = plant ?? Of(Chlorine("CL-1", offDelay: TimeSpan.FromSeconds(20)), Chlorine("CL-2", offDelay: TimeSpan.Zero),
            Combustible("GAS-1", TimeSpan.FromSeconds(25)), Combustible("GAS-2", samples: 3));
        var start = Rules.Initial(config.Id.Value);
        foreach (var happened in Decide(start, new CommissionSource(config), SourceStory.Day).Events) start = Rules.Evolve(start, happened);
        var (state, now) = (start, SourceStory.Day);
        var marks = new (long Epoch, long Seq)[config.Detectors.Length];
        Array.Fill(marks, (1, 0));
        var steps = new List<Step>();
        foreach (var move in moves)
        {
            now += TimeSpan.FromSeconds(move.Seconds);
            var readings = new List<(long Epoch, Reading Reading)>();
            switch (move.Kind)
            {
                case <= 14:
                    for (var i = 0; i <= move.Kind % 3; i++) readings.Add(Next(config, marks, move with { Value = (move.Value + i * 3) % 10, Detector = (move.Detector + i) % 4 }, now));
                    var epoch = readings[0].Epoch;
                    // Two gateways; the clock of one is off, by seconds or by minutes, and not always by the same.
                    var off = move.Quality switch { 17 => TimeSpan.FromSeconds(7), 16 => TimeSpan.FromSeconds(-90), 15 => TimeSpan.FromMinutes(40), _ => TimeSpan.Zero };
                    var segment = new ReadingSegment(new GatewayId(off == TimeSpan.Zero && move.Sequence % 2 == 0 ? "GW-1" : "GW-2"), epoch, ClockId.Wall, now, now - off, move.Quality == 19,
                        [.. readings.Where(r => r.Epoch == epoch && epoch >= state.Detectors[r.Reading.Detector].Memo.Evaluated.Epoch).Select(r => r.Reading)]);
                    var result = Evaluation.Of(state, segment);
                    state = result.After;
                    steps.Add(new Step(now, segment, false, [.. result.Decision.Events], state));
                    break;
                case <= 16:
                    // Between two readings, so that it is clear which came first.
                    steps.Add(Journaled(Rules.Decide(state, new Stimulus.Woken(), now + TimeSpan.FromMilliseconds(500)), now + TimeSpan.FromMilliseconds(500), false));
                    break;
                case 27:
                    steps.Add(Journaled(HazardSourceRules.Feed(state, new GatewayId($"GW-{1 + move.Value % 2}"), [move.Detector, (move.Detector + 1) % 4], now), now, true));
                    break;
                case 17:
                    var (lostEpoch, through) = marks[move.Detector];
                    marks[move.Detector].Seq = through + 6;
                    steps.Add(Journaled(HazardSourceRules.Skip(state, config.Detectors[move.Detector].Id.Value, lostEpoch + (move.Sequence == 19 ? 1 : 0),
                        new SeqRange(through + 3, through + 6), "full", "GW-1", now), now, true));
                    break;
                case 18:
                    steps.Add(Journaled(Decide(state, new RelayWarning("henan", $"W-{move.Value % 3}", SourceStory.Day, move.Detector == 0 ? "CL-1" : "", "point",
                        move.Detector < 2 ? HazardKind.ToxicGas : HazardKind.CombustibleGas, (AlarmLevel)(1 + move.Value % 3), 2, 1, "mg/m3", now, move.Quality < 8, "", false), now), now, true));
                    break;
                case 20:
                    steps.Add(Journaled(Decide(state, new ShelveDetector(config.Detectors[move.Detector].Id.Value, AlarmLevel.None, now.AddMinutes(1 + move.Value), "nuisance"), now), now, true));
                    break;
                case 21:
                    steps.Add(Journaled(Decide(state, new UnshelveDetector(config.Detectors[move.Detector].Id.Value), now), now, true));
                    break;
                case 22:
                    steps.Add(Journaled(Decide(state, new OpenPermit($"P-{steps.Count}", [config.Detectors[move.Detector].Id.Value], now.AddMinutes(30), "work"), now), now, true));
                    break;
                case 23:
                    var permit = state.Permits.LastOrDefault(p => p.Covers(p.Detectors[0], now));
                    steps.Add(Journaled(Decide(state, new TakeOutOfService(permit?.Detectors[0] ?? "CL-1", permit?.Id ?? "none", now.AddMinutes(1 + move.Value), "work"), now), now, true));
                    break;
                case 24:
                    steps.Add(Journaled(move.Value < 5 ? Decide(state, new ReturnToService(config.Detectors[move.Detector].Id.Value), now)
                        : Decide(state, new ClosePermit(state.Permits.LastOrDefault()?.Id ?? "none", ""), now), now, true));
                    break;
                case 25:
                    var proposed = Rules.Decide(state, new Stimulus.Commanded(new ProposeLimits([new DetectorLimits(config.Detectors[move.Detector].Id.Value,
                        [.. config.Detectors[move.Detector].Limits.Select(l => l with { Value = l.Value + move.Value * 0.1 })])], "tighter"), SourceStory.Operator), now);
                    steps.Add(Journaled(proposed, now, true));
                    if (proposed.Refusal is null) steps.Add(Journaled(Decide(state, new RecordBacktest(state.NewestLimitSet, now, now, 1, 0, 0, []), now), now, true));
                    break;
                case 26:
                    steps.Add(Journaled(move.Value < 6 ? Decide(state, new ActivateLimits(state.NewestLimitSet, "signed"), now)
                        : Decide(state, new MigrateOccurrence(state.Detectors[move.Detector].Memo.Live?.Occurrence ?? new OccurrenceId("none"), "now"), now), now, true));
                    break;
                default:
                    var occurrence = state.Detectors[move.Detector].Memo.Live?.Occurrence ?? new OccurrenceId("none");
                    steps.Add(Journaled(Decide(state, new AcknowledgeOccurrence(occurrence, ""), now), now, true));
                    break;
            }
        }
        return (start, steps);

        Step Journaled(Decision<HazardSourceEvent> decision, DateTimeOffset at, bool isCommand)
        {
            foreach (var happened in decision.Events) state = Rules.Evolve(state, happened);
            return new Step(at, null, isCommand, [.. decision.Events], state);
        }
    }

    private static Decision<HazardSourceEvent> Decide(HazardSourceState state, ICommand command, DateTimeOffset now) =>
        Rules.Decide(state, new Stimulus.Commanded(command, SourceStory.Operator), now);

    private static (long, Reading) Next(SourceConfig config, (long Epoch, long Seq)[] marks, Move move, DateTimeOffset now)
    {
        ref var mark = ref marks[move.Detector];
        var seq = move.Sequence switch
        {
            0 => Math.Max(1, mark.Seq - 2),
            1 => Math.Max(1, mark.Seq),
            2 => mark.Seq += 4,
            3 when move.Seconds > 5 => (mark = (mark.Epoch + 1, 1)).Seq,
            _ => ++mark.Seq,
        };
        var quality = move.Quality switch
        {
            0 => Quality.Saturated, 1 => Quality.Bad, 2 => Quality.Manual, 3 => Quality.OutOfService, 4 => Quality.Calibration, _ => Quality.Good,
        };
        double[] values = move.Detector < 2 ? [0.2, 0.2, 0.5, 0.95, 1.0, 1.5, 1.95, 2.4, 9, 30] : [1, 1, 10, 24, 25, 30, 49, 55, 20, 100];
        var sampled = move.Quality == 18 ? now.AddHours(move.Value - 5) : now;
        return (mark.Epoch, new Reading(move.Detector, seq, sampled, now, values[move.Value], quality));
    }

    /// <summary>
    /// Memory is gone when <paramref name="stored"/> steps are in the ledger and the events of <paramref name="journaled"/>
    /// of them in the journal; the newest snapshot is of <paramref name="snapshot"/>.
    /// </summary>
    private static void Recover(HazardSourceState start, List<Step> steps, int snapshot, int journaled, int stored)
    {
        var state = snapshot == 0 ? start : steps[snapshot - 1].After;
        foreach (var happened in steps.Take(journaled).Skip(snapshot).SelectMany(s => s.Events)) state = HazardSourceEvolution.Evolve(state, happened);
        var again = new List<HazardSourceEvent>();
        foreach (var segment in steps.Take(stored).Select(s => s.Segment).OfType<ReadingSegment>())
        {
            var fresh = segment with { Readings = [.. segment.Readings.Where(r => segment.Epoch >= state.Detectors[r.Detector].Memo.Evaluated.Epoch)] };
            var result = Evaluation.Of(state, fresh);
            state = result.After;
            again.AddRange(result.Decision.Events);
        }
        if (stored > 0 && steps[stored - 1] is { Segment: null, IsCommand: false } woken)
            foreach (var happened in Rules.Decide(state, new Stimulus.Woken(), woken.At).Events)
            {
                state = Rules.Evolve(state, happened);
                again.Add(happened);
            }
        Assert.Equal(steps.Take(stored).Skip(journaled).SelectMany(s => s.Events).Select(Timeless), again.Select(Timeless));
        if (stored > 0) Same(steps[stored - 1].After, state);
    }

    /// <summary>A deadline that fires again says that it is later still; everything else is the same.</summary>
    private static HazardSourceEvent Timeless(HazardSourceEvent happened) => happened switch
    {
        OccurrenceActivated e => e with { LateBy = TimeSpan.Zero },
        DetectorSilent e => e with { LateBy = TimeSpan.Zero },
        AcknowledgementOverdue e => e with { LateBy = TimeSpan.Zero },
        AcknowledgementExpired e => e with { LateBy = TimeSpan.Zero },
        SuppressionEnded e => e with { LateBy = TimeSpan.Zero },
        ChatteringEnded e => e with { LateBy = TimeSpan.Zero },
        _ => happened,
    };

    private static readonly System.Text.Json.JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static void Same(HazardSourceState wanted, HazardSourceState found)
    {
        for (var i = 0; i < wanted.Detectors.Length; i++) Assert.Equal(wanted.Detectors[i], found.Detectors[i]);
        // The deadline that wakes the source is the earliest that its explanation shows: two lists of what is armed, one truth.
        Assert.All(found.Detectors, d => Assert.Equal(SourceDeadlines.All(d).Select(a => (DateTimeOffset?)a.Due).Min(), SourceDeadlines.Next(d)?.Due));
        // §7: recomputed from journal and ledger, the explanation is the same, word for word.
        foreach (var live in wanted.Detectors.Select(d => d.Memo.Live).OfType<ProcessRegion.Active>())
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Explanation.Of(wanted, live.Occurrence), Json), System.Text.Json.JsonSerializer.Serialize(Explanation.Of(found, live.Occurrence), Json));
        Assert.Equal(wanted.Warnings.AsEnumerable(), found.Warnings);
        Assert.Equal(wanted.Incidents.Select(Text), found.Incidents.Select(Text));
        Assert.Equal((wanted.Colour, wanted.ColourReason, wanted.Clock, wanted.StoredChunk), (found.Colour, found.ColourReason, found.Clock, found.StoredChunk));
        Assert.Equal(wanted.Stored.AsEnumerable(), found.Stored);
        Assert.Equal(wanted.FedBy.AsEnumerable(), found.FedBy);
        Assert.Equal(wanted.Skews.AsEnumerable(), found.Skews);
        Assert.Equal((wanted.LimitSetVersion, wanted.NewestLimitSet), (found.LimitSetVersion, found.NewestLimitSet));
        Assert.Equal(wanted.Permits.Select(p => (p.Id, p.Until, p.ClosedAt)), found.Permits.Select(p => (p.Id, p.Until, p.ClosedAt)));
    }

    private static string Text(Incident i) => $"{i.Case} {i.Kind} {i.OpenedAt:O} [{string.Join(",", i.Occurrences)}] live [{string.Join(",", i.Live)}] {i.LastEndedAt:O}";
}
