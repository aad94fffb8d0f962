using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.AlarmLoad;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.AlarmLoad;

/// <summary>The records say what the source says: after any life of it, what is open in them is what lives in its state.</summary>
public sealed class FoldingProperties
{
    private static readonly DateTimeOffset Journaled = SourceStory.Day;

    private static Arbitrary<(CrashProperties.Move[] Moves, int Cut)> Lives => Arb.From(
        from moves in Gen.ArrayOf(CrashProperties.AnyMove, 60) from cut in Gen.Choose(0, 60) select (moves, cut));

    [Property(MaxTest = 1000)]
    public Property What_is_open_in_the_records_is_what_lives_in_the_source() => Prop.ForAll(Lives, life =>
    {
        var (state, events) = Journal(life.Moves);
        var folding = new SourceFolding(WatchedSource.New(state.Id));
        foreach (var happened in events) folding.Take(happened, Journaled);
        Same(state, folding.Source);
    });

    [Property(MaxTest = 300)]
    public Property The_records_are_the_same_however_the_journal_is_cut_into_batches() => Prop.ForAll(Lives, life =>
    {
        var (state, events) = Journal(life.Moves);
        var (whole, parts) = (new SourceFolding(WatchedSource.New(state.Id)), new SourceFolding(WatchedSource.New(state.Id)));
        foreach (var happened in events) whole.Take(happened, Journaled);
        var alarms = new Dictionary<string, AlarmRecord>();
        var intervals = new Dictionary<string, AlarmInterval>();
        foreach (var part in events.Chunk(1 + life.Cut))
        {
            parts = new SourceFolding(parts.Source);
            foreach (var happened in part) parts.Take(happened, Journaled);
            foreach (var alarm in parts.Alarms) alarms[alarm.Occurrence] = alarm;
            foreach (var link in parts.Links) alarms[link.Occurrence] = alarms[link.Occurrence] with { Case = link.Case };
            foreach (var interval in parts.Intervals) intervals[interval.Key] = interval;
        }
        Assert.Equal(whole.Alarms.OrderBy(a => a.Occurrence, StringComparer.Ordinal), alarms.Values.OrderBy(a => a.Occurrence, StringComparer.Ordinal));
        Assert.Equal(whole.Intervals.OrderBy(i => i.Key, StringComparer.Ordinal), intervals.Values.OrderBy(i => i.Key, StringComparer.Ordinal));
        Assert.Equal(whole.Source.Alarms, parts.Source.Alarms);
        Assert.Equal(whole.Source.Intervals, parts.Source.Intervals);
    });

    /// <summary>With latches, and gas alarms that a chlorine alarm explains.</summary>
    private static SourceConfig Plant => Of(
        Chlorine("CL-1", offDelay: TimeSpan.FromSeconds(20)) with { LatchFrom = AlarmLevel.Two }, Chlorine("CL-2", offDelay: TimeSpan.Zero) with { LatchFrom = AlarmLevel.One },
        Combustible("GAS-1", TimeSpan.FromSeconds(25)), Combustible("GAS-2", samples: 3) with { LatchFrom = AlarmLevel.One }) with
    {
        Rules = [new SuppressionRule("leak", "CL-1", AlarmLevel.One, ["GAS-1", "GAS-2"], AlarmLevel.One)],
    };

    /// <summary>What is journaled of such a life, and the state that it gives again.</summary>
    private static (HazardSourceState State, List<HazardSourceEvent> Events) Journal(CrashProperties.Move[] moves)
    {
        var (start, steps) = CrashProperties.Run(moves, Plant);
        var rules = new HazardSourceRules();
        var commissioned = rules.Decide(rules.Initial(start.Id), new Stimulus.Commanded(new CommissionSource(start.Config!), SourceStory.Operator), SourceStory.Day).Events;
        List<HazardSourceEvent> events = [.. commissioned, .. steps.SelectMany(s => s.Events)];
        return (events.Aggregate(rules.Initial(start.Id), HazardSourceEvolution.Evolve), events);
    }

    private static void Same(HazardSourceState state, WatchedSource records)
    {
        for (var i = 0; i < state.Detectors.Length; i++)
        {
            var (detector, id) = (state.Detectors[i], state.Detectors[i].Config.Id.Value);
            var live = records.Alarms.SingleOrDefault(a => a.Ordinal == i && a.IsActive);
            Assert.Equal((detector.Memo.Live?.Occurrence.Value, detector.Level), (live?.Occurrence, live?.Level ?? AlarmLevel.None));
            if (live is not null)
            {
                Assert.Equal((detector.Memo.Live!.Peak, detector.Memo.Live.ActivatedAt, detector.Operator.AcknowledgedBy), (live.Peak, live.Raised, live.AcknowledgedBy));
                Assert.Equal(detector.Operator.Expires, live.Expires);
                Assert.Equal((detector.Operator.IsAcknowledged, detector.Handling.Withheld == Withheld.Suppressed), (live.Acknowledged is not null, live.IsSuppressed));
                Assert.Equal(state.IncidentOf(detector.Memo.Live.Occurrence)?.Case.Value ?? "", live.Case);
            }
            Assert.Equal((detector.Operator as OperatorRegion.Returned)?.Occurrence.Value, records.Alarms.SingleOrDefault(a => a.Ordinal == i && a.IsAwaiting)?.Occurrence);
            Assert.Equal(Suppression(detector.Handling.Suppression), records.Intervals.SingleOrDefault(s => s.IsSuppression && s.Detector == id) is { } s ? (s.Kind, s.Since, s.PlannedEnd, s.Level, s.By) : default);
            Assert.Equal(detector.Handling.Latch is LatchRegion.Latched latch ? (latch.Occurrence.Value, latch.Peak, latch.Since) : default,
                Open(IntervalKind.Latched, id) is { } latched ? (latched.Reference, latched.Level, latched.Since) : default);
            Assert.Equal(detector.Handling.Chatter.Folding, Open(IntervalKind.Chattering, id) is not null);
            Assert.Equal(detector.Memo.Health is not (Health.Trusted or Health.Never), Open(IntervalKind.Silent, id) is not null);
        }
        Assert.Equal(state.Warnings.Where(w => w.IsLive).Select(w => (w.Occurrence.Value, w.Level)).Order(), records.Alarms.Where(a => a.Ordinal < 0).Select(a => (a.Occurrence, a.Level)).Order());
        Assert.Equal(state.Colour == Colour.Grey, Open(IntervalKind.Grey, "") is not null);
        Assert.Equal(state.Permits.Where(p => p.ClosedAt is null).Select(p => p.Id).Order(), records.Intervals.Where(i => i.Kind == IntervalKind.Permit).Select(i => i.Reference).Order());

        AlarmInterval? Open(IntervalKind kind, string detector) => records.Intervals.SingleOrDefault(i => i.Kind == kind && i.Detector == detector);
    }

    private static (IntervalKind, DateTimeOffset, DateTimeOffset?, AlarmLevel, string) Suppression(SuppressionRegion region) => region switch
    {
        SuppressionRegion.Shelved s => (IntervalKind.Shelved, s.Since, s.Ends, s.UpTo, s.By),
        SuppressionRegion.OutOfService o => (IntervalKind.OutOfService, o.Since, o.Ends, AlarmLevel.Three, o.By),
        SuppressionRegion.ByDesign d => (IntervalKind.ByDesign, d.Since, null, d.UpTo, ""),
        _ => default,
    };
}
