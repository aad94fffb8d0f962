using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>
/// Silence is never comfort (alarms.md §3, S14): over random readings, silence, duplicates and restarts there is no path
/// from active or pending through no data to closed or blue.
/// </summary>
public sealed class NoDataProperties
{
    /// <summary>0–4 a good value, 5–10 something that is no good sample, 11 a repetition, 12–14 silence, 15 a restart.</summary>
    public sealed record Move(int Kind, int Detector, int Value, int Seconds);

    private static readonly Gen<Move> AnyMove =
        from kind in Gen.Choose(0, 15)
        from detector in Gen.Choose(0, 2)
        from value in Gen.Choose(0, 7)
        from seconds in Gen.Frequency((5, Gen.Choose(1, 25)), (2, Gen.Choose(60, 200)), (1, Gen.Choose(600, 4000)))
        select new Move(kind, detector, value, seconds);

    private static readonly double[][] Values = [[0.1, 0.5, 0.95, 1.0, 1.5, 2.4, 9, 30], [0.1, 0.5, 0.95, 1.0, 1.5, 2.4, 9, 30], [1, 10, 24, 25, 30, 49, 55, 100]];
    private static readonly Quality[] NoGood = [Quality.Bad, Quality.Communication, Quality.OutOfService, Quality.Manual, Quality.Calibration, Quality.Maintenance];

    [Property(MaxTest = 1500)]
    public Property No_path_from_active_or_pending_through_no_data_to_normal_or_blue() => Prop.ForAll(Arb.From(Gen.ArrayOf(AnyMove, 40)), moves =>
    {
        var run = new Run();
        foreach (var move in moves) run.Do(move);
    });

    [Property(MaxTest = 500)]
    public Property No_case_closes_over_an_occurrence_that_lives_whatever_was_told_meanwhile() => Prop.ForAll(Arb.From(Gen.ArrayOf(AnyMove, 40)), moves =>
    {
        var run = new Run();
        foreach (var move in moves)
        {
            run.Do(move);
            run.HandleCases();
        }
    });

    private sealed class Run
    {
        private static readonly HazardSourceRules Rules = new();
        private readonly HazardSourceState _commissioned;
        private readonly List<HazardSourceEvent> _journal = [];
        private readonly List<ReadingSegment> _ledger = [];
        private readonly Dictionary<CaseKey, CaseState> _cases = [];
        private readonly long[] _seq = new long[3];
        private HazardSourceState _state;
        private DateTimeOffset _now = SourceStory.Day;

        internal Run()
        {
            var config = Of(Chlorine("CL-1", offDelay: TimeSpan.FromSeconds(30)), Chlorine("CL-2", offDelay: TimeSpan.Zero), Combustible("GAS-1", TimeSpan.FromSeconds(40)));
            var start = Rules.Initial(config.Id.Value);
            foreach (var happened in Rules.Decide(start, new Stimulus.Commanded(new CommissionSource(config), SourceStory.Operator), _now).Events) start = Rules.Evolve(start, happened);
            _commissioned = _state = start;
        }

        internal void Do(Move move)
        {
            var before = _state;
            switch (move.Kind)
            {
                case <= 4: Read(move.Detector, Values[move.Detector][move.Value], Quality.Good, ++_seq[move.Detector]); break;
                case <= 10: Read(move.Detector, move.Value == 7 ? double.NaN : Values[move.Detector][0], NoGood[move.Kind - 5], ++_seq[move.Detector]); break;
                case 11 when _ledger.Count > 0: Evaluate(_ledger[move.Value % _ledger.Count] with { ReceivedAt = _now, SentAt = _now }); break;
                case 15: Restart(); break;
                default: Wait(TimeSpan.FromSeconds(move.Seconds)); break;
            }
            for (var i = 0; i < 3; i++)
            {
                var (was, now) = (before.Detectors[i], _state.Detectors[i]);
                var comforted = move.Kind <= 4 && move.Detector == i;
                if (!comforted && was.Memo.Live is not null) Assert.True(now.Memo.Live is not null, $"{was.Config.Id} went from {was.Memo.Process} to {now.Memo.Process} by {move}");
                if (!comforted && was.Memo.Process is ProcessRegion.Pending) Assert.True(now.Memo.Process is not ProcessRegion.Normal, $"{was.Config.Id} went from pending to normal by {move}");
            }
            if (_state.Detectors.Any(d => d.Memo.Live is not null)) Assert.True(_state.Colour >= Colour.Yellow, $"{_state.Colour} over a live exceedance, by {move}");
            // Blue says that somebody looks: nobody is blue without trustworthy data.
            if (_state.Colour == Colour.Blue) Assert.Contains(_state.Detectors, d => d.IsHealthy);
            if (move.Seconds > 700 && move.Kind is >= 12 and <= 14) Assert.DoesNotContain(_state.Detectors, d => d.Memo.Process is ProcessRegion.Pending || d.IsHealthy);
            _now += TimeSpan.FromSeconds(1);
        }

        /// <summary>Everybody does whatever the case lets him do.</summary>
        internal void HandleCases()
        {
            foreach (var key in _cases.Keys.ToList())
            {
                CaseCommand[] all = [new AcceptTask(""), new ArriveOnScene("QR", 0, 0, 0, ""), new DeclareControlled("x"), new CompleteTask("Resolved", "x", ["P"]), new SubmitFeedback("done", ""), new Verify(true, "seen"), new CancelOff("RESOLVED", "")];
                foreach (var command in all)
                    Case(key, new Stimulus.Commanded(command, command is Verify or CancelOff ? new Caller("li", "DC", [Roles.Leader]) : new Caller("wang", "YJ", [Roles.Handler])));
                if (_cases[key].Phase != CasePhase.Closed) continue;
                var live = _state.Incidents.Where(i => i.Case == key).SelectMany(i => i.Live).ToList();
                Assert.True(live.Count == 0, $"{key} closed over {string.Join(", ", live)}");
                _cases.Remove(key);
            }
        }

        private void Case(CaseKey key, Stimulus stimulus)
        {
            var rules = new CaseRules(District.Policy);
            var state = _cases.GetValueOrDefault(key) ?? rules.Initial(key.Value);
            _cases[key] = rules.Decide(state, stimulus, _now).Events.Aggregate(state, rules.Evolve);
        }

        private void Read(int detector, double value, Quality quality, long seq) =>
            Evaluate(new ReadingSegment(new GatewayId("GW-1"), 1, ClockId.Wall, _now, _now, false, [new Reading(detector, seq, _now, _now, value, quality)]));

        private void Evaluate(ReadingSegment segment)
        {
            var known = segment.Readings.All(r => _state.Detectors[r.Detector].Memo.Evaluated.Contains(segment.Epoch, r.Seq));
            if (!known) _ledger.Add(segment);
            var result = Evaluation.Of(_state, known ? [] : [segment]);
            Keep(result.Decision);
            _state = result.After;
        }

        private void Wait(TimeSpan time)
        {
            var until = _now + time;
            while (Rules.Deadlines(_state).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
            {
                _now = due > _now ? due : _now;
                var woken = Rules.Decide(_state, new Stimulus.Woken(), _now);
                _state = woken.Events.Aggregate(_state, Rules.Evolve);
                Keep(woken);
            }
            _now = until;
        }

        /// <summary>Memory is gone: the journal is folded, the ledger evaluated again.</summary>
        private void Restart()
        {
            var state = _journal.Aggregate(_commissioned, Rules.Evolve);
            _state = Evaluation.Of(state, _ledger).After;
        }

        private void Keep(Decision<HazardSourceEvent> decision)
        {
            _journal.AddRange(decision.Events);
            foreach (var send in decision.Sends.Where(s => s.To.Kind == EntityKinds.Case))
                Case(new CaseKey(send.To.Id), new Stimulus.Delivered(send.Message, new EntityAddress(EntityKinds.HazardSource, _state.Id)));
        }
    }
}
